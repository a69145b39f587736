"""Definitions asked of hospital activity on Spark: the few groups come back, and answers are made of them as of DuckDB's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
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
from facetwise.guidance.codelists import DENERVATION_FAMILY, KEPT_BY_EXTRACT
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
_AGELESS_N = "ageless_n"


def asking(session: Any) -> Callable[[CountQuery], QueryResult]:
    """What answers a question on a Spark session (compile/spark.py) as measure.ask does on DuckDB."""
    return lambda question: _ask(session, question)


def _ask(session: Any, question: CountQuery) -> QueryResult:
    if question.on_reject is not None:
        raise UsageError(REJECTS)
    source = open_on_spark(session, question.inputs, question.layout)
    _refuse_absent(source, question.dimensions)
    account = Account(source.names, source.layout.id)
    refuse_repeats(source)
    sieved = not question.every_spell and all(can_be_sieved(d, DENERVATION_FAMILY) for d in question.definitions)
    spells = source.told(DENERVATION_FAMILY if sieved else None, question.bases)
    tallied = _tallied(session, question, spells)
    _account(account, tallied)
    ageless = "age_at_activity" in columns_needed(question.definitions) and not source.has("age_at_activity")
    if ageless and (missing := pc.sum(tallied[_AGELESS_N]).as_py()):
        names = next(c.names for c in source.layout.columns if c.canonical == "age_at_activity")
        account.notes.append(Note(ACTIVITY_AGE_MISSING.format(" or ".join(sorted(names))), {"missing": missing}))
    if question.on_judged:
        _tell(session, question, spells)
    return _answer(question, account, tallied)


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


def _tallied(session: Any, question: CountQuery, spells: str) -> pa.Table:
    """What was read, counted by everything that an answer asks for: one scan, however many definitions there are."""
    truths = [truth_column(d, criterion.id) for d in question.definitions for criterion in d.criteria]
    outcomes = [outcome_column(d) for d in question.definitions]
    by = [f"by {base}" for base in question.bases]
    carried = (REASON, WANTED, LINES, SWALLOWED, *by, "age_at_start")
    judged = judged_in_spark(question.definitions, DENERVATION_FAMILY, carried, False, spells)
    # Of a row that is not wanted the columns are NULL and the truths say nothing.
    told = [f"CASE WHEN {WANTED} THEN `{name}` END AS `{name}`" for name in (CANDIDATE, *truths, *outcomes)]
    inner = f"SELECT {', '.join([REASON, WANTED, LINES, SWALLOWED, *(f'`{b}`' for b in by), 'age_at_start', *told])} FROM ({judged})"
    keys = ", ".join(f"`{key}`" for key in (REASON, WANTED, *by, CANDIDATE, *truths, *outcomes))
    ageless = f"sum(CASE WHEN {CANDIDATE} AND age_at_start IS NULL THEN 1 ELSE 0 END) AS {_AGELESS_N}"
    sums = f"count(*) AS {COUNT}, sum({LINES}) AS {LINES}, sum({SWALLOWED}) AS {SWALLOWED}, {ageless}"
    return table_of(asked(lambda: session.sql(f"SELECT {keys}, {sums} FROM ({inner}) GROUP BY {keys}")))


def _account(account: Account, tallied: pa.Table) -> None:
    """Every row accounted for, as spells/activity.py does: a line that became no row is a row that somebody meant."""
    for row in tallied.group_by([REASON]).aggregate([(COUNT, "sum"), (LINES, "sum"), (SWALLOWED, "sum")]).to_pylist():
        rows = row[f"{LINES}_sum"] if row[REASON] == RAGGED else row[f"{COUNT}_sum"]
        account.rows += rows + row[f"{SWALLOWED}_sum"]
        if row[REASON] is None:
            account.used += rows
        else:
            account.set_aside[row[REASON]] += rows
        if row[f"{SWALLOWED}_sum"]:
            account.set_aside[INSIDE] += row[f"{SWALLOWED}_sum"]
    account.spells = account.used


def _answer(question: CountQuery, account: Account, tallied: pa.Table) -> QueryResult:
    used = tallied.filter(pc.is_null(tallied[REASON]))
    wanted, rest = used.filter(used[WANTED]), used.filter(pc.invert(used[WANTED]))
    truths = [truth_column(d, criterion.id) for d in question.definitions for criterion in d.criteria]
    patterns = wanted.select([CANDIDATE, *truths, COUNT]).cast(
        pa.schema([(CANDIDATE, pa.bool_()), *((name, pa.bool_()) for name in truths), (COUNT, pa.int64())])
    )
    groups = GroupCounts(question.bases, tuple(d.id for d in question.definitions))
    if question.bases:
        by = [f"by {base}" for base in question.bases]
        left = rest.select([*by, COUNT]).rename_columns([*question.bases, COUNT])
        groups.add_rest(
            left.group_by(list(question.bases)).aggregate([(COUNT, "sum")]).rename_columns([*question.bases, COUNT])
        )
        groups.add(wanted.select([*by, *(outcome_column(d) for d in question.definitions), COUNT]))
    return QueryResult(account, patterns, groups.table(), pc.sum(rest[COUNT]).as_py() or 0)


def _tell(session: Any, question: CountQuery, spells: str) -> None:
    """Hand the judged spells over in the order of their identifiers: Spark has no order of its own."""
    assert question.on_judged is not None
    verdicts = [name for d in question.definitions for name in verdict_columns(d)]
    judged = judged_in_spark(question.definitions, DENERVATION_FAMILY, (WANTED,), True, spells)
    columns = ", ".join(f"`{name}`" for name in ("spell_id", CANDIDATE, *verdicts))
    where = WANTED if question.every_spell else f"{WANTED} AND {CANDIDATE}"
    frame = asked(lambda: session.sql(f"SELECT {columns} FROM ({judged}) WHERE {where}"))
    schema = pa.schema(
        [
            (name, pa.string() if name == "spell_id" or name.endswith("?") else pa.bool_())
            for name in ("spell_id", CANDIDATE, *verdicts)
        ]
    )
    tables = _sorted_by_spark(frame, schema) if question.every_spell else [table_of(frame, schema).sort_by("spell_id")]
    with closing(Engine(question.threads)) as engine:
        for table in tables:
            for start in range(0, table.num_rows, _AT_ONCE):
                engine.judge(question.definitions, table.slice(start, _AT_ONCE), DENERVATION_FAMILY, (), True)
                question.on_judged(engine)


def _sorted_by_spark(frame: Any, schema: pa.Schema) -> Iterator[pa.Table]:
    """All rows in order, some at a time: every spell of a nation would not fit here."""
    rows = asked(lambda: frame.orderBy("spell_id").toLocalIterator())
    while some := asked(lambda: [row.asDict() for row in islice(rows, _AT_ONCE)]):
        yield pa.Table.from_pylist(some, schema=schema)


def kept_spells(
    session: Any, inputs: Sequence[str | Path], codes: CodeList = KEPT_BY_EXTRACT, layout: str = "auto"
) -> tuple[pa.Table, Account]:
    """The spells with a code of a list in any position or as the dominant procedure, and what became of every row read.

    In the canonical columns, in the order of their identifiers. They come to this machine: some spells in a hundred.
    Errors: InputError, UsageError, EngineError.
    """
    source = open_on_spark(session, inputs, layout)
    piece, account = kept_piece(source, codes, ())
    return piece.spells, account


def kept_piece(source: SparkSource, codes: CodeList, bases: tuple[str, ...]) -> tuple[SpellBatch, Account]:
    """The same with the groups of all the other spells, by some dimensions' bases."""
    refuse_repeats(source)
    span = ("day",) if source.has("admitted") else ()
    spells, session = source.told(codes, (*bases, *span)), source.session
    holds = f"{WANTED} AND ({holds_sql(codes)})"
    by, days = [f"by {base}" for base in bases], [f"by {base}" for base in span]
    keys = ", ".join(f"`{key}`" for key in (REASON, WANTED, *by))
    rows = f"SELECT {REASON}, {holds} AS {WANTED}, {LINES}, {SWALLOWED}{''.join(f', `{b}`' for b in (*by, *days))} FROM {spells}"
    sums = f"{''.join(f'min(`{d}`) AS first_day, max(`{d}`) AS last_day, ' for d in days)}count(*) AS {COUNT}, sum({LINES}) AS {LINES}, sum({SWALLOWED}) AS {SWALLOWED}"
    tallied = table_of(asked(lambda: session.sql(f"SELECT {keys}, {sums} FROM ({rows}) GROUP BY {keys}")))
    account = Account(source.names, source.layout.id)
    _account(account, tallied)
    used = tallied.filter(pc.is_null(tallied[REASON]))
    if days and pc.max(used["last_day"]).is_valid:
        first, last = pc.min(used["first_day"]).as_py(), pc.max(used["last_day"]).as_py()
        account.saw((_DAY_0 + timedelta(days=first), _DAY_0 + timedelta(days=last)))
    frame = asked(lambda: session.sql(f"SELECT {', '.join(SCHEMA.names)} FROM {spells} WHERE {holds}"))
    kept = table_of(frame, SCHEMA).sort_by("spell_id")
    left = tallied.filter(pc.and_(pc.is_null(tallied[REASON]), pc.invert(tallied[WANTED])))
    rest = left.select([*by, COUNT]).rename_columns([*bases, COUNT])
    return SpellBatch(kept, rest, account.used - kept.num_rows), account
