"""Definitions asked of hospital activity: one pass over the files, however many definitions there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from facetwise.compile.duckdb.engine import CANDIDATE, COUNT, ROW_NO, Engine, outcome_column, truth_column
from facetwise.compile.plan import can_be_sieved, columns_needed
from facetwise.count import stored_results
from facetwise.count.stored_results import still_valid
from facetwise.count.truth_patterns import Pattern
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
    """What is asked: definitions of which files, given by which dimensions, and who is told of what on the way.

    carried: canonical columns that stand beside the truths for on_judged; codes as one text, each after a comma.
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
    """Counts of truth patterns (all definitions together) and of groups, over spells looked at one by one.

    rest: the spells that needed no look: not met at the first criterion of every definition.
    """

    account: Account
    patterns: pa.Table
    groups: pa.Table
    rest: int

    def patterns_of(self, definition: Definition) -> list[Pattern]:
        """The truth patterns of one definition with their counts."""
        names = [truth_column(definition, criterion.id) for criterion in definition.criteria]
        grouped = self.patterns.group_by([CANDIDATE, *names]).aggregate([(COUNT, "sum")]).to_pylist()
        return [
            Pattern(tuple(Truth.of(row[name]) for name in names), row[CANDIDATE], row[f"{COUNT}_sum"])
            for row in grouped
        ]


def run_query(question: CountQuery) -> QueryResult:
    """The question answered. Errors: InputError, UsageError, EngineError."""
    opened = open_activity(question.inputs, question.layout)
    account = Account(opened.names, opened.layout.id)
    ageless = is_ageless(opened, question.definitions)
    if ageless:
        question = replace(question, carried=tuple(dict.fromkeys([*question.carried, "age_at_start"])))
    reading = reading_for(opened, question)
    tally = _Tally(question, ageless)
    with closing(Engine(question.threads)) as engine:
        for piece in _gathered(read(opened, reading, account, only_first=True)):
            tally.add(engine, piece)
    if tally.ageless_n:
        account.notes.append(
            Note(ACTIVITY_AGE_MISSING.format(" or ".join(_names(opened, ["age_at_activity"]))), {"missing": tally.ageless_n})
        )
    return QueryResult(account, tally.patterns(), tally.groups.table(), tally.rest)


def reading_for(opened: Opened, question: CountQuery) -> ReadOptions:
    """How the opened files are read for a question. Errors: InputError, UsageError for what they cannot answer."""
    _refuse_absent(opened, question.dimensions)
    sieved = not question.every_spell and all(can_be_sieved(d, DENERVATION_FAMILY) for d in question.definitions)
    if opened.extract is not None:
        _refuse_of_extract(opened, question, sieved)
    judged = () if opened.extract is None else still_valid(contents_of(opened).verdicts, question.definitions)
    return ReadOptions(
        keep=DENERVATION_FAMILY if sieved else None,
        bases=question.bases,
        columns=_columns(question, judged),
        verdicts=stored_results.columns(judged, question.words) if judged else (),
        threads=question.threads,
        on_reject=question.on_reject,
        on_rows=question.on_rows,
    )


def is_ageless(opened: Opened, definitions: Sequence[Definition]) -> bool:
    """Whether the definitions ask for an activity age that the data does not have."""
    return "age_at_activity" in columns_needed(definitions) and not has(opened, "age_at_activity")


def _refuse_of_extract(opened: Opened, question: CountQuery, sieved: bool) -> None:
    """Raise UsageError for what an extract does not hold."""
    name, made_of = opened.names[0], layout_of(opened).id
    if question.layout not in ("auto", made_of):
        raise UsageError(f"{name} is an extract of {made_of}, and {question.layout} was asked for. Leave --layout out.")
    if question.on_reject is not None:
        raise UsageError(
            f"{name} is an extract: the rows set aside were written when it was made, if they were asked for, and are not "
            "in it. Ask the whole activity."
        )
    if not sieved:
        raise UsageError(
            f"{name} is an extract and holds only the spells that matter to the library's definitions. "
            "Ask the whole activity instead."
        )


def _columns(question: CountQuery, judged: Sequence[Definition]) -> frozenset[str]:
    """The canonical columns that are read: fewer where some definitions are judged already."""
    by = {name for dimension in question.dimensions for name in dimension.needs}
    needed = columns_needed([definition for definition in question.definitions if definition not in judged])
    candidate = () if judged else ("procedures", "dominant_procedure")
    return frozenset({"spell_id", *candidate, *by, *needed, *question.carried})


