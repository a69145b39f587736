"""Plans are bound to the step for which they were agreed: once another step comes, they move nothing any more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from facetwise.clinic.model.clinic_record import clinic_of, with_clinic
from facetwise.clinic.pathway.status import listed

_BEFORE_ANY = ("see-to-alert", "urgent-referral", "ended")
"""What comes before every step, and no plan is made for."""


def bound(document: Mapping[str, Any], own_policy: str, today: date) -> dict[str, Any]:
    """The record with its plan bound to the step that comes next, where it is bound to none. Errors: InputError."""
    clinic = clinic_of(document)
    step = listed(document, own_policy, today).next.step if clinic.plan.is_made and clinic.plan.step is None else ""
    if not step or step in _BEFORE_ANY:
        return dict(document)
    return with_clinic(document, clinic.model_copy(update={"plan": clinic.plan.model_copy(update={"step": step})}))
