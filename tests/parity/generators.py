"""Generated spells and definitions: missing values, padding, case, several episodes, sentinels among them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from hypothesis import strategies as st

from facetwise.guidance import codelists
from facetwise.guidance.sources import EBI_2K
from facetwise.language import activity
from facetwise.language.citation import Cite
from facetwise.language.codes import CodeList, CodeSystem
from facetwise.language.definition import Criterion, Definition, Status
from facetwise.language.expressions import (
    All,
    AnyCodeIn,
    AnyOf,
    BeginsWith,
    Between,
    Code,
    CodeFact,
    CodeIn,
    Codes,
    CodesFact,
    Expression,
    FirstCode,
    FirstRecorded,
    IsRecorded,
    LastEpisode,
    Not,
    NumberFact,
    OneOf,
    Test,
    TextFact,
    Value,
    system_of,
)
from facetwise.language.units import years
from facetwise.spells.spell import Spell

T = TypeVar("T")
PROCEDURE_CODES = (
    "V485",
    "V487",
    "V486",
    "V481",
    "A572",
    "A573",
    "Z675",
    "Z676",
    "Z993",
    "Y114",
    "C501",
    "W371",
    "V48",
    "V4851",
)
DIAGNOSIS_CODES = (
    "M545",
    "M512",
    "M4786",
    "M549",
    "C509",
    "C50",
    "D45",
    "D099",
    "D10",
    "Z993",
    "R69X",
    "E119",
    "G632*",
    "M5456",
)
AGES = (0, 18, 19, 20, 64, 119, 120, 121, 999, -1, 7008)
METHODS = ("11", "12", "13", "21", "2A", "28", "31", "81", "99", "1", "2")
CATEGORIES = ("01", "02", "03", "04", "99", "20")

PROCEDURE_LISTS = tuple(listed for listed in codelists.CODE_LISTS if listed.system is CodeSystem.OPCS4)
DIAGNOSIS_LISTS = tuple(listed for listed in codelists.CODE_LISTS if listed.system is CodeSystem.ICD10)


def episodes(codes: tuple[str, ...]) -> st.SearchStrategy[tuple[tuple[str, ...], ...]]:
    """Lists of episodes, empty ones and an empty list among them."""
    episode = st.lists(st.sampled_from(codes), max_size=4).map(tuple)
    return st.lists(episode, max_size=4).map(tuple)


def maybe(strategy: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    """None one time in a few."""
    return st.none() | strategy | strategy


spells: st.SearchStrategy[Spell] = st.builds(
    Spell,
    spell_id=st.just("1"),
    age_at_start=maybe(st.sampled_from(AGES)),
    age_at_activity=maybe(st.sampled_from(AGES)),
    admission_method=maybe(st.sampled_from(METHODS)),
    administrative_category=maybe(st.sampled_from(CATEGORIES)),
    dominant_procedure=maybe(st.sampled_from((*PROCEDURE_CODES, "-"))),
    primary_diagnosis=maybe(st.sampled_from(DIAGNOSIS_CODES)),
    procedures=maybe(episodes(PROCEDURE_CODES)),
    diagnoses=maybe(episodes(DIAGNOSIS_CODES)),
)


def lists_of(system: CodeSystem) -> st.SearchStrategy[CodeList]:
    """The library's lists of a system, and small ones of codes and categories."""
    known = PROCEDURE_LISTS if system is CodeSystem.OPCS4 else DIAGNOSIS_LISTS
    codes = PROCEDURE_CODES if system is CodeSystem.OPCS4 else DIAGNOSIS_CODES
    plain = sorted(
        {code[:length] for code in codes for length in (3, 4) if code[:length].isalnum() and len(code) >= length}
    )
    made = st.lists(st.sampled_from(plain), min_size=1, max_size=3, unique=True).map(
        lambda some: CodeList.of("generated", system, "1", " ".join(some))
    )
    return st.sampled_from(known) | made


CODES: st.SearchStrategy[Codes] = st.sampled_from(
    (
        activity.procedures,
        activity.diagnoses,
        activity.procedures.last_episode(),
        activity.diagnoses.last_episode(),
    )
)
SINGLE: st.SearchStrategy[Code] = st.sampled_from(
    (activity.dominant_procedure, activity.primary_diagnosis)
) | CODES.map(lambda of: of.first_code())
NUMBERS = st.sampled_from(
    (
        activity.age_at_start,
        activity.age_at_activity,
        activity.age,
        FirstRecorded(activity.age_at_activity, activity.age_at_start),
    )
)
TEXTS = st.sampled_from((activity.admission_method, activity.administrative_category))
VALUES: st.SearchStrategy[Value] = SINGLE | CODES | NUMBERS | TEXTS
_BOUNDS = st.tuples(st.sampled_from(AGES), st.sampled_from(AGES)).map(sorted)

LEAVES: dict[type[Test], st.SearchStrategy[Test]] = {
    CodeIn: SINGLE.flatmap(lambda value: lists_of(system_of(value)).map(value.is_in)),
    AnyCodeIn: CODES.flatmap(lambda value: lists_of(system_of(value)).map(value.any_in)),
    Between: st.builds(lambda value, bounds: value.between(years(bounds[0]), years(bounds[1])), NUMBERS, _BOUNDS),
    BeginsWith: st.builds(BeginsWith, TEXTS, st.sampled_from(("1", "2", "0", "02", "2A"))),
    OneOf: st.builds(
        OneOf, TEXTS, st.lists(st.sampled_from((*METHODS, *CATEGORIES)), min_size=1, max_size=3, unique=True).map(tuple)
    ),
    IsRecorded: VALUES.map(IsRecorded),
}
JOINS: dict[type[Test], Callable[[st.SearchStrategy[Test]], st.SearchStrategy[Test]]] = {
    All: lambda inner: st.lists(inner, min_size=1, max_size=3).map(lambda tests: All(tuple(tests))),
    AnyOf: lambda inner: st.lists(inner, min_size=1, max_size=3).map(lambda tests: AnyOf(tuple(tests))),
    Not: lambda inner: inner.map(Not),
}
GENERATED_VALUES: tuple[type[Expression], ...] = (
    CodeFact,
    CodesFact,
    NumberFact,
    TextFact,
    LastEpisode,
    FirstCode,
    FirstRecorded,
)

tests: st.SearchStrategy[Test] = st.recursive(
    st.one_of(*LEAVES.values()), lambda inner: st.one_of(*(join(inner) for join in JOINS.values())), max_leaves=6
)


def _criterion(place: int, test: Test) -> Criterion:
    return Criterion(
        id=f"generated-{place}",
        says="generated",
        met_when=test,
        cite=Cite(EBI_2K, "generated"),
        when_not_met="not met" + "".join(f" {{{name}}}" for name in _slots(test)),
        when_unknown="unknown",
        when_missing="nothing is recorded" if place else "",
    )


def _slots(test: Test) -> tuple[str, ...]:
    """Everything that a criterion's words may speak of."""
    facts = [part.name for part in test.walk() if isinstance(part, CodeFact | CodesFact | NumberFact | TextFact)]
    last = [f"{part.of.name}_last_episode" for part in test.walk() if isinstance(part, LastEpisode)]
    return tuple(dict.fromkeys([*facts, *last]))


definitions: st.SearchStrategy[Definition] = st.lists(tests, min_size=1, max_size=3).map(
    lambda some: Definition(
        id="generated",
        title="generated",
        version="1",
        published=date(2026, 1, 1),
        steward="nobody",
        status=Status.BOUND,
        source=EBI_2K,
        criteria=tuple(_criterion(place, test) for place, test in enumerate(some)),
    )
)
