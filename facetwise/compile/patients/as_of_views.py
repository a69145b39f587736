"""What can be seen of each record on its day, as SQL: whatever is dated after `as_of` is taken away here, and only here.

Also what a record implies and does not write: flags of complete conditions, scores out of ten, the best score held after
a block, whether relief lasted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import pyarrow as pa
from sqlglot import exp, parse_one

from facetwise.compile.patients.arrow_tables import LISTS, PARTS
from facetwise.compile.patients.sql_helpers import (
    at_least,
    call,
    case,
    is_null,
    is_recorded,
    more_than,
    of_event,
    or_else,
    plus,
    rows_n,
    where,
)
from facetwise.compile.to_sql import number
from facetwise.language.units import Quantity

KEY = "key"
COMPUTED = {"scores": ("scores.of_ten",), "blocks": ("blocks.best_after",)}

_SCORES = """
SELECT e.*, CASE WHEN e."scores.scale" = 'VAS100' THEN e."scores.value" * 0.1 ELSE e."scores.value" END AS "scores.of_ten"
FROM scores AS e JOIN patients AS p ON e.pid = p.pid
WHERE e."scores.date" IS NULL OR e."scores.date" <= p.as_of
"""
_CARE = """
SELECT e.* REPLACE (CASE WHEN e."care.to" <= p.as_of THEN e."care.to" END AS "care.to")
FROM care AS e JOIN patients AS p ON e.pid = p.pid
WHERE e."care.from" IS NULL OR e."care.from" <= p.as_of
"""
# The scores after a block, in the order of their minutes where all have them, else as listed; then of every two in a row
# the higher, and the lowest of those. The only reading counts alone.
_BLOCKS = """
SELECT e.*,
  list_transform(
    list_sort(list_transform(e."blocks.after", LAMBDA x, i : {
      'minutes': CASE WHEN len(list_filter(e."blocks.after", LAMBDA y : y.minutes IS NULL)) = 0 THEN x.minutes END,
      'i': i, 'score': x.score})),
    LAMBDA x : x.score) AS held,
  CASE WHEN len(held) < 2 THEN held[1] ELSE list_min(list_transform(range(1, len(held)),
    LAMBDA i : greatest(held[i], held[i + 1]))) END AS "blocks.best_after"
