"""Set-up where nothing may be installed: what is missing is named, and what does not need it goes on."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A folder of the commands that every system has: no npm, no apt-get, no sudo."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "id", "grep", "find", "dirname", "mktemp", "rm"):
        found = shutil.which(name)
        assert found is not None
        (folder / name).symlink_to(found)
    return folder


def run(bare: Path, *command: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(bare), "HOME": str(bare), **settings}
    return subprocess.run(["sh", *command], env=environment, capture_output=True, text=True, check=False)


def test_without_npm_it_is_named_with_what_works_all_the_same(bare: Path) -> None:
    done = run(bare, "scripts/npm")
    assert done.returncode == 1
    assert "Install Node.js 20 or newer" in done.stderr
    assert "make demo needs no npm" in done.stderr


def test_a_python_without_venv_is_named(bare: Path, tmp_path: Path) -> None:
    python = bare / "python-without-venv"
    python.write_text('#!/bin/sh\ncase "$*" in *ensurepip*) exit 1 ;; esac\n')
    python.chmod(0o755)
    done = run(bare, "scripts/setup", str(tmp_path / "venv"), "requirements.lock", PYTHON=str(python))
    assert done.returncode == 1
    assert f"{python} has no venv, and it could not be installed here. Install python3-venv" in done.stderr
    assert not (tmp_path / "venv").exists()


def test_tests_run_without_what_they_want_from_debian(bare: Path) -> None:
    """Each test that needs it says so."""
    done = run(bare, "scripts/debian")
    assert done.returncode == 0
    assert "chromium" in done.stderr and "The tests that need it will say so" in done.stderr
