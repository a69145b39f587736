"""Tables before disclosure control: what each column holds, the name of every number, and which add up to which.

A number that stands in two tables has one name, so that what one of them hides the other does not give away.
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


class Rank(IntEnum):
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

    quantities: of a count, the name of each number; numbers of one name are one number.
    of: of a share, the columns of its numerator and denominator; of a rate, the columns of the counts that it
    rests on; of a judgement, that of its count.
    times: what a share is multiplied by, as 100 or 100,000.
    known: of a rate, the denominator where readers can know it (a population, an expected number), for it then gives the
    count away.
    on_page: shown on the page, not in files alone.
    is_local: counts of a part of the nation (a provider, a commissioner), even where the whole is the nation.
    is_listed: a row stands only where there is something to count, so that readers know each number to be 1 at least.
    """

    name: str
    title: str
    role: Role
    values: tuple[Value, ...]
    quantities: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    times: float = 100
    known: tuple[float | None, ...] = ()
    is_local: bool = False
    on_page: bool = True
    is_listed: bool = False


def words(name: str, title: str, values: Iterable[str]) -> Column:
    """A column of words."""
    return Column(name, title, Role.GROUP, tuple(values))


def counts(
    name: str, title: str, named: Iterable[tuple[str, int | None]], is_local: bool = False, is_listed: bool = False
) -> Column:
    """A column of counts, each with its name; None where there is nothing to count."""
    held = tuple(named)
    values, names = tuple(value for _, value in held), tuple(name for name, _ in held)
    return Column(name, title, Role.COUNT, values, names, is_local=is_local, is_listed=is_listed)


@dataclass(frozen=True)
class Table:
    """A titled table. most_first: the column its rows are put in order by, once it is protected.

    on_page: shown on the page, not in files alone. rank: what of it is shown before what of others.
    """

    id: str
    title: str
    columns: tuple[Column, ...]
    most_first: str = ""
    on_page: bool = True
    rank: Rank = Rank.FLOW

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if len({len(column.values) for column in self.columns}) > 1 or len(set(names)) < len(names):
            raise UsageError(
                f"The columns of the table '{self.id}' differ in length, or share a name. Make them alike."
            )
        for column in self.columns:
            if column.role is Role.COUNT and len(column.quantities) != len(column.values):
                raise UsageError(f"'{column.name}' in '{self.id}' counts something without a name. Name every number.")
            needs = {Role.SHARE: {2}, Role.RATE: {1, 2, 3}, Role.JUDGEMENT: {1}}.get(column.role, {0})
            if len(column.of) not in needs or not set(column.of) <= set(names):
                raise UsageError(f"'{column.name}' in '{self.id}' does not say of which counts it is made. Name them.")


@dataclass(frozen=True)
class Sum:
    """The numbers of these names add up to that of `total`. times: how often each part counts; once where it is empty."""

    total: str
    parts: tuple[str, ...]
    times: tuple[int, ...] = ()

    @property
    def weighted(self) -> tuple[tuple[str, int], ...]:
        """Each part with how often it counts."""
        return tuple(zip(self.parts, self.times or (1,) * len(self.parts), strict=True))


@dataclass(frozen=True)
class Sheet:
    """Tables that are let out together, and everything that ties their numbers.

    said: numbers by name that sentences and JSON tell beside the tables. unshown: those that no reader is shown and that
    stand in a sum: what is left over when shown ones are taken from each other. listed: numbers that a table's rows tell
    to be 1 at least, beside those of its columns that are listed, each with the table. finest: of `said`, what may go first.
    """

    tables: tuple[Table, ...] = ()
    sums: tuple[Sum, ...] = ()
    said: Mapping[str, int] = field(default_factory=dict)
    unshown: Mapping[str, int] = field(default_factory=dict)
    listed: tuple[tuple[str, str], ...] = ()
    finest: frozenset[str] = frozenset()

    @staticmethod
    def of(sheets: Iterable[Sheet]) -> Sheet:
        """Several sheets as one: to be protected together, since they may share numbers."""
        held = tuple(sheets)
        return Sheet(
            tables=tuple(table for sheet in held for table in sheet.tables),
            sums=tuple(dict.fromkeys(item for sheet in held for item in sheet.sums)),
            said={name: value for sheet in held for name, value in sheet.said.items()},
            unshown={name: value for sheet in held for name, value in sheet.unshown.items()},
            listed=tuple(dict.fromkeys(pair for sheet in held for pair in sheet.listed)),
            finest=frozenset(name for sheet in held for name in sheet.finest),
        )

    def shown(self) -> dict[str, int]:
        """The true value of every number that readers meet. Errors: UsageError where one name has two values."""
        found = dict(self.said)
        for name, value, _ in self._cells():
            if found.setdefault(name, value) != value:
                raise UsageError(f"'{name}' names two different numbers. Give each its own name.")
        return found

    def local(self) -> frozenset[str]:
        """The names of the numbers that count a part of the nation."""
        return frozenset(name for name, _, is_local in self._cells() if is_local)

    def values(self) -> dict[str, int]:
        """The true value of every number. Errors: UsageError where a sum does not add up, or a number has no value."""
        found = {**self.unshown, **self.shown()}
        for item in self.sums:
            if not {item.total, *item.parts} <= set(found):
                raise UsageError(f"The sum of '{item.total}' holds a number without a value. Give it in `unshown`.")
            if found[item.total] != sum(times * found[part] for part, times in item.weighted):
                raise UsageError(f"'{item.total}' is not the sum of its parts. Add what is left over to `unshown`.")
        return found

    def _cells(self) -> Iterable[tuple[str, int, bool]]:
        for table in self.tables:
            for column in table.columns:
                if column.role is Role.COUNT:
                    for name, value in zip(column.quantities, column.values, strict=True):
                        if isinstance(value, int):
                            yield name, value, column.is_local


def within(whole: tuple[str, int], parts: Iterable[tuple[str, int]]) -> Sheet:
    """Parts that are some of a whole, as sums. Nothing where the data has them come to more: then they are not."""
    held = tuple(parts)
    if sum(value for _, value in held) > whole[1]:
        return Sheet()
    sums, left = at_most(whole[0], held, whole[1])
    return Sheet(sums=sums, unshown={**dict(held), whole[0]: whole[1], **left})


def at_most(total: str, parts: Iterable[tuple[str, int]], value: int) -> tuple[tuple[Sum, ...], dict[str, int]]:
    """The sum of parts that are some of a total, and what is left over, as an unshown number.

    Where nothing is left over no such number is made: a reader may know that the parts are all.
    """
    held = tuple(parts)
    names, left = tuple(name for name, _ in held), value - sum(part for _, part in held)
    if not left:
        return (Sum(total, names),), {}
    other = f"{total} beyond {len(names)} parts" + (f" from {names[0]}" if names else "")
    return (Sum(total, (*names, other)),), {other: left}
