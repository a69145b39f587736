"""One patient against one policy: findings, holds, what is missing, what comes next and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, cast

from facetwise.decide.earliest_date import earliest
from facetwise.decide.evaluate_patient import evidence, missing_facts, truth
from facetwise.decide.evidence import Evidence
from facetwise.decide.fact_labels import question_for
from facetwise.decide.inconsistencies import Inconsistency, inconsistencies, warnings
from facetwise.decide.next_step import Step, next_step
from facetwise.decide.record_as_of import RecordAsOf, record_as_of
from facetwise.guidance.safety import CONTRARY, RED_FLAGS, SAFETY, Caution
from facetwise.language.citation import Cite
from facetwise.language.definition import Status
from facetwise.language.policy import Policy, PolicyCriterion
from facetwise.language.truth import Truth
from facetwise.record.record import Record

NOT_APPLICABLE = "not-applicable"


class Outcome(Enum):
    """Whether one patient meets a policy."""

    MEETS = "meets"
    DOES_NOT_MEET = "does-not-meet"
    CANNOT_TELL = "cannot-tell"


@dataclass(frozen=True)
class Finding:
    """One criterion: its truth (None where it does not apply) and what that rests on."""

    criterion: PolicyCriterion
    truth: Truth | None
    because: tuple[Evidence, ...]

    @property
    def says(self) -> str:
        return NOT_APPLICABLE if self.truth is None else self.truth.value


@dataclass(frozen=True)
class Missing:
    """A fact that could still change the outcome, or is to be asked before any block or procedure."""

    fact: str
    ask: str
    criteria: tuple[str, ...]


@dataclass(frozen=True)
class Decision:
    """The answer of one policy about one record on one day."""

    record: str
    policy: Policy
    as_of: date
    outcome: Outcome
    red_flags: tuple[Caution, ...]
    holds: tuple[Caution, ...]
    findings: tuple[Finding, ...]
    missing: tuple[Missing, ...]
    next_step: Step
    earliest: date | None
    contradictions: tuple[Inconsistency, ...]
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The JSON of contract section 3, with contradictions, notes and the contrary recommendation beside it."""
        return {
            "schema": "facetwise.decision/1",
            "record": self.record,
            "policy": self.policy.id,
            "version": self.policy.version,
            "as_of": self.as_of.isoformat(),
            "outcome": self.outcome.value,
            "red_flags": [_caution(flag) for flag in self.red_flags],
            "holds": [_caution(hold) for hold in self.holds],
            "findings": [_finding(finding) for finding in self.findings],
            "missing": [{"fact": m.fact, "ask": m.ask, "criteria": list(m.criteria)} for m in self.missing],
            "next_step": {
                "id": self.next_step.id,
                "says": self.next_step.says,
                "because": list(self.next_step.because),
            },
            "earliest": self.earliest.isoformat() if self.earliest else None,
            "contradictions": [{"says": doubt.says, "from": list(doubt.places)} for doubt in self.contradictions],
            "contrary": {"id": CONTRARY.id, "says": CONTRARY.says, "cite": cited(CONTRARY.cite)},
            "notes": list(self.notes),
        }


def cited(cite: Cite) -> dict[str, str]:
    """A citation as JSON."""
    return {"source": cite.source.id, "place": cite.place, "url": cite.source.url, "read": cite.read.value}


def _caution(caution: Caution) -> dict[str, Any]:
    return {"id": caution.id, "says": caution.says, "cite": cited(caution.cite)}


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "criterion": finding.criterion.id,
        "says": finding.criterion.says,
        "truth": finding.says,
        "because": [item.to_json() for item in finding.because],
        "cite": cited(finding.criterion.cite),
    }


def decide(record: Record, policy: Policy, as_of: date, name: str = "") -> Decision:
    """The decision of one policy about one record as of a day. name: of the record, where it has no id."""
    return decide_as_of(record_as_of(record, as_of), policy, record.id or name)


def decide_as_of(record: RecordAsOf, policy: Policy, name: str) -> Decision:
    """The decision of one policy about a record that several policies share."""
    truths = {criterion.id: criterion_truth(criterion, record) for criterion in policy.criteria}
    outcome = outcome_of(truths)
    shared = _of_every_policy(record)
    red_flags, safety = shared.red_flags, shared.safety
    found = {
        criterion.id: Finding(criterion, truths[criterion.id], evidence(criterion.met_when, record))
        for criterion in policy.criteria
    }
    return Decision(
        record=name,
        policy=policy,
        as_of=record.today,
        outcome=outcome,
        red_flags=tuple(c for c in RED_FLAGS if red_flags[c.id] is Truth.MET),
        holds=tuple(c for c in SAFETY if safety[c.id] is Truth.MET),
        findings=tuple(found.values()),
        missing=_missing(policy, record, truths, outcome, {**red_flags, **safety}),
        next_step=next_step(policy, record, truths, red_flags, safety),
        earliest=_earliest(policy, record, truths, outcome),
        contradictions=shared.inconsistencies,
        notes=(*_notes(policy, record), *shared.warnings, *policy.notes),
    )


