"""The pages of a block for staff: recording it, its sheet and chart, what each policy makes of it, the printed sheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from facetwise.clinic.accounts.users import Role
from facetwise.clinic.block.blocks import (
    add_block,
    block_at,
    change_block,
    judge,
    open_until,
    put_before,
    put_readings,
    remove_before,
    remove_reading,
    sheet_of,
    slots,
)
from facetwise.clinic.block.explain import shown as percent_shown
from facetwise.clinic.block.response import next_step_of, response
from facetwise.clinic.model.clinic_record import clinic_of
from facetwise.clinic.model.entry_timing import LATE_AFTER, Timing
from facetwise.clinic.model.spinal_levels import OF_REGION
from facetwise.clinic.store.patients import Stored
from facetwise.decide.next_step import SAYS
from facetwise.errors import InputError
from facetwise.language.policy import Policy
from facetwise.language.truth import Truth
from facetwise.library import POLICIES, policy
from facetwise.web.charts.block import chart_block
from facetwise.web.frame.access import Clinician, Reader, Sent, Writer, state_of
from facetwise.web.frame.forms import Faults, SentForm, number_of, version_of
from facetwise.web.frame.layout import back, page
from facetwise.web.staff.block_form import (
    AGENTS,
    KINDS,
    REGIONS,
    SIDES,
    done_of,
    form_values,
    judgement_held,
    judgement_of,
    judgement_shown,
    judgement_typed,
    scores_of,
    values_as_requested,
    values_held,
)
from facetwise.web.staff.patient_header import Patient, patient_of

router = APIRouter()
_QUALIFIES = {Truth.MET: "Qualifies", Truth.NOT_MET: "Does not qualify", Truth.UNKNOWN: "Cannot tell"}


@router.get("/patients/{patient}/blocks/new")
def new(request: Request, patient: str, person: Writer) -> Response:
    """The form for a block that was done."""
    state = state_of(request)
    stored = state.store.get(patient)
    booked = clinic_of(stored.document).block_booked
    day = booked if booked and booked <= state.today() else state.today()
    return _form(request, stored, Faults(), values_as_requested(stored.record.request, day))


@router.post("/patients/{patient}/blocks/new")
def add(request: Request, patient: str, person: Writer, sent: Sent) -> Response:
    """Record a block."""
    state, faults = state_of(request), Faults()
    stored = state.store.get(patient)
    done = done_of(sent, faults, state.today())
    if done is not None and not faults:
        try:
            document, place = add_block(stored.document, done, state.now())
            state.store.save(patient, document, version_of(sent), person.sign_in)
            return back(f"/patients/{patient}/blocks/{place}?was={_step(request, stored)}")
        except InputError as error:
            faults.add("date", str(error))
    return _form(request, stored, faults, form_values(sent), status=422)


@router.get("/patients/{patient}/blocks/{place}/edit")
def edit(request: Request, patient: str, place: int, person: Writer) -> Response:
    """The same form for a block that is recorded."""
    stored = state_of(request).store.get(patient)
    return _form(request, stored, Faults(), values_held(stored.document, place), place)


@router.post("/patients/{patient}/blocks/{place}/edit")
def change(request: Request, patient: str, place: int, person: Writer, sent: Sent) -> Response:
    """Correct a block."""
    state, faults = state_of(request), Faults()
    stored = state.store.get(patient)
    done = done_of(sent, faults, state.today())
    if done is not None and not faults:
        try:
            document = change_block(stored.document, place, done, state.now())
            state.store.save(patient, document, version_of(sent), person.sign_in)
            return back(f"/patients/{patient}/blocks/{place}?was={_step(request, stored)}")
        except InputError as error:
            faults.add("date", str(error))
    return _form(request, stored, faults, form_values(sent), place, 422)


@router.get("/patients/{patient}/blocks/{place}")
def show(request: Request, patient: str, place: int, person: Reader, was: str = "") -> Response:
    """The block: its scores, what they show, what each policy makes of it. was: the next step before the last entry."""
    stored = state_of(request).store.get(patient)
    return _show(request, stored, place, person.role, Faults(), None, was=was)


@router.post("/patients/{patient}/blocks/{place}/readings")
def readings(request: Request, patient: str, place: int, person: Writer, sent: Sent) -> Response:
    """Save the scores of the sheet, as staff copied or heard them. A judgement beside them stays typed, and is not saved."""
    state, faults = state_of(request), Faults()
    stored = state.store.get(patient)
    document = _with_scores(request, stored.document, place, sent, faults)
    if faults:
        return _show(request, stored, place, person.role, faults, sent, 422)
    saved = state.store.save(patient, document, version_of(sent), person.sign_in)
    typed = judgement_typed(sent, judgement_held(document, place))
    if typed and person.role is Role.CLINICIAN:
        left = SentForm({name: (value,) for name, value in typed.items()})
        return _show(request, saved, place, person.role, faults, left, was=_step(request, stored), is_left=True)
    return back(f"/patients/{patient}/blocks/{place}?was={_step(request, stored)}")


@router.post("/patients/{patient}/blocks/{place}/judgement")
def judgement(request: Request, patient: str, place: int, person: Clinician, sent: Sent) -> Response:
    """Save what the clinician makes of the block, and the scores that were typed beside it."""
    state, faults = state_of(request), Faults()
    stored = state.store.get(patient)
    document = _with_scores(request, stored.document, place, sent, faults)
    given = judgement_of(sent, faults)
    if not faults:
        state.store.save(patient, judge(document, place, given), version_of(sent), person.sign_in)
        return back(f"/patients/{patient}/blocks/{place}?was={_step(request, stored)}")
    return _show(request, stored, place, person.role, faults, sent, 422)


def _with_scores(
    request: Request, document: Mapping[str, Any], place: int, sent: SentForm, faults: Faults
) -> Mapping[str, Any]:
    """The record with the sheet as it was sent; as it was where something in it is wrong."""
    state = state_of(request)
    now, done_at = state.now(), sheet_of(clinic_of(document), place).done_at
    here = done_at.astimezone(state.zone) if done_at else None
    felt, emptied = scores_of(sent, slots(document, place, now), here, faults)
    before = number_of(sent, "before", 0, 10, faults, "the score before the block")
    if faults:
        return document
    try:
        made = document
        if before is not None:
            made = put_before(made, place, before, now, "staff")
        elif "before" in sent.fields:
            made = remove_before(made, place)
        for minutes in emptied:
            made = remove_reading(made, place, minutes)
        return put_readings(made, place, felt, now, "staff")
    except InputError as error:
        faults.add("sheet", str(error))
        return document


@router.get("/patients/{patient}/blocks/{place}/sheet")
def printed(request: Request, patient: str, place: int, person: Reader, large: bool = False) -> Response:
    """The sheet on paper, empty where no score is entered yet."""
    state = state_of(request)
    stored = state.store.get(patient)
    block = block_at(stored.document, place)
    return page(
        request,
        "block_sheet.html",
        patient=patient_of(stored, state.settings(), state.today()),
        block=block,
        place=place,
        sheet=sheet_of(clinic_of(stored.document), place),
        lines=slots(stored.document, place, state.now()),
        clock=lambda moment: f"{moment.astimezone(state.zone):%H:%M}",
        large=large or "large-print" in clinic_of(stored.document).needs,
    )


def _form(
    request: Request,
    stored: Stored,
    faults: Faults,
    values: dict[str, Any],
    place: int | None = None,
    status: int = 200,
) -> Response:
    state = state_of(request)
    return page(
        request,
        "block_form.html",
        status,
        patient=patient_of(stored, state.settings(), state.today()),
        place=place,
        faults=faults,
        values=values,
        kinds=KINDS,
        regions=REGIONS,
        sides=SIDES,
        agents=AGENTS,
        levels=OF_REGION,
        late_minutes=round(LATE_AFTER.total_seconds() / 60),
    )


def _show(
    request: Request,
    stored: Stored,
    place: int,
    role: Role,
    faults: Faults,
    sent: SentForm | None,
    status: int = 200,
    was: str = "",
    is_left: bool = False,
) -> Response:
    """The page. is_left: a judgement was typed, and only the scores beside it were saved."""
    state = state_of(request)
    document, today = stored.document, state.today()
    block, sheet = block_at(document, place), sheet_of(clinic_of(document), place)
    patient = patient_of(stored, state.settings(), today)
    told = response(document, place, _policies(patient), today)
    lines = slots(document, place, state.now())
    line = state.pathway.of(stored.id)
    named = [decision.policy for decision in (patient.governing, *patient.beside)]
    return page(
        request,
        "block.html",
        status,
        patient=patient,
        place=place,
        block=block,
        sheet=sheet,
        lines=lines,
        told=told,
        ours=[verdict for verdict in told.verdicts if verdict.policy in named],
        others=[verdict for verdict in told.verdicts if verdict.policy not in named],
        chart=chart_block(lines, block.before, told.best),
        faults=faults,
        values=judgement_shown(document, place, sent),
        is_left=is_left,
        **({"typed_over": str} if is_left else {}),
        sent=sent.values if sent else {},
        was=SAYS.get(was, ""),
        policy_says=patient.governing.next_step.says,
        list_says=line.says if line else patient.governing.next_step.says,
        open_until=open_until(lines, state.now()) if told.readings_n else None,
        given_n=sum(slot.reading is not None for slot in lines),
        may_write=role is not Role.READER,
        may_judge=role is Role.CLINICIAN,
        qualifies=_QUALIFIES,
        timings=Timing,
        percent=percent_shown,
        late_minutes=round(LATE_AFTER.total_seconds() / 60),
    )


def _policies(patient: Patient) -> tuple[Policy, ...]:
    """Every policy, that of the patient first, then those that the clinic shows."""
    named = (patient.governing.policy, *(decision.policy for decision in patient.beside))
    return tuple(dict.fromkeys((*named, *POLICIES.values())))


def _step(request: Request, stored: Stored) -> str:
    """The next step as it was before what is being saved."""
    state = state_of(request)
    governs = clinic_of(stored.document).policy or state.settings().policy
    return next_step_of(stored.document, policy(governs), state.today()).id
