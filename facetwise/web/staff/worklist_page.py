"""The list of patients: where each one is, what comes next, who is responsible, and when."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from facetwise.clinic.model.safe_csv import csv_text
from facetwise.clinic.pathway.status import HOLDERS, STAGES
from facetwise.clinic.pathway.worklist import SORTS, Sought, WorklistLine
from facetwise.library import POLICIES
from facetwise.web.frame.access import Reader, state_of
from facetwise.web.frame.layout import page, table

router = APIRouter()
SHOWS = {"first": "Alerts, red flags and holds", "overdue": "Overdue"}
_COLUMNS = (
    "patient",
    "name",
    "stage",
    "next step",
    "held by",
    "date",
    "date is",
    "overdue",
    "first",
    "policy",
    "outcome",
)


def _sought(
    text: str = "",
    stage: str = "",
    holder: str = "",
    policy: str = "",
    show: str = "",
    sort: str = "first",
    page: int = 1,
) -> Sought:
    return Sought(
        text=text[:200],
        stage=stage if stage in STAGES else "",
        holder=holder if holder in HOLDERS else "",
        policy=policy if policy in POLICIES else "",
        show=show if show in SHOWS else "",
        sort=sort if sort in SORTS else "first",
        page=min(max(page, 1), 100_000),
    )


def _from(request: Request) -> Sought:
    given = {name: request.query_params.get(name, "") for name in ("text", "stage", "holder", "policy", "show", "sort")}
    number = request.query_params.get("page", "1")
    return _sought(**given, page=int(number) if number.isdecimal() and number.isascii() and len(number) < 7 else 1)


@router.get("/")
def patients(request: Request, person: Reader) -> Response:
    """One page of the list. What narrows it stands in the address, so that it can be kept."""
    state, sought = state_of(request), _from(request)
    found = state.pathway.find(sought)
    chosen = {name: getattr(sought, name) for name in ("text", "stage", "holder", "policy", "show", "sort")}
    return page(
        request,
        "list.html",
        found=found,
        sought=sought,
        counts=state.pathway.counts(),
        stages=STAGES,
        holders=HOLDERS,
        shows=SHOWS,
        sorts={"first": "What comes first", "day": "Date", "name": "Name", "stage": "Stage"},
        policies=state.settings().policies,
        may_write=person.role.value != "reader",
        address=lambda **other: "/?" + urlencode({k: v for k, v in {**chosen, **other}.items() if v}),
        csv_address="/patients.csv?" + urlencode({name: value for name, value in chosen.items() if value}),
    )


@router.get("/patients.csv")
def as_csv(request: Request, person: Reader) -> Response:
    """All that the list shows under the same narrowing, for a spreadsheet."""
    state = state_of(request)
    text = csv_text(_COLUMNS, (_cells(line) for line in state.pathway.all(_from(request))))
    state.people.note(person.sign_in, "list taken out")
    return table(text, f"patients-{state.today().isoformat()}.csv")


def _cells(line: WorklistLine) -> tuple[str, ...]:
    return (
        line.patient,
        line.name,
        STAGES[line.stage],
        line.says,
        HOLDERS[line.holder],
        line.day,
        line.day_is,
        "yes" if line.overdue else "",
        "; ".join(line.flags),
        line.policy,
        line.outcome,
    )
