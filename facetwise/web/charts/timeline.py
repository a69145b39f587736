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
_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240)
_LANES = (
    ("care", "Care tried"),
    ("block", "Diagnostic blocks"),
    ("denervation", "Radiofrequency denervation"),
)


@dataclass(frozen=True)
class Shape:
    """How wide the drawing is, in units of its view box, and how many marks of time fit below it."""

    name: str
    width: int
    ticks: int
    left: int = 30
    right: int = 14

    @property
    def room(self) -> int:
        return self.width - self.left - self.right


SHAPES = (Shape("wide", 960, 8), Shape("narrow", 360, 3))


@dataclass(frozen=True)
class Axis:
    """Days across the drawing."""

    first: date
    last: date
    shape: Shape

    def x(self, day: date) -> float:
        """Where a day is; a day before the first stands at its edge."""
        share = (max(day, self.first) - self.first).days / max((self.last - self.first).days, 1)
        return round(self.shape.left + self.shape.room * min(share, 1), 1)


@dataclass(frozen=True)
class Timeline:
    """The drawing and the same things as a table: `(svg, rows)`."""

    svg: Markup
    rows: tuple[DatedEvent, ...]


def timeline(record: Record, today: date) -> Timeline:
    """The time line of what the record holds on a day. svg is empty where nothing is dated; rows tell that too."""
    rows = history(record, today)
    drawn = [row for row in rows if row.day is not None and not row.later]
    if not drawn:
        return Timeline(Markup(""), rows)
    return Timeline(Markup("").join(_drawn(drawn, today, shape) for shape in SHAPES), rows)


def _drawn(rows: Sequence[DatedEvent], today: date, shape: Shape) -> Markup:
    first = min((row.day for row in rows if row.what != "pain" and row.day), default=today - timedelta(days=365))
    pain = next((row.day for row in rows if row.what == "pain"), None)
    if pain is not None and pain < first:  # one long wait would squeeze all the rest
        first = max(pain, before(first, (today - first).days // 2))
    axis = Axis(before(first, 10), today + timedelta(days=10), shape)
    parts: list[Markup] = []
    y = 6.0
    for lane in (_scores, *(_events(*named) for named in _LANES), _relief):
        markup, height = lane(rows, axis, y, today)
        parts.append(markup)
        y += height
    marks = _marks(axis, y, today)
    pain_line = _pain(pain, axis, y) if pain else Markup("")
    height = round(y + (62 if shape.name == "narrow" and pain else 44))
    title, desc = f"timeline-{shape.name}-title", f"timeline-{shape.name}-desc"
    return Markup(
        '<svg class="fw-chart fw-timeline fw-timeline--{}" viewBox="0 0 {} {}" role="img" aria-labelledby="{} {}" '
        'xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="14" fill="#212b32">'
        '<title id="{}">Time line</title><desc id="{}">{}</desc>{}{}{}</svg>'
    ).format(
        shape.name, shape.width, height, title, desc, title, desc, _described(rows, today),
        marks, pain_line, Markup("").join(parts),
    )  # fmt: skip


def _described(rows: Sequence[DatedEvent], today: date) -> str:
    counts = {
        what: sum(row.what == what for row in rows) for what in ("score", "care", "block", "denervation", "relief")
    }
    names = {"score": "scores", "care": "courses of care", "block": "blocks", "denervation": "denervations"}
    names["relief"] = "readings of relief"
    told = ", ".join(f"{names[what]}: {number}" for what, number in counts.items())
    return f"What is on record up to {short(today)}. {told}. The table below holds every value."


def _text(x: float, y: float, words: str, more: str = "") -> Markup:
    """Words on a white edge of their own, so that a line behind them does not cross them out; not every reader knows
    how to paint the edge before the letters, so they are written twice."""
    edge = ' stroke="#ffffff" stroke-width="4" stroke-linejoin="round"'
    once = '<text x="{}" y="{}"{}>{}</text>'
    return Markup(once + once).format(x, y, Markup(edge + more), words, x, y, Markup(more), words)


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, more: str = "") -> Markup:
    return Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}"{}/>').format(x1, y1, x2, y2, colour, Markup(more))


