"""The clinic's settings: its name, its policy, and the policies shown beside it."""

from __future__ import annotations

import re
from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import Response

from facetwise.clinic.store.settings import Settings
from facetwise.errors import FieldError, UsageError
from facetwise.library import POLICIES
from facetwise.web.frame.access import Chooser, Sent, state_of
from facetwise.web.frame.forms import Faults
from facetwise.web.frame.layout import back, page

router = APIRouter()
_PHONE = re.compile(r"[0-9+() -]{3,40}")


@router.get("/settings")
def settings(request: Request, person: Chooser, saved: str = "") -> Response:
    """The form."""
    return _show(request, state_of(request).settings(), Faults(), saved=saved)


@router.post("/settings")
def choose(request: Request, person: Chooser, sent: Sent) -> Response:
    """Save; another policy renews every patient's line."""
    state, faults = state_of(request), Faults()
    chosen = replace(
        state.settings(),
        unit_name=sent.one("unit_name"),
        unit_phone=sent.one("unit_phone"),
        policy=sent.one("policy"),
        policies=tuple(name for name in sent.many("policies") if name in POLICIES),
    )
    if chosen.unit_phone and not _PHONE.fullmatch(chosen.unit_phone):
        faults.add("unit_phone", "Patients tap on the number: use only digits, spaces, + ( ) and -")
        return _show(request, chosen, faults, 422)
    try:
        state.kept_settings.put(chosen, person.sign_in)
        return back("/settings?saved=yes")
    except FieldError as error:
        faults.add(error.field, str(error))
    except UsageError as error:
        faults.add("policy", str(error))
    return _show(request, chosen, faults, 422)


def _show(request: Request, chosen: Settings, faults: Faults, status: int = 200, saved: str = "") -> Response:
    return page(request, "settings.html", status, chosen=chosen, policies=POLICIES.values(), faults=faults, saved=saved)
