"""A record as of a day: facts by their paths, and events with their places, nothing dated after the day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from facetwise.decide.evidence import Evidence
from facetwise.language.truth import Truth
from facetwise.record.record import Block, Care, Denervation, Part, Record, Score

Recorded = object
"""A recorded value: a date, Decimal, bool, str, or tuple of str; None where nothing is recorded."""


@dataclass(frozen=True)
class Event:
    """One event of a list: where it stands in the record, and its values by fact name."""

    place: str
    values: Mapping[str, Recorded]
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True)
class Reading:
    """The relief after a denervation: where it stands, its day, and how much of pain and of daily activities (%)."""

    place: str
    day: date | None
    percent: Decimal | None
    adl_percent: Decimal | None


@dataclass(frozen=True)
class RecordAsOf:
    """A record as of a day: `today` is the day that spans are compared with.

    choices, evidence, because, shared: what was found of this record already; see meaning.py and decision.py.
    """

    today: date
    facts: Mapping[str, Recorded]
    events: Mapping[str, tuple[Event, ...]]
    complete: frozenset[str]
    later: tuple[str, ...] = ()
    choices: dict[int, object] = field(default_factory=dict, compare=False, repr=False)
    evidence: dict[int, tuple[Evidence, ...]] = field(default_factory=dict, compare=False, repr=False)
    because: dict[int, tuple[Evidence, ...]] = field(default_factory=dict, compare=False, repr=False)
    shared: list[object] = field(default_factory=list, compare=False, repr=False)

    def on(self, today: date) -> RecordAsOf:
        """The same record asked about another day."""
        return RecordAsOf(today, self.facts, self.events, self.complete, self.later)

    @cached_property
    def row(self) -> Row:
        """The row of the patient."""
        return Row(self)

    def row_of(self, event: Event) -> Row:
        """The row of one event of the record."""
        return self._rows[event.place]

    @cached_property
    def _rows(self) -> Mapping[str, Row]:
        return {event.place: Row(self, event) for events in self.events.values() for event in events}


@dataclass(frozen=True)
class Row:
    """What tests are put to: a record, and within it one event of a list where the test is about events.

    truths: what was found already, by the numbers of tests.
    """

    record: RecordAsOf
    event: Event | None = None
    truths: dict[int, Truth] = field(default_factory=dict, compare=False, repr=False)

    def value(self, name: str) -> object:
        """The recorded value of a fact; None where nothing is recorded."""
        if self.event is not None and name in self.event.values:
            return self.event.values[name]
        return self.record.facts.get(name)


def record_as_of(record: Record, as_of: date) -> RecordAsOf:
    """A record as of a day: whatever is dated later is not looked at."""
    later: list[str] = []

    def until(part: Part, name: str, day: str = "") -> dict[str, Recorded]:
        held = {f"{name}{field.rstrip('_')}": value for field, value in part}
        for path, value in held.items():
            if isinstance(value, date) and value > as_of:
                held[path] = None
                later.append(path)
        return held

    facts: dict[str, Recorded] = {"born": _before(record.born, as_of)}
    facts |= until(record.request, "request.") | {"request.date": record.request.date}
    facts |= until(record.pain, "pain.")
    assessed = record.assessment.date
    if assessed is None or assessed <= as_of:
        facts |= until(record.assessment, "assessment.")
    else:
        later.append("assessment")
    facts |= _conditions(record)
    events = {
        name: _events(name, parts, as_of, later, make)
        for name, parts, make in (
            ("scores", record.scores, _score),
            ("care", record.care, _care),
            ("blocks", record.blocks, _block),
            ("denervations", record.denervations, _denervation),
        )
    }
    return RecordAsOf(as_of, facts, events, frozenset(record.complete), tuple(later))


def _before(day: date | None, as_of: date) -> date | None:
    return day if day is None or day <= as_of else None


def _conditions(record: Record) -> dict[str, Recorded]:
    whole = "conditions" in record.complete
    return {
        f"conditions.{name}": False if whole and value is None and name != "hads_depression" else value
        for name, value in record.conditions
    }


def _events(
    name: str,
    parts: tuple[Part, ...],
    as_of: date,
    later: list[str],
    make: Callable[[Part, str, date], Event],
) -> tuple[Event, ...]:
    events = []
    for place, part in enumerate(parts):
        began: date | None = part.from_ if isinstance(part, Care) else getattr(part, "date", None)
        if began is not None and began > as_of:
            later.append(f"{name}[{place}]")
        else:
            events.append(make(part, f"{name}[{place}]", as_of))
    return tuple(events)


def _named(part: Part, name: str) -> dict[str, Recorded]:
    return {f"{name}.{field.rstrip('_')}": value for field, value in part}


def _score(part: Part, place: str, as_of: date) -> Event:
    assert isinstance(part, Score)
    of_ten = part.value
    if part.scale == "VAS100" and of_ten is not None:
        of_ten = of_ten / 10
    return Event(place, {**_named(part, "scores"), "scores.of_ten": of_ten})


def _care(part: Part, place: str, as_of: date) -> Event:
    assert isinstance(part, Care)
    return Event(place, {**_named(part, "care"), "care.to": _before(part.to, as_of)})


def _block(part: Part, place: str, as_of: date) -> Event:
    assert isinstance(part, Block)
    return Event(place, {**_named(part, "blocks"), "blocks.best_after": best_held(part)})


def _denervation(part: Part, place: str, as_of: date) -> Event:
    assert isinstance(part, Denervation)
    readings = tuple(
        Reading(f"{place}.relief[{number}]", relief.date, relief.percent, relief.adl_percent)
        for number, relief in enumerate(part.relief or ())
        if relief.date is None or relief.date <= as_of
    )
    return Event(place, _named(part, "denervations"), readings)


def best_held(block: Block) -> Decimal | None:
    """The best score that is held: the lowest v for which two readings in a row are both at or under v.

    Readings stand in the order of their minutes where all have them, else as they are listed; the only reading counts.
    """
    after = list(block.after or ())
    if all(reading.minutes is not None for reading in after):
        after.sort(key=lambda reading: reading.minutes or Decimal(0))
    scores = [reading.score for reading in after]
    if len(scores) < 2:
        return scores[0] if scores else None
    return min(max(pair) for pair in pairwise(scores))
