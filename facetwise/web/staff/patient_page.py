"""The page of one patient: what comes next, what the policies say, what is missing and the form that asks for it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from facetwise.clinic.accounts.users import RefusedError, Role
from facetwise.clinic.pathway.missing_answers import Field, fields, is_judgement, is_safety, put_all
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
from facetwise.web.frame.access import Reader, Sent, Writer, refuse_judgement, state_of
from facetwise.web.frame.answer_form import answers, check_places, sent_values, values_of
from facetwise.web.frame.forms import Faults, SentForm, version_of
from facetwise.web.frame.layout import back, page
from facetwise.web.staff.patient_header import KINDS, Patient, acts_of, patient_of

router = APIRouter()
_ASKED_ALL = "all_safety_asked"


@router.get("/patients/{patient}")
def show(request: Request, patient: str, person: Reader, saved: str = "") -> Response:
    """The page. saved: what was just saved, to say so."""
    stored = state_of(request).store.get(patient)
    return _show(request, stored, Faults(), None, person.role, saved=saved)


@router.post("/patients/{patient}/facts")
def answer(request: Request, patient: str, person: Writer, sent: Sent) -> Response:
    """Save what was answered of the missing facts."""
    state, faults = state_of(request), Faults()
    stored = state.store.get(patient)
    asked = _asked(stored, patient_of(stored, state.settings(), state.today()))
    if person.role is not Role.CLINICIAN and any(is_judgement(field.key) and sent.has(field.id) for field in asked):
        raise RefusedError("Only a clinician judges a block. Leave that question to one.")
    given = answers(asked, sent, faults, state.today())
    check_places(stored.document, given, faults)
    if sent.has(_ASKED_ALL):
        answered = {key for key, _ in given}
        safety = (field for field in asked if is_safety(field.key.removeprefix("conditions.")))
        given += [(field.key, False) for field in safety if field.key not in answered]
    if not faults and not given:
        faults.add("missing", "Answer at least one question, or leave the page")
    if not faults:
        try:
            document = put_all(stored.document, given)
            refuse_judgement(request, person, stored.document, document)
            state.store.save(patient, document, version_of(sent), person.sign_in)
            return back(f"/patients/{patient}?saved=facts#missing")
        except (InputError, RefusedError) as error:
            faults.add("missing", str(error))
            return _show(request, stored, faults, sent, person.role, error.http_status)
    return _show(request, stored, faults, sent, person.role, 422)


@router.get("/patients/{patient}/policies")
def policies(request: Request, patient: str, person: Reader) -> Response:
    """Every policy side by side."""
    state = state_of(request)
    shown = patient_of(state.store.get(patient), state.settings(), state.today(), every=True)
    return page(
        request,
        "patient_policies.html",
        patient=shown,
        decisions=(shown.governing, *shown.beside),
        positions=POSITIONS,
        **_words(),
    )


def _asked(stored: Stored, shown: Patient) -> tuple[Field, ...]:
    """The fields of what the policies shown still miss, of the governing one first; then of what is unknown beside."""
    decisions = (shown.governing, *shown.beside)
    facts = [missing.fact for decision in decisions for missing in decision.missing]
    return fields(dict.fromkeys((*facts, *_beside(stored, decisions))), stored.document)


def _beside(stored: Stored, decisions: tuple[Decision, ...]) -> tuple[str, ...]:
    """Facts of unknown criteria that could not change the answer today, since another criterion is not met."""
    seen = record_as_of(stored.record, decisions[0].as_of)
    unknown = (
        finding.criterion
        for decision in decisions
        for finding in decision.findings
        if finding.truth is Truth.UNKNOWN and decision.outcome is Outcome.DOES_NOT_MEET
    )
    return tuple(dict.fromkeys(fact for criterion in unknown for fact in missing_facts(criterion.met_when, seen)))


def _show(
    request: Request,
    stored: Stored,
    faults: Faults,
    sent: SentForm | None,
    role: Role,
    status: int = 200,
    saved: str = "",
) -> Response:
    state = state_of(request)
    shown = patient_of(stored, state.settings(), state.today())
    line = state.pathway.of(stored.id)
    asked = _asked(stored, shown)
    return page(
        request,
        "patient.html",
        status,
        patient=shown,
        line=line,
        acts=acts_of(line, shown),
        decisions=(shown.governing, *shown.beside),
        safety=[field for field in asked if is_safety(field.key.removeprefix("conditions."))],
        asked=_by_policy(stored, asked, (shown.governing, *shown.beside)),
        values=sent_values(sent) if sent else values_of(asked, stored.document),
        faults=faults,
        notes=[placed(note) for note in notes((shown.governing, *shown.beside))],
        saved=saved,
        may_write=role is not Role.READER,
        may_judge=role is Role.CLINICIAN,
        is_judgement=is_judgement,
        stages=STAGES,
        holders=HOLDERS,
        contrary=CONTRARY,
        timeline=timeline(shown.record, state.today()),
        **_words(),
    )


def _by_policy(
    stored: Stored, asked: tuple[Field, ...], decisions: tuple[Decision, ...]
) -> list[tuple[Field, tuple[str, ...]]]:
    """Each field beside the safety questions, with the policies that wait for it."""
    waiting: dict[str, list[str]] = {}
    for decision in decisions:
        for missing in decision.missing:
            for field in fields((missing.fact,), stored.document):
                held = waiting.setdefault(field.key, [])
                if decision.policy.id not in held:
                    held.append(decision.policy.id)
    return [(f, tuple(waiting.get(f.key, ()))) for f in asked if not is_safety(f.key.removeprefix("conditions."))]


def _words() -> dict[str, Any]:
    return {"outcomes": OUTCOMES, "kinds": KINDS, "truths": TRUTHS, "caveats": READ, "in_words": in_words}
