"""Before the procedure: what stands against it, who clears it, and how a clinician goes on."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from facetwise.clinic.model.clinic_record import Checklist, Procedure, clinic_of, with_clinic
from facetwise.clinic.procedure.checklist import (
    CHECKS,
    Actor,
    Against,
    Begin,
    CannotStartError,
    begin,
    despite_in_words,
    is_prepared,
    not_stopped,
    obstacles,
    procedure_at,
    rows,
    stop,
    take_back,
)
from facetwise.decide.decision import decide
from facetwise.errors import InputError
from facetwise.guidance.example_patient import example_patient
from facetwise.guidance.safety import RED_FLAGS, SAFETY
from facetwise.library import POLICIES
from facetwise.record.parse import record_of

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
CLINICIAN, COORDINATOR = Actor("dr.rao", True), Actor("sam", False)
EVERYTHING: dict[str, bool | None] = {check.id: True for check in CHECKS}
LEFT = Begin(TODAY, ["L4/5", "L5/S1"], ["left"], "thermal")


def patient(**conditions: bool | None) -> dict[str, Any]:
    """The example patient with some conditions said otherwise; None takes the answer away."""
    document = example_patient()
    held = {**document["conditions"], **conditions}
    return {**document, "conditions": {name: value for name, value in held.items() if value is not None}}


def checked() -> Checklist:
    return Checklist(**EVERYTHING)  # type: ignore[arg-type]


def test_a_patient_of_whom_everything_is_asked_and_nothing_holds_can_be_begun() -> None:
    document = patient()
    assert obstacles(document, checked(), TODAY) == ()
    begun = begin(document, LEFT, EVERYTHING, COORDINATOR, NOW)
    held = procedure_at(begun, 0)
    assert held.started == NOW and held.went_on is None and held.checklist.by == "sam"
    assert [(row.nerve, row.side, row.joints, row.lesion) for row in held.nerves] == [
        ("L3 medial branch", "left", ("L4/5",), None),
        ("L4 medial branch", "left", ("L4/5", "L5/S1"), None),
        ("L5 dorsal ramus", "left", ("L5/S1",), None),
    ]
    assert "clinic" not in document and begun["denervations"] == document["denervations"]


@pytest.mark.parametrize("caution", [*RED_FLAGS, *SAFETY], ids=lambda caution: caution.id)
def test_every_red_flag_and_every_hold_stands_against_it_and_so_does_not_knowing(caution: Any) -> None:
    """True: in the words and with the place that decide gives; absent: not asked; false: nothing."""
    expected = Against.RED_FLAG if caution in RED_FLAGS else Against.HOLD
    for said, kind in ((True, expected), (None, Against.NOT_ASKED), (False, None)):
        found = obstacles(patient(**{caution.id: said}), checked(), TODAY)
        assert [(item.id, item.kind) for item in found] == ([(caution.id, kind)] if kind else [])


@pytest.mark.parametrize("policy", POLICIES.values(), ids=lambda policy: policy.id)
def test_what_stands_against_it_is_what_decide_says_under_any_policy(policy: Any) -> None:
    document = patient(pacemaker=True, fracture=True, pregnant=None)
    decision = decide(record_of(document, "p"), policy, TODAY)
    found = obstacles(document, checked(), TODAY)
    told = {item.id for item in found if item.kind in (Against.RED_FLAG, Against.HOLD)}
    assert told == {item.id for item in (*decision.red_flags, *decision.holds)}
    assert {item.id for item in found if item.kind is Against.NOT_ASKED} == {"pregnant"}


@pytest.mark.parametrize("answer", [False, None])
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_a_line_of_the_checklist_without_a_yes_stands_against_it(check: Any, answer: bool | None) -> None:
    with pytest.raises(CannotStartError) as refused:
        begin(patient(), LEFT, {**EVERYTHING, check.id: answer}, COORDINATOR, NOW)
    assert [item.id for item in refused.value.obstacles] == [check.id]


def test_the_refusal_says_what_stands_against_it_and_what_to_do() -> None:
    with pytest.raises(CannotStartError) as refused:
        begin(patient(bleeding_disorder=True), LEFT, {**EVERYTHING, "consent": None}, CLINICIAN, NOW)
    assert str(refused.value) == (
        "The procedure cannot start as things stand: "
        "(1) A bleeding disorder: hold until the operator and haematology have advised. "
        "(2) Consent is not recorded. "
        "Resolve them, or have a clinician write why it goes on."
    )


def test_a_hold_is_cleared_by_a_named_clinician_and_only_the_holds_that_were_there() -> None:
    """A hold that comes later is not cleared by an earlier tick."""
    document = patient(anticoagulant=True)
    cleared = {**EVERYTHING, "holds_cleared": True}
    with pytest.raises(InputError, match="Holds are cleared by a clinician, by name"):
        begin(document, LEFT, cleared, COORDINATOR, NOW)
    held = procedure_at(begin(document, LEFT, cleared, CLINICIAN, NOW), 0)
    assert held.checklist.cleared == ("anticoagulant",) and held.checklist.by == "dr.rao"
    later = obstacles(patient(anticoagulant=True, pacemaker=True), held.checklist, TODAY)
    assert [item.id for item in later] == ["pacemaker"]


def test_clearing_holds_clears_no_red_flag_and_nothing_that_was_not_asked() -> None:
    cleared = {**EVERYTHING, "holds_cleared": True}
    with pytest.raises(CannotStartError) as refused:
        begin(patient(anticoagulant=True, fracture=True, icd=None), LEFT, cleared, CLINICIAN, NOW)
    assert [item.id for item in refused.value.obstacles] == ["fracture", "icd"]


def test_a_clinician_goes_on_with_a_written_reason_which_is_kept_with_what_it_outweighed() -> None:
    given = Begin(TODAY, ["L4/5"], ["left"], why="  discussed with cardiology  ")
    document = patient(pacemaker=True)
    held = procedure_at(begin(document, given, EVERYTHING, CLINICIAN, NOW), 0)
    assert held.went_on is not None
    assert (held.went_on.why, held.went_on.by, held.went_on.despite) == (
        "discussed with cardiology",
        "dr.rao",
        ("pacemaker",),
    )
    with pytest.raises(InputError, match="Only a clinician can go on"):
        begin(document, given, EVERYTHING, COORDINATOR, NOW)


def test_what_a_reason_outweighed_is_told_in_the_words_of_the_questions() -> None:
    given = Begin(TODAY, ["L4/5"], ["left"], why="discussed")
    alert = {"id": "a", "at": "2026-11-20T09:00:00+00:00", "signs": ["infection"], "where": "diary"}
    document = {**patient(pacemaker=True, icd=None), "clinic": {"alerts": [alert]}}
    asked = {**EVERYTHING, "consent": False, "identity_and_site": None}
    held = procedure_at(begin(document, given, asked, CLINICIAN, NOW), 0)
    assert despite_in_words(held.went_on) == (
        "not confirmed: consent; identity and site; "
        "answered with yes or not asked: Does the patient have a pacemaker? "
        "Does the patient have an implanted defibrillator?; "
        "a warning sign that the patient ticked and nobody had seen to"
    )
    assert despite_in_words(None) == ""


def test_a_reason_written_where_nothing_stands_against_it_is_not_kept() -> None:
    held = procedure_at(begin(patient(), Begin(TODAY, ["L4/5"], ["left"], why="x"), EVERYTHING, CLINICIAN, NOW), 0)
    assert held.went_on is None


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (Begin(date(2026, 11, 21), ["L4/5"], ["left"]), "still to come"),
        (Begin(TODAY, [], ["left"]), "No joint is named"),
        (Begin(TODAY, ["L4/5"], []), "No side is named"),
        (Begin(TODAY, ["C1/2"], ["left"]), "served by no medial branch"),
        (Begin(TODAY, ["L4/5"], ["left"], technique="laser"), "technique is none of the known values"),
        (Begin(TODAY, ["L4/5"], ["middle"]), "side is none of the known values"),
    ],
)
def test_what_cannot_be_begun_is_refused(given: Begin, says: str) -> None:
    with pytest.raises(InputError, match=says):
        begin(patient(), given, EVERYTHING, CLINICIAN, NOW)


def test_joints_and_sides_chosen_once_make_one_row_a_nerve_and_side() -> None:
    """The nerve between two joints stands once."""
    made = [(row.nerve, row.side) for row in rows(["L4/5", "L3/4"], ["left", "right"])]
    nerves = ["L2 medial branch", "L3 medial branch", "L4 medial branch"]
    assert made == [(nerve, side) for side in ("left", "right") for nerve in nerves]


def test_what_is_begun_is_a_record_still_and_keeps_the_rest_of_the_clinic_part() -> None:
    document = {**patient(), "clinic": {"name": "Ann", "needs": ["bsl"]}}
    begun = begin(document, LEFT, EVERYTHING, CLINICIAN, NOW)
    record_of(begun, "p")
    assert clinic_of(begun).name == "Ann" and clinic_of(begun).needs == ("bsl",)
    assert document["clinic"] == {"name": "Ann", "needs": ["bsl"]}


def test_a_procedure_that_was_prepared_is_the_one_that_begins() -> None:
    """One that is done already is left alone."""
    held = [{"denervation": 0}, {"planned": "2026-11-20", "checklist": {"consent": True}}]
    document = {**patient(), "denervations": [{}], "clinic": {"procedures": held}}
    begun = clinic_of(begin(document, LEFT, EVERYTHING, CLINICIAN, NOW)).procedures
    assert [procedure.started for procedure in begun] == [None, NOW]
    again = clinic_of(begin(begin(document, LEFT, EVERYTHING, CLINICIAN, NOW), LEFT, EVERYTHING, CLINICIAN, NOW))
    assert len(again.procedures) == 3


def test_a_warning_sign_that_nobody_has_seen_to_stands_against_it() -> None:
    """Until somebody of the clinic has; then no longer."""
    alert = {"id": "a1", "at": "2026-11-19T22:00:00+00:00", "signs": ["numb"], "where": "diary"}
    document = {**patient(), "clinic": {"alerts": [alert]}}
    found = obstacles(document, checked(), TODAY)
    assert [(item.id, item.kind) for item in found] == [("alert-a1", Against.RED_FLAG)]
    assert found[0].says.startswith("The patient ticked a warning sign on 19 November 2026")
    seen = {**alert, "seen_by": "Dr Rao", "seen_at": "2026-11-20T08:00:00+00:00", "done": "called"}
    assert obstacles({**patient(), "clinic": {"alerts": [seen]}}, checked(), TODAY) == ()


def test_a_procedure_begun_by_mistake_is_taken_back_until_a_lesion_is_written_down() -> None:
    """Alone: what was prepared or done before it stays."""
    two = begin(begin(patient(), LEFT, EVERYTHING, CLINICIAN, NOW), LEFT, EVERYTHING, CLINICIAN, NOW)
    left = clinic_of(take_back(two, 0)).procedures
    assert left == clinic_of(two).procedures[1:]
    for number in (2, -1):
        with pytest.raises(InputError, match="no such procedure"):
            take_back(two, number)
    treated = _with_lesion(two)
    with pytest.raises(InputError, match="A lesion is written down"):
        take_back(treated, 0)
    with pytest.raises(InputError, match="A lesion is written down"):
        stop(treated, 0, "pain")


def test_a_procedure_stopped_without_a_lesion_says_why_and_is_not_the_one_that_begins_next() -> None:
    begun = begin(patient(), LEFT, EVERYTHING, CLINICIAN, NOW)
    with pytest.raises(InputError, match="Write why it was stopped"):
        stop(begun, 0, "  ")
    held = procedure_at(stop(begun, 0, " could not lie still "), 0)
    assert (held.stopped, held.why_stopped) == (True, "could not lie still") and not is_prepared(held)
    assert not is_prepared(Procedure(stopped=True)) and is_prepared(Procedure())
    back = not_stopped(stop(begun, 0, "faint"), 0)
    assert back == begun
    with pytest.raises(InputError, match="prepared but not begun"):
        stop(with_clinic(patient(), clinic_of({}).model_copy(update={"procedures": (Procedure(),)})), 0, "x")


def _with_lesion(document: dict[str, Any]) -> dict[str, Any]:
    clinic = clinic_of(document)
    first = clinic.procedures[0]
    nerves = (first.nerves[0].model_copy(update={"lesion": True}), *first.nerves[1:])
    changed = (first.model_copy(update={"nerves": nerves}), *clinic.procedures[1:])
    return with_clinic(document, clinic.model_copy(update={"procedures": changed}))
