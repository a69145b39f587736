"""What policies say of each denervation of linked activity, as SQL.

Each denervation becomes several records, one a view of its history; policies are asked of the records by the same query
as of any patients (patients_sql.py); what the views say is then put together, one row a denervation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from enum import IntEnum

from facetwise.compile.patients import query as words
from facetwise.compile.patients.arrow_tables import COMPLETE
from facetwise.guidance import coded
from facetwise.language.events import AtLeast
from facetwise.language.history_criteria import BEYOND_ANY_CAP, counted_in, is_of_history
from facetwise.language.policy import Kind, Policy, PolicyCriterion

DONE, ANSWERS = "done", "answers"
NO_READINGS = "CAST([] AS STRUCT(minutes DECIMAL(28, 18), score DECIMAL(28, 18))[])"


class Seen(IntEnum):
    """The views of a denervation. What lies outside the cover may hold anything: in the haunted views it does.

    AS_CODED: without history. PLACED: with history, regions that no code names taken as lumbar. The others are PLACED
    with something on the first covered day, on any day, or on the last day before the cover; ALONE has only that.
    """

    AS_CODED = 0
    PLACED = 1
    AT_FIRST_DAY = 2
    OF_ANY_DAY = 3
    ALONE = 4
    UNCOVERED = 5


def asked_sql(policies: Sequence[Policy]) -> str:
    """The query over the tables of the views: every policy, and what is asked of histories alone."""
    return words.judged_sql((*policies, *_of_histories(policies)))


def _of_histories(policies: Iterable[Policy]) -> Iterable[Policy]:
    for policy in policies:
        always = tuple(replace(c, applies_when=None) for c in policy.criteria if is_of_history(c))
        counted = tuple(
            PolicyCriterion(f"{c.id}-{number}", c.says, Kind.BAR, AtLeast(1, chosen), c.cite)
            for c in policy.criteria
            for number, chosen in enumerate(counted_in(c))
            if is_of_history(c)
        )
        if always:
            yield replace(policy, id=_always(policy), criteria=always)
        if counted:
            yield replace(policy, id=_counted(policy), criteria=counted)


def _always(policy: Policy) -> str:
    return f"{policy.id}-always"


def _counted(policy: Policy) -> str:
    return f"{policy.id}-counted"


# The tables of the records: see patients_tables.py


def patients_table(first: int, last: int, complete: frozenset[str]) -> str:
    """The records of the denervations from one place to another, one a view."""
    whole = ", ".join(
        f"{_true(name in complete)} OR (view = {Seen.ALONE} AND {_true(name in ('blocks', 'denervations'))}) "
        f'AS "complete.{name}"'
        for name in COMPLETE
    )
    born = "CASE WHEN month(day) = 2 AND day(day) = 29 THEN day - 1 ELSE day END"
    return f"""
SELECT rid * {len(Seen)} + view AS pid, CAST(pid AS VARCHAR) AS record, day AS as_of,
  CASE WHEN year(day) > age THEN make_date(year(day) - age, month({born}), day({born})) END AS born,
  {whole},
  CASE WHEN view = {Seen.AS_CODED} THEN region ELSE coalesce(region, '{coded.TAKEN_AS}') END AS "request.region",
  sides AS "request.sides", technique AS "request.technique"
FROM {DONE}, (SELECT unnest(range({len(Seen)})) AS view)
WHERE rid BETWEEN {first} AND {last}"""


def history_table(name: str, kind: str, first: int, last: int, cover: tuple[date, date]) -> str:
    """The earlier events of a kind in every view, and the ghosts after them. What is doubtful has no day (linked.py)."""
    region = "e.region"
    if name == "denervations":
        region = f"CASE WHEN e.doubtful THEN e.region ELSE coalesce(e.region, '{coded.TAKEN_AS}') END"
    after = f', {NO_READINGS} AS "blocks.after"' if name == "blocks" else ""
    return f"""
