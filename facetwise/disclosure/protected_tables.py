"""Tables after disclosure control: what pages, pictures and files are made from, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from types import MappingProxyType
from typing import Any

import pyarrow as pa

from facetwise.disclosure.tables import Column, LinkedTables, Role, Table, Value


class Hidden(Enum):
    """A number that is not shown: never nought, never nothing."""

    HIDDEN = "*"

    def __str__(self) -> str:
        return "*"

    def __format__(self, spec: str) -> str:
        return "*"


HIDDEN = Hidden.HIDDEN
ProtectedNumber = int | Hidden
Cell = Value | Hidden
_PER_CENT, _TENTHS_FROM = 100, 4_000
SHARES_FROM = 50  # in smaller numbers rounding would move a share by more than four in a hundred
_NAMED = re.compile(r"\{([^{}]+)\}")


def plain(cell: Cell) -> Any:
    """A cell as JSON has it: '*' where it is hidden."""
    return str(cell) if isinstance(cell, Hidden) else cell


@dataclass(frozen=True)
class ProtectedColumn:
    """A column as it may leave."""

    name: str
    title: str
    role: Role
    values: tuple[Cell, ...]
    on_page: bool = True

    @property
    def is_number(self) -> bool:
        return self.role not in (Role.GROUP, Role.JUDGEMENT)


@dataclass(frozen=True)
class ProtectedTable:
    """A table as it may leave, with the profile that it was protected by. Made by `released` alone.

    is_withheld: it has no rows because they would give small numbers away, not because there is nothing.
    """

    id: str
    title: str
    columns: tuple[ProtectedColumn, ...]
    on_page: bool
    profile: str
    is_withheld: bool = False

    @property
    def rows(self) -> tuple[tuple[Cell, ...], ...]:
        return tuple(zip(*(column.values for column in self.columns), strict=True))

    def column(self, name: str) -> ProtectedColumn:
        return next(column for column in self.columns if column.name == name)

    @property
    def paged(self) -> ProtectedTable:
        """The columns that pages show."""
        return self.without(*(column.name for column in self.columns if not column.on_page))

    def only(self, name: str, value: str) -> ProtectedTable:
        """The rows that hold a value in a column."""
        places = [place for place, held in enumerate(self.column(name).values) if held == value]
        columns = (replace(c, values=tuple(c.values[place] for place in places)) for c in self.columns)
        return replace(self, columns=tuple(columns))

    def select(self, *names: str) -> ProtectedTable:
        """Some columns, in that order."""
        return replace(self, columns=tuple(self.column(name) for name in names))

    def scaled(self, by: float, *names: str) -> ProtectedTable:
        """The same with the numbers of some columns multiplied."""

        def put(cell: Cell) -> Cell:
            return round(cell * by, 3) if isinstance(cell, int | float) else cell

        columns = (replace(c, values=tuple(map(put, c.values))) if c.name in names else c for c in self.columns)
        return replace(self, columns=tuple(columns))

    def without(self, *names: str) -> ProtectedTable:
        """The same without some columns."""
        return replace(self, columns=tuple(c for c in self.columns if c.name not in names))

    @property
    def hidden_n(self) -> int:
        """How many of its numbers are hidden."""
        return sum(value is HIDDEN for column in self.columns for value in column.values)

    def to_arrow(self) -> pa.Table:
        """Numbers as numbers, null where hidden or not there; `NAME_hidden` says which, where any is."""
        made: dict[str, pa.Array] = {}
        for column in self.columns:
            values = [None if value is HIDDEN else value for value in column.values]
            made[column.name] = pa.array(values, _type(column))
            if HIDDEN in column.values:
                made[f"{column.name}_hidden"] = pa.array([value is HIDDEN for value in column.values], pa.bool_())
        return pa.table(made).replace_schema_metadata({"title": self.title, "disclosure": self.profile})

    def to_text(self) -> pa.Table:
        """Every cell as text, for CSV: '*' where hidden, empty where there is none."""
        cells = {
            column.name: pa.array([None if value is None else str(value) for value in column.values], pa.string())
            for column in self.columns
        }
        return pa.table(cells)


def _type(column: ProtectedColumn) -> pa.DataType:
    if not column.is_number:
        return pa.string()
    whole = all(value is HIDDEN or value is None or isinstance(value, int) for value in column.values)
    return pa.int64() if whole and column.role not in (Role.SHARE, Role.RATE) else pa.float64()


WITHHELD = "not shown: it would give small numbers away"


def records_or_star(table: ProtectedTable) -> list[dict[str, Any]] | str:
    """The rows of a table as JSON has them; '*' where they are not shown."""
    return str(HIDDEN) if table.is_withheld else records(table)


def records(table: ProtectedTable) -> list[dict[str, Any]]:
    """The rows of a table as JSON has them."""
    names = [column.name for column in table.columns]
    return [dict(zip(names, map(plain, row), strict=True)) for row in table.rows]


@dataclass(frozen=True)
class ProtectedInput:
    """What became of the rows, protected: InputSummary with numbers that may be hidden, and the table of them."""

    files: tuple[str, ...]
    layout: str
    rows: ProtectedNumber
    used: ProtectedNumber
    spells: ProtectedNumber
    set_aside: tuple[tuple[str, ProtectedNumber], ...]
    aside: ProtectedNumber
    table: ProtectedTable

    def to_json(self) -> dict[str, Any]:
        """The input as InputSummary has it in JSON; '*' where a number is hidden."""
        return {
            "files": list(self.files),
            "layout": self.layout,
            "rows": plain(self.rows),
            "used": plain(self.used),
            "spells": plain(self.spells),
            "set_aside": [{"reason": reason, "rows": plain(n)} for reason, n in self.set_aside],
        }


@dataclass(frozen=True)
class ProtectedTables:
    """What one application of a profile lets out. figures: the numbers by name, for sentences."""

    profile: str
    is_open: bool
    is_national: bool
    tables: tuple[ProtectedTable, ...]
    figures: Mapping[str, ProtectedNumber]

    @property
    def hidden_n(self) -> int:
        """How many numbers are hidden."""
        return sum(figure is HIDDEN for figure in self.figures.values())

    def table(self, name: str) -> ProtectedTable:
        return next(table for table in self.tables if table.id == name)

    def fill(self, sentence: str) -> str:
        """A sentence with the numbers that it names between braces."""
        figures = self.figures
        return _NAMED.sub(lambda found: f"{figures[found[1]]:,}" if found[1] in figures else found[0], sentence)


def apply(
    linked: LinkedTables,
    numbers: Mapping[str, ProtectedNumber],
    profile: str,
    is_open: bool,
    is_national: bool,
    withheld: Container[str] = (),
    exact: Container[str] = (),
) -> ProtectedTables:
    """Linked tables with these numbers for every count.

    withheld: tables whose rows are not shown; exact: numbers that are not rounded.
    """
    protector = _TableProtector(numbers, is_open, exact)
    tables = tuple(
        protector.withheld(table, profile) if table.id in withheld else protector.table(table, profile)
        for table in linked.tables
    )
    return ProtectedTables(profile, is_open, is_national, tables, MappingProxyType(dict(numbers)))


@dataclass(frozen=True)
class _TableProtector:
    """Makes the columns of tables from protected numbers."""

    numbers: Mapping[str, ProtectedNumber]
    is_open: bool
    exact: Container[str]

    def table(self, table: Table, profile: str) -> ProtectedTable:
        made = {
            c.name: ProtectedColumn(c.name, c.title, c.role, self._values(c, table), c.on_page) for c in table.columns
        }
        columns = tuple(made.values())
        if table.most_first:
            # In the order of what is shown: that of the true numbers would rank the hidden ones.
            by = made[table.most_first].values
            groups = [tuple(map(str, row)) for row in zip(*(c.values for c in columns if not c.is_number), strict=True)]
            order = sorted(range(len(by)), key=lambda place: (_rank(by[place]), groups[place]))
            columns = tuple(replace(c, values=tuple(c.values[place] for place in order)) for c in columns)
        return ProtectedTable(table.id, self._title(table, columns), columns, table.on_page, profile)

    def withheld(self, table: Table, profile: str) -> ProtectedTable:
        columns = tuple(ProtectedColumn(c.name, c.title, c.role, (), c.on_page) for c in table.columns)
        return ProtectedTable(table.id, table.title, columns, table.on_page, profile, is_withheld=True)

    def _title(self, table: Table, made: Iterable[ProtectedColumn]) -> str:
        """With a word where shares are made of rounded numbers."""
        shown = {c.name for c in made if c.role is Role.SHARE and any(isinstance(v, int | float) for v in c.values)}
        rounded = any(
            not self._is_exact(column, table, place)
            for column in table.columns
            if column.name in shown and column.times == _PER_CENT
            for place in range(len(column.values))
        )
        return f"{table.title} (shares are of rounded numbers)" if rounded else table.title

    def _values(self, column: Column, table: Table) -> tuple[Cell, ...]:
        match column.role:
            case Role.COUNT:
                named = zip(column.cell_ids, column.values, strict=True)
                return tuple(None if value is None else self.numbers[name] for name, value in named)
            case Role.SHARE:
                return self._shares(column, table)
            case Role.RATE | Role.JUDGEMENT:
                of = zip(*(self._values(_named(table, name), table) for name in column.of), strict=True)
                known = column.known or (None,) * len(column.values)
                return tuple(
                    HIDDEN if HIDDEN in counts or (below is not None and not self.is_open) else _whole(value)
                    for value, counts, below in zip(column.values, of, known, strict=True)
                )
            case _:
                return column.values

    def _shares(self, column: Column, table: Table) -> tuple[Cell, ...]:
        parts = [_named(table, name) for name in column.of]
        above, below = (self._values(part, table) for part in parts)
        # Rounded to the same number, a part that is not the whole would be said to be all of it.
        is_all = [a == b for a, b in zip(*(part.values for part in parts), strict=True)]
        return tuple(
            HIDDEN if a == b and a and not whole else _share(a, b, column.times, self._is_exact(column, table, place))
            for place, (a, b, whole) in enumerate(zip(above, below, is_all, strict=True))
        )

    def _is_exact(self, column: Column, table: Table, place: int) -> bool:
        """Whether a row's share is of numbers that are shown as they are."""
        return self.is_open or all(_named(table, name).cell_ids[place] in self.exact for name in column.of)


def _rank(cell: Cell) -> tuple[int, float]:
    if isinstance(cell, int | float):
        return (0, -cell) if cell else (2, 0)
    return (1, 0)


def _named(table: Table, name: str) -> Column:
    return next(column for column in table.columns if column.name == name)


def _share(above: Cell, below: Cell, times: float, is_exact: bool) -> Cell:
    """A share of two protected numbers: hidden with either of them, none of nothing."""
    if above is HIDDEN or below is HIDDEN:
        return HIDDEN
    if not isinstance(above, int) or not isinstance(below, int) or not below:
        return None
    if not is_exact and below < SHARES_FROM:
        return HIDDEN
    # A tenth of a per cent of a rounded number means something only in large ones.
    return _whole(round(times * above / below, 1 if is_exact or times != _PER_CENT or below >= _TENTHS_FROM else 0))


def _whole(value: Value) -> Value:
    """A whole number without its '.0', which would promise tenths."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
