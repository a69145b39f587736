"""The page that gives a record out: the file, and the command that answers from it as the clinic does today."""

from __future__ import annotations

import shlex

from fastapi import APIRouter, Request
from fastapi.responses import Response

from facetwise.web.frame.access import Reader, state_of
from facetwise.web.frame.layout import page
from facetwise.web.staff.patient_header import patient_of

router = APIRouter()


@router.get("/patients/{patient}/export")
def show(request: Request, patient: str, person: Reader) -> Response:
    """What is in the file, and how it is asked."""
    state = state_of(request)
    shown = patient_of(state.store.get(patient), state.settings(), state.today())
    file, policy = shlex.quote(f"{shown.id}.json"), shown.governing.policy.id
    command = f"facetwise decide {file} --policy {policy} --as-of {state.today().isoformat()}"
    return page(request, "export.html", patient=shown, command=command)
