"""What a reader has to know of the shares that meet a criterion, in words."""

from __future__ import annotations

from collections.abc import Sequence

from facetwise.audit.criterion_summary import BothWays, Criterion

_IN_WORDS = {"met": "met", "not-met": "not met"}


def caveats(criteria: Sequence[tuple[str, Criterion]], with_numbers: bool = True) -> tuple[str, ...]:
    """A sentence where activity can answer one way only, and one where the first days of the data can.

    criteria: each with the id of its policy. with_numbers: also the share on the days on which both answers are possible;
    those days are too few to be told where small numbers are protected.
    """
    several = len({policy for policy, _ in criteria}) > 1

    def name(policy: str, criterion: Criterion) -> str:
        return f"{criterion.id} of {policy}" if several else criterion.id

    told = []
    for truth, words in _IN_WORDS.items():
        if names := [name(p, c) for p, c in criteria if c.is_one_way and truth in c.can_be]:
            told.append(
                f"Activity can only ever show of {_listed(names)} that it is {words}: the share that meets is no finding."
            )
    tilted = [(name(p, c), c, c.tilted) for p, c in criteria]
    parts = [_tilted(named, c, both, with_numbers) for named, c, both in tilted if both]
    if parts:
        told.append(
            "The first months of the data can break an interval or a cap, and cannot show that it was kept, which tilts the share "
            f"that meets: {'; '.join(parts)}."
        )
    return tuple(told)


def _listed(names: Sequence[str]) -> str:
    return " and of ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _tilted(name: str, of: Criterion, both: BothWays, with_numbers: bool) -> str:
    if not with_numbers:
        return f"{name} before {both.day}"
    then, ever = _share(both.met, both.met + both.not_met), _share(of.met, of.met + of.not_met)
    return f"{name} from {both.day} on is met by {then}, of all days by {ever}"


def _share(met: int, judged: int) -> str:
    return f"{met:,} of {judged:,}" + (f" ({100 * met / judged:.1f} %)" if judged else "")
