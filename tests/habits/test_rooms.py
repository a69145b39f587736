"""Data flows down the page: a package imports only packages above it. Files, functions and packages stay small."""

import ast
from pathlib import Path

import pytest

from tests.habits.rooms import ORDER, PACKAGE, files, package, packages_imported

FILES = files()
ARROWS = packages_imported()
NEVER_TOGETHER = ("decide", "compile")


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_every_package_has_its_place_in_the_order() -> None:
    """The package's front (__init__, __main__) shows the API and begins the command line."""
    assert {package(path) for path in FILES} - {"__init__", "__main__"} == set(ORDER)


@pytest.mark.parametrize("own", ORDER)
def test_a_package_imports_only_packages_above_it(own: str) -> None:
    below = {other for other in ARROWS.get(own, ()) if ORDER.index(other) > ORDER.index(own)}
    assert not below, f"{own} imports {sorted(below)}, which stand below it"


def test_the_evaluators_meet_only_in_tests_of_parity() -> None:
    for own, others in ARROWS.items():
        for one, two in (NEVER_TOGETHER, NEVER_TOGETHER[::-1]):
            assert own.split(".")[0] != one or two not in {other.split(".")[0] for other in others}, own


@pytest.mark.parametrize("room", ["web", "cli"])
def test_nothing_imports_what_people_touch(room: str) -> None:
    """But the command line, which begins the clinic."""
    takers = {own.split(".")[0] for own, others in ARROWS.items() if room in {other.split(".")[0] for other in others}}
    assert takers <= {room, "cli", "__main__"}


@pytest.mark.parametrize("own", ORDER)
def test_a_package_has_at_most_25_files_and_4000_lines(own: str) -> None:
    """Its own folder, without the packages inside it."""
    inside = [path for path in FILES if package(path) == own]
    assert len(inside) <= 25
    assert sum(lines(path) for path in inside) <= 4000


@pytest.mark.parametrize("path", FILES, ids=str)
def test_files_stay_under_400_lines_and_functions_under_50(path: Path) -> None:
    assert lines(path) < 400
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            # A command's options are its signature, so only its body counts.
            first = node.body[0] if path.parent == PACKAGE / "cli" else node
            assert (node.end_lineno or 0) - first.lineno < 50, f"{path}: {node.name}"


@pytest.mark.parametrize("path", FILES, ids=str)
def test_no_clock_connection_or_setting_is_read_from_the_air(path: Path) -> None:
    """Arguments carry them. The command line may count the machine's cores, and clock.py alone looks at the clock."""
    if path == PACKAGE / "clock.py":
        return
    text = path.read_text(encoding="utf-8")
    for air in ("datetime.now", "date.today", "time.time(", "os.environ", "random.random("):
        assert air not in text, f"{path} reads {air}"
