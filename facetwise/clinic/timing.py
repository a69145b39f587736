"""When something was felt against when it was entered: live, or filled in later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import Enum

from facetwise.errors import InputError

LATE_AFTER = timedelta(minutes=30)
"""Entered more than this after it was felt, a score is from memory. Paper diaries are filled in just before a visit; half an
hour lets somebody be late for one reading of the sheet and still be before the next hourly one."""
CLOCKS_DIFFER = timedelta(minutes=5)
"""A telephone's clock may run ahead of the clinic's by so much before its time is refused as one to come."""


class Timing(Enum):
    """How soon after it was felt something was entered."""

    LIVE = "live"
    LATER = "filled in later"
    NOT_KNOWN = "not known"


def timing(felt_at: datetime | None, entered_at: datetime) -> Timing:
    """Live or filled in later; not known where nobody recorded when it was felt."""
    if felt_at is None:
        return Timing.NOT_KNOWN
    return Timing.LATER if entered_at - felt_at > LATE_AFTER else Timing.LIVE


def later_by(moment: datetime, minutes: int) -> datetime:
    """So many minutes on, by the clock on the wall there: a night on which the clocks change is shorter or longer."""
    return (moment.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(moment.tzinfo)


def written(written_at: datetime | None, now: datetime) -> tuple[datetime, datetime | None]:
    """When something was entered, and when it reached the clinic where that is later than the clocks differ.

    written_at: what the telephone says; a time to come is the clinic's own instead.
    """
    if written_at is None or now - written_at <= CLOCKS_DIFFER:
        return now, None
    return written_at.astimezone(now.tzinfo), now


def not_to_come(felt_at: datetime, entered_at: datetime) -> None:
    """Errors: InputError for something felt after it was entered."""
    if felt_at > entered_at + CLOCKS_DIFFER:
        raise InputError("The time when it was felt has not come yet. Check the day and the time.")
