"""The page of one patient: what comes next, what the policies say, what is missing and the form that asks for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from facetwise.clinic.accounts.users import RefusedError
from facetwise.clinic.model.fields import Field
from facetwise.clinic.pathway.missing_answers import fields_of, fields_of_facts, is_judgement, is_safety, put_all
from facetwise.clinic.pathway.status import HOLDERS, STAGES
from facetwise.clinic.store.patients import Stored
from facetwise.decide.decision import Decision, Outcome
from facetwise.decide.evaluate_patient import missing_facts
from facetwise.decide.record_as_of import record_as_of
from facetwise.decide.summary import OUTCOMES, READ, TRUTHS, in_words, notes, placed
from facetwise.errors import InputError
from facetwise.guidance.safety import CONTRARY, POSITIONS
from facetwise.language.truth import Truth
from facetwise.web.charts.timeline import timeline
from facetwise.web.frame.access import refuse_judgement
from facetwise.web.frame.answer_form import answers, check_places, values_of
from facetwise.web.frame.forms import SentForm, sent_values
from facetwise.web.staff.patient_header import KINDS, Patient, acts_of, patient_of
from facetwise.web.staff.visit import Opened, SentByWriter, Visit

router = APIRouter()
_ASKED_ALL = "all_safety_asked"


@router.get("/patients/{patient}")
def show(visit: Opened, saved: str = "") -> Response:
    """The page. saved: what was just saved, to say so."""
    return _show(visit, None, saved=saved)


@router.post("/patients/{patient}/facts")
def answer(visit: SentByWriter) -> Response:
    """Save what was answered of the missing facts."""
    sent, faults = visit.sent, visit.faults
    fields = _missing_fields(visit.stored, visit.patient)
    if not visit.may_judge and any(is_judgement(field.key) and sent.has(field.id) for field in fields):
        raise RefusedError("Only a clinician judges a block. Leave that question to one.")
    facts = answers(fields, sent, faults, visit.today)
    check_places(visit.document, facts, faults)
    if sent.has(_ASKED_ALL):
        answered = {key for key, _ in facts}
        safety = (field for field in fields if is_safety(field))
        facts += [(field.key, False) for field in safety if field.key not in answered]
    if not faults and not facts:
        faults.add("missing", "Answer at least one question, or leave the page")
    status = 422
    if not faults:
        try:
            document = put_all(visit.document, facts)
            refuse_judgement(visit.request, visit.person, visit.document, document)
            return visit.saved(document, "?saved=facts#missing")
        except (InputError, RefusedError) as error:
            faults.add("missing", str(error))
            status = error.http_status
    return _show(visit, sent, status)


@router.get("/patients/{patient}/policies")
def policies(visit: Opened) -> Response:
    """Every policy side by side."""
    shown = patient_of(visit.stored, visit.settings, visit.today, every=True)
    decisions = (shown.governing, *shown.beside)
    return visit.page("patient_policies.html", patient=shown, decisions=decisions, positions=POSITIONS, **_words())


def _missing_fields(stored: Stored, patient: Patient) -> tuple[Field, ...]:
    """The fields of what the policies shown still miss, of the governing one first; then of what is unknown beside."""
    decisions = (patient.governing, *patient.beside)
    facts = [missing.fact for decision in decisions for missing in decision.missing]
    return fields_of_facts(dict.fromkeys((*facts, *_beside(stored, decisions))), stored.document)


def _beside(stored: Stored, decisions: tuple[Decision, ...]) -> tuple[str, ...]:
    """Facts of unknown criteria that could not change the answer today, since another criterion is not met."""
    as_of = record_as_of(stored.record, decisions[0].as_of)
    unknown = (
        finding.criterion
        for decision in decisions
        for finding in decision.findings
        if finding.truth is Truth.UNKNOWN and decision.outcome is Outcome.DOES_NOT_MEET
    )
    return tuple(dict.fromkeys(fact for criterion in unknown for fact in missing_facts(criterion.met_when, as_of)))


def _show(visit: Visit, sent: SentForm | None, status: int = 200, saved: str = "") -> Response:
    patient, line = visit.patient, visit.state.pathway.of(visit.stored.id)
    decisions = (patient.governing, *patient.beside)
    fields = _missing_fields(visit.stored, patient)
    return visit.page(
        "patient.html",
        status,
        line=line,
        acts=acts_of(line, patient),
        decisions=decisions,
        safety=[replace(field, is_small=True) for field in fields if is_safety(field)],
        asked=_by_policy(visit.stored, fields, decisions),
        values=sent_values(sent) if sent else values_of(fields, visit.document),
        notes=[placed(note) for note in notes(decisions)],
        saved=saved,
        is_judgement=is_judgement,
        stages=STAGES,
        holders=HOLDERS,
        contrary=CONTRARY,
        timeline=timeline(patient.record, visit.today),
        **_words(),
    )


def _by_policy(
    stored: Stored, fields: tuple[Field, ...], decisions: tuple[Decision, ...]
) -> list[tuple[Field, tuple[str, ...]]]:
    """Each field beside the safety questions, with the policies that wait for it."""
    waiting: dict[str, dict[str, None]] = {}
    for decision in decisions:
        for missing in decision.missing:
            for field in fields_of(missing.fact, stored.document):
                waiting.setdefault(field.key, {})[decision.policy.id] = None
    return [(field, tuple(waiting.get(field.key, ()))) for field in fields if not is_safety(field)]


def _words() -> dict[str, Any]:
    return {"outcomes": OUTCOMES, "kinds": KINDS, "truths": TRUTHS, "caveats": READ, "in_words": in_words}
