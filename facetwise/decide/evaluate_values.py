"""What tests of plain values mean, of a patient or of one event, and how tests are joined."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from itertools import repeat
from typing import cast

from facetwise.decide.calendar import plus
from facetwise.decide.fact_labels import name_in_answers
from facetwise.decide.meaning import means, number_or_value, texts, truth
from facetwise.decide.record_as_of import Row
from facetwise.language.events import (
    Always,
    AtLeastAgo,
    Chosen,
    Decided,
    HeldAgainstToday,
    IsAfterAgo,
    IsTrue,
    Lasted,
    MoreThanAgo,
    ReliefAtLeast,
    SameText,
    Shares,
    WithinLast,
)
from facetwise.language.expressions import All, AnyOf, Between, IsRecorded, Not, NumberFact, OneOf, name_of
from facetwise.language.truth import Truth, all_of, any_of

MET, NOT_MET, UNKNOWN = Truth.MET, Truth.NOT_MET, Truth.UNKNOWN


# Joins


def _decided(test: Decided, row: Row) -> Truth:
    if truth(test.met_when, row) is MET:
        return MET
    return NOT_MET if truth(test.not_met_when, row) is MET else UNKNOWN


def _lists_in(test: Decided, row: Row) -> Iterator[str]:
    for part in test.not_met_when.walk():
        if isinstance(part, Chosen):
            yield name_in_answers(part.events.name)


means(All, lambda test, row: all_of(map(truth, test.tests, repeat(row))))
means(AnyOf, lambda test, row: any_of(map(truth, test.tests, repeat(row))))
means(Not, lambda test, row: ~truth(test.test, row))
means(Decided, _decided, missing=_lists_in)


# Values


def _is_one_of(test: OneOf, row: Row) -> Truth:
    recorded = row.value(name_of(test.value))
    return UNKNOWN if recorded is None else Truth.of(recorded in test.options)


def _same_text(test: SameText, row: Row) -> Truth:
    pair = row.value(name_of(test.value)), row.value(name_of(test.other))
    return UNKNOWN if None in pair else Truth.of(pair[0] == pair[1])


def _shares(test: Shares, row: Row) -> Truth:
    ours, theirs = texts(test.value, row), texts(test.other, row)
    if not ours or not theirs:
        return MET if test.where_named else UNKNOWN
    return Truth.of(bool(ours & theirs))


def _between(test: Between, row: Row) -> Truth:
    value = test.value
    number = cast(Decimal | None, number_or_value(value, row))
    if number is None or (isinstance(value, NumberFact) and not value.low <= number <= value.high):
        return UNKNOWN
    return Truth.of(test.low.value <= number <= test.high.value)


means(Always, lambda test, row: MET)
means(IsRecorded, lambda test, row: Truth.of(number_or_value(test.value, row) is not None))
means(IsTrue, lambda test, row: Truth.of(cast(bool | None, row.value(test.flag.name))))
means(OneOf, _is_one_of)
means(SameText, _same_text)
means(Shares, _shares)
means(Between, _between)


# Relief of one block


def relief_at_least(percent: int, row: Row) -> Truth:
    """ReliefAtLeast of one block."""
    said = {Truth.of(relief >= percent) for relief in reliefs(row) if relief is not None}
    return said.pop() if len(said) == 1 else UNKNOWN


def reliefs(row: Row) -> tuple[Decimal | None, Decimal | None]:
    """The relief of one block in percent, as stated and as computed from its scores."""
    before = cast(Decimal | None, row.value("blocks.before"))
    after = cast(Decimal | None, row.value("blocks.best_after"))
    computed = None if not before or after is None else 100 * (before - after) / before
    return cast(Decimal | None, row.value("blocks.stated_relief_percent")), computed


means(
    ReliefAtLeast,
    lambda test, row: relief_at_least(test.percent.value, row),
    missing=lambda test, row: ("block_relief",),
)


# Days


def _compared(compare: Callable[[date, date], bool]) -> Callable[[HeldAgainstToday, Row], Truth]:
    """The truth of a day plus a span compared with the day asked about."""

    def compared(test: HeldAgainstToday, row: Row) -> Truth:
        day = cast(date | None, row.value(test.day.name))
        return UNKNOWN if day is None else Truth.of(compare(plus(day, test.span), row.record.today))

    return compared


def _lasted(test: Lasted, row: Row) -> Truth:
    start, end = cast(date | None, row.value(test.start.name)), cast(date | None, row.value(test.end.name))
    return UNKNOWN if start is None or end is None else Truth.of(plus(start, test.span) <= end)


means(AtLeastAgo, _compared(lambda reached, today: reached <= today))
means(MoreThanAgo, _compared(lambda reached, today: reached < today))
means(WithinLast, _compared(lambda reached, today: reached >= today))
means(IsAfterAgo, _compared(lambda reached, today: reached > today))
means(Lasted, _lasted)
