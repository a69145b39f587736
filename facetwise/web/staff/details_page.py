"""The details of a patient: name, needs, information, bookings and plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, get_args

from fastapi import APIRouter
from fastapi.responses import Response

from facetwise.clinic.model.clinic_record import Clinic, Holder, Need, Plan, with_clinic
from facetwise.clinic.model.fields import Field, FieldKind
from facetwise.clinic.pathway.plans import bound
from facetwise.library import POLICIES
from facetwise.web.frame.forms import Faults, SentForm, form_values, read_all, sent_values
from facetwise.web.staff.visit import Editing, SentByWriter, Visit

router = APIRouter()
NAME = Field("name", "Name", FieldKind.TEXT, what="the patient's name", is_required=True)
NUMBER = Field("hospital_number", "Hospital number", FieldKind.TEXT, what="the hospital number")
_WHO = (
    NAME,
    NUMBER,
    Field("phone", "Telephone", FieldKind.TEXT, what="the telephone number"),
    Field("email", "E-mail", FieldKind.TEXT, what="the e-mail address"),
)
_NEEDS = (
    Field("needs", "What does the patient need?", FieldKind.CHOICES, get_args(Need)),
    Field("needs_note", "In the patient's words", FieldKind.TEXT, what="the note on needs"),
    Field("needs_reviewed", "Needs last reviewed", FieldKind.DAY, what="the day of the review", is_past=True),
)
_INFORMATION = (
    Field(
        "informed",
        "Information and choices discussed on",
        FieldKind.DAY,
        what="the day of the talk",
        is_past=True,
    ),
    Field(
        "choice",
        "What does the patient choose?",
        FieldKind.CHOICE,
        ("go-on", "not-now", "no"),
        "what was chosen",
        empty="Not asked yet",
    ),
    Field("drives", "Does the patient drive?", FieldKind.FLAG),
    Field("sedation_planned", "Is sedation planned?", FieldKind.FLAG),
)
_BOOKINGS = (
    Field("block_booked", "Block booked for", FieldKind.DAY, what="the day of the block"),
    Field("procedure_booked", "Procedure booked for", FieldKind.DAY, what="the day of the procedure"),
)
_SECTIONS = {
    "Who": _WHO,
    "Communication needs": _NEEDS,
    "Information and choice": _INFORMATION,
    "Bookings": _BOOKINGS,
}
_POLICY = Field("policy", "Policy that governs this patient", FieldKind.CHOICE, tuple(POLICIES), "the policy")
_PLAN = (
    Field(
        "holder",
        "Who is responsible for the next step?",
        FieldKind.CHOICE,
        get_args(Holder),
        "who holds it",
        empty="As the step suggests",
    ),
    Field("plan_note", "What was agreed", FieldKind.TEXT, what="the plan", longest=500),
    Field("plan_due", "Due on", FieldKind.DAY, what="when it is due"),
    Field("ended", "The pathway has ended", FieldKind.TICK),
    Field("why_ended", "Why it ended", FieldKind.TEXT, what="the reason", longest=500),
)
_OF_CLINIC = (*_WHO, *_NEEDS, *_INFORMATION, *_BOOKINGS, _POLICY)


@router.get("/patients/{patient}/details")
def details(visit: Editing) -> Response:
    """Name, needs, bookings and plan, to be changed."""
    plan = visit.clinic.plan
    planned = {**vars(plan), "plan_note": plan.note, "plan_due": plan.due}
    return _show(visit, form_values((*_OF_CLINIC, *_PLAN), {**vars(visit.clinic), **planned}))


@router.post("/patients/{patient}/details")
def change(visit: SentByWriter) -> Response:
    """Save them."""
    clinic = _sent(visit.clinic, visit.sent, visit.faults, visit.today)
    if not visit.faults:
        with visit.faults.catch("name"):
            document = bound(with_clinic(visit.document, clinic), visit.settings.policy, visit.today)
            return visit.saved(document, "?saved=details")
    return _show(visit, sent_values(visit.sent), 422)


def _sent(recorded: Clinic, sent: SentForm, faults: Faults, today: date) -> Clinic:
    """The clinic's part of the record with what was sent; as it was where that is at fault."""
    answers, planned = read_all(_OF_CLINIC, sent, faults, today), read_all(_PLAN, sent, faults, today)
    if faults:
        return recorded
    plan = Plan(
        step=recorded.plan.step if not sent.has("plan_holds") else None,
        holder=planned["holder"],
        note=planned["plan_note"],
        due=planned["plan_due"],
        ended=planned["ended"],
        why_ended=planned["why_ended"],
    )
    was = recorded.plan
    if (plan.holder, plan.note, plan.due) != (was.holder, was.note, was.due):
        plan = plan.model_copy(update={"step": None})
    return recorded.model_copy(update={**answers, "needs": tuple(answers["needs"] or ()), "plan": plan})


def _show(visit: Visit, values: dict[str, Any], status: int = 200) -> Response:
    plan, line = visit.clinic.plan, visit.state.pathway.of(visit.stored.id)
    own = replace(_POLICY, empty=f"The clinic's own ({visit.settings.policy})")
    return visit.page(
        "details.html",
        status,
        sections=_SECTIONS,
        plan_fields=(own, *_PLAN),
        is_of_another_step=bool(plan.is_made and line and not plan.holds_for(line.step)),
        values=values,
    )
