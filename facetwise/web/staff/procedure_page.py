"""The pages of a procedure: the checklist before it, nerve by nerve, its codes, and whether it would be counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from facetwise.clinic.model.clinic_record import Checklist
from facetwise.clinic.model.nerves import NERVES, SUPPLY, region_of
from facetwise.clinic.procedure.checklist import (
    Actor,
    Against,
    CannotStartError,
    Obstacle,
    begin,
    begun_at,
    is_prepared,
    not_stopped,
    obstacles,
    procedure_at,
    stop,
    take_back,
    unrecorded,
)
from facetwise.clinic.procedure.lesions import write_down
from facetwise.clinic.procedure.site_check import meant, would_be_elsewhere
from facetwise.clinic.procedure.would_it_count import CATEGORIES, METHODS, is_suggestion, with_codes
from facetwise.errors import InputError
from facetwise.web.frame.forms import Faults, SentForm, read, sent_values
from facetwise.web.frame.layout import back
from facetwise.web.staff.procedure_form import (
    BEGIN,
    EVERY,
    NERVE,
    NOWHERE,
    PROCEDURE,
    SIDES,
    UNCOPIED,
    WHY_STOPPED,
    begin_sent,
    begin_values,
    checklist_sent,
    codes_sent,
    filled,
    is_changed,
    is_uncopied,
    procedure_sent,
    procedure_values,
    rows_sent,
    spare_of,
)
from facetwise.web.staff.procedure_summary import code_values, summary_of
from facetwise.web.staff.visit import Editing, Opened, SentByWriter, SentVisit, Visit

router = APIRouter()
_RESULTS = {"procedure": "result", "codes": "codes"}
_REGIONS = ("lumbar", "cervical", "thoracic")


_LISTS = ("joints", "sides", "events")


@router.get("/patients/{patient}/procedures/new")
def new(visit: Editing) -> Response:
    """The checklist, and the joints and sides."""
    prepared = next(filter(is_prepared, visit.clinic.procedures), None)
    return _new(visit, begin_values(visit.stored.record.request, prepared, visit.today))


@router.post("/patients/{patient}/procedures/new")
def begin_it(visit: SentByWriter) -> Response:
    """Begin it, or say what stands against it."""
    sent, faults = visit.sent, visit.faults
    planned = begin_sent(sent, faults, visit.today)
    against: tuple[Obstacle, ...] = ()
    if planned is not None:
        other = would_be_elsewhere(visit.stored.record, planned.joints, planned.sides, visit.today)
        if sent.one("site_meant") != meant(planned.joints, planned.sides, other) and other:
            ways = "change it, or tick that exactly this is meant"
            faults.add("site_meant", f"This is not where the request or the blocks are: {ways}")
    if planned is not None and not faults:
        actor, checklist = Actor(visit.person.name, visit.may_judge), checklist_sent(sent, faults, visit.today)
        try:
            begun = begin(visit.document, planned, checklist, actor, visit.now)
            return visit.saved(begun, f"/procedures/{begun_at(visit.document)}")
        except CannotStartError as error:
            against = error.obstacles
            _fault_each(against, faults, actor)
        except InputError as error:
            faults.add("why", str(error))
    return _new(visit, sent_values(sent, *_LISTS), against, 422)


def _fault_each(against: tuple[Obstacle, ...], faults: Faults, actor: Actor) -> None:
    for item in against:
        if item.kind is Against.CHECK:
            faults.add(item.id, item.says.rstrip("."))
    if any(item.kind is not Against.CHECK for item in against):
        ways = "resolve them, or write why it goes on" if actor.is_clinician else "resolve them, or ask a clinician"
        faults.add("why" if actor.is_clinician else "against", f"It cannot start as things stand: {ways}")


def _new(visit: Visit, values: dict[str, Any], against: tuple[Obstacle, ...] = (), status: int = 200) -> Response:
    known = obstacles(visit.document, Checklist(), visit.today)
    joints = [joint for joint in values.get("joints") or () if joint in SUPPLY]
    sides = [side for side in values.get("sides") or () if side in SIDES]
    other = would_be_elsewhere(visit.stored.record, joints, sides, visit.today)
    return visit.page(
        "procedure_new.html",
        status,
        values=values,
        fields=BEGIN,
        regions=[(region, [joint for joint in SUPPLY if region_of(joint) == region]) for region in _REGIONS],
        open_regions={region_of(joint) for joint in joints} or {"lumbar"},
        elsewhere=other,
        begun=unrecorded(visit.clinic, visit.today),
        chosen=f"{' and '.join(sides)} {', '.join(joints)}",
        meant=meant(joints, sides, other),
        holds=[item for item in known if item.kind is Against.HOLD],
        flags=[item for item in known if item.kind is Against.RED_FLAG],
        not_asked=[item for item in known if item.kind is Against.NOT_ASKED],
        against=against,
    )


@router.get("/patients/{patient}/procedures/{number}")
def show(visit: Opened, number: int, saved: str = "") -> Response:
    """One procedure. saved: what was just saved, to say so."""
    recorded = procedure_at(visit.document, number)
    if is_prepared(recorded) and visit.may_write:
        return back(f"{visit.url}/procedures/new")
    return _show(visit, number, procedure_values(recorded), saved=saved)


@router.post("/patients/{patient}/procedures/{number}")
def write(visit: SentByWriter, number: int) -> Response:
    """Save nerves and codes; or, by the other button, only copy the values for every nerve into the empty fields."""
    act = visit.sent.one("act")
    procedure_at(visit.document, number)
    if act != "fill":
        if visit.sent.has("why_stopped"):
            visit.faults.add("why_stopped", "Press “Stopped without a lesion” below this reason, or empty it")
        document = _with_sent(visit, visit.document, number)
        if document is not None:
            saved = "codes" if act == "codes" else "procedure"
            return visit.saved(document, f"/procedures/{number}?saved={saved}#{_RESULTS[saved]}")
    return _show_sent(visit, number, is_filled=act == "fill")


def _with_sent(visit: SentVisit, document: Mapping[str, Any], number: int) -> dict[str, Any] | None:
    """The record with all that the form sent, nerves and codes alike, whichever button sent it; None at any fault."""
    sent, faults, recorded = visit.sent, visit.faults, procedure_at(document, number)
    if is_uncopied(sent):
        faults.add(f"{EVERY}-lesion", UNCOPIED if rows_sent(sent) else NOWHERE)
    changes = procedure_sent(sent, recorded, faults, visit.today)
    codes = codes_sent(sent, faults, visit.today)
    if faults:
        return None
    with faults.catch("nerves"):
        changed = dict(document)
        if sent.one("act") != "codes" or is_changed(recorded, changes):
            changed = write_down(document, number, changes, visit.now)
        if codes is None:
            return changed
        opcs = () if is_suggestion(codes.opcs, recorded, procedure_at(changed, number)) else codes.opcs
        return with_codes(changed, number, opcs, codes.icd10, codes.admission_method, codes.administrative_category)
    return None


def _show_sent(visit: SentVisit, number: int, is_filled: bool = False) -> Response:
    """The form again with all that was typed, and the row for every nerve copied where that was chosen or left undone."""
    copied = is_filled or is_uncopied(visit.sent)
    values = {**sent_values(visit.sent, *_LISTS), **(filled(visit.sent) if copied else {})}
    return _show(visit, number, values, visit.sent, 422 if visit.faults else 200, is_filled=copied)


@router.post("/patients/{patient}/procedures/{number}/take-back")
def take_it_back(visit: SentByWriter, number: int) -> Response:
    """Take back a procedure that was begun by mistake. The trail keeps it."""
    return visit.saved(take_back(visit.document, number), "?saved=procedure")


@router.post("/patients/{patient}/procedures/{number}/stop")
def stop_it(visit: SentByWriter, number: int) -> Response:
    """Mark it as stopped without a lesion, or take that mark back."""
    sent, faults = visit.sent, visit.faults
    stops, has_form = sent.one("act") != "go-on", "technique" in sent.fields
    why = read(WHY_STOPPED, sent, faults, visit.today) or ""
    with faults.catch("why_stopped"):
        document: Mapping[str, Any] | None = visit.document if stops else not_stopped(visit.document, number)
        if document is not None and has_form:  # the form of the whole page, with what is typed in it
            document = _with_sent(visit, document, number)
        if document is not None and not faults:
            ended = stop(document, number, why) if stops else dict(document)
            return visit.saved(ended, f"/procedures/{number}?saved=stopped#end")
    if has_form:
        return _show_sent(visit, number)
    values = {**procedure_values(procedure_at(visit.document, number)), "why_stopped": sent.one("why_stopped")}
    return _show(visit, number, values, status=422)


def _show(
    visit: Visit,
    number: int,
    values: dict[str, Any],
    sent: SentForm | None = None,
    status: int = 200,
    saved: str = "",
    is_filled: bool = False,
) -> Response:
    recorded = procedure_at(visit.document, number)
    rows = rows_sent(sent) if sent else list(range(len(recorded.nerves)))
    return visit.page(
        "procedure.html",
        status,
        number=number,
        values={**code_values(recorded, visit.stored), **values},
        fields=PROCEDURE,
        nerve_fields=NERVE,
        why_stopped=WHY_STOPPED,
        rows=rows,
        spare=spare_of(sent) if sent else len(rows),
        every=EVERY,
        nerves=NERVES,
        sides=SIDES,
        methods=METHODS,
        categories=CATEGORIES,
        saved=saved,
        is_filled=is_filled,
        **summary_of(recorded, visit.stored),
    )


@router.get("/patients/{patient}/procedures/{number}/print")
def paper(visit: Opened, number: int, large: str = "") -> Response:
    """The procedure on paper."""
    summary = summary_of(procedure_at(visit.document, number), visit.stored)
    return visit.page("procedure_print.html", number=number, large=bool(large), **summary)
