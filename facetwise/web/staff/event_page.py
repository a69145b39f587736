"""One score, care or denervation of the record, corrected where it stands; a block and a procedure have their own pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response

from facetwise.clinic.follow_up.follow_up import on_new_day
from facetwise.clinic.model.clinic_record import clinic_of
from facetwise.clinic.pathway.missing_answers import CHOICES, Field, Kind, held_at, put_all
from facetwise.clinic.store.patients import Stored
from facetwise.errors import InputError
from facetwise.record.record import HIGHEST
from facetwise.web.frame.access import Sent, Writer, state_of
from facetwise.web.frame.answer_form import answers, check_places, sent_values, values_of
from facetwise.web.frame.forms import Faults, version_of
from facetwise.web.frame.layout import back, page
from facetwise.web.staff.patient_header import patient_of

router = APIRouter()
NAMES = {"scores": "Score", "care": "Conservative care", "denervations": "Denervation"}
_ASKED: Mapping[str, tuple[tuple[str, str, Kind, tuple[str, ...]], ...]] = {
    "scores": (
        ("value", "Score", Kind.NUMBER, ()),
        ("scale", "Scale", Kind.CHOICE, CHOICES["scale"]),
        ("context", "What it is of", Kind.CHOICE, CHOICES["context"]),
        ("date", "On which day?", Kind.DAY, ()),
    ),
    "care": (
        ("kind", "Kind of care", Kind.CHOICE, CHOICES["care_kind"]),
        ("outcome", "How did it turn out?", Kind.CHOICE, CHOICES["care_outcome"]),
        ("from", "From", Kind.DAY, ()),
        ("to", "To", Kind.DAY, ()),
    ),
    "denervations": (
        ("date", "Day of the denervation", Kind.DAY, ()),
        ("region", "Region", Kind.CHOICE, CHOICES["region"]),
        ("levels", "Levels (joints)", Kind.CHOICES, CHOICES["levels"]),
        ("sides", "Sides", Kind.CHOICES, CHOICES["sides"]),
        ("technique", "Technique", Kind.CHOICE, CHOICES["technique"]),
    ),
}


def where_changed(patient: str, document: Mapping[str, Any], name: str, place: int) -> str:
    """The page on which an event is corrected: a denervation with its details on that of its procedure."""
    base = f"/patients/{quote(patient, safe='')}"
    if name == "blocks":
        return f"{base}/blocks/{place}/edit"
    if name == "denervations":
        for number, procedure in enumerate(clinic_of(document).procedures):
            if place == procedure.denervation or place in procedure.also:
                return f"{base}/procedures/{number}"
    return f"{base}/record/{name}/{place}"


@router.get("/patients/{patient}/record/{name}/{place}")
def show(request: Request, patient: str, name: str, place: int, person: Writer) -> Response:
    """The event's own fields."""
    stored = state_of(request).store.get(patient)
    asked = _asked(stored, name, place)
    return _show(request, stored, name, place, values_of(asked, stored.document), Faults())


@router.post("/patients/{patient}/record/{name}/{place}")
def change(request: Request, patient: str, name: str, place: int, person: Writer, sent: Sent) -> Response:
    """Correct it: a field that was emptied is not known any more; the relief after a denervation stays."""
    state, faults = state_of(request), Faults()
    stored = state.store.get(patient)
    given = answers(_asked(stored, name, place), sent, faults, state.today(), replace=True)
    check_places(stored.document, given, faults)
    document = put_all(stored.document, given)
    _check(document[name][place], f"{name}-{place}", faults)
    day = document[name][place].get("date")
    if not faults:
        try:
            if name == "denervations" and day:
                document = put_all(on_new_day(stored.document, place, date.fromisoformat(str(day))), given)
            state.store.save(patient, document, version_of(sent), person.sign_in)
            return back(f"/patients/{patient}/record#events")
        except InputError as error:
            faults.add("event", str(error))
    return _show(request, stored, name, place, sent_values(sent), faults, 422)


def _asked(stored: Stored, name: str, place: int) -> tuple[Field, ...]:
    """The fields of the event. Errors: InputError where it is not there, or is corrected elsewhere."""
    if name not in _ASKED or held_at(stored.document, f"{name}.{place}") is None:
        raise InputError(f"There is no {name}[{place}] in the record {stored.id}. Open the record again.")
    if not where_changed(stored.id, stored.document, name, place).endswith(f"/record/{name}/{place}"):
        raise InputError("The procedure's own page holds the details of this denervation. Change it there.")
    return tuple(
        Field(f"{name}.{place}.{key}", ask, kind, choices, high=100) for key, ask, kind, choices in _ASKED[name]
    )


def _check(event: Mapping[str, Any], at: str, faults: Faults) -> None:
    """What no single field can tell: a score over its scale, care that ends before it begins, nothing left at all."""
    highest = HIGHEST.get(event.get("scale") or "", 100)
    if event.get("value") is not None and event["value"] > highest:
        faults.add(f"{at}-value", f"{event['scale']} goes from 0 to {highest}")
    begun, ended = event.get("from"), event.get("to")
    if begun and ended and ended < begun:
        faults.add(f"{at}-to", "It ends before it begins. Check both days")
    if not event:
        faults.add("event", "Nothing is left of it. To take it away, tick it on the page of the record")


def _show(
    request: Request, stored: Stored, name: str, place: int, values: dict[str, Any], faults: Faults, status: int = 200
) -> Response:
    state = state_of(request)
    return page(
        request,
        "event.html",
        status,
        patient=patient_of(stored, state.settings(), state.today()),
        asked=_asked(stored, name, place),
        name=name,
        place=place,
        heading=f"{NAMES[name]} {place + 1}",
        relief_n=len(held_at(stored.document, f"{name}.{place}.relief") or ()),
        values=values,
        faults=faults,
    )
