"""Letters about a patient: as a page that prints, in 18 point where needed, and as PDF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from facetwise.clinic.letters.letters import prior_approval, referral
from facetwise.clinic.letters.patient_plan import plan_letter
from facetwise.clinic.model.history import DatedEvent
from facetwise.decide.summary import READ
from facetwise.errors import UsageError, nearest
from facetwise.library import POLICIES
from facetwise.web.charts.timeline import timeline
from facetwise.web.frame.access import Reader, state_of
from facetwise.web.frame.layout import page, rendered
from facetwise.web.frame.pdf import pdf_of
from facetwise.web.staff.patient_header import patient_of

router = APIRouter()


@dataclass(frozen=True)
class Kind:
    """A kind of letter: what it is for, in a line, and its template."""

    id: str
    title: str
    says: str

    @property
    def template(self) -> str:
        return f"letter_{self.id.replace('-', '_')}.html"


KINDS = {
    kind.id: kind
    for kind in (
        Kind(
            "prior-approval",
            "Prior-approval summary",
            "For a commissioner or an insurer: one policy, criterion by criterion, with the evidence and what is missing.",
        ),
        Kind("referral", "Referral summary", "For another service: the pain, what was tried, what is known and not known."),
        Kind("plan", "The patient's plan", "For the patient, in plain words: what comes next, who does it, when to get help."),
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
def letters(request: Request, patient: str, person: Reader) -> Response:
    """What can be written."""
    state = state_of(request)
    shown = patient_of(state.store.get(patient), state.settings(), state.today())
    return page(request, "letters.html", patient=shown, kinds=KINDS.values(), policies=POLICIES.values())


@router.get("/patients/{patient}/letters/{kind}.pdf")
def letter_pdf(
    request: Request, patient: str, kind: str, person: Reader, policy: str = "", large: str = ""
) -> Response:
    """The letter as PDF. Errors: NoPdfError."""
    template, context = _composed(request, patient, kind, policy, large)
    return paper(f"{kind}-{patient}", rendered(request, template, **context))


@router.get("/patients/{patient}/letters/{kind}")
def letter(request: Request, patient: str, kind: str, person: Reader, policy: str = "", large: str = "") -> Response:
    """The letter as it will be printed."""
    template, context = _composed(request, patient, kind, policy, large)
    return page(request, template, **context)


def paper(name: str, html: str) -> Response:
    """A paper page as PDF, under a name made of letters that every system takes."""
    safe = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name)[:80]
    headers = {"Content-Disposition": f'inline; filename="{safe}.pdf"', "Cache-Control": "no-store"}
    return Response(pdf_of(html), media_type="application/pdf", headers=headers)


def _composed(request: Request, patient: str, kind: str, policy: str, large: str) -> tuple[str, dict[str, Any]]:
    if kind not in KINDS:
        raise UsageError(f"There is no letter '{kind}'." + nearest(kind, KINDS))
    state = state_of(request)
    stored, settings, today = state.store.get(patient), state.settings(), state.today()
    chosen = KINDS[kind]
    shown = patient_of(stored, settings, today)
    drawn = timeline(stored.record, today)
    made: Any
    match kind:
        case "prior-approval":
            made = prior_approval(stored.document, policy or shown.governing.policy.id, today, state.zone)
        case "referral":
            made = referral(stored.document, settings.policy, today)
        case _:
            made = plan_letter(stored.document, settings.policy, today)
    return chosen.template, {
        "patient": shown,
        "kind": chosen,
        "letter": made,
        "large": made.head.large if large not in ("0", "1") else large == "1",
        "asked_policy": policy,
        "chart": drawn.svg,
        "told": tuple(row for row in drawn.rows if not row.later),
        "what": WHAT,
        "caveats": READ,
        "when": when,
    }


def when(row: DatedEvent) -> tuple[str, str]:
    """The first and the last day of something, ISO; '' where there is none."""
    return row.day.isoformat() if row.day else "", row.until.isoformat() if row.until else ""
