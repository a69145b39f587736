"""What comes next in the patient's words, which sheets are open, and the questions to ask."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from facetwise.clinic.letters.questions import MOST, leaflet_questions, put_questions
from facetwise.clinic.model.clinic_record import clinic_of
from facetwise.clinic.pathway.next_for_patient import SHEET_OPEN_DAYS, open_sheets, whats_next
from facetwise.errors import InputError
from tests.clinic.patient import DAY, without_blocks


def with_clinic_part(**clinic: Any) -> dict[str, Any]:
    return {**without_blocks(), "clinic": clinic}


def test_nothing_planned_is_said_and_promises_nothing() -> None:
    assert whats_next(without_blocks(), DAY) == (
        "Nothing is booked for you at the moment. The clinic gets in touch about the next step.",
    )


def test_what_is_booked_stands_in_the_order_of_its_day_and_what_is_past_is_not_told() -> None:
    looks = [
        {"id": "a", "denervation": 0, "due": "2026-12-24", "name": "6 weeks"},
        {"id": "b", "denervation": 0, "due": "2027-02-12", "name": "3 months"},
    ]
    document = with_clinic_part(block_booked="2026-11-19", procedure_booked="2027-01-04", follow_ups=looks)
    assert whats_next(document, DAY) == (
        "Your next follow-up (6 weeks) is due on 24 December 2026.",
        "Your procedure is booked for 4 January 2027.",
    )
    assert "19 November" not in " ".join(whats_next(document, DAY))
    done = with_clinic_part(follow_ups=[{**looks[0], "done": "2026-11-01"}])
    assert whats_next(done, DAY)[0].startswith("Nothing is booked")


def test_a_booking_of_today_still_stands() -> None:
    assert "20 November 2026" in whats_next(with_clinic_part(block_booked="2026-11-20"), DAY)[0]


def test_a_sheet_is_open_from_its_block_for_a_week_the_latest_first() -> None:
    document = {**without_blocks(), "blocks": [{"date": "2026-11-14"}, {"date": "2026-11-20"}, {}]}
    assert [sheet.place for sheet in open_sheets(document, DAY)] == [1, 0]
    assert open_sheets(document, DAY - timedelta(days=7)) == ()
    last = DAY + timedelta(days=SHEET_OPEN_DAYS)
    assert [sheet.place for sheet in open_sheets(document, last)] == [1]
    assert open_sheets(document, last + timedelta(days=1)) == ()


def test_the_questions_of_the_leaflet_are_those_of_the_leaflet() -> None:
    assert "What else could I try for my pain?" in leaflet_questions(without_blocks())
    assert leaflet_questions({**without_blocks(), "request": {"region": "cervical"}})
    assert leaflet_questions({})


def test_questions_written_in_two_places_are_both_kept() -> None:
    """What a form did not show was written elsewhere meanwhile: sending the form does not lose it."""
    held = put_questions(put_questions(without_blocks(), "One?\nTwo?"), "One?\nTwo?\nThree?", "One?\nTwo?")
    late = put_questions(held, "Two?\nFour?", "One?\nTwo?")
    assert clinic_of(late).questions == ("Two?", "Four?", "Three?")


def test_own_questions_are_kept_one_a_line_and_too_many_or_too_long_are_refused() -> None:
    document = put_questions(without_blocks(), " May I drive? \r\n\r\nWho does it?\n")
    assert clinic_of(document).questions == ("May I drive?", "Who does it?")
    assert clinic_of(put_questions(document, "", "May I drive?\nWho does it?")).questions == ()
    for text in ("x\n" * (MOST + 1), "x" * 501):
        with pytest.raises(InputError, match="Write at most 30 questions"):
            put_questions(document, text)
