"""What the counts of truth patterns say: the flow, the outcomes, the near misses, the differences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from facetwise.language.definition import Definition
from facetwise.language.truth import Truth, all_of

OUTCOMES = {Truth.MET: "counted", Truth.NOT_MET: "not-counted", Truth.UNKNOWN: "unknown"}


@dataclass(frozen=True)
class Pattern:
    """So many spells with these truths of a definition's criteria, in order."""

    truths: tuple[Truth, ...]
    is_candidate: bool
    spells: int

    @property
    def outcome(self) -> Truth:
        return all_of(self.truths)


@dataclass(frozen=True)
class Step:
    """One step of the flow, over the spells still in after the criteria above it; remaining = met."""

    criterion: str
    met: int
    not_met: int
    unknown: int

    @property
    def remaining(self) -> int:
        return self.met


@dataclass(frozen=True)
class NearMiss:
    """Candidate spells that were not counted, by exactly the criteria that failed and that are unknown."""

    failed: tuple[str, ...]
    unknown: tuple[str, ...]
    spells: int


def flow(definition: Definition, patterns: Iterable[Pattern], filtered_n: int) -> tuple[Step, ...]:
    """The inclusion flowchart. filtered_n: spells in no pattern, since they do not meet the first criterion."""
    remaining = list(patterns)
    steps = []
    for number, criterion in enumerate(definition.criteria):
        spells_by: Counter[Truth] = Counter()
        for pattern in remaining:
            spells_by[pattern.truths[number]] += pattern.spells
        spells_by[Truth.NOT_MET] += filtered_n if number == 0 else 0
        steps.append(Step(criterion.id, spells_by[Truth.MET], spells_by[Truth.NOT_MET], spells_by[Truth.UNKNOWN]))
        remaining = [pattern for pattern in remaining if pattern.truths[number] is Truth.MET]
    return tuple(steps)


def outcomes(patterns: Iterable[Pattern], filtered_n: int) -> dict[Truth, int]:
    """Spells by outcome; those filtered out are not counted."""
    spells_by = Counter({Truth.NOT_MET: filtered_n})
    for pattern in patterns:
        spells_by[pattern.outcome] += pattern.spells
    return {truth: spells_by[truth] for truth in Truth}


def near_misses(definition: Definition, patterns: Iterable[Pattern]) -> tuple[NearMiss, ...]:
    """The candidates that were not counted, most spells first."""
    ids = [criterion.id for criterion in definition.criteria]
    spells_by: Counter[tuple[tuple[str, ...], tuple[str, ...]]] = Counter()
    for pattern in patterns:
        if pattern.is_candidate and pattern.outcome is not Truth.MET:
            spells_by[_named(ids, pattern, Truth.NOT_MET), _named(ids, pattern, Truth.UNKNOWN)] += pattern.spells
    ordered = sorted(spells_by.items(), key=lambda item: (-item[1], item[0]))
    return tuple(NearMiss(failed, unknown, spells) for (failed, unknown), spells in ordered)


def _named(ids: list[str], pattern: Pattern, truth: Truth) -> tuple[str, ...]:
    return tuple(name for name, recorded in zip(ids, pattern.truths, strict=True) if recorded is truth)
