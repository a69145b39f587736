"""Calendar arithmetic: always a day plus a span, held against another day."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from facetwise.errors import UsageError
from facetwise.language.units import Quantity, Unit


def day_of(given: date | str) -> date:
    """A day, given as one or as 2026-11-20. Errors: UsageError."""
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise UsageError(f"'{given}' is no date. Write it as 2026-11-20.") from error


def plus(day: date, span: Quantity) -> date:
    """The day so much later; a month's end where the month is shorter (31 January plus one month is 28 February)."""
    match span.unit:
        case Unit.DAYS:
            return day + timedelta(days=span.value)
        case Unit.WEEKS:
            return day + timedelta(weeks=span.value)
        case Unit.MONTHS:
            whole = day.year * 12 + day.month - 1 + span.value
            year, month = divmod(whole, 12)
            return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
        case _:
            raise NotImplementedError(f"{span} is no span of time.")


def completed_years(born: date, today: date) -> int:
    """Birthdays passed; born on 29 February, the birthday of other years is 1 March."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def birthday(born: date, years: int) -> date:
    """The day on which so many years are completed."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:  # 29 February in a year without one
        return date(born.year + years, 3, 1)
