"""What an audit finds of one criterion, and how far its share says anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class BothWays:
    """Of the denervations on days on which a criterion can come out both ways: the first of these days, met, not met.

    is_judged_before: whether any is judged on an earlier day.
    """

    day: date
    met: int
    not_met: int
    is_judged_before: bool

    @property
    def met_share(self) -> float | None:
        return _share(self.met, self.met + self.not_met)


@dataclass(frozen=True)
class CriterionSummary:
    """Of how many denervations one criterion is met, is not met, is unknown, does not apply.

    can_be: the truths met and not-met that activity can show at all. both_from: None where it does not look back in time
    for denervations, or cannot be both.
    """

    id: str
    says: str
    met: int
    not_met: int
    unknown: int
    not_applicable: int
    can_be: tuple[str, ...] = ("met", "not-met")
    both_from: BothWays | None = None

    @property
    def judged_share(self) -> float | None:
        """Of the denervations that it applies to or may apply to, the share that can be judged."""
        return _share(self.met + self.not_met, self.met + self.not_met + self.unknown)

    @property
    def met_share(self) -> float | None:
        """Of those that can be judged, the share that meets it."""
        return _share(self.met, self.met + self.not_met)

    @property
    def is_one_sided(self) -> bool:
        """Whether some are judged, and none can be judged otherwise: the share that meets is no finding."""
        return self.met + self.not_met > 0 and len(self.can_be) < 2

    @property
    def biased_early(self) -> BothWays | None:
        """What is left of those judged without the days on which they can only be judged one way, where it is another share."""
        both = self.both_from
        return both if both and both.is_judged_before and both.met_share != self.met_share else None

    def to_json(self) -> dict[str, Any]:
        both = self.both_from
        from_then = {"day": both.day.isoformat(), "met": both.met, "not_met": both.not_met} if both else None
        return {
            "criterion": self.id,
            "met": self.met,
            "not_met": self.not_met,
            "unknown": self.unknown,
            "not_applicable": self.not_applicable,
            "judged_share": self.judged_share,
            "met_share": self.met_share,
            "can_be": list(self.can_be),
            "both_from": from_then and {**from_then, "met_share": both and both.met_share},
        }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


_IN_WORDS = {"met": "met", "not-met": "not met"}


def caveats(criteria: Sequence[tuple[str, CriterionSummary]], with_numbers: bool = True) -> tuple[str, ...]:
    """A sentence where activity can answer one way only, and one where the first days of the data can.

    criteria: each with the id of its policy. with_numbers: also the share on the days on which both answers are possible;
    those days are too few to be told where small numbers are protected.
    """
    several = len({policy for policy, _ in criteria}) > 1

    def name(policy: str, criterion: CriterionSummary) -> str:
        return f"{criterion.id} of {policy}" if several else criterion.id

    told = []
    for truth, words in _IN_WORDS.items():
        if names := [name(p, c) for p, c in criteria if c.is_one_sided and truth in c.can_be]:
            told.append(
                f"Activity can only ever show of {_listed(names)} that it is {words}: the share that meets is no finding."
            )
    tilted = [(name(p, c), c, c.biased_early) for p, c in criteria]
    parts = [_tilted(named, c, both, with_numbers) for named, c, both in tilted if both]
    if parts:
        told.append(
            "The first months of the data can break an interval or a cap, and cannot show that it was kept, which tilts the share "
            f"that meets: {'; '.join(parts)}."
        )
    return tuple(told)


def _listed(names: Sequence[str]) -> str:
    return " and of ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _tilted(name: str, of: CriterionSummary, both: BothWays, with_numbers: bool) -> str:
    if not with_numbers:
        return f"{name} before {both.day}"
    then, ever = _share_text(both.met, both.met + both.not_met), _share_text(of.met, of.met + of.not_met)
    return f"{name} from {both.day} on is met by {then}, of all days by {ever}"


def _share_text(met: int, judged: int) -> str:
    return f"{met:,} of {judged:,}" + (f" ({100 * met / judged:.1f} %)" if judged else "")
