"""The time line of one patient, drawn: scores, care, blocks, denervations and relief over one axis of days.

Drawn twice, for a screen and for a telephone; the stylesheet shows one of them. What colour tells, shape and words tell too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from markupsafe import Markup

from facetwise.clinic.model.dates_text import MONTHS, before, short
from facetwise.clinic.model.history import DatedEvent, history, plain_number
from facetwise.record.record import Record
from facetwise.web.charts import parts as c

_LETTER = 7
"""Width of a letter of 14 units in a sans-serif face, on the large side, so that words do not meet."""
_BLUE, _RED, _GREEN, _PURPLE = "#005eb8", "#8a1550", "#00703c", "#330072"
_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240)
_LANES = (
    ("care", "Care tried"),
    ("block", "Diagnostic blocks"),
    ("denervation", "Radiofrequency denervation"),
)


@dataclass(frozen=True)
class TimelineShape:
    """How wide the drawing is, in units of its view box, and how many marks of time fit below it."""

    name: str
    width: int
    ticks: int
    left: int = 30
    margin: int = 14

    @property
    def right(self) -> int:
        return self.width - self.margin


SHAPES = (TimelineShape("wide", 960, 8), TimelineShape("narrow", 360, 3))


@dataclass(frozen=True)
class Axis(c.DayScale):
    """Days across the drawing."""

    shape: TimelineShape


@dataclass(frozen=True)
class Timeline:
    """The drawing, and the same events as a table."""

    svg: Markup
    rows: tuple[DatedEvent, ...]


def timeline(record: Record, today: date) -> Timeline:
    """The time line of the record as of a day. svg is empty where nothing is dated."""
    rows = history(record, today)
    drawn = [row for row in rows if row.day is not None and not row.later]
    if not drawn:
        return Timeline(Markup(""), rows)
    return Timeline(Markup("").join(_drawn(drawn, today, shape) for shape in SHAPES), rows)


def _drawn(rows: Sequence[DatedEvent], today: date, shape: TimelineShape) -> Markup:
    first = min((row.day for row in rows if row.what != "pain" and row.day), default=today - timedelta(days=365))
    pain = next((row.day for row in rows if row.what == "pain"), None)
    if pain is not None and pain < first:  # one long wait would squeeze all the rest
        first = max(pain, before(first, (today - first).days // 2))
    axis = Axis(before(first, 10), today + timedelta(days=10), shape.left, shape.right, shape)
    parts: list[Markup] = []
    y = 6.0
    for lane in (_scores, *(_events(*named) for named in _LANES), _relief):
        markup, height = lane(rows, axis, y, today)
        parts.append(markup)
        y += height
    marks = _marks(axis, y, today)
    pain_line = _pain(pain, axis, y) if pain else Markup("")
    height = round(y + (62 if shape.name == "narrow" and pain else 44))
    return c.drawing(
        f"timeline-{shape.name}",
        "Time line",
        _description(rows, today),
        marks + pain_line + Markup("").join(parts),
        class_=f"fw-chart fw-timeline fw-timeline--{shape.name}",
        viewBox=f"0 0 {shape.width} {height}",
        font_family="sans-serif",
        font_size=14,
        fill=c.INK,
    )


def _description(rows: Sequence[DatedEvent], today: date) -> str:
    counts = {
        what: sum(row.what == what for row in rows) for what in ("score", "care", "block", "denervation", "relief")
    }
    names = {"score": "scores", "care": "courses of care", "block": "blocks", "denervation": "denervations"}
    names["relief"] = "readings of relief"
    told = ", ".join(f"{names[what]}: {number}" for what, number in counts.items())
    return f"What is on record up to {short(today)}. {told}. The table below has every value."


def _marks(axis: Axis, y: float, today: date) -> Markup:
    """Marks of time below all lanes, and the line of today."""
    _, step = c.months_between(axis.first, axis.last, _STEPS, axis.shape.ticks)
    start = axis.first.year * 12 + axis.first.month  # the month after the first
    start += -start % step
    drawn = c.line(axis.left, y + 4, axis.right, y + 4, c.SOFT)
    for month in range(start, axis.last.year * 12 + axis.last.month, step):
        day = date(month // 12, month % 12 + 1, 1)
        x = axis.x(day)
        name = str(day.year) if step >= 12 else f"{MONTHS[day.month - 1][:3]} {day.year % 100:02d}"
        drawn += c.line(x, 6, x, y + 9, "#d8dde0")
        if x + len(name) * _LETTER / 2 <= axis.shape.width:
            drawn += c.edged_text(x, y + 24, name, "middle")
    x = axis.x(today)
    drawn += c.line(x, 6, x, y + 4, _BLUE, "6 4", 2)
    return drawn + c.edged_text(x, y + 40, f"today, {short(today)}", "end", _BLUE)


def _pain(pain: date, axis: Axis, y: float) -> Markup:
    """When the pain began: a line where it is within the drawing; in words below, under today's where there is no room."""
    down = y + (57 if axis.shape.name == "narrow" else 40)
    if pain < axis.first:
        return c.edged_text(axis.left, down, f"pain since {short(pain)}, before this drawing begins")
    x = axis.x(pain)
    words = f"pain began {short(pain)} (dotted)"
    return c.line(x, 6, x, y + 4, c.SOFT, "2 4", 2) + c.edged_text(min(x, axis.shape.width / 2), down, words)


