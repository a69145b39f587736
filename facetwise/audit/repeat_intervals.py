"""Repeats: the time from each denervation session to the patient's next one, how many a patient has, changes of side.

Kaplan-Meier: where the data end before a next session, it is not known that there was none. Deaths and moves
abroad are not in activity, and count as data that go on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from facetwise.audit.histories import CodedEvent, PatientHistory
from facetwise.decide.calendar import plus
from facetwise.errors import UsageError
from facetwise.language.units import months
from facetwise.record.record import Side
from facetwise.spells.dimensions import year_of
from facetwise.statistics.rates import REFUSED, Estimate
from facetwise.statistics.survival import kaplan_meier

_A_MOMENT = 1e-9


@dataclass(frozen=True)
class Session:
    """Everything denervated in one patient on one day. sides: None where a code of that day tells none."""

    day: date
    provider: str | None
    sides: frozenset[Side] | None


@dataclass(frozen=True)
class Wait:
    """From one session to the next of the same patient, in calendar months; not repeated: to the end of the data."""

    session: Session
    months: float
    repeated: bool


@dataclass(frozen=True)
class Within:
    """The share of sessions that another one followed sooner than so many months, with its 95 % limits.

    The limits are None where none was followed so soon, or every one: the method has none there, and that is no certainty.
    seen: how many were seen to be followed so soon; the share allows for those that the data end before.
    """

    months: int
    share: Estimate
    seen: int


@dataclass(frozen=True)
class Waits:
    """The time to the next session, of some sessions.

    median_months: when the share repeated reaches a half, by Kaplan-Meier; None where it never does.
    """

    sessions: int
    repeated: int
    median_months: float | None
    within: tuple[Within, ...]

    def to_json(self) -> dict[str, Any]:
        within = [
            {"months": w.months, "seen": w.seen, "share": w.share.value, "low": w.share.low, "high": w.share.high}
            for w in self.within
        ]
        return {
            "sessions": self.sessions,
            "repeated": self.repeated,
            "median_months_to_next": self.median_months,
            "sooner_than": within,
        }


@dataclass(frozen=True)
class Repeats:
    """Repeats of some patients. per_patient: how many sessions, and how many patients had as many.

    by_provider, by_year: of the session that is waited from; 'unknown' where no provider is recorded.
    sides: of two sessions in a row, how many were of the same side, of another, or cannot be told.
    moved: of two sessions in a row, how many were at another provider.
    """

    all: Waits
    per_patient: tuple[tuple[int, int], ...]
    by_provider: tuple[tuple[str, Waits], ...]
    by_year: tuple[tuple[str, Waits], ...]
    sides: tuple[tuple[str, int], ...]
    moved: int

    @property
    def patients_with_more_than_one(self) -> int:
        return sum(patients for sessions, patients in self.per_patient if sessions > 1)

    def to_json(self) -> dict[str, Any]:
        return {
            "patients_with_more_than_one": self.patients_with_more_than_one,
            **self.all.to_json(),
            "per_patient": [{"sessions": n, "patients": patients} for n, patients in self.per_patient],
            "sides": dict(self.sides),
            "moved_provider": self.moved,
            "by_provider": [{"provider": name, **waits.to_json()} for name, waits in self.by_provider],
            "by_year": [{"year": name, **waits.to_json()} for name, waits in self.by_year],
        }


def repeats(courses: Sequence[PatientHistory], first: date, last: date, intervals: Sequence[int]) -> Repeats:
    """The repeats in courses that the data hold from a first to a last day; what lies outside is not looked at.

    intervals: the months that policies ask for.
    """
    of_patients = [in_order for course in courses if (in_order := sessions(course, first, last))]
    held = [wait for in_order in of_patients for wait in waits(in_order, last)]
    pairs = [pair for in_order in of_patients for pair in pairwise(in_order)]
    return Repeats(
        all=timed(held, intervals),
        per_patient=tuple(sorted(Counter(map(len, of_patients)).items())),
        by_provider=_by(held, lambda wait: wait.session.provider or "unknown", intervals),
        by_year=_by(held, lambda wait: year_of(wait.session.day), intervals),
        sides=tuple((change, sum(_change(*pair) == change for pair in pairs)) for change in CHANGES),
        moved=sum(bool(a.provider and b.provider) and a.provider != b.provider for a, b in pairs),
    )


def sessions(course: PatientHistory, first: date, last: date) -> tuple[Session, ...]:
    """The days on which a patient was denervated, each once, from a first to a last day."""
    by_day: dict[date, list[CodedEvent]] = {}
    for one in course.denervations:
        if first <= one.day <= last:
            by_day.setdefault(one.day, []).append(one)
    return tuple(Session(day, done[0].provider, _sides(done)) for day, done in sorted(by_day.items()))


def _sides(done: Iterable[CodedEvent]) -> frozenset[Side] | None:
    sides = [one.sides for one in done]
    return frozenset(side for told in sides for side in told or ()) if all(sides) else None


def waits(in_order: Sequence[Session], last: date) -> tuple[Wait, ...]:
    """The time from each session of a patient to the next, or to the last day of the data."""
    ends = [*(session.day for session in in_order[1:]), None]
    return tuple(
        Wait(session, months_between(session.day, end or last), end is not None)
        for session, end in zip(in_order, ends, strict=True)
    )


def months_between(first: date, last: date) -> float:
    """Calendar months from a day to a later one: whole ones, and the days left as a part of the next."""
    whole = (last.year - first.year) * 12 + last.month - first.month
    if plus(first, months(whole)) > last:
        whole -= 1
    begun, over = plus(first, months(whole)), plus(first, months(whole + 1))
    return whole + (last - begun).days / (over - begun).days


def timed(held: Sequence[Wait], intervals: Sequence[int]) -> Waits:
    """The median, and the shares repeated sooner than intervals, by Kaplan-Meier (1958); log-log limits.

    intervals: in months. A share has no limits where none or all were repeated sooner, and is refused where nobody was
    followed so long and some were not repeated. Errors: UsageError for an interval of nothing.
    """
    if any(interval <= 0 for interval in intervals):
        raise UsageError("Nothing comes sooner than 0 months. Give intervals of 1 and more.")
    if not held:
        return Waits(0, 0, None, ())
    curve = kaplan_meier([w.months for w in held], [w.repeated for w in held])
    longest = max(wait.months for wait in held)

    def share(interval: int) -> Estimate:
        left = curve.at(interval - _A_MOMENT)
        if interval > longest and left.value != 0:  # some wait on, and nobody was followed so long
            return REFUSED
        return Estimate(*(None if value is None else 1 - value for value in (left.value, left.high, left.low)))

    sooner = {interval: sum(w.repeated and w.months < interval for w in held) for interval in intervals}
    within = tuple(Within(interval, share(interval), sooner[interval]) for interval in intervals)
    repeated = sum(wait.repeated for wait in held)
    return Waits(len(held), repeated, curve.median, within)


def _by(held: Sequence[Wait], name: Callable[[Wait], str], intervals: Sequence[int]) -> tuple[tuple[str, Waits], ...]:
    groups: dict[str, list[Wait]] = {}
    for wait in held:
        groups.setdefault(name(wait), []).append(wait)
    return tuple((key, timed(groups[key], intervals)) for key in sorted(groups))


SAME, OTHER, PARTLY, UNTOLD = "same side", "other side", "one side shared", "cannot tell"
CHANGES = (SAME, OTHER, PARTLY, UNTOLD)


def _change(first: Session, second: Session) -> str:
    if first.sides is None or second.sides is None:
        return UNTOLD
    if first.sides == second.sides:
        return SAME
    return PARTLY if first.sides & second.sides else OTHER
