"""Relief after one denervation, drawn: percent over the months since, with the line of 50 percent.

The table beside it has every value. Pain is round and solid, daily life square and dashed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from facetwise.clinic.follow_up.follow_up import Half, ReliefPoint
from facetwise.clinic.model.dates_text import short
from facetwise.clinic.procedure.lesions import plainly
from facetwise.decide.calendar import plus
from facetwise.language.units import months
from facetwise.web.charts import parts as c

_WIDTH, _LEFT, _RIGHT, _TOP, _BOTTOM = 360, 40, 344, 30, 200
_STEPS = (1, 2, 3, 6, 12, 24, 60)
_MARKS = 6
_PAIN, _LIFE, _LINE = "#00703c", "#330072", "#8a1550"
_PERCENT = c.ValueScale(100, _TOP, _BOTTOM)
"""Worse than before is drawn on the lowest line; the figure beside it is exact."""


def relief_chart(done: date | None, points: Sequence[ReliefPoint], half: Half, today: date) -> Markup:
    """The drawing; empty where the denervation or every reading has no day, or it is in the future."""
    if done is None or done > today or not points:
        return Markup("")
    days = c.DayScale(done, max(today, points[-1].day, plus(done, months(3))), _LEFT, _RIGHT)
    has_life = any(point.adl_percent is not None for point in points)
    return c.drawing(
        "relief",
        f"Relief after the denervation of {short(done)}",
        _description(points),
        _frame(days) + _end(days, half) + _life(days, points) + _pain(days, points) + _legend(has_life),
        class_="fw-chart fw-relief",
        viewBox=f"0 0 {_WIDTH} {_BOTTOM + (86 if has_life else 66)}",
        font_family="sans-serif",
        font_size=14,
        fill=c.INK,
    )


def _description(points: Sequence[ReliefPoint]) -> str:
    read = [f"{plainly(point.percent)} percent on {short(point.day)}" for point in points if point.percent is not None]
    return f"Relief of pain: {'; '.join(read) or 'not read'}. The table beside it has every value."


def _frame(days: c.DayScale) -> Markup:
    drawn = c.edged_text(0, 16, "Relief, percent")
    for percent in (0, 100):
        y = _PERCENT.y(percent)
        drawn += c.line(_LEFT, y, _RIGHT, y, "#d8dde0") + c.edged_text(_LEFT - 6, y + 5, str(percent), "end")
    y = _PERCENT.y(50)
    drawn += c.line(_LEFT, y, _RIGHT, y, _LINE, "6 4", 2) + c.edged_text(_LEFT - 6, y + 5, "50", "end", _LINE)
    whole, step = c.months_between(days.first, days.last, _STEPS, _MARKS)
    for month in range(0, whole + 1, step):
        day = plus(days.first, months(month))
        if day <= days.last:
            x = days.x(day)
            drawn += c.line(x, _BOTTOM, x, _BOTTOM + 5, c.SOFT) + c.edged_text(x, _BOTTOM + 20, str(month), "middle")
    return drawn + c.edged_text(_RIGHT, _BOTTOM + 38, "months since the denervation", "end")


def _end(days: c.DayScale, half: Half) -> Markup:
    if half.until is None:
        return Markup("")
    x = days.x(half.until)
    anchor = "end" if x > _WIDTH / 2 else "start"
    words = c.edged_text(min(x, _RIGHT), _TOP - 12, f"under 50 on {short(half.until)}", anchor)
    return c.line(x, _TOP - 4, x, _BOTTOM, c.INK, "2 4", 2) + words


def _pain(days: c.DayScale, points: Sequence[ReliefPoint]) -> Markup:
    read = [(days.x(point.day), point.percent) for point in points if point.percent is not None]
    drawn = c.path([(x, _PERCENT.y(percent)) for x, percent in read], _PAIN, 2)
    for x, percent in read:
        y = _PERCENT.y(percent)
        at = min(max(x, _LEFT + 10), _WIDTH - 14)
        drawn += c.circle(x, y, _PAIN)
        drawn += c.edged_text(at, y - 9 if percent < 93 else y + 20, plainly(percent), "middle")
    return drawn


def _life(days: c.DayScale, points: Sequence[ReliefPoint]) -> Markup:
    read = [(days.x(point.day), _PERCENT.y(point.adl_percent)) for point in points if point.adl_percent is not None]
    return c.path(read, _LIFE, 2, "4 3") + Markup("").join(c.square(x, y, _LIFE) for x, y in read)


def _legend(has_life: bool) -> Markup:
    y = _BOTTOM + 58
    drawn = c.circle(_LEFT, y - 5, _PAIN) + c.edged_text(_LEFT + 12, y, "pain (round, solid)")
    if has_life:
        drawn += c.square(_LEFT, y + 15, _LIFE) + c.edged_text(_LEFT + 12, y + 20, "daily life (square, dashed)")
    return drawn
