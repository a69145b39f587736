"""When a repeat becomes possible: what every policy says of it, from its own decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from facetwise.decide.decision import Decision, Missing, Outcome, decide_as_of
from facetwise.decide.earliest_date import turning_days
from facetwise.decide.record_as_of import RecordAsOf, record_as_of
from facetwise.language.policy import Policy
from facetwise.language.truth import Truth
from facetwise.record.parse import record_of

INTERVAL = "repeat-interval"
_OFFERED = {"offer-denervation", "repeat-denervation"}


class RepeatWhen(Enum):
    """When a policy is met, as things stand."""

    NOW = "met now"
    FIRST = "met, but something comes first"
    FROM = "met from a day on, if nothing else changes"
    CANNOT_TELL = "cannot tell: something is missing"
    NOT_BY_TIME = "not by waiting alone"


@dataclass(frozen=True)
class Repeat:
    """What one policy says of a repeat. possible_on: the first day, where time alone decides. binds: the policy governs.

    over: the policy's own decision for the day on which its interval is over, where waiting alone does not meet it.
    """

    decision: Decision
    when: RepeatWhen
    possible_on: date | None
    binds: bool
    over: Decision | None = None

    @property
    def policy(self) -> Policy:
        return self.decision.policy

    @property
    def stands_against(self) -> tuple[str, ...]:
        """The criteria that are not met, in the policy's words."""
        return _not_met(self.decision)

    @property
    def against_then(self) -> tuple[str, ...]:
        """The criteria that are not met on the day on which the interval is over, if nothing else changes."""
        return _not_met(self.over) if self.over else ()

    @property
    def asked_then(self) -> tuple[str, ...]:
        """What is to be asked for that day: it is not known today, or will be too old by then."""
        return tuple(missing.ask for missing in self.over.missing if missing.criteria) if self.over else ()

    @property
    def missing(self) -> tuple[Missing, ...]:
        return self.decision.missing


def repeats(document: Mapping[str, Any], policies: Sequence[Policy], governing: str, today: date) -> tuple[Repeat, ...]:
    """What each policy says about a repeat today, the governing one first. governing: its id."""
    record = record_of(document, "the record")
    as_of = record_as_of(record, today)
    made = [_repeat(decide_as_of(as_of, policy, record.id or ""), as_of, governing) for policy in policies]
    return tuple(sorted(made, key=lambda one: not one.binds))


def _not_met(decision: Decision) -> tuple[str, ...]:
    return tuple(found.criterion.says for found in decision.findings if found.says == "not-met")


def _repeat(decision: Decision, as_of: RecordAsOf, governing: str) -> Repeat:
    binds = decision.policy.id == governing
    if decision.outcome is Outcome.MEETS:
        when = RepeatWhen.NOW if decision.next_step.id in _OFFERED else RepeatWhen.FIRST
        return Repeat(decision, when, decision.as_of, binds)
    if decision.earliest is not None:
        return Repeat(decision, RepeatWhen.FROM, decision.earliest, binds)
    when = RepeatWhen.CANNOT_TELL if decision.outcome is Outcome.CANNOT_TELL else RepeatWhen.NOT_BY_TIME
    return Repeat(decision, when, None, binds, _interval_over(decision, as_of))


def _interval_over(decision: Decision, as_of: RecordAsOf) -> Decision | None:
    """What is decided on the first later day on which the interval since the last one is met; None if it is none."""
    if not _is(decision, Truth.NOT_MET):
        return None
    days = sorted(day for day in turning_days(decision.policy, as_of) if day > decision.as_of)
    later = (decide_as_of(as_of.on(day), decision.policy, decision.record) for day in days)
    return next((then for then in later if _is(then, Truth.MET)), None)


def _is(decision: Decision, truth: Truth) -> bool:
    return any(found.criterion.id == INTERVAL and found.truth is truth for found in decision.findings)
