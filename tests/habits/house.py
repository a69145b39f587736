"""The rooms as one picture, and as a table: `python -m tests.habits.house` draws both from the code (`make map`).

The picture has a box for each room, with its packages and its lines, and an arrow from each room down to those it
builds on. An arrow that follows from others is left out (the transitive reduction).
"""

from __future__ import annotations

import ast
import re
import textwrap
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from tests.habits.layered import Graph, Layout, laid_out
from tests.habits.rooms import ORDER, PACKAGE, files, package, packages_imported

PICTURE = Path("docs/house.svg")
TABLE = Path("CONTRIBUTING.md")
GROUND = ("errors", "clock", "plural", "note")
_BOX, _LINE, _GAP, _MARGIN = 172, 15, 52, 24
_STYLE = """
.paper { fill: #ffffff } .box { fill: #eef3f8; stroke: #4c6272 } .bar { fill: #9fb6cb }
.room { font-weight: bold; font-size: 15px; fill: #14212b } .small { font-size: 11.5px; fill: #3b4a56 }
.arrow { fill: none; stroke: #4c6272; stroke-width: 1.3 } .head { fill: #4c6272 }
@media (prefers-color-scheme: dark) {
.paper { fill: #12181d } .box { fill: #1f2a33; stroke: #8fa6b8 } .bar { fill: #4a6379 }
.room { fill: #f2f6f9 } .small { fill: #c6d2dc } .arrow { stroke: #8fa6b8 } .head { fill: #8fa6b8 }
}
"""


@dataclass(frozen=True)
class Room:
    """A folder or file of the top, with the packages inside it."""

    name: str
    packages: tuple[str, ...]
    lines: int

    @property
    def title(self) -> str:
        return " · ".join(GROUND) if self.name == GROUND[0] else self.name


def room_of(name: str) -> str:
    """The room of a package; the three small files below all others are one."""
    top = name.split(".")[0]
    return GROUND[0] if top in GROUND else top


def rooms() -> tuple[Room, ...]:
    """Every room in the order of the house, from the ground up."""
    order = list(dict.fromkeys(room_of(name) for name in ORDER))
    lines = dict.fromkeys(order, 0)
    for path in files():
        room = room_of(package(path))
        if room in lines:
            lines[room] += len(path.read_text(encoding="utf-8").splitlines())
    inside = {room: tuple(name[len(room) + 1 :] for name in ORDER if name.startswith(f"{room}.")) for room in order}
    return tuple(Room(room, tuple(name for name in inside[room] if "." not in name), lines[room]) for room in order)


def arrows() -> dict[str, set[str]]:
    """Each room with those it builds on directly: what another of them already builds on is left out."""
    known = {room.name for room in rooms()}
    uses: dict[str, set[str]] = {name: set() for name in known}
    for own, others in packages_imported().items():
        if room_of(own) in known:
            uses[room_of(own)] |= {room_of(other) for other in others} & known - {room_of(own)}
    below = {name: _all_below(name, uses) for name in known}
    return {name: {one for one in uses[name] if not any(one in below[two] for two in uses[name])} for name in known}


def _all_below(name: str, uses: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [*uses[name]]
    while waiting:
        other = waiting.pop()
        if other not in found:
            found.add(other)
            waiting += uses[other]
    return found


def drawn(every: tuple[Room, ...], uses: dict[str, set[str]]) -> str:
    """The picture as SVG. The same rooms and arrows always give the same text."""
    words = {room.name: _words(room) for room in every}
    sizes = {room.name: (_width(room), 30 + _LINE * len(words[room.name])) for room in every}
    layout = laid_out(Graph(tuple(room.name for room in every), uses), sizes, _GAP)
    width, height = layout.width + 2 * _MARGIN, layout.height + 2 * _MARGIN
    most = max(room.lines for room in every)
    shapes = [_arrow(points) for points in layout.arrows]
    shapes += [_box(room, words[room.name], layout, most) for room in every]
    title = "The rooms of Facetwise. Each arrow points down to a room that is built on."
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" role="img"'
        f' font-family="system-ui, sans-serif"><title>{title}</title><style>{_STYLE}</style>\n'
        f'<rect class="paper" width="{width:.0f}" height="{height:.0f}" rx="8"/>\n'
        f'<g transform="translate({_MARGIN} {_MARGIN})">\n' + "\n".join(shapes) + "\n</g></svg>\n"
    )


def _width(room: Room) -> int:
    return 2 * _BOX if room.name == GROUND[0] else _BOX


def _words(room: Room) -> list[str]:
    packages = textwrap.wrap(", ".join(room.packages), 27, break_on_hyphens=False)
    return [f"{room.lines:,} lines", *packages]


def _box(room: Room, words: list[str], layout: Layout, most: int) -> str:
    x, y, width, height = layout.boxes[room.name]
    small = "".join(
        f'<text class="small" x="{x + 10:.0f}" y="{y + 36 + _LINE * place:.0f}">{word}</text>'
        for place, word in enumerate(words)
    )
    bar = max(2.0, (_BOX - 2) * room.lines / most)
    return (
        f'<g data-room="{room.name}" data-lines="{room.lines}">'
        f'<rect class="box" x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="{height:.0f}" rx="4"/>'
        f'<rect class="bar" x="{x + 1:.0f}" y="{y + height - 5:.0f}" width="{bar:.0f}" height="4"/>'
        f'<text class="room" x="{x + 10:.0f}" y="{y + 20:.0f}">{room.title}</text>{small}</g>'
    )


def _arrow(points: tuple[tuple[float, float], ...]) -> str:
    """A smooth line through points in pairs: straight down a floor, curved between floors."""
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for place, ((x, y), (to_x, to_y)) in enumerate(pairwise(points)):
        if place % 2 == 0:
            path += f"V{to_y:.1f}"
        else:
            half = (y + to_y) / 2
            path += f"C{x:.1f} {half:.1f} {to_x:.1f} {half:.1f} {to_x:.1f} {to_y:.1f}"
    x, y = points[-1]
    head = f"M{x - 4:.1f} {y - 8:.1f}h8l-4 8z"
    return f'<path class="arrow" d="{path}"/><path class="head" d="{head}"/>'


def table() -> str:
    """A row for each room and package, with the first sentence of its docstring."""
    rows = ["| room | what it is for |", "|---|---|"]
    rows += [f"| {_named(name)} | {_sentence(name)} |" for name in ORDER if ".migrations" not in name]
    return "\n".join(rows)


def _file(name: str) -> Path:
    at = PACKAGE.joinpath(*name.split("."))
    return at / "__init__.py" if at.is_dir() else at.with_suffix(".py")


def _named(name: str) -> str:
    at = "/".join(name.split("."))
    return f"`{at}/`" if _file(name).name == "__init__.py" else f"`{at}.py`"


def _sentence(name: str) -> str:
    words = ast.get_docstring(ast.parse(_file(name).read_text(encoding="utf-8"))) or ""
    first = re.split(r"(?<=[.?!])\s|\n\n", words)[0]
    return " ".join(first.split()).replace("|", "\\|")


def with_table(text: str) -> str:
    """A document with the table between its two marks renewed."""
    return re.sub(
        r"(<!-- rooms -->\n).*?(<!-- end of rooms -->)",
        lambda found: f"{found[1]}{table()}\n{found[2]}",
        text,
        flags=re.DOTALL,
    )


if __name__ == "__main__":
    PICTURE.write_text(drawn(rooms(), arrows()), encoding="utf-8")
    TABLE.write_text(with_table(TABLE.read_text(encoding="utf-8")), encoding="utf-8")
