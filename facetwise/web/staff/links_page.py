"""A patient's personal links: made, shown once, withdrawn."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter
from fastapi.responses import Response

from facetwise.clinic.accounts.patient_links import DAYS
from facetwise.errors import InputError
from facetwise.web.frame.layout import back
from facetwise.web.staff.visit import Opened, SentByWriter, Visit

router = APIRouter()


@router.get("/patients/{patient}/links")
def links(visit: Opened) -> Response:
    """Every link of the patient; never a token."""
    return _show(visit, "")


@router.post("/patients/{patient}/links")
def make(visit: SentByWriter) -> Response:
    """Make a link, and show it this once."""
    patient, sent, all_links, who = visit.stored.id, visit.sent, visit.state.links, visit.person.sign_in
    if sent.has("withdraw"):
        all_links.withdraw(patient, sent.one("withdraw"), who)
        return back(f"{visit.url}/links")
    days = sent.one("days")
    if days not in map(str, DAYS):
        raise InputError(f"A link lasts {', '.join(map(str, DAYS))} days. Choose one of them.")
    token, _ = all_links.make(patient, int(days), who)
    return _show(visit, f"{visit.state.public_url}/my/{token}")


def _show(visit: Visit, new_link: str) -> Response:
    all_links = visit.state.links
    times = datetime.fromtimestamp
    shown = [
        (link, times(link.made, UTC), times(link.ends, UTC), all_links.is_valid(link))
        for link in all_links.of(visit.stored.id)
    ]
    return visit.page("links.html", links=shown, new_link=new_link, days=DAYS)
