"""One meaning of a policy in an audit: the plain evaluator and SQL say the same of every denervation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from facetwise.audit.audit import audit_all
from facetwise.audit.histories import Course, Cover, courses, evaluate_history
from facetwise.audit.request import AuditQuestion
from facetwise.compile.audit.history_engine import HistoryEngine, is_portable
from facetwise.decide.decision import NOT_APPLICABLE
from facetwise.language import expressions
from facetwise.language import patient as p
from facetwise.language.events import AtLeast, Chosen, Near
from facetwise.language.expressions import Expression, IsRecorded, Test, Value
from facetwise.language.policy import Policy
from facetwise.library import definition
from facetwise.spells.reading.activity import Account, ReadOptions, open_activity
from facetwise.spells.reading.dispatch import read
from tests.audit.boundaries import on_boundaries
from tests.audit.test_audit import read_whole
from tests.parity.patient_expressions import BY_KIND, GENERATED_VALUES, policies, policy_of
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
def histories(activity: Path) -> tuple[Course, ...]:
    return courses(read_whole(activity), ANY)[0]


@pytest.fixture(scope="module")
def engine(activity: Path) -> Iterator[HistoryEngine]:
    opened = open_activity([activity])
    with closing(HistoryEngine(ANY)) as made:
        for piece in read(opened, ReadOptions(None), Account(opened.names, opened.layout.id)):
            made.add(piece.spells)
        yield made


def plainly(policy: Policy, histories: tuple[Course, ...], cover: Cover) -> dict[str, dict[str, str]]:
    """The truths and the outcome of each denervation, by its spell, under the columns of the SQL."""
    found = {}
    for one in (one for history in histories for one in evaluate_history(history, policy, cover)):
        truths = {f"{policy.id}:{name}": NOT_APPLICABLE if t is None else t.value for name, t in one.truths.items()}
        found[one.denervation.spell_id] = {policy.id: one.outcome.value, **truths}
    return found


def in_sql(policy: Policy, engine: HistoryEngine, cover: Cover) -> dict[str, dict[str, str]]:
    rows = engine.evaluate((policy,), (cover.first, cover.last), cover.complete).to_pylist()
    return {row["spell_id"]: {name: row[name] for name in row if name.startswith(policy.id)} for row in rows}


@as_found
@given(policy=policies)
def test_generated_policies_say_the_same_of_histories(
    policy: Policy, engine: HistoryEngine, histories: tuple[Course, ...]
) -> None:
    """Any policy that can be written and has a SQL form, whether the data have all events or none."""
    for cover in (COVER, replace(COVER, complete=frozenset())):
        if is_portable(policy, cover.complete):
            assert in_sql(policy, engine, cover) == plainly(policy, histories, cover)


@pytest.mark.long
@settings(as_found, max_examples=2_000, derandomize=False)
@given(policy=policies)
def test_2000_generated_policies_say_the_same_of_histories(
    policy: Policy, engine: HistoryEngine, histories: tuple[Course, ...]
) -> None:
    if is_portable(policy, COVER.complete):
        assert in_sql(policy, engine, COVER) == plainly(policy, histories, COVER)


def test_a_policy_without_a_sql_form_is_audited_by_the_plain_evaluator(
    activity: Path, histories: tuple[Course, ...]
) -> None:
    """Blocks within so many days of a denervation: the answers are there, beside those of a policy that SQL answers."""
    near = Near(p.block_date, Chosen(p.denervations, IsRecorded(p.denervation_date)), -90, 0)
    odd = replace(policy_of([AtLeast(1, Chosen(p.blocks, near))]), id="odd")
    usual = policy_of([p.region.is_one_of("lumbar"), AtLeast(1, Chosen(p.blocks, IsRecorded(p.block_region)))])
    assert not is_portable(odd, COVER.complete) and is_portable(usual, COVER.complete)
    question = AuditQuestion((activity,), (odd, usual), ANY, COVERS, COVER.complete)
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
