"""What tests of a patient's dated events mean: which events they choose, and what those say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from functools import cached_property
from typing import cast

from facetwise.decide.calendar import plus
from facetwise.decide.evaluate_values import MET, NOT_MET, UNKNOWN, reliefs
from facetwise.decide.evidence import Evidence
from facetwise.decide.fact_labels import name_in_answers
from facetwise.decide.meaning import evidence_of, means, missing, texts, truth, unrecorded
from facetwise.decide.record_as_of import Event, Reading, RecordAsOf, Row
from facetwise.language.events import (
    AtLeast,
    AtLeastAtOneLevel,
    Chosen,
    IsComplete,
    IsTrue,
    LatestMeets,
    Near,
    OnRecord,
    ReliefAtLeast,
    ReliefLasts,
)
from facetwise.language.expressions import Expression
from facetwise.language.patient import block_positive
from facetwise.language.truth import Truth, any_of


@dataclass(frozen=True)
class Choice:
    """The events of a list that a test chooses: surely, and those that it may choose."""

    sure: tuple[Event, ...]
    maybe: tuple[Event, ...]

    @cached_property
    def places(self) -> frozenset[str]:
        return frozenset(event.place for event in (*self.sure, *self.maybe))


def choose(chosen: Chosen, record: RecordAsOf) -> Choice:
    """The events that are chosen, in the order of the record; found once a record."""
    found = record.choices.get(chosen.number)
    if found is None:
        found = record.choices[chosen.number] = _choice(chosen, record)
    return cast(Choice, found)


def _choice(chosen: Chosen, record: RecordAsOf) -> Choice:
    sure: list[Event] = []
    maybe: list[Event] = []
    for event in record.events[chosen.events.name]:
        said = truth(chosen.where, record.row_of(event))
        if said is MET and chosen.events.day is not None and _day(chosen, event) is None:
            said = UNKNOWN
        if said is not NOT_MET:
            (sure if said is MET else maybe).append(event)
    return Choice(tuple(sure), tuple(maybe))


def _day(chosen: Chosen, event: Event) -> date | None:
    """The day of an event of a list; None where none is recorded, or its events have no one day."""
    day = chosen.events.day
    return None if day is None else cast(date | None, event.values[day.name])


# Counting


def _at_least(test: AtLeast, row: Row) -> Truth:
    return _count(test, choose(test.chosen, row.record), test.chosen.events.name in row.record.complete)


def _count(test: AtLeast, choice: Choice, complete: bool) -> Truth:
    if _enough(test, choice.sure):
        return MET
    possible = _enough(test, (*choice.sure, *choice.maybe))
    return UNKNOWN if possible or not complete else NOT_MET


def _enough(test: AtLeast, events: tuple[Event, ...]) -> bool:
    """Whether these could be n on different days: an undated one can stand on any."""
    if test.n == 1:
        return bool(events)
    every = [_day(test.chosen, event) for event in events]
    days = sorted({day for day in every if day is not None})
    undated = every.count(None)
    if test.n == 2 and not undated:
        return len(days) > 1 and days[-1] - days[0] >= timedelta(days=test.days_apart)
    return len(days) + undated >= test.n


def _at_one_level(test: AtLeastAtOneLevel, row: Row) -> Truth:
    record = row.record
    choice = choose(test.chosen, record)
    levels = {event.place: texts(test.levels, record.row_of(event)) for event in (*choice.sure, *choice.maybe)}
    counted = AtLeast(test.n, test.chosen)
    complete = test.chosen.events.name in record.complete
    said = []
    for level in sorted(texts(test.requested, row)) or [""]:
        sure = [event for event in choice.sure if level and level in levels[event.place]]
        unsure = [event for event in choice.sure if not level or not levels[event.place]]
        maybe = [
            event
            for event in (*choice.maybe, *unsure)
            if not level or not levels[event.place] or level in levels[event.place]
        ]
        said.append(_count(counted, Choice(tuple(sure), tuple(maybe)), complete))
    return any_of(said)


def _events_looked_at(test: AtLeast | AtLeastAtOneLevel | OnRecord, record: RecordAsOf) -> Iterator[Evidence]:
    """The events chosen or that may be; where there is none, every one on the list, since all were looked at."""
    every = record.events[test.chosen.events.name]
    places = choose(test.chosen, record).places
    return _of_events(test.chosen, [event for event in every if event.place in places] or every)


def _missing_of_level(test: AtLeastAtOneLevel, row: Row) -> Iterator[str]:
    yield from _missing_of_chosen(test.chosen, row)
    yield from unrecorded(test.requested.name, row)
    choice = choose(test.chosen, row.record)
    for event in (*choice.sure, *choice.maybe):
        yield from unrecorded(test.levels.name, row.record.row_of(event))


def _missing_of_chosen(chosen: Chosen, row: Row) -> Iterator[str]:
    """What is unknown of the events that may be chosen; and the list itself where it is not complete."""
    yield from _missing_of_events(chosen, row)
    if chosen.events.name not in row.record.complete:
        is_empty = not choose(chosen, row.record).sure and not row.record.events[chosen.events.name]
        yield _list_asked_for(chosen) if is_empty else name_in_answers(chosen.events.name)


def _missing_of_events(chosen: Chosen, row: Row) -> Iterator[str]:
    for event in choose(chosen, row.record).maybe:
        yield from missing(chosen.where, row.record.row_of(event))
        if chosen.events.day is not None and _day(chosen, event) is None:
            yield name_in_answers(chosen.events.day.name)


def _list_asked_for(chosen: Chosen) -> str:
    """A list that is not complete, by what its events are chosen by."""
    for part in chosen.where.walk():
        if isinstance(part, ReliefAtLeast):
            return "block_relief"
        if _is_judgement(part):
            return "block_response"
    return name_in_answers(chosen.events.name)


def _is_judgement(part: Expression) -> bool:
    return isinstance(part, IsTrue) and part.flag == block_positive


means(AtLeast, _at_least, _events_looked_at, lambda test, row: _missing_of_chosen(test.chosen, row))
means(AtLeastAtOneLevel, _at_one_level, _events_looked_at, _missing_of_level)
means(OnRecord, lambda test, row: Truth.of(bool(choose(test.chosen, row.record).sure)), _events_looked_at)
means(IsComplete, lambda test, row: Truth.of(test.events.name in row.record.complete))


# Near


def _near(test: Near, row: Row) -> Truth:
    """Of an event whose own day is missing, nothing surely lies near."""
    own = cast(date | None, row.value(test.day.name))
    choice = choose(test.chosen, row.record)
    said = NOT_MET
    for events, truth_near in ((choice.sure, MET), (choice.maybe, UNKNOWN)):
        for event in events:
            other = _day(test.chosen, event)
            if own is None or other is None:
                said = said | UNKNOWN
            elif test.first <= (other - own).days and (test.last is None or (other - own).days <= test.last):
                said = said | truth_near
    return said


def _missing_near(test: Near, row: Row) -> Iterator[str]:
    yield name_in_answers(test.day.name)
    yield from _missing_of_events(test.chosen, row.record.row)


means(Near, _near, missing=_missing_near)


# The latest


def latest_of(chosen: Chosen, record: RecordAsOf) -> tuple[Event | None, tuple[Event, ...]]:
    """The latest surely chosen event, and those that may be chosen and may be later."""
    choice = choose(chosen, record)
    order = {event.place: number for number, event in enumerate(record.events[chosen.events.name])}

    def key(event: Event) -> tuple[date, int]:
        return cast(date, _day(chosen, event)), order[event.place]

    sure = max(choice.sure, key=key, default=None)
    later = (event for event in choice.maybe if sure is None or _day(chosen, event) is None or key(event) > key(sure))
    return sure, tuple(later)


def _latest_meets(test: LatestMeets, row: Row) -> Truth:
    sure, later = latest_of(test.chosen, row.record)
    said = {truth(test.test, row.record.row_of(event)) for event in _some(sure, later)}
    if sure is None:
        said.add(truth(test.otherwise, row) if test.otherwise is not None else UNKNOWN)
    return said.pop() if len(said) == 1 else UNKNOWN


def _some(sure: Event | None, later: tuple[Event, ...]) -> tuple[Event, ...]:
    return later if sure is None else (sure, *later)


def _latest_looked_at(test: LatestMeets, record: RecordAsOf) -> Iterator[Evidence]:
    sure, later = latest_of(test.chosen, record)
    yield from _of_events(test.chosen, _some(sure, later))
    if sure is None and test.otherwise is not None:
        yield from evidence_of(test.otherwise, record)


def _missing_of_latest(test: LatestMeets, row: Row) -> Iterator[str]:
    sure, later = latest_of(test.chosen, row.record)
    yield name_in_answers(test.chosen.events.name)
    if sure is None and not later and test.otherwise is not None:
        yield from missing(test.otherwise, row)


means(LatestMeets, _latest_meets, _latest_looked_at, _missing_of_latest)


# Relief after a denervation


def _relief_lasts(test: ReliefLasts, row: Row) -> Truth:
    """Of every denervation of the last session: not met where one says so, else met where one says so."""
    choice = choose(test.chosen, row.record)
    last = max((day for event in choice.sure if (day := _day(test.chosen, event))), default=None)
    may_be_later = (_day(test.chosen, event) for event in choice.maybe)
    if last is None or any(own is None or own >= last for own in may_be_later):
        return UNKNOWN
    said = {_lasted(test, event, last) for event in choice.sure if _day(test.chosen, event) == last}
    return NOT_MET if NOT_MET in said else MET if MET in said else UNKNOWN


def _lasted(test: ReliefLasts, event: Event, done: date) -> Truth:
    enough = plus(done, test.span)
    readings = [reading for reading in event.readings if reading.day is None or reading.day >= done]
    said = {reading.place: _reading(reading, test) for reading in readings}
    lasting = [
        reading.day
        for reading in readings
        if reading.day is not None and reading.day >= enough and said[reading.place] is MET
    ]
    doubts = [
        reading.day
        for reading in readings
        if said[reading.place] is not MET and (reading.percent is not None or reading.adl_percent is not None)
    ]
    if lasting and all(doubt is not None and doubt >= min(lasting) for doubt in doubts):
        return MET
    early = any(
        reading.day is not None and reading.day < enough and said[reading.place] is NOT_MET for reading in readings
    )
    return NOT_MET if early else UNKNOWN


def _reading(reading: Reading, test: ReliefLasts) -> Truth:
    """Whether one reading is at least the percentage (MET), below it (NOT_MET), or neither is known."""
    said = [reading.percent, reading.adl_percent] if test.daily_activities else [reading.percent]
    return any_of(UNKNOWN if value is None else Truth.of(value >= test.percent.value) for value in said)


def _readings_looked_at(test: ReliefLasts, record: RecordAsOf) -> Iterator[Evidence]:
    sure, _ = latest_of(test.chosen, record)
    if sure is None:
        return
    yield from _of_events(test.chosen, (sure,))
    for reading in sure.readings:
        for name, value in (("percent", reading.percent), ("adl_percent", reading.adl_percent)):
            if value is not None:
                yield Evidence("relief_after_denervation", value, reading.day, f"{reading.place}.{name}")


def _missing_relief(test: ReliefLasts, row: Row) -> Iterator[str]:
    sure, _ = latest_of(test.chosen, row.record)
    yield "relief_after_denervation" if sure is not None else "denervations"


means(ReliefLasts, _relief_lasts, _readings_looked_at, _missing_relief)


# Evidence of events


def _of_events(chosen: Chosen, events: Iterable[Event]) -> Iterator[Evidence]:
    name = chosen.events.name
    day, fact, value = _EVIDENCE.get(name) or ("blocks.date", *_evidence_of_blocks(chosen))
    for event in events:
        on = cast(date | None, event.values[day])
        if value:
            yield Evidence(fact, event.values[value], on, event.place)
        else:
            yield from _block_relief(event, on)


_EVIDENCE = {
    "scores": ("scores.date", "pain_score", "scores.of_ten"),
    "care": ("care.from", "conservative_care", "care.outcome"),
    "denervations": ("denervations.date", "denervation", "denervations.technique"),
}
"""Of the events of a list: the fact that dates them, the name of the evidence, the fact that is its value."""
_OF_BLOCKS: dict[int, tuple[str, str]] = {}


def _evidence_of_blocks(chosen: Chosen) -> tuple[str, str]:
    """The name of the evidence, and the fact that is its value ('' for relief, which is computed), by what is asked."""
    found = _OF_BLOCKS.get(chosen.number)
    if found is None:
        parts = chosen.where.walk()
        found = ("block_kind", "blocks.kind")
        if any(isinstance(part, ReliefAtLeast) for part in parts):
            found = ("block_relief", "")
        elif any(map(_is_judgement, parts)):
            found = ("block_response", "blocks.positive")
        _OF_BLOCKS[chosen.number] = found
    return found


def _block_relief(event: Event, day: date | None) -> Iterator[Evidence]:
    stated, computed = reliefs(Row(RecordAsOf(date.min, {}, {}, frozenset()), event))
    if stated is not None:
        yield Evidence("block_relief", stated, day, f"{event.place}.stated_relief_percent")
    if computed is not None:
        rounded = computed.quantize(Decimal("0.1"), ROUND_FLOOR)
        yield Evidence("block_relief", rounded, day, f"{event.place}.after")
    if stated is None and computed is None:
        yield Evidence("block_relief", None, day, event.place)
