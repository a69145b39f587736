"""The diary: several entries a day, each kept once, with when it was felt and when it was entered."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from facetwise.clinic.follow_up.diary import (
    COLUMNS,
    MOST_A_DAY,
    Wrote,
    add_entry,
    days,
    entry_timing,
    remove_entry,
    take_back,
    to_csv,
)
from facetwise.clinic.model.clinic_record import DiaryEntry, clinic_of
from facetwise.clinic.model.entry_timing import LATE_AFTER, Timing
from facetwise.clinic.model.safe_csv import harmless
from facetwise.errors import InputError
from tests.clinic.patient import AFTERNOON, LONDON, at, without_blocks

WROTE = Wrote("e1", Decimal(4))


def kept(document: dict[str, Any]) -> tuple[DiaryEntry, ...]:
    return clinic_of(document).diary


def test_an_entry_is_of_now_unless_it_says_when_and_what_is_not_written_stays_absent() -> None:
    document = add_entry(without_blocks(), WROTE, AFTERNOON)
    assert document["clinic"]["diary"] == [
        {"id": "e1", "felt_at": AFTERNOON.isoformat(), "entered_at": AFTERNOON.isoformat(), "score": 4}
    ]
    assert kept(document)[0].by == "patient"


def test_a_form_sent_twice_is_kept_once() -> None:
    once = add_entry(without_blocks(), WROTE, AFTERNOON)
    assert add_entry(once, replace(WROTE, score=Decimal(9)), AFTERNOON + timedelta(minutes=1)) == once


def test_several_entries_a_day_stand_in_the_order_in_which_they_were_felt() -> None:
    document = add_entry(without_blocks(), WROTE, AFTERNOON)
    document = add_entry(document, Wrote("e2", Decimal(7), felt_at=at(8)), AFTERNOON)
    document = add_entry(document, Wrote("e3", Decimal(5), felt_at=at(20, day=19)), AFTERNOON)
    assert [entry.id for entry in kept(document)] == ["e3", "e2", "e1"]


def test_an_entry_is_later_when_over_half_an_hour_passed() -> None:
    for ago, expected in ((LATE_AFTER, Timing.LIVE), (LATE_AFTER + timedelta(seconds=1), Timing.LATER)):
        document = add_entry(without_blocks(), replace(WROTE, felt_at=AFTERNOON - ago), AFTERNOON)
        assert entry_timing(kept(document)[0]) is expected


def test_an_entry_that_waited_for_a_network_is_live_and_says_when_it_came() -> None:
    waited = replace(WROTE, felt_at=at(9), written_at=at(9, 1))
    (entry,) = kept(add_entry(without_blocks(), waited, AFTERNOON))
    assert (entry.felt_at, entry.entered_at, entry.received_at) == (at(9), at(9, 1), AFTERNOON)
    assert entry_timing(entry) is Timing.LIVE


@pytest.mark.parametrize(
    ("wrote", "says"),
    [
        (replace(WROTE, felt_at=AFTERNOON + timedelta(minutes=6)), "The time when it was felt is in the future"),
        (replace(WROTE, score=Decimal(11)), "score is over 10"),
        (replace(WROTE, id=""), "The entry has no id"),
        (replace(WROTE, id="x" * 65), "The entry has no id"),
        (replace(WROTE, notes="a\x00b"), "notes holds a control character"),
        (replace(WROTE, doing="x" * 1_001), "longer than 1,000 characters"),
        (replace(WROTE, felt_at=AFTERNOON - timedelta(days=60, minutes=1)), "more than 60 days ago"),
        (replace(WROTE, felt_at=datetime(206, 11, 20, tzinfo=UTC)), "more than 60 days ago"),
        (replace(WROTE, written_at=AFTERNOON - timedelta(days=14, minutes=1)), "written too long ago"),
    ],
)
def test_an_entry_that_cannot_be_kept_is_refused_in_words(wrote: Wrote, says: str) -> None:
    with pytest.raises(InputError, match=says):
        add_entry(without_blocks(), wrote, AFTERNOON)


def test_an_old_time_of_writing_counts_as_the_receipt_and_shows() -> None:
    """The telephone's clock is believed for fourteen days; after that the entry is of when it came."""
    waited = replace(WROTE, felt_at=at(9), written_at=AFTERNOON - timedelta(days=20))
    (entry,) = kept(add_entry(without_blocks(), waited, AFTERNOON))
    assert (entry.entered_at, entry.received_at) == (AFTERNOON, AFTERNOON)
    assert entry_timing(entry) is Timing.LATER


