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


def flow(definition: Definition, patterns: Iterable[Pattern], rest: int) -> tuple[Step, ...]:
    """The inclusion flowchart. `rest`: spells that are not met at the first criterion and stand in no pattern."""
    remaining = list(patterns)
    steps = []
    for place, criterion in enumerate(definition.criteria):
        seen: Counter[Truth] = Counter()
        for pattern in remaining:
            seen[pattern.truths[place]] += pattern.spells
        seen[Truth.NOT_MET] += rest if place == 0 else 0
        steps.append(Step(criterion.id, seen[Truth.MET], seen[Truth.NOT_MET], seen[Truth.UNKNOWN]))
        remaining = [pattern for pattern in remaining if pattern.truths[place] is Truth.MET]
    return tuple(steps)


def outcomes(patterns: Iterable[Pattern], rest: int) -> dict[Truth, int]:
    """Spells by outcome; the rest are not counted."""
    seen = Counter({Truth.NOT_MET: rest})
    for pattern in patterns:
        seen[pattern.outcome] += pattern.spells
    return {truth: seen[truth] for truth in Truth}


def near_misses(definition: Definition, patterns: Iterable[Pattern]) -> tuple[NearMiss, ...]:
    """The candidates that were not counted, most spells first."""
    ids = [criterion.id for criterion in definition.criteria]
    seen: Counter[tuple[tuple[str, ...], tuple[str, ...]]] = Counter()
    for pattern in patterns:
        if pattern.is_candidate and pattern.outcome is not Truth.MET:
            seen[_named(ids, pattern, Truth.NOT_MET), _named(ids, pattern, Truth.UNKNOWN)] += pattern.spells
    ordered = sorted(seen.items(), key=lambda item: (-item[1], item[0]))
    return tuple(NearMiss(failed, unknown, spells) for (failed, unknown), spells in ordered)


def _named(ids: list[str], pattern: Pattern, truth: Truth) -> tuple[str, ...]:
    return tuple(name for name, held in zip(ids, pattern.truths, strict=True) if held is truth)
