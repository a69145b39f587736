"""Days as people write them."""

from __future__ import annotations

from datetime import date

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def written(day: date) -> str:
    """'20 November 2026'."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def day_and_month(day: date) -> str:
    """'20 November'."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def short(day: date) -> str:
    """'20 Nov 2026'."""
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"


def before(day: date, days: int) -> date:
    """So many days before, and never before the first day there is."""
    return date.fromordinal(max(day.toordinal() - days, 1))