def test_a_day_holds_two_hundred_entries() -> None:
    document = without_blocks()
    for number in range(MOST_A_DAY):
        document = add_entry(document, replace(WROTE, id=str(number)), AFTERNOON)
    with pytest.raises(InputError, match="200 entries of one day already"):
        add_entry(document, replace(WROTE, id="more"), AFTERNOON)
    assert add_entry(document, replace(WROTE, id="more"), AFTERNOON + timedelta(days=1))


def test_the_patient_takes_back_an_entry_of_their_own_within_a_day() -> None:
    document = add_entry(without_blocks(), WROTE, AFTERNOON)
    assert kept(take_back(document, "e1", AFTERNOON + timedelta(days=1))) == ()
    for held, now in (
        (document, AFTERNOON + timedelta(days=1, seconds=1)),
        (add_entry(without_blocks(), WROTE, AFTERNOON, "staff"), AFTERNOON),
    ):
        with pytest.raises(InputError, match="by whoever wrote it, within a day"):
            take_back(held, "e1", now)
    with pytest.raises(InputError, match="There is no such entry"):
        take_back(document, "e2", AFTERNOON)


def test_a_day_is_the_clinics_whatever_zone_an_entry_came_in() -> None:
    document = {
        "clinic": {
            "diary": [
                {"id": "e", "felt_at": "2026-06-20T23:30:00Z", "entered_at": "2026-06-20T23:31:00Z", "score": 3},
            ]
        }
    }
    assert [one.day for one in days(kept(document), LONDON)] == [date(2026, 6, 21)]


def test_a_moment_at_the_end_of_the_calendar_is_refused() -> None:
    held = {"id": "e", "felt_at": "9999-12-31T23:59:00Z", "entered_at": "9999-12-31T23:59:00Z", "score": 3}
    with pytest.raises(InputError, match="after 2200"):
        kept({"clinic": {"diary": [held]}})


def test_an_entry_can_be_taken_out_once() -> None:
    document = remove_entry(add_entry(without_blocks(), WROTE, AFTERNOON), "e1")
    assert kept(document) == ()
    with pytest.raises(InputError, match="There is no such entry"):
        remove_entry(document, "e1")


def test_days_are_summed_by_when_it_was_felt() -> None:
    document = without_blocks()
    for number, (hour, day, score) in enumerate([(8, 19, 3), (12, 19, 6), (20, 19, 4), (14, 20, 10)]):
        wrote = Wrote(str(number), Decimal(score), felt_at=at(hour, 0, day))
        document = add_entry(document, wrote, at(14, 10))
    first, second = days(kept(document), LONDON)
    assert (first.day.day, first.n, first.later_n) == (19, 3, 3)
    assert (first.lowest, first.highest, first.mean) == (Decimal(3), Decimal(6), Decimal("4.3"))
    assert (second.n, second.later_n) == (1, 0)
    assert days((), LONDON) == ()


def test_csv_holds_every_entry_and_nothing_that_a_spreadsheet_would_run() -> None:
    document = without_blocks()
    harms = ["=1+1", "+1", "-1", "@SUM(A1)", " =cmd|' /C calc'!A0", 'a "quoted", b']
    for number, harm in enumerate(harms):
        wrote = Wrote(str(number), Decimal(4), place=harm, doing=harm, medicines=harm, notes=harm + "\nmore")
        document = add_entry(document, wrote, AFTERNOON)
    rows = list(csv.reader(io.StringIO(to_csv(kept(document)).removeprefix("\ufeff"))))
    assert tuple(rows[0]) == COLUMNS and len(rows) == 1 + len(harms)
    for row, harm in zip(rows[1:], harms, strict=True):
        assert row[2:4] == ["live", "4"] and all(cell[0] not in "=+-@" for cell in row)
        assert harm.strip() in row[4] and row[7].endswith("more")
    assert harmless(" =1+1") == "' =1+1" and harmless("4 - 5") == "4 - 5"
    assert rows[1][4] == "'=1+1" and rows[6][4] == 'a "quoted", b'