Lane = Callable[[Sequence[DatedEvent], Axis, float, date], tuple[Markup, float]]


def _headed(words: str, axis: Axis, y: float) -> tuple[Markup, float]:
    """A lane's heading, on two lines where one is too narrow; and how high it is."""
    fits = int((axis.shape.width - 4) / _LETTER)
    lines = [words]
    if len(words) > fits:
        cut = words.rfind(" ", 0, fits)
        lines = [words[:cut], words[cut + 1 :]]
    drawn = (c.edged_text(0, y + 15 + 17 * number, line, weight="bold") for number, line in enumerate(lines))
    return Markup("").join(drawn), 24.0 + 17 * (len(lines) - 1)


def _graph(axis: Axis, scale: c.ValueScale, names: Sequence[int]) -> Markup:
    """Lines across at some values, named at the left."""
    drawn = Markup("")
    for value in names:
        y = scale.y(value)
        drawn += c.line(axis.left, y, axis.right, y, "#d8dde0")
        drawn += c.edged_text(axis.left - 6, y + 5, str(value), "end")
    return drawn


def _valued(rows: Iterable[DatedEvent], axis: Axis, scale: c.ValueScale) -> list[tuple[float, float, DatedEvent]]:
    """Each event that has a day and a value, with its position."""
    return [(axis.x(row.day), scale.y(row.value), row) for row in rows if row.day and row.value is not None]


def _scores(rows: Sequence[DatedEvent], axis: Axis, y: float, today: date) -> tuple[Markup, float]:
    scores = [row for row in rows if row.what == "score" and row.value is not None]
    if not scores:
        return Markup(""), 0
    head, down = _headed("Pain, 0 to 10 (round: usual, square: at referral, triangle: worst)", axis, y)
    scale = c.ValueScale(10, y + down + 8, y + down + 98)
    placed = _valued(scores, axis, scale)
    drawn = head + _graph(axis, scale, (0, 5, 10))
    drawn += c.path([(x, at) for x, at, row in placed if row.context in ("usual", "")], _BLUE, 2)
    drawn += Markup("").join(_mark(row.context, x, at) for x, at, row in placed)
    x, at, last = placed[-1]
    return drawn + _label(axis, x, at - 9, last.value), down + 114.0


