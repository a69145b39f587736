"""Policies as one SQL query over the tables of records: see compile/patients_asked.py for its layers."""

from __future__ import annotations

from functools import lru_cache

from sqlglot import exp

from facetwise.compile.patients.arrow_tables import LISTS
from facetwise.compile.patients.as_of_views import list_seen, patients_seen, relief_seen, with_relief
from facetwise.compile.patients.conditions import At, truth
from facetwise.compile.patients.event_aggregates import at_level, day_of, enough, level_or_none
from facetwise.compile.patients.layers import Asked, AtLevels, Made
from facetwise.compile.patients.sql_helpers import EVENT, PATIENT, call, case, of_event, of_patient
from facetwise.compile.to_sql import text
from facetwise.language.policy import Policy, PolicyCriterion

MET, NOT_MET, UNKNOWN, NOT_APPLICABLE = "met", "not-met", "unknown", "not-applicable"
MEETS, DOES_NOT_MEET, CANNOT_TELL = "meets", "does-not-meet", "cannot-tell"
_BOTH = exp.EQ(this=of_event("pid"), expression=of_patient("pid"))
Named = tuple[str, exp.Expr]


def outcome_column(policy: Policy) -> str:
    """The column of a policy's outcome."""
    return policy.id


def truth_column(policy: Policy, criterion: PolicyCriterion) -> str:
    """The column of a criterion's truth."""
    return f"{policy.id}:{criterion.id}"


@lru_cache(maxsize=64)
def judged_sql(policies: tuple[Policy, ...]) -> str:
    """One row a record, in their order: record, as_of, and for each policy its outcome and a truth a criterion, in words."""
    asked = Asked()
    at = At(asked)
    truths: list[Named] = []
    told: list[Named] = []
    for policy in policies:
        for criterion in policy.criteria:
            name = truth_column(policy, criterion)
            truths.append((name, truth(criterion.met_when, at).sql))
            if criterion.applies_when is not None:
                truths.append((f"{name}?", truth(criterion.applies_when, at).sql))
        told += _told(policy)
    tables = _layers(asked)
    last = next(name for name, _ in reversed(tables) if name.startswith("patients_"))
    tables.append(
        (
            "truths",
            exp.select(*(of_patient(name) for name in ("pid", "record", "as_of")), *_aliased(truths)).from_(
                f"{last} AS {PATIENT}"
            ),
        )
    )
    query = exp.select("record", "as_of", *_aliased(told)).from_("truths").order_by("pid")
    for name, select in tables:
        query.with_(name, as_=select, copy=False)
    return query.sql("duckdb", pretty=True)


def _aliased(named: list[Named]) -> list[exp.Expr]:
    return [exp.alias_(value, name, quoted=True) for name, value in named]


def _told(policy: Policy) -> list[Named]:
    """A policy's outcome and the truths of its criteria in words, over their booleans."""
    said = {criterion.id: _applied(policy, criterion) for criterion in policy.criteria}
    every = exp.and_(*(value.copy() for value in said.values()))
    told: list[Named] = [(outcome_column(policy), _in_words(every, MEETS, DOES_NOT_MEET, CANNOT_TELL))]
    for criterion in policy.criteria:
        name = truth_column(policy, criterion)
        words = _in_words(said[criterion.id], MET, NOT_MET, UNKNOWN)
        if criterion.applies_when is not None:
            words = case((exp.not_(exp.column(f"{name}?", quoted=True)), text(NOT_APPLICABLE)), default=words)
        told.append((name, words))
    return told


def _applied(policy: Policy, criterion: PolicyCriterion) -> exp.Expr:
    """The truth of a criterion: met where it does not apply, unknown where that is unknown."""
    name = truth_column(policy, criterion)
    held = exp.column(name, quoted=True)
    if criterion.applies_when is None:
        return held
    applies = exp.column(f"{name}?", quoted=True)
    return case((applies, held), (exp.not_(applies.copy()), exp.true()))


def _in_words(value: exp.Expr, yes: str, no: str, unknown: str) -> exp.Expr:
    return case((value, text(yes)), (exp.not_(value.copy()), text(no)), default=text(unknown))


# Layers


