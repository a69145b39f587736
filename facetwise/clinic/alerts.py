"""Warning signs that a patient ticked: an alert for the clinic, seen to by a named person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from facetwise.clinic.diary import line
from facetwise.clinic.kept import Alert, clinic_of, with_clinic
from facetwise.clinic.timing import written
from facetwise.errors import InputError
from facetwise.guidance.care.red_flags import RED_FLAGS, Whom
from facetwise.record.reading import part_of

_SIGNS = {flag.id: flag for flag in RED_FLAGS}
_URGENCY = tuple(Whom)
_LONGEST_ID, _MOST = 64, 20


@dataclass(frozen=True)
class Ticked:
    """A sign that was ticked. ask: how it was asked; whom: whom to call about it."""

    id: str
    ask: str
    whom: Whom


def ticked(signs: Iterable[str]) -> tuple[Ticked, ...]:
    """The signs of those ids, the most urgent first.

    One that is not in the list, such as of a form from before it was renamed, may have been any: it counts as the worst.
    """
    given = dict.fromkeys(" ".join(sign.split())[:_LONGEST_ID] for sign in signs)
    found = [_ticked(sign) for sign in list(given)[:_MOST] if sign]
    return tuple(sorted(found, key=lambda sign: _URGENCY.index(sign.whom)))


def _ticked(sign: str) -> Ticked:
    known = _SIGNS.get(sign)
    if known is None:
        return Ticked(sign, f"A sign that is no longer on the list: {sign}", Whom.EMERGENCY)
    return Ticked(known.id, known.ask, known.whom)


def raise_alert(
    document: Mapping[str, Any],
    signs: Iterable[str],
    where: str,
    alert_id: str,
    now: datetime,
    written_at: datetime | None = None,
) -> dict[str, Any]:
    """The record with an alert of those signs, kept once by its id. where: the form on which they were ticked.

    written_at: by the clock of a telephone on which it waited for a network.
    """
    flags = ticked(signs)
    if not flags or not alert_id:
        raise InputError("No warning sign was ticked. Tick the one that you have, or leave the form.")
    clinic = clinic_of(document)
    held = next((alert for alert in clinic.alerts if alert.id == alert_id), None)
    ids = tuple(flag.id for flag in flags)
    if held is not None and set(ids) <= set(held.signs):
        return dict(document)
    if held is not None and held.seen_at is None:
        both = tuple(flag.id for flag in ticked((*held.signs, *ids)))
        return _with(document, held.model_copy(update={"signs": both}))
    name = alert_id if held is None else f"{alert_id}-{len(clinic.alerts)}"
    at, received_at = written(written_at, now)
    held_of_it = {"id": name, "at": at, "received_at": received_at, "signs": ids, "where": where}
    alert = part_of(Alert, held_of_it, "the alert")
    return with_clinic(document, clinic.model_copy(update={"alerts": (*clinic.alerts, alert)}))


def see_to(document: Mapping[str, Any], alert_id: str, who: str, done: str, now: datetime) -> dict[str, Any]:
    """The record with an alert seen to: by whom, when, and what was done. Errors: InputError."""
    alert = next((held for held in clinic_of(document).alerts if held.id == alert_id), None)
    if alert is None:
        raise InputError("There is no such alert in this record. Go back to the list.")
    if alert.seen_at is not None:
        raise InputError(f"{alert.seen_by or 'Somebody'} has seen to this alert already. Nothing was changed.")
    what = line(done)
    if what is None:
        raise InputError("Say what was done about the alert, so that the next person need not ask.")
    return _with(document, alert.model_copy(update={"seen_by": who, "seen_at": now, "done": what}))


def open_alerts(document: Mapping[str, Any]) -> tuple[Alert, ...]:
    """The alerts that nobody has seen to, the latest first."""
    alerts = (alert for alert in clinic_of(document).alerts if alert.seen_at is None)
    return tuple(sorted(alerts, key=lambda alert: alert.at, reverse=True))


def _with(document: Mapping[str, Any], changed: Alert) -> dict[str, Any]:
    clinic = clinic_of(document)
    alerts = tuple(changed if alert.id == changed.id else alert for alert in clinic.alerts)
    return with_clinic(document, clinic.model_copy(update={"alerts": alerts}))
