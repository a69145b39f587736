"""Warning signs that a patient ticked: an alert for the clinic, seen to by a named person.

Some signs are asked about by the record as well. Closing their alert says of each condition whether it is so: else a sign
that was ticked would end beside an older "no", and the next step would go on as if nothing had been said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Literal

from facetwise.clinic.follow_up.diary import line
from facetwise.clinic.model.clinic_record import Alert, Call, Clinic, clinic_of, with_clinic
from facetwise.clinic.model.entry_timing import written
from facetwise.errors import InputError
from facetwise.information.content import red_flags
from facetwise.information.model.red_flags import Whom
from facetwise.record.parse import part_of

_SIGNS = {flag.id: flag for flag in red_flags()}
_URGENCY = tuple(Whom)
_STANDS_FOR = {
    "cauda-equina": ("cauda_equina_signs",),
    "getting-weaker": ("progressive_neurological_deficit",),
    "infection": ("local_infection", "systemic_infection"),
}
AT_THE_PROCEDURE = "the procedure"
POINTS_TO = MappingProxyType(
    {
        "cauda-equina": ("cauda_equina_signs",),
        "getting-weaker": ("progressive_neurological_deficit",),
        "infection": ("spinal_infection", "local_infection", "systemic_infection"),
        "headache-or-fever": ("spinal_infection", "systemic_infection"),
        "still-numb-or-weak": ("progressive_neurological_deficit",),
    }
)
"""The conditions that a sign may come from. Letters mention them; closing an alert asks about fewer."""
Found = Literal["confirmed", "ruled-out", "not-known"]
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
    names = dict.fromkeys(" ".join(sign.split())[:_LONGEST_ID] for sign in signs)
    found = [_ticked(sign) for sign in list(names)[:_MOST] if sign]
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
    earlier = next((alert for alert in clinic.alerts if alert.id == alert_id), None)
    ids = tuple(flag.id for flag in flags)
    if earlier is not None and set(ids) <= set(earlier.signs):
        return dict(document)
    if earlier is not None and earlier.seen_at is None:
        both = tuple(flag.id for flag in ticked((*earlier.signs, *ids)))
        return _with(document, earlier.model_copy(update={"signs": both}))
    name = alert_id if earlier is None else f"{alert_id}-{len(clinic.alerts)}"
    at, received_at = written(written_at, now)
    values = {"id": name, "at": at, "received_at": received_at, "signs": ids, "where": where}
    alert = part_of(Alert, values, "the alert")
    return with_clinic(document, clinic.model_copy(update={"alerts": (*clinic.alerts, alert)}))


def conditions_of(signs: Iterable[str]) -> tuple[str, ...]:
    """The conditions of the record that those signs may mean, the most urgent first."""
    return tuple(name for flag in ticked(signs) for name in _STANDS_FOR.get(flag.id, ()))


def standing(document: Mapping[str, Any], signs: Iterable[str]) -> dict[str, str]:
    """Of the conditions that those signs may mean, those that the record says the patient has, and who confirmed it."""
    conditions = document.get("conditions") or {}
    names = [name for name in conditions_of(signs) if conditions.get(name) is True]
    sources = dict.fromkeys(names, "The record says that the patient has it")
    for alert in sorted((one for one in clinic_of(document).alerts if one.seen_at), key=lambda one: str(one.seen_at)):
        sources |= {name: f"{alert.seen_by} confirmed it" for name in alert.confirmed if name in sources}
    return sources


def see_to(
    document: Mapping[str, Any],
    alert_id: str,
    who: str,
    done: str,
    now: datetime,
    found: Mapping[str, Found],
    overturned: Iterable[str] = (),
) -> dict[str, Any]:
    """The record with an alert seen to: by whom, when, what was done, and what each sign was found to be.

    found: by condition, of every one that the signs may mean. Still not known takes an older "no" out of the record, so
    that it is asked again; a "yes" stays until it is ruled out. overturned: the conditions that are ruled out although the
    record says that the patient has them. Errors: InputError.
    """
    alert, what = _alert_to_close(document, alert_id, done)
    stands = standing(document, alert.signs)
    standing_names = [name for name in stands if found.get(name) == "ruled-out" and name not in set(overturned)]
    if standing_names:
        raise InputError(f"{stands[standing_names[0]]}. Say that this is ruled out too, or answer otherwise.")
    conditions = conditions_of(alert.signs)
    if any(name not in found for name in conditions):
        raise InputError("Say for each sign whether it is confirmed, ruled out, or still not known.")
    answers = {name: found[name] for name in conditions}
    closed = {
        "seen_by": who,
        "seen_at": now,
        "done": what,
        "confirmed": tuple(name for name in conditions if answers[name] == "confirmed"),
        "ruled_out": tuple(name for name in conditions if answers[name] == "ruled-out"),
    }
    return _with(_with_conditions(document, answers), alert.model_copy(update=closed))


def note_call(document: Mapping[str, Any], alert_id: str, who: str, done: str, now: datetime) -> dict[str, Any]:
    """The record with what was done about an alert that stays open: its signs are not known, whatever stood there."""
    alert, what = _alert_to_close(document, alert_id, done)
    calls = (*alert.calls, Call(says=what, by=who, at=now))
    unsure: dict[str, Found] = dict.fromkeys(conditions_of(alert.signs), "not-known")
    return _with(_with_conditions(document, unsure), alert.model_copy(update={"calls": calls}))


def _alert_to_close(document: Mapping[str, Any], alert_id: str, done: str) -> tuple[Alert, str]:
    """The alert that nobody has closed, and what was done about it. Errors: InputError."""
    alert = next((held for held in clinic_of(document).alerts if held.id == alert_id), None)
    if alert is None:
        raise InputError("There is no such alert in this record. Go back to the list.")
    if alert.seen_at is not None:
        raise InputError(f"{alert.seen_by or 'Somebody'} has seen to this alert already. Nothing was changed.")
    what = line(done)
    if what is None:
        raise InputError("Say what was done about the alert, so that the next person need not ask.")
    return alert, what


def open_alerts(document: Mapping[str, Any]) -> tuple[Alert, ...]:
    """The alerts that nobody has closed, the latest first."""
    return _open(clinic_of(document))


def _open(clinic: Clinic) -> tuple[Alert, ...]:
    alerts = (alert for alert in clinic.alerts if alert.seen_at is None)
    return tuple(sorted(alerts, key=lambda alert: alert.at, reverse=True))


def _with_conditions(document: Mapping[str, Any], found: Mapping[str, Found]) -> dict[str, Any]:
    conditions = dict(document.get("conditions") or {})
    for name, answer in found.items():
        if answer != "not-known":
            conditions[name] = answer == "confirmed"
        elif conditions.get(name) is False:
            del conditions[name]
    return {**document, "conditions": conditions} if conditions or "conditions" in document else dict(document)


def _with(document: Mapping[str, Any], changed: Alert) -> dict[str, Any]:
    clinic = clinic_of(document)
    alerts = tuple(changed if alert.id == changed.id else alert for alert in clinic.alerts)
    return with_clinic(document, clinic.model_copy(update={"alerts": alerts}))


@dataclass(frozen=True)
class OpenAlert:
    """An open alert as letters say it. asked: the signs as the form asks about them; call: whom to call, how soon."""

    day: date
    by_patient: bool
    questions: tuple[str, ...]
    call: str


def warnings_of(clinic: Clinic) -> tuple[OpenAlert, ...]:
    """The open alerts, the latest first."""
    return tuple(_open_alert(alert) for alert in _open(clinic))


def doubted(clinic: Clinic) -> Mapping[str, date]:
    """The conditions that an open alert may be of, with the day of the latest sign."""
    found: dict[str, date] = {}
    for alert in reversed(_open(clinic)):
        for sign in alert.signs:
            found |= dict.fromkeys(POINTS_TO.get(sign, ()), alert.at.date())
    return found


def _open_alert(alert: Alert) -> OpenAlert:
    known = [_SIGNS[sign] for sign in alert.signs if sign in _SIGNS]
    questions = tuple(_SIGNS[sign].ask if sign in _SIGNS else sign.replace("-", " ") for sign in alert.signs)
    call = min((flag.whom for flag in known), key=_URGENCY.index, default=Whom.NOW)
    return OpenAlert(alert.at.date(), alert.where != AT_THE_PROCEDURE, questions, call.value)
