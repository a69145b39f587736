"""Runs definitions over hospital activity on Spark: few groups come back, and results are built from them as on DuckDB."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date, timedelta
from itertools import islice
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from facetwise.compile.duckdb.engine import CANDIDATE, COUNT, Engine, outcome_column, truth_column, verdict_columns
from facetwise.compile.plan import can_be_sieved, columns_needed
from facetwise.compile.spark.query import holds_sql, judged_in_spark
from facetwise.compile.spark.session import asked, table_of
from facetwise.compile.spark.source import LINES, REASON, SWALLOWED, WANTED, SparkSource, open_on_spark
from facetwise.count.query import ACTIVITY_AGE_MISSING, CountQuery, GroupCounts, QueryResult
from facetwise.errors import InputError, UsageError
from facetwise.guidance.codelists import DENERVATION_FAMILY
from facetwise.language.codes import CodeList
from facetwise.note import Note
from facetwise.spells.dimensions import Dimension
from facetwise.spells.normalise.batches import RAGGED
from facetwise.spells.normalise.batches import SWALLOWED as INSIDE
from facetwise.spells.reading.activity import Account, SpellBatch, repeated
from facetwise.spells.spell import SCHEMA

REJECTS = "--rejects is written by --engine duckdb alone. Leave one of the two out."
_AT_ONCE = 50_000
_DAY_0 = date(1970, 1, 1)
_AGE_MISSING_N = "ageless_n"


def runner(session: Any) -> Callable[[CountQuery], QueryResult]:
    """A function that runs a query on a Spark session (compile/spark/session.py), as run_query does on DuckDB."""
    return lambda query: _run(session, query)


def _run(session: Any, query: CountQuery) -> QueryResult:
    if query.on_reject is not None:
        raise UsageError(REJECTS)
    source = open_on_spark(session, query.inputs, query.layout)
    _refuse_absent(source, query.dimensions)
    account = Account(source.names, source.layout.id)
    refuse_repeats(source)
    sieved = not query.every_spell and all(can_be_sieved(d, DENERVATION_FAMILY) for d in query.definitions)
    spells = source.told(DENERVATION_FAMILY if sieved else None, query.bases)
    grouped = _grouped(session, query, spells)
    _account(account, grouped)
    age_missing = "age_at_activity" in columns_needed(query.definitions) and not source.has("age_at_activity")
    if age_missing and (missing := pc.sum(grouped[_AGE_MISSING_N]).as_py()):
        names = next(c.names for c in source.layout.columns if c.canonical == "age_at_activity")
        account.notes.append(Note(ACTIVITY_AGE_MISSING.format(" or ".join(sorted(names))), {"missing": missing}))
    if query.on_judged:
        _pass_batches(session, query, spells)
    return _result(query, account, grouped)


def _refuse_absent(source: SparkSource, dimensions: Sequence[Dimension]) -> None:
    for dimension in dimensions:
        if not any(source.has(name) for name in dimension.needs):
            looked = sorted(name for c in source.layout.columns if c.canonical in dimension.needs for name in c.names)
            raise InputError(
                f"{source.names[0]} has no column for {dimension.id}, so counts cannot be given by it. "
                f"Looked for {' or '.join(looked)}."
            )


def refuse_repeats(source: SparkSource) -> None:
    """Raise InputError when a key of usable rows occurs twice."""
    number, some = source.repeats()
    if number:
        key = next(c.name for c in source.parts[0].columns if c.column.canonical == "spell_id")
        raise InputError(repeated(source.names[0], key, number, some, "a spell"))


def _grouped(session: Any, query: CountQuery, spells: str) -> pa.Table:
    """Counts of the rows by everything that a result needs: one scan, however many definitions there are."""
    truths = [truth_column(d, criterion.id) for d in query.definitions for criterion in d.criteria]
    outcomes = [outcome_column(d) for d in query.definitions]
    by = [f"by {base}" for base in query.bases]
    carried = (REASON, WANTED, LINES, SWALLOWED, *by, "age_at_start")
    judged = judged_in_spark(query.definitions, DENERVATION_FAMILY, carried, False, spells)
    # Of a row that is not wanted the columns are NULL and the truths say nothing.
    evaluated = [f"CASE WHEN {WANTED} THEN `{name}` END AS `{name}`" for name in (CANDIDATE, *truths, *outcomes)]
    inner = f"SELECT {', '.join([REASON, WANTED, LINES, SWALLOWED, *(f'`{b}`' for b in by), 'age_at_start', *evaluated])} FROM ({judged})"
    keys = ", ".join(f"`{key}`" for key in (REASON, WANTED, *by, CANDIDATE, *truths, *outcomes))
    age_missing = f"sum(CASE WHEN {CANDIDATE} AND age_at_start IS NULL THEN 1 ELSE 0 END) AS {_AGE_MISSING_N}"
    sums = f"count(*) AS {COUNT}, sum({LINES}) AS {LINES}, sum({SWALLOWED}) AS {SWALLOWED}, {age_missing}"
    return table_of(asked(lambda: session.sql(f"SELECT {keys}, {sums} FROM ({inner}) GROUP BY {keys}")))


def _account(account: Account, grouped: pa.Table) -> None:
    """Every row accounted for, as spells/activity.py does: a line that became no row is a row that somebody meant."""
    for row in grouped.group_by([REASON]).aggregate([(COUNT, "sum"), (LINES, "sum"), (SWALLOWED, "sum")]).to_pylist():
        rows = row[f"{LINES}_sum"] if row[REASON] == RAGGED else row[f"{COUNT}_sum"]
        account.rows += rows + row[f"{SWALLOWED}_sum"]
        if row[REASON] is None:
            account.used += rows
        else:
            account.set_aside[row[REASON]] += rows
        if row[f"{SWALLOWED}_sum"]:
            account.set_aside[INSIDE] += row[f"{SWALLOWED}_sum"]
    account.spells = account.used


def _result(query: CountQuery, account: Account, grouped: pa.Table) -> QueryResult:
    used = grouped.filter(pc.is_null(grouped[REASON]))
    wanted, filtered = used.filter(used[WANTED]), used.filter(pc.invert(used[WANTED]))
    truths = [truth_column(d, criterion.id) for d in query.definitions for criterion in d.criteria]
    patterns = wanted.select([CANDIDATE, *truths, COUNT]).cast(
        pa.schema([(CANDIDATE, pa.bool_()), *((name, pa.bool_()) for name in truths), (COUNT, pa.int64())])
    )
    groups = GroupCounts(query.bases, tuple(d.id for d in query.definitions))
    if query.bases:
        by = [f"by {base}" for base in query.bases]
        filtered = filtered.select([*by, COUNT]).rename_columns([*query.bases, COUNT])
        groups.add_filtered(
            filtered.group_by(list(query.bases)).aggregate([(COUNT, "sum")]).rename_columns([*query.bases, COUNT])
        )
        groups.add(wanted.select([*by, *(outcome_column(d) for d in query.definitions), COUNT]))
    return QueryResult(account, patterns, groups.table(), pc.sum(filtered[COUNT]).as_py() or 0)


def _pass_batches(session: Any, query: CountQuery, spells: str) -> None:
    """Pass the evaluated spells to on_judged in the order of their identifiers: Spark has no order of its own."""
    assert query.on_judged is not None
    verdicts = [name for d in query.definitions for name in verdict_columns(d)]
    judged = judged_in_spark(query.definitions, DENERVATION_FAMILY, (WANTED,), True, spells)
    columns = ", ".join(f"`{name}`" for name in ("spell_id", CANDIDATE, *verdicts))
    where = WANTED if query.every_spell else f"{WANTED} AND {CANDIDATE}"
    frame = asked(lambda: session.sql(f"SELECT {columns} FROM ({judged}) WHERE {where}"))
    schema = pa.schema(
        [
            (name, pa.string() if name == "spell_id" or name.endswith("?") else pa.bool_())
            for name in ("spell_id", CANDIDATE, *verdicts)
        ]
    )
    tables = _sorted_by_spark(frame, schema) if query.every_spell else [table_of(frame, schema).sort_by("spell_id")]
    with closing(Engine(query.threads)) as engine:
        for table in tables:
            for start in range(0, table.num_rows, _AT_ONCE):
                engine.judge(query.definitions, table.slice(start, _AT_ONCE), DENERVATION_FAMILY, (), True)
                query.on_judged(engine)


def _sorted_by_spark(frame: Any, schema: pa.Schema) -> Iterator[pa.Table]:
    """All rows in order, some at a time: every spell of a nation would not fit here."""
    rows = asked(lambda: frame.orderBy("spell_id").toLocalIterator())
    while some := asked(lambda: [row.asDict() for row in islice(rows, _AT_ONCE)]):
        yield pa.Table.from_pylist(some, schema=schema)


def spells_of_spark(source: SparkSource, codes: CodeList, bases: tuple[str, ...]) -> tuple[SpellBatch, Account]:
    """The spells with a code of a list in any position, the groups of all others, and the account of every row read.

    In the canonical columns, in the order of their identifiers; they are few, some in a hundred.
    Errors: InputError, UsageError, EngineError.
    """
    refuse_repeats(source)
    span = ("day",) if source.has("admitted") else ()
    spells, session = source.told(codes, (*bases, *span)), source.session
    holds = f"{WANTED} AND ({holds_sql(codes)})"
    by, days = [f"by {base}" for base in bases], [f"by {base}" for base in span]
    keys = ", ".join(f"`{key}`" for key in (REASON, WANTED, *by))
    rows = f"SELECT {REASON}, {holds} AS {WANTED}, {LINES}, {SWALLOWED}{''.join(f', `{b}`' for b in (*by, *days))} FROM {spells}"
    sums = f"{''.join(f'min(`{d}`) AS first_day, max(`{d}`) AS last_day, ' for d in days)}count(*) AS {COUNT}, sum({LINES}) AS {LINES}, sum({SWALLOWED}) AS {SWALLOWED}"
    grouped = table_of(asked(lambda: session.sql(f"SELECT {keys}, {sums} FROM ({rows}) GROUP BY {keys}")))
    account = Account(source.names, source.layout.id)
    _account(account, grouped)
    used = grouped.filter(pc.is_null(grouped[REASON]))
    if days and pc.max(used["last_day"]).is_valid:
        first, last = pc.min(used["first_day"]).as_py(), pc.max(used["last_day"]).as_py()
        account.widen_span((_DAY_0 + timedelta(days=first), _DAY_0 + timedelta(days=last)))
    frame = asked(lambda: session.sql(f"SELECT {', '.join(SCHEMA.names)} FROM {spells} WHERE {holds}"))
    spells_kept = table_of(frame, SCHEMA).sort_by("spell_id")
    filtered = grouped.filter(pc.and_(pc.is_null(grouped[REASON]), pc.invert(grouped[WANTED])))
    filtered = filtered.select([*by, COUNT]).rename_columns([*bases, COUNT])
    return SpellBatch(spells_kept, filtered, account.used - spells_kept.num_rows), account
