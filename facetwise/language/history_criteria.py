"""What of a policy rests on a patient's history: what an audit must doubt where its data may not hold all of it."""

from __future__ import annotations

from facetwise.language.events import AtLeast, AtLeastAtOneLevel, Chosen
from facetwise.language.policy import PolicyCriterion

BEYOND_ANY_CAP = 12
"""More sessions than any cap allows in a year."""


def is_of_history(criterion: PolicyCriterion) -> bool:
    """Whether a criterion asks of earlier denervations or blocks, in what it holds or in when it applies."""
    tests = (criterion.met_when, criterion.applies_when)
    chosen = (part for test in tests if test for part in test.walk() if isinstance(part, Chosen))
    return any(part.events.name in ("blocks", "denervations") for part in chosen)


def counted_in(criterion: PolicyCriterion) -> tuple[Chosen, ...]:
    """The events of which a criterion counts more than one, as a cap of sessions does."""
    parts = (part for part in criterion.met_when.walk() if isinstance(part, AtLeast | AtLeastAtOneLevel))
    return tuple(dict.fromkeys(part.chosen for part in parts if part.n > 1))
