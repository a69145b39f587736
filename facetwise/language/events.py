"""Expressions over a patient's dated events. Each means exactly what its docstring says, in Python and in SQL alike.

What lies after the day of the question (`as_of`) was taken away before any of these looks. An event that is dated only
by a missing date may lie there, so it may be chosen and is never surely chosen. Months are calendar months, always an
event's day plus n months held against another day (31 January plus one month is the last day of February).
"""

from __future__ import annotations

from dataclasses import dataclass

from facetwise.errors import PolicyError
from facetwise.language.expressions import (
    FACT_TYPES,
    DayFact,
    Expression,
    Fact,
    FlagFact,
    Number,
    Test,
    Text,
    TextsFact,
)
from facetwise.language.units import Quantity, Unit

# Values


@dataclass(frozen=True)
class CompletedYears(Number):
    """Completed years from a day to `as_of`; a 29 February's birthday in other years is 1 March."""

    since: DayFact

    @property
    def held_in(self) -> Unit:
        return Unit.YEARS


@dataclass(frozen=True)
class CountOf(Number):
    """How many different texts are recorded; not recorded when none is."""

    texts: TextsFact

    @property
    def held_in(self) -> Unit:
        return Unit.LEVELS


# Tests of one row: a patient, or one event


@dataclass(frozen=True)
class Always(Test):
    """Met for everything: chooses every event of a list."""


@dataclass(frozen=True)
class IsTrue(Test):
    """Met for true, not met for false, unknown when not recorded."""

    flag: FlagFact


@dataclass(frozen=True)
class SameText(Test):
    """Met when two texts are equal; unknown when either is missing."""

    value: Text
    other: Text


@dataclass(frozen=True)
class Shares(Test):
    """Met when two lists of texts share one; where either names none: met if `where_named`, else unknown."""

    value: TextsFact
    other: TextsFact
    where_named: bool


@dataclass(frozen=True)
class HeldAgainstToday(Test):
    """A day plus a span held against `as_of`; unknown when the day is missing."""

    day: DayFact
    span: Quantity

    def __post_init__(self) -> None:
        refuse_no_span(self.span)


@dataclass(frozen=True)
class AtLeastAgo(HeldAgainstToday):
    """Met when the day plus the span is on or before `as_of`; unknown when the day is missing."""


@dataclass(frozen=True)
class MoreThanAgo(HeldAgainstToday):
    """Met when the day plus the span is before `as_of`; unknown when the day is missing."""


@dataclass(frozen=True)
class WithinLast(HeldAgainstToday):
    """Met when the day plus the span is on or after `as_of`; unknown when the day is missing."""


@dataclass(frozen=True)
class IsAfterAgo(HeldAgainstToday):
    """Met when the day plus the span is after `as_of`; unknown when the day is missing."""


@dataclass(frozen=True)
class Lasted(Test):
    """Met when `start` plus the span is on or before `end`; unknown when either is missing."""

    start: DayFact
    end: DayFact
    span: Quantity

    def __post_init__(self) -> None:
        refuse_no_span(self.span)


@dataclass(frozen=True)
class ReliefAtLeast(Test):
    """Whether a block gave at least so many percent of relief: as stated, and as computed from its scores.

    Computed: 100 x (before - after) / before, not rounded, with the best score that is held: the lowest v for which two
    readings in a row are both at or under v (the only reading, where there is one). Not computable with a score before
    of 0 or missing. Met or not met as the one that is known says, or both alike; unknown where they disagree or there
    is neither.
    """

    percent: Quantity

    def __post_init__(self) -> None:
        refuse_other_unit(self.percent, Unit.PERCENT)


# Events


@dataclass(frozen=True)
class Events:
    """A list of events in a record. `day` dates them: an event without it is never surely chosen."""

    name: str
    says: str
    day: DayFact | None


@dataclass(frozen=True)
class Chosen(Expression):
    """The events of a list that meet a test. An event may be chosen where its test is unknown."""

    events: Events
    where: Test

    def __post_init__(self) -> None:
        for fact in _facts_of_one_event(self.where):
            if fact.name.partition(".")[0] not in (self.events.name, "request"):
                raise PolicyError(
                    f"Events of '{self.events.name}' are chosen by '{fact.name}', which is not theirs. "
                    f"Use facts of {self.events.name} or of the request."
                )

    def at_least(self, n: int, days_apart: int = 1) -> AtLeast:
        return AtLeast(n, self, days_apart)

    def none(self) -> Test:
        """Met when there is surely none."""
        return ~AtLeast(1, self)


