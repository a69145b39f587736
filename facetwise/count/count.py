"""The count of one or several definitions: flow, outcomes, near misses, counts by group, reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from facetwise.compile.duckdb.engine import CANDIDATE, Engine
from facetwise.count.query import COUNTED, UNKNOWN, CountQuery, QueryResult, run_query
from facetwise.count.reasons_file import TableWriter, count_reasons_sql
from facetwise.count.results import CountResult, CountResults, InputSummary
from facetwise.count.truth_patterns import flow, near_misses, outcomes
from facetwise.language.definition import Definition
from facetwise.language.truth import Truth
from facetwise.spells.dimensions import Dimension

ENGINE = "duckdb"
COVERAGE = (
    "Admitted care only: denervations done in outpatients, or paid for privately outside the NHS, are not in this data."
)


def count_all(
    question: CountQuery,
    reasons: Path | None = None,
    keep_reasons: bool = False,
    warning: str = "",
    asked: Callable[[CountQuery], QueryResult] = run_query,
    engine: str = ENGINE,
) -> CountResults:
    """Every definition of the question counted in one pass.

    reasons: a CSV or Parquet file for one row a candidate spell (each spell with every_spell). warning: what it carries.
    keep_reasons: hand the same rows over as an Arrow table with each result.
    asked: who answers: measure.ask on DuckDB, or measure.on_spark on Spark. engine: its name.
    """
    held: dict[str, list[pa.Table]] = {definition.id: [] for definition in question.definitions}
    with ExitStack() as stack:
        writer = stack.enter_context(TableWriter(reasons, warning)) if reasons else None
        if writer or keep_reasons:
            tell = _teller(question, writer, held if keep_reasons else None)
            question = replace(question, on_judged=tell, words=True)
        answer = asked(question)
        if writer:
            writer.write_if_empty(_no_reasons(question))
    kept = {name: pa.concat_tables(tables) if tables else None for name, tables in held.items()}
    return CountResults(tuple(_result(d, question, answer, engine, kept[d.id]) for d in question.definitions))


def _teller(
    question: CountQuery, writer: TableWriter | None, held: dict[str, list[pa.Table]] | None
) -> Callable[[Engine], None]:
    where = "TRUE" if question.every_spell else CANDIDATE
    several = len(question.definitions) > 1

    def tell(engine: Engine) -> None:
        for definition in question.definitions:
            table = engine.select(count_reasons_sql(definition, several), where)
            if writer:
                writer.write(_aligned(table, question.definitions) if several else table)
            if held is not None:
                held[definition.id].append(table)

    return tell


def _aligned(table: pa.Table, definitions: Sequence[Definition]) -> pa.Table:
    """The same rows with a column for every criterion of any of the definitions, empty where one has it not."""
    ids = list(dict.fromkeys(criterion.id for definition in definitions for criterion in definition.criteria))
    names = ["spell_id", "definition", *ids, "outcome", "label", "because"]
    empty = pa.nulls(table.num_rows, pa.string())
    held = set(table.column_names)
    return pa.table([table[name] if name in held else empty for name in names], schema=_text_schema(names))


def _text_schema(names: Sequence[str]) -> pa.Schema:
    return pa.schema([(name, pa.string()) for name in names])


def _no_reasons(question: CountQuery) -> pa.Table:
    ids = list(dict.fromkeys(criterion.id for d in question.definitions for criterion in d.criteria))
    several = ["definition"] if len(question.definitions) > 1 else []
    return _text_schema(["spell_id", *several, *ids, "outcome", "label", "because"]).empty_table()


def _result(
    definition: Definition, question: CountQuery, answer: QueryResult, engine: str, reasons: pa.Table | None
) -> CountResult:
    patterns = answer.patterns_of(definition)
    told = outcomes(patterns, answer.rest)
    return CountResult(
        definition=definition,
        engine=engine,
        input=InputSummary.of(answer.account),
        flow=flow(definition, patterns, answer.rest),
        counted=told[Truth.MET],
        not_counted=told[Truth.NOT_MET],
        unknown=told[Truth.UNKNOWN],
        near_misses=near_misses(definition, patterns),
        dimensions=tuple(dimension.id for dimension in question.dimensions),
        by=by_groups(definition, question.dimensions, answer.groups),
        notes=(*answer.account.notes, COVERAGE, *definition.notes),
        reasons=reasons,
    )


def by_groups(
    definition: Definition, dimensions: Sequence[Dimension], groups: pa.Table
) -> tuple[Mapping[str, Any], ...]:
    """One row for each group in the data, in the order of the groups, 'unknown' last."""
    if not dimensions:
        return ()
    counted, unknown = f"{definition.id}:{COUNTED}", f"{definition.id}:{UNKNOWN}"
    labels, places = zip(*(_labelled(dimension, groups[dimension.base]) for dimension in dimensions), strict=True)
    ordered = pa.table([*places, groups[counted], groups[unknown]], names=[*map(str, range(len(places))), "c", "u"])
    keys = list(ordered.column_names[:-2])
    summed = ordered.group_by(keys).aggregate([("c", "sum"), ("u", "sum")])
    summed = summed.sort_by([(key, "ascending") for key in keys])
    shown = [label.take(summed[key]).to_pylist() for label, key in zip(labels, keys, strict=True)]
    names = (*(dimension.id for dimension in dimensions), "counted", "unknown")
    rows = zip(*shown, summed["c_sum"].to_pylist(), summed["u_sum"].to_pylist(), strict=True)
    return tuple(dict(zip(names, row, strict=True)) for row in rows)


def _labelled(dimension: Dimension, values: pa.ChunkedArray) -> tuple[pa.Array, pa.Array]:
    """The labels of a dimension in the order they are given in, 'unknown' last, and the place of each value's label."""
    encoded = values.combine_chunks().dictionary_encode(null_encoding="encode")
    distinct = encoded.dictionary.to_pylist()
    keys = [(value is None, _order(dimension, value), dimension.label(value)) for value in distinct]
    order = {key: place for place, key in enumerate(sorted(set(keys)))}
    places = pa.array([order[key] for key in keys], pa.int32()).take(encoded.indices)
    return pa.array([label for _, _, label in order], pa.string()), places


def _order(dimension: Dimension, value: Any) -> Any:
    if value is None:
        return 0 if dimension.base in ("month", "age_band") else ""
    return (value - 3) // 12 if dimension.id == "year" else value
