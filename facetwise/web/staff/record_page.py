"""The record of a patient: added, changed, taken out as JSON, and the history of every change."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from fastapi import APIRouter, Request
from fastapi.responses import Response

from facetwise.clinic.accounts.users import RefusedError
from facetwise.clinic.model.clinic_record import Clinic, Holder, Need, Plan, clinic_of, with_clinic
from facetwise.clinic.model.list_references import goes_with, refuse_lost
from facetwise.clinic.pathway.missing_answers import Field, Kind, every_plain_field, put_all, without_event
from facetwise.clinic.pathway.plans import bound
from facetwise.clinic.store.json_diff import changes_of
from facetwise.clinic.store.patients import Stored
from facetwise.decide.evidence import plain
from facetwise.decide.summary import placed
from facetwise.errors import FacetwiseError, InputError
from facetwise.library import POLICIES
from facetwise.record.parse import parsed
from facetwise.web.frame.access import Reader, Sent, Writer, refuse_judgement, state_of
from facetwise.web.frame.answer_form import answers, check_places, sent_values, values_of
from facetwise.web.frame.change_text import differences
from facetwise.web.frame.forms import (
    Faults,
    SentForm,
    choice_of,
    day_fields,
    day_of,
    flag_of,
    flag_value,
    text_of,
    version_of,
)
from facetwise.web.frame.layout import back, page
from facetwise.web.staff.event_page import where_changed
from facetwise.web.staff.patient_header import patient_of

router = APIRouter()
NEEDS = get_args(Need)
_CHOICES = ("go-on", "not-now", "no")
_PAST = ("needs_reviewed", "informed")
_NEW = (
    Field("scores.new", "Add a score", Kind.SCORE),
    Field("care.new", "Add conservative care", Kind.CARE),
    Field("denervations.new", "Add an earlier denervation", Kind.DENERVATION),
    Field("complete.care", "All the conservative care is listed", Kind.TICK),
    Field("complete.blocks", "All the diagnostic blocks are listed", Kind.TICK),
    Field("complete.denervations", "All the denervations are listed", Kind.TICK),
)


@dataclass(frozen=True)
class Event:
    """One event of a list, in words. place: where it stands, for taking it away; change: the page that corrects it."""

    name: str
    place: int
    says: str
    change: str

    @property
    def called(self) -> str:
        """'Block 1'."""
        return placed(f"{self.name}[{self.place}]").capitalize()


@router.get("/patients/new")
def new(request: Request, person: Writer) -> Response:
    """The form for a patient that is not here yet."""
    return page(request, "patient_new.html", faults=Faults(), values={})


@router.post("/patients/new")
def add(request: Request, person: Writer, sent: Sent) -> Response:
    """Add a patient: by a few facts, or a whole record as JSON."""
    state, faults = state_of(request), Faults()
    try:
        document = _imported(sent) if sent.has("record") else _typed(sent, faults, state.today())
        if not faults:
            stored = state.store.add(document, person.sign_in)
            return back(f"/patients/{stored.id}")
    except InputError as error:
        faults.add("record" if sent.has("record") else "name", str(error))
    return page(request, "patient_new.html", 422, faults=faults, values=sent_values(sent))


def _imported(sent: SentForm) -> Mapping[str, Any]:
    document = parsed(sent.one("record").encode(), "The record")
    if not isinstance(document, Mapping):
        raise InputError("The record holds no record: a record is a JSON object, in braces.")
    refuse_lost(document)
    return document


def _typed(sent: SentForm, faults: Faults, today: date) -> dict[str, Any]:
    name = text_of(sent, "name", faults, "The name", 200)
    if name is None:
        faults.add("name", "Give the patient's name")
    born = day_of(sent, "born", faults, "the date of birth", latest=today)
    clinic = Clinic(name=name, hospital_number=text_of(sent, "hospital_number", faults, "The number", 40))
    region = choice_of(sent, "region", ("lumbar", "cervical", "thoracic"), faults, "the region")
    document: dict[str, Any] = {"schema": "facetwise.record/1", "clinic": clinic.to_json()}
    if born:
        document["born"] = born.isoformat()
    if region:
        document["request"] = {"region": region}
    return document


@router.get("/patients/{patient}/record")
def show(request: Request, patient: str, person: Writer) -> Response:
    """Every fact of the record, to be changed."""
    stored = state_of(request).store.get(patient)
    asked = every_plain_field(stored.document)
    return _record(request, stored, asked, values_of((*asked, *_NEW), stored.document), Faults())


@router.post("/patients/{patient}/record")
def change(request: Request, patient: str, person: Writer, sent: Sent) -> Response:
    """Save the facts: a field that was emptied is not known any more."""
    state, faults = state_of(request), Faults()
    stored = state.store.get(patient)
    asked = every_plain_field(stored.document, sent.one("request-region"))
    given = answers(asked, sent, faults, state.today(), replace=True)
    check_places(stored.document, given, faults)
    for field in _NEW:
        given += answers((field,), sent, faults, state.today()) or (
            [(field.key, False)] if field.kind is Kind.TICK else []
        )
    if not faults:
        try:
            document = put_all(stored.document, given)
            for event in sorted(
                sent.many("remove"), reverse=True, key=lambda one: (one.partition(".")[0], _place(one))
            ):
                document = without_event(document, event.partition(".")[0], _place(event))
            refuse_judgement(request, person, stored.document, document)
            state.store.save(patient, document, version_of(sent), person.sign_in)
            return back(f"/patients/{patient}?saved=record")
        except (InputError, RefusedError) as error:
            faults.add("record", str(error))
            return _record(request, stored, asked, sent_values(sent), faults, error.http_status)
    return _record(request, stored, asked, sent_values(sent), faults, 422)


def _place(event: str) -> int:
    place = event.partition(".")[2]
    return int(place) if place.isdigit() and len(place) < 6 else -1


def _record(
    request: Request,
    stored: Stored,
    asked: tuple[Field, ...],
    values: dict[str, Any],
    faults: Faults,
    status: int = 200,
) -> Response:
    state = state_of(request)
    events = [
        Event(
            name,
            place,
            " ".join(filter(None, (_event_in_words(event), _and_with_it(stored, name, place)))),
            where_changed(stored.id, stored.document, name, place),
        )
        for name in ("scores", "care", "blocks", "denervations")
        for place, event in enumerate(stored.document.get(name) or ())
    ]
    return page(
        request,
        "record.html",
        status,
        patient=patient_of(stored, state.settings(), state.today()),
        asked=asked,
        added=_NEW,
        events=events,
        values=values,
        faults=faults,
    )


def _and_with_it(stored: Stored, name: str, place: int) -> str:
    goes = goes_with(stored.document, name, place)
    return f"({goes})" if goes else ""


def _event_in_words(event: Mapping[str, Any]) -> str:
    told = []
    for name, value in event.items():
        if isinstance(value, list | tuple):
            plural = all(not isinstance(one, Mapping) for one in value)
            told.append(
                f"{name.replace('_', ' ')} " + (", ".join(map(str, value)) if plural else f"{len(value)} recorded")
            )
        elif isinstance(value, bool):
            told.append(f"{name.replace('_', ' ')}: {'yes' if value else 'no'}")
        else:
            told.append(f"{name.replace('_', ' ')} {value}")
    return "; ".join(told)


@router.get("/patients/{patient}/details")
def details(request: Request, patient: str, person: Writer) -> Response:
    """Name, needs, bookings and plan, to be changed."""
    stored = state_of(request).store.get(patient)
    return _details(request, stored, _values_of(clinic_of(stored.document)), Faults())


@router.post("/patients/{patient}/details")
def change_details(request: Request, patient: str, person: Writer, sent: Sent) -> Response:
    """Save them."""
    state, faults = state_of(request), Faults()
    stored = state.store.get(patient)
    clinic = _sent_details(clinic_of(stored.document), sent, faults, state.today())
    if not faults:
        try:
            version = version_of(sent)
            document = bound(with_clinic(stored.document, clinic), state.settings().policy, state.today())
            state.store.save(patient, document, version, person.sign_in)
            return back(f"/patients/{patient}?saved=details")
        except FacetwiseError as error:
            if not isinstance(error, InputError):
                raise
            faults.add("name", str(error))
    return _details(request, stored, sent_values(sent), faults, 422)


def _sent_details(held: Clinic, sent: SentForm, faults: Faults, today: date) -> Clinic:
    texts = {
        name: text_of(sent, name, faults, name.replace("_", " ").capitalize(), 200)
        for name in ("name", "hospital_number", "phone", "email", "needs_note")
    }
    days = {
        name: day_of(sent, name, faults, name.replace("_", " "), latest=today if name in _PAST else None)
        for name in (*_PAST, "block_booked", "procedure_booked")
    }
    plan = Plan(
        step=held.plan.step if not sent.has("plan_holds") else None,
        holder=choice_of(sent, "holder", get_args(Holder), faults, "who holds it"),  # type: ignore[arg-type]
        note=text_of(sent, "plan_note", faults, "The plan", 500),
        due=day_of(sent, "plan_due", faults, "when it is due"),
        ended=True if sent.has("ended") else None,
        why_ended=text_of(sent, "why_ended", faults, "The reason", 500),
    )
    if (plan.holder, plan.note, plan.due) != (held.plan.holder, held.plan.note, held.plan.due):
        plan = plan.model_copy(update={"step": None})
    if texts["name"] is None:
        faults.add("name", "Give the patient's name")
    return held.model_copy(
        update={
            **texts,
            **days,
            "needs": tuple(need for need in sent.many("needs") if need in NEEDS),
            "drives": flag_of(sent, "drives"),
            "sedation_planned": flag_of(sent, "sedation_planned"),
            "choice": choice_of(sent, "choice", _CHOICES, faults, "what was chosen"),
            "policy": choice_of(sent, "policy", tuple(POLICIES), faults, "the policy"),
            "plan": plan,
        }
    )


def _values_of(clinic: Clinic) -> dict[str, Any]:
    values: dict[str, Any] = {
        name: getattr(clinic, name) or ""
        for name in ("name", "hospital_number", "phone", "email", "needs_note", "choice", "policy")
    }
    for name in ("needs_reviewed", "informed", "block_booked", "procedure_booked"):
        values |= day_fields(name, getattr(clinic, name))
    return {
        **values,
        **day_fields("plan_due", clinic.plan.due),
        "needs": list(clinic.needs),
        "drives": flag_value(clinic.drives),
        "sedation_planned": flag_value(clinic.sedation_planned),
        "holder": clinic.plan.holder or "",
        "plan_note": clinic.plan.note or "",
        "ended": "yes" if clinic.plan.ended else "",
        "why_ended": clinic.plan.why_ended or "",
    }


def _details(request: Request, stored: Stored, values: dict[str, Any], faults: Faults, status: int = 200) -> Response:
    state = state_of(request)
    plan, line = clinic_of(stored.document).plan, state.pathway.of(stored.id)
    return page(
        request,
        "details.html",
        status,
        patient=patient_of(stored, state.settings(), state.today()),
        needs=NEEDS,
        policies=tuple(POLICIES),
        own=state.settings().policy,
        is_of_another_step=bool(plan.is_made and line and not plan.holds_for(line.step)),
        values=values,
        faults=faults,
    )


@router.get("/patients/{patient}/record.json")
def export(request: Request, patient: str, person: Reader) -> Response:
    """The record as `facetwise decide` reads it."""
    state = state_of(request)
    stored = state.store.get(patient)
    state.people.note(person.sign_in, "record taken out", {"patient": patient})
    text = json.dumps(stored.document, ensure_ascii=False, indent=1, default=plain) + "\n"
    headers = {"Content-Disposition": f'attachment; filename="{stored.id}.json"'}
    return Response(text, media_type="application/json", headers=headers)


@router.get("/patients/{patient}/history")
def history(request: Request, patient: str, person: Reader) -> Response:
    """Every change of the record: who, when, what was there before and after."""
    state = state_of(request)
    stored = state.store.get(patient)
    changes = [(entry, differences(changes_of(entry.changes))) for entry in state.store.history(patient)]
    shown = patient_of(stored, state.settings(), state.today())
    return page(request, "history.html", patient=shown, changes=changes)
