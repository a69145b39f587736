"""The page that gives a record out: the file, and the command that answers from it as the clinic does today."""

from __future__ import annotations

import shlex

from fastapi import APIRouter
from fastapi.responses import Response

from facetwise.web.staff.visit import Opened

router = APIRouter()


@router.get("/patients/{patient}/export")
def show(visit: Opened) -> Response:
    """What is in the file, and the command that reads it."""
    file, policy = shlex.quote(f"{visit.stored.id}.json"), visit.patient.governing.policy.id
    command = f"facetwise decide {file} --policy {policy} --as-of {visit.today.isoformat()}"
    return visit.page("export.html", command=command)
