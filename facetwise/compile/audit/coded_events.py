"""What the codes of spells show of their patients, as SQL: each denervation, block or fusion once, with its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from facetwise.guidance import coded, codelists
from facetwise.guidance.coded import BLOCK, DENERVATION, FUSION
from facetwise.language import activity
from facetwise.language.codes import CodeList

EVENTS = "events"
COLUMNS: Mapping[str, str] = {
    "kind": "VARCHAR",
    "spell_id": "VARCHAR",
    "patient_id": "VARCHAR",
    "day": "DATE",
    "discharged": "DATE",
    "provider": "VARCHAR",
    "age": "INTEGER",
    "region": "VARCHAR",
    "sides": "VARCHAR[]",
    "technique": "VARCHAR",
    "doubtful": "BOOLEAN",
}
CODES = (
    "list_distinct(list_transform(list_append(flatten(coalesce(procedures, [])), dominant_procedure), "
    "lambda code: left(code, 4)))"
)


def events_sql(counted: str) -> str:
    """One row for each denervation, block and fusion among the rows of `judged_spells`, in the columns of COLUMNS.

    counted: the column there that says whether a spell is a denervation. A spell that is one is nothing else here: what
    was done with it on the same day is no history of it. A spell may be a block and a fusion at once. Doubtful is one of
    which it cannot be told whether it is a denervation.
    """
    own = _named(coded.REGIONS_OF_OPERATIONS)
    valid = activity.age_at_start
    sites = _named(coded.REGIONS_OF_SITES)
    kinds = (
        f"CASE WHEN {counted} THEN ['{DENERVATION}'] ELSE list_filter(["
        f"CASE WHEN {counted} IS NULL THEN '{DENERVATION}' END, "
        f"CASE WHEN {_holds(codelists.BLOCKS_AND_INJECTIONS)} THEN '{BLOCK}' END, "
        f"CASE WHEN {_holds(codelists.FUSION)} THEN '{FUSION}' END], lambda kind: kind IS NOT NULL) END"
    )
    return f"""
WITH coded AS (SELECT *, {CODES} AS codes FROM judged_spells),
named AS (SELECT *, {own} AS own, {sites} AS sites FROM coded)
SELECT unnest({kinds}) AS kind, spell_id, patient_id, admitted AS day, discharged, provider,
  CASE WHEN coalesce(age_at_activity, age_at_start) BETWEEN {valid.low} AND {valid.high}
    THEN coalesce(age_at_activity, age_at_start) END AS age,
  CASE WHEN len(own) = 1 THEN own[1] WHEN len(own) = 0 AND len(sites) = 1 THEN sites[1] END AS region,
  {_sides()} AS sides,
  CASE WHEN list_has_any(codes, {_texts(sorted(coded.THERMAL))}) THEN 'thermal' END AS technique,
  kind = '{DENERVATION}' AND {counted} IS NULL AS doubtful
FROM named"""


def _texts(values: Iterable[str]) -> str:
    return "[" + ", ".join(f"'{value}'" for value in values) + "]"


def _named(regions: Mapping[str, str]) -> str:
    """The regions that the codes name, each once."""
    by_region = {region: [code for code, of in regions.items() if of == region] for region in regions.values()}
    named = (
        f"CASE WHEN list_has_any(codes, {_texts(codes)}) THEN '{region}' END" for region, codes in by_region.items()
    )
    return f"list_filter([{', '.join(named)}], lambda region: region IS NOT NULL)"


def _sides() -> str:
    both = (
        f"CASE WHEN list_has_any(codes, {_texts(code for code, sides in coded.SIDES.items() if side in sides)}) THEN '{side}' END"
        for side in ("left", "right")
    )
    return f"nullif(list_filter([{', '.join(both)}], lambda side: side IS NOT NULL), [])"


def _holds(codes: CodeList) -> str:
    tests = [f"list_has_any(codes, {_texts(sorted(codes.fours))})"] if codes.fours else []
    if codes.categories:
        threes = "list_transform(codes, lambda code: left(code, 3))"
        tests.append(f"list_has_any({threes}, {_texts(sorted(codes.categories))})")
    return " OR ".join(tests)
