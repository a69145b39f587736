"""Results of counts and differences: values that print well and export JSON, Arrow, Polars or pandas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from importlib import import_module
from typing import Any, TypeVar

import pyarrow as pa

from facetwise.count.flow_and_near_misses import NearMiss, Step
from facetwise.language.definition import Definition
from facetwise.spells.reading.activity import Account


@dataclass(frozen=True)
class InputSummary:
    """The account of the rows: rows (of the main file) = used + set aside."""

    files: tuple[str, ...]
    layout: str
    rows: int
    used: int
    spells: int
    set_aside: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, account: Account) -> InputSummary:
        ordered = tuple(sorted(account.set_aside.items(), key=lambda item: (-item[1], item[0])))
        return cls(tuple(account.files), account.layout, account.rows, account.used, account.spells, ordered)

    @property
    def aside(self) -> int:
        """The rows set aside."""
        return sum(rows for _, rows in self.set_aside)

    def to_json(self) -> dict[str, Any]:
        counts = {name: getattr(self, name) for name in ("layout", "rows", "used", "spells")}
        aside = [{"reason": reason, "rows": rows} for reason, rows in self.set_aside]
        return {"files": list(self.files), **counts, "set_aside": aside}


class ExportsTable:
    """A result that exports one table."""

    def to_arrow(self) -> pa.Table:
        raise NotImplementedError

    def to_pandas(self) -> Any:
        """The table as a pandas DataFrame (needs pandas: pip install 'facetwise[pandas]')."""
        return self.to_arrow().to_pandas()

    def to_polars(self) -> Any:
        """The table as a Polars DataFrame (needs Polars: pip install 'facetwise[polars]')."""
        return import_module("polars").from_arrow(self.to_arrow())


class NamedResult(ExportsTable):
    """The result of one definition or policy. subject: its kind and its id."""

    @property
    def subject(self) -> tuple[str, str]:
        raise NotImplementedError

    def to_json(self) -> dict[str, Any]:
        raise NotImplementedError


ResultT = TypeVar("ResultT", bound=NamedResult)


@dataclass(frozen=True, repr=False)
class CountResult(NamedResult):
    """A definition applied to hospital activity."""

    definition: Definition
    engine: str
    input: InputSummary
    flow: tuple[Step, ...]
    counted: int
    not_counted: int
    unknown: int
    near_misses: tuple[NearMiss, ...]
    dimensions: tuple[str, ...]
    by: tuple[Mapping[str, Any], ...]
    notes: tuple[str, ...]
    reasons: pa.Table | None = field(default=None, compare=False)

    @property
    def subject(self) -> tuple[str, str]:
        return "definition", self.definition.id

    def to_json(self) -> dict[str, Any]:
        """The JSON of docs/reference/json.md."""
        return {
            "schema": "facetwise.count/1",
            "definition": self.definition.id,
            "version": self.definition.version,
            "engine": self.engine,
            "input": self.input.to_json(),
            "flow": [
                {
                    "criterion": step.criterion,
                    "met": step.met,
                    "not_met": step.not_met,
                    "unknown": step.unknown,
                    "remaining": step.remaining,
                }
                for step in self.flow
            ],
            "counted": self.counted,
            "not_counted": self.not_counted,
            "unknown": self.unknown,
            "near_misses": [
                {"failed": list(miss.failed), "unknown": list(miss.unknown), "spells": miss.spells}
                for miss in self.near_misses
            ],
            "by": [dict(row) for row in self.by],
            "notes": list(self.notes),
        }

    def to_arrow(self) -> pa.Table:
        """The counts by group where groups were asked for, else the flow."""
        if self.dimensions:
            columns = [*self.dimensions, "counted", "unknown"]
            types = [pa.string()] * len(self.dimensions) + [pa.int64(), pa.int64()]
            return pa.table({c: pa.array([r[c] for r in self.by], t) for c, t in zip(columns, types, strict=True)})
        return pa.Table.from_pylist(self.to_json()["flow"])

    def __repr__(self) -> str:
        return (
            f"{self.definition.id} on {self.input.spells:,} spells: {self.counted:,} counted, "
            f"{self.not_counted:,} not counted, {self.unknown:,} unknown"
        )

    def _repr_html_(self) -> str:
        steps = [(s.criterion, f"{s.met:,}", f"{s.not_met:,}", f"{s.unknown:,}") for s in self.flow]
        return f"<p>{self!r}</p>" + _html_table(("criterion", "met", "not met", "unknown"), steps)


@dataclass(frozen=True)
class Disagreement:
    """Spells that only one definition counts, by the criteria of the other that left them out."""

    only: str
    criteria: tuple[str, ...]
    spells: int
    examples: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class DiffResult(ExportsTable):
    """Two definitions on the same activity: the spells that both count, and those that only one counts."""

    definitions: tuple[Definition, Definition]
    input: InputSummary
    both: int
    only_a: int
    only_b: int
    disagreements: tuple[Disagreement, ...]
    reasons: pa.Table | None = field(default=None, compare=False)

    def to_json(self) -> dict[str, Any]:
        """The JSON of docs/reference/json.md, with what became of the rows."""
        return {
            "schema": "facetwise.diff/1",
            "definitions": [definition.id for definition in self.definitions],
            "both": self.both,
            "only_a": self.only_a,
            "only_b": self.only_b,
            "parted_by": [
                {"only": p.only, "criteria": list(p.criteria), "spells": p.spells, "examples": list(p.examples)}
                for p in self.disagreements
            ],
            "input": self.input.to_json(),
        }

    def to_arrow(self) -> pa.Table:
        """One row for each way in which the definitions disagree."""
        schema = pa.schema(
            [
                ("only", pa.string()),
                ("criteria", pa.list_(pa.string())),
                ("spells", pa.int64()),
                ("examples", pa.list_(pa.string())),
            ]
        )
        return pa.Table.from_pylist(self.to_json()["parted_by"], schema=schema)

    def __repr__(self) -> str:
        a, b = (definition.id for definition in self.definitions)
        return f"{a} and {b}: {self.both:,} counted by both, {self.only_a:,} by {a} alone, {self.only_b:,} by {b} alone"

    def _repr_html_(self) -> str:
        rows = [(p.only, ", ".join(p.criteria), f"{p.spells:,}", ", ".join(p.examples)) for p in self.disagreements]
        return f"<p>{self!r}</p>" + _html_table(("counted by", "left out by", "spells", "examples"), rows)


@dataclass(frozen=True, repr=False)
class Results(ExportsTable, Sequence[ResultT]):
    """Results of several definitions or policies from one pass, in the order requested."""

    results: tuple[ResultT, ...]

    def __getitem__(self, index: Any) -> Any:
        return self.results[index]

    def __len__(self) -> int:
        return len(self.results)

    def __iter__(self) -> Iterator[ResultT]:
        return iter(self.results)

    def to_json(self) -> list[dict[str, Any]]:
        """One JSON object for each definition or policy."""
        return [result.to_json() for result in self.results]

    def to_arrow(self) -> pa.Table:
        """The tables of all of them, under a column that names each."""
        tables = []
        for result in self.results:
            table, (kind, name) = result.to_arrow(), result.subject
            tables.append(table.add_column(0, kind, pa.array([name] * table.num_rows, pa.string())))
        return pa.concat_tables(tables)

    def __repr__(self) -> str:
        return "\n".join(repr(result) for result in self.results)


@dataclass(frozen=True, repr=False)
class CountResults(Results[CountResult]):
    """Results of several definitions from one pass, in the order requested."""

    def _repr_html_(self) -> str:
        return "".join(result._repr_html_() for result in self.results)


def _html_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    def cells(values: Sequence[str], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{escape(value)}</{tag}>" for value in values) + "</tr>"

    return (
        f"<table><thead>{cells(head, 'th')}</thead><tbody>{''.join(cells(row, 'td') for row in rows)}</tbody></table>"
    )
