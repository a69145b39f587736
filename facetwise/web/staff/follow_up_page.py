"""The page of what follows a denervation: planned looks, readings, how long it lasted, a repeat under each policy."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from facetwise.clinic.accounts.users import Role
from facetwise.clinic.follow_up.follow_up import (
    USUAL,
    Course,
    Given,
    add_look,
    course,
    denervation_at,
    drop_look,
    half,
    move_look,
    read_relief,
    schedule,
    take_back,
)
from facetwise.clinic.follow_up.relief_from_diary import suggested_relief
from facetwise.clinic.follow_up.repeat import When, repeats
from facetwise.clinic.model.clinic_record import clinic_of
from facetwise.clinic.model.list_references import session_of
from facetwise.clinic.procedure.lesions import plainly
from facetwise.clinic.store.patients import Stored
from facetwise.errors import InputError, UsageError
from facetwise.language.citation import Read
from facetwise.library import POLICIES, policy
from facetwise.web.charts.relief import relief_chart
from facetwise.web.frame.access import Reader, Sent, Writer, state_of
from facetwise.web.frame.forms import Faults, SentForm, day_fields, day_of, number_of, text_of, version_of
from facetwise.web.frame.layout import back, page
from facetwise.web.staff.patient_header import patient_of

router = APIRouter()
WHEN = {
    When.NOW: "met",
    When.FIRST: "hold",
    When.FROM: "hold",
    When.CANNOT_TELL: "unknown",
    When.NOT_BY_TIME: "not-met",
}
COURSES = {
    Course.NO_READING: "No relief has been read yet.",
    Course.NOT_REACHED: "Half the pain was not gone on any reading yet.",
    Course.STILL: "Still relieved on the last reading: at least half the pain gone.",
    Course.ENDED: "Relief of half the pain has ended.",
}
_SAID = {"plan": "planned", "add": "planned", "move": "planned", "drop": "dropped", "read": "read", "take-back": "back"}


@router.get("/patients/{patient}/follow-up")
def show(request: Request, patient: str, person: Reader, of: int | None = None, saved: str = "") -> Response:
    """The page for one denervation, the latest where none is named."""
    stored = state_of(request).store.get(patient)
    return _show(request, stored, _chosen(stored, of), {}, Faults(), person.role is not Role.READER, saved=saved)


@router.post("/patients/{patient}/follow-up")
def change(request: Request, patient: str, person: Writer, sent: Sent) -> Response:
    """Plan, move, drop, read, take back: one thing a form, named by its button."""
    state, faults = state_of(request), Faults()
    stored = state.store.get(patient)
    number = _whole(sent.one("of"))
    act = sent.one("act")
    try:
        made = _made(request, stored.document, number, act, sent, faults)
        if not faults and made is not None:
            state.store.save(patient, made, version_of(sent), person.sign_in)
            return back(f"/patients/{patient}/follow-up?of={number}&saved={_SAID[act]}")
    except InputError as error:
        faults.add({"read": "percent", "add": "name"}.get(act, "looks"), str(error))
    return _show(request, stored, _chosen(stored, number), sent.values, faults, True, status=422)


def _made(
    request: Request, document: Mapping[str, Any], number: int, act: str, sent: SentForm, faults: Faults
) -> dict[str, Any] | None:
    """The record as the form changes it; None where the form is at fault."""
    look = sent.one("look")
    match act:
        case "plan":
            return schedule(document, number)
        case "add":
            name = text_of(sent, "name", faults, "The name", 60)
            due = day_of(sent, "due", faults, "the day of the look", needed=True)
            return add_look(document, number, name or "", due) if due and not faults else None
        case "move":
            due = day_of(sent, f"move-{look}", faults, "the new day", needed=True)
            return move_look(document, look, due) if due else None
        case "drop":
            return drop_look(document, look)
        case "read":
            given = _reading(sent, faults)
            return read_relief(document, number, given, state_of(request).today(), look or None) if given else None
        case "take-back":
            day = day_of(sent, "taken", faults, "the day of the reading", needed=True)
            return take_back(document, number, day) if day else None
        case _:
            raise UsageError("This form says nothing that can be done here. Open the page again.")


def _reading(sent: SentForm, faults: Faults) -> Given | None:
    day = day_of(sent, "read", faults, "the day of the reading", needed=True)
    percent = number_of(sent, "percent", -1000, 100, faults, "how much of the pain is gone")
    life = number_of(sent, "adl_percent", -1000, 100, faults, "how much of the limits of daily life is gone")
    note = text_of(sent, "note", faults, "The note", 500)
    return Given(day, percent, life, note or "") if day and not faults else None


def _whole(given: str) -> int:
    return int(given) if given.isdigit() and len(given) < 10 else -1


def _chosen(stored: Stored, of: int | None) -> int | None:
    """The denervation that the page is about; None where there is none. Errors: InputError for one that is not there."""
    held = stored.record.denervations
    if of is not None:
        denervation_at(stored.document, of)
        return session_of(stored.document, of)[0]
    dated = [(entry.date, place) for place, entry in enumerate(held) if entry.date]
    latest = max(dated)[1] if dated else len(held) - 1
    return session_of(stored.document, latest)[0] if held else None


def _show(
    request: Request,
    stored: Stored,
    number: int | None,
    values: Mapping[str, Any],
    faults: Faults,
    may_write: bool,
    status: int = 200,
    saved: str = "",
) -> Response:
    state = state_of(request)
    settings, today = state.settings(), state.today()
    shown = patient_of(stored, settings, today)
    governs = shown.governing.policy.id
    names = dict.fromkeys((governs, *settings.policies)) if settings.policies else dict.fromkeys(POLICIES)
    told = repeats(stored.document, [policy(name) for name in names], governs, today)
    return page(
        request,
        "follow_up.html",
        status,
        patient=shown,
        number=number,
        sessions=_sessions(stored),
        values={**day_fields("read", today), **values},
        faults=faults,
        saved=saved,
        may_write=may_write,
        repeats=told,
        line=state.pathway.of(stored.id),
        whens=WHEN,
        courses=COURSES,
        secondary=(Read.SECONDARY, Read.UNVERIFIED),
        plainly=lambda value: "not read" if value is None else f"{plainly(Decimal(value))} %",
        day_fields=day_fields,
        usual=[name for name, _ in USUAL],
        **(_of_one(request, stored, number) if number is not None else {}),
    )


def _of_one(request: Request, stored: Stored, number: int) -> dict[str, Any]:
    today = state_of(request).today()
    done = denervation_at(stored.document, number)
    points, ended = course(done), half(done)
    places = session_of(stored.document, number)
    return {
        "done": done,
        "joints": [stored.record.denervations[place] for place in places],
        "points": points,
        "half": ended,
        "chart": relief_chart(done.date, points, ended, today),
        "looks": [look for look in clinic_of(stored.document).follow_ups if look.denervation in places],
        "suggestion": suggested_relief(stored.document, number, today, state_of(request).zone),
    }


def _sessions(stored: Stored) -> list[tuple[int, Any]]:
    """Every session, by the first of its places, the latest last."""
    firsts = dict.fromkeys(session_of(stored.document, place)[0] for place in range(len(stored.record.denervations)))
    return [(place, stored.record.denervations[place].date) for place in firsts]
