"""What an audit comes to: a value that prints well, and hands over JSON, Arrow, Polars or pandas."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa

from facetwise.audit.criterion_summary import CriterionSummary, caveats
from facetwise.audit.prior_events import PriorEvents
from facetwise.audit.repeat_intervals import Repeats
from facetwise.count.results import InputSummary, NamedResult, Results
from facetwise.language.definition import Definition
from facetwise.language.policy import Policy
from facetwise.plural import pluralise


@dataclass(frozen=True, repr=False)
class AuditResult(NamedResult):
    """A policy asked of every denervation at its own date. judged: one row a denervation, see compile/linked_run.py."""

    policy: Policy
    of: Definition
    input: InputSummary
    covers: tuple[date, date] | None
    complete: tuple[str, ...]
    denervations: int
    patients: int
    set_aside: tuple[tuple[str, int], ...]
    criteria: tuple[CriterionSummary, ...]
    outcomes: tuple[tuple[str, int], ...]
    seen: tuple[PriorEvents, ...]
    repeats: Repeats
    assumptions: tuple[str, ...]
    notes: tuple[str, ...]
    judged: pa.Table = field(compare=False)

    @property
    def caveats(self) -> tuple[str, ...]:
        """What to know of the shares of criteria before they are read."""
        return caveats([(self.policy.id, criterion) for criterion in self.criteria])

    @property
    def of_whom(self) -> str:
        """How many denervations of how many patients."""
        denervations = pluralise(self.denervations, "denervation", "denervations")
        return f"{denervations} of {pluralise(self.patients, 'patient', 'patients')}"

    @property
    def subject(self) -> tuple[str, str]:
        return "policy", self.policy.id

    def to_json(self) -> dict[str, Any]:
        """The JSON of docs/reference/json.md, with what it rests on beside it."""
        return {
            "schema": "facetwise.audit/1",
            "policy": self.policy.id,
            "version": self.policy.version,
            "of": self.of.id,
            "covers": [day.isoformat() for day in self.covers] if self.covers else [None, None],
            "complete": list(self.complete),
            "assumptions": list(self.assumptions),
            "input": self.input.to_json(),
            "denervations": self.denervations,
            "patients": self.patients,
            "set_aside": [{"reason": reason, "spells": n} for reason, n in self.set_aside],
            "criteria": [c.to_json() for c in self.criteria],
            "outcomes": dict(self.outcomes),
            "seen": [{"what": s.what, "yes": s.yes, "no": s.no, "cannot_see": s.cannot_see} for s in self.seen],
            "repeats": self.repeats.to_json(),
            "notes": [*self.notes, *self.caveats],
        }

    def to_arrow(self) -> pa.Table:
        """One row a criterion: criterion, met, not_met, unknown, not_applicable, judged_share, met_share, can_be.

        can_be: the answers that activity can give at all, with a blank between them.
        """
        counts = ("met", "not_met", "unknown", "not_applicable")
        schema = pa.schema(
            [
                ("criterion", pa.string()),
                *((name, pa.int64()) for name in counts),
                ("judged_share", pa.float64()),
                ("met_share", pa.float64()),
                ("can_be", pa.string()),
            ]
        )
        rows = [{**c.to_json(), "can_be": " ".join(c.can_be)} for c in self.criteria]
        return pa.Table.from_pylist(rows, schema=schema)

    def __repr__(self) -> str:
        told = ", ".join(f"{n:,} {outcome.replace('-', ' ')}" for outcome, n in self.outcomes)
        return f"{self.policy.id} on {self.of_whom}: {told}"


@dataclass(frozen=True, repr=False)
class AuditResults(Results[AuditResult]):
    """Several policies on one pass over the same activity, in the order asked."""
