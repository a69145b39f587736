"""What every form of a patient shares: its id, the warning signs, when it was felt, and the score from 0 to 10."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from secrets import token_hex
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import Response

from facetwise.clinic.alerts import raise_alert, ticked
from facetwise.errors import InputError
from facetwise.guidance.care.red_flags import RedFlag
from facetwise.serve.web.access import LinkedPatient, state_of
from facetwise.serve.web.forms import Faults, SentForm, number_of
from facetwise.serve.web.shell import page


@dataclass(frozen=True)
class Place:
    """A form of the patient: how the clinic hears of it, and where its page is."""

    name: str
    path: str


def new_id() -> str:
    """An id for a form, so that one sent twice is kept once."""
    return token_hex(12)


def stopped(request: Request, linked: LinkedPatient, sent: SentForm, place: Place) -> Response | None:
    """The page that says whom to call now, where a warning sign was ticked; the clinic is told, nothing else is saved."""
    signs = sent.many("signs")
    if not signs:
        return None
    flags: tuple[RedFlag, ...] = ticked(signs)
    state = state_of(request)
    now, alert_id = state.now(), (sent.one("id") or new_id())[:64]

    def with_alert(document: Mapping[str, Any]) -> dict[str, Any]:
        return raise_alert(document, signs, place.name, alert_id, now)

    state.store.change(linked.patient, with_alert, linked.who)
    return page(
        request,
        "my_call_now.html",
        linked=linked,
        flags=flags,
        place=place,
        values=[
            (name, value) for name, held in sent.fields.items() if name not in ("signs", "id", "csrf") for value in held
        ],
        form_id=new_id(),
    )


def score_of(sent: SentForm, faults: Faults) -> Decimal | None:
    """The score that was chosen."""
    return number_of(sent, "score", 0, 10, faults, "your score", needed=True)


def felt_at_of(sent: SentForm, zone: ZoneInfo, today: date, faults: Faults) -> datetime | None:
    """When it was felt; None is now. Without a day it is today's time."""
    if sent.one("when") != "earlier":
        return None
    day, at = sent.one("felt-date"), sent.one("felt-time")
    try:
        on = date.fromisoformat(day) if day else today
        return datetime.combine(on, time.fromisoformat(at), zone)
    except ValueError:
        faults.add("felt-time", "Give the time when you felt it, such as 14:30, or choose now")
        return None


def written_at_of(sent: SentForm, zone: ZoneInfo) -> datetime | None:
    """When the form was filled in on a telephone that had no network; None where it was sent at once."""
    given = sent.one("written_at")
    if not given:
        return None
    try:
        moment = datetime.fromisoformat(given)
    except ValueError as error:
        raise InputError("The time at which this was written is none. Open the page anew.") from error
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)
