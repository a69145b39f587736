"""Data flows down the page: a package imports only packages above it. Files, functions and packages stay small."""

import ast
import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.habits.house import PICTURE, TABLE, Room, arrows, drawn, rooms, with_table
from tests.habits.rooms import ORDER, PACKAGE, files, files_imported, package, packages_imported

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


def test_no_files_import_each_other_in_a_circle() -> None:
    assert set(TopologicalSorter(files_imported()).static_order()) == set(FILES)


def test_the_picture_of_the_rooms_is_drawn_from_the_code() -> None:
    """`make map` renews it. Its numbers of lines may be a tenth old, its rooms, packages and arrows not at all."""
    picture = PICTURE.read_text(encoding="utf-8")
    printed = {name: int(n) for name, n in re.findall(r'data-room="(\w+)" data-lines="(\d+)"', picture)}
    for room in rooms():
        assert printed.get(room.name) == pytest.approx(room.lines, rel=0.1, abs=50), room.name
    assert picture == drawn(tuple(Room(room.name, room.packages, printed[room.name]) for room in rooms()), arrows())


def test_the_table_of_the_rooms_holds_their_docstrings() -> None:
    """`make map` renews it."""
    text = TABLE.read_text(encoding="utf-8")
    assert with_table(text) == text
    assert [name for name in ORDER if not re.search(rf"`{name.replace('.', '/')}(/|\.py)` \| \w", text)] == [
        name for name in ORDER if ".migrations" in name
    ]


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
