"""A patient's personal links: made, shown once, withdrawn."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response

from facetwise.clinic.accounts.patient_links import DAYS
from facetwise.errors import InputError
from facetwise.web.frame.access import Reader, Sent, Writer, state_of
from facetwise.web.frame.layout import back, page
from facetwise.web.staff.patient_header import patient_of

router = APIRouter()


@router.get("/patients/{patient}/links")
def links(request: Request, patient: str, person: Reader) -> Response:
    """Every link of the patient; never a token."""
    return _show(request, patient, "")


@router.post("/patients/{patient}/links")
def make(request: Request, patient: str, person: Writer, sent: Sent) -> Response:
    """Make a link, and show it this once."""
    state = state_of(request)
    state.store.get(patient)
    if sent.has("withdraw"):
        state.links.withdraw(patient, sent.one("withdraw"), person.sign_in)
        return back(f"/patients/{patient}/links")
    days = sent.one("days")
    if days not in map(str, DAYS):
        raise InputError(f"A link stands for {', '.join(map(str, DAYS))} days. Choose one of them.")
    token, _ = state.links.make(patient, int(days), person.sign_in)
    return _show(request, patient, f"{state.public_url}/my/{token}")


def _show(request: Request, patient: str, made: str) -> Response:
    state = state_of(request)
    shown = patient_of(state.store.get(patient), state.settings(), state.today())
    held = [
        (
            link,
            *(datetime.fromtimestamp(at, UTC).isoformat() for at in (link.made, link.ends)),
            state.links.stands(link),
        )
        for link in state.links.of(patient)
    ]
    return page(request, "links.html", patient=shown, links=held, made=made, days=DAYS, moment=datetime.fromisoformat)