FROM blocks AS e JOIN patients AS p ON e.pid = p.pid
WHERE e."blocks.date" IS NULL OR e."blocks.date" <= p.as_of
"""
_DENERVATIONS = """
SELECT e.*
FROM denervations AS e JOIN patients AS p ON e.pid = p.pid
WHERE e."denervations.date" IS NULL OR e."denervations.date" <= p.as_of
"""
_RELIEF = """
SELECT r.pid, r.place
FROM relief AS r
JOIN denervations_seen AS e ON r.pid = e.pid AND r.place = e.place
JOIN patients AS p ON r.pid = p.pid
WHERE r.day IS NULL OR (r.day >= e."denervations.date" AND r.day <= p.as_of)
GROUP BY r.pid, r.place
"""
_LISTS: Mapping[str, str] = {"scores": _SCORES, "care": _CARE, "blocks": _BLOCKS, "denervations": _DENERVATIONS}


@lru_cache(maxsize=1)
def patient_columns() -> frozenset[str]:
    """The facts of a patient, each a column."""
    return frozenset({"born", *(f"{part}.{field}" for part, fields in PARTS.items() for field in fields)})


@lru_cache(maxsize=8)
def event_columns(name: str) -> frozenset[str]:
    """The facts of the events of a list, each a column."""
    return frozenset({*(f"{name}.{field}" for field in LISTS[name]), *COMPUTED.get(name, ())})


def patients_seen() -> exp.Select:
    """The facts of each patient as they can be seen."""
    as_of = exp.column("as_of")

    def seen(name: str) -> exp.Expr:
        column = exp.column(name, quoted=True)
        return exp.alias_(case((exp.LTE(this=column, expression=as_of.copy()), column)), name, quoted=True)

    def assessed(name: str) -> exp.Expr:
        later = more_than(exp.column("assessment.date", quoted=True), as_of)
        column = exp.column(name, quoted=True)
        return exp.alias_(case((exp.not_(or_else(later, exp.false())), column)), name, quoted=True)

    def absent(name: str) -> exp.Expr:
        column = exp.column(name, quoted=True)
        none = case((exp.column("complete.conditions", quoted=True), exp.false()))
        return exp.alias_(or_else(column, none), name, quoted=True)

    flags = [f"conditions.{field}" for field, kind in PARTS["conditions"].items() if pa.types.is_boolean(kind)]
    replaced = [
        seen("born"),
        seen("pain.since"),
        *(assessed(f"assessment.{field}") for field in PARTS["assessment"]),
        *(absent(name) for name in flags),
    ]
    return exp.select(exp.Star(replace=replaced)).from_("patients")


def list_seen(name: str) -> exp.Select:
    """The events of a list that can be seen, with `key`, by which they are in order of day and place; NULL undated."""
    held = _parsed(_LISTS[name]).copy()
    day = of_event(f"{name}.date")
    since = exp.Paren(this=exp.Sub(this=day, expression=exp.cast(exp.Literal.string("0001-01-01"), "DATE")))
    days = exp.cast(since, "BIGINT")
    order = exp.Add(this=exp.Mul(this=days, expression=number(1 << 32)), expression=of_event("place"))
    key: exp.Expr = order if "date" in LISTS[name] else exp.null()
    return held.select(exp.alias_(key, KEY))


@lru_cache(maxsize=8)
def _parsed(sql: str) -> exp.Select:
    held = parse_one(sql, dialect="duckdb")
    assert isinstance(held, exp.Select)
    return held


@dataclass(frozen=True)
class Lasting:
    """Whether the relief after one denervation was so much for so long: ReliefLasts, of one that is the latest."""

    percent: Quantity
    span: Quantity
    daily_activities: bool


def relief_seen(lastings: Mapping[Lasting, str]) -> exp.Select:
    """One row a denervation that has readings, with a truth for each way of asking whether they lasted."""
    told = [exp.alias_(_lasts(lasting), name, quoted=True) for lasting, name in lastings.items()]
    return _parsed(_RELIEF).copy().select(*told)


def _lasts(lasting: Lasting) -> exp.Expr:
    day, percent, adl = (exp.column(name, table="r") for name in ("day", "percent", "adl_percent"))
    said = at_least(percent, lasting.percent.value)
    if lasting.daily_activities:
        said = exp.Paren(this=exp.or_(said, at_least(adl, lasting.percent.value)))
    enough = plus(of_event("denervations.date"), lasting.span)
    first = where(call("min", day), exp.and_(said, at_least(day, enough)))
    below = exp.not_(or_else(said, exp.false()))
    doubt = exp.and_(below, exp.or_(is_recorded(percent), is_recorded(adl)))
    doubted = where(call("min", day), doubt)
    met = exp.and_(
        is_recorded(first),
        exp.EQ(this=rows_n(exp.and_(doubt, is_null(day))), expression=number(0)),
        exp.or_(is_null(doubted), at_least(doubted, first)),
    )
    early = exp.and_(exp.not_(said), exp.LT(this=day.copy(), expression=enough.copy()))
    return case((met, exp.true()), (more_than(rows_n(early), 0), exp.false()))


def with_relief(lastings: Mapping[Lasting, str]) -> exp.Select:
    """The denervations seen, each with the truths of its readings; unknown where there are none."""
    told = [exp.column(name, table="r", quoted=True) for name in lastings.values()]
    both = exp.and_(
        *(exp.EQ(this=of_event(name), expression=exp.column(name, table="r", quoted=True)) for name in ("pid", "place"))
    )
    return (
        exp.select(exp.Column(this=exp.Star(), table=exp.to_identifier("e")), *told)
        .from_("denervations_seen AS e")
        .join("relief_seen AS r", on=both, join_type="left")
    )
