"""Today and now: the only file that reads the clock."""

from datetime import UTC, date, datetime


def today() -> date:
    """The local calendar day."""
    return date.today()


def now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)
