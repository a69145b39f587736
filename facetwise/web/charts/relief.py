"""Relief after one denervation, drawn: percent over the months since, with the line of 50 percent.

The table beside it holds every value. Pain is round and solid, daily life square and dashed: colour alone tells nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from markupsafe import Markup

from facetwise.clinic.follow_up.follow_up import Half, Point
from facetwise.clinic.model.dates_text import short
from facetwise.clinic.procedure.lesions import plainly
from facetwise.decide.calendar import plus
from facetwise.language.units import months
from facetwise.web.charts import parts as c

_WIDTH, _LEFT, _RIGHT, _TOP, _HEIGHT = 360, 40, 16, 30, 170
_STEPS = (1, 2, 3, 6, 12, 24, 60)
_MARKS = 6
_INK, _PAIN, _LIFE, _LINE = "#212b32", "#00703c", "#330072", "#8a1550"


@dataclass(frozen=True)
class _Axis:
    first: date
    last: date

    def x(self, day: date) -> float:
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return round(_LEFT + (_WIDTH - _LEFT - _RIGHT) * min(max(share, 0), 1), 1)


def _y(percent: Decimal | int) -> float:
    """Where a percentage is; worse than before stands on the lowest line, and is told in figures."""
    return round(_TOP + _HEIGHT * (1 - min(max(float(percent), 0), 100) / 100), 1)


def relief_chart(done: date | None, points: Sequence[Point], half: Half, today: date) -> Markup:
    """The drawing; empty where the denervation or every reading has no day, or it is to come."""
    if done is None or done > today or not points:
        return Markup("")
    axis = _Axis(done, max(today, points[-1].day, plus(done, months(3))))
    has_life = any(point.adl_percent is not None for point in points)
    body = Markup("").join((_frame(axis), _end(axis, half), _life(axis, points), _pain(axis, points), _key(has_life)))
    return Markup(
        '<svg class="fw-chart fw-relief" viewBox="0 0 {} {}" role="img" aria-labelledby="relief-title relief-desc" '
        'xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="14" fill="{}">'
        '<title id="relief-title">Relief after the denervation of {}</title><desc id="relief-desc">{}</desc>{}</svg>'
    ).format(_WIDTH, _TOP + _HEIGHT + (86 if has_life else 66), _INK, short(done), _described(points), body)


def _described(points: Sequence[Point]) -> str:
    read = [f"{plainly(point.percent)} percent on {short(point.day)}" for point in points if point.percent is not None]
    return f"Relief of pain: {'; '.join(read) or 'not read'}. The table beside it holds every value."


def _text(x: float, y: float, words: str, more: str = "") -> Markup:
    edge = ' paint-order="stroke" stroke="#ffffff" stroke-width="4" stroke-linejoin="round"'
    return Markup('<text x="{}" y="{}"{}{}>{}</text>').format(x, y, Markup(edge), Markup(more), words)


def _rule(x1: float, y1: float, x2: float, y2: float, colour: str, more: str = "") -> Markup:
    return Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}"{}/>').format(x1, y1, x2, y2, colour, Markup(more))


def _frame(axis: _Axis) -> Markup:
    end = _WIDTH - _RIGHT
    parts = [_text(0, 16, "Relief, percent")]
    for percent in (0, 100):
        parts.append(_rule(_LEFT, _y(percent), end, _y(percent), "#d8dde0"))
        parts.append(_text(_LEFT - 6, _y(percent) + 5, str(percent), ' text-anchor="end"'))
    parts.append(_rule(_LEFT, _y(50), end, _y(50), _LINE, ' stroke-width="2" stroke-dasharray="6 4"'))
    parts.append(_text(_LEFT - 6, _y(50) + 5, "50", f' text-anchor="end" fill="{_LINE}"'))
    whole, step = c.months_between(axis.first, axis.last, _STEPS, _MARKS)
    for month in range(0, whole + 1, step):
        day = plus(axis.first, months(month))
        if day <= axis.last:
            parts.append(_rule(axis.x(day), _y(0), axis.x(day), _y(0) + 5, "#425563"))
            parts.append(_text(axis.x(day), _y(0) + 20, str(month), ' text-anchor="middle"'))
    parts.append(_text(end, _y(0) + 38, "months since the denervation", ' text-anchor="end"'))
    return Markup("").join(parts)


def _end(axis: _Axis, half: Half) -> Markup:
    if half.until is None:
        return Markup("")
    x = axis.x(half.until)
    line = _rule(x, _TOP - 4, x, _y(0), _INK, ' stroke-width="2" stroke-dasharray="2 4"')
    words = f"under 50 on {short(half.until)}"
    anchor = "end" if x > _WIDTH / 2 else "start"
    return line + _text(min(x, _WIDTH - _RIGHT), _TOP - 12, words, f' text-anchor="{anchor}"')


def _polyline(at: Sequence[tuple[float, float]], colour: str, more: str = "") -> Markup:
    if len(at) < 2:
        return Markup("")
    drawn = " ".join(f"{x},{y}" for x, y in at)
    return Markup('<polyline points="{}" fill="none" stroke="{}" stroke-width="2"{}/>').format(
        drawn, colour, Markup(more)
    )


def _pain(axis: _Axis, points: Sequence[Point]) -> Markup:
    read = [(axis.x(point.day), point.percent) for point in points if point.percent is not None]
    parts = [_polyline([(x, _y(percent)) for x, percent in read], _PAIN)]
    for x, percent in read:
        y = _y(percent)
        parts.append(Markup('<circle cx="{}" cy="{}" r="5" fill="{}"/>').format(x, y, _PAIN))
        near = min(max(x, _LEFT + 10), _WIDTH - 14)
        parts.append(_text(near, y - 9 if percent < 93 else y + 20, plainly(percent), ' text-anchor="middle"'))
    return Markup("").join(parts)


def _life(axis: _Axis, points: Sequence[Point]) -> Markup:
    read = [(axis.x(point.day), _y(point.adl_percent)) for point in points if point.adl_percent is not None]
    parts = [_polyline(read, _LIFE, ' stroke-dasharray="4 3"')]
    parts += [_square(x, y) for x, y in read]
    return Markup("").join(parts)


def _square(x: float, y: float) -> Markup:
    return Markup('<rect x="{}" y="{}" width="8" height="8" fill="#ffffff" stroke="{}" stroke-width="2"/>').format(
        x - 4, y - 4, _LIFE
    )


def _key(has_life: bool) -> Markup:
    y = _TOP + _HEIGHT + 58
    parts = [Markup('<circle cx="{}" cy="{}" r="5" fill="{}"/>').format(_LEFT, y - 5, _PAIN)]
    parts.append(_text(_LEFT + 12, y, "pain (round, solid)"))
    if has_life:
        parts += [_square(_LEFT, y + 15), _text(_LEFT + 12, y + 20, "daily life (square, dashed)")]
    return Markup("").join(parts)
