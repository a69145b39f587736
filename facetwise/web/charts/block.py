"""The scores of one block, drawn: before it, after it hour by hour, and the next morning beyond a gap in the axis."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from facetwise.clinic.block.blocks import SCHEDULE, SheetLine
from facetwise.clinic.model.entry_timing import Timing
from facetwise.clinic.model.history import plain_number
from facetwise.web.charts import parts as c

_HOUR = 60
_LAST_HOUR = 600
_BREAK, _BEYOND = 256.0, 270.0


@dataclass(frozen=True)
class MinuteScale:
    """Minutes across the drawing: even to `end`, and what comes after the gap side by side."""

    end: int
    beyond: tuple[int, ...]

    def x(self, minutes: int) -> float:
        """The horizontal position of a minute."""
        right = _BREAK if self.beyond else c.RIGHT
        if minutes <= self.end:
            return round(c.LEFT + 8 + (right - c.LEFT - 8) * minutes / self.end, 1)
        step = (c.RIGHT - _BEYOND) / (len(self.beyond) + 1)
        return round(_BEYOND + step * (self.beyond.index(minutes) + 1), 1)


def chart_block(
    lines: Iterable[SheetLine], before: Decimal | None, best: Decimal | None, name: str = "block"
) -> Markup:
    """The drawing; empty where there is no score. best: the best sustained score, as `decide` computes it."""
    filled = [slot for slot in lines if slot.reading is not None and slot.minutes is not None]
    if not filled:
        return Markup("")
    minutes = [slot.minutes or 0 for slot in filled]
    near = [minute for minute in minutes if minute <= _LAST_HOUR]
    axis = MinuteScale(max([SCHEDULE[-1], *near]), tuple(minute for minute in minutes if minute > _LAST_HOUR))
    inside = c.scale() + _hours(axis)
    if best is not None:
        inside += c.line(c.LEFT, c.SCORES.y(best), c.RIGHT, c.SCORES.y(best), c.LINE, "6 4")
        inside += c.text(c.RIGHT, c.SCORES.y(best) - 5, f"best score held: {plain_number(best)}", "end", fill=c.LINE)
    inside += _scores(filled, before, axis)
    kinds = [kind for kind in Timing if any(slot.timing is kind for slot in filled)]
    return c.drawing(name, "Pain scores after the block", _description(filled, before), inside + c.legend(kinds))


def _hours(axis: MinuteScale) -> Markup:
    drawn = c.text(axis.x(0), c.BOTTOM + 15, "0", fill=c.SOFT)
    right = _BREAK if axis.beyond else c.RIGHT
    for hour in range(2, axis.end // _HOUR + 1, 2):
        at_edge = axis.x(hour * _HOUR) > right - 8
        drawn += c.text(axis.x(hour * _HOUR), c.BOTTOM + 15, f"{hour} h", "end" if at_edge else "middle", fill=c.SOFT)
    drawn += c.text(c.LEFT, c.BOTTOM + 29, "Hours after the block", "start", fill=c.SOFT)
    if axis.beyond:
        for shift in (0, 5):
            drawn += c.line(_BREAK + 4 + shift, c.BOTTOM + 5, _BREAK + 8 + shift, c.BOTTOM - 5, c.SOFT)
        drawn += c.text(c.RIGHT, c.BOTTOM + 15, "next day", "end", fill=c.SOFT)
    return drawn


def _scores(filled: list[SheetLine], before: Decimal | None, axis: MinuteScale) -> Markup:
    placed = [(axis.x(slot.minutes or 0), c.SCORES.y(slot.reading.score), slot) for slot in filled if slot.reading]
    near = [(x, y) for x, y, slot in placed if (slot.minutes or 0) <= axis.end]
    drawn = Markup("")
    if before is not None:
        x, y = axis.x(0), c.SCORES.y(before)
        near.insert(0, (x, y))
        drawn += c.line(x, y - 7, x, y + 7, c.LINE, width=4)
        drawn += c.text(x + 6, max(y - 8, 20), f"before: {plain_number(before)}", "start", fill=c.LINE)
    drawn = c.path(near) + drawn
    for x, y, slot in placed:
        drawn += c.mark(x, y, slot.timing or Timing.NOT_KNOWN)
    return drawn


def _description(filled: list[SheetLine], before: Decimal | None) -> str:
    lines = [f"Before the block {plain_number(before)}." if before is not None else "The score before is not known."]
    for slot in filled:
        assert slot.reading is not None and slot.timing is not None
        lines.append(f"{slot.says}: {plain_number(slot.reading.score)}, {c.MARKS[slot.timing]}.")
    return " ".join(lines)