@dataclass(frozen=True)
class _OfEveryPolicy:
    """What a decision says of a record whatever the policy."""

    red_flags: Mapping[str, Truth]
    safety: Mapping[str, Truth]
    inconsistencies: tuple[Inconsistency, ...]
    warnings: tuple[str, ...]


def _of_every_policy(record: RecordAsOf) -> _OfEveryPolicy:
    """The same for every policy, so found once a record."""
    if not record.shared:
        notes = tuple(f"{warning.says} ({', '.join(warning.places)})." for warning in warnings(record))
        flags, safety = ({c.id: _condition(c, record) for c in cautions} for cautions in (RED_FLAGS, SAFETY))
        record.shared.append(_OfEveryPolicy(flags, safety, inconsistencies(record), notes))
    return cast(_OfEveryPolicy, record.shared[0])


def _condition(caution: Caution, record: RecordAsOf) -> Truth:
    held = record.facts[f"conditions.{caution.id}"]
    return Truth.of(held if isinstance(held, bool) else None)


def criterion_truth(criterion: PolicyCriterion, record: RecordAsOf) -> Truth | None:
    """The truth of one criterion; None where it does not apply."""
    row = record.row
    if criterion.applies_when is not None:
        applies = truth(criterion.applies_when, row)
        if applies is not Truth.MET:
            return None if applies is Truth.NOT_MET else Truth.UNKNOWN
    return truth(criterion.met_when, row)


def outcome_of(truths: Mapping[str, Truth | None]) -> Outcome:
    """The outcome by the truths of the criteria: those that do not apply do not count."""
    said = tuple(truths.values())
    if Truth.NOT_MET in said:
        return Outcome.DOES_NOT_MEET
    return Outcome.CANNOT_TELL if Truth.UNKNOWN in said else Outcome.MEETS


def _missing(
    policy: Policy,
    record: RecordAsOf,
    truths: Mapping[str, Truth | None],
    outcome: Outcome,
    conditions: Mapping[str, Truth],
) -> tuple[Missing, ...]:
    """Of a policy that is surely not met, no fact of its criteria could change that; red flags and safety are asked."""
    by_fact: dict[str, list[str]] = {}
    if outcome is Outcome.CANNOT_TELL:
        for criterion in policy.criteria:
            if truths[criterion.id] is Truth.UNKNOWN:
                tests = (criterion.applies_when, criterion.met_when)
                for fact in dict.fromkeys(f for test in tests if test for f in missing_facts(test, record)):
                    by_fact.setdefault(fact, []).append(criterion.id)
    for name, said in conditions.items():
        if said is Truth.UNKNOWN:
            by_fact.setdefault(name, [])
    return tuple(Missing(fact, question_for(fact), tuple(criteria)) for fact, criteria in by_fact.items())


def _earliest(policy: Policy, record: RecordAsOf, truths: Mapping[str, Truth | None], outcome: Outcome) -> date | None:
    if outcome is Outcome.MEETS:
        return None
    timed = [criterion for criterion in policy.criteria if criterion.days]
    stuck = [c for c in policy.criteria if not c.days and truths[c.id] in (Truth.NOT_MET, Truth.UNKNOWN)]
    if stuck:
        return None
    return earliest(
        policy, record, lambda later: outcome_of({c.id: criterion_truth(c, later) for c in timed}) is Outcome.MEETS
    )


def _notes(policy: Policy, record: RecordAsOf) -> tuple[str, ...]:
    """What to know of the dates of a policy and of the record on this day."""
    notes = []
    if policy.valid_from and record.today < policy.valid_from:
        notes.append(f"The policy is valid from {policy.valid_from.isoformat()}: the day asked lies before it.")
    if policy.valid_to and record.today > policy.valid_to:
        notes.append(f"The policy was valid to {policy.valid_to.isoformat()}: the day asked lies after it.")
    if record.today > policy.next_review:
        notes.append(f"The policy was to be reviewed by {policy.next_review.isoformat()}: look for a newer text.")
    if policy.status is Status.SUPERSEDED:
        notes.append("The policy is superseded.")
    if record.later:
        notes.append(f"Dated after {record.today.isoformat()} and not looked at: {', '.join(record.later)}.")
    return tuple(notes)
