"""Compares two definitions on the same activity: the spells they count differently, and the criteria responsible."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from facetwise.compile.duckdb.engine import ROW_NO, Engine, outcome_column, truth_column
from facetwise.count.query import CountQuery, run_query
from facetwise.count.reasons_file import TableWriter, diff_reasons_sql, differs_sql
from facetwise.count.results import DiffResult, Disagreement, InputSummary
from facetwise.errors import UsageError
from facetwise.language.definition import Definition

_EXAMPLES = 5


def diff(query: CountQuery, reasons: Path | None = None, keep_reasons: bool = False) -> DiffResult:
    """The difference between the query's two definitions. Errors: UsageError unless there are two."""
    if len(query.definitions) != 2 or query.definitions[0].id == query.definitions[1].id:
        named = ", ".join(definition.id for definition in query.definitions)
        raise UsageError(f"A difference needs two definitions, not {named or 'none'}. Name them as A,B.")
    a, b = query.definitions
    difference = Difference(a, b)
    tables: list[pa.Table] = []
    with ExitStack() as stack:
        writer = stack.enter_context(TableWriter(reasons)) if reasons else None
        add_batch = _batch_collector(difference, writer, tables if keep_reasons else None)
        result_of_query = run_query(replace(query, on_judged=add_batch, words=bool(writer or keep_reasons)))
        if writer:
            names = ("spell_id", "counted_by", a.id, b.id, "because")
            writer.write_if_empty(pa.schema([(name, pa.string()) for name in names]).empty_table())
    result = difference.result(InputSummary.of(result_of_query.account))
    return replace(result, reasons=pa.concat_tables(tables) if tables else None)


class Difference:
    """Sums how two definitions differ over batches of evaluated spells."""

    def __init__(self, a: Definition, b: Definition) -> None:
        self.definitions = (a, b)
        self.both = 0
        self.only: Counter[str] = Counter()
        self._counts: Counter[tuple[str, tuple[str, ...]]] = Counter()
        self._examples: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)

    def add(self, engine: Engine) -> None:
        """Add the batch evaluated last, by at least these two definitions."""
        a, b = self.definitions
        in_a, in_b = outcome_column(a), outcome_column(b)
        self.both += engine.select(ROW_NO, f'"{in_a}" AND "{in_b}"').num_rows
        truths = [f'"{truth_column(d, c.id)}"' for d in self.definitions for c in d.criteria]
        columns = ", ".join(["spell_id", f'"{in_a}"', *truths])
        self._add_rows(engine.select(columns, differs_sql(a, b)).to_pylist())

    def _add_rows(self, rows: Iterable[Mapping[str, Any]]) -> None:
        a, b = self.definitions
        for row in rows:
            counting, other = (a, b) if row[outcome_column(a)] else (b, a)
            left_out = tuple(c.id for c in other.criteria if row[truth_column(other, c.id)] is not True)
            key = (counting.id, left_out)
            self.only[counting.id] += 1
            self._counts[key] += 1
            if len(self._examples[key]) < _EXAMPLES:
                self._examples[key].append(row["spell_id"])

    def result(self, summary: InputSummary) -> DiffResult:
        """The result; the disagreements with most spells first."""
        a, b = self.definitions
        return DiffResult(self.definitions, summary, self.both, self.only[a.id], self.only[b.id], self._disagreements())

    def _disagreements(self) -> tuple[Disagreement, ...]:
        ordered = sorted(self._counts.items(), key=lambda item: (-item[1], item[0]))
        return tuple(
            Disagreement(only, criteria, n, tuple(self._examples[only, criteria])) for (only, criteria), n in ordered
        )


def _batch_collector(
    difference: Difference, writer: TableWriter | None, tables: list[pa.Table] | None
) -> Callable[[Engine], None]:
    columns, where = diff_reasons_sql(*difference.definitions), differs_sql(*difference.definitions)

    def add_batch(engine: Engine) -> None:
        difference.add(engine)
        if writer or tables is not None:
            table = engine.select(columns, where)
            if writer:
                writer.write(table)
            if tables is not None:
                tables.append(table)

    return add_batch
