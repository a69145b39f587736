"""The diary and the alerts as staff see them: chart, table, CSV, print; and saying what was done about a warning sign."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from fastapi import APIRouter, Request
from fastapi.responses import Response

from facetwise.clinic.accounts.users import RefusedError, Role
from facetwise.clinic.follow_up.alerts import Found, conditions_of, note_call, see_to, standing, ticked
from facetwise.clinic.follow_up.diary import entry_timing, remove_entry, to_csv
from facetwise.clinic.model.clinic_record import clinic_of
from facetwise.clinic.model.dates_text import short
from facetwise.clinic.model.entry_timing import LATE_AFTER
from facetwise.decide.fact_labels import question_for
from facetwise.errors import InputError
from facetwise.web.charts.diary import chart_diary
from facetwise.web.frame.access import Reader, Sent, Writer, state_of
from facetwise.web.frame.diary_period import PERIODS, done_of, paper, period
from facetwise.web.frame.forms import Faults, SentForm, choice_of
from facetwise.web.frame.layout import back, page, table
from facetwise.web.staff.patient_header import patient_of

router = APIRouter()


@router.get("/patients/{patient}/diary")
def diary(request: Request, patient: str, person: Reader, days: str = "") -> Response:
    """The diary: the numbers, the chart, every entry."""
    state = state_of(request)
    stored = state.store.get(patient)
    shown = period(stored.document, days, state.today(), state.zone)
    return page(
        request,
        "diary.html",
        patient=patient_of(stored, state.settings(), state.today()),
        period=shown,
        periods=PERIODS,
        entries=tuple(reversed(shown.entries)),
        every_n=len(clinic_of(stored.document).diary),
        chart=chart_diary(shown.entries, shown.first, shown.last, state.zone, done_of(stored.document)),
        timing=entry_timing,
        short=short,
        may_write=person.role is not Role.READER,
        late_minutes=round(LATE_AFTER.total_seconds() / 60),
    )


@router.get("/patients/{patient}/diary.csv")
def diary_csv(request: Request, patient: str, person: Reader) -> Response:
    """Every entry as CSV."""
    stored = state_of(request).store.get(patient)
    return table(to_csv(clinic_of(stored.document).diary), f"pain-diary-{stored.id}.csv")


@router.get("/patients/{patient}/diary/print")
def diary_print(request: Request, patient: str, person: Reader, days: str = "", large: bool = False) -> Response:
    """The diary on paper."""
    document = state_of(request).store.get(patient).document
    return paper(request, document, days, large, home=f"/patients/{patient}/diary", name=patient)


@router.post("/patients/{patient}/diary/remove")
def remove(request: Request, patient: str, person: Writer, sent: Sent) -> Response:
    """Take an entry out that was made by mistake; the history keeps it."""
    entry_id = sent.one("entry")

    def without(document: Mapping[str, Any]) -> dict[str, Any]:
        return remove_entry(document, entry_id)

    state_of(request).store.change(patient, without, person.sign_in)
    return back(f"/patients/{patient}/diary")


@router.get("/patients/{patient}/alerts")
def alerts(request: Request, patient: str, person: Reader) -> Response:
    """The warning signs that the patient ticked, and what was done about each."""
    return _alerts(request, patient, person.role, Faults(), None)


@router.post("/patients/{patient}/alerts")
def seen(request: Request, patient: str, person: Writer, sent: Sent) -> Response:
    """Close an alert: what was done, and what a clinician found of each sign that the record asks about."""
    state, faults = state_of(request), Faults()
    alert_id, done, now = sent.one("alert"), sent.one("done"), state.now()
    if not done:
        faults.add(f"done-{alert_id}", "Say what was done about the alert, so that the next person need not ask.")
    found = _found(sent, alert_id, faults)
    overturned = sent.many(f"overturned-{alert_id}")

    def with_seen(document: Mapping[str, Any]) -> dict[str, Any]:
        held = next((alert for alert in clinic_of(document).alerts if alert.id == alert_id), None)
        if held and conditions_of(held.signs) and person.role is not Role.CLINICIAN:
            raise RefusedError("Only a clinician confirms a warning sign or rules it out. Note the call instead.")
        return see_to(document, alert_id, person.name, done, now, found, overturned)

    try:
        if not faults:
            state.store.change(patient, with_seen, person.sign_in)
            return back(f"/patients/{patient}/alerts")
    except InputError as error:
        faults.add(f"done-{alert_id}", str(error))
    return _alerts(request, patient, person.role, faults, sent, 422)


@router.post("/patients/{patient}/alerts/call")
def called(request: Request, patient: str, person: Writer, sent: Sent) -> Response:
    """Note what was done about an alert that stays open."""
    state, faults = state_of(request), Faults()
    alert_id, done, now = sent.one("alert"), sent.one("done"), state.now()

    def with_call(document: Mapping[str, Any]) -> dict[str, Any]:
        return note_call(document, alert_id, person.name, done, now)

    try:
        state.store.change(patient, with_call, person.sign_in)
        return back(f"/patients/{patient}/alerts")
    except InputError as error:
        faults.add(f"done-{alert_id}", str(error))
    return _alerts(request, patient, person.role, faults, sent, 422)


def _found(sent: SentForm, alert_id: str, faults: Faults) -> dict[str, Found]:
    """What the form says of each condition; a fault beside each that was not answered."""
    found: dict[str, Found] = {}
    for name in sent.many("asked"):
        key = f"found-{alert_id}-{name}"
        said = choice_of(sent, key, get_args(Found), faults, "one")
        if said is None:
            faults.add(key, "Say whether it is confirmed, ruled out, or still not known")
        else:
            found[name] = said  # type: ignore[assignment]  # one of the choices
    return found


def _alerts(
    request: Request, patient: str, role: Role, faults: Faults, sent: SentForm | None, status: int = 200
) -> Response:
    state = state_of(request)
    stored = state.store.get(patient)
    held = sorted(
        clinic_of(stored.document).alerts, key=lambda alert: (alert.seen_at is not None, -alert.at.timestamp())
    )
    return page(
        request,
        "alerts.html",
        status,
        patient=patient_of(stored, state.settings(), state.today()),
        alerts=[
            (
                alert,
                ticked(alert.signs),
                [(name, question_for(name), stands.get(name, "")) for name in conditions_of(alert.signs)],
            )
            for alert in held
            for stands in (standing(stored.document, alert.signs),)
        ],
        faults=faults,
        sent=sent.values if sent else {},
        may_write=role is not Role.READER,
        may_judge=role is Role.CLINICIAN,
    )
