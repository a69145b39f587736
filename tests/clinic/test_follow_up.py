"""After a denervation: the planned looks, the readings, how long half the pain was gone, what the diary suggests."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facetwise.clinic.follow_up.follow_up import (
    ReliefCourse,
    ReliefReading,
    add_look,
    drop_look,
    half,
    look_of,
    move_look,
    read_relief,
    schedule,
    take_back,
)
from facetwise.clinic.follow_up.relief_from_diary import suggested_relief
from facetwise.clinic.model.clinic_record import clinic_of
from facetwise.errors import InputError
from facetwise.record.parse import part_of, record_of
from facetwise.record.record import Denervation
from tests.clinic.test_lesions import done, row

DAY, TODAY = date(2026, 8, 31), date(2027, 9, 1)
BOTH_UNLIKE = (row("L3"), row("L4"), row("L4", "right"), row("L5", "right"))


def treated(day: date | None = DAY, **more: Any) -> dict[str, Any]:
    entry = {"region": "lumbar", "levels": ["L4/5"], "sides": ["left"], **({"date": day.isoformat()} if day else {})}
    return {"schema": "facetwise.record/1", "id": "p", "denervations": [{**entry, **more}]}


def looks(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [(look.name, look.due.isoformat()) for look in clinic_of(document).follow_ups]


def test_the_usual_looks_are_after_weeks_and_calendar_months() -> None:
    """31 August plus six months is the last day of February."""
    planned = schedule(treated(), 0)
    assert looks(planned) == [
        ("6 weeks", "2026-10-12"),
        ("3 months", "2026-11-30"),
        ("6 months", "2027-02-28"),
        ("12 months", "2027-08-31"),
    ]
    assert looks(schedule(planned, 0)) == looks(planned)


def test_the_clinic_moves_adds_and_drops_looks() -> None:
    planned = schedule(treated(), 0)
    moved = move_look(planned, "f2", date(2026, 12, 7))
    added = add_look(moved, 0, " 9 months ", date(2027, 5, 31))
    dropped = drop_look(added, "f1")
    assert looks(dropped) == [
        ("3 months", "2026-12-07"),
        ("6 months", "2027-02-28"),
        ("9 months", "2027-05-31"),
        ("12 months", "2027-08-31"),
    ]
    ids = [look.id for look in clinic_of(add_look(dropped, 0, "x", date(2027, 5, 31))).follow_ups]
    assert len(set(ids)) == len(ids) == 5


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda d: schedule(d, 1), "no such denervation"),
        (lambda d: schedule(d, -1), "no such denervation"),
        (lambda d: add_look(d, 0, "x", DAY - timedelta(days=1)), "before the denervation"),
        (lambda d: add_look(d, 0, "  ", DAY), "has no name"),
        (lambda d: move_look(d, "f9", DAY), "no such review"),
        (lambda d: drop_look(d, "f9"), "no such review"),
        (lambda d: schedule(treated(None), 0), "has no day"),
        (lambda d: read_relief(d, 0, ReliefReading(TODAY), TODAY), "No relief is entered"),
        (lambda d: read_relief(d, 0, ReliefReading(TODAY + timedelta(days=1), Decimal(50)), TODAY), "still to come"),
        (
            lambda d: read_relief(d, 0, ReliefReading(DAY - timedelta(days=1), Decimal(50)), TODAY),
            "before the denervation",
        ),
        (lambda d: read_relief(d, 0, ReliefReading(TODAY, Decimal(101)), TODAY), "percent is over 100"),
        (lambda d: read_relief(d, 0, ReliefReading(TODAY, Decimal(50)), TODAY, "f9"), "no such review"),
        (lambda d: take_back(d, 0, DAY), "no reading of that day"),
    ],
)
def test_what_cannot_be_is_refused(make: Any, says: str) -> None:
    with pytest.raises(InputError, match=says):
        make(treated())


def test_a_reading_stands_in_the_record_in_the_order_of_days() -> None:
    late = read_relief(treated(), 0, ReliefReading(date(2027, 2, 28), Decimal("45.5")), TODAY)
    both = read_relief(late, 0, ReliefReading(date(2026, 10, 12), Decimal(70), Decimal(60)), TODAY)
    assert both["denervations"][0]["relief"] == [
        {"date": "2026-10-12", "percent": 70, "adl_percent": 60},
        {"date": "2027-02-28", "percent": Decimal("45.5")},
    ]
    record_of(both, "p")
    assert "relief" not in treated()["denervations"][0]


def test_a_second_reading_of_one_day_replaces_what_it_gives_and_keeps_the_rest() -> None:
    """So that one day never says two things."""
    first = read_relief(treated(), 0, ReliefReading(TODAY, Decimal(70), Decimal(60)), TODAY)
    again = read_relief(first, 0, ReliefReading(TODAY, Decimal(40)), TODAY)
    assert again["denervations"][0]["relief"] == [{"date": "2027-09-01", "percent": 40, "adl_percent": 60}]


def test_a_reading_does_its_look_and_taking_it_back_undoes_that() -> None:
    planned = schedule(treated(), 0)
    read = read_relief(planned, 0, ReliefReading(date(2026, 10, 15), Decimal(70), note=" well "), TODAY, "f1")
    look = look_of(read, "f1")
    assert (look.done, look.percent, look.note) == (date(2026, 10, 15), Decimal(70), "well")
    back = take_back(read, 0, date(2026, 10, 15))
    assert look_of(back, "f1").done is None
    assert "relief" not in back["denervations"][0]


def test_a_look_of_another_denervation_is_not_done_by_this_one() -> None:
    document = treated()
    document["denervations"].append({**document["denervations"][0], "date": "2027-01-01"})
    with pytest.raises(InputError, match="another denervation"):
        read_relief(schedule(document, 0), 1, ReliefReading(TODAY, Decimal(50)), TODAY, "f1")


def test_both_entries_of_one_session_get_the_reading() -> None:
    """Unlike sides make two entries; the patient has one answer."""
    made = done(*BOTH_UNLIKE)
    read = read_relief(made, 1, ReliefReading(date(2026, 12, 20), Decimal(60)), TODAY)
    assert [entry["relief"][0]["percent"] for entry in read["denervations"]] == [60, 60]
    assert [look.denervation for look in clinic_of(schedule(read, 1)).follow_ups] == [0] * 4
    assert looks(schedule(schedule(read, 1), 0)) == looks(schedule(read, 1))
    back = take_back(read, 0, date(2026, 12, 20))
    assert back["denervations"] == made["denervations"]


HALVES = """
    # readings: month of 2027 and percent             | course      | since | until | last | again
                                                      | NO_READING  |       |       |      |
    1 49                                              | NOT_REACHED |       |       | 1    |
    1 0, 2 -10                                        | NOT_REACHED |       |       | 2    |
    1 50                                              | STILL       | 1     |       | 1    |
    1 49, 2 50, 3 80                                  | STILL       | 2     |       | 3    |
    1 70, 2 50, 3 49.9                                | ENDED       | 1     | 3     | 3    |
    1 70, 3 40, 4 30                                  | ENDED       | 1     | 3     | 4    |
    1 70, 3 40, 4 60                                  | ENDED       | 1     | 3     | 4    | 4
    4 40, 1 70                                        | ENDED       | 1     | 4     | 4    |
    1 70, ? 10                                        | STILL       | 1     |       | 1    |
    ? 70                                              | NO_READING  |       |       |      |