def _facts_of_one_event(expression: Expression) -> tuple[Fact, ...]:
    """The facts that a test asks of the event itself: not those of the other events that it may lie near."""
    if isinstance(expression, FACT_TYPES):
        return (expression,)
    return tuple(
        fact for part in expression.parts() if not isinstance(part, Chosen) for fact in _facts_of_one_event(part)
    )


@dataclass(frozen=True)
class Near(Test):
    """For one event: whether a chosen event's day lies from `first` to `last` days after it (None: without end).

    Met when one surely chosen does; unknown when one that may be chosen does or could; else not met. It speaks of what
    is on record, whether the list is complete or not.
    """

    day: DayFact
    chosen: Chosen
    first: int
    last: int | None


@dataclass(frozen=True)
class AtLeast(Test):
    """Whether at least n events are chosen, on n different days, or for n = 2 on two days so many days apart.

    Met when those surely chosen are enough. Else unknown when those that may be chosen could make them enough, or when
    the list is not complete. Else not met. For n = 1 the days do not matter.
    """

    n: int
    chosen: Chosen
    days_apart: int = 1

    def __post_init__(self) -> None:
        if self.n < 1:
            raise PolicyError(f"At least {self.n} of '{self.chosen.events.name}' is always so. Ask for 1 or more.")
        if self.days_apart < 1 or (self.days_apart > 1 and self.n != 2):
            raise PolicyError(
                f"{self.n} of '{self.chosen.events.name}' at least {self.days_apart} days apart has no one meaning. "
                "Days apart are said of two events, and are 1 or more."
            )


@dataclass(frozen=True)
class AtLeastAtOneLevel(Test):
    """Whether, at some requested level, at least n chosen events on n different days name that level.

    A request that names no level may mean any, and so may an event that names none: neither ever makes it met, and where
    such could make n it is unknown. With none that could, it is not met of a complete list, whatever the request names.
    """

    n: int
    chosen: Chosen
    levels: TextsFact
    requested: TextsFact


@dataclass(frozen=True)
class OnRecord(Test):
    """Met when an event on record is surely chosen; else not met. Never unknown."""

    chosen: Chosen


@dataclass(frozen=True)
class IsComplete(Test):
    """Met when the record says that the list is complete; else not met. Never unknown."""

    events: Events


@dataclass(frozen=True)
class Decided(Test):
    """Met when the first test is met; else not met when the second is; else unknown."""

    met_when: Test
    not_met_when: Test


@dataclass(frozen=True)
class LatestMeets(Test):
    """Whether the latest chosen event meets a test; of two on one day, the later in the list is the latest.

    Which one is the latest may be unknown: the test is then met or not met only where every one that may be the latest
    says so. With none surely chosen, `otherwise` says (or, of those that may be chosen, all and `otherwise` must agree);
    without `otherwise` it is unknown.
    """

    chosen: Chosen
    test: Test
    otherwise: Test | None = None


@dataclass(frozen=True)
class ReliefLasts(Test):
    """Whether the last session of chosen denervations gave at least so many percent of relief for a span.

    Several on one day are one session: not met when one of them is, else met when one is. Of the readings of each, on or
    after its day: met with one of at least the percentage on or after its day plus the span, and
    none before that one that is or may be below; not met with one below earlier than its day plus the span; else
    unknown. With `daily_activities` a reading is at least the percentage when pain or daily activities are, below when
    both are. Unknown when it is not known which day is the last, and when there is none.
    """

    chosen: Chosen
    percent: Quantity
    span: Quantity
    daily_activities: bool

    def __post_init__(self) -> None:
        refuse_other_unit(self.percent, Unit.PERCENT)
        refuse_no_span(self.span)


def refuse_no_span(span: Quantity) -> None:
    """Raise PolicyError for a span that is not in days, weeks, months or years."""
    if span.unit not in (Unit.DAYS, Unit.WEEKS, Unit.MONTHS):
        raise PolicyError(f"{span} is no span of time. Give days, weeks or months.")


def refuse_other_unit(quantity: Quantity, unit: Unit) -> None:
    """Raise PolicyError for a quantity of another unit."""
    if quantity.unit is not unit:
        raise PolicyError(f"{quantity} is not in {unit.value}. Give {unit.value}.")
