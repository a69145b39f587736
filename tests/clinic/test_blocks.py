"""The block's sheet: what is entered stands in the record that `decide` reads, once, with when and by whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from facetwise.clinic.block.blocks import (
    Done,
    Felt,
    Judgement,
    add_block,
    change_block,
    coming,
    due,
    judge,
    note_medicines,
    open_until,
    put_before,
    put_readings,
    remove_before,
    remove_reading,
    sheet_of,
    slots,
)
from facetwise.clinic.model.clinic_record import clinic_of
from facetwise.clinic.model.entry_timing import LATE_AFTER, Timing
from facetwise.clinic.store.patients import Store
from facetwise.decide.decision import decide
from facetwise.errors import InputError
from facetwise.library import policy
from facetwise.record.parse import record_of
from tests.clinic.patient import AFTERNOON, DAY, DONE, at, without_blocks


def blocked(done: Done = DONE, now: datetime = AFTERNOON) -> dict[str, Any]:
    return add_block(without_blocks(), done, now)[0]


def after(document: dict[str, Any], place: int = 0) -> list[tuple[Any, Any]]:
    return [(one.get("minutes"), one["score"]) for one in document["blocks"][place].get("after", [])]


def test_a_block_is_added_with_what_is_known_and_nothing_else() -> None:
    """Unknown stays absent: no key of the record is there for what was not answered."""
    document, place = add_block(without_blocks(), Done(date=DAY), AFTERNOON)
    assert place == 0 and document["blocks"] == [{"date": "2026-11-20"}]
    whole = blocked()
    assert whole["blocks"][0] == {
        "date": "2026-11-20",
        "kind": "medial-branch-block",
        "region": "lumbar",
        "levels": ["L4/5"],
        "sides": ["left"],
        "agent": "bupivacaine",
        "steroid": False,
        "sedation": False,
        "volume_ml": 0.5,
        "before": 7,
    }
    sheet = sheet_of(clinic_of(whole), 0)
    assert sheet.done_at == at(9, 30) and sheet.before_entered_at == AFTERNOON and sheet.before_by == "staff"
    assert (sheet.target, sheet.movement, sheet.nerves) == (DONE.target, DONE.movement, DONE.nerves)


def test_the_given_record_is_never_changed() -> None:
    given = without_blocks()
    document = put_readings(add_block(given, DONE, AFTERNOON)[0], 0, [Felt(Decimal(1), 60)], AFTERNOON, "staff")
    assert given == without_blocks() and document["blocks"]


def test_a_block_of_a_day_or_time_to_come_is_refused() -> None:
    with pytest.raises(InputError, match="The day of the block is in the future"):
        add_block(without_blocks(), replace(DONE, date=date(2026, 11, 21)), AFTERNOON)
    with pytest.raises(InputError, match="The time when it was felt is in the future"):
        add_block(without_blocks(), replace(DONE, at=time(16)), AFTERNOON)


def test_the_scores_of_the_sheet_are_those_that_decide_reads() -> None:
    document = put_readings(blocked(), 0, [Felt(Decimal(2), 30), Felt(Decimal(1), 15)], AFTERNOON, "staff")
    assert after(document) == [(15, 1), (30, 2)]
    record = record_of(document, "record")
    answer = decide(record, policy("hny-2025"), DAY).to_json()
    block = next(finding for finding in answer["findings"] if finding["criterion"] == "positive-block")
    assert block["truth"] == "met" and block["because"][0]["value"] == 71.4


def test_a_score_given_again_replaces_the_one_of_its_minute_and_nothing_stands_twice() -> None:
    document = put_readings(blocked(), 0, [Felt(Decimal(3), 60)], at(10, 31), "patient")
    again = put_readings(document, 0, [Felt(Decimal(2), 60)], AFTERNOON, "staff")
    assert after(again) == [(60, 2)]
    (reading,) = sheet_of(clinic_of(again), 0).readings
    assert reading.by == "staff" and reading.entered_at == AFTERNOON


def test_a_score_sent_again_unchanged_keeps_when_and_by_whom_it_was_entered() -> None:
    document = put_readings(blocked(), 0, [Felt(Decimal(3), 60)], at(10, 31), "patient")
    assert put_readings(document, 0, [Felt(Decimal("3.0"), 60)], AFTERNOON, "staff") == document


def test_scores_that_the_record_held_before_the_sheet_stay_beside_it() -> None:
    given = without_blocks()
    given["blocks"] = [{"date": "2026-11-20", "before": 7, "after": [{"minutes": 30, "score": 4}, {"score": 3}]}]
    document = put_readings(given, 0, [Felt(Decimal(2), 30), Felt(Decimal(1), 60)], AFTERNOON, "staff")
    assert after(document) == [(None, 3), (30, 2), (60, 1)]


def test_a_score_taken_out_leaves_the_sheet_and_the_record() -> None:
    document = put_readings(blocked(), 0, [Felt(Decimal(3), 30), Felt(Decimal(2), 60)], AFTERNOON, "staff")
    assert after(remove_reading(document, 0, 30)) == [(60, 2)]
    assert "after" not in remove_reading(remove_reading(document, 0, 30), 0, 60)["blocks"][0]


def test_a_score_is_live_up_to_half_an_hour_after_it_was_felt_later_beyond_and_not_known_without_a_time() -> None:
    felt = at(10, 30)
    for entered, expected in (
        (felt, Timing.LIVE),
        (felt + LATE_AFTER, Timing.LIVE),
        (felt + LATE_AFTER + timedelta(seconds=1), Timing.LATER),
    ):
        document = put_readings(blocked(now=felt), 0, [Felt(Decimal(3), 60)], entered, "patient")
        assert [line.timing for line in slots(document, 0, AFTERNOON) if line.reading] == [expected]
    untimed = put_readings(blocked(replace(DONE, at=None)), 0, [Felt(Decimal(3), 60)], AFTERNOON, "staff")
    assert [line.timing for line in slots(untimed, 0, AFTERNOON) if line.reading] == [Timing.NOT_KNOWN]


def test_a_score_written_without_a_network_counts_by_when_it_was_written_and_says_when_it_came() -> None:
    felt = Felt(Decimal(3), 60, written_at=at(10, 33))
    document = put_readings(blocked(), 0, [felt], AFTERNOON, "patient")
    (reading,) = sheet_of(clinic_of(document), 0).readings
    assert (reading.entered_at, reading.received_at) == (at(10, 33), AFTERNOON)
    ahead = put_readings(blocked(), 0, [replace(felt, written_at=at(16))], AFTERNOON, "patient")
    (reading,) = sheet_of(clinic_of(ahead), 0).readings
    assert (reading.entered_at, reading.received_at) == (AFTERNOON, None)


def test_a_time_felt_becomes_minutes_after_the_block() -> None:
    document = put_readings(blocked(), 0, [Felt(Decimal(3), felt_at=at(11, 15))], AFTERNOON, "patient")
    assert after(document) == [(105, 3)]


@pytest.mark.parametrize(
    ("felt", "says"),
    [
        (Felt(Decimal(3), 0), "A score is of 1 to 4320 minutes after the block"),
        (Felt(Decimal(3), 4321), "A score is of 1 to 4320 minutes after the block"),
        (Felt(Decimal(3), 480), "The time when it was felt is in the future"),
        (Felt(Decimal(3), felt_at=at(9)), "A score was felt before the block was done"),
        (Felt(Decimal(11), 60), "score is over 10"),
        (Felt(Decimal(-1), 60), "score is under 0"),
    ],
)
def test_a_score_that_cannot_be_is_refused_in_words(felt: Felt, says: str) -> None:
    with pytest.raises(InputError, match=says):
        put_readings(blocked(), 0, [felt], AFTERNOON, "patient")


def test_a_time_felt_says_nothing_while_the_time_of_the_block_is_not_known() -> None:
    untimed = blocked(replace(DONE, at=None))
    with pytest.raises(InputError, match="It is not known when the block was done"):
        put_readings(untimed, 0, [Felt(Decimal(3), felt_at=at(11))], AFTERNOON, "staff")


def test_there_is_no_sheet_for_a_block_that_is_not_there() -> None:
    with pytest.raises(InputError, match="There is no block 2 in this record"):
        put_readings(blocked(), 1, [Felt(Decimal(3), 60)], AFTERNOON, "staff")
    with pytest.raises(InputError, match="There is no block 0"):
        judge(blocked(), -1, Judgement())
    with pytest.raises(InputError, match="There is no block 1"):
        put_before(without_blocks(), 0, Decimal(3), AFTERNOON, "patient")


def test_the_schedule_asks_at_15_and_30_minutes_hourly_to_8_hours_and_the_next_morning() -> None:
    lines = slots(blocked(), 0, AFTERNOON)
    assert [line.minutes for line in lines] == [15, 30, 60, 120, 180, 240, 300, 360, 420, 480, 22 * 60 + 30]
    assert lines[-1].says == "The next morning" and lines[-1].at == at(8, day=21)
    assert (lines[0].says, lines[3].says) == ("15 minutes", "2 hours")
    untimed = slots(blocked(replace(DONE, at=None)), 0, AFTERNOON)
    assert untimed[-1].minutes is None and {line.at for line in untimed} == {None}


def test_another_minute_has_its_own_line_in_its_place() -> None:
    document = put_readings(blocked(), 0, [Felt(Decimal(3), 75)], AFTERNOON, "patient")
    assert [line.says for line in slots(document, 0, AFTERNOON)][2:5] == ["1 hour", "1 hour 15 minutes", "2 hours"]


def test_the_night_the_clocks_change_moves_no_score() -> None:
    """Summer time ended at 2 on 25 October 2026: 8 in the morning is then 11 hours after 10 at night."""
    london = ZoneInfo("Europe/London")
    now = datetime(2026, 10, 25, 9, 0, tzinfo=london)
    document = add_block(without_blocks(), replace(DONE, date=date(2026, 10, 24), at=time(22)), now)[0]
    lines = slots(document, 0, now)
    assert lines[-1].minutes == 11 * 60 and lines[-1].at == datetime(2026, 10, 25, 8, tzinfo=london)
    assert lines[6].at is not None and lines[6].at.astimezone(UTC) == datetime(2026, 10, 25, 2, tzinfo=UTC)


def test_the_score_that_is_due_is_the_last_whose_time_has_come_until_it_is_given_or_too_late() -> None:
    document = blocked(now=at(9, 30))
    lines = slots(document, 0, at(9, 30))
    assert due(lines, at(9, 40)) is None
    first = due(lines, at(9, 46))
    assert first is not None and first.minutes == 15
    hour = due(lines, at(10, 45))
    assert hour is not None and hour.minutes == 60
    assert due(lines, at(11, 1)) is None, "over half an hour late is no longer live"
    soon = coming(lines, at(11, 1))
    assert soon is not None and soon.minutes == 120
    given = put_readings(document, 0, [Felt(Decimal(2), 60)], at(10, 45), "patient")
    assert due(slots(given, 0, at(10, 46)), at(10, 46)) is None
    untimed = slots(blocked(replace(DONE, at=None)), 0, AFTERNOON)
    assert due(untimed, AFTERNOON) is None and coming(untimed, AFTERNOON) is None


def test_the_next_morning_is_at_8_whatever_the_second_of_the_block() -> None:
    for seconds in (0, 1, 29, 30, 31, 59):
        block = {"blocks": [{"date": "2026-11-20"}]}
        done_at = at(9, 30).replace(second=seconds).isoformat()
        document = {**without_blocks(), **block, "clinic": {"sheets": [{"block": 0, "done_at": done_at}]}}
        last = slots(document, 0, AFTERNOON)[-1]
        assert (last.says, last.at) == ("The next morning", at(8, day=21)), seconds


def test_the_next_score_is_none_that_was_just_given() -> None:
    """A score of now stands at the nearest minute, which may be half a minute on."""
    now = at(10, 40).replace(second=40)
    document = put_readings(blocked(), 0, [Felt(Decimal(3), felt_at=now)], now, "patient")
    lines = slots(document, 0, now)
    assert any(line.minutes == 71 and line.at and line.at > now for line in lines)
    soon = coming(lines, now)
    assert soon is not None and soon.minutes == 120
    last = coming(
        slots(put_readings(blocked(), 0, [Felt(Decimal(3), 2911)], at(10, day=22), "patient"), 0, AFTERNOON),
        at(9, day=21),
    )
    assert last is None, "nothing more is asked for"


def test_the_score_before_is_kept_with_when_and_by_whom() -> None:
    document = put_before(blocked(replace(DONE, before=None)), 0, Decimal(8), at(9, 31), "patient")
    sheet = sheet_of(clinic_of(document), 0)
    assert document["blocks"][0]["before"] == 8 and (sheet.before_entered_at, sheet.before_by) == (at(9, 31), "patient")
    changed = change_block(document, 0, replace(DONE, before=Decimal(8)), AFTERNOON)
    assert sheet_of(clinic_of(changed), 0).before_by == "patient", "the same score was not entered again"


def test_another_time_of_the_block_moves_copied_scores_and_leaves_a_patients_own_when_they_were_felt() -> None:
    document = put_readings(blocked(), 0, [Felt(Decimal(3), 60)], at(10, 31), "patient")
    document = put_readings(document, 0, [Felt(Decimal(2), 120)], AFTERNOON, "staff")
    moved = change_block(document, 0, replace(DONE, at=time(9, 40)), AFTERNOON)
    assert after(moved) == [(50, 3), (120, 2)]
    assert [reading.felt_at for reading in sheet_of(clinic_of(moved), 0).readings] == [at(10, 30), at(11, 40)]


def test_a_time_of_the_block_that_would_put_two_scores_at_one_minute_is_refused() -> None:
    document = put_readings(blocked(), 0, [Felt(Decimal(3), 60)], at(10, 31), "patient")
    document = put_readings(document, 0, [Felt(Decimal(2), 50)], AFTERNOON, "staff")
    with pytest.raises(InputError, match="Two scores would stand at one minute after the block"):
        change_block(document, 0, replace(DONE, at=time(9, 40)), AFTERNOON)


def test_a_judgement_is_the_clinicians_and_taken_back_it_is_unknown_again() -> None:
    judged = judge(blocked(), 0, Judgement(positive=True, prolonged=False, stated_relief_percent=Decimal(80)))
    block = judged["blocks"][0]
    assert (block["positive"], block["prolonged"], block["stated_relief_percent"]) == (True, False, 80)
    assert "relief_hours" not in block
    assert "positive" not in judge(judged, 0, Judgement())["blocks"][0]


def test_scores_alone_never_make_a_block_positive() -> None:
    document = put_readings(blocked(), 0, [Felt(Decimal(0), 15), Felt(Decimal(0), 30)], AFTERNOON, "staff")
    assert "positive" not in document["blocks"][0] and "stated_relief_percent" not in document["blocks"][0]


def test_a_second_block_has_a_sheet_of_its_own() -> None:
    first = put_readings(blocked(), 0, [Felt(Decimal(1), 15)], AFTERNOON, "staff")
    second, place = add_block(first, DONE, AFTERNOON)
    second = put_readings(second, place, [Felt(Decimal(5), 15)], AFTERNOON, "staff")
    assert place == 1 and after(second) == [(15, 1)] and after(second, 1) == [(15, 5)]
    noted = note_medicines(second, 1, " paracetamol\r\n at noon ")
    assert [sheet.medicines for sheet in clinic_of(noted).sheets] == [None, "paracetamol at noon"]


def test_what_the_sheet_holds_comes_back_from_the_store_and_the_trail_verifies(store: Store) -> None:
    held = store.add(without_blocks(), "ann")
    document = put_readings(blocked(), 0, [Felt(Decimal("1.5"), 15)], AFTERNOON, "staff")
    stored = store.save("example", document, held.version, "ann")
    assert clinic_of(store.get("example").document).sheets == clinic_of(document).sheets
    corrected = put_readings(stored.document, 0, [Felt(Decimal(2), 15)], AFTERNOON, "staff")
    store.save("example", corrected, stored.version, "bob")
    assert after(dict(store.get("example").document)) == [(15, 2)] and store.faults() == ()


def test_two_unlike_scores_of_one_minute_are_refused_and_two_alike_are_one() -> None:
    at_15 = Felt(Decimal(2), 15)
    with pytest.raises(InputError, match="Two unlike scores were given for 15 minutes after the block"):
        put_readings(blocked(), 0, [at_15, Felt(Decimal(8), felt_at=at(9, 45))], AFTERNOON, "staff")
    alike = put_readings(blocked(), 0, [at_15, Felt(Decimal(2), felt_at=at(9, 45))], AFTERNOON, "staff")
    assert after(alike) == [(15, 2)]


def test_a_patients_own_score_is_replaced_by_staff_in_its_own_line_only() -> None:
    document = put_readings(blocked(), 0, [Felt(Decimal(3), 60)], at(10, 31), "patient")
    with pytest.raises(InputError, match="The patient gave a score at 1 hour themselves"):
        put_readings(document, 0, [Felt(Decimal(2), felt_at=at(10, 30))], AFTERNOON, "staff")
    assert after(put_readings(document, 0, [Felt(Decimal(2), 60)], AFTERNOON, "staff")) == [(60, 2)]
    assert after(put_readings(document, 0, [Felt(Decimal(2), felt_at=at(10, 30))], AFTERNOON, "patient")) == [(60, 2)]


def test_a_score_before_the_block_that_is_taken_out_is_not_known_again() -> None:
    document = remove_before(blocked(), 0)
    assert "before" not in document["blocks"][0]
    sheet = sheet_of(clinic_of(document), 0)
    assert (sheet.before_entered_at, sheet.before_by) == (None, None)
    assert remove_before(document, 0) == document


def test_a_sheet_is_open_until_its_last_line_is_filled_in_or_over() -> None:
    document = put_readings(blocked(), 0, [Felt(Decimal(3), 60)], AFTERNOON, "staff")
    morning = at(8, day=21)
    assert open_until(slots(document, 0, AFTERNOON), AFTERNOON) == morning + LATE_AFTER
    late = morning + LATE_AFTER + timedelta(minutes=1)
    assert open_until(slots(document, 0, late), late) is None
    untimed = slots(blocked(replace(DONE, at=None)), 0, AFTERNOON)
    assert open_until(untimed, AFTERNOON) is None
