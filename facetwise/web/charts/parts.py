"""The pieces of which charts of scores are drawn: a frame from 0 to 10, marks whose shape says how a score was entered.

A drawing is 320 units wide, so that its letters stay readable on a telephone. What colour tells, shape and words tell too.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from markupsafe import Markup

from facetwise.clinic.model.entry_timing import Timing

WIDTH, HEIGHT = 320, 240
LEFT, RIGHT, TOP, BOTTOM = 26, 314, 24, 190
INK, SOFT, LINE, FAINT = "#212b32", "#425563", "#143d4a", "#d0d7db"
MARKS = {
    Timing.LIVE: "live",
    Timing.LATER: "filled in later",
    Timing.NOT_KNOWN: "time not known",
}


def y_of(score: Decimal) -> float:
    """How high a score stands."""
    return round(BOTTOM - float(score) / 10 * (BOTTOM - TOP), 1)


def text(x: float, y: float, words: str, anchor: str = "middle", size: int = 12, fill: str = INK) -> Markup:
    """Words at a place."""
    return Markup('<text x="{}" y="{}" text-anchor="{}" font-size="{}" fill="{}">{}</text>').format(
        x, y, anchor, size, fill, words
    )


def line(x1: float, y1: float, x2: float, y2: float, stroke: str = FAINT, dashes: str = "", width: float = 1) -> Markup:
    """A straight line, dashed where so said."""
    dashed = Markup(' stroke-dasharray="{}"').format(dashes) if dashes else Markup("")
    return Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="{}"{}/>').format(
        x1, y1, x2, y2, stroke, width, dashed
    )


def path(points: list[tuple[float, float]]) -> Markup:
    """A line through points; none through fewer than two."""
    if len(points) < 2:
        return Markup("")
    held = " ".join(f"{x},{y}" for x, y in points)
    return Markup('<polyline points="{}" fill="none" stroke="{}" stroke-width="1.5"/>').format(held, LINE)


def mark(x: float, y: float, timing: Timing) -> Markup:
    """A score: a full circle live, an empty square filled in later, an empty diamond where the time is not known."""
    match timing:
        case Timing.LIVE:
            return Markup('<circle cx="{}" cy="{}" r="4.5" fill="{}"/>').format(x, y, LINE)
        case Timing.LATER:
            return Markup(
                '<rect x="{}" y="{}" width="8" height="8" fill="#fff" stroke="{}" stroke-width="1.8"/>'
            ).format(x - 4, y - 4, LINE)
        case Timing.NOT_KNOWN:
            held = f"{x},{y - 5.5} {x + 5.5},{y} {x},{y + 5.5} {x - 5.5},{y}"
            return Markup('<polygon points="{}" fill="#fff" stroke="{}" stroke-width="1.8"/>').format(held, LINE)


def scale() -> Markup:
    """The lines and numbers from 0 to 10."""
    drawn = Markup("")
    for score in range(0, 11, 2):
        y = y_of(Decimal(score))
        drawn += line(LEFT, y, RIGHT, y) + text(LEFT - 7, y + 4, str(score), "end", fill=SOFT)
    return drawn + text(4, 12, "Pain, 0 to 10", "start", fill=SOFT)


def legend(kinds: list[Timing]) -> Markup:
    """What the marks mean, of those that are drawn."""
    drawn, x = Markup(""), 10.0
    for kind in kinds:
        drawn += mark(x, HEIGHT - 10, kind) + text(x + 10, HEIGHT - 6, MARKS[kind], "start")
        x += 24 + 6.6 * len(MARKS[kind])
    return drawn


def drawing(name: str, title: str, told: str, inside: Markup) -> Markup:
    """The whole picture, with its title and what it tells in words."""
    return Markup(
        '<svg class="fw-scores" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-title {}-desc" '
        'xmlns="http://www.w3.org/2000/svg"><title id="{}-title">{}</title><desc id="{}-desc">{}</desc>{}</svg>'
    ).format(WIDTH, HEIGHT, name, name, name, title, name, told, inside)


def months_between(first: date, last: date, steps: Sequence[int], most: int) -> tuple[int, int]:
    """The months from the first to the last day, and the first of the steps that marks them at most so often.

    Where none does, so many centuries.
    """
    whole = (last.year - first.year) * 12 + last.month - first.month
    return whole, next((step for step in steps if whole / step <= most), 1200 * -(-whole // (1200 * most)))
