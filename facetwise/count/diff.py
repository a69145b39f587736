"""Two definitions on the same activity: the spells on which they part, and the criteria that part them."""

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


def diff(question: CountQuery, reasons: Path | None = None, keep_reasons: bool = False) -> DiffResult:
    """The question's two definitions compared by the spells they part. Errors: UsageError unless there are two."""
    if len(question.definitions) != 2 or question.definitions[0].id == question.definitions[1].id:
        named = ", ".join(definition.id for definition in question.definitions)
        raise UsageError(f"A difference needs two definitions and was given {named or 'none'}. Name them as A,B.")
    a, b = question.definitions
    found = Difference(a, b)
    held: list[pa.Table] = []
    with ExitStack() as stack:
        writer = stack.enter_context(TableWriter(reasons)) if reasons else None
        tell = _teller(found, writer, held if keep_reasons else None)
        answer = run_query(replace(question, on_judged=tell, words=bool(writer or keep_reasons)))
        if writer:
            names = ("spell_id", "counted_by", a.id, b.id, "because")
            writer.write_if_empty(pa.schema([(name, pa.string()) for name in names]).empty_table())
    result = found.result(InputSummary.of(answer.account))
    return replace(result, reasons=pa.concat_tables(held) if held else None)


class Difference:
    """Adds up what two definitions say of one judged table after another."""

    def __init__(self, a: Definition, b: Definition) -> None:
        self.definitions = (a, b)
        self.both = 0
        self.only: Counter[str] = Counter()
        self._partings: Counter[tuple[str, tuple[str, ...]]] = Counter()
        self._examples: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)

    def add(self, engine: Engine) -> None:
        """Add what was judged last: by these two definitions at least."""
        a, b = self.definitions
        in_a, in_b = outcome_column(a), outcome_column(b)
        self.both += engine.select(ROW_NO, f'"{in_a}" AND "{in_b}"').num_rows
        truths = [f'"{truth_column(d, c.id)}"' for d in self.definitions for c in d.criteria]
        columns = ", ".join(["spell_id", f'"{in_a}"', *truths])
        self._part(engine.select(columns, differs_sql(a, b)).to_pylist())

    def _part(self, rows: Iterable[Mapping[str, Any]]) -> None:
        a, b = self.definitions
        for row in rows:
            counting, other = (a, b) if row[outcome_column(a)] else (b, a)
            left_out = tuple(c.id for c in other.criteria if row[truth_column(other, c.id)] is not True)
            key = (counting.id, left_out)
            self.only[counting.id] += 1
            self._partings[key] += 1
            if len(self._examples[key]) < _EXAMPLES:
                self._examples[key].append(row["spell_id"])

    def result(self, summary: InputSummary) -> DiffResult:
        """What it comes to; the partings with most spells first."""
        a, b = self.definitions
        return DiffResult(self.definitions, summary, self.both, self.only[a.id], self.only[b.id], self._parted_by())

    def _parted_by(self) -> tuple[Disagreement, ...]:
        ordered = sorted(self._partings.items(), key=lambda item: (-item[1], item[0]))
        return tuple(
            Disagreement(only, criteria, n, tuple(self._examples[only, criteria])) for (only, criteria), n in ordered
        )


def _teller(found: Difference, writer: TableWriter | None, held: list[pa.Table] | None) -> Callable[[Engine], None]:
    columns, where = diff_reasons_sql(*found.definitions), differs_sql(*found.definitions)

    def tell(engine: Engine) -> None:
        found.add(engine)
        if writer or held is not None:
            table = engine.select(columns, where)
            if writer:
                writer.write(table)
            if held is not None:
                held.append(table)

    return tell
