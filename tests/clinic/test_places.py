"""Places that point into the record's lists: moved with what comes and goes, and never at what is not there."""

from __future__ import annotations

from typing import Any

import pytest

from facetwise.clinic.follow_up.follow_up import schedule
from facetwise.clinic.model.clinic_record import clinic_of
from facetwise.clinic.model.list_references import goes_with, refuse_lost, session_of
from facetwise.clinic.pathway.missing_answers import without_event
from facetwise.clinic.procedure.checklist import begin, is_prepared, procedure_at
from facetwise.clinic.procedure.lesions import write_down
from facetwise.errors import InputError
from facetwise.record.parse import record_of
from tests.clinic.test_lesions import OLD, begun, done, row
from tests.clinic.test_procedure import CLINICIAN, EVERYTHING, LEFT, NOW

BOTH = (row("L3"), row("L4"), row("L3", "right"), row("L4", "right"), row("L5", "right"))


def two_procedures() -> dict[str, Any]:
    """One done elsewhere long ago, one with unlike sides (two entries), and one of the neck after it."""
    first = done(*BOTH, before=begun(denervations=[OLD]))
    second = begin(first, LEFT, EVERYTHING, CLINICIAN, NOW)
    neck = write_down(second, 1, {"nerves": [row("C3"), row("C4")]}, NOW)
    return schedule(schedule(neck, 1), 3)


def pointed(document: dict[str, Any]) -> list[tuple[int | None, tuple[int, ...]]]:
    return [(held.denervation, held.also) for held in clinic_of(document).procedures]


def levels(document: dict[str, Any]) -> list[Any]:
    return [entry.get("levels") for entry in document["denervations"]]


@pytest.mark.parametrize(
    ("place", "procedures", "looks"),
    [
        (0, [(0, (1,)), (2, ())], {0, 2}),
        (1, [(1, ()), (2, ())], {1, 2}),
        (2, [(1, ()), (2, ())], {1, 2}),
        (3, [(1, (2,)), (None, ())], {1}),
    ],
)
def test_every_place_moves_when_a_denervation_is_taken_away_and_a_later_save_overwrites_no_other(
    place: int, procedures: list[Any], looks: set[int]
) -> None:
    """The further places of a procedure with unlike sides too."""
    before = two_procedures()
    left = without_event(before, "denervations", place)
    assert pointed(left) == procedures
    assert {look.denervation for look in clinic_of(left).follow_ups} == looks
    refuse_lost(left)
    record_of(left, "p")
    saved = write_down(left, 0, {}, NOW)
    others = [entry for entry in saved["denervations"] if entry not in before["denervations"][1:3]]
    assert others == [before["denervations"][n] for n in (0, 3) if n != place]
    refuse_lost(saved)


def test_what_was_written_down_of_a_procedure_outlives_its_denervation() -> None:
    """Nerves, checklist and consent are kept; it is marked, is not taken for one only prepared, and can be put back."""
    before = schedule(done(row("L3"), row("L4")), 0)
    left = without_event(before, "denervations", 0)
    kept = procedure_at(left, 0)
    assert left["denervations"] == [] and clinic_of(left).follow_ups == ()
    assert (kept.denervation, kept.withdrawn, kept.nerves) == (None, True, procedure_at(before, 0).nerves)
    assert kept.checklist.consent and not is_prepared(kept)
    again = write_down(left, 0, {}, NOW)
    assert again["denervations"] == before["denervations"] and procedure_at(again, 0).withdrawn is None


def test_what_goes_with_an_event_and_what_stays_is_told() -> None:
    both = two_procedures()
    both["denervations"][3]["relief"] = [{"date": "2026-11-20", "percent": 50}]
    assert goes_with(both, "denervations", 0) == ""
    assert goes_with(both, "denervations", 2) == "What was written down of procedure 1 stays."
    assert goes_with(both, "denervations", 3) == (
        "With it go 1 reading of relief and 4 planned reviews. What was written down of procedure 2 stays."
    )
    sheet = {
        "block": 1,
        "readings": [{"minutes": 15, "score": 3, "entered_at": "2026-09-03T10:00:00+01:00", "by": "staff"}],
    }
    blocks = {**both, "clinic": {**both["clinic"], "sheets": [sheet]}}
    assert [goes_with(blocks, "blocks", n) for n in (0, 1)] == ["", "Its score sheet goes with it."]
    assert goes_with(both, "scores", 0) == ""


@pytest.mark.parametrize(
    ("clinic", "says"),
    [
        ({"procedures": [{"denervation": 1}]}, r"clinic.procedures\[0\].denervation points at denervations\[1\]"),
        ({"procedures": [{"denervation": 0, "also": [7]}]}, r"points at denervations\[7\], and the record has none"),
        ({"follow_ups": [{"id": "f", "denervation": 3, "due": "2027-01-01", "name": "x"}]}, r"follow_ups\[0\]"),
        ({"sheets": [{"block": 0}]}, r"sheets\[0\].block points at blocks\[0\]"),
        ({"procedures": [{"denervation": 0}, {"denervation": 0}]}, "Two of clinic.procedures point at the same"),
    ],
)
def test_a_record_that_points_at_what_it_does_not_hold_is_refused_in_words(clinic: Any, says: str) -> None:
    document = {"schema": "facetwise.record/1", "denervations": [OLD], "clinic": clinic}
    with pytest.raises(InputError, match=says):
        refuse_lost(document)
    refuse_lost({**document, "clinic": {"procedures": [{"denervation": 0}, {}]}})
    refuse_lost({"schema": "facetwise.record/1"})


def test_a_place_that_is_lost_already_is_let_go_and_fails_nowhere() -> None:
    """A record kept before places were looked at: saving its procedure puts its denervation at the end."""
    held = {"denervation": 5, "also": [6], "planned": "2026-11-20", "nerves": [row("L3"), row("L4")]}
    other = {"denervation": 9}
    lost = {"schema": "facetwise.record/1", "denervations": [OLD], "clinic": {"procedures": [held, other]}}
    saved = write_down(lost, 0, {}, NOW)
    assert levels(saved) == [["L3/4"], ["L4/5"]] and pointed(saved) == [(1, ()), (None, ())]
    assert session_of(lost, 0) == (0,)
