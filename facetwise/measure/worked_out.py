"""Whether a number can be worked out from all sums taken together, which narrowing them one at a time can miss.

A number is safe when the numbers could be otherwise and it with them: one other way in which everything shown holds proves
it, and proves it of every number that differs there. So a few ways, found by integer programming, settle most of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from facetwise.measure.narrowing import UNBOUNDED
from facetwise.measure.tabled import Sum

_NODES = (
    10_000  # how far a search may go: counted in steps, not in seconds, so that the same numbers give the same answer
)
_TRIES = 12


def worked_out(
    sums: Sequence[Sum], bounds: Mapping[str, tuple[int, int]], values: Mapping[str, int], kept: Iterable[str]
) -> list[str]:
    """Of some numbers, those for which no other value is found, in order.

    bounds: what each can be, drawn in already. values: what they are.
    """
    ways = _Ways(sums, bounds, values)
    open_ = sorted(name for name in kept if not ways.can_differ(name))
    chance = np.random.default_rng(len(open_))
    for attempt in range(_TRIES):  # at those still open: all low, all high, and some of each
        if not open_:
            return []
        signs = chance.choice((-1.0, 1.0), len(open_)) if attempt > 1 else np.full(len(open_), 1.0 - 2 * attempt)
        ways.find(ways.aim(dict(zip(open_, signs, strict=True))))
        open_ = [name for name in open_ if not ways.can_differ(name)]
    asked: set[int] = set()
    for name in open_:
        place = ways.place(name)
        for sign in (1, -1) if place not in asked else ():
            if not ways.can_differ(name):
                ways.find(ways.aim({name: sign}))
        asked.add(place)
    return [name for name in open_ if not ways.can_differ(name)]


class _Ways:
    """Ways in which everything shown holds. The parts that stand in one sum alone are one unknown together: their sum."""

    def __init__(self, sums: Sequence[Sum], bounds: Mapping[str, tuple[int, int]], values: Mapping[str, int]) -> None:
        self._bounds, self._values = bounds, values
        standing = Counter(name for item in sums for name in (item.total, *item.parts))
        totals = {item.total for item in sums}
        self._unknowns: list[tuple[str, ...]] = []
        self._place: dict[str, int] = {}
        entries: list[tuple[int, int, int]] = []
        for row, item in enumerate(sums):
            is_alone = [standing[part] == 1 and part not in totals for part in item.parts]
            alone = tuple(part for part, one in zip(item.parts, is_alone, strict=True) if one)
            together: list[tuple[str, ...]] = [
                (part,) for part, one in zip(item.parts, is_alone, strict=True) if not one
            ]
            together += [alone] if alone else []
            entries.append((row, self._add((item.total,)), -1))
            entries += [(row, self._add(names), 1) for names in together]
        self._ends = [tuple(sum(bounds[n][end] for n in names) for end in (0, 1)) for names in self._unknowns]
        low, high = (np.array([ends[end] for ends in self._ends], float) for end in (0, 1))
        high[high >= UNBOUNDED] = np.inf
        self._box = Bounds(low, high)
        rows, columns, signs = (np.array(held) for held in zip(*entries, strict=True)) if entries else ([], [], [])
        ties = coo_array((signs, (rows, columns)), shape=(len(sums), len(self._unknowns)))
        self._ties = LinearConstraint(ties.tocsr(), 0, 0)
        self._least = np.array([sum(values[n] for n in names) for names in self._unknowns])
        self._most = self._least.copy()

    def _add(self, names: tuple[str, ...]) -> int:
        if names[0] not in self._place:
            self._unknowns.append(names)
            self._place.update(dict.fromkeys(names, len(self._unknowns) - 1))
        return self._place[names[0]]

    def aim(self, weights: Mapping[str, float]) -> npt.NDArray[np.float64]:
        """What to make small: the numbers by their weights."""
        made = np.zeros(len(self._unknowns))
        for name, weight in weights.items():
            if name in self._place:
                made[self._place[name]] = weight
        return made

    def place(self, name: str) -> int:
        """Which unknown a number is, or is part of; -1 where it stands in no sum."""
        return self._place.get(name, -1)

    def find(self, aim: npt.NDArray[np.float64]) -> None:
        """Find one way, and note how low and how high each unknown is seen."""
        if not len(aim):
            return
        found = milp(
            aim, constraints=self._ties, bounds=self._box, integrality=np.ones(len(aim)), options={"node_limit": _NODES}
        )
        if found.x is not None:
            seen = np.rint(found.x).astype(np.int64)
            self._least, self._most = np.minimum(self._least, seen), np.maximum(self._most, seen)

    def can_differ(self, name: str) -> bool:
        """Whether a way was seen in which the number is another."""
        low, high = self._bounds[name]
        if name not in self._place:
            return low < high
        place = self._place[name]
        least, most = int(self._least[place]), int(self._most[place])
        if len(self._unknowns[place]) > 1:  # within what they come to together, each is as free as the others leave it
            lows, highs = self._ends[place]
            least, most = max(low, least - (highs - high)), min(high, most - (lows - low))
        return least < most
