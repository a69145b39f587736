"""The patient's own pages: what is next, the diary, questions to ask, and telling the clinic of a warning sign."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response

from facetwise.clinic.block.blocks import due, sheet_of, slots
from facetwise.clinic.follow_up.diary import Wrote, add_entry, entry_timing, may_take_back, take_back, to_csv
from facetwise.clinic.letters.questions import leaflet_questions, put_questions
from facetwise.clinic.model.clinic_record import DiaryEntry, clinic_of
from facetwise.clinic.pathway.next_for_patient import open_sheets, whats_next
from facetwise.errors import InputError
from facetwise.web.charts.diary import chart_diary
from facetwise.web.frame.access import Linked, LinkedPatient, SentByPatient, linked_patient, state_of
from facetwise.web.frame.diary_period import done_of, paper, period
from facetwise.web.frame.forms import Faults, SentForm
from facetwise.web.frame.layout import back, page, table
from facetwise.web.patient.forms import (
    PatientForm,
    felt_at_of,
    new_id,
    score_of,
    short_texts,
    stopped,
    written_at_of,
    written_or_none,
)

router = APIRouter()
_SHOWN_ENTRIES = 10
_TEXTS = ("place", "doing", "medicines", "notes")


@router.get("/my/{token}")
def home(request: Request, linked: Linked) -> Response:
    """What comes next, and the ways to the rest."""
    state = state_of(request)
    document, now = state.store.get(linked.patient).document, state.now()
    line = state.pathway.of(linked.patient)
    sheets = [
        {
            "open": sheet,
            "kept": sheet_of(clinic_of(document), sheet.place),
            "due": due(slots(document, sheet.place, now), now),
        }
        for sheet in open_sheets(document, state.today())
    ]
    return page(
        request,
        "my_home.html",
        linked=linked,
        name=clinic_of(document).name,
        nexts=whats_next(document, state.today(), line.step if line else ""),
        sheets=sheets,
        entries_n=len(clinic_of(document).diary),
    )


@router.get("/my/{token}/diary")
def diary(request: Request, linked: Linked, kept: str = "", days: str = "", taken: bool = False) -> Response:
    """The form for an entry, and the entries. kept: the id of the one just sent; taken: one was just taken back."""
    return show_diary(request, linked, Faults(), None, kept=kept, days=days, taken_back=taken)


@router.post("/my/{token}/diary")
def write(request: Request, token: str, sent: SentByPatient) -> Response:
    """Keep an entry, once however often it is sent."""
    if stop := stopped(request, token, sent, PatientForm("the diary", f"/my/{token}/diary")):
        return stop
    linked, state, faults = linked_patient(request, token), state_of(request), Faults()
    now = state.now()
    score = score_of(sent, faults, state.today())
    felt_at = felt_at_of(sent, written_or_none(sent, state.zone) or now, faults)
    texts = short_texts(sent, _TEXTS, faults)
    if score is not None and not faults:
        try:
            written_at = written_at_of(sent, state.zone)
            wrote = Wrote(id=sent.one("id"), score=score, felt_at=felt_at, written_at=written_at, **texts)

            def with_entry(document: Mapping[str, Any]) -> dict[str, Any]:
                return add_entry(document, wrote, now)

            state.store.change(linked.patient, with_entry, linked.who)
            return back(f"/my/{token}/diary?kept={quote(wrote.id)}")
        except InputError as error:
            faults.add("score", str(error))
    return show_diary(request, linked, faults, sent, 422)


@router.post("/my/{token}/diary/take-back")
def undo(request: Request, linked: Linked, sent: SentByPatient) -> Response:
    """Take back an entry that was a mistake; the clinic's history keeps it."""
    state, faults = state_of(request), Faults()
    entry_id, now = sent.one("entry"), state.now()

    def without(document: Mapping[str, Any]) -> dict[str, Any]:
        return take_back(document, entry_id, now)

    try:
        state.store.change(linked.patient, without, linked.who)
        return back(f"/my/{linked.token}/diary?taken=1")
    except InputError as error:
        faults.add("entries", str(error))
    return show_diary(request, linked, faults, None, 422)


@router.get("/my/{token}/diary.csv")
def diary_csv(request: Request, linked: Linked) -> Response:
    """Every entry as a table for a spreadsheet."""
    document = state_of(request).store.get(linked.patient).document
    return table(to_csv(clinic_of(document).diary), "pain-diary.csv")


@router.get("/my/{token}/diary/print")
def diary_print(request: Request, linked: Linked, days: str = "", large: bool = False) -> Response:
    """The diary on paper, for the doctor."""
    document = state_of(request).store.get(linked.patient).document
    is_large = large or "large-print" in clinic_of(document).needs
    return paper(request, document, days, is_large, home=f"/my/{linked.token}/diary", linked=linked)


@router.get("/my/{token}/questions")
def questions(request: Request, linked: Linked, saved: bool = False) -> Response:
    """Questions to ask: those of the leaflet, and the patient's own."""
    return _questions(request, linked, Faults(), None, saved=saved)


@router.post("/my/{token}/questions")
def keep_questions(request: Request, token: str, sent: SentByPatient) -> Response:
    """Keep the patient's own questions."""
    if stop := stopped(request, token, sent, PatientForm("the questions", f"/my/{token}/questions")):
        return stop
    linked, state, faults = linked_patient(request, token), state_of(request), Faults()
    given, shown = sent.one("questions"), sent.one("shown")
    try:

        def with_questions(document: Mapping[str, Any]) -> dict[str, Any]:
            return put_questions(document, given, shown)

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
def tell_clinic(request: Request, token: str, sent: SentByPatient) -> Response:
    """Tell the clinic of the signs that were ticked, and say whom to call."""
    if stop := stopped(request, token, sent, PatientForm("the warning signs", f"/my/{token}/help")):
        return stop
    linked, faults = linked_patient(request, token), Faults()
    faults.add("signs", "Tick the sign that you have, or go back to your pages")
    return page(request, "my_help.html", 422, linked=linked, faults=faults, form_id=new_id())


def show_diary(
    request: Request,
    linked: LinkedPatient,
    faults: Faults,
    sent: SentForm | None,
    status: int = 200,
    kept: str = "",
    days: str = "",
    taken_back: bool = False,
    instead_of_sheet: bool = False,
) -> Response:
    """The diary's page. instead_of_sheet: the form holds what was written for a sheet that is gone."""
    state = state_of(request)
    document = state.store.get(linked.patient).document
    entries = clinic_of(document).diary
    shown = period(document, days, state.today(), state.zone)
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
        chart=chart_diary(shown.entries, shown.first, shown.last, state.zone, done_of(document)),
        timing=entry_timing,
        now=state.now(),
        may_take_back=may_take_back,
        taken_back=taken_back,
        instead_of_sheet=instead_of_sheet,
        sheets=open_sheets(document, state.today()) if instead_of_sheet else (),
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
        shown=sent.one("shown") if sent else "\n".join(own),
        saved=saved,
        form_id=new_id(),
    )
