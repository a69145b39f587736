"""The one place that looks at the clock: what day it is, for whoever asks without naming one."""

from datetime import date


def today() -> date:
    """The local calendar day."""
    return date.today()
