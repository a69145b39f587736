"""The block's sheet on the patient's telephone: the score that is due now, and those that were given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from facetwise.clinic.block.blocks import (
    LONGEST,
    Felt,
    SheetLine,
    block_at,
    coming,
    due,
    note_medicines,
    put_readings,
    sheet_of,
    slots,
    standing,
)
from facetwise.clinic.model.block_ids import marks, place_of
from facetwise.clinic.model.clinic_record import clinic_of
from facetwise.clinic.model.entry_timing import LATE_AFTER, is_trusted, since
from facetwise.clinic.pathway.next_for_patient import SHEET_OPEN_DAYS, open_sheets, part_of_the_body
from facetwise.errors import FieldError, InputError
from facetwise.web.charts.block import chart_block
from facetwise.web.frame.access import Linked, LinkedPatient, SentByPatient, linked_patient, state_of
from facetwise.web.frame.forms import Faults, SentForm
from facetwise.web.frame.layout import back, page
from facetwise.web.patient.forms import (
    NOW_AND_A_TIME,
    PatientForm,
    clock_of,
    new_id,
    score_of,
    short_texts,
    stopped,
    whole_number,
    written_at_of,
    written_or_none,
)
from facetwise.web.patient.home_pages import show_diary

router = APIRouter()
_CLOSED = "This sheet is closed. Tell the clinic if a score is missing or wrong."
_GONE = (
    "The clinic has changed this sheet or taken it away, so your score was not kept there. "
    "You can keep it in your diary instead: check the day and the time, and press Save."
)
_NOT_THERE = (
    "There is no sheet at this address any more: the clinic has changed it. Open the one that you want from your pages."
)
_ONE_DAY_IS_MEANT = timedelta(hours=12)


@router.get("/my/{token}/block/{place}")
def show(request: Request, linked: Linked, place: int, kept: bool = False) -> Response:
    """The sheet. kept: a score was just sent."""
    if not 0 <= place < len(marks(state_of(request).store.get(linked.patient).document)):
        raise InputError(_NOT_THERE)
    return _show(request, linked, place, Faults(), None, kept=kept)


@router.post("/my/{token}/block/{place}")
def write(request: Request, token: str, place: int, sent: SentByPatient) -> Response:
    """Keep a score on the sheet of the block that the form was drawn for, wherever it stands by now.

    What stands in the record already is not written over; where the block is gone, the diary is offered.
    """
    if stop := stopped(request, token, sent, PatientForm("the block's sheet", f"/my/{token}/block/{place}")):
        return stop
    linked, state, faults = linked_patient(request, token), state_of(request), Faults()
    score, mark = score_of(sent, faults, state.today()), sent.one("block")
    medicines = short_texts(sent, ("medicines",), faults)["medicines"]
    now = state.now()

    def with_score(document: Mapping[str, Any]) -> dict[str, Any]:
        assert score is not None
        place = _place_of(document, mark)
        if place not in [sheet.place for sheet in open_sheets(document, now.date())]:
            raise InputError(_CLOSED)
        written_at = written_at_of(sent, state.zone)
        felt = Felt(score, *_when(document, place, sent, now, written_at), written_at=written_at)
        changed = put_readings(document, place, [felt], now, "patient")
        now_stands = standing(changed, place)
        if any(now_stands.get(minutes) != held for minutes, held in standing(document, place).items()):
            raise InputError("There is a score for that time already. Ask the clinic to change it.")
        return note_medicines(changed, place, medicines) if medicines else changed

    if not faults:
        try:
            stored = state.store.change(linked.patient, with_score, linked.who)
            return back(f"/my/{token}/block/{_place_of(stored.document, mark)}?kept=1")
        except _GoneError:
            return _to_diary(request, linked, sent)
        except FieldError as error:
            faults.add(error.field, str(error))
        except InputError as error:
            faults.add("score", str(error))
    now_at = place_of(state.store.get(linked.patient).document, mark)
    return _to_diary(request, linked, sent) if now_at is None else _show(request, linked, now_at, faults, sent, 422)


class _GoneError(InputError):
    """The block that the form was drawn for is not in the record any more."""


def _place_of(document: Mapping[str, Any], mark: str) -> int:
    place = place_of(document, mark)
    if place is None:
        raise _GoneError(_GONE)
    return place


def _to_diary(request: Request, linked: LinkedPatient, sent: SentForm) -> Response:
    """The diary's form with what was typed for a sheet that is gone. A line of that sheet tells no time of the day."""
    state, faults, line = state_of(request), Faults(), sent.one("line")
    day, at = sent.one("other-date"), sent.one("other-at")
    if line == "now":
        moment = (written_or_none(sent, state.zone) or state.now()).astimezone(state.zone)
        day, at = moment.date().isoformat(), f"{moment:%H:%M}"
    elif line != "other":
        day, at = "", ""
    faults.add("score", _GONE)
    if not at:
        faults.add("felt-time", "Give the time when you felt it, such as 14:30")
    values = {"when": "earlier", "felt-date": day, "felt-time": at}
    values |= {name: sent.one(name) for name in ("id", "score", "medicines")}
    typed = SentForm({name: (value,) for name, value in values.items()})
    return show_diary(request, linked, faults, typed, 422, instead_of_sheet=True)


