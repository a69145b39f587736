"""Data flows down the page: a room imports only rooms above it. Files and functions stay small."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path("facetwise")
ROOMS = (
    "errors",
    "clock",
    "language",
    "guidance",
    "record",
    "decide",
    "spells",
    "compile",
    "measure",
    "asked",
    "api",
    "clinic",
    "serve",
)
FILES = sorted(path for path in PACKAGE.rglob("*.py"))
NEVER_TOGETHER = {("decide", "compile"), ("compile", "decide")}


def room(path: Path) -> str:
    inside = path.relative_to(PACKAGE)
    return inside.parts[0].removesuffix(".py") if len(inside.parts) == 1 else inside.parts[0]


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module] if node.module != "facetwise" else [f"facetwise.{alias.name}" for alias in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("facetwise.")}
    return found


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_room_imports_only_rooms_above_it(path: Path) -> None:
    """The package's front (__init__) shows the API; everything else looks up."""
    own = room(path)
    if own in ("__init__", "__main__"):
        return
    for other in imported(path):
        assert ROOMS.index(other) <= ROOMS.index(own), f"{path} imports {other}, a room below {own}"
        assert (own, other) not in NEVER_TOGETHER, f"{path} imports {other}: the evaluators meet only in tests/parity"


def test_nothing_imports_serve() -> None:
    assert not [path for path in FILES if "serve" in imported(path) and room(path) not in ("serve", "__main__")]


@pytest.mark.parametrize("path", FILES, ids=str)
def test_files_stay_under_400_lines_and_functions_under_50(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and not node.decorator_list:  # a command's options are its signature
            assert (node.end_lineno or 0) - node.lineno < 50, f"{path}: {node.name}"


@pytest.mark.parametrize("path", FILES, ids=str)
def test_no_clock_connection_or_setting_is_read_from_the_air(path: Path) -> None:
    """Arguments carry them. The command line may count the machine's cores, and clock.py alone looks at the clock."""
    if path == PACKAGE / "clock.py":
        return
    text = path.read_text(encoding="utf-8")
    for air in ("datetime.now", "date.today", "time.time(", "os.environ", "random.random("):
        assert air not in text, f"{path} reads {air}"
