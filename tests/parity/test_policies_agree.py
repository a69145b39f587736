"""One meaning of a policy in an audit: the plain evaluator and SQL say the same of every denervation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from facetwise.audit.audit import audit_all
from facetwise.audit.histories import Cover, PatientHistory, evaluate_history, histories_from_spells
from facetwise.audit.request import AuditRequest
from facetwise.compile.audit.history_engine import HistoryEngine, is_portable
from facetwise.decide.decision import NOT_APPLICABLE
from facetwise.language import expressions
from facetwise.language import patient as p
from facetwise.language.events import AtLeast, AtLeastAtOneLevel, Chosen, Events, Near, OnRecord
from facetwise.language.expressions import Expression, IsRecorded, Test, Value
from facetwise.language.policy import Policy
from facetwise.library import definition
from facetwise.spells.reading.activity import Account, ReadOptions, open_activity
from facetwise.spells.reading.dispatch import read
from tests.audit.boundaries import on_boundaries
from tests.audit.test_audit import read_whole
from tests.parity.patient_expressions import (
    BY_KIND,
    GENERATED_VALUES,
    OF_EVENTS,
    PATIENT,
    REQUEST,
    Scope,
    chosen,
    joins,
    leaves,
    policies,
    policy_of,
    tree,
)
from tests.spells.activity_files import write

ANY = definition("any-v48")
COVERS = (date(2018, 1, 31), date(2020, 2, 29))
COVER = Cover(*COVERS, frozenset({"denervations", "blocks"}))
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
as_found = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),  # shrinking takes minutes
)


@pytest.fixture(scope="module")
def activity(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Histories at the edges of the cover and of the spans that policies ask for, some of them in doubt."""
    return write(tmp_path_factory.mktemp("histories") / "spells.csv", on_boundaries(40, 3, [COVERS]))


@pytest.fixture(scope="module")
def histories(activity: Path) -> tuple[PatientHistory, ...]:
    return histories_from_spells(read_whole(activity), ANY)[0]


@pytest.fixture(scope="module")
def engine(activity: Path) -> Iterator[HistoryEngine]:
    opened = open_activity([activity])
    with closing(HistoryEngine(ANY)) as made:
        for piece in read(opened, ReadOptions(None), Account(opened.names, opened.layout.id)):
            made.add(piece.spells)
        yield made


def plainly(policy: Policy, histories: tuple[PatientHistory, ...], cover: Cover) -> dict[str, dict[str, str]]:
    """The truths and the outcome of each denervation, by its spell, under the columns of the SQL."""
    found = {}
    for one in (one for history in histories for one in evaluate_history(history, policy, cover)):
        truths = {f"{policy.id}:{name}": NOT_APPLICABLE if t is None else t.value for name, t in one.truths.items()}
        found[one.denervation.spell_id] = {policy.id: one.outcome.value, **truths}
    return found


def in_sql(policy: Policy, engine: HistoryEngine, cover: Cover) -> dict[str, dict[str, str]]:
    rows = engine.evaluate((policy,), (cover.first, cover.last), cover.complete).to_pylist()
    return {row["spell_id"]: {name: row[name] for name in row if name.startswith(policy.id)} for row in rows}


def chosen_events(events: Events) -> st.SearchStrategy[Chosen]:
    """Events chosen by what activity shows of them, and by whether another lies some days after."""
    plain = tree(Scope(OF_EVENTS[events] + REQUEST, events, choosing=True), 0)
    day = OF_EVENTS[events].days[0]
    others = chosen((p.blocks, p.denervations), 1)
    near = st.builds(Near, st.just(day), others, st.sampled_from((-400, -28, 0, 1)), st.none())
    return st.builds(Chosen, st.just(events), plain | st.builds(lambda one, other: one & ~other, plain, near))


CHOSEN = st.sampled_from((p.blocks, p.denervations)).flatmap(chosen_events)
NO_LEVEL = st.builds(
    AtLeastAtOneLevel, st.sampled_from((1, 2)), CHOSEN, st.just(p.denervation_levels), st.just(p.levels)
)
COUNTS = st.one_of(
    CHOSEN.map(OnRecord),
    st.builds(AtLeast, st.sampled_from((1, 2, 3)), CHOSEN),
    st.builds(AtLeast, st.just(2), CHOSEN, st.sampled_from((2, 14, 30))),
    NO_LEVEL,
)
TESTS = st.recursive(
    COUNTS | st.one_of(*leaves(PATIENT).values()), lambda some: st.one_of(*joins(some).values()), max_leaves=3
)
OF_HISTORIES = st.lists(st.tuples(TESTS, st.none() | TESTS), min_size=1, max_size=2).map(
    lambda pairs: policy_of([test for test, _ in pairs], [applies for _, applies in pairs])
)


@as_found
@given(policy=OF_HISTORIES)
def test_generated_policies_say_the_same_of_histories(
    policy: Policy, engine: HistoryEngine, histories: tuple[PatientHistory, ...]
) -> None:
    """Counts of events, joined with what activity shows of a patient, whether the data have all events or none."""
    for cover in (COVER, replace(COVER, complete=frozenset())):
        if is_portable(policy, cover.complete):
            assert in_sql(policy, engine, cover) == plainly(policy, histories, cover)


@pytest.mark.long
@settings(as_found, max_examples=2_000, derandomize=False)
@given(policy=policies)
def test_2000_generated_policies_say_the_same_of_histories(
    policy: Policy, engine: HistoryEngine, histories: tuple[PatientHistory, ...]
) -> None:
    if is_portable(policy, COVER.complete):
        assert in_sql(policy, engine, COVER) == plainly(policy, histories, COVER)


def test_a_policy_without_a_sql_form_is_audited_by_the_plain_evaluator(
    activity: Path, histories: tuple[PatientHistory, ...]
) -> None:
    """Blocks within so many days of a denervation: the answers are there, beside those of a policy that SQL answers."""
    near = Near(p.block_date, Chosen(p.denervations, IsRecorded(p.denervation_date)), -90, 0)
    odd = replace(policy_of([AtLeast(1, Chosen(p.blocks, near))]), id="odd")
    usual = policy_of([p.region.is_one_of("lumbar"), AtLeast(1, Chosen(p.blocks, IsRecorded(p.block_region)))])
    assert not is_portable(odd, COVER.complete) and is_portable(usual, COVER.complete)
    question = AuditRequest((activity,), (odd, usual), ANY, COVERS, COVER.complete)
    for result in audit_all(question).results:
        name = result.policy.id
        rows = result.judged.to_pylist()
        told = {row["spell_id"]: {key: row[key] for key in row if key.startswith(name)} for row in rows}
        assert told == plainly(result.policy, histories, COVER)
        assert len({row[name] for row in rows}) > 1


def concrete(kind: type[Expression]) -> set[type[Expression]]:
    """The kinds of the language below one that have none below themselves, without those that only spells have."""
    below = [sub for sub in kind.__subclasses__() if sub.__module__.startswith("facetwise.language.")]
    return set().union(*(concrete(sub) for sub in below)) if below else {kind} - OF_SPELLS


def test_every_test_of_patients_has_a_generator() -> None:
    """A new test without one fails here; with one, it fails above until it has a plain form, and a form in SQL or none."""
    assert concrete(Test) == set(BY_KIND)


def test_every_value_of_patients_is_generated() -> None:
    assert concrete(Value) == {type(value) for value in GENERATED_VALUES}
