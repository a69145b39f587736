"""The plain evaluator for patients: the meaning of every expression over facts and dated events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, assert_never, cast

from facetwise.decide.calendar import completed_years, plus
from facetwise.decide.view_as_of import Event, Reading, View
from facetwise.language.events import (
    Always,
    AtLeast,
    AtLeastAgo,
    AtLeastAtOneLevel,
    Chosen,
    CompletedYears,
    CountOf,
    Decided,
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
    IsRecorded,
    Not,
    NumberFact,
    OneOf,
    Test,
    TextsFact,
    Value,
    name_of,
)
from facetwise.language.truth import Truth, all_of, any_of

MET, NOT_MET, UNKNOWN = Truth.MET, Truth.NOT_MET, Truth.UNKNOWN


@dataclass(frozen=True)
class Row:
    """What tests are asked of: a view, and within it one event of a list where the test is about events."""

    view: View
    event: Event | None = None

    def value(self, name: str) -> object:
        """The recorded value of a fact; None where nothing is recorded."""
        if self.event is not None and name in self.event.values:
            return self.event.values[name]
        return self.view.facts.get(name)


def truth(test: Test, row: Row) -> Truth:
    """Whether a test is met."""
    match test:
        case All(tests=tests):
            return all_of(truth(inner, row) for inner in tests)
        case AnyOf(tests=tests):
            return any_of(truth(inner, row) for inner in tests)
        case Not(test=inner):
            return ~truth(inner, row)
        case Decided(met_when=first, not_met_when=second):
            if truth(first, row) is MET:
                return MET
            return NOT_MET if truth(second, row) is MET else UNKNOWN
        case AtLeast() | AtLeastAtOneLevel() | OnRecord() | IsComplete() | LatestMeets() | ReliefLasts() | Near():
            return _of_events(test, row)
        case AtLeastAgo() | MoreThanAgo() | WithinLast() | IsAfterAgo() | Lasted():
            return _of_days(test, row)
        case _:
            return _of_one(test, row)


def _of_one(test: Test, row: Row) -> Truth:
    """Tests of plain values."""
    match test:
        case Always():
            return MET
        case IsRecorded(value=value):
            return Truth.of(number_or_value(value, row) is not None)
        case IsTrue(flag=flag):
            return Truth.of(cast(bool | None, row.value(flag.name)))
        case OneOf(value=value, options=options):
            held = row.value(name_of(value))
            return UNKNOWN if held is None else Truth.of(held in options)
        case SameText(value=value, other=other):
            pair = row.value(name_of(value)), row.value(name_of(other))
            return UNKNOWN if None in pair else Truth.of(pair[0] == pair[1])
        case Shares(value=value, other=other, where_named=where_named):
            ours, theirs = texts(value, row), texts(other, row)
            if not ours or not theirs:
                return MET if where_named else UNKNOWN
            return Truth.of(bool(ours & theirs))
        case Between(value=value, low=low, high=high):
            number = cast(Decimal | None, number_or_value(value, row))
            if number is None or (isinstance(value, NumberFact) and not value.low <= number <= value.high):
                return UNKNOWN
            return Truth.of(low.value <= number <= high.value)
        case ReliefAtLeast(percent=asked):
            return relief_at_least(asked.value, row)
        case _:
            raise NotImplementedError(
                f"The plain evaluator has no meaning for {type(test).__name__} of a patient. Give it one here."
            )


def number_or_value(value: Value, row: Row) -> object:
    """The recorded value, counted where it is one of counting."""
    match value:
        case CompletedYears(since=since):
            day = cast(date | None, row.value(since.name))
            return None if day is None else completed_years(day, row.view.today)
        case CountOf(texts=listed):
            return len(texts(listed, row)) or None
        case TextsFact(name=name):
            return row.value(name) or None
        case _:
            return row.value(name_of(value))


def texts(value: TextsFact, row: Row) -> frozenset[str]:
    """The recorded texts; none where they are not recorded."""
    return frozenset(cast(tuple[str, ...] | None, row.value(value.name)) or ())


def relief_at_least(percent: int, row: Row) -> Truth:
    """ReliefAtLeast of one block."""
    said = {Truth.of(relief >= percent) for relief in reliefs(row) if relief is not None}
    return said.pop() if len(said) == 1 else UNKNOWN


def reliefs(row: Row) -> tuple[Decimal | None, Decimal | None]:
    """The relief of one block in percent, as stated and as computed; held to 12 digits only to be shown and compared."""
    before = cast(Decimal | None, row.value("blocks.before"))
    after = cast(Decimal | None, row.value("blocks.best_after"))
    computed = None if not before or after is None else 100 * (before - after) / before
    return cast(Decimal | None, row.value("blocks.stated_relief_percent")), computed


def _of_days(test: AtLeastAgo | MoreThanAgo | WithinLast | IsAfterAgo | Lasted, row: Row) -> Truth:
    today = row.view.today
    if isinstance(test, Lasted):
        start, end = cast(date | None, row.value(test.start.name)), cast(date | None, row.value(test.end.name))
        return UNKNOWN if start is None or end is None else Truth.of(plus(start, test.span) <= end)
    day = cast(date | None, row.value(test.day.name))
    if day is None:
        return UNKNOWN
    reached = plus(day, test.span)
    match test:
        case AtLeastAgo():
            return Truth.of(reached <= today)
        case MoreThanAgo():
            return Truth.of(reached < today)
        case WithinLast():
            return Truth.of(reached >= today)
        case IsAfterAgo():
            return Truth.of(reached > today)
        case _:
            assert_never(test)


# Events


@dataclass(frozen=True)
class Choice:
    """The events of a list that a test chooses: surely, and those that it may choose."""

    sure: tuple[Event, ...]
    maybe: tuple[Event, ...]


def choose(chosen: Chosen, view: View) -> Choice:
    """The events that are chosen, in the order of the record; found once a view."""
    held = view.memo.get(id(chosen))
    if held is None:
        held = view.memo[id(chosen)] = (chosen, _chosen(chosen, view))
    return cast(Choice, held[1])


def _chosen(chosen: Chosen, view: View) -> Choice:
    sure: list[Event] = []
    maybe: list[Event] = []
    day = chosen.events.day
    for event in view.events[chosen.events.name]:
        said = truth(chosen.where, Row(view, event))
        if said is MET and day is not None and event.values[day.name] is None:
            said = UNKNOWN
        if said is not NOT_MET:
            (sure if said is MET else maybe).append(event)
    return Choice(tuple(sure), tuple(maybe))


def _of_events(
    test: AtLeast | AtLeastAtOneLevel | OnRecord | IsComplete | LatestMeets | ReliefLasts | Near, row: Row
) -> Truth:
    view = row.view
    match test:
        case IsComplete(events=events):
            return Truth.of(events.name in view.complete)
        case OnRecord(chosen=chosen):
            return Truth.of(bool(choose(chosen, view).sure))
        case AtLeast(chosen=chosen):
            return _at_least(test, choose(chosen, view), chosen.events.name in view.complete)
        case AtLeastAtOneLevel():
            return _at_one_level(test, row)
        case Near():
            return _near(test, row)
        case LatestMeets():
            return _latest_meets(test, row)
        case ReliefLasts():
            return _relief_lasts(test, view)
        case _:
            assert_never(test)


def _at_least(test: AtLeast, choice: Choice, complete: bool) -> Truth:
    day = test.chosen.events.day
    if _enough(test, choice.sure, day.name if day else ""):
        return MET
    possible = _enough(test, (*choice.sure, *choice.maybe), day.name if day else "")
    return UNKNOWN if possible or not complete else NOT_MET


def _enough(test: AtLeast, events: Iterable[Event], day: str) -> bool:
    """Whether these could be n on different days: an undated one can stand on any."""
    held = list(events)
    if test.n == 1:
        return bool(held)
    days = sorted({cast(date, event.values[day]) for event in held if day and event.values[day] is not None})
    undated = sum(not day or event.values[day] is None for event in held)
    if test.n == 2 and not undated:
        return len(days) > 1 and days[-1] - days[0] >= timedelta(days=test.days_apart)
    return len(days) + undated >= test.n


def _at_one_level(test: AtLeastAtOneLevel, row: Row) -> Truth:
    view = row.view
    choice = choose(test.chosen, view)
    asked = texts(test.requested, row)
    said = []
    for level in sorted(asked) or [""]:
        sure, maybe = [], list(choice.maybe)
        for event in choice.sure:
            held = texts(test.levels, Row(view, event))
            if not held or not level:
                maybe.append(event)
            elif level in held:
                sure.append(event)
        possible = [
            event for event in maybe if not level or not (held := texts(test.levels, Row(view, event))) or level in held
        ]
        complete = test.chosen.events.name in view.complete
        said.append(_at_least(AtLeast(test.n, test.chosen), Choice(tuple(sure), tuple(possible)), complete))
    return any_of(said)


def _near(test: Near, row: Row) -> Truth:
    """Of an event whose own day is missing, nothing surely lies near."""
    own = cast(date | None, row.value(test.day.name))
    day = test.chosen.events.day
    assert day is not None
    choice = choose(test.chosen, row.view)
    said = NOT_MET
    for events, sure in ((choice.sure, True), (choice.maybe, False)):
        for event in events:
            other = cast(date | None, event.values[day.name])
            if own is None or other is None:
                said = said | UNKNOWN
            elif test.first <= (other - own).days and (test.last is None or (other - own).days <= test.last):
                said = said | (MET if sure else UNKNOWN)
    return said


def latest_of(chosen: Chosen, view: View) -> tuple[Event | None, tuple[Event, ...]]:
    """The latest surely chosen event, and those that may be chosen and may be later."""
    choice = choose(chosen, view)
    day = chosen.events.day
    assert day is not None
    order = {event.place: number for number, event in enumerate(view.events[chosen.events.name])}
    sure = max(choice.sure, key=lambda event: (cast(date, event.values[day.name]), order[event.place]), default=None)
    later = []
    for event in choice.maybe:
        own = cast(date | None, event.values[day.name])
        last = None if sure is None else (cast(date, sure.values[day.name]), order[sure.place])
        if own is None or last is None or (own, order[event.place]) > last:
            later.append(event)
    return sure, tuple(later)


def _latest_meets(test: LatestMeets, row: Row) -> Truth:
    sure, later = latest_of(test.chosen, row.view)
    candidates = [*([sure] if sure else []), *later]
    said = {truth(test.test, Row(row.view, event)) for event in candidates}
    if sure is None:
        said.add(truth(test.otherwise, row) if test.otherwise is not None else UNKNOWN)
    return said.pop() if len(said) == 1 else UNKNOWN


Said = Literal["at least", "below", "neither"]


def _relief_lasts(test: ReliefLasts, view: View) -> Truth:
    """Of every denervation of the last session: not met where one says so, else met where one says so."""
    choice = choose(test.chosen, view)
    day = test.chosen.events.day
    assert day is not None
    last = max((cast(date, event.values[day.name]) for event in choice.sure), default=None)
    may_be_later = (cast(date | None, event.values[day.name]) for event in choice.maybe)
    if last is None or any(own is None or own >= last for own in may_be_later):
        return UNKNOWN
    said = {_lasted(test, event, last) for event in choice.sure if event.values[day.name] == last}
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
    """Whether one reading is at least the percentage (MET), below it (NOT_MET), or cannot be told."""
    said = [reading.percent, reading.adl_percent] if test.daily_activities else [reading.percent]
    return any_of(UNKNOWN if value is None else Truth.of(value >= test.percent.value) for value in said)
