"""The pages of a procedure: what is asked before it, nerve by nerve, its codes, and the count's own answer."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from facetwise.clinic.coding import suggested
from facetwise.clinic.counted import CATEGORIES, METHODS, codes_in, with_codes
from facetwise.clinic.kept import Checklist, clinic_of
from facetwise.clinic.lesions import EVENTS, write_down
from facetwise.clinic.nerves import NERVES, SUPPLY, region_of
from facetwise.clinic.people import Person, Role
from facetwise.clinic.procedure import (
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
)
from facetwise.clinic.procedure import Person as Actor
from facetwise.clinic.site import meant, would_be_elsewhere
from facetwise.clinic.store import Stored
from facetwise.errors import InputError
from facetwise.language.codes import CodeSystem
from facetwise.serve.web.access import Reader, Sent, Writer, state_of
from facetwise.serve.web.forms import Faults, SentForm, choice_of, text_of, version_of
from facetwise.serve.web.procedure_form import (
    EVERY,
    GUIDANCE,
    SIDES,
    TECHNIQUES,
    begin_sent,
    begin_values,
    checklist_sent,
    filled,
    procedure_sent,
    procedure_values,
    rows_sent,
)
from facetwise.serve.web.shell import back, page
from facetwise.serve.web.shown_patient import patient_of
from facetwise.serve.web.shown_procedure import code_values, told_of

router = APIRouter()
_SYSTEMS = {"opcs": CodeSystem.OPCS4, "icd10": CodeSystem.ICD10}
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
            state.store.save(patient, made, _version(sent), person.sign_in)
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
    person: Person,
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
    """Save it; or, by the other button, only copy the values for every nerve into the empty fields."""
    state, faults = state_of(request), Faults()
    stored = state.store.get(patient)
    held = procedure_at(stored.document, number)
    if sent.one("act") == "fill":
        return _show(request, stored, number, person, {**_many(sent), **filled(sent)}, faults, sent, is_filled=True)
    changes = procedure_sent(sent, held, faults)
    if not faults:
        try:
            made = write_down(stored.document, number, changes, state.now())
            state.store.save(patient, made, _version(sent), person.sign_in)
            return back(f"/patients/{patient}/procedures/{number}?saved=procedure#result")
        except InputError as error:
            faults.add("nerves", str(error))
    return _show(request, stored, number, person, _many(sent), faults, sent, 422)


@router.post("/patients/{patient}/procedures/{number}/codes")
def code(request: Request, patient: str, number: int, person: Writer, sent: Sent) -> Response:
    """Save the codes that a person chose."""
    state, faults = state_of(request), Faults()
    stored = state.store.get(patient)
    held = procedure_at(stored.document, number)
    chosen = {name: _codes(sent, name, faults) for name in _SYSTEMS}
    method = choice_of(sent, "admission_method", tuple(METHODS), faults, "the admission method")
    category = choice_of(sent, "administrative_category", tuple(CATEGORIES), faults, "the category")
    if not faults:
        if chosen["opcs"] == tuple(item.code for item in suggested(held)):
            chosen["opcs"] = ()  # still the suggestion: it follows the nerves until somebody changes it
        made = with_codes(stored.document, number, chosen["opcs"], chosen["icd10"], method, category)
        state.store.save(patient, made, _version(sent), person.sign_in)
        return back(f"/patients/{patient}/procedures/{number}?saved=codes#codes")
    values = {**procedure_values(held), **sent.values}
    return _show(request, stored, number, person, values, faults, status=422)


@router.post("/patients/{patient}/procedures/{number}/take-back")
def take_it_back(request: Request, patient: str, number: int, person: Writer, sent: Sent) -> Response:
    """Take back a procedure that was begun by mistake. The trail keeps it."""
    state = state_of(request)
    made = take_back(state.store.get(patient).document, number)
    state.store.save(patient, made, _version(sent), person.sign_in)
    return back(f"/patients/{patient}?saved=procedure")


@router.post("/patients/{patient}/procedures/{number}/stop")
def stop_it(request: Request, patient: str, number: int, person: Writer, sent: Sent) -> Response:
    """Mark it as stopped without a lesion, or take that mark back."""
    state, faults = state_of(request), Faults()
    stored = state.store.get(patient)
    held = procedure_at(stored.document, number)
    why = text_of(sent, "why_stopped", faults, "The reason", 500) or ""
    try:
        made = (
            not_stopped(stored.document, number) if sent.one("act") == "go-on" else stop(stored.document, number, why)
        )
        if not faults:
            state.store.save(patient, made, _version(sent), person.sign_in)
            return back(f"/patients/{patient}/procedures/{number}?saved=stopped#end")
    except InputError as error:
        faults.add("why_stopped", str(error))
    values = {**procedure_values(held), "why_stopped": sent.one("why_stopped")}
    return _show(request, stored, number, person, values, faults, status=422)


def _codes(sent: SentForm, name: str, faults: Faults) -> tuple[str, ...]:
    try:
        return codes_in(sent.one(name), _SYSTEMS[name])
    except InputError as error:
        faults.add(name, str(error))
        return ()


def _show(
    request: Request,
    stored: Stored,
    number: int,
    person: Person,
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
        spare=max(rows, default=-1) + 1,
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


def _version(sent: SentForm) -> int:
    return version_of(sent)