def _when(
    document: Mapping[str, Any], place: int, sent: SentForm, now: datetime, written_at: datetime | None
) -> tuple[int | None, datetime | None]:
    """The minutes of the line that was chosen, or of the line that was due when it was written, or the time given instead.

    A page may stand open for hours, or its form wait for a network: the line of now is told by when it was written.
    """
    chosen, done_at = sent.one("line"), sheet_of(clinic_of(document), place).done_at
    day, at = sent.one("other-date"), sent.one("other-at")
    minutes = whole_number(chosen, 1, LONGEST)
    if minutes is None and chosen not in ("now", "other"):
        raise FieldError("line-now", "Choose when you felt it, or give the time, such as 13:45.")
    if (day or at) and chosen != "other":
        raise FieldError("line-now", NOW_AND_A_TIME)
    if minutes is not None:
        return minutes, None
    if done_at is None:
        raise InputError("The clinic has not entered the time of your block yet. Choose a line of the sheet.")
    if written_at is not None and not is_trusted(written_at, now, done_at):
        if chosen == "now":
            raise InputError(
                "This was written at a time that cannot be right. Write it again, with the day and the time."
            )
        written_at = None
    moment = written_at if written_at is not None and written_at < now else now
    if chosen == "now":
        ready = due(slots(document, place, moment.astimezone(now.tzinfo)), moment)
        return (ready.minutes, None) if ready else (None, moment)
    return None, _other_time(day, at, done_at.astimezone(now.tzinfo), moment)


def _other_time(day: str, at: str, done_at: datetime, moment: datetime) -> datetime:
    """The time that was given; its day may be left out while one day alone can be meant."""
    if not day and since(moment, done_at) > _ONE_DAY_IS_MEANT:
        raise FieldError("other-at", "Give the day too: the block was more than 12 hours before.")
    faults = Faults()
    felt_at = clock_of(day or done_at.date().isoformat(), at, moment.astimezone(done_at.tzinfo), faults, "other-at")
    if felt_at is None:
        raise FieldError("other-at", faults.by_field["other-at"])
    if not day and since(felt_at, done_at) <= timedelta(0):
        return clock_of((done_at.date() + timedelta(days=1)).isoformat(), at, moment, faults, "other-at") or felt_at
    return felt_at


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
        mark=marks(document)[place],
        about=part_of_the_body(block),
        block=block,
        sheet=sheet,
        lines=lines,
        is_open=place in [held.place for held in open_sheets(document, state.today())],
        open_days=SHEET_OPEN_DAYS,
        due=ready,
        coming=coming(lines, now),
        missed=_missed(lines, now, ready),
        changes_at=_changes_at(lines, ready, now),
        chart=chart_block(lines, block.before, None),
        faults=faults,
        values=sent.values if sent else {},
        form_id=new_id(),
        now_iso=now.isoformat(),
        kept=kept,
    )


def _missed(lines: tuple[SheetLine, ...], now: datetime, ready: SheetLine | None) -> list[SheetLine]:
    """The lines whose time has come, without a score; all of them where the times are not known."""
    come = [line for line in lines if line.minutes and line is not ready and (line.at is None or line.at <= now)]
    return [line for line in come if not line.is_filled]


def _changes_at(lines: tuple[SheetLine, ...], ready: SheetLine | None, now: datetime) -> datetime | None:
    """Until when the page's words of what is due are right."""
    nexts = [line.at for line in (coming(lines, now),) if line is not None and line.at is not None]
    return min([*nexts, *([ready.at + LATE_AFTER] if ready and ready.at else [])], default=None)
