"""The plain evaluator: the meaning of every expression, one row at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never, cast

from facetwise.language.definition import Criterion, Definition, slots
from facetwise.language.expressions import (
    All,
    AnyCodeIn,
    AnyOf,
    BeginsWith,
    Between,
    CodeFact,
    CodeIn,
    CodesFact,
    Fact,
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
)
from facetwise.language.truth import Truth, all_of, any_of

Row = Callable[[Fact], object]
"""The recorded value of a fact for one row; None where nothing is recorded."""

NOT_RECORDED = "not recorded"


def evaluate(test: Test, row: Row) -> Truth:
    """Whether the test is met for one row."""
    match test:
        case All(tests=tests):
            return all_of(evaluate(inner, row) for inner in tests)
        case AnyOf(tests=tests):
            return any_of(evaluate(inner, row) for inner in tests)
        case Not(test=inner):
            return ~evaluate(inner, row)
        case IsRecorded(value=value):
            return Truth.of(recorded(value, row) is not None)
        case CodeIn() | AnyCodeIn() | Between() | BeginsWith() | OneOf():
            return _leaf(test, row)
        case _:
            raise NotImplementedError(
                f"The plain evaluator has no meaning for {type(test).__name__}. Give it one here."
            )


def _leaf(test: CodeIn | AnyCodeIn | Between | BeginsWith | OneOf, row: Row) -> Truth:
    value = valid(test.value, row)
    if value is None:
        return Truth.UNKNOWN
    match test:
        case CodeIn(codes=codes):
            return Truth.of(codes.holds(cast(str, value)))
        case AnyCodeIn(codes=codes):
            episodes = cast(tuple[tuple[str, ...], ...], value)
            return Truth.of(any(codes.holds(code) for episode in episodes for code in episode))
        case Between(low=low, high=high):
            return Truth.of(low.value <= cast(int, value) <= high.value)
        case BeginsWith(prefix=prefix):
            return Truth.of(cast(str, value).startswith(prefix))
        case OneOf(options=options):
            return Truth.of(value in options)
        case _:
            assert_never(test)


def recorded(value: Value, row: Row) -> object:
    """What is recorded for a value, valid or not; None where nothing is."""
    match value:
        case CodeFact() | CodesFact() | NumberFact() | TextFact():
            return row(value)
        case LastEpisode(of=of):
            episodes = cast(tuple[tuple[str, ...], ...] | None, row(of))
            return (episodes[-1],) if episodes and episodes[-1] else None
        case FirstCode(of=of):
            episodes = cast(tuple[tuple[str, ...], ...] | None, recorded(of, row))
            return next((code for episode in episodes or () for code in episode), None)
        case FirstRecorded(first=first, second=second):
            return row(first) if row(first) is not None else row(second)
        case _:
            raise NotImplementedError(f"The plain evaluator cannot read {type(value).__name__}. Teach it here.")


def valid(value: Value, row: Row) -> object:
    """The value where it is recorded and within its valid range; else None."""
    match value:
        case NumberFact(low=low, high=high):
            number = cast(int | None, row(value))
            return number if number is not None and low <= number <= high else None
        case FirstRecorded(first=first, second=second):
            return valid(first, row) if row(first) is not None else valid(second, row)
        case _:
            return recorded(value, row)


@dataclass(frozen=True)
class Judged:
    """What a definition says of one row: the truth of each criterion in order, and why not where it is not met."""

    truths: tuple[Truth, ...]
    because: str

    @property
    def outcome(self) -> Truth:
        return all_of(self.truths)


def judge(definition: Definition, row: Row) -> Judged:
    """Every criterion of a definition judged for one row, with the reason in words."""
    truths = tuple(evaluate(criterion.met_when, row) for criterion in definition.criteria)
    reasons = [
        f"{criterion.id}: {reason}"
        for criterion, truth in zip(definition.criteria, truths, strict=True)
        if (reason := why(criterion, truth, row))
    ]
    return Judged(truths, "; ".join(reasons) or "every criterion is met")


def why(criterion: Criterion, truth: Truth, row: Row) -> str:
    """Why a criterion is not met or unknown, in words; '' where it is met."""
    match truth:
        case Truth.MET:
            return ""
        case Truth.NOT_MET:
            words = criterion.when_not_met
        case Truth.UNKNOWN:
            words = criterion.when_unknown
        case _:
            assert_never(truth)
    held = {name: recorded(criterion.spoken[name], row) for name in slots(words)}
    if truth is Truth.NOT_MET and criterion.when_missing and all(value is None for value in held.values()):
        return criterion.when_missing
    return words.format(**{name: shown(value) for name, value in held.items()})


def shown(value: object) -> str:
    """A recorded value as the reasons show it."""
    match value:
        case None:
            return NOT_RECORDED
        case tuple():
            return " ".join(code for episode in value for code in episode) or "none"
        case _:
            return str(value)
