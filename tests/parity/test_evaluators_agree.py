"""One meaning, two evaluators: the plain one and SQL say the same of every row."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facetwise.compile.duckdb.columns import CanonicalColumns
from facetwise.compile.duckdb.engine import Engine, because_column, outcome_column, truth_column
from facetwise.compile.plan import plan
from facetwise.compile.to_sql import to_sql
from facetwise.decide.evaluate_spell import evaluate, judge
from facetwise.guidance.codelists import DENERVATION_FAMILY
from facetwise.language.definition import Definition
from facetwise.language.expressions import DayFact, Expression, FlagFact, Test, TextsFact, Value
from facetwise.language.truth import Truth
from facetwise.library import DEFINITIONS
from facetwise.spells.spell import Spell, table_of
from tests.parity import generators

ENGINE = Engine()
OF_PATIENTS = {DayFact, FlagFact, TextsFact}


def disagreements(definition: Definition, spells: Sequence[Spell]) -> list[str]:
    """What the two evaluators say differently of the spells."""
    ENGINE.judge((definition,), table_of(list(spells)), DENERVATION_FAMILY, (), words=True)
    found = []
    for spell, row in zip(spells, ENGINE.select("*").to_pylist(), strict=True):
        plain = judge(definition, spell)
        fast = tuple(Truth.of(row[truth_column(definition, criterion.id)]) for criterion in definition.criteria)
        if fast != plain.truths or Truth.of(row[outcome_column(definition)]) is not plain.outcome:
            found.append(f"{definition.criteria} of {spell}: plain {plain.truths}, SQL {fast}")
        if row[because_column(definition)] != plain.because:
            found.append(f"words of {spell}: plain {plain.because!r}, SQL {row[because_column(definition)]!r}")
    return found


def compare(definition: Definition, spells: Sequence[Spell]) -> None:
    assert disagreements(definition, spells) == []


quick = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


@quick
@given(definition=generators.definitions, spells=st.lists(generators.spells, min_size=30, max_size=30))
def test_generated_definitions_mean_the_same_in_python_and_in_sql(definition: Definition, spells: list[Spell]) -> None:
    """Any definition that can be written, on any spell."""
    compare(definition, spells)


@pytest.mark.parametrize("name", DEFINITIONS)
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(spells=st.lists(generators.spells, min_size=200, max_size=200))
def test_library_definitions_mean_the_same_in_python_and_in_sql(name: str, spells: list[Spell]) -> None:
    compare(DEFINITIONS[name], spells)


@pytest.mark.long
@settings(max_examples=2_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(definition=generators.definitions, seed=st.integers(0, 10**9))
def test_2000_generated_definitions_on_100000_generated_spells(definition: Definition, seed: int) -> None:
    """Each definition on fifty of 100,000 spells drawn once; together they see every spell."""
    pool = long_pool()
    start = (LONG_USED[0] * 50) % len(pool)
    LONG_USED[0] += 1
    compare(definition, pool[start : start + 50])


@pytest.mark.long
@pytest.mark.parametrize("name", DEFINITIONS)
def test_library_definitions_agree_on_100000_generated_spells(name: str) -> None:
    compare(DEFINITIONS[name], long_pool())


LONG_USED = [0]
_POOL: list[Spell] = []


def long_pool() -> list[Spell]:
    """100,000 spells from the same choices as the generator, by a seeded draw."""
    if not _POOL:
        draw = random.Random(20)
        _POOL.extend(_drawn(draw) for _ in range(100_000))
    return _POOL


def _drawn(draw: random.Random) -> Spell:
    def some(values: Sequence[object]) -> object:
        return None if draw.random() < 0.2 else draw.choice(values)

    def codes(of: Sequence[str]) -> object:
        if draw.random() < 0.2:
            return None
        return tuple(tuple(draw.choice(of) for _ in range(draw.randrange(4))) for _ in range(draw.randrange(4)))

    return Spell(
        spell_id="1",
        age_at_start=some(generators.AGES),  # type: ignore[arg-type]
        age_at_activity=some(generators.AGES),  # type: ignore[arg-type]
        admission_method=some(generators.METHODS),  # type: ignore[arg-type]
        administrative_category=some(generators.CATEGORIES),  # type: ignore[arg-type]
        dominant_procedure=some((*generators.PROCEDURE_CODES, "-")),  # type: ignore[arg-type]
        primary_diagnosis=some(generators.DIAGNOSIS_CODES),  # type: ignore[arg-type]
        procedures=codes(generators.PROCEDURE_CODES),  # type: ignore[arg-type]
        diagnoses=codes(generators.DIAGNOSIS_CODES),  # type: ignore[arg-type]
    )


def concrete(kind: type[Expression]) -> set[type[Expression]]:
    """The expressions of a spell below a kind that are not only a kind themselves; those of a patient stand apart."""
    below = [sub for sub in kind.__subclasses__() if sub.__module__ == Expression.__module__ and sub not in OF_PATIENTS]
    return {kind} if not below else set().union(*(concrete(sub) for sub in below))


def test_every_test_has_a_generator_a_plain_form_and_a_sql_form() -> None:
    """A new expression without one of the three fails here."""
    assert concrete(Test) == {*generators.LEAVES, *generators.JOINS}


def test_every_value_is_generated() -> None:
    assert concrete(Value) == set(generators.GENERATED_VALUES)


def test_a_test_without_a_meaning_is_refused_by_both_evaluators() -> None:
    """The bare Test has no meaning, as a new kind of test would have none."""
    for refuse in (lambda: evaluate(Test(), Spell("1")), lambda: to_sql(Test(), CanonicalColumns(plan()))):
        with pytest.raises(NotImplementedError, match="Test"):
            refuse()
