"""Linked tables before disclosure control: columns, the id of every cell, and the sum constraints between cells.

A number in two tables has one id, so that what one of them hides the other does not give away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum

from facetwise.errors import UsageError

Value = str | int | float | None


class Role(Enum):
    """What a column holds, as far as disclosure control minds."""

    GROUP = "group"  # words
    COUNT = "count"  # of patients' spells or of rows, totals among them
    SHARE = "share"  # one count of a row in another, or to a known number: made anew from the protected counts
    RATE = "rate"  # standardised
    JUDGEMENT = "judgement"  # words that rest on a count of their row
    ORGANISATIONS = "organisations"  # a count of organisations, not of people
    PUBLISHED = "published"  # let out already by whoever publishes it


class ReleasePriority(IntEnum):
    """What is shown before what, where not everything can be: the first is hidden last."""

    HEADLINE = 0
    FLOW = 1  # and the financial years
    DEFINITIONS = 2
    POLICIES = 3  # and repeats as a whole
    PLACES = 4
    MISSES = 5  # near misses, coding, and how often patients came
    FINEST = 6


@dataclass(frozen=True)
class Column:
    """A column. name: in files; title: on pages.

    cell_ids: of a count, the id of each number; numbers of one id are one number.
    of: of a share, the columns of its numerator and denominator; of a rate, the columns of the counts it rests on; of a
    judgement, that of its count.
    times: what a share is multiplied by, as 100 or 100,000.
    known: of a rate, the denominator where readers can know it (a population, an expected number): it gives the count away.
    on_page: on the page, not in files alone.
    is_local: counts of a part of the nation (a provider, a commissioner), even where the whole is the nation.
    row_implies_positive: a row stands only where there is something to count, so that each number is known to be 1 or more.
    """

    name: str
    title: str
    role: Role
    values: tuple[Value, ...]
    cell_ids: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    times: float = 100
    known: tuple[float | None, ...] = ()
    is_local: bool = False
    on_page: bool = True
    row_implies_positive: bool = False


def words(name: str, title: str, values: Iterable[str]) -> Column:
    """A column of words."""
    return Column(name, title, Role.GROUP, tuple(values))


def counts(
    name: str,
    title: str,
    cells: Iterable[tuple[str, int | None]],
    is_local: bool = False,
    row_implies_positive: bool = False,
    on_page: bool = True,
) -> Column:
    """A column of counts, each with its id; None where there is nothing to count."""
    cells = tuple(cells)
    ids, values = tuple(cell for cell, _ in cells), tuple(value for _, value in cells)
    return Column(
        name,
        title,
        Role.COUNT,
        values,
        ids,
        is_local=is_local,
        on_page=on_page,
        row_implies_positive=row_implies_positive,
    )


@dataclass(frozen=True)
class Table:
    """A titled table. most_first: the column its rows are put in order by, once it is protected.

    on_page: on the page, not in files alone. priority: what of it is released before what of others.
    """

    id: str
    title: str
    columns: tuple[Column, ...]
    most_first: str = ""
    on_page: bool = True
    priority: ReleasePriority = ReleasePriority.FLOW

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if len({len(column.values) for column in self.columns}) > 1 or len(set(names)) < len(names):
            raise UsageError(
                f"The columns of the table '{self.id}' differ in length, or share a name. Make them alike."
            )
        for column in self.columns:
            if column.role is Role.COUNT and len(column.cell_ids) != len(column.values):
                raise UsageError(f"'{column.name}' in '{self.id}' counts something without a name. Name every number.")
            needs = {Role.SHARE: {2}, Role.RATE: {1, 2, 3}, Role.JUDGEMENT: {1}}.get(column.role, {0})
            if len(column.of) not in needs or not set(column.of) <= set(names):
                raise UsageError(f"'{column.name}' in '{self.id}' does not say of which counts it is made. Name them.")


@dataclass(frozen=True)
class SumConstraint:
    """A sum constraint: the numbers of these names add up to that of `total`. times: how often each part counts; once where it is empty."""

    total: str
    parts: tuple[str, ...]
    times: tuple[int, ...] = ()

    @property
    def weighted(self) -> tuple[tuple[str, int], ...]:
        """Each part with how often it counts."""
        return tuple(zip(self.parts, self.times or (1,) * len(self.parts), strict=True))


@dataclass(frozen=True)
class LinkedTables:
    """Tables that are released together, and every sum constraint between their numbers.

    text_numbers: numbers by name in sentences and JSON beside the tables. slack_cells: those that no reader is shown and that
    stand in a sum: what is left over when shown ones are taken from each other. known_positive: numbers that the rows of a
    table imply to be 1 or more, each with the table. lowest_priority: of `text_numbers`, what is suppressed first.
    """

    tables: tuple[Table, ...] = ()
    sums: tuple[SumConstraint, ...] = ()
    text_numbers: Mapping[str, int] = field(default_factory=dict)
    slack_cells: Mapping[str, int] = field(default_factory=dict)
    known_positive: tuple[tuple[str, str], ...] = ()
    lowest_priority: frozenset[str] = frozenset()

    @staticmethod
    def of(several: Iterable[LinkedTables]) -> LinkedTables:
        """Several as one: to be protected together, since they may share numbers."""
        held = tuple(several)
        return LinkedTables(
            tables=tuple(table for linked in held for table in linked.tables),
            sums=tuple(dict.fromkeys(item for linked in held for item in linked.sums)),
            text_numbers={name: value for linked in held for name, value in linked.text_numbers.items()},
            slack_cells={name: value for linked in held for name, value in linked.slack_cells.items()},
            known_positive=tuple(dict.fromkeys(pair for linked in held for pair in linked.known_positive)),
            lowest_priority=frozenset(name for linked in held for name in linked.lowest_priority),
        )

    def shown(self) -> dict[str, int]:
        """The true value of every number that readers meet. Errors: UsageError where one name has two values."""
        found = dict(self.text_numbers)
        for name, value, _ in self._cells():
            if found.setdefault(name, value) != value:
                raise UsageError(f"'{name}' names two different numbers. Give each its own name.")
        return found

    def local(self) -> frozenset[str]:
        """The names of the numbers that count a part of the nation."""
        return frozenset(name for name, _, is_local in self._cells() if is_local)

    def values(self) -> dict[str, int]:
        """The true value of every number. Errors: UsageError where a sum does not add up, or a number has no value."""
        found = {**self.slack_cells, **self.shown()}
        for item in self.sums:
            if not {item.total, *item.parts} <= set(found):
                raise UsageError(f"The sum of '{item.total}' holds a number without a value. Give it in `slack_cells`.")
            if found[item.total] != sum(times * found[part] for part, times in item.weighted):
                raise UsageError(f"'{item.total}' is not the sum of its parts. Add what is left over to `slack_cells`.")
        return found

    def _cells(self) -> Iterable[tuple[str, int, bool]]:
        for table in self.tables:
            for column in table.columns:
                if column.role is Role.COUNT:
                    for name, value in zip(column.cell_ids, column.values, strict=True):
                        if isinstance(value, int):
                            yield name, value, column.is_local


def subset_constraint(whole: tuple[str, int], parts: Iterable[tuple[str, int]]) -> LinkedTables:
    """Parts that are some of a whole, as sums. Nothing where the parts add up to more in this data: then they are not."""
    parts = tuple(parts)
    if sum(value for _, value in parts) > whole[1]:
        return LinkedTables()
    sums, remainder = sum_with_remainder(whole[0], parts, whole[1])
    return LinkedTables(sums=sums, slack_cells={**dict(parts), whole[0]: whole[1], **remainder})


def sum_with_remainder(
    total: str, parts: Iterable[tuple[str, int]], value: int
) -> tuple[tuple[SumConstraint, ...], dict[str, int]]:
    """The sum of parts that are some of a total, and its remainder as a slack cell.

    No such cell where the remainder is 0: a reader may know that the parts are all.
    """
    parts = tuple(parts)
    names, left = tuple(name for name, _ in parts), value - sum(part for _, part in parts)
    if not left:
        return (SumConstraint(total, names),), {}
    remainder = f"{total} beyond {len(names)} parts" + (f" from {names[0]}" if names else "")
    return (SumConstraint(total, (*names, remainder)),), {remainder: left}
