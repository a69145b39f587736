"""The drawing layer of every chart: scales, text, lines, marks, and the frame around them, as SVG.

What colour tells, shape and words tell too: nothing depends on colour alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from markupsafe import Markup

from facetwise.clinic.model.entry_timing import Timing

# A chart of scores is 320 units wide, so that its letters stay readable on a telephone.
WIDTH, HEIGHT = 320, 240
LEFT, RIGHT, TOP, BOTTOM = 26, 314, 24, 190
INK, SOFT, LINE, FAINT = "#212b32", "#425563", "#143d4a", "#d0d7db"
MARKS = {
    Timing.LIVE: "live",
    Timing.LATER: "filled in later",
    Timing.NOT_KNOWN: "time not known",
}
Point = tuple[float, float]


@dataclass(frozen=True)
class DayScale:
    """Days across a drawing, from left to right; a day outside them is at the edge."""

    first: date
    last: date
    left: float
    right: float

    def x(self, day: date) -> float:
        """The horizontal position of a day."""
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return round(self.left + (self.right - self.left) * min(max(share, 0), 1), 1)


@dataclass(frozen=True)
class ValueScale:
    """Values from 0 to `highest` up a drawing; a value outside them is at the edge."""

    highest: int
    top: float
    bottom: float

    def y(self, value: Decimal | int) -> float:
        """The vertical position of a value."""
        share = min(max(float(value) / self.highest, 0), 1)
        return round(self.bottom - share * (self.bottom - self.top), 1)


SCORES = ValueScale(10, TOP, BOTTOM)


def element(tag: str, words: str | None = None, **attributes: object) -> Markup:
    """An SVG element. An underscore stands for a hyphen; an attribute of '' is left out."""
    parts = [
        Markup(' {}="{}"').format(name.strip("_").replace("_", "-"), value)
        for name, value in attributes.items()
        if value != ""
    ]
    start = Markup("<") + tag + Markup("").join(parts)
    return start + (Markup("/>") if words is None else Markup(">{}</{}>").format(words, tag))


def text(x: float, y: float, words: str, anchor: str = "middle", size: int = 12, fill: str = INK) -> Markup:
    """Words at a position."""
    return element("text", words, x=x, y=y, text_anchor=anchor, font_size=size, fill=fill)


def edged_text(x: float, y: float, words: str, anchor: str = "", fill: str = "", weight: str = "") -> Markup:
    """Words on a white edge, so that a line behind does not cross them out.

    They are written twice: not every reader knows how to paint the edge before the letters.
    """
    style = {"text_anchor": anchor, "fill": fill, "font_weight": weight}
    edge = element("text", words, x=x, y=y, stroke="#ffffff", stroke_width=4, stroke_linejoin="round", **style)
    return edge + element("text", words, x=x, y=y, **style)


def line(x1: float, y1: float, x2: float, y2: float, stroke: str = FAINT, dashes: str = "", width: float = 1) -> Markup:
    """A straight line. dashes: lengths drawn and left out."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, stroke_width=width, stroke_dasharray=dashes)


def path(points: Sequence[Point], stroke: str = LINE, width: float = 1.5, dashes: str = "") -> Markup:
    """A line through points; none through fewer than two."""
    if len(points) < 2:
        return Markup("")
    joined = " ".join(f"{x},{y}" for x, y in points)
    return element("polyline", points=joined, fill="none", stroke=stroke, stroke_width=width, stroke_dasharray=dashes)


def circle(x: float, y: float, fill: str, radius: float = 5, stroke: str = "", width: str = "") -> Markup:
    """A circle around a point."""
    return element("circle", cx=x, cy=y, r=radius, fill=fill, stroke=stroke, stroke_width=width)


def square(x: float, y: float, stroke: str, width: float = 2) -> Markup:
    """An empty square around a point."""
    return element("rect", x=x - 4, y=y - 4, width=8, height=8, fill="#ffffff", stroke=stroke, stroke_width=width)


def polygon(points: Iterable[Point], fill: str, stroke: str = "", width: str = "") -> Markup:
    """A closed figure."""
    joined = " ".join(f"{x},{y}" for x, y in points)
    return element("polygon", points=joined, fill=fill, stroke=stroke, stroke_width=width)


def mark(x: float, y: float, timing: Timing) -> Markup:
    """A score: a full circle live, an empty square filled in later, an empty diamond where the time is not known."""
    match timing:
        case Timing.LIVE:
            return circle(x, y, LINE, 4.5)
        case Timing.LATER:
            return square(x, y, LINE, 1.8)
        case Timing.NOT_KNOWN:
            return polygon(((x, y - 5.5), (x + 5.5, y), (x, y + 5.5), (x - 5.5, y)), "#fff", LINE, "1.8")


def scale() -> Markup:
    """The lines and numbers from 0 to 10."""
    drawn = Markup("")
    for score in range(0, 11, 2):
        y = SCORES.y(score)
        drawn += line(LEFT, y, RIGHT, y) + text(LEFT - 7, y + 4, str(score), "end", fill=SOFT)
    return drawn + text(4, 12, "Pain, 0 to 10", "start", fill=SOFT)


def legend(kinds: list[Timing]) -> Markup:
    """What the marks mean, of those that are drawn."""
    drawn, x = Markup(""), 10.0
    for kind in kinds:
        drawn += mark(x, HEIGHT - 10, kind) + text(x + 10, HEIGHT - 6, MARKS[kind], "start")
        x += 24 + 6.6 * len(MARKS[kind])
    return drawn


def drawing(name: str, title: str, description: str, inside: Markup, **attributes: object) -> Markup:
    """The whole picture, with its title and what it shows in words."""
    defaults = {"class_": "fw-scores", "viewBox": f"0 0 {WIDTH} {HEIGHT}", "role": "img"}
    labels = {"aria_labelledby": f"{name}-title {name}-desc", "xmlns": "http://www.w3.org/2000/svg"}
    heading = element("title", title, id=f"{name}-title") + element("desc", description, id=f"{name}-desc")
    return element("svg", heading + inside, **{**defaults, **labels, **attributes})


def months_between(first: date, last: date, steps: Sequence[int], most: int) -> tuple[int, int]:
    """The months from the first to the last day, and the first of the steps that marks them at most so often.

    Where none does, so many centuries.
    """
    whole = (last.year - first.year) * 12 + last.month - first.month
    return whole, next((step for step in steps if whole / step <= most), 1200 * -(-whole // (1200 * most)))
