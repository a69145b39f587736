"""The diary, drawn: every entry where it was felt, the lowest to the highest of each day, and what was done meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, tzinfo

from markupsafe import Markup

from facetwise.clinic.follow_up.diary import OneDay, day_felt, days, entry_timing
from facetwise.clinic.model.clinic_record import DiaryEntry
from facetwise.clinic.model.dates_text import short
from facetwise.clinic.model.entry_timing import Timing
from facetwise.clinic.model.history import plain_number
from facetwise.web.charts import parts as c

_MOST_MARKS = 60
"""With more entries than this, each day's range is clearer than every single mark."""


def chart_diary(
    entries: Sequence[DiaryEntry],
    first: date,
    last: date,
    zone: tzinfo,
    done: Sequence[tuple[date, str]] = (),
    name: str = "diary",
) -> Markup:
    """The drawing of the entries from the first to the last day; empty where there is none. done: (day, what it was)."""
    shown = [entry for entry in entries if first <= day_felt(entry, zone) <= last]
    if not shown:
        return Markup("")

    def x(moment: datetime) -> float:
        """A day is as wide as any other, the hour within it."""
        hours = (moment.date() - first).days * 24 + moment.hour + moment.minute / 60
        return round(c.LEFT + 6 + (c.RIGHT - c.LEFT - 12) * hours / (((last - first).days + 1) * 24), 1)

    def middle(day: date) -> float:
        return x(datetime.combine(day, time(12)))

    inside = c.scale() + _days(first, last, middle(first), middle(last))
    for day, what in done:
        if first <= day <= last:
            inside += c.line(middle(day), c.TOP, middle(day), c.BOTTOM, c.SOFT, "2 3")
            inside += c.text(middle(day), c.TOP - 4, what, "middle" if middle(day) < 280 else "end", 10, c.SOFT)
    summed = days(shown, zone)
    for one in summed:
        if one.n > 1:
            low, high = c.SCORES.y(one.lowest), c.SCORES.y(one.highest)
            inside += c.line(middle(one.day), low, middle(one.day), high, "#9fb4bd", width=5)
    inside += c.path([(middle(one.day), c.SCORES.y(one.mean)) for one in summed])
    kinds: list[Timing] = []
    if len(shown) <= _MOST_MARKS:
        inside += Markup("").join(
            c.mark(x(e.felt_at.astimezone(zone)), c.SCORES.y(e.score), entry_timing(e)) for e in shown
        )
        kinds = [kind for kind in Timing if any(entry_timing(entry) is kind for entry in shown)]
    return c.drawing(name, "Pain diary", _description(shown, summed, first, last), inside + c.legend(kinds))


def _days(first: date, last: date, x_first: float, x_last: float) -> Markup:
    drawn = c.text(c.LEFT, c.BOTTOM + 15, short(first), "start", fill=c.SOFT)
    if last > first:
        drawn += c.text(c.RIGHT, c.BOTTOM + 15, short(last), "end", fill=c.SOFT)
    if (last - first).days > 4:
        between = first + timedelta(days=(last - first).days // 2)
        drawn += c.text(round((x_first + x_last) / 2, 1), c.BOTTOM + 15, short(between), fill=c.SOFT)
    return drawn + c.text(c.LEFT, c.BOTTOM + 29, "Line: mean of the day. Bar: lowest to highest.", "start", 11, c.SOFT)


def _description(entries: Sequence[DiaryEntry], summed: Sequence[OneDay], first: date, last: date) -> str:
    later = sum(one.later_n for one in summed)
    lowest, highest = min(one.lowest for one in summed), max(one.highest for one in summed)
    return (
        f"{len(entries)} {'entry' if len(entries) == 1 else 'entries'} on {len(summed)} "
        f"{'day' if len(summed) == 1 else 'days'} from {short(first)} to {short(last)}, "
        f"scores {plain_number(lowest)} to {plain_number(highest)}, {later} filled in later."
    )
