"""The one place that looks at the clock: what day and what time it is, for whoever asks without naming one."""

from datetime import UTC, date, datetime


def today() -> date:
    """The local calendar day."""
    return date.today()


def now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)
