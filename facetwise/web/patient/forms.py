"""What every form of a patient shares: its id, the warning signs, when it was felt, and the score from 0 to 10."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from secrets import token_hex
from threading import Thread
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from facetwise.clinic.follow_up.alerts import raise_alert, ticked
from facetwise.clinic.model.entry_timing import on_the_clock
from facetwise.clinic.model.fields import Field, FieldKind
from facetwise.clinic.store.settings import Settings
from facetwise.errors import FacetwiseError, InputError
from facetwise.web.frame.access import LinkedPatient, LinkEndedError, NoLinkError, linked_patient, state_of
from facetwise.web.frame.forms import Faults, SentForm, read
from facetwise.web.frame.layout import templates

_PATIENCE_S = 4
"""How long the page waits for the alert to be stored; the database may be locked, or gone."""
_OWN = ("signs", "id", "csrf", "written_at")
LONGEST_TEXT = 1_000
_SCORE = Field("score", "", FieldKind.NUMBER, what="your score", is_required=True)


@dataclass(frozen=True)
class PatientForm:
    """A form of the patient: how the clinic hears of it, and where its page is."""

    name: str
    path: str


@dataclass
class _Outcome:
    """The result of storing the alert, as far as it got in time."""

    is_told: bool = False
    settings: Settings = field(default_factory=Settings)
    linked: LinkedPatient | None = None
    fault: Exception | None = None

    @property
    def is_link_gone(self) -> bool:
        return isinstance(self.fault, LinkEndedError | NoLinkError)

    @property
    def status(self) -> int:
        if self.is_told:
            return 200
        return self.fault.http_status if isinstance(self.fault, FacetwiseError) else 503


def new_id() -> str:
    """An id for a form, so that one sent twice is kept once."""
    return token_hex(12)


def stopped(request: Request, token: str, sent: SentForm, place: PatientForm) -> Response | None:
    """The page that says whom to call now, where a warning sign was ticked; the clinic is told, nothing else is saved.

    It needs neither a link that stands nor a database that answers; it says so where the clinic could not be told. So it
    comes before the link is looked at.
    """
    flags = ticked(sent.many("signs"))
    if not flags:
        return None
    now = state_of(request).now()
    outcome = _raise_alert(request, token, sent, place, now)
    linked = None if outcome.is_link_gone else outcome.linked or LinkedPatient("", token, "")
    html = templates().get_template("my_call_now.html")
    shown = html.render(
        linked=linked,
        clinic_settings=outcome.settings,
        flags=flags,
        place=place,
        told=outcome,
        values=[(name, value) for name, held in sent.fields.items() if name not in _OWN for value in held],
        written_at=sent.one("written_at") or now.isoformat(),
        form_id=new_id(),
    )
    return HTMLResponse(shown, outcome.status)


def _raise_alert(request: Request, token: str, sent: SentForm, place: PatientForm, now: datetime) -> _Outcome:
    """Raise the alert, beside the page: a database that hangs must not hold up the words."""
    state, outcome = state_of(request), _Outcome()
    signs, alert_id = sent.many("signs"), (sent.one("id") or new_id())[:64]

    def with_alert(document: Mapping[str, Any]) -> dict[str, Any]:
        return raise_alert(document, signs, place.name, alert_id, now, written_or_none(sent, state.zone))

    def raise_it() -> None:
        try:
            outcome.settings = state.settings()
            outcome.linked = linked_patient(request, token)
            state.store.change(outcome.linked.patient, with_alert, outcome.linked.who)
            outcome.is_told = True
        except Exception as error:  # whatever it is, the patient is told whom to call
            outcome.fault = error

    thread = Thread(target=raise_it, daemon=True)
    thread.start()
    thread.join(_PATIENCE_S)
    return replace(outcome)  # as it is now: it may still change while the page is made


def score_of(sent: SentForm, faults: Faults, today: date) -> Decimal | None:
    """The score that was chosen."""
    score: Decimal | None = read(_SCORE, sent, faults, today)
    return score


def felt_at_of(sent: SentForm, now: datetime, faults: Faults) -> datetime | None:
    """When it was felt; None is now. Without a day it is today's time. now: when the form was filled in."""
    day, at = sent.one("felt-date"), sent.one("felt-time")
    if sent.one("when") != "earlier":
        if day or at:
            faults.add("when", NOW_AND_A_TIME)
        return None
    return clock_of(day, at, now, faults, "felt-time")


NOW_AND_A_TIME = "You chose now, and gave a day or a time as well. Choose earlier, or empty the day and the time"


def clock_of(day: str, at: str, now: datetime, faults: Faults, name: str) -> datetime | None:
    """That time of the clinic's clock; today's without a day."""
    try:
        on = date.fromisoformat(day) if day else now.date()
        return on_the_clock(on, time.fromisoformat(at).replace(tzinfo=None), now)
    except (ValueError, OverflowError):
        faults.add(name, "Give the time when you felt it, such as 14:30, or choose now")
        return None


def whole_number(text: str, low: int, high: int) -> int | None:
    """A whole number between two bounds, in the digits 0 to 9; None for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(high))):
        return None
    return int(text) if low <= int(text) <= high else None


def short_texts(sent: SentForm, names: tuple[str, ...], faults: Faults) -> dict[str, str]:
    """What was written in those fields, each no longer than can be kept."""
    for name in names:
        if len(sent.one(name)) > LONGEST_TEXT:
            faults.add(name, f"This is longer than {LONGEST_TEXT:,} characters. Make it shorter")
    return {name: sent.one(name) for name in names}


def written_at_of(sent: SentForm, zone: ZoneInfo) -> datetime | None:
    """When the form was filled in on a telephone that had no network; None where it was sent at once."""
    text = sent.one("written_at")
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)
    except (ValueError, OverflowError) as error:
        raise InputError("The entry time is not valid. Reload the page.") from error


def written_or_none(sent: SentForm, zone: ZoneInfo) -> datetime | None:
    """The same for what must not be refused."""
    try:
        return written_at_of(sent, zone)
    except InputError:
        return None
