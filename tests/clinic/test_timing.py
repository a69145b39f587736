"""Times over a night on which the clocks change, and times that a telephone says."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from facetwise.clinic.model.entry_timing import Timing, not_to_come, on_the_clock, since, timing, written
from facetwise.errors import InputError
from tests.clinic.patient import AFTERNOON, LONDON

SUNDAY = date(2026, 10, 25)
NOW = datetime(2026, 10, 25, 1, 20, tzinfo=UTC).astimezone(LONDON)


@pytest.mark.parametrize(
    ("at", "expected"),
    [("01:30", "00:30"), ("01:50", "00:50"), ("01:10", "01:10"), ("00:30", "23:30"), ("01:25", "01:25")],
)
def test_a_time_that_comes_twice_is_the_latest_that_is_not_to_come(at: str, expected: str) -> None:
    """It is 01:20 for the second time: 01:30 was an hour ago, 01:10 ten minutes ago."""
    moment = on_the_clock(SUNDAY, time.fromisoformat(at), NOW)
    assert moment.astimezone(UTC).strftime("%H:%M") == expected
    not_to_come(moment, NOW)


def test_a_time_to_come_is_still_to_come_and_refused() -> None:
    with pytest.raises(InputError, match="is in the future"):
        not_to_come(on_the_clock(SUNDAY, time(2, 30), NOW), NOW)


def test_the_hour_that_comes_twice_passes() -> None:
    before = datetime(2026, 10, 25, 0, 30, tzinfo=UTC).astimezone(LONDON)
    assert since(NOW, before) == timedelta(minutes=50) and timing(before, NOW) is Timing.LATER


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        (timedelta(minutes=-10), (AFTERNOON, None)),
        (timedelta(minutes=5), (AFTERNOON, None)),
        (timedelta(minutes=6), (AFTERNOON - timedelta(minutes=6), AFTERNOON)),
        (timedelta(days=14), (AFTERNOON - timedelta(days=14), AFTERNOON)),
        (timedelta(days=14, minutes=1), (AFTERNOON, AFTERNOON)),
    ],
)
def test_a_telephones_time_is_believed_for_fourteen_days(
    ago: timedelta, expected: tuple[datetime, datetime | None]
) -> None:
    assert written(AFTERNOON - ago, AFTERNOON) == expected


def test_nothing_was_written_before_what_it_is_about() -> None:
    block = AFTERNOON - timedelta(hours=1)
    assert written(block - timedelta(minutes=6), AFTERNOON, block) == (AFTERNOON, AFTERNOON)
    assert written(None, AFTERNOON, block) == (AFTERNOON, None)
