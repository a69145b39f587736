"""Audits as they may leave: the answers of policies by a disclosure profile, in every format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from facetwise.audit.criterion_summary import caveats
from facetwise.audit.results import AuditResult
from facetwise.disclosure.audit_tables import DENERVATIONS, PATIENTS, audit_tables
from facetwise.disclosure.count_tables import named_notes
from facetwise.disclosure.protect import Profile, protect
from facetwise.disclosure.protected_count import protected_input
from facetwise.disclosure.protected_tables import (
    ProtectedInput,
    ProtectedNumber,
    ProtectedTable,
    ProtectedTables,
    plain,
    records,
    records_or_star,
)
from facetwise.disclosure.tables import LinkedTables
from facetwise.language.policy import Policy


@dataclass(frozen=True)
class ProtectedAudit:
    """One policy's audit, protected. It holds no number that is not shown."""

    policy: Policy
    of: str
    profile: Profile
    covers: tuple[str, str] | None
    complete: tuple[str, ...]
    assumptions: tuple[str, ...]
    notes: tuple[str, ...]
    seen_of: tuple[str, ...]
    denervations: ProtectedNumber
    patients: ProtectedNumber
    more_than_one: ProtectedNumber
    input: ProtectedInput
    set_aside: ProtectedTable
    criteria: ProtectedTable
    outcomes: ProtectedTable
    seen: ProtectedTable
    repeats: ProtectedTable

    @property
    def own_criteria(self) -> ProtectedTable:
        """The criteria of this policy alone."""
        own = self.criteria.only("policy", self.policy.id)
        return own.select(
            "criterion", "met", "not_met", "unknown", "not_applicable", "judged_share", "met_share", "can_be"
        )

    @property
    def _in_shares(self) -> ProtectedTable:
        """The same with shares from 0 to 1, as the answer that is not protected has them."""
        return self.own_criteria.scaled(0.01, "judged_share", "met_share")

    @property
    def own_outcomes(self) -> ProtectedTable:
        return self.outcomes.only("policy", self.policy.id).without("policy")

    def to_json(self) -> dict[str, Any]:
        """The JSON of docs/reference/json.md; '*' where a number is hidden. Shares are of protected numbers."""
        (outcomes,) = records(self.own_outcomes)
        (again,) = records(self.repeats)
        return {
            "schema": "facetwise.audit/1",
            "policy": self.policy.id,
            "version": self.policy.version,
            "of": self.of,
            "disclosure": self.profile.id,
            "covers": list(self.covers) if self.covers else [None, None],
            "complete": list(self.complete),
            "assumptions": list(self.assumptions),
            "input": self.input.to_json(),
            "denervations": plain(self.denervations),
            "patients": plain(self.patients),
            "set_aside": records_or_star(self.set_aside),
            "criteria": [{**row, "can_be": row["can_be"].split()} for row in records(self._in_shares)],
            "outcomes": {name.replace("_", "-"): value for name, value in outcomes.items()},
            "seen": [row for row in records(self.seen) if row["what"] in self.seen_of],
            "repeats": {
                "patients_with_more_than_one": plain(self.more_than_one),
                "median_months_to_next": again.pop("median_months"),
                "sessions": again["sessions"],
                "repeated": again["repeated"],
                "sooner_than": [
                    {"months": int(name.split("_")[2]), "share": _share(value)}
                    for name, value in again.items()
                    if name.startswith("sooner_than_") and name.endswith("_months")
                ],
            },
            "notes": list(self.notes),
        }

    def criteria_rows(self, as_text: bool) -> pa.Table:
        """One row a criterion."""
        return self._in_shares.to_text() if as_text else self._in_shares.to_arrow()

    def __repr__(self) -> str:
        (outcomes,) = records(self.own_outcomes)
        told = ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in outcomes.items())
        return f"{self.policy.id} on {self.denervations} denervations of {self.patients} patients: {told}"


def _share(per_cent: Any) -> Any:
    return round(per_cent / 100, 3) if isinstance(per_cent, int | float) else per_cent


def protect_audits(results: Sequence[AuditResult], profile: Profile) -> tuple[ProtectedAudit, ...]:
    """Audits of one input by a profile, protected together. Errors: UsageError."""
    in_words = [linked for result in results for linked in (_assumptions(result)[1], _notes(result)[1])]
    released = protect(LinkedTables.of((audit_tables(results), *in_words)), profile)
    return tuple(_one(result, profile, released) for result in results)


def _assumptions(result: AuditResult) -> tuple[tuple[str, ...], LinkedTables]:
    return named_notes("assumption", result.assumptions, result.input)


def _notes(result: AuditResult) -> tuple[tuple[str, ...], LinkedTables]:
    return named_notes("note", result.notes, result.input)


def _one(result: AuditResult, profile: Profile, released: ProtectedTables) -> ProtectedAudit:
    covers = result.covers
    return ProtectedAudit(
        policy=result.policy,
        of=result.of.id,
        profile=profile,
        covers=(covers[0].isoformat(), covers[1].isoformat()) if covers else None,
        complete=result.complete,
        assumptions=tuple(map(released.fill, _assumptions(result)[0])),
        notes=(
            *map(released.fill, _notes(result)[0]),
            *caveats([(result.policy.id, c) for c in result.criteria], False),
        ),
        seen_of=tuple(seen.what for seen in result.seen),
        denervations=released.figures[DENERVATIONS],
        patients=released.figures[PATIENTS],
        more_than_one=released.figures["patients with more than one session"],
        input=protected_input(result.input, released),
        set_aside=released.table("set-aside"),
        criteria=released.table("policy-criteria-all"),
        outcomes=released.table("policy-outcomes"),
        seen=released.table("seen"),
        repeats=released.table("repeats-all").paged,
    )