WITH here AS (SELECT * FROM {DONE} WHERE rid BETWEEN {first} AND {last}),
earlier AS (
  SELECT d.rid, CASE WHEN NOT e.doubtful THEN e.day END AS day, {region} AS region, e.sides,
    row_number() OVER (PARTITION BY d.rid ORDER BY e.day, e.spell_id) AS nth
  FROM here d JOIN events e ON e.patient_id = d.patient_id AND e.kind = '{kind}' AND (e.day < d.day OR e.day IS NULL)
), views AS (
  SELECT rid, unnest([{Seen.PLACED}, {Seen.AT_FIRST_DAY}, {Seen.OF_ANY_DAY}, {Seen.UNCOVERED}]) AS view, day, region, sides, nth
  FROM earlier
), ghosts AS ({_ghosts(cover)}),
every AS (FROM views UNION ALL BY NAME FROM ghosts)
SELECT rid * {len(Seen)} + view AS pid, row_number() OVER (PARTITION BY rid, view ORDER BY nth) - 1 AS place,
  day AS "{name}.date", region AS "{name}.region", sides AS "{name}.sides"{after}
FROM every"""


def _ghosts(cover: tuple[date, date]) -> str:
    """Days on which anything may have been done outside the cover; NULL is any day."""
    first, last = (f"DATE '{day.isoformat()}'" for day in cover)
    late = f"CASE WHEN {last} < day - 1 THEN [day - 1] ELSE [] END"
    uncovered = f"list_concat([least({first}, day) - 1], {late})"
    days = {
        Seen.AT_FIRST_DAY: f"list_concat([least({first}, day - 1)], {late})",
        Seen.OF_ANY_DAY: f"list_resize(CAST([] AS DATE[]), {BEYOND_ANY_CAP})",
        Seen.ALONE: uncovered,
        Seen.UNCOVERED: uncovered,
    }
    return " UNION ALL ".join(
        f"SELECT rid, {int(view)} AS view, unnest({listed}) AS day, 1000000 AS nth FROM here"
        for view, listed in days.items()
    )


def _true(value: bool) -> str:
    return "TRUE" if value else "FALSE"


# What the views say, put together


def together_sql(policies: Sequence[Policy]) -> str:
    """One row a denervation, in their order: rid, and for each policy a truth a criterion and its outcome, in words."""
    truths = [
        f'{_truth(policy, criterion)} AS "{words.truth_column(policy, criterion)}"'
        for policy in policies
        for criterion in policy.criteria
    ]
    views = " ".join(
        f"JOIN said v{view} ON v{view}.rid = v0.rid AND v{view}.view = {view}" for view in list(map(int, Seen))[1:]
    )
    return f"""
WITH said AS (
  SELECT CAST(record AS INTEGER) // {len(Seen)} AS rid, CAST(record AS INTEGER) % {len(Seen)} AS view, * FROM {ANSWERS}
), truths AS (
  SELECT v0.rid, {", ".join(truths)} FROM said v0 {views} WHERE v0.view = 0
)
SELECT *, {", ".join(_outcome(policy) for policy in policies)} FROM truths ORDER BY rid"""


def _truth(policy: Policy, criterion: PolicyCriterion) -> str:
    """The truth by what is seen, unknown where what lies outside the cover could make it another."""
    column = words.truth_column(policy, criterion)
    if not is_of_history(criterion):
        return f'v{Seen.AS_CODED}."{column}"'
    told, always = f'v{Seen.PLACED}."{column}"', f"{_always(policy)}:{criterion.id}"
    maybe = f'v{Seen.AT_FIRST_DAY}."{always}"'
    if numbers := range(len(counted_in(criterion))):
        counts = " OR ".join(
            f"v{Seen.ALONE}.\"{_counted(policy)}:{criterion.id}-{number}\" <> '{words.NOT_MET}'" for number in numbers
        )
        maybe = f'CASE WHEN {counts} THEN v{Seen.OF_ANY_DAY}."{always}" ELSE v{Seen.UNCOVERED}."{always}" END'
    return (
        f"CASE WHEN {told} = '{words.NOT_APPLICABLE}' "
        f"THEN CASE WHEN {maybe} = '{words.MET}' THEN '{words.NOT_APPLICABLE}' ELSE '{words.UNKNOWN}' END "
        f"WHEN {maybe} = v{Seen.PLACED}.\"{always}\" THEN {told} ELSE '{words.UNKNOWN}' END"
    )


def _outcome(policy: Policy) -> str:
    held = ", ".join(f'"{words.truth_column(policy, criterion)}"' for criterion in policy.criteria)
    return (
        f"CASE WHEN '{words.NOT_MET}' IN ({held}) THEN '{words.DOES_NOT_MEET}' "
        f"WHEN '{words.UNKNOWN}' IN ({held}) THEN '{words.CANNOT_TELL}' ELSE '{words.MEETS}' END "
        f'AS "{words.outcome_column(policy)}"'
    )
