"""The pages of a procedure: what is asked before it, nerve by nerve, its codes, and the count's own answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from facetwise.clinic.accounts.users import Role, User
from facetwise.clinic.model.clinic_record import Checklist, clinic_of
from facetwise.clinic.model.nerves import NERVES, SUPPLY, region_of
from facetwise.clinic.procedure.checklist import (
    CHECKS,
    Against,
    HeldError,
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
from facetwise.clinic.procedure.checklist import Person as Actor
from facetwise.clinic.procedure.lesions import EVENTS, write_down
from facetwise.clinic.procedure.site_check import meant, would_be_elsewhere
from facetwise.clinic.procedure.would_it_count import CATEGORIES, METHODS, is_suggestion, with_codes
from facetwise.clinic.store.patients import Stored
from facetwise.errors import InputError
from facetwise.web.frame.access import Reader, Sent, Writer, state_of
from facetwise.web.frame.forms import Faults, SentForm, text_of, version_of
from facetwise.web.frame.layout import back, page
from facetwise.web.staff.patient_header import patient_of
from facetwise.web.staff.procedure_form import (
    EVERY,
    GUIDANCE,
    NOWHERE,
    SIDES,
    TECHNIQUES,
    UNCOPIED,
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
from facetwise.web.staff.procedure_summary import code_values, told_of

router = APIRouter()
_RESULTS = {"procedure": "result", "codes": "codes"}
_REGIONS = ("lumbar", "cervical", "thoracic")


@router.get("/patients/{patient}/procedures/new")
def new(request: Request, patient: str, person: Writer) -> Response:
    """The checklist, and the joints and sides."""
    state = state_of(request)
    stored = state.store.get(patient)
    prepared = next((held for held in clinic_of(stored.document).procedures if is_prepared(held)), None)
    values = begin_values(stored.record.request, prepared, state.today())
    return _new(request, stored, person, values, Faults())


@router.post("/patients/{patient}/procedures/new")
def begin_it(request: Request, patient: str, person: Writer, sent: Sent) -> Response:
    """Begin it, or say what stands against it."""
    state, faults = state_of(request), Faults()
    stored = state.store.get(patient)
    given = begin_sent(sent, faults)
    against: tuple[Obstacle, ...] = ()
    if given is not None:
        other = would_be_elsewhere(stored.record, given.joints, given.sides, state.today())
        if sent.one("site_meant") != meant(given.joints, given.sides, other) and other:
            ways = "change it, or tick that exactly this is meant"
            faults.add("site_meant", f"This is not where the request or the blocks are: {ways}")
    if given is not None and not faults:
        actor = Actor(person.name, person.role is Role.CLINICIAN)
        try:
            made = begin(stored.document, given, checklist_sent(sent), actor, state.now())
            state.store.save(patient, made, version_of(sent), person.sign_in)
            return back(f"/patients/{patient}/procedures/{begun_at(stored.document)}")
        except HeldError as error:
            against = error.obstacles
            _fault_each(against, faults, actor)
        except InputError as error:
            faults.add("why", str(error))
    return _new(request, stored, person, _many(sent), faults, against, 422)


def _fault_each(against: tuple[Obstacle, ...], faults: Faults, actor: Actor) -> None:
    for item in against:
        if item.kind is Against.CHECK:
            faults.add(item.id, item.says.rstrip("."))
    others = [item for item in against if item.kind is not Against.CHECK]
    if others:
        ways = "resolve them, or write why it goes on" if actor.is_clinician else "resolve them, or ask a clinician"
        faults.add("why" if actor.is_clinician else "against", f"It cannot start as things stand: {ways}")


def _new(
    request: Request,
    stored: Stored,
    person: User,
    values: dict[str, Any],
    faults: Faults,
    against: tuple[Obstacle, ...] = (),
    status: int = 200,
) -> Response:
    state = state_of(request)
    known = obstacles(stored.document, Checklist(), state.today())
    joints = [joint for joint in values.get("joints") or () if joint in SUPPLY]
    sides = [side for side in values.get("sides") or () if side in SIDES]
    other = would_be_elsewhere(stored.record, joints, sides, state.today())
    return page(
        request,
        "procedure_new.html",
        status,
        patient=patient_of(stored, state.settings(), state.today()),
        values=values,
        faults=faults,
        checks=CHECKS,
        regions=[(region, [joint for joint in SUPPLY if region_of(joint) == region]) for region in _REGIONS],
        asked_for={region_of(joint) for joint in joints} or {"lumbar"},
        elsewhere=other,
        begun=unrecorded(clinic_of(stored.document), state.today()),
        chosen=f"{' and '.join(sides)} {', '.join(joints)}",
        meant=meant(joints, sides, other),
        holds=[item for item in known if item.kind is Against.HOLD],
        flags=[item for item in known if item.kind is Against.RED_FLAG],
        not_asked=[item for item in known if item.kind is Against.NOT_ASKED],
        against=against,
        is_clinician=person.role is Role.CLINICIAN,
        techniques=TECHNIQUES,
        guidance=GUIDANCE,
        sides=SIDES,
    )


@router.get("/patients/{patient}/procedures/{number}")
def show(request: Request, patient: str, number: int, person: Reader, saved: str = "") -> Response:
    """One procedure. saved: what was just saved, to say so."""
    stored = state_of(request).store.get(patient)
    held = procedure_at(stored.document, number)
    if is_prepared(held) and person.role is not Role.READER:
        return back(f"/patients/{patient}/procedures/new")
    return _show(request, stored, number, person, procedure_values(held), Faults(), saved=saved)


@router.post("/patients/{patient}/procedures/{number}")
def write(request: Request, patient: str, number: int, person: Writer, sent: Sent) -> Response:
    """Save nerves and codes; or, by the other button, only copy the values for every nerve into the empty fields."""
    state, faults = state_of(request), Faults()
    stored, act = state.store.get(patient), sent.one("act")
    procedure_at(stored.document, number)
    if act != "fill":
        if sent.has("why_stopped"):
            faults.add("why_stopped", "Press “Stopped without a lesion” below this reason, or empty it")
        made = _with_sent(stored.document, number, sent, faults, state.now())
        if made is not None:
            state.store.save(patient, made, version_of(sent), person.sign_in)
            saved = "codes" if act == "codes" else "procedure"
            return back(f"/patients/{patient}/procedures/{number}?saved={saved}#{_RESULTS[saved]}")
    return _show_sent(request, stored, number, person, sent, faults, is_filled=act == "fill")


def _with_sent(
    document: Mapping[str, Any], number: int, sent: SentForm, faults: Faults, now: datetime
) -> dict[str, Any] | None:
    """The record with all that the form sent, nerves and codes alike, whichever button sent it; None at any fault."""
    held = procedure_at(document, number)
    if is_uncopied(sent):
        faults.add(f"{EVERY}-lesion", UNCOPIED if rows_sent(sent) else NOWHERE)
    changes, codes = procedure_sent(sent, held, faults), codes_sent(sent, faults)
    if faults:
        return None
    try:
        made = dict(document)
        if sent.one("act") != "codes" or is_changed(held, changes):
            made = write_down(document, number, changes, now)
        if codes is None:
            return made
        opcs = () if is_suggestion(codes.opcs, held, procedure_at(made, number)) else codes.opcs
        return with_codes(made, number, opcs, codes.icd10, codes.admission_method, codes.administrative_category)
    except InputError as error:
        faults.add("nerves", str(error))
        return None


def _show_sent(
    request: Request,
    stored: Stored,
    number: int,
    person: User,
    sent: SentForm,
    faults: Faults,
    is_filled: bool = False,
) -> Response:
    """The form again with all that was typed, and the row for every nerve copied where that was asked or waited."""
    copied = is_filled or is_uncopied(sent)
    values = {**_many(sent), **(filled(sent) if copied else {})}
    return _show(request, stored, number, person, values, faults, sent, 422 if faults else 200, is_filled=copied)


@router.post("/patients/{patient}/procedures/{number}/take-back")
def take_it_back(request: Request, patient: str, number: int, person: Writer, sent: Sent) -> Response:
    """Take back a procedure that was begun by mistake. The trail keeps it."""
    state = state_of(request)
    made = take_back(state.store.get(patient).document, number)
    state.store.save(patient, made, version_of(sent), person.sign_in)
    return back(f"/patients/{patient}?saved=procedure")


@router.post("/patients/{patient}/procedures/{number}/stop")
def stop_it(request: Request, patient: str, number: int, person: Writer, sent: Sent) -> Response:
    """Mark it as stopped without a lesion, or take that mark back."""
    state, faults = state_of(request), Faults()
    stored = state.store.get(patient)
    stops = sent.one("act") != "go-on"
    why = text_of(sent, "why_stopped", faults, "The reason", 500) or ""
    try:
        made: Mapping[str, Any] | None = stored.document if stops else not_stopped(stored.document, number)
        if made is not None and "technique" in sent.fields:  # the form of the whole page, with what is typed in it
            made = _with_sent(made, number, sent, faults, state.now())
        if made is not None and not faults:
            done = stop(made, number, why) if stops else dict(made)
            state.store.save(patient, done, version_of(sent), person.sign_in)
            return back(f"/patients/{patient}/procedures/{number}?saved=stopped#end")
    except InputError as error:
        faults.add("why_stopped", str(error))
    if "technique" in sent.fields:
        return _show_sent(request, stored, number, person, sent, faults)
    values = {**procedure_values(procedure_at(stored.document, number)), "why_stopped": sent.one("why_stopped")}
    return _show(request, stored, number, person, values, faults, status=422)


def _show(
    request: Request,
    stored: Stored,
    number: int,
    person: User,
    values: dict[str, Any],
    faults: Faults,
    sent: SentForm | None = None,
    status: int = 200,
    saved: str = "",
    is_filled: bool = False,
) -> Response:
    state = state_of(request)
    held = procedure_at(stored.document, number)
    rows = rows_sent(sent) if sent else list(range(len(held.nerves)))
    return page(
        request,
        "procedure.html",
        status,
        patient=patient_of(stored, state.settings(), state.today()),
        number=number,
        values={**code_values(held, stored), **values},
        faults=faults,
        rows=rows,
        spare=spare_of(sent) if sent else len(rows),
        every=EVERY,
        nerves=NERVES,
        events=EVENTS,
        techniques=TECHNIQUES,
        guidance=GUIDANCE,
        sides=SIDES,
        methods=METHODS,
        categories=CATEGORIES,
        saved=saved,
        is_filled=is_filled,
        may_write=person.role is not Role.READER,
        **told_of(held, stored),
    )


@router.get("/patients/{patient}/procedures/{number}/print")
def paper(request: Request, patient: str, number: int, person: Reader, large: str = "") -> Response:
    """The procedure on paper."""
    state = state_of(request)
    stored = state.store.get(patient)
    held = procedure_at(stored.document, number)
    shown = patient_of(stored, state.settings(), state.today())
    told = told_of(held, stored)
    return page(request, "procedure_print.html", patient=shown, number=number, large=bool(large), **told)


def _many(sent: SentForm) -> dict[str, Any]:
    """What was typed, with every value of the ticked boxes."""
    lists = ("joints", "sides", "events")
    return {**sent.values, **{name: list(sent.many(name)) for name in lists}}
