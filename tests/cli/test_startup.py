"""What happens before a command runs: imports, the list of commands, the version, a package that is missing."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

import facetwise
from facetwise.cli.app import COMMANDS, app
from facetwise.cli.clinic import serve
from facetwise.cli.missing_extra import EXTRAS
from facetwise.errors import EngineError
from facetwise.web.frame import layout

HEAVY = ("duckdb", "numpy", "pyarrow", "pydantic", "rich", "scipy", "sqlglot")
GROUP: Any = get_command(app)


def python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_importing_facetwise_and_listing_its_commands_load_nothing_large() -> None:
    """Both are to take a moment: a room is loaded when something in it is used."""
    for code in (
        "import facetwise",
        "import facetwise.cli.app; facetwise.cli.app.app(['--help'], standalone_mode=False)",
    ):
        done = python(f"import sys; {code}; print([name for name in {HEAVY} if name in sys.modules])")
        assert done.stdout.splitlines()[-1:] == ["[]"], (code, done.stdout, done.stderr)


def test_a_function_keeps_its_name_after_a_room_of_that_name_is_imported() -> None:
    """In whichever order they are loaded, and however the name is reached."""
    code = """
import facetwise.count.query, facetwise.audit.audit, facetwise.decide.decision
import facetwise
from facetwise import audit, count, decide
from facetwise.count import query
import facetwise.count.dry_run
assert (facetwise.audit, facetwise.count, facetwise.decide) == (audit, count, decide)
print(*(function.__module__ for function in (audit, count, decide)), query.__name__)
"""
    assert python(code).stdout == "facetwise.api facetwise.api facetwise.api facetwise.count.query\n"


def test_the_package_lists_every_public_name() -> None:
    assert set(facetwise.__all__) <= set(dir(facetwise))
    assert all(getattr(facetwise, name) is not None for name in facetwise.__all__)
    with pytest.raises(AttributeError):
        facetwise.nonsense  # type: ignore[attr-defined]  # noqa: B018


def test_a_function_can_be_replaced_and_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a user's tests do."""
    original = facetwise.diff
    replacement: Any = len
    with monkeypatch.context() as patched:
        patched.setattr(facetwise, "diff", replacement)
        assert facetwise.diff is replacement
    assert facetwise.diff is original


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_the_list_of_commands_says_what_each_commands_help_says(command: Any) -> None:
    """The list is written apart, so that showing it imports no command."""
    found = GROUP.get_command(None, command.name)
    assert found.help.splitlines()[0] == command.summary
    assert found.epilog.startswith(f"Example: facetwise {command.name}")


def test_the_version_is_printed() -> None:
    done = subprocess.run([sys.executable, "-m", "facetwise", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"facetwise {facetwise.__version__}\n"


@pytest.mark.parametrize(
    ("missing", "extra", "arguments"),
    [
        ("altair", "report", ["report", "none.csv", "--out", "report.html"]),
        ("vl_convert", "report", ["demo", "--out", "never-made"]),
        ("fastapi", "clinic", ["serve", "--demo", "--port", "0"]),
        ("sqlalchemy", "clinic", ["verify-trail"]),
    ],
)
def test_a_command_whose_extra_is_missing_says_which_to_install(
    missing: str, extra: str, arguments: list[str], tmp_path: Path
) -> None:
    code = (
        f"import os, sys; os.chdir({str(tmp_path)!r}); sys.modules[{missing!r}] = None; "
        f"sys.argv = ['facetwise', *{arguments}]; from facetwise.cli.main import main; main()"
    )
    done = python(code)
    assert (done.returncode, done.stdout) == (5, "")
    assert done.stderr == (
        f"EngineError: This needs {missing}, which is not installed. Install it: pip install 'facetwise[{extra}]'.\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_every_package_of_an_extra_is_known_by_its_import() -> None:
    """Each extra of pyproject.toml, but those that only gather others, names its extra where it is missing."""
    extras = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert set(EXTRAS) == set(extras) - {"all", "dev"}
    imported = {"argon2-cffi": "argon2", "python-multipart": "python_multipart", "vl-convert-python": "vl_convert"}
    for name, packages in EXTRAS.items():
        for requirement in extras[name]:
            package = requirement.partition("[")[0].partition(">")[0].partition("=")[0]
            assert imported.get(package, package.replace("-", "_")) in packages, requirement


def test_a_copy_without_the_stylesheet_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `pip install` of the sources gives it where npm is missing."""
    monkeypatch.setattr(layout, "ASSETS", tmp_path)
    with pytest.raises(EngineError, match=r"Install Node\.js 20 or newer and then Facetwise again"):
        serve(demo=True, port=0)
