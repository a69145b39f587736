"""When something was felt against when it was entered: live, or filled in later."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from enum import Enum

from facetwise.errors import InputError

LATE_AFTER = timedelta(minutes=30)
"""Entered more than this after it was felt, a score is from memory. Paper diaries are filled in just before a visit; half an
hour lets somebody be late for one reading of the sheet and still be before the next hourly one."""
CLOCKS_DIFFER = timedelta(minutes=5)
"""A telephone's clock may run ahead of the clinic's by so much before its time is refused as one to come."""

WAITS_MOST = timedelta(days=14)
"""What waited longer on a telephone is not believed to be of the time that it says."""


class Timing(Enum):
    """How soon after it was felt something was entered."""

    LIVE = "live"
    LATER = "filled in later"
    NOT_KNOWN = "not known"


def timing(felt_at: datetime | None, entered_at: datetime) -> Timing:
    """Live or filled in later; not known where nobody recorded when it was felt."""
    if felt_at is None:
        return Timing.NOT_KNOWN
    return Timing.LATER if since(entered_at, felt_at) > LATE_AFTER else Timing.LIVE


def later_by(moment: datetime, minutes: int) -> datetime:
    """So many minutes on, by the clock on the wall there: a night on which the clocks change is shorter or longer."""
    return (moment.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(moment.tzinfo)


def since(later: datetime, earlier: datetime) -> timedelta:
    """The time that passed, also over a night on which the clocks change: two times of one zone subtract as on a wall."""
    return later.astimezone(UTC) - earlier.astimezone(UTC)


def on_the_clock(day: date, at: time, now: datetime) -> datetime:
    """That time of the clinic's clock. Where it comes twice in a night, the latest that is not to come."""
    both = sorted(
        {datetime.combine(day, at, now.tzinfo).replace(fold=fold).astimezone(UTC) for fold in (0, 1)}, reverse=True
    )
    latest = next((moment for moment in both if since(now, moment) >= -CLOCKS_DIFFER), both[-1])
    return latest.astimezone(now.tzinfo)


def is_trusted(written_at: datetime, now: datetime, not_before: datetime | None = None) -> bool:
    """Whether a telephone's time may be believed: not long before it was received, nor before what it is about."""
    early = not_before is not None and since(not_before, written_at) > CLOCKS_DIFFER
    return not early and since(now, written_at) <= WAITS_MOST


def written(
    written_at: datetime | None, now: datetime, not_before: datetime | None = None
) -> tuple[datetime, datetime | None]:
    """When something was entered, and when it reached the clinic where that is later than the clocks differ.

    written_at: what the telephone says; a time to come, or one that is not trusted, is the clinic's own instead.
    """
    if written_at is None or since(now, written_at) <= CLOCKS_DIFFER:
        return now, None
    if not is_trusted(written_at, now, not_before):
        return now, now
    return written_at.astimezone(now.tzinfo), now


def not_to_come(felt_at: datetime, entered_at: datetime) -> None:
    """Errors: InputError for something felt after it was entered."""
    if since(felt_at, entered_at) > CLOCKS_DIFFER:
        raise InputError("The time when it was felt is in the future. Check the day and the time.")
