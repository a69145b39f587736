"""The inclusion flowchart laid out: boxes with lines of text, at one width for wide pages and one for narrow ones."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from facetwise.disclosure.protected_tables import ProtectedNumber, ProtectedTable
from facetwise.language.definition import Definition


@dataclass(frozen=True)
class Shape:
    """A width to draw for, in the picture's units. letter: the mean width of one letter."""

    id: str
    width: int
    main: int
    side: int
    letter: float
    line: int
    pad: int

    def lines(self, words: str, width: int) -> tuple[str, ...]:
        """Words broken to a box's width."""
        return tuple(textwrap.wrap(words, int((width - 2 * self.pad) / self.letter)))


WIDE = Shape("wide", width=720, main=440, side=220, letter=7.4, line=20, pad=14)
NARROW = Shape("narrow", width=328, main=182, side=132, letter=6.6, line=16, pad=8)
_GAP = 26  # between two boxes of the main line: room for an arrow


@dataclass(frozen=True)
class Text:
    """A line of text in a box. kind: what it is, as the style sheet names it."""

    words: str
    kind: str
    x: int
    y: int


@dataclass(frozen=True)
class Box:
    """A box of the picture with its lines. kind: start, step, out, end."""

    kind: str
    x: int
    y: int
    width: int
    height: int
    lines: tuple[Text, ...]

    @property
    def middle(self) -> int:
        return self.y + self.height // 2

    @property
    def bottom(self) -> int:
        return self.y + self.height


@dataclass(frozen=True)
class Flowchart:
    """The picture. main: the boxes from top to bottom; side: what leaves at each step, beside it, in the same order."""

    shape: Shape
    height: int
    main: tuple[Box, ...]
    side: tuple[Box, ...]


def flowchart(
    definition: Definition, flow: ProtectedTable, spells: ProtectedNumber, counted: ProtectedNumber, shape: Shape
) -> Flowchart:
    """The flow of a count drawn to a shape: to the end, or to the step after which no spell is left."""
    start = _box(shape, "start", 1, [("All spells", "name"), (f"{spells:,}", "n")])
    main, side = [start], []
    for place, (step, criterion) in enumerate(zip(flow.rows, definition.criteria, strict=True), start=1):
        _, met, not_met, unknown = step
        words = [
            (f"{place}. {named(criterion.id)}", "name"),
            *((line, "says") for line in shape.lines(criterion.says, shape.main)),
            (f"{met:,} met", "n"),
        ]
        box = _box(shape, "step", main[-1].bottom + _GAP, words)
        out = [(f"{not_met:,} not met", "out-n"), (f"{unknown:,} unknown", "out-n unknown")]
        main.append(box)
        side.append(_beside(shape, box, out))
        if met == 0:
            break
    left = len(flow.rows) - (len(main) - 1)
    main.append(_end(shape, counted, main[-1].bottom + _GAP, left))
    return Flowchart(shape, main[-1].bottom + 2, tuple(main), tuple(side))


def _end(shape: Shape, counted: ProtectedNumber, y: int, left: int) -> Box:
    words = [("Counted", "name"), (f"{counted:,}", "n")]
    if left:
        criteria = "1 criterion" if left == 1 else f"{left} criteria"
        words += [(line, "says") for line in shape.lines(f"No spell is left for the other {criteria}.", shape.main)]
    return _box(shape, "end", y, words)


def _box(shape: Shape, kind: str, y: int, words: list[tuple[str, str]]) -> Box:
    height = len(words) * shape.line + 2 * shape.pad
    return Box(kind, 1, y, shape.main, height, _lines(shape, 1, y + shape.pad, words))


def _beside(shape: Shape, box: Box, words: list[tuple[str, str]]) -> Box:
    x, height = shape.width - shape.side - 1, len(words) * shape.line + 2 * shape.pad
    y = box.middle - height // 2
    return Box("out", x, y, shape.side, height, _lines(shape, x, y + shape.pad, words))


def _lines(shape: Shape, x: int, y: int, words: list[tuple[str, str]]) -> tuple[Text, ...]:
    baseline = shape.line * 3 // 4
    return tuple(
        Text(line, kind, x + shape.pad, y + baseline + place * shape.line) for place, (line, kind) in enumerate(words)
    )


def named(criterion: str) -> str:
    """A criterion's id as a reader meets it: 'Not emergency'."""
    return criterion.replace("-", " ").capitalize()
