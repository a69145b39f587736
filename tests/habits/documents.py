"""Documents whose commands and outputs are real: `python -m tests.habits.documents` runs them and writes what they print.

In a ```console block every line that begins with `$ ` is run, in order, in one empty folder a document. Every document with
such a block is run: there is no list to forget one on. Documents named as arguments alone are renewed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def documents() -> list[Path]:
    """Every page that a reader is given: those of the first folder and those of the site."""
    return [*sorted(Path().glob("*.md")), *sorted(Path("docs").rglob("*.md"))]


def documents_with_commands() -> list[Path]:
    """The pages in which a command and its output stand."""
    return [path for path in documents() if _BLOCK.search(path.read_text(encoding="utf-8"))]


def rendered(document: Path) -> str:
    """The document with every console block's output as it is now."""
    text = document.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        return _BLOCK.sub(lambda block: f"```console\n{_run(block[1], Path(folder))}```", text)


def _run(block: str, folder: Path) -> str:
    commands = [line[2:] for line in block.splitlines() if line.startswith("$ ")]
    return "".join(f"$ {command}\n{_output(command, folder)}" for command in commands)


def _output(command: str, folder: Path) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env={**os.environ, "PATH": path, "COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())


if __name__ == "__main__":
    for name in [Path(given) for given in sys.argv[1:]] or documents_with_commands():
        name.write_text(rendered(name), encoding="utf-8")
