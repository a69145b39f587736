"""Which answers activity can give at all: whether a criterion can come out both ways, and from which day on.

A share of answers that can only be one is no finding. That is not read off a list: the plain evaluator is asked about a
handful of made-up patients, so that a policy that is changed, or a board's own, is told as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

from facetwise.audit.histories import CodedEvent, Cover, PatientHistory, evaluate_history
from facetwise.decide.calendar import plus
from facetwise.language.events import AtLeast, AtLeastAtOneLevel, HeldAgainstToday
from facetwise.language.history_criteria import is_of_history
from facetwise.language.patient import denervation_date
from facetwise.language.policy import Policy, PolicyCriterion
from facetwise.language.truth import Truth
from facetwise.language.units import Quantity, months

_ONE_DAY = timedelta(days=1)
_DAY = date(2020, 6, 15)
_BEGINS, _ENDS = date(1990, 1, 1), date(2030, 1, 1)
# Sessions and blocks so many months before the day: none, within every window that policies ask for and beyond it, several.
_SESSIONS = ((), (1,), (7,), (17,), (30,), (1, 2, 3, 4))
_BLOCKS = ((1,), (1, 2))
_LUMBAR = CodedEvent("", _DAY, "made up", 50, "lumbar", ("left",), "thermal")
_OTHERS = (
    CodedEvent("", _DAY, "made up", 10, "cervical", ("right",), "thermal"),
    CodedEvent("", _DAY, "made up", 90, "thoracic", ("left", "right")),
    CodedEvent("", _DAY, None),
)


@cache
def possible_answers(policy: Policy, complete: frozenset[str]) -> Mapping[str, frozenset[Truth]]:
    """Of each criterion the truths met and not met that activity can show, whatever the patient: none, one or both.

    complete: the kinds of events that the data hold whole, for as long as any policy looks back.
    """
    cover = Cover(_BEGINS, _ENDS, complete)
    answers = [one.truths for course in _made_up() for one in evaluate_history(course, policy, cover)]
    told = {Truth.MET, Truth.NOT_MET}
    found = {c.id: frozenset(told & {truths[c.id] for truths in answers}) for c in policy.criteria}
    return MappingProxyType(found)


def _made_up() -> Iterator[PatientHistory]:
    for done in (_LUMBAR, *_OTHERS):
        yield _course(done, (), ())
        yield _course(done, (7,), ())
    for sessions in _SESSIONS:
        yield _course(_LUMBAR, sessions, ())
    for blocks in _BLOCKS:
        yield _course(_LUMBAR, (), blocks)
        yield _course(_LUMBAR, (30,), blocks)


def _course(done: CodedEvent, sessions: Sequence[int], blocks: Sequence[int]) -> PatientHistory:
    def before(of: Sequence[int]) -> tuple[CodedEvent, ...]:
        return tuple(_on(done, plus(_DAY, months(-n)), str(n)) for n in sorted(of, reverse=True))

    return PatientHistory("made up", (*before(sessions), _on(done, _DAY, "0")), before(blocks))


def _on(done: CodedEvent, day: date, name: str) -> CodedEvent:
    return CodedEvent(name, day, done.provider, done.age, done.region, done.sides, done.technique)


@cache
def unbiased_from(policy: Policy, criterion: PolicyCriterion, first: date, complete: frozenset[str]) -> date | None:
    """The day from which a criterion on earlier denervations can come out both ways; None where it does not look back so.

    first: the first covered day. complete: as in can_be. Earlier, a session that breaks an interval or a cap may be seen,
    and that there was none may not: all that is judged then is not met.
    """
    spans = _spans(criterion)
    if not is_of_history(criterion) or not spans:
        return None
    alone, cover = replace(policy, criteria=(criterion,)), Cover(first, date.max, complete)

    def is_both(day: date) -> bool:
        answers = (
            evaluate_history(course, alone, cover)[-1].truths[criterion.id]
            for course in _made_up_on(day, first, criterion)
        )
        return {Truth.MET, Truth.NOT_MET} <= set(answers)

    # The farther the cover reaches back, the less is unknown: once both are possible they stay so, and halving finds the day.
    not_yet, both = first, max(plus(first, span) for span in spans) + 2 * _ONE_DAY
    if not is_both(both):
        return None
    while (both - not_yet).days > 1:
        middle = not_yet + (both - not_yet) // 2
        not_yet, both = (not_yet, middle) if is_both(middle) else (middle, both)
    return both


def _made_up_on(day: date, first: date, criterion: PolicyCriterion) -> Iterator[PatientHistory]:
    """Sessions on a day with none covered before, one on either side of every span asked for, and as many as are counted."""
    around = {
        plus(day, replace(span, value=-span.value)) + n * _ONE_DAY for span in _spans(criterion) for n in (-1, 0, 1)
    }
    singly = [(one,) for one in sorted({first, *around, day - _ONE_DAY}) if first <= one < day]
    parts = (part for part in criterion.met_when.walk() if isinstance(part, AtLeast | AtLeastAtOneLevel))
    counted = max((part.n for part in parts), default=1)
    several = tuple(one for n in range(counted, 0, -1) if (one := day - n * _ONE_DAY) >= first)
    for done in (_LUMBAR, *_OTHERS):
        for before in ((), *singly, several):
            yield PatientHistory("made up", tuple(_on(done, one, one.isoformat()) for one in (*before, day)), ())


def _spans(criterion: PolicyCriterion) -> tuple[Quantity, ...]:
    """How long ago earlier denervations are asked to be."""
    parts = (part for part in criterion.met_when.walk() if isinstance(part, HeldAgainstToday))
    return tuple(dict.fromkeys(part.span for part in parts if part.day == denervation_date))
