"""The block's sheet on the patient's telephone: the score that is due now, and those that were given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from facetwise.clinic.blocks import (
    Felt,
    Slot,
    block_at,
    coming,
    due,
    note_medicines,
    put_readings,
    sheet_of,
    slots,
)
from facetwise.clinic.kept import clinic_of
from facetwise.clinic.whats_next import SHEET_OPEN_DAYS, open_sheets
from facetwise.errors import InputError
from facetwise.serve.web.access import Linked, LinkedPatient, SentByPatient, state_of
from facetwise.serve.web.block_form import on_the_clock
from facetwise.serve.web.chart_block import chart_block
from facetwise.serve.web.forms import Faults, SentForm
from facetwise.serve.web.my_forms import Place, new_id, score_of, stopped, written_at_of
from facetwise.serve.web.shell import back, page

router = APIRouter()
_CLOSED = "This sheet is closed. Tell the clinic if a score is missing or wrong."


@router.get("/my/{token}/block/{place}")
def show(request: Request, linked: Linked, place: int, kept: bool = False) -> Response:
    """The sheet. kept: a score was just sent."""
    return _show(request, linked, place, Faults(), None, kept=kept)


@router.post("/my/{token}/block/{place}")
def write(request: Request, linked: Linked, place: int, sent: SentByPatient) -> Response:
    """Keep a score; what stands on the sheet already is not written over."""
    if stop := stopped(request, linked, sent, Place("the block's sheet", f"/my/{linked.token}/block/{place}")):
        return stop
    state, faults = state_of(request), Faults()
    score = score_of(sent, faults)
    now, medicines = state.now(), sent.one("medicines")

    def with_score(document: Mapping[str, Any]) -> dict[str, Any]:
        assert score is not None
        if place not in [sheet.place for sheet in open_sheets(document, now.date())]:
            raise InputError(_CLOSED)
        felt = Felt(score, *_when(document, place, sent, now), written_at=written_at_of(sent, state.zone))
        held = {reading.minutes: reading for reading in sheet_of(clinic_of(document), place).readings}
        changed = put_readings(document, place, [felt], now, "patient")
        for reading in sheet_of(clinic_of(changed), place).readings:
            before = held.get(reading.minutes)
            if before is not None and before != reading:
                raise InputError("There is a score for that time already. Ask the clinic to change it.")
        return note_medicines(changed, place, medicines) if medicines else changed

    if not faults:
        try:
            state.store.change(linked.patient, with_score, linked.who)
            return back(f"/my/{linked.token}/block/{place}?kept=1")
        except InputError as error:
            faults.add("score", str(error))
    return _show(request, linked, place, faults, sent, 422)


def _when(document: Mapping[str, Any], place: int, sent: SentForm, now: datetime) -> tuple[int | None, datetime | None]:
    """The minutes of the line that was chosen, or the time that was given instead."""
    chosen = sent.one("line")
    if chosen.isdigit():
        return int(chosen), None
    done_at = sheet_of(clinic_of(document), place).done_at
    if chosen == "now":
        return None, written_at_of(sent, _zone(now)) or now
    try:
        at = time.fromisoformat(sent.one("other-at"))
    except ValueError as error:
        raise InputError("Choose when you felt it, or give the time, such as 13:45.") from error
    if done_at is None:
        raise InputError("The clinic has not entered the time of your block yet. Choose a line of the sheet.")
    return None, on_the_clock(at, done_at.astimezone(now.tzinfo))


def _zone(now: datetime) -> Any:
    return now.tzinfo


def _show(
    request: Request,
    linked: LinkedPatient,
    place: int,
    faults: Faults,
    sent: SentForm | None,
    status: int = 200,
    kept: bool = False,
) -> Response:
    state = state_of(request)
    document, now = state.store.get(linked.patient).document, state.now()
    block, sheet, lines = block_at(document, place), sheet_of(clinic_of(document), place), slots(document, place, now)
    ready = due(lines, now)
    return page(
        request,
        "my_block.html",
        status,
        linked=linked,
        place=place,
        block=block,
        sheet=sheet,
        lines=lines,
        is_open=place in [held.place for held in open_sheets(document, state.today())],
        open_days=SHEET_OPEN_DAYS,
        due=ready,
        coming=coming(lines, now),
        missed=_missed(lines, now, ready),
        chart=chart_block(lines, block.before, None),
        faults=faults,
        values=sent.values if sent else {"line": str(ready.minutes) if ready else ""},
        form_id=new_id(),
        now_iso=now.isoformat(),
        kept=kept,
    )


def _missed(lines: tuple[Slot, ...], now: datetime, ready: Slot | None) -> list[Slot]:
    """The lines whose time has come, without a score; all of them where the times are not known."""
    return [
        line
        for line in lines
        if line.reading is None and line.minutes and line is not ready and (line.at is None or line.at <= now)
    ]
