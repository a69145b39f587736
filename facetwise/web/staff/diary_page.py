"""The diary and the alerts as staff see them: chart, table, CSV, print; and saying what was done about a warning sign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast, get_args

from fastapi import APIRouter
from fastapi.responses import Response

from facetwise.clinic.accounts.users import RefusedError
from facetwise.clinic.follow_up.alerts import Found, conditions_of, note_call, see_to, standing, ticked
from facetwise.clinic.follow_up.diary import entry_timing, remove_entry, to_csv
from facetwise.clinic.model.clinic_record import Alert, clinic_of
from facetwise.clinic.model.dates_text import short
from facetwise.clinic.model.entry_timing import LATE_AFTER
from facetwise.clinic.model.fields import Field, FieldKind
from facetwise.decide.fact_labels import question_for
from facetwise.web.charts.diary import chart_diary
from facetwise.web.frame.diary_period import PERIODS, done_of, paper, period
from facetwise.web.frame.forms import SentForm, read
from facetwise.web.frame.layout import back, table
from facetwise.web.staff.visit import Opened, SentByWriter, SentVisit, Visit

router = APIRouter()


@router.get("/patients/{patient}/diary")
def diary(visit: Opened, days: str = "") -> Response:
    """The diary: the numbers, the chart, every entry."""
    zone = visit.state.zone
    shown = period(visit.document, days, visit.today, zone)
    return visit.page(
        "diary.html",
        period=shown,
        periods=PERIODS,
        entries=tuple(reversed(shown.entries)),
        every_n=len(visit.clinic.diary),
        chart=chart_diary(shown.entries, shown.first, shown.last, zone, done_of(visit.document)),
        timing=entry_timing,
        short=short,
        late_minutes=round(LATE_AFTER.total_seconds() / 60),
    )


@router.get("/patients/{patient}/diary.csv")
def diary_csv(visit: Opened) -> Response:
    """Every entry as CSV."""
    return table(to_csv(visit.clinic.diary), f"pain-diary-{visit.stored.id}.csv")


@router.get("/patients/{patient}/diary/print")
def diary_print(visit: Opened, days: str = "", large: bool = False) -> Response:
    """The diary on paper."""
    return paper(visit.request, visit.document, days, large, home=f"{visit.url}/diary", name=visit.stored.id)


@router.post("/patients/{patient}/diary/remove")
def remove(visit: SentByWriter) -> Response:
    """Take out an entry that was made by mistake; the history keeps it."""
    entry_id = visit.sent.one("entry")
    visit.change(lambda document: remove_entry(document, entry_id))
    return back(f"{visit.url}/diary")


@router.get("/patients/{patient}/alerts")
def alerts(visit: Opened) -> Response:
    """The warning signs that the patient ticked, and what was done about each."""
    return _alerts(visit, SentForm({}))


@router.post("/patients/{patient}/alerts")
def close(visit: SentByWriter) -> Response:
    """Close an alert: what was done, and what a clinician found of each sign that the record asks about."""
    sent, now = visit.sent, visit.now
    alert_id, done = sent.one("alert"), sent.one("done")
    if not done:
        visit.faults.add(f"done-{alert_id}", "Say what was done about the alert, so that the next person need not ask.")
    found = _found(visit, alert_id)
    overturned = sent.many(f"overturned-{alert_id}")

    def closed(document: Mapping[str, Any]) -> dict[str, Any]:
        alert = next((alert for alert in clinic_of(document).alerts if alert.id == alert_id), None)
        if alert and conditions_of(alert.signs) and not visit.may_judge:
            raise RefusedError("Only a clinician confirms a warning sign or rules it out. Note the call instead.")
        return see_to(document, alert_id, visit.person.name, done, now, found, overturned)

    if not visit.faults:
        with visit.faults.catch(f"done-{alert_id}"):
            visit.change(closed)
            return back(f"{visit.url}/alerts")
    return _alerts(visit, sent, 422)


@router.post("/patients/{patient}/alerts/call")
def called(visit: SentByWriter) -> Response:
    """Note what was done about an alert that stays open."""
    alert_id, done, now = visit.sent.one("alert"), visit.sent.one("done"), visit.now
    with visit.faults.catch(f"done-{alert_id}"):
        visit.change(lambda document: note_call(document, alert_id, visit.person.name, done, now))
        return back(f"{visit.url}/alerts")
    return _alerts(visit, visit.sent, 422)


def _found(visit: SentVisit, alert_id: str) -> dict[str, Found]:
    """What the form says of each condition; a fault beside each that was not answered."""
    found: dict[str, Found] = {}
    for name in visit.sent.many("asked"):
        field = Field(f"found-{alert_id}-{name}", "", FieldKind.CHOICE, get_args(Found), "one")
        answer = read(field, visit.sent, visit.faults, visit.today)
        if answer is None:
            visit.faults.add(field.id, "Say whether it is confirmed, ruled out, or still not known")
        else:
            found[name] = cast(Found, answer)
    return found


def _alerts(visit: Visit, sent: SentForm, status: int = 200) -> Response:
    visit = replace(visit, stored=visit.state.store.get(visit.stored.id))  # another may have closed an alert meanwhile
    ordered = sorted(visit.clinic.alerts, key=lambda alert: (alert.seen_at is not None, -alert.at.timestamp()))
    shown = [(alert, ticked(alert.signs), _questions(visit, alert)) for alert in ordered]
    return visit.page("alerts.html", status, alerts=shown, sent=sent.values)


def _questions(visit: Visit, alert: Alert) -> list[tuple[str, str, str]]:
    """Each condition that an alert may be of: its name, how it is asked, and who says that the patient has it."""
    stands = standing(visit.document, alert.signs)
    return [(name, question_for(name), stands.get(name, "")) for name in conditions_of(alert.signs)]
