"""One score, care or denervation of the record, corrected; a block and a procedure have their own pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import Response

from facetwise.clinic.follow_up.follow_up import on_new_day
from facetwise.clinic.model.clinic_record import clinic_of
from facetwise.clinic.model.fields import Field
from facetwise.clinic.model.list_references import procedure_of
from facetwise.clinic.pathway.missing_answers import EVENTS, event_fault, event_fields, held_at, put_all
from facetwise.errors import InputError
from facetwise.web.frame.answer_form import answers, check_places, values_of
from facetwise.web.frame.forms import sent_values
from facetwise.web.staff.visit import Editing, SentByWriter, Visit

router = APIRouter()
_HEADINGS = {"scores": "Score", "care": "Conservative care", "denervations": "Denervation"}


def address_of_event(patient: str, document: Mapping[str, Any], name: str, place: int) -> str:
    """The page on which an event is corrected: a denervation with its details on that of its procedure."""
    base = f"/patients/{quote(patient, safe='')}"
    procedure = procedure_of(clinic_of(document), place) if name == "denervations" else None
    if name == "blocks":
        return f"{base}/blocks/{place}/edit"
    return f"{base}/record/{name}/{place}" if procedure is None else f"{base}/procedures/{procedure}"


@router.get("/patients/{patient}/record/{name}/{place}")
def show(visit: Editing, name: str, place: int) -> Response:
    """The event's own fields."""
    return _show(visit, name, place, values_of(_fields(visit, name, place), visit.document))


@router.post("/patients/{patient}/record/{name}/{place}")
def change(visit: SentByWriter, name: str, place: int) -> Response:
    """Correct it: a field that was emptied is not known any more; the relief after a denervation stays."""
    sent, faults = visit.sent, visit.faults
    facts = answers(_fields(visit, name, place), sent, faults, visit.today, replace=True)
    check_places(visit.document, facts, faults)
    document = put_all(visit.document, facts)
    event = document[name][place]
    if fault := event_fault(name, event):
        faults.add(f"{name}-{place}-{fault[0]}", fault[1])
    if not event:
        faults.add("event", "Nothing is left of it. To remove it, tick it on the page of the record")
    if not faults:
        with faults.catch("event"):
            if name == "denervations" and event.get("date"):
                moved = on_new_day(visit.document, place, date.fromisoformat(str(event["date"])))
                document = put_all(moved, facts)
            return visit.saved(document, "/record#events")
    return _show(visit, name, place, sent_values(sent), 422)


def _fields(visit: Visit, name: str, place: int) -> tuple[Field, ...]:
    """The fields of the event. Errors: InputError where it is not there, or is corrected elsewhere."""
    if name not in EVENTS or held_at(visit.document, f"{name}.{place}") is None:
        raise InputError(f"There is no {name}[{place}] in the record {visit.stored.id}. Open the record again.")
    if name == "denervations" and procedure_of(visit.clinic, place) is not None:
        raise InputError("The procedure's own page has the details of this denervation. Change it there.")
    return event_fields(name, place)


def _show(visit: Visit, name: str, place: int, values: dict[str, Any], status: int = 200) -> Response:
    return visit.page(
        "event.html",
        status,
        fields=_fields(visit, name, place),
        name=name,
        place=place,
        heading=f"{_HEADINGS[name]} {place + 1}",
        relief_n=len(held_at(visit.document, f"{name}.{place}.relief") or ()),
        values=values,
    )
