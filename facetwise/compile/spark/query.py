"""Definitions over the canonical columns in Spark SQL: DuckDB's query, with the names that Spark has for what it does to lists."""

from __future__ import annotations

from functools import lru_cache

from sqlglot import exp

from facetwise.compile.duckdb.engine import has_code, judged_query
from facetwise.language.codes import CodeList
from facetwise.language.definition import Definition

# https://spark.apache.org/docs/latest/api/sql/ : try_element_at counts from 1 and from the end as DuckDB does, and is NULL outside.
_NAMES = {"list_extract": "try_element_at", "array_to_string": "array_join", "len": "array_size"}


@lru_cache(maxsize=64)
def judged_in_spark(
    definitions: tuple[Definition, ...],
    family: CodeList,
    carried: tuple[str, ...],
    words: bool,
    spells: str,
    pretty: bool = False,
) -> str:
    """One row a spell of a Spark view in the canonical columns: spell_id, the carried columns, candidate, and for each
    definition its truths, outcome and words. The columns are named as judged_sql names them.
    """
    query = judged_query(definitions, family, carried, words).transform(_in_spark)
    for table in query.find_all(exp.Table):
        if table.name == "spells":
            table.set("this", exp.to_identifier(spells))
    return query.sql("spark", pretty=pretty)


def _in_spark(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Anonymous) and node.name in _NAMES:
        node.set("this", _NAMES[node.name])
    return node


def holds_sql(codes: CodeList) -> str:
    """Whether a code of the list stands in any position of `procedures` or is the dominant procedure: never NULL."""
    return has_code(codes).transform(_in_spark).sql("spark")
