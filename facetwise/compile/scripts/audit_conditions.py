"""Tests of patients over what activity shows, as conditions that any SQL engine reads.

Most facts of a record are in no activity, so most tests are always unknown. What is left are conditions on a
denervation's age, region, sides and technique, and on counts of what was done before it. Each test becomes two
conditions, when it is surely met and when it is surely not met; elsewhere it is unknown. So no NULL means anything,
and no boolean column is needed, which not every engine has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from facetwise.compile.scripts.dialects import Dialect
from facetwise.guidance.coded import BLOCK, DENERVATION
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
    Fact,
    IsRecorded,
    Not,
    OneOf,
    Test,
    TextsFact,
    Value,
)

Condition = bool | str
ASKED_ON, DONE_ON = "asked_on", "done_on"
SURE, MAYBE, NO = "sure", "maybe", "no"
_KINDS: Mapping[str, str] = MappingProxyType({"denervations": DENERVATION, "blocks": BLOCK})
_ASKED = MappingProxyType({"request.region": "asked_region", "request.technique": "asked_technique"})
_OF_EVENTS = MappingProxyType({f"{name}.region": "region" for name in _KINDS})
_DAYS = MappingProxyType({f"{name}.date": DONE_ON for name in _KINDS})
_SIDES = MappingProxyType({"request.sides": "asked", **{f"{name}.sides": "is" for name in _KINDS}})
_IN_ACTIVITY = frozenset({"born", "request.date", "denervations.technique", *_ASKED, *_OF_EVENTS, *_DAYS, *_SIDES})
"""The facts that activity shows: a test of one that has no column is refused, never taken as unknown."""
_AGAINST_TODAY = MappingProxyType(
    {AtLeastAgo: ("<=", ">"), MoreThanAgo: ("<", ">="), WithinLast: (">=", "<"), IsAfterAgo: (">", "<=")}
)
UNSUPPORTED = "\0"  # marks a condition without a portable form, which is refused only where it is needed


@dataclass(frozen=True)
class TwoSided:
    """When a test is surely met, and when it is surely not met; elsewhere it is unknown. True is always, False never."""

    met: Condition
    not_met: Condition


UNKNOWN = TwoSided(False, False)


def both(*conditions: Condition) -> Condition:
    """All of them."""
    if any(one is False for one in conditions):
        return False
    said = list(dict.fromkeys(one for one in conditions if isinstance(one, str)))
    return " AND ".join(said) if said else True


def either(*conditions: Condition) -> Condition:
    """At least one of them."""
    if any(one is True for one in conditions):
        return True
    said = list(dict.fromkeys(one for one in conditions if isinstance(one, str)))
    return said[0] if len(said) == 1 else f"({' OR '.join(said)})" if said else False


def not_true(condition: Condition) -> Condition:
    """NOT (condition) IS TRUE: where it is false or NULL."""
    return not condition if isinstance(condition, bool) else f"CASE WHEN {condition} THEN 0 ELSE 1 END = 1"


def is_portable(condition: Condition) -> bool:
    """Whether a condition can be written in every dialect."""
    return isinstance(condition, bool) or UNSUPPORTED not in condition


@dataclass
class AggregateRegistry:
    """The columns that conditions read of histories, by their names, in the order in which they were first needed.

    latest: beside each event, a day to compare with its own. chosen: beside each event, whether it is chosen: 'sure',
    'maybe' or 'no'. aggregates: over each history. Policies that share a registry share its columns.
    """

    latest: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, tuple[tuple[Condition, str], ...]] = field(default_factory=dict)
    aggregates: dict[str, str] = field(default_factory=dict)

    def name(self, events: Events, arms: tuple[tuple[Condition, str], ...]) -> str:
        """A name for the events that are chosen so: 'denervations_1'."""
        for name, held in self.chosen.items():
            if held == arms:
                return name
        number = sum(1 for name in self.chosen if name.startswith(events.name)) + 1
        return f"{events.name}_{number}"

    def aggregate(self, name: str, sql: str) -> str:
        """The name of an aggregate over each history."""
        self.aggregates.setdefault(name, sql)
        return name


@dataclass(frozen=True)
class At:
    """The row that a test is put to: a denervation, or an event of its history.

    complete: the lists of which the data hold all events. registry: collects the columns that are read of histories.
    """

    into: Dialect
    complete: frozenset[str]
    registry: AggregateRegistry
    events: Events | None = None

    def column(self, fact: Value) -> str | None:
        """The column of a fact; None where activity does not show it.

        Errors: NotImplementedError for a fact that activity shows and that has no column of its own.
        """
        found = None
        match fact:
            case CompletedYears(since=DayFact(name="born")):
                return "age"
            case CompletedYears(since=DayFact(name=name)) | CountOf(texts=TextsFact(name=name)):
                pass
            case _:
                name = fact.name if isinstance(fact, Fact) else ""
                found = _ASKED.get(name) or (_OF_EVENTS | _DAYS).get(name if self._has(name) else "")
        if found is None and name in _IN_ACTIVITY and (self._has(name) or name.partition(".")[0] not in _KINDS):
            raise NotImplementedError(f"'{name}' has no column that {type(fact).__name__} could read.")
        return found

    def sides(self, fact: Fact) -> tuple[str, str] | None:
        """The columns that say whether a side is named: the left, the right. None where activity names none."""
        begins = _SIDES.get(fact.name if fact.name == "request.sides" or self._has(fact.name) else "")
        return (f"{begins}_left", f"{begins}_right") if begins else None

    def _has(self, name: str) -> bool:
        return self.events is not None and name.startswith(f"{self.events.name}.")


def two_sided(test: Test, at: At) -> TwoSided:
    """A test as two conditions. Errors: NotImplementedError for a test that has no such form."""
    match test:
        case Always():
            return TwoSided(True, False)
        case All(tests=tests):
            return _of_all([two_sided(one, at) for one in tests])
        case AnyOf(tests=tests):
            return _opposite(_of_all([_opposite(two_sided(one, at)) for one in tests]))
        case Not(test=inner):
            return _opposite(two_sided(inner, at))
        case Decided(met_when=first, not_met_when=second):
            met = two_sided(first, at).met
            return TwoSided(met, both(not_true(met), two_sided(second, at).met))
        case AtLeast() | AtLeastAtOneLevel() | OnRecord() | LatestMeets() | ReliefLasts() | Near():
            return _of_events(test, at)
        case AtLeastAgo() | MoreThanAgo() | WithinLast() | IsAfterAgo():
            met, not_met = _AGAINST_TODAY[type(test)]
            if not (day := at.column(test.day)):
                return UNKNOWN
            reached = at.into.later(day, test.span)
            return TwoSided(f"{reached} {met} {ASKED_ON}", f"{reached} {not_met} {ASKED_ON}")
        case _:
            return _of_one(test, at)


def _opposite(one: TwoSided) -> TwoSided:
    return TwoSided(one.not_met, one.met)


def _of_all(parts: Iterable[TwoSided]) -> TwoSided:
    held = list(parts)
    return TwoSided(both(*(one.met for one in held)), either(*(one.not_met for one in held)))


def _of_one(test: Test, at: At) -> TwoSided:
    match test:
        case IsComplete(events=events):
            return TwoSided(events.name in at.complete, events.name not in at.complete)
        case IsRecorded(value=value):
            column = at.column(value)
            return TwoSided(f"{column} IS NOT NULL", f"{column} IS NULL") if column else TwoSided(False, True)
        case OneOf(value=value, options=options) if column := at.column(value):
            quoted = ["'" + option.replace("'", "''") + "'" for option in options]
            if len(options) == 1:
                return TwoSided(f"{column} = {quoted[0]}", f"{column} <> {quoted[0]}")
            listed = ", ".join(quoted)
            return TwoSided(f"{column} IN ({listed})", f"{column} NOT IN ({listed})")
        case Between(value=value, low=low, high=high) if column := at.column(value):
            within = f"BETWEEN {low.value} AND {high.value}"
            return TwoSided(f"({column} {within})", f"({column} NOT {within})")
        case SameText(value=value, other=other):
            ours, theirs = at.column(value), at.column(other)
            return TwoSided(f"{ours} = {theirs}", f"{ours} <> {theirs}") if ours and theirs else UNKNOWN
        case Shares(value=value, other=other, where_named=where_named):
            ours_, theirs_ = at.sides(value), at.sides(other)
            return _shares(ours_, theirs_, where_named) if ours_ and theirs_ else TwoSided(where_named, False)
        case Lasted(start=start, end=end) if at.column(start) and at.column(end):
            raise _no_form(test)
        case IsTrue() | OneOf() | Between() | ReliefAtLeast() | Lasted():
            return UNKNOWN
        case _:
            raise _no_form(test)


def _no_form(test: Test) -> NotImplementedError:
    return NotImplementedError(f"{type(test).__name__} has no portable form. Give it one in audit_conditions.py.")


def _shares(ours: tuple[str, str], theirs: tuple[str, str], where_named: bool) -> TwoSided:
    """Whether two rows share a side. A row that names none shares one with any, where only named sides are compared."""
    share = either(*(both(f"{one} = 1", f"{other} = 1") for one, other in zip(ours, theirs, strict=True)))
    named = [either(*(f"{side} = 1" for side in sides)) for sides in (ours, theirs)]
    apart = [either(f"{one} = 0", f"{other} = 0") for one, other in zip(ours, theirs, strict=True)]
    none = [both(*(f"{side} = 0" for side in sides)) for sides in (ours, theirs)]
    return TwoSided(either(share, *none) if where_named else share, both(*named, *apart))


# Events


def _of_events(test: Test, at: At) -> TwoSided:
    match test:
        case ReliefLasts():  # no relief is in activity
            return UNKNOWN
        case LatestMeets(chosen=chosen, otherwise=otherwise):
            if chosen.events.name in _KINDS:
                raise _no_form(test)
            return two_sided(otherwise, at) if otherwise is not None else UNKNOWN
        case AtLeast(chosen=chosen) | AtLeastAtOneLevel(chosen=chosen) | OnRecord(chosen=chosen) | Near(chosen=chosen):
            if chosen.events.name not in _KINDS:
                whole = isinstance(test, AtLeast | AtLeastAtOneLevel) and chosen.events.name not in at.complete
                return TwoSided(False, not whole)
            return _near(test, at) if isinstance(test, Near) else _of_history(test, chosen, at)
        case _:
            raise _no_form(test)


def _near(test: Near, at: At) -> TwoSided:
    """Near without a last day, which is a comparison with the latest day of the other events."""
    chosen = test.chosen
    if at.events is None or any(isinstance(part, Near) for part in chosen.where.walk()):
        raise _no_form(test)
    counted = _Counted(at, chosen.events, two_sided(chosen.where, replace(at, events=chosen.events)))
    if counted.chosen.met is False:
        return TwoSided(False, UNSUPPORTED)
    if test.last is not None or not (day := at.column(test.day)):
        return TwoSided(UNSUPPORTED, UNSUPPORTED)
    return TwoSided(f"{at.into.days_later(day, test.first)} <= {counted.latest()}", UNSUPPORTED)


def _of_history(test: Test, chosen: Chosen, at: At) -> TwoSided:
    if at.events is not None:  # aggregates of histories are there one step after the events are chosen
        raise _no_form(test)
    held = two_sided(chosen.where, replace(at, events=chosen.events))
    whole = chosen.events.name in at.complete
    counted = _Counted(at, chosen.events, held)
    match test:
        case OnRecord():
            return counted.surely(1, 1)
        case AtLeast(n=n, days_apart=days):
            return TwoSided(counted.surely(n, days).met, both(counted.perhaps(n, days).not_met, whole))
        case AtLeastAtOneLevel(n=n, levels=levels) if levels.name not in _IN_ACTIVITY:
            # No code names a level: of any event it may be one asked for, of none it surely is.
            return TwoSided(False, both(counted.perhaps(n, 1).not_met, whole))
        case _:
            raise _no_form(test)


@dataclass(frozen=True)
class _Counted:
    """The events of a list that are chosen, counted: surely chosen are only those with a day, any may be that is not refused."""

    at: At
    events: Events
    chosen: TwoSided

    def surely(self, n: int, days_apart: int) -> TwoSided:
        """When n are surely chosen on different days or so many days apart, and when they are not."""
        if self.chosen.met is False:
            return TwoSided(False, True)
        name = self._name()
        return self._enough(f"{name}_sure", f"{name} = '{SURE}'", n, days_apart)

    def perhaps(self, n: int, days_apart: int) -> TwoSided:
        """The same of those that may be chosen; one without a day can stand on any."""
        if self.chosen.not_met is True:
            return TwoSided(False, True)
        name = self._name()
        return self._enough(f"{name}_maybe", f"{name} <> '{NO}'", n, days_apart, undated=True)

    def latest(self) -> str:
        """A column beside each event: the last day on which one was surely chosen."""
        sure = both(self._kind(), self.chosen.met)
        made = f"MAX(CASE WHEN {sure} THEN {DONE_ON} END) OVER (PARTITION BY APCS_Ident, supposed)"
        name = next((name for name, held in self.at.registry.latest.items() if held == made), "")
        name = name or f"{self.events.name}_latest_{len(self.at.registry.latest) + 1}"
        self.at.registry.latest[name] = made
        return name

    def _kind(self) -> str:
        return f"kind = '{_KINDS[self.events.name]}'"

    def _name(self) -> str:
        arms = (
            (f"kind <> '{_KINDS[self.events.name]}'", NO),
            (self.chosen.not_met, NO),
            (both(self.chosen.met, f"{DONE_ON} IS NOT NULL"), SURE),
        )
        name = self.at.registry.name(self.events, arms)
        self.at.registry.chosen[name] = arms
        return name

    def _enough(self, name: str, condition: str, n: int, days_apart: int, undated: bool = False) -> TwoSided:
        aggregate = self.at.registry.aggregate
        rows = aggregate(name, f"SUM(CASE WHEN {condition} THEN 1 ELSE 0 END)")
        if n == 1:
            return TwoSided(f"{rows} >= 1", f"{rows} < 1")
        dated = f"CASE WHEN {condition} THEN {DONE_ON} END"
        free = f"SUM(CASE WHEN {condition} AND {DONE_ON} IS NULL THEN 1 ELSE 0 END)"
        free = aggregate(f"{name}_undated", free) if undated else ""
        if n > 2:
            days = aggregate(f"{name}_days", f"COUNT(DISTINCT {dated})") + (f" + {free}" if free else "")
            return TwoSided(f"{days} >= {n}", f"{days} < {n}")
        first, last = aggregate(f"{name}_first", f"MIN({dated})"), aggregate(f"{name}_last", f"MAX({dated})")
        apart = f"{last} >= {self.at.into.days_later(first, days_apart)}"
        met = either(both(f"{free} > 0", f"{rows} >= 2"), both(f"{free} = 0", apart)) if free else apart
        return TwoSided(met, not_true(met))
