"""The page of what follows a denervation: planned looks, readings, how long it lasted, a repeat under each policy."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from facetwise.clinic.follow_up.follow_up import (
    USUAL,
    ReliefCourse,
    ReliefReading,
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
from facetwise.clinic.follow_up.repeat import RepeatWhen, repeats
from facetwise.clinic.model.fields import Field, FieldKind
from facetwise.clinic.model.list_references import session_of
from facetwise.clinic.procedure.lesions import plainly
from facetwise.clinic.store.patients import Stored
from facetwise.errors import UsageError
from facetwise.language.citation import Read
from facetwise.library import POLICIES, policy
from facetwise.web.charts.relief import relief_chart
from facetwise.web.frame.forms import day_values, read, read_all
from facetwise.web.staff.visit import Opened, SentByWriter, SentVisit, Visit

router = APIRouter()
WHEN = {
    RepeatWhen.NOW: "met",
    RepeatWhen.FIRST: "hold",
    RepeatWhen.FROM: "hold",
    RepeatWhen.CANNOT_TELL: "unknown",
    RepeatWhen.NOT_BY_TIME: "not-met",
}
COURSES = {
    ReliefCourse.NO_READING: "No relief has been recorded yet.",
    ReliefCourse.NOT_REACHED: "No reading so far shows half the pain gone.",
    ReliefCourse.STILL: "Still relieved on the last reading: at least half the pain gone.",
    ReliefCourse.ENDED: "Relief of half the pain has ended.",
}
_DAY = Field(
    "read",
    "Day of the reading",
    FieldKind.DAY,
    what="the day of the reading",
    hint="One reading a day: a second one of the same day replaces the first",
    is_required=True,
)
_RELIEF = (
    Field(
        "percent",
        "How much of the pain is gone, %",
        FieldKind.NUMBER,
        what="how much of the pain is gone",
        hint="Below 0 if it is worse",
        low=-1000,
        high=100,
        width=4,
    ),
    Field(
        "adl_percent",
        "How much of the limits of daily life is gone, %",
        FieldKind.NUMBER,
        what="how much of the limits of daily life is gone",
        hint="Leave empty if not asked",
        low=-1000,
        high=100,
        width=4,
    ),
)
_NOTE = Field("note", "Note", FieldKind.TEXT, what="the note", longest=500)
_NAME = Field(
    "name", "What it is called", FieldKind.TEXT, what="the name", hint="Such as 9 months", longest=60, width=20
)
_DUE = Field("due", "Due", FieldKind.DAY, what="the day of the look", is_required=True)
_TAKEN = Field("taken", "Day of the reading", FieldKind.DAY, what="the day of the reading", is_required=True)
_SAVED = {
    "plan": "planned",
    "add": "planned",
    "move": "planned",
    "drop": "dropped",
    "read": "read",
    "take-back": "back",
}


@router.get("/patients/{patient}/follow-up")
def show(visit: Opened, of: int | None = None, saved: str = "") -> Response:
    """The page for one denervation, the latest where none is named."""
    return _show(visit, _chosen(visit.stored, of), {}, saved=saved)


@router.post("/patients/{patient}/follow-up")
def change(visit: SentByWriter) -> Response:
    """Plan, move, drop, read, take back: one thing a form, named by its button."""
    number, act = _whole(visit.sent.one("of")), visit.sent.one("act")
    with visit.faults.catch({"read": "percent", "add": "name"}.get(act, "looks")):
        document = _changed(visit, number, act)
        if not visit.faults and document is not None:
            return visit.saved(document, f"/follow-up?of={number}&saved={_SAVED[act]}")
    return _show(visit, _chosen(visit.stored, number), visit.sent.values, 422)


def _changed(visit: SentVisit, number: int, act: str) -> dict[str, Any] | None:
    """The record as the form changes it; None where the form is at fault."""
    document, look = visit.document, visit.sent.one("look")

    def answer(field: Field) -> Any:
        return read(field, visit.sent, visit.faults, visit.today)

    match act:
        case "plan":
            return schedule(document, number)
        case "add":
            name, due = answer(_NAME), answer(_DUE)
            return add_look(document, number, name or "", due) if due and not visit.faults else None
        case "move":
            due = answer(_move(look))
            return move_look(document, look, due) if due else None
        case "drop":
            return drop_look(document, look)
        case "read":
            reading = _reading(visit)
            return read_relief(document, number, reading, visit.today, look or None) if reading else None
        case "take-back":
            day = answer(_TAKEN)
            return take_back(document, number, day) if day else None
        case _:
            raise UsageError("This form has no action. Open the page again.")


def _move(look: str) -> Field:
    return Field(f"move-{look}", "New day", FieldKind.DAY, what="the new day", is_required=True)


def _reading(visit: SentVisit) -> ReliefReading | None:
    answers = read_all((_DAY, *_RELIEF, _NOTE), visit.sent, visit.faults, visit.today)
    if visit.faults:
        return None
    return ReliefReading(answers["read"], answers["percent"], answers["adl_percent"], answers["note"] or "")


def _whole(text: str) -> int:
    return int(text) if text.isdigit() and len(text) < 10 else -1


def _chosen(stored: Stored, of: int | None) -> int | None:
    """The denervation that the page is about; None where there is none. Errors: InputError for one that is not there."""
    denervations = stored.record.denervations
    if of is not None:
        denervation_at(stored.document, of)
        return session_of(stored.document, of)[0]
    dated = [(entry.date, place) for place, entry in enumerate(denervations) if entry.date]
    latest = max(dated)[1] if dated else len(denervations) - 1
    return session_of(stored.document, latest)[0] if denervations else None


def _show(visit: Visit, number: int | None, values: Mapping[str, Any], status: int = 200, saved: str = "") -> Response:
    governs, settings = visit.patient.governing.policy.id, visit.settings
    names = dict.fromkeys((governs, *settings.policies)) if settings.policies else dict.fromkeys(POLICIES)
    return visit.page(
        "follow_up.html",
        status,
        number=number,
        sessions=_sessions(visit.stored),
        values={**day_values("read", visit.today), **values},
        saved=saved,
        repeats=repeats(visit.document, [policy(name) for name in names], governs, visit.today),
        line=visit.state.pathway.of(visit.stored.id),
        whens=WHEN,
        courses=COURSES,
        secondary=(Read.SECONDARY, Read.UNVERIFIED),
        plainly=lambda value: "not read" if value is None else f"{plainly(Decimal(value))} %",
        day_values=day_values,
        usual=[name for name, _ in USUAL],
        reading_fields={"day": _DAY, "relief": _RELIEF, "note": _NOTE},
        look_fields=(_NAME, _DUE),
        move_field=_move,
        **(_of_one(visit, number) if number is not None else {}),
    )


def _of_one(visit: Visit, number: int) -> dict[str, Any]:
    document, today = visit.document, visit.today
    done = denervation_at(document, number)
    points, ended, places = course(done), half(done), session_of(document, number)
    return {
        "done": done,
        "joints": [visit.stored.record.denervations[place] for place in places],
        "points": points,
        "half": ended,
        "chart": relief_chart(done.date, points, ended, today),
        "looks": [look for look in visit.clinic.follow_ups if look.denervation in places],
        "suggestion": suggested_relief(document, number, today, visit.state.zone),
    }


def _sessions(stored: Stored) -> list[tuple[int, Any]]:
    """Every session, by the first of its places, the latest last."""
    firsts = dict.fromkeys(session_of(stored.document, place)[0] for place in range(len(stored.record.denervations)))
    return [(place, stored.record.denervations[place].date) for place in firsts]
