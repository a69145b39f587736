"""Which facts could still change an unknown criterion, told from the parts of its test that are unknown."""

from __future__ import annotations

from collections.abc import Iterable

from facetwise.decide.evaluate_patient import Row, choose, latest_of, number_or_value, truth
from facetwise.decide.fact_labels import name_in_answers
from facetwise.decide.view_as_of import View
from facetwise.language.events import (
    AtLeast,
    AtLeastAtOneLevel,
    Chosen,
    CompletedYears,
    CountOf,
    Decided,
    IsTrue,
    LatestMeets,
    Near,
    ReliefAtLeast,
    ReliefLasts,
)
from facetwise.language.expressions import FACT_TYPES, Expression, Test
from facetwise.language.patient import block_positive
from facetwise.language.truth import Truth


def missing_facts(test: Test, view: View) -> tuple[str, ...]:
    """The names of facts that could change the truth of a test; none where it is not unknown."""
    return tuple(dict.fromkeys(_missing(test, Row(view))))


def _missing(test: Expression, row: Row) -> Iterable[str]:
    if isinstance(test, Test) and truth(test, row) is not Truth.UNKNOWN:
        return
    match test:
        case Decided(not_met_when=second):
            yield from _lists_in(second)
        case AtLeast(chosen=chosen) | AtLeastAtOneLevel(chosen=chosen):
            yield from _of_chosen(chosen, row)
            if isinstance(test, AtLeastAtOneLevel):
                yield from _unrecorded(test.requested.name, row)
                for event in (*choose(chosen, row.view).sure, *choose(chosen, row.view).maybe):
                    yield from _unrecorded(test.levels.name, Row(row.view, event))
        case LatestMeets(chosen=chosen, otherwise=otherwise):
            sure, later = latest_of(chosen, row.view)
            yield name_in_answers(chosen.events.name)
            if sure is None and not later and otherwise is not None:
                yield from _missing(otherwise, row)
        case ReliefLasts(chosen=chosen):
            sure, _ = latest_of(chosen, row.view)
            yield "relief_after_denervation" if sure is not None else "denervations"
        case Near(chosen=chosen):
            yield name_in_answers(test.day.name)
            yield from _of_chosen(chosen, Row(row.view), list_too=False)
        case ReliefAtLeast():
            yield "block_relief"
        case CompletedYears() | CountOf():
            fact = test.since if isinstance(test, CompletedYears) else test.texts
            if number_or_value(test, row) is None:
                yield name_in_answers(fact.name)
        case _ if isinstance(test, FACT_TYPES):
            yield from _unrecorded(test.name, row)
        case _:
            for part in test.parts():
                yield from _missing(part, row)


def _unrecorded(name: str, row: Row) -> Iterable[str]:
    if row.value(name) in (None, ()):
        yield name_in_answers(name)


def _of_chosen(chosen: Chosen, row: Row, list_too: bool = True) -> Iterable[str]:
    """What is unknown of the events that may be chosen; and the list itself where it is not complete."""
    choice = choose(chosen, row.view)
    for event in choice.maybe:
        inside = Row(row.view, event)
        yield from _missing(chosen.where, inside)
        day = chosen.events.day
        if day is not None and event.values[day.name] is None:
            yield name_in_answers(day.name)
    if list_too and chosen.events.name not in row.view.complete:
        yield (
            _list_asked_for(chosen)
            if not choice.sure and not row.view.events[chosen.events.name]
            else (name_in_answers(chosen.events.name))
        )


def _list_asked_for(chosen: Chosen) -> str:
    """A list that is not complete, called by what is asked of its events."""
    for part in chosen.where.walk():
        if isinstance(part, ReliefAtLeast):
            return "block_relief"
        if isinstance(part, IsTrue) and part.flag == block_positive:
            return "block_response"
    return name_in_answers(chosen.events.name)


def _lists_in(test: Test) -> Iterable[str]:
    for part in test.walk():
        if isinstance(part, Chosen):
            yield name_in_answers(part.events.name)
