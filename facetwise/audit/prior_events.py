"""What activity shows before each denervation, and where it cannot be seen whether there was anything.

PriorEvents is what was recorded: that no block was recorded says nothing of blocks done in outpatients or in private care.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from facetwise.audit.histories import CodedEvent, Cover, PatientHistory, UncertainEvent
from facetwise.decide.calendar import plus
from facetwise.guidance.coded import BLOCK, DENERVATION, FUSION
from facetwise.language.events import WithinLast
from facetwise.language.patient import block_date
from facetwise.language.policy import Policy
from facetwise.language.units import Unit, months

_USUAL = (6, 12)


@dataclass(frozen=True)
class PriorEvents:
    """Of how many denervations something was recorded before, was not, or cannot be seen, since the data begin later or it is in doubt."""

    what: str
    yes: int
    no: int
    cannot_see: int


def prior_events(
    courses: Sequence[PatientHistory], cover: Cover, policies: Sequence[Policy]
) -> dict[str, tuple[PriorEvents, ...]]:
    """What was recorded before each denervation, in the months that a policy speaks of and in some usual ones, by policy."""
    windows = {policy.id: sorted({*_windows(policy), *_USUAL}) for policy in policies}
    blocks = {
        n: _counted(f"block recorded in the {n} months before", courses, cover, BLOCK, n)
        for n in sorted({n for held in windows.values() for n in held})
    }
    others = (
        _counted("two blocks recorded in the 12 months before", courses, cover, BLOCK, 12, 2),
        _counted("denervation recorded in the 12 months before", courses, cover, DENERVATION, 12),
        _counted("spinal fusion recorded before", courses, cover, FUSION, None),
    )
    return {name: (*(blocks[n] for n in held), *others) for name, held in windows.items()}


def _windows(policy: Policy) -> tuple[int, ...]:
    parts = (part for criterion in policy.criteria for part in criterion.met_when.walk())
    spans = (part.span for part in parts if isinstance(part, WithinLast) and part.day == block_date)
    return tuple(span.value for span in spans if span.unit is Unit.MONTHS)


_HELD: Mapping[str, Callable[[PatientHistory], tuple[CodedEvent, ...]]] = MappingProxyType(
    {BLOCK: lambda c: c.blocks, DENERVATION: lambda c: c.denervations, FUSION: lambda c: c.fusions}
)


def _counted(
    what: str,
    courses: Sequence[PatientHistory],
    cover: Cover,
    kind: str,
    window: int | None,
    n: int = 1,
) -> PriorEvents:
    """window: in months; None looks back without end, so that nothing recorded is never seen to be nothing."""
    yes = no = 0
    total = 0
    for course in courses:
        held = _HELD[kind](course)
        for done in course.denervations:
            total += 1
            days = {one.day for one in held if one.day < done.day and _reaches(one.day, done.day, window)}
            perhaps = sum(1 for one in course.uncertain if one.kind == kind and _may_be(one, done.day, window))
            yes += len(days) >= n
            no += len(days) + perhaps < n and _is_covered(done.day, cover, window)
    return PriorEvents(what, yes, no, total - yes - no)


def _reaches(day: date, to: date, window: int | None) -> bool:
    """Whether a day lies within so many months before another: its date plus n months is on or after it."""
    return window is None or plus(day, months(window)) >= to


def _may_be(one: UncertainEvent, day: date, window: int | None) -> bool:
    return one.may_precede(day) and (one.day is None or _reaches(one.day, day, window))


def _is_covered(day: date, cover: Cover, window: int | None) -> bool:
    before = timedelta(days=1)
    return (
        window is not None
        and cover.first <= day
        and not _reaches(cover.first - before, day, window)
        and day - before <= cover.last
    )
