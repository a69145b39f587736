"""Every threshold of a policy, both sides and on the line, found by walking the policy's own tests.

A boundary puts one value of the example patient otherwise and says what the criterion must then be, by an oracle that
is not the evaluator's: pandas for calendar spans, whole numbers and fractions for the rest.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pandas as pd

from facetwise.decide.decision import Outcome, decide
from facetwise.guidance.example_patient import AS_OF, example_patient
from facetwise.language import patient as p
from facetwise.language.events import (
    AtLeast,
    AtLeastAgo,
    AtLeastAtOneLevel,
    Chosen,
    CompletedYears,
    CountOf,
    IsAfterAgo,
    Lasted,
    MoreThanAgo,
    ReliefAtLeast,
    ReliefLasts,
    WithinLast,
)
from facetwise.language.expressions import Between, Expression
from facetwise.language.policy import Policy, PolicyCriterion
from facetwise.language.units import Quantity, Unit
from facetwise.record.parse import record_of
from facetwise.record.what_if import what_if

DAYS = (AS_OF, date(2027, 2, 28), date(2028, 2, 29), date(2027, 3, 31), date(2027, 5, 30), date(2026, 12, 31))
Document = dict[str, Any]


@dataclass(frozen=True)
class Boundary:
    """A record at or beside a threshold, and what the criterion must be there."""

    says: str
    document: Document
    as_of: date
    truth: str


def later(day: date, span: Quantity) -> date:
    """A day plus a span, by pandas."""
    offset = {
        Unit.DAYS: pd.DateOffset(days=span.value),
        Unit.WEEKS: pd.DateOffset(weeks=span.value),
        Unit.MONTHS: pd.DateOffset(months=span.value),
    }[span.unit]
    moved = pd.Timestamp(day) + offset
    return date(moved.year, moved.month, moved.day)


def meeting(policy: Policy, as_of: date) -> Document:
    """A record that meets the policy on a day: the example that does, every date moved by as much."""
    changes = next(example.changes for example in policy.examples if example.outcome == "meets")
    document: Document = _moved(what_if(example_patient(), changes, AS_OF), as_of - AS_OF)
    assert decide(record_of(document, "example"), policy, as_of).outcome is Outcome.MEETS
    return document


def _moved(value: Any, by: timedelta, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: inner if name == "born" else _moved(inner, by, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_moved(inner, by) for inner in value]
    if key in ("date", "since", "from", "to"):
        return (date.fromisoformat(value) + by).isoformat()
    return value


def boundaries(policy: Policy, criterion: PolicyCriterion) -> Iterator[Boundary]:
    """Every boundary of one criterion, on every day of DAYS where days matter."""
    for as_of in DAYS:
        base = meeting(policy, as_of)
        if criterion.block and criterion.applies_when:  # blocks that are asked for again after a denervation
            place = {key: base["request"][key] for key in ("region", "levels", "sides")}
            base["denervations"] = [{**place, "date": (as_of - timedelta(days=900)).isoformat()}]
        for part in dict.fromkeys(criterion.met_when.walk()):
            yield from _of_part(part, criterion, base, as_of)


def _of_part(part: Expression, criterion: PolicyCriterion, base: Document, as_of: date) -> Iterator[Boundary]:
    match part:
        case Between(value=CompletedYears(), low=low):
            yield from _ages(base, low.value, as_of)
        case Between(value=CountOf(), high=high):
            yield from _levels(base, high.value, as_of)
        case Between(value=p.score_of_ten, low=low):
            yield from _scores(base, low.value, as_of)
        case Between(value=p.hads_depression, high=high):
            for value in (high.value, high.value + 1):
                yield _with(base, as_of, f"HADS {value}", value <= high.value, ("conditions", "hads_depression", value))
        case AtLeastAgo(day=p.pain_since, span=span):
            yield from _pain(base, as_of, span, more=False)
        case MoreThanAgo(day=p.pain_since, span=span):
            yield from _pain(base, as_of, span, more=True)
        case Lasted(span=span):
            yield from _courses(base, as_of, span)
        case ReliefAtLeast(percent=percent):
            yield from _reliefs(base, as_of, percent.value)
        case AtLeast(n=2, days_apart=apart) if criterion.block and part == criterion.block.test():
            yield from _gaps(base, as_of, apart)
        case WithinLast(day=p.denervation_date, span=span):
            yield from _last_denervation(base, as_of, span)
        case WithinLast(day=p.block_date, span=span):
            yield from _recent_blocks(base, as_of, span)
        case AtLeast(n=n, chosen=Chosen(events=p.denervations) as chosen):
            for inner in chosen.where.walk():
                if isinstance(inner, IsAfterAgo):
                    yield from _denervations(base, as_of, n, inner.span)
        case AtLeastAtOneLevel(n=n):
            yield from _denervations(base, as_of, n, Quantity(12, Unit.MONTHS))
        case ReliefLasts():
            yield from _lasting(base, as_of, part)


def _with(base: Document, as_of: date, says: str, is_met: bool, *changes: tuple[str, str, Any]) -> Boundary:
    document = copy.deepcopy(base)
    for section, field, value in changes:
        if field:
            document[section] = {**document[section], field: value}
        else:
            document[section] = value
    return Boundary(says, document, as_of, "met" if is_met else "not-met")


def _around(day: date) -> Iterator[date]:
    return (day + timedelta(days=moved) for moved in (-3, -2, -1, 0, 1, 2, 3))


def _ages(base: Document, least: int, as_of: date) -> Iterator[Boundary]:
    if (as_of.month, as_of.day) == (2, 29):
        return  # the days beside it are in test_a_29_february
    birthday = as_of.replace(year=as_of.year - least)
    for moved in (-1, 0, 1):
        born = birthday + timedelta(days=moved)
        if (born.month, born.day) == (2, 29):
            continue
        document = {**copy.deepcopy(base), "born": born.isoformat()}
        yield Boundary(f"born {born}, {least} on {birthday}", document, as_of, "met" if moved <= 0 else "not-met")


def _levels(base: Document, most: int, as_of: date) -> Iterator[Boundary]:
    every = ["L1/2", "L2/3", "L3/4", "L4/5", "L5/S1"]
    for n in (1, most - 1, most, most + 1):
        if n:
            yield _with(base, as_of, f"{n} levels", n <= most, ("request", "levels", every[-n:]))


def _scores(base: Document, least: int, as_of: date) -> Iterator[Boundary]:
    for value, scale in ((least, "NRS"), (least - 0.1, "VAS"), (least * 10, "VAS100"), (least * 10 - 1, "VAS100")):
        of_ten = Fraction(str(value)) / (10 if scale == "VAS100" else 1)
        scores = [
            {"date": as_of.isoformat(), "scale": scale, "value": value, "context": context}
            for context in ("usual", "referral")
        ]
        yield _with(base, as_of, f"{scale} {value}", of_ten >= least, ("scores", "", scores))


def _pain(base: Document, as_of: date, span: Quantity, more: bool) -> Iterator[Boundary]:
    about = as_of - timedelta(days={Unit.WEEKS: 7, Unit.MONTHS: 30.4375}[span.unit] * span.value)
    for since in _around(about):
        reached = later(since, span)
        is_met = reached < as_of if more else reached <= as_of
        yield _with(base, as_of, f"pain since {since}", is_met, ("pain", "since", since.isoformat()))


def _courses(base: Document, as_of: date, span: Quantity) -> Iterator[Boundary]:
    for began in (as_of - timedelta(days=300), date(as_of.year - 2, 11, 30), date(as_of.year - 2, 8, 31)):
        for ended in _around(later(began, span)):
            course = {"kind": "physiotherapy", "from": began.isoformat(), "to": ended.isoformat(), "outcome": "failed"}
            is_met = later(began, span) <= ended
            yield _with(base, as_of, f"care {began} to {ended}", is_met, ("care", "", [course]))


def _reliefs(base: Document, as_of: date, least: int) -> Iterator[Boundary]:
    """All blocks alike: stated just under, on and over; computed from 10, and 79.6 of 80 from whole scores."""
    plain = [
        {k: v for k, v in block.items() if k not in ("before", "after", "stated_relief_percent")}
        for block in base["blocks"]
    ]
    for stated in (least - 0.1, least, least + 0.1, 79.6):
        blocks = [{**block, "stated_relief_percent": stated} for block in plain]
        yield _with(base, as_of, f"stated {stated}", Fraction(str(stated)) >= least, ("blocks", "", blocks))
    for before, score in (
        ("10", f"{(100 - least) / 10}"),
        ("10", f"{(100 - least) / 10 + 0.01:.2f}"),
        ("9.8", "2"),
        ("4.9", "0.98"),
    ):
        computed = 100 * (Fraction(before) - Fraction(score)) / Fraction(before)
        blocks = [
            {**block, "before": float(before), "after": [{"minutes": 60, "score": float(score)}]} for block in plain
        ]
        yield _with(base, as_of, f"{before} to {score}", computed >= least, ("blocks", "", blocks))


def _gaps(base: Document, as_of: date, apart: int) -> Iterator[Boundary]:
    first, *_ = base["blocks"]
    for days in (0, apart - 1, apart, apart + 1):
        day = as_of - timedelta(days=30)
        blocks = [{**first, "date": day.isoformat()}, {**first, "date": (day + timedelta(days=days)).isoformat()}]
        yield _with(base, as_of, f"{days} days apart", days >= apart, ("blocks", "", blocks))


def _recent_blocks(base: Document, as_of: date, span: Quantity) -> Iterator[Boundary]:
    first, *_ = base["blocks"]
    for day in _around(as_of - timedelta(days=30.4375 * span.value)):
        is_met = later(day, span) >= as_of
        yield _with(base, as_of, f"block on {day}", is_met, ("blocks", "", [{**first, "date": day.isoformat()}]))


def _last_denervation(base: Document, as_of: date, span: Quantity) -> Iterator[Boundary]:
    """With no block after it, the last denervation alone decides."""
    for day in _around(as_of - timedelta(days=30.4375 * span.value)):
        done = [{**base["denervations"][0], "date": day.isoformat()}]
        is_met = later(day, span) >= as_of
        yield _with(base, as_of, f"last on {day}", is_met, ("denervations", "", done), ("blocks", "", []))


def _denervations(base: Document, as_of: date, n: int, span: Quantity) -> Iterator[Boundary]:
    """n on different days, the oldest at the border of the span, the others lately; and both sides on one day."""
    place = {key: base["request"][key] for key in ("region", "levels", "sides")}
    for oldest in _around(as_of - timedelta(days=30.4375 * span.value)):
        days = [oldest, *(as_of - timedelta(days=10 * number) for number in range(1, n))]
        done = [{**place, "date": day.isoformat()} for day in days]
        is_met = later(oldest, span) <= as_of
        yield _with(base, as_of, f"{n} denervations from {oldest}", is_met, ("denervations", "", done))
    if n > 1:
        day = (as_of - timedelta(days=20)).isoformat()
        done = [{**place, "date": day} for _ in range(n)]
        yield _with(base, as_of, f"{n} on one day are one session", True, ("denervations", "", done))


def _lasting(base: Document, as_of: date, part: ReliefLasts) -> Iterator[Boundary]:
    least = part.percent.value
    done = date(as_of.year - 2, 8, 31)
    place = {key: base["request"][key] for key in ("region", "levels", "sides")}
    for day in _around(later(done, part.span)):
        for percent in (least - 1, least, least + 1):
            reading = {"date": day.isoformat(), "percent": percent, "adl_percent": percent}
            long, much = day >= later(done, part.span), percent >= least
            denervation = {**place, "date": done.isoformat(), "relief": [reading]}
            made = _with(base, as_of, f"{percent} % on {day}", True, ("denervations", "", [denervation]))
            truth = "met" if long and much else "not-met" if not long and not much else "unknown"
            yield Boundary(made.says, made.document, as_of, truth)
