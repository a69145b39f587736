"""Where a patient stands, and until when that is true."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from facetwise.clinic.demo.clinic import made_up_clinic
from facetwise.clinic.pathway.plans import bound
from facetwise.clinic.pathway.status import NEVER, Listed, listed
from facetwise.guidance.safety import RED_FLAGS, SAFETY
from facetwise.library import POLICIES

TODAY = date(2026, 11, 20)
EVERY = list(made_up_clinic(TODAY, 7, 80))
READY: dict[str, Any] = {
    "id": "p",
    "born": "1970-05-01",
    "request": {"region": "lumbar", "levels": ["L4/5"], "sides": ["left"], "technique": "thermal"},
    "pain": {"since": "2025-01-10", "axial": True},
    "assessment": {"facet_suspected": True},
    "scores": [{"date": "2026-08-01", "scale": "NRS", "value": 7, "context": "referral"}],
    "care": [{"kind": "physiotherapy", "from": "2025-02-01", "to": "2025-06-01", "outcome": "failed"}],
    "blocks": [
        {
            "date": "2026-08-20",
            "kind": "medial-branch-block",
            "region": "lumbar",
            "levels": ["L4/5"],
            "sides": ["left"],
            "positive": True,
        }
    ],
    "conditions": {caution.id: False for caution in (*RED_FLAGS, *SAFETY)},
    "complete": ["blocks"],
    "clinic": {"informed": "2026-09-01"},
}
"""Somebody who meets NG59, with nothing that holds."""


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
        ([("2026-06-01", 70)], None, "follow-up"),
        ([("2026-06-01", 70), ("2026-09-01", 50)], None, "follow-up"),
        ([("2026-06-01", 70), ("2026-09-01", 49)], None, "repeat"),
        ([("2026-06-01", 20)], None, "follow-up"),
        ([("2026-06-01", 70)], "2026-11-01", "repeat"),
    ],
)
def test_a_repeat_is_due_once_relief_has_ended_or_it_was_asked_for_anew(
    readings: list[tuple[str, int]], asked: str | None, stage: str
) -> None:
    """A policy that is met is no reason by itself: relief that never came, or still lasts, is followed up."""
    document = next(d for d in EVERY if d["id"] == "ravi-better")
    done = {**document["denervations"][0], "date": "2026-05-01"}
    done["relief"] = [{"date": day, "percent": percent} for day, percent in readings]
    clinic = {**document["clinic"], "follow_ups": []}
    request = {**document["request"], "date": asked or "2025-10-01"}
    told = listed({**document, "denervations": [done], "clinic": clinic, "request": request}, "nice-ng59", TODAY)
    assert told.next.stage == stage


def line(today: date = TODAY, policy: str = "nice-ng59", **parts: Any) -> Listed:
    """A patient of whom everything NG59 asks is recorded, with parts of the record put otherwise."""
    return listed({**READY, **parts}, policy, today)


def clinic(**parts: Any) -> dict[str, Any]:
    return {"informed": "2026-09-01", **parts}


DONE = [{"date": "2026-09-01", "region": "lumbar", "levels": ["L4/5"], "sides": ["left"], "technique": "thermal"}]
LOOK = {"id": "l1", "denervation": 0, "due": "2026-10-13", "name": "6 weeks"}


@pytest.mark.parametrize(
    ("parts", "stage", "step", "day"),
    [
        ({}, "preparation", "offer-denervation", NEVER),
        ({"clinic": clinic(procedure_booked="2026-12-10")}, "preparation", "procedure-booked", date(2026, 12, 10)),
        ({"clinic": clinic(procedure_booked="2026-11-10")}, "preparation", "record-procedure", date(2026, 11, 10)),
        (
            {"clinic": clinic(procedure_booked="2026-11-20", procedures=[{"planned": "2026-11-20", "stopped": True}])},
            "preparation",
            "offer-denervation",
            NEVER,
        ),
        ({"clinic": clinic(choice="not-now")}, "preparation", "patient-decides", NEVER),
        ({"clinic": clinic(choice="no")}, "ended", "ended", NEVER),
        ({"denervations": DONE}, "follow-up", "follow-up", NEVER),
        ({"denervations": DONE, "clinic": clinic(follow_ups=[LOOK])}, "follow-up", "follow-up", date(2026, 10, 13)),
        (
            {"denervations": DONE, "clinic": clinic(follow_ups=[{**LOOK, "done": "2026-10-13"}])},
            "follow-up",
            "follow-up",
            NEVER,
        ),
        (
            {"denervations": DONE, "clinic": clinic(procedure_booked="2026-12-10")},
            "preparation",
            "procedure-booked",
            date(2026, 12, 10),
        ),
        (
            {"denervations": DONE, "clinic": clinic(block_booked="2026-12-10")},
            "block",
            "block-booked",
            date(2026, 12, 10),
        ),
        ({"denervations": [{**DONE[0], "date": "2015-05-01"}]}, "repeat", "repeat-denervation", NEVER),
        ({"denervations": [{**DONE[0], "region": "cervical"}]}, "preparation", "offer-denervation", NEVER),
        ({"denervations": [{"date": "2026-11-10", "region": "cervical"}]}, "preparation", "offer-denervation", NEVER),
        ({"denervations": [{"date": "2026-11-10"}]}, "recovery", "follow-up", NEVER),
        (
            {
                "denervations": [*DONE, {**DONE[0], "date": "2026-11-10"}],
                "clinic": clinic(follow_ups=[LOOK, {**LOOK, "id": "l2", "denervation": 1, "due": "2026-12-22"}]),
            },
            "recovery",
            "follow-up",
            date(2026, 12, 22),
        ),
    ],
)
def test_stage_step_and_day_follow_from_what_is_recorded_booked_and_planned(
    parts: dict[str, Any], stage: str, step: str, day: date
) -> None:
    """A denervation of another region, of long ago, or before a new booking does not hide what goes on now."""
    told = line(**parts)
    assert (told.next.stage, told.next.step, told.next.day) == (stage, step, day)


@pytest.mark.parametrize(("days", "stage"), [(41, "recovery"), (42, "follow-up"), (399, "follow-up"), (400, "repeat")])
def test_recovery_lasts_42_days_and_the_course_of_a_denervation_400(days: int, stage: str) -> None:
    done = [{**DONE[0], "date": (TODAY - timedelta(days=days)).isoformat()}]
    blocks = [{**READY["blocks"][0], "date": "2025-06-20"}]  # before any of them
    assert line(denervations=done, blocks=blocks).next.stage == stage


@pytest.mark.parametrize(
    ("after", "more", "today", "step"),
    [
        ([], {}, TODAY, "await-scores"),
        ([{"minutes": 15, "score": 3}], {}, TODAY, "await-scores"),
        ([{"minutes": m, "score": 3} for m in (15, 30, *range(60, 481, 60))], {}, TODAY, "collect-evidence"),
        ([], {"positive": False}, TODAY, "not-supported"),
        ([], {}, TODAY + timedelta(days=3), "ask-scores"),
        ([{"minutes": 15, "score": 3}], {}, TODAY + timedelta(days=3), "collect-evidence"),
    ],
)
def test_scores_are_awaited_until_the_sheet_is_full_or_judged_and_then_asked_for(
    after: list[dict[str, int]], more: dict[str, Any], today: date, step: str
) -> None:
    block = {**READY["blocks"][0], "date": TODAY.isoformat(), "before": 7, "after": after, **more}
    block.pop("positive", None) if "positive" not in more else None
    assert line(today, blocks=[block]).next.step == step


def test_a_hold_never_hides_a_due_look_nor_keeps_an_ended_pathway_on_top() -> None:
    held = {**READY["conditions"], "pacemaker": True}
    told = line(conditions=held, denervations=DONE, clinic=clinic(follow_ups=[LOOK]))
    assert (told.rank, told.next.step, told.next.day) == (5, "follow-up", date(2026, 10, 13))
    assert told.flags == ("Hold: pacemaker",)
    assert line(conditions=held, clinic=clinic(plan={"ended": True})).rank == 9
    booked = line(conditions=held, clinic=clinic(procedure_booked="2026-12-10"))
    assert (booked.rank, booked.next.step, booked.next.day) == (2, "resolve-hold", date(2026, 12, 10))


def test_no_plan_moves_a_red_flag_or_a_booking_or_hides_an_earlier_date() -> None:
    plan = {"holder": "patient", "due": "2027-12-24", "note": "Rings in a year."}
    flag = line(conditions={**READY["conditions"], "cauda_equina_signs": True}, clinic=clinic(plan=plan))
    assert (flag.rank, flag.next.holder, flag.next.day) == (1, "clinician", NEVER)
    booked = line(clinic=clinic(procedure_booked="2026-12-10", plan={**plan, "due": "2026-01-01"}))
    assert (booked.next.day, booked.next.day_is) == (date(2026, 12, 10), "booked")
    look = line(denervations=DONE, clinic=clinic(follow_ups=[LOOK], plan=plan))
    assert look.next.day == date(2026, 10, 13)
    assert line(clinic=clinic(plan=plan)).next.day == date(2027, 12, 24)


def test_what_was_agreed_for_one_step_does_not_stand_beside_another() -> None:
    """A first block was to be booked; with the block done, it is the clinician who may offer the denervation."""
    plan = {"holder": "coordinator", "due": "2026-11-17", "note": "Book a first block"}
    before = {**READY, "blocks": [], "clinic": clinic(plan=plan)}
    agreed = bound(before, "nice-ng59", TODAY)
    assert agreed["clinic"]["plan"]["step"] == "diagnostic-block"
    waits = listed(agreed, "nice-ng59", TODAY).next
    assert "Book a first block" in waits.says and (waits.holder, waits.day) == ("coordinator", date(2026, 11, 17))
    done = {**agreed, "blocks": READY["blocks"]}
    comes = listed(done, "nice-ng59", TODAY).next
    assert (comes.step, comes.holder, comes.day) == ("offer-denervation", "clinician", NEVER)
    assert "Book a first block" not in comes.says
    assert bound(done, "nice-ng59", TODAY) == done, "once bound it stays so"


def test_a_plan_made_while_a_sign_waits_is_for_whatever_comes_then() -> None:
    alert = {"id": "a", "at": "2026-11-19T10:00:00Z", "signs": ["cauda-equina"], "where": "the diary"}
    held = {**READY, "clinic": clinic(plan={"note": "Ring on Monday"}, alerts=[alert])}
    assert "step" not in bound(held, "nice-ng59", TODAY)["clinic"]["plan"]


@pytest.mark.parametrize("words", ["2026-02-30 rang, no answer", "2026-13-01", "2026-02-30", "9999-99-99T25:00"])
def test_words_that_begin_like_a_day_are_words(words: str) -> None:
    assert line(clinic=clinic(needs_note=words, plan={"note": words})).next.step == "offer-denervation"


BEGUN = {"planned": "2026-11-18", "started": "2026-11-18T09:00:00+00:00", "nerves": []}
ROW = {"nerve": "L4 medial branch", "side": "left"}
SAYS = "Procedure of 18 November begun: record the nerves."


@pytest.mark.parametrize(
    ("more", "step"),
    [
        ({}, "record-nerves"),
        ({"nerves": [ROW, {**ROW, "nerve": "L3 medial branch", "lesion": False}]}, "record-nerves"),
        ({"nerves": [{**ROW, "lesion": True}]}, "offer-denervation"),
        ({"stopped": True}, "offer-denervation"),
        ({"withdrawn": True}, "offer-denervation"),
        ({"started": None}, "offer-denervation"),
        ({"planned": "2026-11-21"}, "offer-denervation"),
    ],
)
def test_a_procedure_that_was_begun_asks_for_its_nerves_until_a_lesion_is_written_down(
    more: dict[str, Any], step: str
) -> None:
    held = {name: value for name, value in {**BEGUN, **more}.items() if value is not None}
    told = line(clinic=clinic(procedures=[held])).next
    assert (told.stage, told.step) == ("preparation", step)
    if step == "record-nerves":
        assert (told.says, told.holder, told.day, told.day_is) == (SAYS, "clinician", date(2026, 11, 18), "due")


def test_what_was_begun_comes_behind_alerts_flags_and_holds_and_before_everything_else() -> None:
    """An earlier denervation, a booking, a plan or an end does not hide that something was done and not recorded."""
    alert = {"id": "a", "at": "2026-11-20T09:00:00+00:00", "signs": ["infection"], "where": "diary"}
    begun = {"procedures": [BEGUN]}
    plan = {"holder": "patient", "due": "2026-01-01", "note": "Rings.", "ended": True}
    flag = {**READY["conditions"], "fracture": True}
    hold = {**READY["conditions"], "pacemaker": True}
    told = [
        line(clinic=clinic(**begun, alerts=[alert])),
        line(clinic=clinic(**begun), conditions=flag),
        line(clinic=clinic(**begun), conditions=hold, denervations=DONE),
        line(clinic=clinic(**begun, procedure_booked="2026-11-18"), denervations=DONE),
        line(clinic=clinic(**begun, plan=plan)),
    ]
    assert [(one.rank, one.next.step) for one in told] == [
        (0, "see-to-alert"),
        (1, "urgent-referral"),
        (2, "resolve-hold"),
        (5, "record-nerves"),
        (5, "record-nerves"),
    ]
    assert told[2].next.says.endswith(SAYS) and told[4].next.holder == "clinician"
