"""The record of a patient: added, changed, taken out as JSON, and the history of every change."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from facetwise.clinic.accounts.users import RefusedError
from facetwise.clinic.model.clinic_record import Clinic
from facetwise.clinic.model.fields import Field, FieldKind
from facetwise.clinic.model.list_references import goes_with, refuse_lost
from facetwise.clinic.pathway.missing_answers import complete, every_plain_field, new_event, put_all, without_event
from facetwise.clinic.store.json_diff import changes_of
from facetwise.decide.evidence import plain
from facetwise.decide.summary import placed
from facetwise.errors import InputError
from facetwise.record.parse import parsed
from facetwise.web.frame.access import Sent, Writer, refuse_judgement, state_of
from facetwise.web.frame.answer_form import answers, check_places, values_of
from facetwise.web.frame.change_text import differences
from facetwise.web.frame.forms import Faults, SentForm, read_all, sent_values
from facetwise.web.frame.layout import back, page
from facetwise.web.staff.details_page import NAME, NUMBER
from facetwise.web.staff.event_page import address_of_event
from facetwise.web.staff.visit import Editing, Opened, SentByWriter, Visit

router = APIRouter()
_BORN = Field(
    "born",
    "Date of birth",
    FieldKind.DAY,
    what="the date of birth",
    hint="Leave empty if not known",
    is_past=True,
)
_REGION = Field("region", "Where is the pain?", FieldKind.CHOICE, ("lumbar", "cervical", "thoracic"), "the region")
_PATIENT = (NAME, replace(NUMBER, hint="Can be left empty", longest=40, width=10), _BORN, _REGION)
_NEW = (
    new_event("scores", "Add a score"),
    new_event("care", "Add conservative care"),
    new_event("denervations", "Add an earlier denervation"),
    complete("care", "All conservative care is listed"),
    complete("blocks", "All diagnostic blocks are listed"),
    complete("denervations", "All denervations are listed"),
)


@dataclass(frozen=True)
class ListedEvent:
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
    return page(request, "patient_new.html", fields=_PATIENT, faults=Faults(), values={})


@router.post("/patients/new")
def add(request: Request, person: Writer, sent: Sent) -> Response:
    """Add a patient: by a few facts, or a whole record as JSON."""
    state, faults = state_of(request), Faults()
    with faults.catch("record" if sent.has("record") else "name"):
        document = _imported(sent) if sent.has("record") else _typed(sent, faults, state.today())
        if not faults:
            return back(f"/patients/{state.store.add(document, person.sign_in).id}")
    return page(request, "patient_new.html", 422, fields=_PATIENT, faults=faults, values=sent_values(sent))


def _imported(sent: SentForm) -> Mapping[str, Any]:
    document = parsed(sent.one("record").encode(), "The record")
    if not isinstance(document, Mapping):
        raise InputError("Expected a JSON object, in braces, at the top level of the record.")
    refuse_lost(document)
    return document


def _typed(sent: SentForm, faults: Faults, today: date) -> dict[str, Any]:
    answers = read_all(_PATIENT, sent, faults, today)
    clinic = Clinic(name=answers["name"], hospital_number=answers["hospital_number"])
    document: dict[str, Any] = {"schema": "facetwise.record/1", "clinic": clinic.to_json()}
    if answers["born"]:
        document["born"] = answers["born"].isoformat()
    if answers["region"]:
        document["request"] = {"region": answers["region"]}
    return document


@router.get("/patients/{patient}/record")
def show(visit: Editing) -> Response:
    """Every fact of the record, to be changed."""
    fields = every_plain_field(visit.document)
    return _record(visit, fields, values_of((*fields, *_NEW), visit.document))


@router.post("/patients/{patient}/record")
def change(visit: SentByWriter) -> Response:
    """Save the facts: a field that was emptied is not known any more."""
    sent, faults = visit.sent, visit.faults
    fields = every_plain_field(visit.document, sent.one("request-region"))
    facts = answers(fields, sent, faults, visit.today, replace=True)
    check_places(visit.document, facts, faults)
    facts += answers(_NEW, sent, faults, visit.today)
    facts += [(field.key, False) for field in _NEW if field.kind is FieldKind.TICK and not sent.has(field.id)]
    status = 422
    if not faults:
        try:
            document = put_all(visit.document, facts)
            for name, place in sorted(map(_event, sent.many("remove")), reverse=True):
                document = without_event(document, name, place)
            refuse_judgement(visit.request, visit.person, visit.document, document)
            return visit.saved(document, "?saved=record")
        except (InputError, RefusedError) as error:
            faults.add("record", str(error))
            status = error.http_status
    return _record(visit, fields, sent_values(sent), status)


def _event(key: str) -> tuple[str, int]:
    """The list and the position of 'blocks.0'; -1 for what is no position."""
    name, _, place = key.partition(".")
    return name, int(place) if place.isdigit() and len(place) < 6 else -1


def _record(visit: Visit, fields: tuple[Field, ...], values: dict[str, Any], status: int = 200) -> Response:
    return visit.page("record.html", status, fields=fields, added=_NEW, events=tuple(_events(visit)), values=values)


def _events(visit: Visit) -> Iterator[ListedEvent]:
    for name in ("scores", "care", "blocks", "denervations"):
        for place, event in enumerate(visit.document.get(name) or ()):
            goes = goes_with(visit.document, name, place)
            says = f"{_event_text(event)} ({goes})" if goes else _event_text(event)
            yield ListedEvent(name, place, says, address_of_event(visit.stored.id, visit.document, name, place))


def _event_text(event: Mapping[str, Any]) -> str:
    parts = []
    for key, value in event.items():
        name = key.replace("_", " ")
        if isinstance(value, list | tuple):
            is_plain = all(not isinstance(one, Mapping) for one in value)
            parts.append(f"{name} {', '.join(map(str, value)) if is_plain else f'{len(value)} recorded'}")
        elif isinstance(value, bool):
            parts.append(f"{name}: {'yes' if value else 'no'}")
        else:
            parts.append(f"{name} {value}")
    return "; ".join(parts)


@router.get("/patients/{patient}/record.json")
def export(visit: Opened) -> Response:
    """The record as `facetwise decide` reads it."""
    visit.state.people.note(visit.person.sign_in, "record taken out", {"patient": visit.stored.id})
    text = json.dumps(visit.document, ensure_ascii=False, indent=1, default=plain) + "\n"
    headers = {"Content-Disposition": f'attachment; filename="{visit.stored.id}.json"'}
    return Response(text, media_type="application/json", headers=headers)


@router.get("/patients/{patient}/history")
def history(visit: Opened) -> Response:
    """Every change of the record: who, when, what was there before and after."""
    entries = visit.state.store.history(visit.stored.id)
    return visit.page("history.html", changes=[(entry, differences(changes_of(entry.changes))) for entry in entries])
