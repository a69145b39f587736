"""Which numbers are let out: the most important first, and none by which a small one could be worked out.

Nothing is let out to begin with. Then, in the order of `Rank`, and in each table: that its rows stand there; of each column,
that its noughts are noughts and its stars otherwise 1 to the rule's most; and its numbers, the largest first. What would let
a reader narrow a number from 1 to 7 to one value is left out. A column of which that is left out shows its noughts as stars,
and a table whose rows are left out is not shown, which is said in its place. So what must go is the finest, a whole table of
it where that is what tells, and the headline last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from facetwise.disclosure.bound_propagation import UNBOUNDED, Bounds, Ties
from facetwise.disclosure.tables import Column, Rank, Role, Sheet, Sum, Table

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class LetOut:
    """What stays hidden: numbers by name, and tables by id of which no row is shown."""

    hidden: frozenset[str]
    withheld: frozenset[str]


@dataclass(frozen=True, eq=False)
class _Step:
    """One thing to let out: the rows of a table, or something of it.

    must: it is let out whatever it tells. knows: the place, least and most of numbers.
    """

    table: str
    is_table: bool
    must: bool
    shows: tuple[str, ...]
    knows: tuple[tuple[int, int, int], ...]


class Releasing:
    """Lets numbers out until the next would give a small one away."""

    def __init__(
        self,
        sheet: Sheet,
        values: Mapping[str, int],
        shown: Mapping[str, int],
        exact: frozenset[str],
        hides: int,
        told: Callable[[int], Bounds],
    ) -> None:
        self._sheet, self._shown, self._exact = sheet, shown, exact
        self._hides, self._told = hides, told
        self._tables = sorted(sheet.tables, key=lambda table: table.rank)
        self._beyond: dict[str, list[str]] = {}
        self._sums = tuple(self._with_more(item) for item in sheet.sums)
        self._values = {**values, **dict.fromkeys((name for held in self._beyond.values() for name in held), 0)}
        self._index = {name: place for place, name in enumerate(self._values)}
        ties = Ties(sheet.sums)
        self._kept = [n for n, value in values.items() if 1 <= value <= hides and not self._is_open(n, ties)]

    @cached_property
    def _listing(self) -> Mapping[str, str]:
        """Of each number that stands in the rows of a fine table, the first such table: without its rows nobody knows of it."""
        found: dict[str, str] = {}
        for table in self._tables:
            of_counts = [column for column in table.columns if column.role is Role.COUNT]
            if _can_go(table) and any(column.is_listed for column in of_counts):
                found |= {name: table.id for column in of_counts for name in _names(column) if name not in found}
        return found

    def _with_more(self, item: Sum) -> Sum:
        """A sum with what there may be beyond its parts, to a reader who is not shown the rows that they stand in."""
        tables = dict.fromkeys(self._listing[part] for part in item.parts if part in self._listing)
        more = tuple(
            f"{item.total} beyond the rows of {table}, by {len(item.parts)}: {item.parts[0]}" for table in tables
        )
        for table, name in zip(tables, more, strict=True):
            self._beyond.setdefault(table, []).append(name)
        return Sum(item.total, item.parts + more, tuple(times for _, times in item.weighted) + (1,) * len(more))

    def _is_open(self, name: str, ties: Ties) -> bool:
        """A number of the nation, or what is left over between such numbers: nobody's secret."""
        if name in self._shown:
            return name in self._exact
        tied = ties.names(ties.of(name))
        return bool(self._exact) and all(other in self._exact for other in tied if other in self._shown)

    def done(self) -> LetOut:
        """What stays hidden, and what is not shown at all."""
        steps = list(self._steps())
        refused = self._refused(steps)
        let_out = {name for step in steps if step not in refused for name in step.shows}
        withheld = frozenset(step.table for step in refused if step.is_table)
        return LetOut(frozenset(self._shown) - let_out, withheld)

    def _refused(self, steps: list[_Step]) -> set[_Step]:
        if not self._kept:
            return set()
        # Fetched when it is needed: SciPy takes longer to load than most commands take in all.
        reader = import_module("facetwise.disclosure.feasibility_audit").Reader(self._sums, self._values, self._kept)
        low, high = np.zeros(len(self._values), np.int64), np.full(len(self._values), UNBOUNDED)
        # What cannot be worked out with everything let out never can: the others alone are looked after.
        asked = reader.told(*_tightened(low, high, steps))
        low, high = _tightened(low, high, [step for step in steps if step.must])
        refused: set[_Step] = set()
        while asked and steps:
            safe = self._longest(reader, asked, low, high, steps)
            low, high = _tightened(low, high, steps[:safe])
            if safe == len(steps):
                break
            refused.add(steps[safe])
            if steps[safe].is_table:
                refused.update(step for step in steps[safe:] if step.table == steps[safe].table)
            steps = [step for step in steps[safe + 1 :] if step not in refused]
        return refused

    def _longest(self, reader: Any, asked: list[str], low: Numbers, high: Numbers, steps: list[_Step]) -> int:
        """How many steps from the first can be gone."""

        def is_safe(gone: int) -> bool:
            found = reader.told(*_tightened(low, high, steps[:gone]), asked, is_first=True)
            for name in found:  # the next look begins with what was told here
                asked.remove(name)
                asked.insert(0, name)
            return not found

        if is_safe(len(steps)):
            return len(steps)
        safe, unsafe = 0, len(steps)
        while unsafe - safe > 1:
            middle = (safe + unsafe) // 2
            safe, unsafe = (middle, unsafe) if is_safe(middle) else (safe, middle)
        return safe

    def _steps(self) -> Iterator[_Step]:
        """Everything that can be let out, the most important first. A number of several columns is of the first."""
        seen: set[str] = set()
        listed: dict[str, list[str]] = {}
        for name, by in self._sheet.listed:
            listed.setdefault(by, []).append(name)
        said = dict.fromkeys(name for name in self._sheet.said)
        yield from self._numbers("", (n for n in said if n not in self._sheet.finest), seen)
        for table in self._tables:
            yield from self._of_table(table, listed.get(table.id, []), seen)
        yield from self._numbers("", said, seen)

    def _of_table(self, table: Table, listed: list[str], seen: set[str]) -> Iterator[_Step]:
        of_columns = [(column, _names(column)) for column in table.columns if column.role is Role.COUNT]
        least = [*listed, *(name for column, names in of_columns if column.is_listed for name in names)]
        for _, names in of_columns:  # without a nought to hide, stars are 1 or more
            least += names if all(self._values[name] for name in names) else []
        knows = tuple((self._index[name], 1, UNBOUNDED) for name in dict.fromkeys(least))
        knows += tuple((self._index[name], 0, 0) for name in self._beyond.get(table.id, ()))
        if knows:
            yield _Step(table.id, True, not _can_go(table), (), knows)
        for _, names in of_columns:
            yield from self._numbers(table.id, names, seen)

    def _numbers(self, table: str, names: Iterable[str], seen: set[str]) -> Iterator[_Step]:
        """That noughts are noughts and small ones small, and then the others."""
        own = [name for name in names if name not in seen]
        seen.update(own)
        if not own:
            return
        noughts = tuple(name for name in own if not self._values[name])
        yield _Step(table, False, False, noughts, tuple((self._index[name], *self._known(name)) for name in own))
        for name in sorted(own, key=lambda one: (-self._values[one], one)):
            if self._values[name] > self._hides or (name in self._exact and self._values[name]):
                yield _Step(table, False, False, (name,), ((self._index[name], *self._seen(name)),))

    def _known(self, name: str) -> Bounds:
        value = self._values[name]
        if not value:
            return 0, 0
        return (1, self._hides) if value <= self._hides and name not in self._exact else (1, UNBOUNDED)

    def _seen(self, name: str) -> Bounds:
        value = self._values[name]
        return (value, value) if name in self._exact else self._told(value)


def _can_go(table: Table) -> bool:
    """Whether a table need not be shown: a fine one, or one whose rows are those alone that there is something of."""
    return table.rank >= Rank.PLACES or any(column.is_listed for column in table.columns)


def _names(column: Column) -> list[str]:
    return list(dict.fromkeys(n for n, v in zip(column.quantities, column.values, strict=True) if v is not None))


def _tightened(low: Numbers, high: Numbers, steps: Iterable[_Step]) -> tuple[Numbers, Numbers]:
    """The bounds with what steps tell."""
    known = [bound for step in steps for bound in step.knows]
    low, high = low.copy(), high.copy()
    if known:
        places, lows, highs = (np.array(held, np.int64) for held in zip(*known, strict=True))
        np.maximum.at(low, places, lows)
        np.minimum.at(high, places, highs)
    return low, high
