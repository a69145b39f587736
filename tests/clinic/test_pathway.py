"""Where a patient stands, and until when that is true."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from facetwise.clinic.made_up import made_up_clinic
from facetwise.clinic.pathway import NEVER, listed
from facetwise.guidance.library import POLICIES

TODAY = date(2026, 11, 20)
EVERY = list(made_up_clinic(TODAY, 7, 80))


@pytest.mark.parametrize("document", EVERY, ids=lambda document: str(document["id"]))
def test_a_line_stays_true_until_the_day_it_names(document: dict[str, object]) -> None:
    """Told anew on every later day for two years, it changes on no day that was not named."""
    policy = list(POLICIES)[len(str(document["id"])) % len(POLICIES)]
    told = listed(document, policy, TODAY)
    for ago in range(1, 730, 1):
        day = TODAY + timedelta(days=ago)
        again = listed(document, policy, day)
        if day < told.until:
            assert (again.next, again.rank, again.flags, again.outcome) == (
                told.next,
                told.rank,
                told.flags,
                told.outcome,
            ), day
        else:
            told = again


def test_a_patient_of_whom_nothing_is_known_is_at_information_and_waits_for_evidence() -> None:
    told = listed({"id": "p"}, "nice-ng59", TODAY)
    assert (told.next.stage, told.next.step, told.outcome) == ("information", "collect-evidence", "cannot-tell")
    assert told.until == NEVER and told.flags == ()


def test_an_alert_comes_before_a_red_flag_a_red_flag_before_a_hold_and_those_before_the_rest() -> None:
    alert = {"id": "a", "at": "2026-11-20T09:00:00+00:00", "signs": ["infection"], "where": "diary"}
    hold = {"conditions": {"pacemaker": True}}
    flag = {"conditions": {"pacemaker": True, "fracture": True}}
    rank = [
        listed({"id": "p", **held}, "nice-ng59", TODAY).rank
        for held in ({**flag, "clinic": {"alerts": [alert]}}, flag, hold, {})
    ]
    assert rank == [0, 1, 2, 5]
    seen = {**alert, "seen_at": "2026-11-20T10:00:00+00:00", "seen_by": "ann"}
    assert listed({"id": "p", "clinic": {"alerts": [seen]}}, "nice-ng59", TODAY).rank == 5


@pytest.mark.parametrize(
    ("readings", "asked", "stage"),
    [
        ([], None, "follow-up"),
        ([("2026-03-01", 70)], None, "follow-up"),
        ([("2026-03-01", 70), ("2026-09-01", 50)], None, "follow-up"),
        ([("2026-03-01", 70), ("2026-09-01", 49)], None, "repeat"),
        ([("2026-03-01", 20)], None, "follow-up"),
        ([("2026-03-01", 70)], "2026-11-01", "repeat"),
    ],
)
def test_a_repeat_is_due_once_relief_has_ended_or_it_was_asked_for_anew(
    readings: list[tuple[str, int]], asked: str | None, stage: str
) -> None:
    """A policy that is met is no reason by itself: relief that never came, or still lasts, is followed up."""
    document = next(d for d in EVERY if d["id"] == "ravi-better")
    done = {**document["denervations"][0], "date": "2026-01-20"}
    done["relief"] = [{"date": day, "percent": percent} for day, percent in readings]
    clinic = {**document["clinic"], "follow_ups": []}
    request = {**document["request"], "date": asked or "2025-10-01"}
    told = listed({**document, "denervations": [done], "clinic": clinic, "request": request}, "nice-ng59", TODAY)
    assert told.next.stage == stage
