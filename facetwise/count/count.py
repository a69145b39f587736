"""The count of one or several definitions: flow, outcomes, near misses, counts by group, reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from facetwise.compile.duckdb.engine import CANDIDATE, Engine
from facetwise.count.flow_and_near_misses import flow, near_misses, outcomes
from facetwise.count.query import COUNTED, UNKNOWN, CountQuery, QueryResult, run_query
from facetwise.count.reasons_file import TableWriter, count_reasons_sql
from facetwise.count.results import CountResult, CountResults, InputSummary
from facetwise.language.definition import Definition
from facetwise.language.truth import Truth
from facetwise.spells.dimensions import Dimension

ENGINE = "duckdb"
COVERAGE = (
    "Admitted care only: denervations done in outpatients, or paid for privately outside the NHS, are not in this data."
)


def count_all(
    query: CountQuery,
    reasons: Path | None = None,
    keep_reasons: bool = False,
    warning: str = "",
    run: Callable[[CountQuery], QueryResult] = run_query,
    engine: str = ENGINE,
) -> CountResults:
    """One result for each definition of the query, counted in one pass.

    reasons: a CSV or Parquet file for one row a candidate spell (each spell with every_spell). warning: its first line.
    keep_reasons: add the same rows to each result as an Arrow table.
    run: runs the query: run_query on DuckDB, or on_spark.runner on Spark. engine: its name.
    """
    reasons_of: dict[str, list[pa.Table]] = {definition.id: [] for definition in query.definitions}
    with ExitStack() as stack:
        writer = stack.enter_context(TableWriter(reasons, warning)) if reasons else None
        if writer or keep_reasons:
            collect_reasons = _reasons_collector(query, writer, reasons_of if keep_reasons else None)
            query = replace(query, on_judged=collect_reasons, words=True)
        result = run(query)
        if writer:
            writer.write_if_empty(_no_reasons(query))
    by_definition = {name: pa.concat_tables(tables) if tables else None for name, tables in reasons_of.items()}
    return CountResults(tuple(_result(d, query, result, engine, by_definition[d.id]) for d in query.definitions))


def _reasons_collector(
    query: CountQuery, writer: TableWriter | None, reasons_of: dict[str, list[pa.Table]] | None
) -> Callable[[Engine], None]:
    where = "TRUE" if query.every_spell else CANDIDATE
    several = len(query.definitions) > 1

    def collect_reasons(engine: Engine) -> None:
        for definition in query.definitions:
            table = engine.select(count_reasons_sql(definition, several), where)
            if writer:
                writer.write(_aligned(table, query.definitions) if several else table)
            if reasons_of is not None:
                reasons_of[definition.id].append(table)

    return collect_reasons


def _aligned(table: pa.Table, definitions: Sequence[Definition]) -> pa.Table:
    """The same rows with a column for every criterion of any of the definitions, empty where a definition lacks it."""
    ids = list(dict.fromkeys(criterion.id for definition in definitions for criterion in definition.criteria))
    names = ["spell_id", "definition", *ids, "outcome", "label", "because"]
    empty = pa.nulls(table.num_rows, pa.string())
    present = set(table.column_names)
    return pa.table([table[name] if name in present else empty for name in names], schema=_text_schema(names))


def _text_schema(names: Sequence[str]) -> pa.Schema:
    return pa.schema([(name, pa.string()) for name in names])


def _no_reasons(query: CountQuery) -> pa.Table:
    ids = list(dict.fromkeys(criterion.id for d in query.definitions for criterion in d.criteria))
    several = ["definition"] if len(query.definitions) > 1 else []
    return _text_schema(["spell_id", *several, *ids, "outcome", "label", "because"]).empty_table()


def _result(
    definition: Definition, query: CountQuery, result: QueryResult, engine: str, reasons: pa.Table | None
) -> CountResult:
    patterns = result.patterns_of(definition)
    by_outcome = outcomes(patterns, result.filtered_n)
    return CountResult(
        definition=definition,
        engine=engine,
        input=InputSummary.of(result.account),
        flow=flow(definition, patterns, result.filtered_n),
        counted=by_outcome[Truth.MET],
        not_counted=by_outcome[Truth.NOT_MET],
        unknown=by_outcome[Truth.UNKNOWN],
        near_misses=near_misses(definition, patterns),
        dimensions=tuple(dimension.id for dimension in query.dimensions),
        by=by_groups(definition, query.dimensions, result.groups),
        notes=(*result.account.notes, COVERAGE, *definition.notes),
        reasons=reasons,
    )


def by_groups(
    definition: Definition, dimensions: Sequence[Dimension], groups: pa.Table
) -> tuple[Mapping[str, Any], ...]:
    """One row for each group in the data, in the order of the groups, 'unknown' last."""
    if not dimensions:
        return ()
    counted, unknown = f"{definition.id}:{COUNTED}", f"{definition.id}:{UNKNOWN}"
    labels, order_numbers = zip(
        *(_labelled(dimension, groups[dimension.base]) for dimension in dimensions), strict=True
    )
    ordered = pa.table(
        [*order_numbers, groups[counted], groups[unknown]], names=[*map(str, range(len(order_numbers))), "c", "u"]
    )
    keys = list(ordered.column_names[:-2])
    summed = ordered.group_by(keys).aggregate([("c", "sum"), ("u", "sum")])
    summed = summed.sort_by([(key, "ascending") for key in keys])
    group_labels = [label.take(summed[key]).to_pylist() for label, key in zip(labels, keys, strict=True)]
    names = (*(dimension.id for dimension in dimensions), "counted", "unknown")
    rows = zip(*group_labels, summed["c_sum"].to_pylist(), summed["u_sum"].to_pylist(), strict=True)
    return tuple(dict(zip(names, row, strict=True)) for row in rows)


def _labelled(dimension: Dimension, values: pa.ChunkedArray) -> tuple[pa.Array, pa.Array]:
    """The labels of a dimension in order, 'unknown' last, and the number of each value's label in that order."""
    encoded = values.combine_chunks().dictionary_encode(null_encoding="encode")
    distinct = encoded.dictionary.to_pylist()
    keys = [(value is None, _order(dimension, value), dimension.label(value)) for value in distinct]
    order = {key: number for number, key in enumerate(sorted(set(keys)))}
    order_numbers = pa.array([order[key] for key in keys], pa.int32()).take(encoded.indices)
    return pa.array([label for _, _, label in order], pa.string()), order_numbers


def _order(dimension: Dimension, value: Any) -> Any:
    if value is None:
        return 0 if dimension.base in ("month", "age_band") else ""
    return (value - 3) // 12 if dimension.id == "year" else value
