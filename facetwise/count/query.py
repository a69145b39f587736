"""Runs definitions over hospital activity: one pass over the files, however many definitions there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from facetwise.compile.duckdb.engine import CANDIDATE, COUNT, ROW_NO, Engine, outcome_column, truth_column
from facetwise.compile.plan import can_be_sieved, columns_needed
from facetwise.count import extract_verdicts
from facetwise.count.extract_verdicts import still_valid
from facetwise.count.flow_and_near_misses import Pattern
from facetwise.errors import InputError, UsageError
from facetwise.guidance.codelists import DENERVATION_FAMILY
from facetwise.language.definition import Definition
from facetwise.language.truth import Truth
from facetwise.note import Note
from facetwise.spells.dimensions import Dimension, Groups, base_column
from facetwise.spells.normalise.batches import Reject
from facetwise.spells.reading.activity import Account, Opened, ReadOptions, SpellBatch, open_activity
from facetwise.spells.reading.dispatch import has, layout_of, read
from facetwise.spells.reading.extract import contents_of

_AT_ONCE = 50_000
ACTIVITY_AGE_MISSING = "There is no column {}: the ages of {{missing}} spells with a denervation code, whose age at the start is not recorded, are unknown."
COUNTED, UNKNOWN = "counted", "unknown"


@dataclass(frozen=True)
class CountQuery:
    """The definitions to run over which files, by which dimensions, and the callbacks on the way.

    carried: canonical columns that on_judged reads beside the truths; codes as one text, each after a comma.
    """

    inputs: tuple[str | Path, ...]
    definitions: tuple[Definition, ...]
    layout: str = "auto"
    dimensions: tuple[Dimension, ...] = ()
    threads: int = 2
    every_spell: bool = False
    on_judged: Callable[[Engine], None] | None = None
    carried: tuple[str, ...] = ()
    words: bool = False
    on_reject: Callable[[Reject], None] | None = None
    on_rows: Callable[[int], None] | None = None

    @property
    def bases(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(dimension.base for dimension in self.dimensions))


@dataclass(frozen=True)
class QueryResult:
    """Counts of truth patterns (of all definitions together) and of groups, over the spells evaluated one by one.

    filtered_n: the spells that were not evaluated: they do not meet the first criterion of any definition.
    """

    account: Account
    patterns: pa.Table
    groups: pa.Table
    filtered_n: int

    def patterns_of(self, definition: Definition) -> list[Pattern]:
        """The truth patterns of one definition with their counts."""
        names = [truth_column(definition, criterion.id) for criterion in definition.criteria]
        grouped = self.patterns.group_by([CANDIDATE, *names]).aggregate([(COUNT, "sum")]).to_pylist()
        return [
            Pattern(tuple(Truth.of(row[name]) for name in names), row[CANDIDATE], row[f"{COUNT}_sum"])
            for row in grouped
        ]


def run_query(query: CountQuery) -> QueryResult:
    """The result of a query. Errors: InputError, UsageError, EngineError."""
    opened = open_activity(query.inputs, query.layout)
    account = Account(opened.names, opened.layout.id)
    age_missing = activity_age_missing(opened, query.definitions)
    if age_missing:
        query = replace(query, carried=tuple(dict.fromkeys([*query.carried, "age_at_start"])))
    reading = reading_for(opened, query)
    tally = _Totals(query, age_missing)
    with closing(Engine(query.threads)) as engine:
        for batch in _merged(read(opened, reading, account, only_first=True)):
            tally.add(engine, batch)
    if tally.age_missing_n:
        account.notes.append(
            Note(
                ACTIVITY_AGE_MISSING.format(" or ".join(_names(opened, ["age_at_activity"]))),
                {"missing": tally.age_missing_n},
            )
        )
    return QueryResult(account, tally.patterns(), tally.groups.table(), tally.filtered_n)


def reading_for(opened: Opened, query: CountQuery) -> ReadOptions:
    """The options to read the opened files for a query. Errors: InputError, UsageError for what they cannot answer."""
    _refuse_absent(opened, query.dimensions)
    sieved = not query.every_spell and all(can_be_sieved(d, DENERVATION_FAMILY) for d in query.definitions)
    if opened.extract is not None:
        _refuse_of_extract(opened, query, sieved)
    stored = () if opened.extract is None else still_valid(contents_of(opened).verdicts, query.definitions)
    return ReadOptions(
        keep=DENERVATION_FAMILY if sieved else None,
        bases=query.bases,
        columns=_columns(query, stored),
        verdicts=extract_verdicts.columns(stored, query.words) if stored else (),
        threads=query.threads,
        on_reject=query.on_reject,
        on_rows=query.on_rows,
    )


def activity_age_missing(opened: Opened, definitions: Sequence[Definition]) -> bool:
    """Whether the definitions need an activity age that the data does not have."""
    return "age_at_activity" in columns_needed(definitions) and not has(opened, "age_at_activity")


def _refuse_of_extract(opened: Opened, query: CountQuery, sieved: bool) -> None:
    """Raise UsageError for what an extract does not contain."""
    name, layout = opened.names[0], layout_of(opened).id
    if query.layout not in ("auto", layout):
        raise UsageError(f"{name} is an extract of {layout}, and {query.layout} was asked for. Leave --layout out.")
    if query.on_reject is not None:
        raise UsageError(
            f"{name} is an extract: the rows set aside were written when it was made, if they were asked for, and are not "
            "in it. Ask the whole activity."
        )
    if not sieved:
        raise UsageError(
            f"{name} is an extract and holds only the spells that matter to the library's definitions. "
            "Ask the whole activity instead."
        )


def _columns(query: CountQuery, stored: Sequence[Definition]) -> frozenset[str]:
    """The canonical columns to read: fewer where results of some definitions are stored."""
    by = {name for dimension in query.dimensions for name in dimension.needs}
    needed = columns_needed([definition for definition in query.definitions if definition not in stored])
    candidate = () if stored else ("procedures", "dominant_procedure")
    return frozenset({"spell_id", *candidate, *by, *needed, *query.carried})


def _refuse_absent(opened: Opened, dimensions: Sequence[Dimension]) -> None:
    for dimension in dimensions:
        if absent := names_absent(opened, dimension):
            raise InputError(
                f"{opened.names[0]} has no column for {dimension.id}, so counts cannot be given by it. "
                f"Looked for {' or '.join(absent)}."
            )


def names_absent(opened: Opened, dimension: Dimension) -> tuple[str, ...]:
    """The missing column names, where the data cannot be counted by a dimension; else none."""
    if any(has(opened, name) for name in dimension.needs):
        return ()
    return _names(opened, dimension.needs)


def _names(opened: Opened, canonical: Sequence[str]) -> tuple[str, ...]:
    columns = layout_of(opened).columns
    return tuple(sorted(name for c in columns if c.canonical in canonical for name in c.names))


def _merged(batches: Iterable[SpellBatch]) -> Iterator[SpellBatch]:
    """Fewer, larger batches: small tables of spells are joined, since each run of the engine has a cost."""
    spells: list[pa.Table] = []
    rows = 0
    for batch in batches:
        if batch.spells.num_rows:
            spells.append(batch.spells)
        rows += batch.spells.num_rows
        ready = rows >= _AT_ONCE
        yield SpellBatch(
            pa.concat_tables(spells) if ready else batch.spells.slice(0, 0), batch.filtered_groups, batch.filtered_n
        )
        if ready:
            spells, rows = [], 0
    if rows:
        yield SpellBatch(pa.concat_tables(spells), pa.table({COUNT: pa.array([], pa.int64())}), 0)


class _Totals:
    """Sums the engine's results over batches of spells."""

    def __init__(self, query: CountQuery, age_missing: bool) -> None:
        self._query = query
        self._age_missing = age_missing
        self.age_missing_n = 0
        self._truths = tuple(truth_column(d, c.id) for d in query.definitions for c in d.criteria)
        self._outcomes = tuple(outcome_column(d) for d in query.definitions)
        self._patterns: list[pa.Table] = []
        self.groups = GroupCounts(query.bases, tuple(d.id for d in query.definitions))
        self.filtered_n = 0

    def add(self, engine: Engine, batch: SpellBatch) -> None:
        query = self._query
        self.filtered_n += batch.filtered_n
        if query.bases:
            self.groups.add_filtered(batch.filtered_groups)
        if not batch.spells.num_rows:
            return
        spells = batch.spells
        for base in query.bases:
            spells = spells.append_column(f"by {base}", base_column(base, batch.spells))
        by = tuple(f"by {base}" for base in query.bases)
        keep_evaluated = query.on_judged is not None
        engine.judge(query.definitions, spells, DENERVATION_FAMILY, (*by, *query.carried), query.words, keep_evaluated)
        if self._age_missing:
            self.age_missing_n += engine.select(ROW_NO, f"{CANDIDATE} AND age_at_start IS NULL").num_rows
        grouped = engine.grouped((*by, CANDIDATE, *self._truths, *(self._outcomes if by else ())))
        self._patterns.append(grouped.select([CANDIDATE, *self._truths, COUNT]))
        if by:
            self.groups.add(grouped.select([*by, *self._outcomes, COUNT]))
        if query.on_judged:
            query.on_judged(engine)

    def patterns(self) -> pa.Table:
        """The truth patterns of all definitions together: candidate, the truth columns, spells_n."""
        schema = pa.schema(
            [(CANDIDATE, pa.bool_()), *((name, pa.bool_()) for name in self._truths), (COUNT, pa.int64())]
        )
        return pa.concat_tables([schema.empty_table(), *(table.cast(schema) for table in self._patterns)])