def _marks(axis: Axis, y: float, today: date) -> Markup:
    """Marks of time below all lanes, and the line of today."""
    _, step = c.months_between(axis.first, axis.last, _STEPS, axis.shape.ticks)
    start = axis.first.year * 12 + axis.first.month  # the month after the first
    start += -start % step
    parts = [_line(axis.shape.left, y + 4, axis.shape.width - axis.shape.right, y + 4, "#425563")]
    for month in range(start, axis.last.year * 12 + axis.last.month, step):
        day = date(month // 12, month % 12 + 1, 1)
        x = axis.x(day)
        name = str(day.year) if step >= 12 else f"{MONTHS[day.month - 1][:3]} {day.year % 100:02d}"
        parts.append(_line(x, 6, x, y + 9, "#d8dde0"))
        if x + len(name) * _LETTER / 2 <= axis.shape.width:
            parts.append(_text(x, y + 24, name, ' text-anchor="middle"'))
    x = axis.x(today)
    parts.append(_line(x, 6, x, y + 4, "#005eb8", ' stroke-width="2" stroke-dasharray="6 4"'))
    parts.append(_text(x, y + 40, f"today, {short(today)}", ' text-anchor="end" fill="#005eb8"'))
    return Markup("").join(parts)


def _pain(pain: date, axis: Axis, y: float) -> Markup:
    """When the pain began: a line where it is within the drawing; in words below, under today's where there is no room."""
    down = y + (57 if axis.shape.name == "narrow" else 40)
    if pain < axis.first:
        return _text(axis.shape.left, down, f"pain since {short(pain)}, before this drawing begins")
    x = axis.x(pain)
    line = _line(x, 6, x, y + 4, "#425563", ' stroke-width="2" stroke-dasharray="2 4"')
    words = f"pain began {short(pain)} (dotted)"
    return line + _text(min(x, axis.shape.width / 2), down, words)


Lane = Callable[[Sequence[DatedEvent], Axis, float, date], tuple[Markup, float]]


def _headed(words: str, axis: Axis, y: float) -> tuple[Markup, float]:
    """A lane's heading, on two lines where one is too narrow; and how high it is."""
    fits = int((axis.shape.width - 4) / _LETTER)
    lines = [words]
    if len(words) > fits:
        cut = words.rfind(" ", 0, fits)
        lines = [words[:cut], words[cut + 1 :]]
    drawn = (_text(0, y + 15 + 17 * number, line, ' font-weight="bold"') for number, line in enumerate(lines))
    return Markup("").join(drawn), 24.0 + 17 * (len(lines) - 1)


def _graph(axis: Axis, y: float, height: float, names: Sequence[tuple[float, str]]) -> Markup:
    """Lines across at shares of the height, named at the left."""
    parts = []
    for share, name in names:
        at = round(y + height * (1 - share), 1)
        parts.append(_line(axis.shape.left, at, axis.shape.width - axis.shape.right, at, "#d8dde0"))
        parts.append(_text(axis.shape.left - 6, at + 5, name, ' text-anchor="end"'))
    return Markup("").join(parts)


def _scores(rows: Sequence[DatedEvent], axis: Axis, y: float, today: date) -> tuple[Markup, float]:
    scores = [row for row in rows if row.what == "score" and row.value is not None]
    if not scores:
        return Markup(""), 0
    head, down = _headed("Pain, 0 to 10 (round: usual, square: at referral, triangle: worst)", axis, y)
    top, height = y + down + 8, 90.0
    parts = [head, _graph(axis, top, height, ((0, "0"), (0.5, "5"), (1, "10")))]
    usual = [row for row in scores if row.context in ("usual", "")]
    parts.append(_path(usual, axis, lambda value: top + height * (1 - float(value) / 10), "#005eb8", ""))
    for row in scores:
        assert row.day is not None and row.value is not None
        parts.append(_mark(row.context, axis.x(row.day), round(top + height * (1 - float(row.value) / 10), 1)))
    last = scores[-1]
    assert last.day is not None and last.value is not None
    at = round(top + height * (1 - float(last.value) / 10), 1)
    parts.append(_label(axis, axis.x(last.day), at - 9, plain_number(last.value)))
    return Markup("").join(parts), down + 8 + height + 16


def _mark(context: str, x: float, y: float) -> Markup:
    match context:
        case "referral":
            return Markup('<rect x="{}" y="{}" width="10" height="10" fill="#005eb8"/>').format(x - 5, y - 5)
        case "worst":
            points = f"{x},{y - 7} {x - 6},{y + 5} {x + 6},{y + 5}"
            return Markup('<polygon points="{}" fill="#8a1550"/>').format(points)
        case _:
            return Markup('<circle cx="{}" cy="{}" r="5" fill="#ffffff" stroke="#005eb8" stroke-width="3"/>').format(
                x, y
            )


def _label(axis: Axis, x: float, y: float, words: str) -> Markup:
    half = len(words) * _LETTER / 2
    return _text(min(max(x, half), axis.shape.width - half), round(y, 1), words, ' text-anchor="middle"')


def _path(rows: Iterable[DatedEvent], axis: Axis, at: Callable[[Decimal], float], colour: str, dash: str) -> Markup:
    points = [(axis.x(row.day), round(at(row.value), 1)) for row in rows if row.day and row.value is not None]
    if len(points) < 2:
        return Markup("")
    drawn = " ".join(f"{x},{y}" for x, y in points)
    return Markup('<polyline points="{}" fill="none" stroke="{}" stroke-width="2"{}/>').format(
        drawn, colour, Markup(dash)
    )


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
            words = _brief(row, axis.shape)
            wide = len(words) * _LETTER
            fits = start + wide <= axis.shape.width
            x = start if fits else min(max(end, wide), axis.shape.width)
            left, right = min(start, x if fits else x - wide), max(end, x + wide if fits else x)
            line = next((n for n, until in enumerate(taken) if until + 8 <= left), len(taken))
            taken[line : line + 1] = [right]
            top = y + down + line * 36
            anchor = "" if fits else ' text-anchor="end"'
            parts += [_glyph(row, start, end, top + 20), _text(x, top + 11, words, anchor)]
        return Markup("").join(parts), down + len(taken) * 36 + 6

    return lane


def _extent(row: DatedEvent, axis: Axis, today: date) -> tuple[float, float]:
    """Where something begins and ends; never so short that it is not seen."""
    assert row.day is not None
    start = axis.x(row.day)
    until = today if row.ongoing else min(row.until or row.day, today)
    return start, max(axis.x(until), start + 10)


def _brief(row: DatedEvent, shape: Shape) -> str:
    if row.what == "care":
        return row.says
    if row.what == "block":
        parts = row.says.split("; ")
        judged = next(part for part in parts if "judged" in part)
        relief = f"{plain_number(row.value)} % relief" if row.value is not None else "relief not recorded"
        judged += ", with steroid" if "with steroid" in parts else ""
        return f"{relief}, {judged}" if shape.name == "narrow" else f"{parts[0]}: {relief}, {judged}"
    place = row.says.partition(", ")[2].partition(";")[0]
    return place if shape.name == "narrow" else row.says.partition(", ")[2].replace(";", ",")


def _glyph(row: DatedEvent, start: float, end: float, y: float) -> Markup:
    match row.what:
        case "care":
            open_end = ' stroke-dasharray="6 3"' if row.ongoing or row.until is None else ""
            return Markup(
                '<rect x="{}" y="{}" width="{}" height="9" fill="#aeb7bd" stroke="#425563"{}/>'
            ).format(start, y, round(end - start, 1), Markup(open_end))  # fmt: skip
        case "block":
            points = f"{start},{y + 10} {start - 6},{y} {start + 6},{y}"
            return Markup('<polygon points="{}" fill="#330072"/>').format(points)
        case _:
            points = f"{start},{y - 1} {start + 6},{y + 5} {start},{y + 11} {start - 6},{y + 5}"
            return Markup('<polygon points="{}" fill="#00703c"/>').format(points)


_DASHES = ("", ' stroke-dasharray="8 4"', ' stroke-dasharray="2 4"', ' stroke-dasharray="10 3 2 3"')


def _relief(rows: Sequence[DatedEvent], axis: Axis, y: float, today: date) -> tuple[Markup, float]:
    readings = [row for row in rows if row.what == "relief" and row.value is not None]
    if not readings:
        return Markup(""), 0
    head, down = _headed("Relief after denervation, per cent of the pain (dashed: 50 per cent)", axis, y)
    top, height = y + down + 12, 90.0

    def at(value: Decimal) -> float:
        return round(top + height * (1 - min(max(float(value), 0), 100) / 100), 1)

    parts = [head, _graph(axis, top, height, ((0, "0"), (1, "100")))]
    half = at(Decimal(50))
    end = axis.shape.width - axis.shape.right
    parts.append(_line(axis.shape.left, half, end, half, "#8a1550", ' stroke-width="2" stroke-dasharray="6 4"'))
    parts.append(_text(axis.shape.left - 6, half + 5, "50", ' text-anchor="end" fill="#8a1550"'))
    for number, of in enumerate(dict.fromkeys(row.of for row in readings)):
        own = [row for row in readings if row.of == of]
        parts.append(_path(own, axis, at, "#00703c", _DASHES[number % len(_DASHES)]))
        for row in own:
            assert row.day is not None and row.value is not None
            x, level = axis.x(row.day), at(row.value)
            parts.append(Markup('<circle cx="{}" cy="{}" r="5" fill="#00703c"/>').format(x, level))
            parts.append(_label(axis, x, level - 9 if row.value >= 50 else level + 19, plain_number(row.value)))
    return Markup("").join(parts), down + 12 + height + 26
