"""Audit of a suppression pattern: which small counts an attacker recovers by solving all sum constraints together.

The feasibility intervals of the literature on statistical disclosure control (Hundepool and others, Statistical Disclosure
Control, Wiley 2012, on auditing), cut short: a cell is safe as soon as two feasible tables differ in it. So a few tables,
found by integer programming, prove most cells safe, and a table once found proves the same wherever less is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from facetwise.disclosure.bound_propagation import Equation, propagate
from facetwise.disclosure.tables import SumConstraint

NODE_LIMIT = 500  # in steps, not in seconds, so that the same numbers give the same answer
RANDOM_OBJECTIVES = 10
MAX_CACHED = 400
BOUND_SLACK = 1_000
Numbers = npt.NDArray[np.int64]


class Attacker:
    """A reader who knows the rule and every sum. Bounds come as arrays in the order of `values`.

    Cells that stand in one sum alone, and once, are one unknown: their total. Each of them is as free as the total and the
    others leave it, so that a sum of thousands of cells costs no more than one of ten.
    """

    def __init__(self, sums: Sequence[SumConstraint], values: Mapping[str, int]) -> None:
        self._index = {name: number for number, name in enumerate(values)}
        self.unknown_of = np.full(len(values), -1)
        self.unknowns_n = 0
        sums_of = Counter(name for item in sums for name in (item.total, *item.parts))
        totals = {item.total for item in sums}
        self.equations = [self._equation(item, sums_of, totals) for item in sums]
        for cell in np.flatnonzero(self.unknown_of < 0):  # in no sum
            self._unknown([int(cell)])
        entries = [
            (row, unknown, times)
            for row, item in enumerate(self.equations)
            for unknown, times in ((item.total, -1), *item.parts)
        ]
        rows, columns, times = np.array(entries, int).reshape(-1, 3).T
        self.matrix = coo_array((times, (rows, columns)), shape=(len(sums), self.unknowns_n)).tocsr()
        true = np.fromiter(values.values(), np.int64, len(values))
        self.most = 2 * int(true.max(initial=0)) + BOUND_SLACK  # no other feasible table needs larger numbers
        self.feasible_tables = self.totals(true)[None, :]

    def _equation(self, item: SumConstraint, sums_of: Mapping[str, int], totals: set[str]) -> Equation:
        lone, parts = [], []
        for part, times in item.weighted:
            if times == 1 and sums_of[part] == 1 and part not in totals:
                lone.append(self._index[part])
            else:
                parts.append((self._unknown([self._index[part]]), times))
        together = [(self._unknown(lone), 1)] if lone else []
        return Equation(self._unknown([self._index[item.total]]), (*parts, *together))

    def _unknown(self, cells: list[int]) -> int:
        if self.unknown_of[cells[0]] < 0:
            self.unknown_of[cells] = self.unknowns_n
            self.unknowns_n += 1
        return int(self.unknown_of[cells[0]])

    def totals(self, of_cells: Numbers) -> Numbers:
        totals = np.zeros(self.unknowns_n, np.int64)
        np.add.at(totals, self.unknown_of, of_cells)
        return totals

    def recoverable_cells(self, names: Iterable[str], low: Numbers, high: Numbers, is_first: bool = False) -> list[str]:
        """Those of some cells for which no second value was found. is_first: one of them is enough."""
        audit = _Audit(self, low, high)
        by_index = {self._index[name]: name for name in names}
        open_cells = audit.unproven(list(by_index))
        if not open_cells:
            return []
        fixed = audit.propagated(open_cells)
        if not (fixed and is_first):
            found = set(fixed)
            fixed += audit.searched([cell for cell in open_cells if cell not in found], is_first)
        return [by_index[cell] for cell in sorted(fixed)]


class _Audit:
    """One look of an attacker at what is shown, as bounds of each cell."""

    def __init__(self, attacker: Attacker, low: Numbers, high: Numbers) -> None:
        self._attacker, self._low, self._high = attacker, low, high
        self._lows, self._highs = attacker.totals(low), attacker.totals(high)
        self._ends = self._lows, self._highs

    def unproven(self, cells: list[int]) -> list[int]:
        """The cells in which all feasible tables found so far agree."""
        tables = self._attacker.feasible_tables
        tables = tables[np.all((tables >= self._lows) & (tables <= self._highs), axis=1)]
        return self._of_one_value(cells, tables.min(axis=0), tables.max(axis=0))

    def propagated(self, cells: list[int]) -> list[int]:
        """The cells that bound propagation fixes."""
        lows, highs = self._lows.tolist(), self._highs.tolist()
        propagate(self._attacker.equations, lows, highs)
        self._ends = np.array(lows, np.int64), np.array(highs, np.int64)
        return self._of_one_value(cells, *self._ends)

    def _of_one_value(self, cells: list[int], lows: Numbers, highs: Numbers) -> list[int]:
        """The cells that have one value where the unknowns lie between these ends."""
        unknowns = self._attacker.unknown_of[cells]
        low, high = self._low[cells], self._high[cells]
        least = np.maximum(low, lows[unknowns] - (self._highs[unknowns] - high))
        most = np.minimum(high, highs[unknowns] - (self._lows[unknowns] - low))
        return [cell for cell, is_one in zip(cells, least >= most, strict=True) if is_one]

    def searched(self, cells: list[int], is_first: bool) -> list[int]:
        """The cells for which integer programming finds no second value."""
        chance = np.random.default_rng(len(cells))
        for attempt in range(RANDOM_OBJECTIVES + 2):  # all low, all high, and some of each
            if not cells:
                return []
            signs = chance.choice((-1, 1), len(cells)) if attempt > 1 else np.full(len(cells), 1 - 2 * attempt)
            before = len(cells)
            self._solve_milp(cells, signs)
            cells = self.unproven(cells)
            if attempt > 1 and len(cells) == before:
                break
        found: list[int] = []
        while cells and not (found and is_first):
            unknown = self._attacker.unknown_of[cells[0]]
            for sign in (1, -1):
                self._solve_milp([cells[0]], np.array([sign]))
            cells = self.unproven(cells)
            # What the extremes of an unknown do not prove safe of its cells, nothing can.
            found += [cell for cell in cells if self._attacker.unknown_of[cell] == unknown]
            cells = [cell for cell in cells if self._attacker.unknown_of[cell] != unknown]
        return found

    def _solve_milp(self, cells: list[int], signs: Numbers) -> None:
        """Find one feasible table, and cache it."""
        attacker, (lows, highs) = self._attacker, self._ends
        objective = np.zeros(attacker.unknowns_n)
        objective[attacker.unknown_of[cells]] = signs
        found = milp(
            objective,
            constraints=LinearConstraint(attacker.matrix, 0, 0),
            bounds=Bounds(lows, np.minimum(highs, np.maximum(lows, attacker.most))),
            integrality=np.ones(len(objective)),
            options={"node_limit": NODE_LIMIT},
        )
        table = None if found.x is None else np.rint(found.x).astype(np.int64)
        if table is not None and not np.any(attacker.matrix @ table):
            tables = attacker.feasible_tables
            attacker.feasible_tables = np.vstack([tables[:1], tables[1:][-MAX_CACHED:], table])
