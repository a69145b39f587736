"""Warning signs that a patient ticked: an alert for the clinic, seen to by a named person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from facetwise.clinic.diary import line
from facetwise.clinic.kept import Alert, clinic_of, with_clinic
from facetwise.errors import InputError, nearest
from facetwise.guidance.care.red_flags import RED_FLAGS, RedFlag, Whom
from facetwise.record.reading import part_of

_SIGNS = {flag.id: flag for flag in RED_FLAGS}
_URGENCY = tuple(Whom)


def ticked(signs: Iterable[str]) -> tuple[RedFlag, ...]:
    """The signs of those ids, the most urgent first. Errors: InputError for one that is none."""
    found = []
    for sign in dict.fromkeys(signs):
        if sign not in _SIGNS:
            raise InputError("A warning sign was sent that the form does not have." + nearest(sign, _SIGNS))
        found.append(_SIGNS[sign])
    return tuple(sorted(found, key=lambda flag: _URGENCY.index(flag.whom)))


def raise_alert(
    document: Mapping[str, Any], signs: Iterable[str], where: str, alert_id: str, now: datetime
) -> dict[str, Any]:
    """The record with an alert of those signs, kept once by its id. where: the form on which they were ticked."""
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
    alert = part_of(Alert, {"id": name, "at": now, "signs": ids, "where": where}, "the alert")
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
