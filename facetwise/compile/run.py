"""Runs definitions on canonical spells in DuckDB: the fast evaluator."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import duckdb
import pyarrow as pa
from sqlglot import exp

from facetwise.compile.in_duckdb import CanonicalColumns
from facetwise.compile.plan import Plan, plan
from facetwise.compile.to_sql import text, to_sql
from facetwise.compile.words import because
from facetwise.errors import EngineError
from facetwise.language.codes import CodeList
from facetwise.language.definition import Definition

SPELLS = "spells"
COUNT = "spells_n"
CANDIDATE = "candidate"
_MEMORY = "400MB"


class Engine:
    """A DuckDB connection of its own, in memory, that spills to disk beyond its share of memory."""

    def __init__(self, threads: int = 2) -> None:
        settings: dict[str, str | bool | int | float | list[str]] = {"memory_limit": _MEMORY, "threads": threads}
        self._connection = duckdb.connect(":memory:", config=settings)

    def query(self, sql: str, spells: pa.Table) -> pa.Table:
        """The result of one query over a canonical table named `spells`. Errors: EngineError."""
        try:
            self._connection.register(SPELLS, spells)
            return self._connection.sql(sql).to_arrow_table()
        except duckdb.Error as error:
            raise EngineError(
                f"DuckDB failed: {str(error).splitlines()[0]}. Try fewer threads or a smaller input."
            ) from error
        finally:
            self._connection.unregister(SPELLS)

    def close(self) -> None:
        self._connection.close()


def truth_column(definition: Definition, criterion: str) -> str:
    """The name of a criterion's truth column when several definitions are judged at once."""
    return f"{definition.id}:{criterion}"


@lru_cache(maxsize=256)
def tally_sql(definitions: tuple[Definition, ...], group_by: tuple[str, ...], family: CodeList) -> str:
    """How many spells take each combination of truths (of all the definitions together) in each group.

    Returns columns: the groups, candidate, one boolean a criterion (see truth_column), spells_n, and spell_id: up to
    five examples.
    """
    planned = plan(*definitions)
    truths = _truths(planned)
    keys = [*(exp.column(name, quoted=True) for name in group_by), exp.column(CANDIDATE)]
    judged = exp.select(*keys, *truths, exp.column("spell_id")).from_("prepared")
    named = [*keys, *(exp.column(truth.alias, quoted=True) for truth in truths)]
    return (
        exp.select(
            *(key.copy() for key in named),
            exp.alias_(exp.func("count", exp.Star()), COUNT),
            exp.alias_(
                exp.Anonymous(this="min", expressions=[exp.column("spell_id"), exp.Literal.number(5)]), "examples"
            ),
        )
        .with_("prepared", as_=_prepared(planned, family))
        .with_("judged", as_=judged)
        .from_("judged")
        .group_by(*(key.copy() for key in named))
        .sql("duckdb")
    )


@lru_cache(maxsize=256)
def reasons_sql(definitions: tuple[Definition, ...], family: CodeList, extra: tuple[str, ...] = ()) -> str:
    """Each spell judged: spell_id, the extra columns, candidate, the truth columns, and 'id:because' in words."""
    planned = plan(*definitions)
    columns = CanonicalColumns(planned)
    words = [
        exp.alias_(because(definition, columns), f"{definition.id}:because", quoted=True) for definition in definitions
    ]
    return (
        exp.select(
            exp.column("spell_id"),
            *(exp.column(name) for name in extra),
            exp.column(CANDIDATE),
            *_truths(planned),
            *words,
        )
        .with_("prepared", as_=_prepared(planned, family))
        .from_("prepared")
        .sql("duckdb")
    )


def _truths(planned: Plan) -> list[exp.Expr]:
    columns = CanonicalColumns(planned)
    return [
        exp.alias_(to_sql(criterion.met_when, columns), truth_column(definition, criterion.id), quoted=True)
        for definition in planned.definitions
        for criterion in definition.criteria
    ]


def _prepared(planned: Plan, family: CodeList) -> exp.Select:
    columns = CanonicalColumns(planned)
    replaced = columns.prepared()
    hidden = [column for column in replaced if column.alias in ("procedures", "diagnoses")]
    star = exp.Star(**({"except_": [exp.to_identifier(column.alias) for column in hidden]} if hidden else {}))
    return exp.select(star, *replaced, exp.alias_(candidate(family), CANDIDATE)).from_(SPELLS)


def candidate(family: CodeList) -> exp.Expr:
    """Whether a code of the family stands in any position or as the dominant procedure: never NULL."""
    stems = "|".join(sorted(family.fours | family.categories))
    among = exp.DPipe(
        this=text(","),
        expression=exp.Anonymous(
            this="array_to_string",
            expressions=[exp.Anonymous(this="flatten", expressions=[exp.column("procedures")]), text(",")],
        ),
    )
    dominant = exp.DPipe(this=text(","), expression=exp.column("dominant_procedure"))
    found = [
        exp.func("COALESCE", exp.func("regexp_matches", held, text(f",({stems})"), dialect="duckdb"), exp.false())
        for held in (among, dominant)
    ]
    return exp.or_(*found)


def judged_by(engine: Engine, definitions: Sequence[Definition], spells: pa.Table, family: CodeList) -> pa.Table:
    """Every spell judged by the definitions, in the table's order."""
    return engine.query(reasons_sql(tuple(definitions), family), spells)
