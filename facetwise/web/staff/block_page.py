"""The pages of a block for staff: recording it, its sheet and chart, what each policy makes of it, the printed sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

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
from facetwise.clinic.block.explain import percent_text
from facetwise.clinic.block.response import next_step_of, response
from facetwise.clinic.model.entry_timing import LATE_AFTER, Timing
from facetwise.decide.next_step import SAYS
from facetwise.language.policy import Policy
from facetwise.language.truth import Truth
from facetwise.library import POLICIES, policy
from facetwise.web.charts.block import chart_block
from facetwise.web.frame.forms import SentForm, read, sent_values
from facetwise.web.frame.layout import back
from facetwise.web.staff.block_form import (
    BEFORE,
    BLOCK,
    JUDGEMENT,
    LEVELS_BY_REGION,
    done_of,
    judgement_of,
    scores_of,
    unsaved_judgement,
    values_as_requested,
    values_of_block,
    values_of_judgement,
)
from facetwise.web.staff.patient_header import Patient
from facetwise.web.staff.visit import Editing, Opened, SentByClinician, SentByWriter, SentVisit, Visit

router = APIRouter()
_QUALIFIES = {Truth.MET: "Qualifies", Truth.NOT_MET: "Does not qualify", Truth.UNKNOWN: "Cannot tell"}


@router.get("/patients/{patient}/blocks/new")
def new(visit: Editing) -> Response:
    """The form for a block that was done."""
    booked = visit.clinic.block_booked
    day = booked if booked and booked <= visit.today else visit.today
    return _form(visit, values_as_requested(visit.stored.record.request, day))


@router.post("/patients/{patient}/blocks/new")
def add(visit: SentByWriter) -> Response:
    """Record a block."""
    return _record(visit, None)


@router.get("/patients/{patient}/blocks/{place}/edit")
def edit(visit: Editing, place: int) -> Response:
    """The same form for a block that is recorded."""
    return _form(visit, values_of_block(visit.document, place), place)


@router.post("/patients/{patient}/blocks/{place}/edit")
def change(visit: SentByWriter, place: int) -> Response:
    """Correct a block."""
    return _record(visit, place)


def _record(visit: SentVisit, place: int | None) -> Response:
    """Record the block of a form. place: of the block that is corrected; None for a new one."""
    done = done_of(visit.sent, visit.faults, visit.today)
    if done is not None and not visit.faults:
        with visit.faults.catch("date"):
            if place is None:
                document, at = add_block(visit.document, done, visit.now)
            else:
                document, at = change_block(visit.document, place, done, visit.now), place
            return visit.saved(document, f"/blocks/{at}?was={_step(visit)}")
    return _form(visit, sent_values(visit.sent, "levels", "sides"), place, 422)


@router.get("/patients/{patient}/blocks/{place}")
def show(visit: Opened, place: int, was: str = "") -> Response:
    """The block: its scores, what they show, what each policy makes of it. was: the next step before the last entry."""
    return _show(visit, place, SentForm({}), was=was)


@router.post("/patients/{patient}/blocks/{place}/readings")
def readings(visit: SentByWriter, place: int) -> Response:
    """Save the scores of the sheet, as staff copied or heard them. A judgement beside them stays typed, and is not saved."""
    document = _with_scores(visit, place)
    if visit.faults:
        return _show(visit, place, visit.sent, 422)
    saved = visit.save(document)
    typed = unsaved_judgement(visit.sent, values_of_judgement(document, place))
    if typed and visit.may_judge:
        left = SentForm({name: (value,) for name, value in typed.items()})
        return _show(replace(visit, stored=saved), place, left, was=_step(visit), is_left=True)
    return back(f"{visit.url}/blocks/{place}?was={_step(visit)}")


@router.post("/patients/{patient}/blocks/{place}/judgement")
def judgement(visit: SentByClinician, place: int) -> Response:
    """Save what the clinician makes of the block, and the scores that were typed beside it."""
    document = _with_scores(visit, place)
    judged = judgement_of(visit.sent, visit.faults, visit.today)
    if visit.faults:
        return _show(visit, place, visit.sent, 422)
    return visit.saved(judge(document, place, judged), f"/blocks/{place}?was={_step(visit)}")


def _with_scores(visit: SentVisit, place: int) -> Mapping[str, Any]:
    """The record with the sheet as it was sent; as it was where something in it is wrong."""
    document, now, sent, faults = visit.document, visit.now, visit.sent, visit.faults
    done_at = sheet_of(visit.clinic, place).done_at
    local = done_at.astimezone(visit.state.zone) if done_at else None
    felt, emptied = scores_of(sent, slots(document, place, now), local, faults, visit.today)
    before = read(BEFORE, sent, faults, visit.today)
    if faults:
        return document
    with faults.catch("sheet"):
        changed = document
        if before is not None:
            changed = put_before(changed, place, before, now, "staff")
        elif "before" in sent.fields:
            changed = remove_before(changed, place)
        for minutes in emptied:
            changed = remove_reading(changed, place, minutes)
        return put_readings(changed, place, felt, now, "staff")
    return document


@router.get("/patients/{patient}/blocks/{place}/sheet")
def printed(visit: Opened, place: int, large: bool = False) -> Response:
    """The sheet on paper, empty where no score is entered yet."""
    zone = visit.state.zone
    return visit.page(
        "block_sheet.html",
        block=block_at(visit.document, place),
        place=place,
        sheet=sheet_of(visit.clinic, place),
        lines=slots(visit.document, place, visit.now),
        clock=lambda moment: f"{moment.astimezone(zone):%H:%M}",
        large=large or "large-print" in visit.clinic.needs,
    )


def _form(visit: Visit, values: dict[str, Any], place: int | None = None, status: int = 200) -> Response:
    return visit.page(
        "block_form.html", status, place=place, values=values, fields=BLOCK, levels_by_region=LEVELS_BY_REGION
    )


def _show(
    visit: Visit, place: int, sent: SentForm, status: int = 200, was: str = "", is_left: bool = False
) -> Response:
    """The page. is_left: a judgement was typed, and only the scores beside it were saved."""
    document, patient = visit.document, visit.patient
    block = block_at(document, place)
    found = response(document, place, _policies(patient), visit.today)
    lines, line = slots(document, place, visit.now), visit.state.pathway.of(visit.stored.id)
    listed = [decision.policy for decision in (patient.governing, *patient.beside)]
    judged = values_of_judgement(document, place)
    return visit.page(
        "block.html",
        status,
        place=place,
        block=block,
        sheet=sheet_of(visit.clinic, place),
        lines=lines,
        response=found,
        ours=[verdict for verdict in found.verdicts if verdict.policy in listed],
        others=[verdict for verdict in found.verdicts if verdict.policy not in listed],
        chart=chart_block(lines, block.before, found.best),
        judgement=JUDGEMENT,
        values={name: sent.one(name) if name in sent.fields else value for name, value in judged.items()},
        is_left=is_left,
        **({"typed_over": str} if is_left else {}),
        sent=sent.values,
        was=SAYS.get(was, ""),
        policy_says=patient.governing.next_step.says,
        list_says=line.says if line else patient.governing.next_step.says,
        open_until=open_until(lines, visit.now) if found.readings_n else None,
        filled_n=sum(slot.reading is not None for slot in lines),
        qualifies=_QUALIFIES,
        timings=Timing,
        percent=percent_text,
        late_minutes=round(LATE_AFTER.total_seconds() / 60),
    )


def _policies(patient: Patient) -> tuple[Policy, ...]:
    """Every policy, that of the patient first, then those that the clinic shows."""
    first = (patient.governing.policy, *(decision.policy for decision in patient.beside))
    return tuple(dict.fromkeys((*first, *POLICIES.values())))


def _step(visit: Visit) -> str:
    """The next step as it was before what is being saved."""
    governs = visit.clinic.policy or visit.settings.policy
    return next_step_of(visit.document, policy(governs), visit.today).id
