"""Generated tests of patients: every expression of the language, over a patient's facts and the lists of events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache

from hypothesis import strategies as st

from facetwise.guidance.sources import EBI_2K
from facetwise.language import patient as p
from facetwise.language.citation import Cite
from facetwise.language.definition import Status
from facetwise.language.events import (
    Always,
    AtLeast,
    AtLeastAgo,
    AtLeastAtOneLevel,
    Chosen,
    CompletedYears,
    CountOf,
    Decided,
    Events,
    IsAfterAgo,
    IsComplete,
    IsTrue,
    Lasted,
    LatestMeets,
    MoreThanAgo,
    Near,
    OnRecord,
    ReliefAtLeast,
    ReliefLasts,
    SameText,
    Shares,
    WithinLast,
)
from facetwise.language.expressions import (
    All,
    AnyOf,
    Between,
    DayFact,
    FlagFact,
    IsRecorded,
    Not,
    Number,
    OneOf,
    Test,
    TextFact,
    TextsFact,
    Value,
)
from facetwise.language.policy import Kind, Policy, PolicyCriterion
from facetwise.language.units import Quantity, Unit, months, percent, weeks

Tests = st.SearchStrategy[Test]


@dataclass(frozen=True)
class Facts:
    """The facts that a test may ask, by what they are."""

    flags: tuple[FlagFact, ...] = ()
    days: tuple[DayFact, ...] = ()
    texts: tuple[TextFact, ...] = ()
    lists: tuple[TextsFact, ...] = ()
    numbers: tuple[Number, ...] = ()

    def __add__(self, other: Facts) -> Facts:
        return Facts(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))

    @property
    def values(self) -> tuple[Value, ...]:
        return (*self.flags, *self.days, *self.texts, *self.lists, *self.numbers)


REQUEST = Facts(texts=(p.region, p.technique), lists=(p.levels, p.sides), numbers=(p.levels_n, CountOf(p.sides)))
PATIENT = REQUEST + Facts(
    flags=(p.axial, p.radicular, p.facet_suspected, p.surgery_not_an_option, *p.CONDITIONS.values()),
    days=(p.born, p.pain_since),
    texts=(p.rating,),
    numbers=(p.age, CompletedYears(p.pain_since), p.hads_depression),
)
OF_EVENTS = {
    p.scores: Facts(days=(p.score_date,), texts=(p.score_scale, p.score_context), numbers=(p.score_of_ten,)),
    p.care: Facts(days=(p.care_from, p.care_to), texts=(p.care_kind, p.care_outcome)),
    p.blocks: Facts(
        flags=(p.block_steroid, p.block_positive, p.block_prolonged),
        days=(p.block_date,),
        texts=(p.block_kind, p.block_region),
        lists=(p.block_levels, p.block_sides),
    ),
    p.denervations: Facts(
        days=(p.denervation_date,),
        texts=(p.denervation_region,),
        lists=(p.denervation_levels, p.denervation_sides),
    ),
}
DATED = (p.blocks, p.denervations, p.scores)
OPTIONS = (
    "lumbar",
    "cervical",
    "thermal",
    "moderate",
    "NRS",
    "VAS100",
    "ODI",
    "usual",
    "referral",
    "physiotherapy",
    "failed",
    "helped",
    "medial-branch-block",
    "intra-articular",
)
SPANS = st.sampled_from(
    (months(6), months(3), months(12), months(16), months(24), weeks(4), weeks(12), Quantity(14, Unit.DAYS), months(1))
)
PERCENTS = st.sampled_from([percent(n) for n in (50, 60, 75, 80)])
_BOUNDS = {
    Unit.YEARS: (1, 2, 16, 18, 19, 40, 150),
    Unit.LEVELS: (1, 2, 3),
    Unit.POINTS: (0, 5, 6, 10, 14, 15),
}

# Tests of plain values


def leaves(facts: Facts) -> dict[type[Test], Tests]:
    """A strategy for each test of plain values that such facts allow."""
    days, texts, lists = (st.sampled_from(some) for some in (facts.days, facts.texts, facts.lists))
    made: dict[type[Test], Tests] = {
        Always: st.just(Always()),
        OneOf: st.builds(OneOf, texts, st.lists(st.sampled_from(OPTIONS), min_size=1, max_size=3).map(tuple)),
        SameText: st.builds(SameText, texts, texts),
        IsRecorded: st.sampled_from(facts.values).map(IsRecorded),
        Between: st.sampled_from(facts.numbers).flatmap(_between),
        ReliefAtLeast: PERCENTS.map(ReliefAtLeast),
        IsComplete: st.sampled_from(p.EVENTS).map(IsComplete),
    }
    if facts.flags:
        made[IsTrue] = st.sampled_from(facts.flags).map(IsTrue)
    if facts.days:
        for kind in (AtLeastAgo, MoreThanAgo, WithinLast, IsAfterAgo):
            made[kind] = st.builds(kind, days, SPANS)
        made[Lasted] = st.builds(Lasted, days, days, SPANS)
    if facts.lists:
        made[Shares] = st.builds(Shares, lists, lists, st.booleans())
    return made


def _between(number: Number) -> st.SearchStrategy[Between]:
    bound = st.sampled_from(_BOUNDS[number.held_in])
    return st.tuples(bound, bound).map(
        lambda pair: Between(number, Quantity(min(pair), number.held_in), Quantity(max(pair), number.held_in))
    )


# Joins


def joins(inner: Tests) -> dict[type[Test], Tests]:
    """A strategy for each test of other tests."""
    some = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return {
        All: some.map(All),
        AnyOf: some.map(AnyOf),
        Not: inner.map(Not),
        Decided: st.builds(Decided, inner, inner),
    }


# Tests of events


@dataclass(frozen=True)
class Scope:
    """What a test is asked of: a patient, or an event of a list; `choosing` where it chooses that event."""

    facts: Facts
    events: Events | None = None
    choosing: bool = False

    @property
    def days(self) -> tuple[DayFact, ...]:
        """The days that other events may lie near."""
        return (p.pain_since,) if self.events is None else OF_EVENTS[self.events].days


OF_PATIENT = Scope(PATIENT)


@lru_cache
def chosen(among: tuple[Events, ...], depth: int) -> st.SearchStrategy[Chosen]:
    """Events of one of the lists, chosen by a test; depth: how many tests of events may stand in one another."""

    def of(events: Events) -> st.SearchStrategy[Chosen]:
        scope = Scope(OF_EVENTS[events] + REQUEST, events, choosing=True)
        return st.builds(Chosen, st.just(events), tree(scope, depth - 1))

    return st.sampled_from(among).flatmap(of)


def of_events(scope: Scope, depth: int) -> dict[type[Test], Tests]:
    """A strategy for each test of events. What chooses an event may name facts of its own list alone."""
    dated = chosen(DATED, depth)
    made: dict[type[Test], Tests] = {
        AtLeast: st.one_of(
            st.builds(AtLeast, st.sampled_from((1, 2, 3)), chosen(p.EVENTS, depth)),
            st.builds(AtLeast, st.just(2), dated, st.sampled_from((14, 2, 30))),
        ),
        OnRecord: chosen(p.EVENTS, depth).map(OnRecord),
        ReliefLasts: st.builds(ReliefLasts, chosen((p.denervations, p.blocks), depth), PERCENTS, SPANS, st.booleans()),
        Near: st.builds(
            Near,
            st.sampled_from(scope.days),
            dated,
            st.sampled_from((-28, 0, 1, -400)),
            st.sampled_from((None, -1, 0, 90)),
        ),
    }
    held = [events for events in DATED if not scope.choosing or events is scope.events]
    if held:
        made[LatestMeets] = st.sampled_from(held).flatmap(lambda events: _latest_meets(events, scope, depth))
    if levels := [events for events in held if OF_EVENTS[events].lists]:
        made[AtLeastAtOneLevel] = st.sampled_from(levels).flatmap(lambda events: _at_one_level(events, depth))
    return made


def _latest_meets(events: Events, scope: Scope, depth: int) -> st.SearchStrategy[LatestMeets]:
    facts = OF_EVENTS[events] + (REQUEST if scope.choosing else PATIENT)
    inside = Scope(facts, events, scope.choosing)
    otherwise = st.none() | tree(scope, depth - 1)
    return st.builds(LatestMeets, chosen((events,), depth), tree(inside, depth - 1), otherwise)


def _at_one_level(events: Events, depth: int) -> st.SearchStrategy[AtLeastAtOneLevel]:
    some, level = chosen((events,), depth), OF_EVENTS[events].lists[0]
    requested = st.sampled_from((p.levels, p.levels, p.sides))
    return st.builds(AtLeastAtOneLevel, st.sampled_from((1, 2, 3)), some, st.just(level), requested)


@lru_cache
def tree(scope: Scope, depth: int) -> Tests:
    """Any test that such facts allow."""
    kinds = [*leaves(scope.facts).values(), *(of_events(scope, depth).values() if depth > 0 else ())]
    whole = st.recursive(st.one_of(*kinds), lambda inner: st.one_of(*joins(inner).values()), max_leaves=4)
    return st.deferred(lambda: whole)  # which is printed in one word


DEPTH = 2
tests: Tests = tree(OF_PATIENT, DEPTH)
BY_KIND: dict[type[Test], Tests] = {
    **leaves(PATIENT),
    **joins(tree(OF_PATIENT, 1)),
    **of_events(OF_PATIENT, DEPTH),
}
GENERATED_VALUES: tuple[Value, ...] = tuple(
    dict.fromkeys((*PATIENT.values, *(value for facts in OF_EVENTS.values() for value in facts.values)))
)


def policy_of(some: Sequence[Test], applies: Sequence[Test | None] = ()) -> Policy:
    """A policy of generated tests."""
    whens = [*applies, *([None] * len(some))]
    cite = Cite(EBI_2K, "generated")
    return Policy(
        id="generated",
        title="generated",
        version="1",
        steward="nobody",
        status=Status.BOUND,
        source=EBI_2K,
        checker="nobody",
        next_review=date(2099, 1, 1),
        criteria=tuple(
            PolicyCriterion(f"c{place}", "generated", Kind.BAR, test, cite, applies_when=whens[place])
            for place, test in enumerate(some)
        ),
    )


policies: st.SearchStrategy[Policy] = st.lists(st.tuples(tests, st.none() | tests), min_size=1, max_size=3).map(
    lambda pairs: policy_of([test for test, _ in pairs], [applies for _, applies in pairs])
)