class GroupCounts:
    """Counted and unknown spells of each definition by group, groups without any among them."""

    def __init__(self, bases: tuple[str, ...], definitions: tuple[str, ...]) -> None:
        self.bases = bases
        self.sums = tuple(f"{d}:{what}" for d in definitions for what in (COUNTED, UNKNOWN))
        self._filtered = Groups(bases)
        self._tables: list[pa.Table] = []

    def add_filtered(self, groups: pa.Table) -> None:
        if groups.num_rows:
            self._filtered.add(groups)

    def add(self, grouped: pa.Table) -> None:
        """Add spells by group and outcome: the bases, an outcome column a definition, spells_n."""
        spells, none = grouped[COUNT], pa.scalar(0, pa.int64())
        sums = []
        for outcome in grouped.columns[len(self.bases) : -1]:
            sums.append(pc.if_else(pc.fill_null(outcome, False), spells, none))
            sums.append(pc.if_else(pc.is_null(outcome), spells, none))
        names = [*self.bases, *self.sums]
        self._tables.append(pa.table([*grouped.columns[: len(self.bases)], *sums], names=names))

    def table(self) -> pa.Table:
        """Each group once: the bases, then for each definition its counted and its unknown spells."""
        if not self.bases:
            return pa.table({})
        filtered = self._filtered.table().drop_columns([COUNT])
        schema = pa.schema([*filtered.schema, *((name, pa.int64()) for name in self.sums)])
        zero = pa.repeat(pa.scalar(0, pa.int64()), filtered.num_rows)
        empty = pa.table([*filtered.columns, *(zero for _ in self.sums)], schema=schema)
        joined = pa.concat_tables([empty, *(table.cast(schema) for table in self._tables)])
        summed = joined.group_by(list(self.bases)).aggregate([(name, "sum") for name in self.sums])
        return summed.select([*self.bases, *(f"{name}_sum" for name in self.sums)]).rename_columns(schema.names)
