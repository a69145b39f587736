"""Warning signs that nobody has seen to yet, in words for letters: they stand before whatever a policy says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from facetwise.clinic.model.clinic_record import Alert, Clinic
from facetwise.guidance.care.red_flags import RED_FLAGS, Whom

AT_THE_PROCEDURE = "the procedure"
"""Where an alert comes from that the clinic wrote down itself, on the day of a procedure."""
POINTS_TO = MappingProxyType(
    {
        "cauda-equina": ("cauda_equina_signs",),
        "getting-weaker": ("progressive_neurological_deficit",),
        "infection": ("spinal_infection", "local_infection", "systemic_infection"),
        "headache-or-fever": ("spinal_infection", "systemic_infection"),
        "still-numb-or-weak": ("progressive_neurological_deficit",),
    }
)
"""The conditions that each sign may be of: none of them is said to be absent while the sign stands unseen."""
_SIGNS = {flag.id: flag for flag in RED_FLAGS}
_URGENCY = tuple(Whom)


@dataclass(frozen=True)
class Warned:
    """One alert that nobody has seen to. asked: the signs as they were asked; call: whom to call, and how soon."""

    day: date
    by_patient: bool
    asked: tuple[str, ...]
    call: str


def warnings_of(clinic: Clinic) -> tuple[Warned, ...]:
    """The open alerts, the latest first."""
    unseen = sorted(_open(clinic), key=lambda alert: alert.at, reverse=True)
    return tuple(_warned(alert) for alert in unseen)


def doubted(clinic: Clinic) -> Mapping[str, date]:
    """The conditions that an open alert may be of, with the day of the latest sign."""
    found: dict[str, date] = {}
    for alert in sorted(_open(clinic), key=lambda alert: alert.at):
        for sign in alert.signs:
            found |= dict.fromkeys(POINTS_TO.get(sign, ()), alert.at.date())
    return found


def _open(clinic: Clinic) -> tuple[Alert, ...]:
    return tuple(alert for alert in clinic.alerts if alert.seen_at is None)


def _warned(alert: Alert) -> Warned:
    known = [_SIGNS[sign] for sign in alert.signs if sign in _SIGNS]
    asked = tuple(_SIGNS[sign].ask if sign in _SIGNS else sign.replace("-", " ") for sign in alert.signs)
    call = min((flag.whom for flag in known), key=_URGENCY.index, default=Whom.NOW)
    return Warned(alert.at.date(), alert.where != AT_THE_PROCEDURE, asked, call.value)
