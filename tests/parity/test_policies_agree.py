"""One meaning of a policy, two evaluators: the plain one and SQL say the same of every record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from facetwise.compile.patients.batch import judge_records
from facetwise.compile.patients.conditions import At
from facetwise.compile.patients.conditions import truth as in_sql
from facetwise.compile.patients.layers import Asked
from facetwise.compile.patients.query import truth_column
from facetwise.decide.decision import NOT_APPLICABLE, criterion_truth, outcome_of
from facetwise.decide.evaluate_patient import Row
from facetwise.decide.evaluate_patient import truth as in_python
from facetwise.decide.view_as_of import view
from facetwise.language import expressions
from facetwise.language import patient as p
from facetwise.language.events import Always, AtLeast, AtLeastAtOneLevel, Chosen, LatestMeets, Near
from facetwise.language.expressions import FACT_TYPES, Expression, IsRecorded, Test, Value
from facetwise.language.policy import Policy
from facetwise.language.units import points
from facetwise.library import POLICIES
from facetwise.record.record import Record
from tests.parity.patient_expressions import BY_KIND, GENERATED_VALUES, policies, policy_of
from tests.parity.records import Named, records, records_strategy

LIBRARY = tuple(POLICIES.values())
POOL = list(records(11, 1_500))
OF_SPELLS: set[type[Expression]] = {
    expressions.CodeIn,
    expressions.AnyCodeIn,
    expressions.BeginsWith,
    expressions.CodeFact,
    expressions.CodesFact,
    expressions.LastEpisode,
    expressions.FirstCode,
    expressions.FirstRecorded,
}
quick = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
as_found = settings(quick, phases=(Phase.explicit, Phase.generate))  # of hundred records: shrinking takes minutes


def plainly(policy: Policy, record: Record, as_of: date) -> dict[str, str]:
    """What the plain evaluator says of a record, under the columns of the SQL."""
    seen = view(record, as_of)
    truths = {criterion.id: criterion_truth(criterion, seen) for criterion in policy.criteria}
    said = {
        truth_column(policy, criterion): NOT_APPLICABLE if (held := truths[criterion.id]) is None else held.value
        for criterion in policy.criteria
    }
    return {policy.id: outcome_of(truths).value, **said}


def disagreements(asked: Sequence[Policy], some: Sequence[Named]) -> list[str]:
    """What the two evaluators say differently of the records."""
    found = []
    for (name, record, as_of), row in zip(some, judge_records(some, asked).to_pylist(), strict=True):
        assert (row["record"], row["as_of"]) == (name, as_of)
        plain = {column: said for policy in asked for column, said in plainly(policy, record, as_of).items()}
        for column, said in plain.items():
            if said != row[column]:
                shown = record.model_dump(exclude_none=True, exclude_defaults=True)
                found.append(f"{column} of {shown} on {as_of}: plain {said}, SQL {row[column]}")
    return found


def compare(asked: Sequence[Policy], some: Sequence[Named]) -> None:
    found = disagreements(asked, some)
    if found:
        pytest.fail(f"{len(found)} disagreements, such as {found[0]}", pytrace=False)


def test_every_policy_says_the_same_in_python_and_in_sql_of_1500_records() -> None:
    compare(LIBRARY, POOL)


@quick
@given(policy=policies, some=st.lists(records_strategy, min_size=1, max_size=3))
def test_generated_policies_say_the_same_of_small_records(policy: Policy, some: list[tuple[Record, date]]) -> None:
    """Any policy that can be written, on records that shrink."""
    compare((policy,), [(f"r{place}", *pair) for place, pair in enumerate(some)])


@as_found
@given(policy=policies, start=st.integers(0, 14))
def test_generated_policies_say_the_same_of_generated_records(policy: Policy, start: int) -> None:
    compare((policy,), POOL[start * 100 : start * 100 + 100])


@pytest.mark.long
def test_every_policy_says_the_same_of_50000_records() -> None:
    for seed in range(10):
        compare(LIBRARY, list(records(1_000 + seed, 5_000)))


@pytest.mark.long
@settings(as_found, max_examples=2_000, derandomize=False)
@given(policy=policies, start=st.integers(0, 14))
def test_2000_generated_policies_say_the_same(policy: Policy, start: int) -> None:
    compare((policy,), POOL[start * 100 : start * 100 + 100])


def concrete(kind: type[Expression]) -> set[type[Expression]]:
    """The kinds of the language below one that have none below themselves, without those that only spells have."""
    below = [sub for sub in kind.__subclasses__() if sub.__module__.startswith("facetwise.language.")]
    return set().union(*(concrete(sub) for sub in below)) if below else {kind} - OF_SPELLS


def test_every_test_of_patients_has_a_generator() -> None:
    """A new test without one fails here; with one, it fails below until it has a plain form and a form in SQL."""
    assert concrete(Test) == set(BY_KIND)


def test_every_value_of_patients_is_generated() -> None:
    assert concrete(Value) == {type(value) for value in GENERATED_VALUES}


@pytest.mark.parametrize("kind", BY_KIND, ids=lambda kind: kind.__name__)
@settings(as_found, max_examples=8)
@given(data=st.data())
def test_every_test_of_patients_means_the_same_in_python_and_in_sql(kind: type[Test], data: st.DataObject) -> None:
    test = data.draw(BY_KIND[kind])
    assert type(test) is kind
    compare((policy_of([test]),), POOL[:300])


def test_every_value_of_patients_is_recorded_alike() -> None:
    compare((policy_of([IsRecorded(value) for value in GENERATED_VALUES]),), POOL[:300])


def test_a_test_without_a_meaning_is_refused_by_both_evaluators() -> None:
    """The bare Test has no meaning, as a new kind of test would have none."""
    for refuse in (
        lambda: in_python(Test(), Row(view(Record.model_validate({}), date(2026, 1, 1)))),
        lambda: in_sql(Test(), At(Asked())),
        lambda: in_sql(IsRecorded(Value()), At(Asked())),
    ):
        with pytest.raises(NotImplementedError, match=r"Test|Value"):
            refuse()


def test_every_fact_of_the_language_is_a_column() -> None:
    """Of the tables, or computed from them; without one a fact would be unknown of everybody."""
    at: dict[str | None, At] = {None: At(Asked()), **{events.name: At(Asked(), events) for events in p.EVENTS}}
    for value in GENERATED_VALUES:
        for fact in (part for part in value.walk() if isinstance(part, FACT_TYPES)):
            part = fact.name.partition(".")[0]
            assert at.get(part, at[None]).fact(fact).name == fact.name


NEVER: dict[str, dict[str, str]] = {}
"""Truths that a criterion cannot take, by criterion, each with the reason."""


def test_generated_records_take_every_policy_and_criterion_to_every_answer() -> None:
    """Else agreement would say little."""
    table = judge_records(list(records(12, 6_000)), LIBRARY)
    for policy in LIBRARY:
        assert set(table[policy.id].to_pylist()) == {"meets", "does-not-meet", "cannot-tell"}, policy.id
        for criterion in policy.criteria:
            column = truth_column(policy, criterion)
            can = {"met", "not-met", "unknown"} | ({NOT_APPLICABLE} if criterion.applies_when else set())
            assert set(table[column].to_pylist()) == can - set(NEVER.get(column, ())), column


# Borders that generated tests seldom reach, and what generated records taught: a row is a test, a record, an answer.

SCORES, INJECTIONS = Chosen(p.scores, Always()), Chosen(p.blocks, p.block_kind.is_one_of("intra-articular"))
PICKED: tuple[Test, ...] = (
    *(LatestMeets(SCORES, p.score_of_ten.between(points(low), points(15))) for low in (0, 5, 10)),
    *(
        AtLeast(1, Chosen(p.blocks, Near(p.block_date, INJECTIONS, first, last)))
        for first in (-28, -1, 0, 1)
        for last in (None, -27, -1, 0, 28)
    ),
    *(AtLeast(2, Chosen(p.blocks, Always()), days_apart) for days_apart in (2, 13, 14, 15, 16)),
)
NOBODY: dict[str, Any] = {}
THREE_AT_A_LEVEL = AtLeastAtOneLevel(3, Chosen(p.denervations, Always()), p.denervation_levels, p.levels)


def done(*levels: str, days: tuple[str | None, ...]) -> dict[str, Any]:
    """A record that asks for levels, with denervations of L4/5 on some days and none else."""
    held = [{"date": day, "levels": ["L4/5"]} for day in days]
    return {"request": {"levels": list(levels)}, "denervations": held, "complete": ["denervations"]}


SETTLED: tuple[tuple[str, Test, dict[str, Any], str], ...] = (
    ("no levels named", IsRecorded(p.levels), {"request": {"levels": []}}, "not-met"),
    ("no levels at all", IsRecorded(p.levels), NOBODY, "not-met"),
    ("a level named", IsRecorded(p.levels), {"request": {"levels": ["L4/5"]}}, "met"),
    ("a level named twice", THREE_AT_A_LEVEL, done("L4/5", "L4/5", days=("2026-03-01", None)), "not-met"),
    ("one of three undated", THREE_AT_A_LEVEL, done("L4/5", days=("2026-03-01", None, "2026-05-01")), "unknown"),
    ("three on three days", THREE_AT_A_LEVEL, done("L4/5", days=("2026-03-01", "2026-04-01", "2026-05-01")), "met"),
    ("three on two days", THREE_AT_A_LEVEL, done("L4/5", days=("2026-03-01", "2026-03-01", "2026-05-01")), "not-met"),
    ("no level asked for, three", THREE_AT_A_LEVEL, done(days=("2026-03-01", "2026-04-01", "2026-05-01")), "unknown"),
    ("no level asked for, none", THREE_AT_A_LEVEL, done(days=()), "not-met"),
)


def test_picked_tests_say_the_same_at_their_borders() -> None:
    compare((policy_of(PICKED),), POOL)


@pytest.mark.parametrize(("name", "test", "written", "said"), SETTLED, ids=[row[0] for row in SETTLED])
def test_what_was_settled_stays_settled(name: str, test: Test, written: dict[str, Any], said: str) -> None:
    policy, record, day = policy_of([test]), Record.model_validate(written), date(2026, 11, 20)
    compare((policy,), [(name, record, day)])
    assert plainly(policy, record, day)["generated:c0"] == said


def test_no_records_are_judged_as_no_rows() -> None:
    assert judge_records([], LIBRARY).num_rows == 0


def test_noughts_beyond_the_sixth_decimal_change_nothing() -> None:
    """A record may hold them, and a column of six decimals would refuse them."""
    written = {
        "scores": [{"scale": "NRS", "value": Decimal("5." + "0" * 60), "context": "usual", "date": "2026-11-01"}]
    }
    compare(LIBRARY, [("long", Record.model_validate(written), date(2026, 11, 20))])
