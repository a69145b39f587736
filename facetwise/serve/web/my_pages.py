"""The patient's own pages: what is next, the diary, questions to ask, and telling the clinic of a warning sign."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from facetwise.clinic.blocks import due, slots
from facetwise.clinic.diary import Wrote, add_entry, entry_timing, to_csv
from facetwise.clinic.kept import DiaryEntry, clinic_of
from facetwise.clinic.questions import leaflet_questions, put_questions
from facetwise.clinic.whats_next import open_sheets, whats_next
from facetwise.errors import InputError
from facetwise.serve.web.access import Linked, LinkedPatient, SentByPatient, state_of
from facetwise.serve.web.chart_diary import chart_diary
from facetwise.serve.web.diary_page import csv_response, done_of, period
from facetwise.serve.web.forms import Faults, SentForm
from facetwise.serve.web.my_forms import Place, felt_at_of, new_id, score_of, stopped, written_at_of
from facetwise.serve.web.shell import back, page

router = APIRouter()
_SHOWN_ENTRIES = 10
_TEXTS = ("place", "doing", "medicines", "notes")


@router.get("/my/{token}")
def home(request: Request, linked: Linked) -> Response:
    """What comes next, and the ways to the rest."""
    state = state_of(request)
    document, now = state.store.get(linked.patient).document, state.now()
    sheets = [
        {"place": sheet.place, "day": sheet.day, "due": due(slots(document, sheet.place, now), now)}
        for sheet in open_sheets(document, state.today())
    ]
    return page(
        request,
        "my_home.html",
        linked=linked,
        name=clinic_of(document).name,
        nexts=whats_next(document, state.today()),
        sheets=sheets,
        entries_n=len(clinic_of(document).diary),
    )


@router.get("/my/{token}/diary")
def diary(request: Request, linked: Linked, kept: str = "", days: str = "") -> Response:
    """The form for an entry, and the entries. kept: the id of the one just sent."""
    return _diary(request, linked, Faults(), None, kept=kept, days=days)


@router.post("/my/{token}/diary")
def write(request: Request, linked: Linked, sent: SentByPatient) -> Response:
    """Keep an entry, once however often it is sent."""
    if stop := stopped(request, linked, sent, Place("the diary", f"/my/{linked.token}/diary")):
        return stop
    state, faults = state_of(request), Faults()
    score = score_of(sent, faults)
    felt_at = felt_at_of(sent, state.zone, state.today(), faults)
    if score is not None and not faults:
        try:
            wrote = Wrote(
                id=sent.one("id"),
                score=score,
                felt_at=felt_at,
                written_at=written_at_of(sent, state.zone),
                **{name: sent.one(name) for name in _TEXTS},
            )
            now = state.now()

            def with_entry(document: Mapping[str, Any]) -> dict[str, Any]:
                return add_entry(document, wrote, now)

            state.store.change(linked.patient, with_entry, linked.who)
            return back(f"/my/{linked.token}/diary?kept={wrote.id}")
        except InputError as error:
            faults.add("score", str(error))
    return _diary(request, linked, faults, sent, 422)


@router.get("/my/{token}/diary.csv")
def diary_csv(request: Request, linked: Linked) -> Response:
    """Every entry as a table for a spreadsheet."""
    document = state_of(request).store.get(linked.patient).document
    return csv_response(to_csv(clinic_of(document).diary), "pain-diary.csv")


@router.get("/my/{token}/diary/print")
def diary_print(request: Request, linked: Linked, days: str = "", large: bool = False) -> Response:
    """The diary on paper, for the doctor."""
    state = state_of(request)
    document = state.store.get(linked.patient).document
    shown = period(document, days, state.today())
    return page(
        request,
        "diary_print.html",
        linked=linked,
        name=clinic_of(document).name,
        home=f"/my/{linked.token}/diary",
        large=large or "large-print" in clinic_of(document).needs,
        period=shown,
        chart=chart_diary(shown.entries, shown.first, shown.last, done_of(document)),
        timing=entry_timing,
    )


@router.get("/my/{token}/questions")
def questions(request: Request, linked: Linked, saved: bool = False) -> Response:
    """Questions to ask: those of the leaflet, and the patient's own."""
    return _questions(request, linked, Faults(), None, saved=saved)


@router.post("/my/{token}/questions")
def keep_questions(request: Request, linked: Linked, sent: SentByPatient) -> Response:
    """Keep the patient's own questions."""
    if stop := stopped(request, linked, sent, Place("the questions", f"/my/{linked.token}/questions")):
        return stop
    state, faults = state_of(request), Faults()
    given = sent.one("questions")
    try:

        def with_questions(document: Mapping[str, Any]) -> dict[str, Any]:
            return put_questions(document, given)

        state.store.change(linked.patient, with_questions, linked.who)
        return back(f"/my/{linked.token}/questions?saved=1")
    except InputError as error:
        faults.add("questions", str(error))
    return _questions(request, linked, faults, sent, status=422)


@router.get("/my/{token}/help")
def get_help(request: Request, linked: Linked) -> Response:
    """The warning signs, each to tick."""
    return page(request, "my_help.html", linked=linked, faults=Faults(), form_id=new_id())


@router.post("/my/{token}/help")
def tell(request: Request, linked: Linked, sent: SentByPatient) -> Response:
    """Tell the clinic of the signs that were ticked, and say whom to call."""
    if stop := stopped(request, linked, sent, Place("the warning signs", f"/my/{linked.token}/help")):
        return stop
    faults = Faults()
    faults.add("signs", "Tick the sign that you have, or go back to your pages")
    return page(request, "my_help.html", 422, linked=linked, faults=faults, form_id=new_id())


def _diary(
    request: Request,
    linked: LinkedPatient,
    faults: Faults,
    sent: SentForm | None,
    status: int = 200,
    kept: str = "",
    days: str = "",
) -> Response:
    state = state_of(request)
    document = state.store.get(linked.patient).document
    entries = clinic_of(document).diary
    shown = period(document, days, state.today())
    return page(
        request,
        "my_diary.html",
        status,
        linked=linked,
        faults=faults,
        values=sent.values if sent else {},
        form_id=(sent.one("id") if sent else "") or new_id(),
        kept=next((entry for entry in entries if entry.id == kept), None),
        period=shown,
        entries=_latest(shown.entries),
        entries_n=len(entries),
        chart=chart_diary(shown.entries, shown.first, shown.last, done_of(document)),
        timing=entry_timing,
        now=state.now(),
        yesterday=state.today() - timedelta(days=1),
    )


def _latest(entries: tuple[DiaryEntry, ...]) -> tuple[DiaryEntry, ...]:
    return tuple(reversed(entries))[:_SHOWN_ENTRIES]


def _questions(
    request: Request,
    linked: LinkedPatient,
    faults: Faults,
    sent: SentForm | None,
    status: int = 200,
    saved: bool = False,
) -> Response:
    state = state_of(request)
    document = state.store.get(linked.patient).document
    own = sent.one("questions").splitlines() if sent else clinic_of(document).questions
    return page(
        request,
        "my_questions.html",
        status,
        linked=linked,
        faults=faults,
        listed=leaflet_questions(document, state.settings().choices),
        own=[line for line in own if line.strip()],
        saved=saved,
        form_id=new_id(),
    )
