"""Policies: when a denervation may be offered to one patient, criterion by criterion, cited."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cached_property

from facetwise.errors import PolicyError, nearest
from facetwise.language.citation import Cite, Source
from facetwise.language.definition import Status
from facetwise.language.events import AtLeast, Chosen, CompletedYears, HeldAgainstToday
from facetwise.language.expressions import Between, Expression, Fact, Test, facts_of
from facetwise.language.units import Grain

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


TIMED = (HeldAgainstToday, Between)


class Kind(Enum):
    """What a criterion is about, which decides the next step when it is not met."""

    SCOPE = "age, region or technique"
    CONSERVATIVE_CARE = "conservative care"
    DURATION = "the duration of pain"
    ASSESSMENT = "the facet source or the specialist's assessment"
    BAR = "something that neither a block nor time can mend"
    BLOCK = "diagnostic blocks"
    TIME = "something that time alone mends"


def _changes(part: Expression) -> bool:
    return not isinstance(part, Between) or isinstance(part.value, CompletedYears)


@dataclass(frozen=True)
class BlockRule:
    """At least n blocks that meet the conditions (kind, place, agent, date) and the response (relief, judgement).

    only: blocks of which, once one is done, a further one cannot mend what is not met.
    """

    n: int
    conditions: Chosen
    response: Test
    days_apart: int = 1
    only: Chosen | None = None

    @cached_property
    def qualifying(self) -> Chosen:
        return Chosen(self.conditions.events, self.conditions.where & self.response)

    def test(self) -> AtLeast:
        return self._test

    @cached_property
    def _test(self) -> AtLeast:
        return AtLeast(self.n, self.qualifying, self.days_apart)


@dataclass(frozen=True)
class PolicyCriterion:
    """One requirement of a policy: what it says, when it is met, when it applies at all, and where that is written.

    block: the rule on blocks that a criterion of that kind holds, so that what fell short can be told from what lacks.
    """

    id: str
    says: str
    kind: Kind
    met_when: Test
    cite: Cite
    applies_when: Test | None = None
    block: BlockRule | None = None

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise PolicyError(f"'{self.id}' is no criterion id. Use lower-case words joined by hyphens: 'pain-score'.")
        if not self.says.strip():
            raise PolicyError(f"The criterion '{self.id}' says nothing. Say it in plain words.")
        if not isinstance(self.met_when, Test):
            raise PolicyError(f"The criterion '{self.id}' has no test. met_when is a test such as age.between(...).")
        if not isinstance(self.cite, Cite):
            raise PolicyError(f"The criterion '{self.id}' cites nothing. Give it a Cite(source, place).")
        if (self.kind is Kind.BLOCK) != (self.block is not None):
            raise PolicyError(f"The criterion '{self.id}' is about blocks and holds no rule on them, or the reverse.")

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """The facts that it asks, each once."""
        return tuple(
            dict.fromkeys((*facts_of(self.met_when), *(facts_of(self.applies_when) if self.applies_when else ())))
        )

    @cached_property
    def days(self) -> tuple[Expression, ...]:
        """The parts of its tests whose truth the passing of time can change."""
        parts = (*self.met_when.walk(), *(self.applies_when.walk() if self.applies_when else ()))
        return tuple(dict.fromkeys(part for part in parts if isinstance(part, TIMED) and _changes(part)))


@dataclass(frozen=True)
class Example:
    """A test of a policy: how somebody differs from the example patient, and what the policy then says.

    changes: as `decide --what-if` takes them, such as 'pain.since=2026-09-01'. criterion, truth: of one criterion, where
    the example is about one.
    """

    says: str
    changes: tuple[str, ...]
    outcome: str
    criterion: str = ""
    truth: str = ""


@dataclass(frozen=True)
class Policy:
    """A published policy: a patient meets it when every criterion that applies is met.

    stops: the test by which a prolonged response to a block ends the need, where the policy says so.
    checker: who compared the criteria with the text. next_review: when that is to be done again.
    """

    id: str
    title: str
    version: str
    steward: str
    status: Status
    source: Source
    checker: str
    next_review: date
    criteria: tuple[PolicyCriterion, ...]
    examples: tuple[Example, ...] = ()
    notes: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    stops: Test | None = None

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise PolicyError(f"'{self.id}' is no policy id. Use lower-case words joined by hyphens: 'nice-ng59'.")
        for field in ("title", "version", "steward", "checker"):
            if not getattr(self, field).strip():
                raise PolicyError(f"The policy '{self.id}' has no {field}. Every policy names it.")
        if not self.criteria:
            raise PolicyError(f"The policy '{self.id}' has no criteria and everybody would meet it. Give it one.")
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise PolicyError(f"The policy '{self.id}' ends before it begins. Check valid_from and valid_to.")
        ids = [criterion.id for criterion in self.criteria]
        for name in ids:
            if ids.count(name) > 1:
                raise PolicyError(f"The policy '{self.id}' has two criteria '{name}'. Rename one.")
        for criterion in self.criteria:
            if any(fact.grain is not Grain.PATIENT for fact in criterion.facts):
                raise PolicyError(
                    f"'{criterion.id}' in '{self.id}' asks facts of a spell. A policy asks those of a patient."
                )

    def criterion(self, name: str) -> PolicyCriterion:
        """The criterion of that id. Errors: PolicyError, with the nearest known id."""
        for criterion in self.criteria:
            if criterion.id == name:
                return criterion
        raise PolicyError(
            f"The policy '{self.id}' has no criterion '{name}'." + nearest(name, [c.id for c in self.criteria])
        )