def _layers(asked: Asked) -> list[tuple[str, exp.Select]]:
    """Every table of the query by its name, each over those before it."""
    tables = [("patients_0", patients_seen()), *((f"{name}_seen", list_seen(name)) for name in LISTS)]
    held = {name: f"{name}_seen" for name in LISTS}
    if asked.lastings:
        named = dict(asked.lastings)
        tables += [("relief_seen", relief_seen(named)), ("denervations_with_relief", with_relief(named))]
        held["denervations"] = "denervations_with_relief"
    for layer in range(asked.layers_n):
        joined = []
        for events in LISTS:
            if columns := _at(layer, events, asked.columns):
                tables.append((f"{events}_{layer}", _beside(held[events], layer, columns)))
                held[events] = f"{events}_{layer}"
            if told := _at(layer, events, asked.told):
                tables.append((f"{events}_told_{layer}", _grouped(held[events], told)))
                joined.append((f"{events}_told_{layer}", [made.name for made in told]))
        for levels in asked.levels.values():
            if levels.chosen.layer == layer:
                tables.append((levels.name, _by_level(levels, held[levels.test.chosen.events.name], layer)))
                joined.append((levels.name, [levels.sure, levels.possible]))
        tables.append((f"patients_{layer + 1}", _patients(layer, joined)))
    return tables


def _at(layer: int, events: str, made: dict[tuple[str, str], Made]) -> list[Made]:
    return [one for one in made.values() if one.events == events and one.form.layer == layer]


def _all_of(table: str) -> exp.Expr:
    return exp.Column(this=exp.Star(), table=exp.to_identifier(table))


def _beside(source: str, layer: int, columns: list[Made]) -> exp.Select:
    """The events of a list with further columns beside them."""
    made = _aliased([(column.name, column.form.sql) for column in columns])
    return (
        exp.select(_all_of(EVENT), *made).from_(f"{source} AS {EVENT}").join(f"patients_{layer} AS {PATIENT}", on=_BOTH)
    )


def _grouped(source: str, told: list[Made]) -> exp.Select:
    """What is told of the events of a list, one row a patient who has any."""
    made = _aliased([(one.name, one.form.sql) for one in told])
    return exp.select(of_event("pid"), *made).from_(f"{source} AS {EVENT}").group_by(of_event("pid"))


def _by_level(levels: AtLevels, source: str, layer: int) -> exp.Select:
    """Whether at any level asked for there are surely, or may be, enough, one row a patient who has any event."""
    test, level = levels.test, exp.column("level", table="asked", quoted=True)
    sure, possible = at_level(levels.chosen.sql, of_event(test.levels.name), level)
    day = day_of(test.chosen.events)
    each = (
        exp.select(
            of_event("pid"),
            exp.alias_(enough(test.n, 1, sure, day), "sure"),
            exp.alias_(enough(test.n, 1, possible, day), "possible"),
        )
        .from_(f"{source} AS {EVENT}")
        .join(f"patients_{layer} AS {PATIENT}", on=_BOTH)
        .join(
            exp.Lateral(
                this=exp.Unnest(expressions=[level_or_none(of_patient(test.requested.name))]),
                alias=exp.TableAlias(this=exp.to_identifier("asked"), columns=[exp.to_identifier("level")]),
            ),
            join_type="cross",
        )
        .group_by(of_event("pid"), level.copy())
    )
    return (
        exp.select(
            "pid",
            exp.alias_(call("bool_or", exp.column("sure")), levels.sure, quoted=True),
            exp.alias_(call("bool_or", exp.column("possible")), levels.possible, quoted=True),
        )
        .from_(each.subquery("each"))
        .group_by("pid")
    )


def _patients(layer: int, joined: list[tuple[str, list[str]]]) -> exp.Select:
    """The patients with what was told of their events in a layer."""
    columns = [exp.column(name, table=table, quoted=True) for table, names in joined for name in names]
    select = exp.select(_all_of(PATIENT), *columns).from_(f"patients_{layer} AS {PATIENT}")
    for table, _ in joined:
        on = exp.EQ(this=of_patient("pid"), expression=exp.column("pid", table=table, quoted=True))
        select = select.join(table, on=on, join_type="left")
    return select