def _mark(context: str, x: float, y: float) -> Markup:
    match context:
        case "referral":
            return c.element("rect", x=x - 5, y=y - 5, width=10, height=10, fill=_BLUE)
        case "worst":
            return c.polygon(((x, y - 7), (x - 6, y + 5), (x + 6, y + 5)), _RED)
        case _:
            return c.circle(x, y, "#ffffff", stroke=_BLUE, width="3")


def _label(axis: Axis, x: float, y: float, value: Decimal | None) -> Markup:
    words = plain_number(value) if value is not None else ""
    half = len(words) * _LETTER / 2
    return c.edged_text(min(max(x, half), axis.shape.width - half), round(y, 1), words, "middle")


def _events(what: str, name: str) -> Lane:
    """A lane of things that begin on a day: each on the first row where neither it nor its words meet another."""

    def lane(rows: Sequence[DatedEvent], axis: Axis, y: float, today: date) -> tuple[Markup, float]:
        chosen = [row for row in rows if row.what == what]
        if not chosen:
            return Markup(""), 0
        head, down = _headed(name, axis, y)
        taken: list[float] = []
        parts = [head]
        for row in chosen:
            start, end = _extent(row, axis, today)
            words = row.short if axis.shape.name == "narrow" else row.label
            wide = len(words) * _LETTER
            fits = start + wide <= axis.shape.width
            x = start if fits else min(max(end, wide), axis.shape.width)
            left, right = min(start, x if fits else x - wide), max(end, x + wide if fits else x)
            line = next((n for n, until in enumerate(taken) if until + 8 <= left), len(taken))
            taken[line : line + 1] = [right]
            top = y + down + line * 36
            anchor = "" if fits else "end"
            parts += [_glyph(row, start, end, top + 20), c.edged_text(x, top + 11, words, anchor)]
        return Markup("").join(parts), down + len(taken) * 36 + 6

    return lane


def _extent(row: DatedEvent, axis: Axis, today: date) -> tuple[float, float]:
    """Where something begins and ends; never so short that it is not seen."""
    assert row.day is not None
    start = axis.x(row.day)
    until = today if row.ongoing else min(row.until or row.day, today)
    return start, max(axis.x(until), start + 10)


def _glyph(row: DatedEvent, start: float, end: float, y: float) -> Markup:
    match row.what:
        case "care":
            dashes = "6 3" if row.ongoing or row.until is None else ""
            width = round(end - start, 1)
            return c.element(
                "rect", x=start, y=y, width=width, height=9, fill="#aeb7bd", stroke=c.SOFT, stroke_dasharray=dashes
            )
        case "block":
            return c.polygon(((start, y + 10), (start - 6, y), (start + 6, y)), _PURPLE)
        case _:
            return c.polygon(((start, y - 1), (start + 6, y + 5), (start, y + 11), (start - 6, y + 5)), _GREEN)


_DASHES = ("", "8 4", "2 4", "10 3 2 3")


def _relief(rows: Sequence[DatedEvent], axis: Axis, y: float, today: date) -> tuple[Markup, float]:
    readings = [row for row in rows if row.what == "relief" and row.value is not None]
    if not readings:
        return Markup(""), 0
    head, down = _headed("Relief after denervation, per cent of the pain (dashed: 50 per cent)", axis, y)
    scale = c.ValueScale(100, y + down + 12, y + down + 102)
    half = scale.y(50)
    drawn = head + _graph(axis, scale, (0, 100)) + c.line(axis.left, half, axis.right, half, _RED, "6 4", 2)
    drawn += c.edged_text(axis.left - 6, half + 5, "50", "end", _RED)
    for number, of in enumerate(dict.fromkeys(row.of for row in readings)):
        placed = _valued((row for row in readings if row.of == of), axis, scale)
        drawn += c.path([(x, at) for x, at, _ in placed], _GREEN, 2, _DASHES[number % len(_DASHES)])
        for x, at, row in placed:
            drawn += c.circle(x, at, _GREEN) + _label(axis, x, at - 9 if at <= half else at + 19, row.value)
    return drawn, down + 128.0