"""


@pytest.mark.parametrize("line", [line for line in HALVES.splitlines() if "|" in line and "#" not in line])
def test_how_long_half_the_pain_was_gone(line: str) -> None:
    """First day at 50 or over to the first day under it; still relieved is said, never an end; a reading without a day
    cannot be placed."""
    readings, *expected = (cell.strip() for cell in line.split("|"))
    relief = []
    for month, percent in (reading.split() for reading in readings.split(",") if reading.strip()):
        relief.append({"percent": float(percent), **({} if month == "?" else {"date": f"2027-0{month}-01"})})
    found = half(part_of(Denervation, {"date": "2026-12-01", "relief": relief}, "x"))
    told = [
        found.course.name,
        *(str(day.month) if day else "" for day in (found.since, found.until, found.last, found.again)),
    ]
    assert told == expected
    assert found.undated == readings.count("?")


def test_readings_of_daily_life_alone_say_nothing_of_half_the_pain() -> None:
    read = part_of(Denervation, {"relief": [{"date": "2027-01-01", "adl_percent": 80}]}, "x")
    assert half(read).course is ReliefCourse.NO_READING and half(read).days is None


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.dates(DAY, TODAY), st.integers(-20, 100)), unique_by=lambda pair: pair[0], max_size=8))
def test_readings_entered_in_any_order_say_the_same(given: list[tuple[date, int]]) -> None:
    one, other = treated(), treated()
    for day, percent in given:
        one = read_relief(one, 0, ReliefReading(day, Decimal(percent)), TODAY)
    for day, percent in reversed(given):
        other = read_relief(other, 0, ReliefReading(day, Decimal(percent)), TODAY)
    assert one == other
    found = half(record_of(one, "p").denervations[0])
    if found.course is ReliefCourse.ENDED:
        assert found.since and found.until and found.since < found.until
        between = [percent for day, percent in given if found.since <= day < found.until]
        assert min(between) >= 50 > dict(given)[found.until]


def diary(*entries: tuple[int, float]) -> dict[str, Any]:
    """Entries as (days after the denervation, score)."""
    held = []
    for place, (days, score) in enumerate(entries):
        at = f"{DAY + timedelta(days=days)}T20:00:00+01:00"
        held.append({"id": str(place), "felt_at": at, "entered_at": at, "score": score})
    return {"diary": held}


SCORE = {"date": "2026-08-01", "scale": "NRS", "value": 8, "context": "usual"}


@pytest.mark.parametrize(
    ("entries", "scores", "expected"),
    [
        ([(-1, 8), (-7, 6), (-8, 0), (0, 0), (54, 2), (55, 3), (60, 4)], [], (57, 7, 3, 3)),
        ([(54, 2), (60, 4)], [SCORE], (62, 8, 3, 2)),
        ([(54, 2)], [{**SCORE, "context": "worst"}], None),
        ([(54, 2)], [{**SCORE, "date": "2026-09-01"}], None),
        ([(54, 2)], [{**SCORE, "scale": "ODI", "value": 40}], None),
        ([(-1, 8), (53, 2)], [], None),
        ([(-1, 0), (60, 2)], [], None),
        ([(-1, 5), (60, 7)], [], (-40, 5, 7, 1)),
        ([], [SCORE], None),
    ],
)
def test_what_the_diary_suggests(
    entries: list[tuple[int, float]], scores: list[Any], expected: tuple[int, int, int, int] | None
) -> None:
    """Middle scores of seven days before and of the last seven; rounded down; nothing where either is not there."""
    document = {**treated(), "scores": scores, "clinic": diary(*entries)}
    found = suggested_relief(document, 0, DAY + timedelta(days=60), UTC)
    told = [found.percent, found.before, found.now, found.entries] if found else None
    assert told == (list(expected) if expected else None)
    assert "relief" not in document["denervations"][0]


def test_what_was_felt_before_the_denervation_is_never_taken_for_after_it() -> None:
    """Three days after, the last seven days reach back before it."""
    document = {**treated(), "scores": [], "clinic": diary((-2, 8), (2, 4))}
    found = suggested_relief(document, 0, DAY + timedelta(days=3), UTC)
    assert found is not None and [found.now, found.entries, found.percent] == [4, 1, 50]
