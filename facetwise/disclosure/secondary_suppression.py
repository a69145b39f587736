"""Secondary suppression: what stays hidden beside the small counts, so that none of these is recoverable.

At first nothing is released. Then, in the order of `ReleasePriority`, and of each table: that it has the rows it has; of each
column, that its zeros are zeros and its other stars 1 to the rule's most; and its numbers, the largest first. A release by
which an attacker would recover a small count is refused. A column of which the zeros are refused shows them as stars; a table
whose rows are refused is withheld, which is said in its stead. So the finest numbers go first, and the headline last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from facetwise.disclosure.bound_propagation import UNBOUNDED
from facetwise.disclosure.tables import Column, LinkedTables, ReleasePriority, Role, SumConstraint, Table

Numbers = npt.NDArray[np.int64]
Bounds = tuple[int, int]


@dataclass(frozen=True)
class SuppressionPattern:
    """What stays hidden: numbers by name, and the ids of tables of which no row is shown."""

    hidden: frozenset[str]
    withheld: frozenset[str]


@dataclass(frozen=True, eq=False)
class _Release:
    """One thing that may be shown. cells: the numbers that it shows; bounds: what it lets a reader know, as cell, least, most.

    is_rows: the rows of a table, without which nothing else of it is shown. is_required: it is shown in any case.
    """

    table: str
    cells: tuple[str, ...]
    bounds: tuple[tuple[int, int, int], ...]
    is_rows: bool = False
    is_required: bool = False


class SuppressionPlanner:
    """Chooses the suppressions of linked tables. exact: numbers that are shown unrounded, since they are the nation's."""

    def __init__(
        self, linked: LinkedTables, exact: frozenset[str], hides: int, bounds_of_shown: Callable[[int], Bounds]
    ) -> None:
        self._linked, self._exact, self._hides, self._bounds_of_shown = linked, exact, hides, bounds_of_shown
        self._shown = linked.shown()
        self._tables = sorted(linked.tables, key=lambda table: table.priority)
        values = linked.values()
        self._small = [name for name in self._unsafe_of_nation(values) if 1 <= values[name] <= hides]
        self._remainders: dict[str, list[str]] = {}
        self._sums = self._with_remainders(linked.sums)
        self._values = values | {name: 0 for names in self._remainders.values() for name in names}
        self._index = {name: number for number, name in enumerate(self._values)}

    def _unsafe_of_nation(self, values: Mapping[str, int]) -> Iterator[str]:
        """The numbers but those of the nation, and what is left over between such numbers: they are public."""
        beside: dict[str, set[str]] = {}
        for item in self._linked.sums if self._exact else ():
            names = {item.total, *item.parts} & set(self._shown)
            for name in {item.total, *item.parts} - names:
                beside.setdefault(name, set()).update(names)
        for name in values:
            if name in self._shown:
                is_public = name in self._exact
            else:
                is_public = bool(self._exact) and beside.get(name, set()) <= self._exact
            if not is_public:
                yield name

    def _with_remainders(self, sums: Iterable[SumConstraint]) -> tuple[SumConstraint, ...]:
        """The sums, each with a remainder for every table that lists its parts.

        Rows stand there only where there is something to count, so without them no reader knows that the parts are all.
        """
        listed_by: dict[str, str] = {}
        for table in filter(_can_be_withheld, self._tables):
            if any(column.row_implies_positive for column in _count_columns(table)):
                for name in (name for column in _count_columns(table) for name in _cells(column)):
                    listed_by.setdefault(name, table.id)
        made = []
        for number, item in enumerate(sums):
            listing = dict.fromkeys(listed_by[part] for part in item.parts if part in listed_by)
            remainders = tuple(f"remainder of sum {number} without the rows of {table}" for table in listing)
            for by, name in zip(listing, remainders, strict=True):
                self._remainders.setdefault(by, []).append(name)
            times = (*(times for _, times in item.weighted), *(1 for _ in remainders))
            made.append(SumConstraint(item.total, item.parts + remainders, times))
        return tuple(made)

    def pattern(self) -> SuppressionPattern:
        """The suppressions."""
        releases = list(self._releases())
        refused = self._refused(releases)
        released = {name for release in releases if release not in refused for name in release.cells}
        withheld = frozenset(release.table for release in refused if release.is_rows)
        return SuppressionPattern(frozenset(self._shown) - released, withheld)

    def _refused(self, releases: list[_Release]) -> set[_Release]:
        refused: set[_Release] = set()
        if not self._small:
            return refused
        # Loaded when it is needed: SciPy takes longer to load than most commands take in all.
        attacker = import_module("facetwise.disclosure.feasibility_audit").Attacker(self._sums, self._values)
        low, high = np.zeros(len(self._values), np.int64), np.full(len(self._values), UNBOUNDED)
        # What is not recoverable with everything released never is: the others alone are audited from here on.
        at_risk = attacker.recoverable_cells(self._small, *_tightened(low, high, releases))
        low, high = _tightened(low, high, [release for release in releases if release.is_required])
        while at_risk and releases:
            safe = self._largest_safe_prefix(attacker, at_risk, low, high, releases)
            if safe == len(releases):
                break
            low, high = _tightened(low, high, releases[:safe])
            unsafe = releases[safe]
            refused.add(unsafe)
            if unsafe.is_rows:
                refused.update(release for release in releases[safe:] if release.table == unsafe.table)
            releases = [release for release in releases[safe + 1 :] if release not in refused]
        return refused

    def _largest_safe_prefix(
        self, attacker: Any, at_risk: list[str], low: Numbers, high: Numbers, releases: list[_Release]
    ) -> int:
        """How many releases from the first can be made together."""

        def is_safe(count: int) -> bool:
            found = attacker.recoverable_cells(at_risk, *_tightened(low, high, releases[:count]), is_first=True)
            for name in found:  # the next audit begins with it
                at_risk.remove(name)
                at_risk.insert(0, name)
            return not found

        if is_safe(len(releases)):
            return len(releases)
        safe, unsafe = 0, len(releases)
        while unsafe - safe > 1:
            middle = (safe + unsafe) // 2
            safe, unsafe = (middle, unsafe) if is_safe(middle) else (safe, middle)
        return safe

    def _releases(self) -> Iterator[_Release]:
        """Everything that can be shown, the most important first. A number of several columns is of the first."""
        released: set[str] = set()
        in_text, last = self._linked.text_numbers, self._linked.lowest_priority
        yield from self._of_numbers("", (name for name in in_text if name not in last), released)
        for table in self._tables:
            yield from self._of_rows(table)
            for column in _count_columns(table):
                yield from self._of_numbers(table.id, _cells(column), released)
        yield from self._of_numbers("", in_text, released)

    def _of_rows(self, table: Table) -> Iterator[_Release]:
        positive = [name for name, by in self._linked.known_positive if by == table.id]
        for column in _count_columns(table):
            names = _cells(column)
            # Without a zero to hide, every star of a column is 1 or more.
            if column.row_implies_positive or all(self._values[name] for name in names):
                positive += names
        bounds = tuple((self._index[name], 1, UNBOUNDED) for name in dict.fromkeys(positive))
        bounds += tuple((self._index[name], 0, 0) for name in self._remainders.get(table.id, ()))
        if bounds:
            yield _Release(table.id, (), bounds, is_rows=True, is_required=not _can_be_withheld(table))

    def _of_numbers(self, table: str, names: Iterable[str], released: set[str]) -> Iterator[_Release]:
        """That zeros are zeros and small ones small, and then each of the others."""
        own = [name for name in names if name not in released]
        released.update(own)
        if not own:
            return
        zeros = tuple(name for name in own if not self._values[name])
        yield _Release(table, zeros, tuple((self._index[name], *self._bounds_if_hidden(name)) for name in own))
        for name in sorted(own, key=lambda one: (-self._values[one], one)):
            value, is_exact = self._values[name], name in self._exact
            if value > self._hides or (value and is_exact):
                bounds = (value, value) if is_exact else self._bounds_of_shown(value)
                yield _Release(table, (name,), ((self._index[name], *bounds),))

    def _bounds_if_hidden(self, name: str) -> Bounds:
        value = self._values[name]
        if not value:
            return 0, 0
        return (1, self._hides) if value <= self._hides and name not in self._exact else (1, UNBOUNDED)


def _can_be_withheld(table: Table) -> bool:
    """A fine table, or one whose rows stand there only where there is something to count."""
    return table.priority >= ReleasePriority.PLACES or any(column.row_implies_positive for column in table.columns)


def _count_columns(table: Table) -> list[Column]:
    return [column for column in table.columns if column.role is Role.COUNT]


def _cells(column: Column) -> list[str]:
    return list(dict.fromkeys(n for n, v in zip(column.cell_ids, column.values, strict=True) if v is not None))


def _tightened(low: Numbers, high: Numbers, releases: Iterable[_Release]) -> tuple[Numbers, Numbers]:
    """The bounds with what releases let a reader know."""
    known = [bound for release in releases for bound in release.bounds]
    low, high = low.copy(), high.copy()
    if known:
        cells, lows, highs = np.array(known, np.int64).T
        np.maximum.at(low, cells, lows)
        np.minimum.at(high, cells, highs)
    return low, high
