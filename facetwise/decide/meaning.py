"""What a test means of one patient: its truth, the evidence it looked at, and which facts could change it.

Each kind of test has one entry in MEANINGS, made in evaluate_values.py or evaluate_events.py. What was found once of a
record stays with it: policies ask the same of the same record, and equal tests share one number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar, cast

from facetwise.decide.calendar import completed_years
from facetwise.decide.evidence import Evidence
from facetwise.decide.fact_labels import name_in_answers
from facetwise.decide.record_as_of import RecordAsOf, Row
from facetwise.language.events import Chosen, CompletedYears, CountOf
from facetwise.language.expressions import FACT_TYPES, Expression, Test, TextsFact, Value, name_of
from facetwise.language.truth import Truth

TestT = TypeVar("TestT", bound=Test)


@dataclass(frozen=True)
class Meaning:
    """The truth of one kind of test on a row, its evidence in a record, and what is missing where it is unknown."""

    truth: Callable[[Any, Row], Truth]
    evidence: Callable[[Any, RecordAsOf], Iterable[Evidence]]
    missing: Callable[[Any, Row], Iterable[str]]


def truth(test: Test, row: Row) -> Truth:
    """Whether a test is met; found once a row."""
    number = test.number
    found = row.truths.get(number)
    if found is None:
        found = row.truths[number] = MEANINGS[type(test)].truth(test, row)
    return found


def evidence(test: Test, record: RecordAsOf) -> tuple[Evidence, ...]:
    """Everything recorded that a test looks at, each place once, in the order it is looked at; found once a record."""
    found = record.because.get(test.number)
    if found is None:
        by_place: dict[tuple[str, str], Evidence] = {}
        for item in evidence_of(test, record):
            by_place.setdefault((item.place, item.fact), item)
        found = record.because[test.number] = tuple(by_place.values())
    return found


def evidence_of(test: Test, record: RecordAsOf) -> tuple[Evidence, ...]:
    """The same, where a place may come several times."""
    found = record.evidence.get(test.number)
    if found is None:
        found = record.evidence[test.number] = tuple(MEANINGS[type(test)].evidence(test, record))
    return found


def missing_facts(test: Test, record: RecordAsOf) -> tuple[str, ...]:
    """The names of facts that could change the truth of a test; none where it is not unknown."""
    return tuple(dict.fromkeys(missing(test, record.row)))


def missing(test: Test, row: Row) -> Iterable[str]:
    """The same of one row, where a name may come several times."""
    return MEANINGS[type(test)].missing(test, row) if truth(test, row) is Truth.UNKNOWN else ()


class _Meanings(dict[type[Test], Meaning]):
    """The meaning of each kind of test. Errors: NotImplementedError for a kind that has none."""

    def __missing__(self, kind: type[Test]) -> Meaning:
        raise NotImplementedError(
            f"The plain evaluator has no meaning for {kind.__name__} of a patient. Give it one in facetwise/decide."
        )


MEANINGS = _Meanings()


def means(
    kind: type[TestT],
    truth: Callable[[TestT, Row], Truth],
    evidence: Callable[[TestT, RecordAsOf], Iterable[Evidence]] | None = None,
    missing: Callable[[TestT, Row], Iterable[str]] | None = None,
) -> None:
    """Enter what a kind of test means. By default its evidence and what is missing are those of its parts."""
    MEANINGS[kind] = Meaning(truth, evidence or _evidence_of_parts, missing or _missing_in_parts)


# Values


def number_or_value(value: Value, row: Row) -> object:
    """The recorded value, counted where it is one of counting; None where nothing is recorded."""
    match value:
        case CompletedYears(since=since):
            day = cast(date | None, row.value(since.name))
            return None if day is None else completed_years(day, row.record.today)
        case CountOf(texts=listed):
            return len(texts(listed, row)) or None
        case TextsFact(name=name):
            return row.value(name) or None
        case _:
            return row.value(name_of(value))


def texts(value: TextsFact, row: Row) -> frozenset[str]:
    """The recorded texts; none where they are not recorded."""
    return frozenset(cast(tuple[str, ...] | None, row.value(value.name)) or ())


def unrecorded(name: str, row: Row) -> Iterator[str]:
    """A fact's name in answers, where it is not recorded."""
    if row.value(name) in (None, ()):
        yield name_in_answers(name)


def _evidence_of_parts(part: Expression, record: RecordAsOf) -> Iterator[Evidence]:
    """Parts of the request are evidence where the patient is asked for them, not again for every event."""
    for inner in part.parts():
        match inner:
            case Test():
                yield from evidence_of(inner, record)
            case Chosen(where=where):
                yield from evidence_of(where, record)
            case CompletedYears() | CountOf():
                yield from _evidence_of_number(inner, record)
            case _ if isinstance(inner, FACT_TYPES) and (value := record.facts.get(inner.name)) is not None:
                yield Evidence(name_in_answers(inner.name), value, None, inner.name)


def _evidence_of_number(part: CompletedYears | CountOf, record: RecordAsOf) -> Iterator[Evidence]:
    value = number_or_value(part, record.row)
    if value is None:
        return
    if isinstance(part, CompletedYears):
        born = cast(date, record.facts["born"])
        yield Evidence("age", completed_years(born, record.today), None, "born")
    else:
        yield Evidence("levels", record.facts[part.texts.name], None, part.texts.name)


def _missing_in_parts(part: Expression, row: Row) -> Iterator[str]:
    for inner in part.parts():
        match inner:
            case Test():
                yield from missing(inner, row)
            case CompletedYears(since=fact) | CountOf(texts=fact):
                if number_or_value(inner, row) is None:
                    yield name_in_answers(fact.name)
            case _ if isinstance(inner, FACT_TYPES):
                yield from unrecorded(inner.name, row)
