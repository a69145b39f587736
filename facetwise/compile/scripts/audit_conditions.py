"""Tests of patients over what activity shows, as conditions that any SQL engine reads.

Most facts of a record lie in no activity, so most tests come to nothing: what is left are conditions on a denervation's
age, region, sides and technique, and on counts of what was done before it. Each test becomes two conditions, when it is
surely met and when it is surely not; where neither holds it is unknown. Neither ever needs a NULL that means something,
nor a boolean column, which not every engine has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
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
from facetwise.language.expressions import All, AnyOf, Between, Fact, IsRecorded, Not, OneOf, Test, Value

Condition = bool | str
ASKED_ON, DONE_ON = "asked_on", "done_on"
SURE, MAYBE, NO = "sure", "maybe", "no"
_KINDS: Mapping[str, str] = MappingProxyType({"denervations": DENERVATION, "blocks": BLOCK})
_ASKED = MappingProxyType({"request.region": "asked_region", "request.technique": "asked_technique"})
_OF_EVENTS = MappingProxyType({f"{name}.region": "region" for name in _KINDS})
_DAYS = MappingProxyType({f"{name}.date": DONE_ON for name in _KINDS})
_SIDES = MappingProxyType({"request.sides": "asked", **{f"{name}.sides": "is" for name in _KINDS}})
_AGAINST_TODAY = MappingProxyType(
    {AtLeastAgo: ("<=", ">"), MoreThanAgo: ("<", ">="), WithinLast: (">=", "<"), IsAfterAgo: (">", "<=")}
)
_BEYOND = "\0"  # in a condition that has no portable form: refused where it is needed in the end


@dataclass(frozen=True)
class Known:
    """When a test is surely met, and when it is surely not met; elsewhere it is unknown."""

    met: Condition
    not_met: Condition


UNKNOWN = Known(False, False)


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


def neither(condition: Condition) -> Condition:
    """Where a condition does not hold, NULL included."""
    return not condition if isinstance(condition, bool) else f"CASE WHEN {condition} THEN 0 ELSE 1 END = 1"


def is_sayable(condition: Condition) -> bool:
    """Whether a condition has a form in every dialect."""
    return isinstance(condition, bool) or _BEYOND not in condition


@dataclass
class Tallies:
    """What is asked of the events of histories, in the order in which it was asked for: columns by their names.

    latest: beside each event, a day that it is held against. chosen: beside each event, whether it is chosen: 'sure',
    'maybe' or 'no'. told: aggregates over a history.
    """

    latest: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, tuple[tuple[Condition, str], ...]] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)

    def name(self, events: Events, arms: tuple[tuple[Condition, str], ...]) -> str:
        """A name for the events that are chosen so: 'denervations_1'."""
        for name, held in self.chosen.items():
            if held == arms:
                return name
        number = sum(1 for name in self.chosen if name.startswith(events.name)) + 1
        return f"{events.name}_{number}"

    def tell(self, name: str, aggregate: str) -> str:
        self.told.setdefault(name, aggregate)
        return name


@dataclass(frozen=True)
class At:
    """What a test is asked of: a denervation, or an event of its history.

    complete: the lists that the data hold whole. tallies: where what is asked of histories is gathered.
    """

    into: Dialect
    complete: frozenset[str]
    tallies: Tallies
    events: Events | None = None

    def column(self, fact: Value) -> str | None:
        """The column of a fact; None where activity does not show it."""
        if isinstance(fact, CompletedYears):
            return "age" if fact.since.name == "born" else None
        name = fact.name if isinstance(fact, Fact) else ""
        return _ASKED.get(name) or (_OF_EVENTS | _DAYS).get(name if self._has(name) else "")

    def sides(self, fact: Fact) -> tuple[str, str] | None:
        """The columns that say whether a side is named: the left, the right."""
        begins = _SIDES.get(fact.name if fact.name == "request.sides" or self._has(fact.name) else "")
        return (f"{begins}_left", f"{begins}_right") if begins else None

    def _has(self, name: str) -> bool:
        return self.events is not None and name.startswith(f"{self.events.name}.")


def known(test: Test, at: At) -> Known:
    """A test as two conditions. Errors: NotImplementedError for a test that has no such form yet."""
    match test:
        case Always():
            return Known(True, False)
        case All(tests=tests):
            return _of_all([known(one, at) for one in tests])
        case AnyOf(tests=tests):
            return _opposite(_of_all([_opposite(known(one, at)) for one in tests]))
        case Not(test=inner):
            return _opposite(known(inner, at))
        case Decided(met_when=first, not_met_when=second):
            met = known(first, at).met
            return Known(met, both(neither(met), known(second, at).met))
        case AtLeast() | AtLeastAtOneLevel() | OnRecord() | LatestMeets() | ReliefLasts() | Near():
            return _of_events(test, at)
        case AtLeastAgo() | MoreThanAgo() | WithinLast() | IsAfterAgo():
            met, not_met = _AGAINST_TODAY[type(test)]
            if not (day := at.column(test.day)):
                return UNKNOWN
            reached = at.into.later(day, test.span)
            return Known(f"{reached} {met} {ASKED_ON}", f"{reached} {not_met} {ASKED_ON}")
        case _:
            return _of_one(test, at)


def _opposite(one: Known) -> Known:
    return Known(one.not_met, one.met)


def _of_all(parts: Iterable[Known]) -> Known:
    held = list(parts)
    return Known(both(*(one.met for one in held)), either(*(one.not_met for one in held)))


def _of_one(test: Test, at: At) -> Known:
    match test:
        case IsComplete(events=events):
            return Known(events.name in at.complete, events.name not in at.complete)
        case IsRecorded(value=value):
            column = at.column(value)
            return Known(f"{column} IS NOT NULL", f"{column} IS NULL") if column else Known(False, True)
        case OneOf(value=value, options=options) if column := at.column(value):
            if len(options) == 1:
                return Known(f"{column} = '{options[0]}'", f"{column} <> '{options[0]}'")
            listed = ", ".join(f"'{option}'" for option in options)
            return Known(f"{column} IN ({listed})", f"{column} NOT IN ({listed})")
        case Between(value=value, low=low, high=high) if column := at.column(value):
            within = f"BETWEEN {low.value} AND {high.value}"
            return Known(f"({column} {within})", f"({column} NOT {within})")
        case SameText(value=value, other=other):
            ours, theirs = at.column(value), at.column(other)
            return Known(f"{ours} = {theirs}", f"{ours} <> {theirs}") if ours and theirs else UNKNOWN
        case Shares(value=value, other=other, where_named=where_named):
            ours_, theirs_ = at.sides(value), at.sides(other)
            return _shares(ours_, theirs_, where_named) if ours_ and theirs_ else Known(where_named, False)
        case IsTrue() | OneOf() | Between() | ReliefAtLeast() | Lasted():
            return UNKNOWN
        case _:
            raise NotImplementedError(f"{type(test).__name__} has no portable form. Give it one in audit_tests.py.")


def _shares(ours: tuple[str, str], theirs: tuple[str, str], where_named: bool) -> Known:
    """Sides held against each other; what names none shares with any where only named ones are held against each other."""
    share = either(*(both(f"{one} = 1", f"{other} = 1") for one, other in zip(ours, theirs, strict=True)))
    named = [either(*(f"{side} = 1" for side in sides)) for sides in (ours, theirs)]
    apart = [either(f"{one} = 0", f"{other} = 0") for one, other in zip(ours, theirs, strict=True)]
    none = [both(*(f"{side} = 0" for side in sides)) for sides in (ours, theirs)]
    return Known(either(share, *none) if where_named else share, both(*named, *apart))


# Events


def _of_events(test: Test, at: At) -> Known:
    match test:
        case ReliefLasts():  # no relief is in activity
            return UNKNOWN
        case LatestMeets(chosen=chosen, otherwise=otherwise):
            if chosen.events.name in _KINDS:
                raise NotImplementedError("LatestMeets of denervations or blocks has no portable form yet.")
            return known(otherwise, at) if otherwise is not None else UNKNOWN
        case AtLeast(chosen=chosen) | AtLeastAtOneLevel(chosen=chosen) | OnRecord(chosen=chosen) | Near(chosen=chosen):
            if chosen.events.name not in _KINDS:
                whole = isinstance(test, AtLeast | AtLeastAtOneLevel) and chosen.events.name not in at.complete
                return Known(False, not whole)
            return _of_history(test, chosen, at)
        case _:
            raise NotImplementedError(f"{type(test).__name__} has no portable form. Give it one in audit_tests.py.")


def _of_history(test: Test, chosen: Chosen, at: At) -> Known:
    held = known(chosen.where, At(at.into, at.complete, at.tallies, chosen.events))
    whole = chosen.events.name in at.complete
    counted = _Counted(at, chosen.events, held)
    match test:
        case OnRecord():
            return counted.surely(1, 1)
        case AtLeast(n=n, days_apart=days):
            return Known(counted.surely(n, days).met, both(counted.perhaps(n, days).not_met, whole))
        case AtLeastAtOneLevel(
            n=n
        ):  # no code tells a level: of any event it may be one asked for, of none it surely is
            return Known(False, both(counted.perhaps(n, 1).not_met, whole))
        case Near(day=day, first=first, last=last):
            if held.met is False:
                return Known(False, _BEYOND)
            if last is not None:
                return Known(_BEYOND, _BEYOND)
            reached = at.into.days_later(counted.latest(), first)
            return Known(f"{at.column(day)} >= {reached}", _BEYOND)
        case _:
            raise NotImplementedError(f"{type(test).__name__} has no portable form. Give it one in audit_tests.py.")


@dataclass(frozen=True)
class _Counted:
    """The events of a list that are chosen, counted: surely chosen are only those with a day, any may be that is not refused."""

    at: At
    events: Events
    chosen: Known

    def surely(self, n: int, days_apart: int) -> Known:
        """When n are surely chosen on different days or so many days apart, and when they are not."""
        if self.chosen.met is False:
            return Known(False, True)
        name = self._name()
        return self._enough(f"{name}_sure", f"{name} = '{SURE}'", n, days_apart)

    def perhaps(self, n: int, days_apart: int) -> Known:
        """The same of those that may be chosen; one without a day can stand on any."""
        if self.chosen.not_met is True:
            return Known(False, True)
        name = self._name()
        return self._enough(f"{name}_maybe", f"{name} <> '{NO}'", n, days_apart, undated=True)

    def latest(self) -> str:
        """A column beside each event: the last day on which one was surely chosen."""
        sure = both(self._kind(), self.chosen.met)
        made = f"MAX(CASE WHEN {sure} THEN {DONE_ON} END) OVER (PARTITION BY APCS_Ident, supposed)"
        name = next((name for name, held in self.at.tallies.latest.items() if held == made), "")
        name = name or f"{self.events.name}_latest_{len(self.at.tallies.latest) + 1}"
        self.at.tallies.latest[name] = made
        return name

    def _kind(self) -> str:
        return f"kind = '{_KINDS[self.events.name]}'"

    def _name(self) -> str:
        arms = (
            (f"kind <> '{_KINDS[self.events.name]}'", NO),
            (self.chosen.not_met, NO),
            (both(self.chosen.met, f"{DONE_ON} IS NOT NULL"), SURE),
        )
        name = self.at.tallies.name(self.events, arms)
        self.at.tallies.chosen[name] = arms
        return name

    def _enough(self, name: str, condition: str, n: int, days_apart: int, undated: bool = False) -> Known:
        tell = self.at.tallies.tell
        rows = tell(name, f"SUM(CASE WHEN {condition} THEN 1 ELSE 0 END)")
        if n == 1:
            return Known(f"{rows} >= 1", f"{rows} < 1")
        dated = f"CASE WHEN {condition} THEN {DONE_ON} END"
        free = f"SUM(CASE WHEN {condition} AND {DONE_ON} IS NULL THEN 1 ELSE 0 END)"
        free = tell(f"{name}_undated", free) if undated else ""
        if n > 2:
            days = tell(f"{name}_days", f"COUNT(DISTINCT {dated})") + (f" + {free}" if free else "")
            return Known(f"{days} >= {n}", f"{days} < {n}")
        first, last = tell(f"{name}_first", f"MIN({dated})"), tell(f"{name}_last", f"MAX({dated})")
        apart = f"{last} >= {self.at.into.days_later(first, days_apart)}"
        met = either(both(f"{free} > 0", f"{rows} >= 2"), both(f"{free} = 0", apart)) if free else apart
        return Known(met, neither(met))
