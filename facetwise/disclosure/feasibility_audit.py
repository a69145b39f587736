"""What a reader who solves all sums together can work out, which narrowing them one at a time can miss.

A number is safe when the numbers could be otherwise and it with them: one other way in which everything shown holds proves
it, and proves it of every number that differs there. So a few ways, found by integer programming, settle most of them; and
a way that is found once is kept, for it holds as well wherever less is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from facetwise.disclosure.bound_propagation import Ties
from facetwise.disclosure.tables import Sum

_NODES = 500  # how far a search may go: counted in steps, not in seconds, so that the same numbers give the same answer
_TRIES = 12
_KEPT_WAYS = 400
_ROOM = 1_000
Numbers = npt.NDArray[np.int64]


class Reader:
    """Everything that ties the numbers, and the ways found so far. Bounds come as arrays in the order of `values`.

    The parts that stand in one sum alone are one unknown together: what they come to.
    """

    def __init__(self, sums: Sequence[Sum], values: Mapping[str, int], kept: Iterable[str]) -> None:
        self._ties, self._names = Ties(sums), tuple(values)
        self._index = {name: place for place, name in enumerate(values)}
        self._kept = tuple(self._index[name] for name in sorted(kept))
        self._places = np.full(len(values), -1)
        self._sizes: list[int] = []
        entries = self._entries(sums)
        for place in np.flatnonzero(self._places < 0):  # those that stand in no sum
            self._add((self._names[place],))
        rows, columns, times = (np.array(held, int) for held in zip(*entries, strict=True)) if entries else ([], [], [])
        tied = coo_array((times, (rows, columns)), shape=(len(sums), len(self._sizes)))
        self._equal = LinearConstraint(tied.tocsr(), 0, 0)
        self._tied = tied.tocsr()
        self._most = 2 * max(values.values(), default=0) + _ROOM  # no way needs larger numbers
        true = np.bincount(self._places, np.fromiter(values.values(), float, len(values)), len(self._sizes))
        self._ways = np.rint(true).astype(np.int64)[None, :]

    def _entries(self, sums: Sequence[Sum]) -> list[tuple[int, int, int]]:
        standing = Counter(name for item in sums for name in (item.total, *item.parts))
        totals, entries = {item.total for item in sums}, []
        for row, item in enumerate(sums):
            alone = {p: 1 for p, times in item.weighted if times == 1 and standing[p] == 1 and p not in totals}
            entries.append((row, self._add((item.total,)), -1))
            entries += [(row, self._add((p,)), times) for p, times in item.weighted if p not in alone]
            entries += [(row, self._add(tuple(alone)), 1)] if alone else []
        return entries

    def _add(self, names: tuple[str, ...]) -> int:
        first = self._index[names[0]]
        if self._places[first] < 0:
            self._places[[self._index[name] for name in names]] = len(self._sizes)
            self._sizes.append(len(names))
        return int(self._places[first])

    def told(
        self, low: Numbers, high: Numbers, among: Iterable[str] | None = None, is_first: bool = False
    ) -> list[str]:
        """Of the kept numbers, or some of them, those for which no other value is found, in order.

        is_first: stop at one.
        """
        asked = self._kept if among is None else tuple(self._index[name] for name in among)
        open_ = self._open(asked, low, high)
        if not open_:
            return []
        drawn = self._ties.narrowed(dict(zip(self._names, zip(low.tolist(), high.tolist(), strict=True), strict=True)))
        ends = np.array([drawn[name] for name in self._names], dtype=np.int64).reshape(-1, 2)
        low, high = ends[:, 0], ends[:, 1]
        alone = [place for place in open_ if low[place] == high[place]]
        if alone and is_first:
            return [self._names[alone[0]]]
        open_ = self._open([place for place in open_ if low[place] < high[place]], low, high)
        return [self._names[place] for place in sorted({*alone, *self._searched(open_, low, high, is_first)})]

    def _searched(self, open_: list[int], low: Numbers, high: Numbers, is_first: bool) -> list[int]:
        ends = self._ends(low, high)
        chance = np.random.default_rng(len(open_))
        for attempt in range(_TRIES):  # at those still open: all low, all high, and some of each
            if not open_:
                return []
            signs = chance.choice((-1.0, 1.0), len(open_)) if attempt > 1 else np.full(len(open_), 1.0 - 2 * attempt)
            before = len(open_)
            self._find(open_, signs, ends)
            open_ = self._open(open_, low, high)
            if attempt > 1 and len(open_) == before:
                break
        found: list[int] = []
        while open_:
            one = open_[0]
            for sign in (1.0, -1.0):
                self._find([one], np.array([sign]), ends)
            open_ = self._open(open_, low, high)
            if one in open_:
                same = [place for place in open_ if self._places[place] == self._places[one]]
                found += same
                open_ = [place for place in open_ if place not in same]
                if is_first:
                    return found
        return found

    def _ends(self, low: Numbers, high: Numbers) -> tuple[Numbers, Numbers]:
        """The least and most that each unknown can be."""
        made = [np.zeros(len(self._sizes), np.int64) for _ in range(2)]
        for into, held in zip(made, (low, high), strict=True):
            np.add.at(into, self._places, held)
        return made[0], made[1]

    def _find(self, aimed: Sequence[int], signs: npt.NDArray[np.float64], ends: tuple[Numbers, Numbers]) -> None:
        """Find one way, and keep it."""
        aim = np.zeros(len(self._sizes))
        aim[self._places[list(aimed)]] = signs
        lows, highs = ends
        found = milp(
            aim,
            constraints=self._equal,
            bounds=Bounds(lows, np.minimum(highs, np.maximum(lows, self._most))),
            integrality=np.ones(len(aim)),
            options={"node_limit": _NODES},
        )
        if found.x is None:
            return
        way = np.rint(found.x).astype(np.int64)
        if not np.any(self._tied @ way):
            self._ways = np.vstack([self._ways[:1], self._ways[1:][-_KEPT_WAYS:], way])

    def _open(self, asked: Sequence[int], low: Numbers, high: Numbers) -> list[int]:
        """Those for which no way that is kept and holds here has another value."""
        places, (lows, highs) = self._places[list(asked)], self._ends(low, high)
        ways = self._ways[np.all((self._ways >= lows) & (self._ways <= highs), axis=1)]
        least, most = ways[:, places].min(axis=0), ways[:, places].max(axis=0)
        own_low, own_high = low[list(asked)], high[list(asked)]
        # Within what several come to together, each is as free as the others leave it.
        is_one = self._sizes_of(places) == 1
        least = np.where(is_one, least, np.maximum(own_low, least - (highs[places] - own_high)))
        most = np.where(is_one, most, np.minimum(own_high, most - (lows[places] - own_low)))
        return [place for place, a, b in zip(asked, least, most, strict=True) if a >= b]

    def _sizes_of(self, places: Numbers) -> Numbers:
        return np.array(self._sizes)[places]
