"""Runs definitions on canonical spells in DuckDB: the fast evaluator."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import duckdb
import numpy as np
import pyarrow as pa
from sqlglot import exp

from facetwise.compile.duckdb.columns import CanonicalColumns, joined_codes
from facetwise.compile.plan import Plan, plan
from facetwise.compile.reasons import because
from facetwise.compile.to_sql import text, to_sql
from facetwise.errors import EngineError
from facetwise.language.codes import CodeList
from facetwise.language.definition import Definition
from facetwise.spells.arrays import numbers
from facetwise.spells.spell import SCHEMA

CANDIDATE = "candidate"
ROW_NO = "place"  # of a spell in its table: threads give their rows back in any order
COUNT = "spells_n"
_MEMORY = "400MB"
_PIECE = 4096
SPELLS = "spells"
_JUDGED = "judged"


@lru_cache(maxsize=8)
def database(threads: int) -> duckdb.DuckDBPyConnection:
    """An empty database in memory for each number of threads: starting one costs more than most questions do.

    Every engine has a cursor of its own in it, whose tables no other sees.
    """
    # Unless it is told otherwise DuckDB spills into the folder it is called from, which may not be one to write into.
    spill = Path(tempfile.gettempdir()) / f"facetwise-{uuid4().hex}"
    atexit.register(shutil.rmtree, spill, ignore_errors=True)
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": _MEMORY,
        "threads": threads,
        "temp_directory": str(spill),
    }
    return duckdb.connect(":memory:", config=settings)


@contextmanager
def failures(report: str) -> Iterator[None]:
    """What DuckDB fails with, as an EngineError. report: what is to be told with it."""
    try:
        yield
    except duckdb.Error as error:
        raise EngineError(f"DuckDB failed: {str(error).splitlines()[0]}. Report it with {report}.") from error


def truth_column(definition: Definition, criterion: str) -> str:
    """The truth column of a criterion: a boolean, NULL where unknown."""
    return f"{definition.id}:{criterion}"


def outcome_column(definition: Definition) -> str:
    """The outcome column: TRUE is counted, FALSE not counted, NULL unknown."""
    return f"{definition.id}="


def because_column(definition: Definition) -> str:
    """The column that says why not, in words."""
    return f"{definition.id}?"


class Engine:
    """A DuckDB of its own, in memory, that spills to disk beyond its share. It judges one table of spells at a time."""

    def __init__(self, threads: int = 2) -> None:
        self._connection = database(threads).cursor()
        self._made = "TABLE"

    def judge(
        self,
        definitions: tuple[Definition, ...],
        spells: pa.Table,
        family: CodeList,
        carried: tuple[str, ...] = (),
        words: bool = False,
        kept: bool = True,
    ) -> None:
        """Judge every spell of a canonical table (further columns may be carried along) by all the definitions.

        Verdicts that stand in the table already (verdict_columns) are taken as they are, and so is `candidate`.

        kept: for answers that are read several times; else they are found anew for each reading, which costs less than
        keeping them.
        """
        self._run(f"DROP {self._made} IF EXISTS {_JUDGED}")
        spells = spells.append_column(ROW_NO, numbers(np.arange(spells.num_rows), pa.int64()))
        in_pieces = pa.Table.from_batches(
            spells.to_batches(max_chunksize=_PIECE), spells.schema
        )  # for its threads to share
        self._connection.register(SPELLS, in_pieces)
        given = frozenset(spells.column_names) - frozenset(SCHEMA.names)
        stands = all(outcome_column(definition) in given for definition in definitions)  # nothing is left to compute
        self._made = "TABLE" if kept and not stands else "VIEW"
        sql = judged_sql(definitions, family, carried, words, given)
        self._run(f"CREATE TEMP {self._made} {_JUDGED} AS {sql}")

    def select(self, columns: str, where: str = "TRUE") -> pa.Table:
        """Columns, given in SQL, of what was judged last, in the order of the spells."""
        return self._run(f"SELECT {columns} FROM {_JUDGED} WHERE {where} ORDER BY {ROW_NO}").to_arrow_table()

    def grouped(self, keys: tuple[str, ...]) -> pa.Table:
        """What was judged last, counted by columns."""
        named = ", ".join(f'"{key}"' for key in keys)
        return self._run(f"SELECT {named}, count(*) AS {COUNT} FROM {_JUDGED} GROUP BY {named}").to_arrow_table()

    def _run(self, sql: str) -> duckdb.DuckDBPyRelation:
        with failures("the definition's id"):
            return self._connection.sql(sql)

    def close(self) -> None:
        self._connection.close()


def verdict_columns(definition: Definition) -> tuple[str, ...]:
    """Every column that a judged definition has: its truths, its outcome, its words."""
    truths = (truth_column(definition, criterion.id) for criterion in definition.criteria)
    return (*truths, outcome_column(definition), because_column(definition))


def fingerprint(definition: Definition, family: CodeList) -> str:
    """A mark of what judging by a definition means: of all the SQL that it comes to. 16 hexadecimal digits."""
    return sha256(judged_sql((definition,), family, (), True).encode()).hexdigest()[:16]


@lru_cache(maxsize=256)
def judged_sql(
    definitions: tuple[Definition, ...],
    family: CodeList,
    carried: tuple[str, ...],
    words: bool,
    given: frozenset[str] = frozenset(),
) -> str:
    """One row a spell: spell_id, its place, the carried columns, candidate, and for each definition its truths, outcome and words.

    given: columns of these that the table has already.
    """
    return judged_query(definitions, family, (ROW_NO, *carried), words, given).sql("duckdb")


def judged_query(
    definitions: tuple[Definition, ...],
    family: CodeList,
    carried: tuple[str, ...],
    words: bool,
    given: frozenset[str] = frozenset(),
) -> exp.Select:
    """The same before any dialect, over a table `spells` in the canonical columns; its place is one of the carried."""
    asked = tuple(d for d in definitions if outcome_column(d) not in given)
    columns = CanonicalColumns(planned := plan(*asked))
    carries = (exp.column(name, quoted=name != ROW_NO) for name in carried)
    kept = [exp.column("spell_id"), *carries, exp.column(CANDIDATE)]
    truths = exp.select(
        exp.Star(),
        *(
            exp.alias_(to_sql(criterion.met_when, columns), truth_column(definition, criterion.id), quoted=True)
            for definition in asked
            for criterion in definition.criteria
        ),
    ).from_("prepared")
    told: list[exp.Expr] = []
    for definition in definitions:
        if definition in asked:
            told += _told(definition, columns, words)
        else:
            told += [exp.column(name, quoted=True) for name in verdict_columns(definition)[: None if words else -1]]
    return (
        exp.select(*kept, *told)
        .with_("prepared", as_=_prepared(planned, family, CANDIDATE in given, carried))
        .with_("truths", as_=truths)
        .from_("truths")
    )


def _told(definition: Definition, columns: CanonicalColumns, words: bool) -> list[exp.Expr]:
    held = [exp.column(truth_column(definition, criterion.id), quoted=True) for criterion in definition.criteria]
    told = [*held, exp.alias_(exp.and_(*(c.copy() for c in held)), outcome_column(definition), quoted=True)]
    if words:
        told.append(exp.alias_(because(definition, columns, held), because_column(definition), quoted=True))
    return told


def _prepared(planned: Plan, family: CodeList, has_candidate: bool, carried: tuple[str, ...]) -> exp.Select:
    columns = CanonicalColumns(planned).prepared()
    made = {column.alias for column in columns}
    columns += [
        exp.alias_(joined_codes(name), name, quoted=True)
        for name in ("procedures", "diagnoses")
        if name in carried and name not in made  # nothing asks for them where the verdicts stand already
    ]
    hidden = [exp.to_identifier(column.alias) for column in columns if column.alias in ("procedures", "diagnoses")]
    star = exp.Star(except_=hidden) if hidden else exp.Star()
    found = () if has_candidate else (exp.alias_(has_code(family), CANDIDATE),)
    return exp.select(star, *columns, *found).from_(SPELLS)


def has_code(family: CodeList) -> exp.Expr:
    """Whether a code of a list stands in any position or as the dominant procedure: never NULL."""
    stems = text(f",({'|'.join(sorted(family.fours | family.categories))})")
    dominant = exp.DPipe(this=text(","), expression=exp.column("dominant_procedure"))
    return exp.or_(
        *(
            exp.func("COALESCE", exp.func("regexp_matches", held, stems.copy(), dialect="duckdb"), exp.false())
            for held in (joined_codes("procedures"), dominant)
        )
    )
