"""The first day on which time alone makes a policy met: every day on which a test could change is tried."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import cast

from facetwise.decide.calendar import birthday, plus
from facetwise.decide.record_as_of import RecordAsOf
from facetwise.language.events import CompletedYears, HeldAgainstToday
from facetwise.language.expressions import Between
from facetwise.language.policy import Policy

_DAY = timedelta(days=1)


def earliest(policy: Policy, record: RecordAsOf, meets_on: Callable[[RecordAsOf], bool]) -> date | None:
    """The first day after `record.today` on which the policy is met with nothing else changed; None if there is none."""
    return next(
        (day for day in sorted(turning_days(policy, record)) if day > record.today and meets_on(record.on(day))), None
    )


def turning_days(policy: Policy, record: RecordAsOf) -> set[date]:
    """Every day on which a test of the policy could change by time alone."""
    return {day for criterion in policy.criteria for part in criterion.days for day in _changes(part, record)}


def _changes(part: object, record: RecordAsOf) -> Iterable[date]:
    match part:
        case HeldAgainstToday(day=fact, span=span):
            for day in _recorded(fact.name, record):
                reached = plus(day, span)
                yield from (reached, reached + _DAY)
        case Between(value=CompletedYears(since=since), low=low, high=high):
            for day in _recorded(since.name, record):
                yield from (birthday(day, low.value), birthday(day, high.value + 1))
        case _:
            raise NotImplementedError(f"When {type(part).__name__} changes is not known. Say it here.")


def _recorded(name: str, record: RecordAsOf) -> Iterable[date]:
    """The days recorded for a fact: of the patient, or of every event of its list."""
    if name in record.facts:
        held = [record.facts[name]]
    else:
        held = [event.values[name] for event in record.events[name.partition(".")[0]]]
    return (cast(date, day) for day in held if day is not None)