def _refuse_absent(opened: Opened, dimensions: Sequence[Dimension]) -> None:
    for dimension in dimensions:
        if absent := names_absent(opened, dimension):
            raise InputError(
                f"{opened.names[0]} has no column for {dimension.id}, so counts cannot be given by it. "
                f"Looked for {' or '.join(absent)}."
            )


def names_absent(opened: Opened, dimension: Dimension) -> tuple[str, ...]:
    """The column names looked for in vain, where the data cannot be counted by a dimension; else none."""
    if any(has(opened, name) for name in dimension.needs):
        return ()
    return _names(opened, dimension.needs)


def _names(opened: Opened, canonical: Sequence[str]) -> tuple[str, ...]:
    columns = layout_of(opened).columns
    return tuple(sorted(name for c in columns if c.canonical in canonical for name in c.names))


def _gathered(pieces: Iterable[SpellBatch]) -> Iterator[SpellBatch]:
    """The same pieces in fewer: small tables of spells put together, so that the engine is asked seldom."""
    spells: list[pa.Table] = []
    held = 0
    for piece in pieces:
        if piece.spells.num_rows:
            spells.append(piece.spells)
        held += piece.spells.num_rows
        ready = held >= _AT_ONCE
        yield SpellBatch(pa.concat_tables(spells) if ready else piece.spells.slice(0, 0), piece.rest, piece.rest_n)
        if ready:
            spells, held = [], 0
    if held:
        yield SpellBatch(pa.concat_tables(spells), pa.table({COUNT: pa.array([], pa.int64())}), 0)


class _Tally:
    """Adds up what the engine says of one table of spells after another."""

    def __init__(self, question: CountQuery, ageless: bool) -> None:
        self._question = question
        self._ageless = ageless
        self.ageless_n = 0
        self._truths = tuple(truth_column(d, c.id) for d in question.definitions for c in d.criteria)
        self._outcomes = tuple(outcome_column(d) for d in question.definitions)
        self._patterns: list[pa.Table] = []
        self.groups = GroupCounts(question.bases, tuple(d.id for d in question.definitions))
        self.rest = 0

    def add(self, engine: Engine, piece: SpellBatch) -> None:
        self.rest += piece.rest_n
        if self._question.bases:
            self.groups.add_rest(piece.rest)
        if not piece.spells.num_rows:
            return
        spells = piece.spells
        for base in self._question.bases:
            spells = spells.append_column(f"by {base}", base_column(base, piece.spells))
        asked = self._question
        by = tuple(f"by {base}" for base in asked.bases)
        kept = asked.on_judged is not None
        engine.judge(asked.definitions, spells, DENERVATION_FAMILY, (*by, *asked.carried), asked.words, kept)
        if self._ageless:
            self.ageless_n += engine.select(ROW_NO, f"{CANDIDATE} AND age_at_start IS NULL").num_rows
        tallied = engine.grouped((*by, CANDIDATE, *self._truths, *(self._outcomes if by else ())))
        self._patterns.append(tallied.select([CANDIDATE, *self._truths, COUNT]))
        if by:
            self.groups.add(tallied.select([*by, *self._outcomes, COUNT]))
        if self._question.on_judged:
            self._question.on_judged(engine)

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
        self._rest = Groups(bases)
        self._tables: list[pa.Table] = []

    def add_rest(self, rest: pa.Table) -> None:
        if rest.num_rows:
            self._rest.add(rest)

    def add(self, tallied: pa.Table) -> None:
        """Add spells by group and outcome: the bases, an outcome column a definition, spells_n."""
        spells, none = tallied[COUNT], pa.scalar(0, pa.int64())
        sums = []
        for outcome in tallied.columns[len(self.bases) : -1]:
            sums.append(pc.if_else(pc.fill_null(outcome, False), spells, none))
            sums.append(pc.if_else(pc.is_null(outcome), spells, none))
        names = [*self.bases, *self.sums]
        self._tables.append(pa.table([*tallied.columns[: len(self.bases)], *sums], names=names))

    def table(self) -> pa.Table:
        """Each group once: the bases, then for each definition its counted and its unknown spells."""
        if not self.bases:
            return pa.table({})
        rest = self._rest.table().drop_columns([COUNT])
        schema = pa.schema([*rest.schema, *((name, pa.int64()) for name in self.sums)])
        zero = pa.repeat(pa.scalar(0, pa.int64()), rest.num_rows)
        empty = pa.table([*rest.columns, *(zero for _ in self.sums)], schema=schema)
        whole = pa.concat_tables([empty, *(table.cast(schema) for table in self._tables)])
        summed = whole.group_by(list(self.bases)).aggregate([(name, "sum") for name in self.sums])
        return summed.select([*self.bases, *(f"{name}_sum" for name in self.sums)]).rename_columns(schema.names)
