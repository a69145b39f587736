"""Letters about a patient: as a page that prints, in 18 point where needed, and as PDF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from facetwise.clinic.letters.letters import prior_approval, referral
from facetwise.clinic.letters.patient_plan import plan_letter
from facetwise.decide.summary import READ
from facetwise.errors import UsageError, nearest
from facetwise.library import POLICIES
from facetwise.web.charts.timeline import timeline
from facetwise.web.frame.layout import rendered
from facetwise.web.frame.pdf import pdf_of
from facetwise.web.staff.visit import Opened, Visit

router = APIRouter()


@dataclass(frozen=True)
class LetterKind:
    """A kind of letter: what it is for, in a line, and its template."""

    id: str
    title: str
    says: str

    @property
    def template(self) -> str:
        return f"letter_{self.id.replace('-', '_')}.html"


LETTERS = {
    kind.id: kind
    for kind in (
        LetterKind(
            "prior-approval",
            "Prior-approval summary",
            "For a commissioner or an insurer: one policy, criterion by criterion, with the evidence and what is missing.",
        ),
        LetterKind("referral", "Referral summary", "For another service: the pain, what was tried, what is known and not known."),
        LetterKind("plan", "The patient's plan", "For the patient, in plain words: what comes next, who does it, when to get help."),
    )
}  # fmt: skip
WHAT = {
    "pain": "Pain",
    "score": "Score",
    "care": "Care",
    "block": "Block",
    "denervation": "Denervation",
    "relief": "Relief",
}


@router.get("/patients/{patient}/letters")
def letters(visit: Opened) -> Response:
    """What can be written."""
    return visit.page("letters.html", kinds=LETTERS.values(), policies=POLICIES.values())


@router.get("/patients/{patient}/letters/{kind}.pdf")
def letter_pdf(visit: Opened, kind: str, policy: str = "", large: str = "") -> Response:
    """The letter as PDF. Errors: NoPdfError."""
    template, context = _composed(visit, kind, policy, large)
    shared = {"patient": visit.patient, "person": visit.person}
    return paper(f"{kind}-{visit.stored.id}", rendered(visit.request, template, **shared, **context))


@router.get("/patients/{patient}/letters/{kind}")
def letter(visit: Opened, kind: str, policy: str = "", large: str = "") -> Response:
    """The letter as it will be printed."""
    template, context = _composed(visit, kind, policy, large)
    return visit.page(template, **context)


def paper(name: str, html: str) -> Response:
    """A paper page as PDF, under a name made of letters that every system takes."""
    safe = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name)[:80]
    headers = {"Content-Disposition": f'inline; filename="{safe}.pdf"', "Cache-Control": "no-store"}
    return Response(pdf_of(html), media_type="application/pdf", headers=headers)


def _composed(visit: Visit, kind: str, policy: str, large: str) -> tuple[str, dict[str, Any]]:
    if kind not in LETTERS:
        raise UsageError(f"There is no letter '{kind}'." + nearest(kind, LETTERS))
    document, own, today = visit.document, visit.settings.policy, visit.today
    drawn = timeline(visit.stored.record, today)
    composed: Any
    match kind:
        case "prior-approval":
            composed = prior_approval(document, policy or visit.patient.governing.policy.id, today, visit.state.zone)
        case "referral":
            composed = referral(document, own, today)
        case _:
            composed = plan_letter(document, own, today)
    return LETTERS[kind].template, {
        "kind": LETTERS[kind],
        "letter": composed,
        "large": composed.head.large if large not in ("0", "1") else large == "1",
        "asked_policy": policy,
        "chart": drawn.svg,
        "past_events": tuple(row for row in drawn.rows if not row.later),
        "what": WHAT,
        "caveats": READ,
    }
