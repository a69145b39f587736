"""The time to the next denervation: against published survival figures, and on intervals that are known."""

from __future__ import annotations

from datetime import date

import pytest

from facetwise.audit.histories import CodedEvent, PatientHistory
from facetwise.audit.repeat_intervals import Session, Wait, months_between, repeats, timed
from facetwise.decide.calendar import plus
from facetwise.errors import UsageError
from facetwise.language.units import months

# Freireich and others (1963), remission in weeks of 21 children given 6-mercaptopurine; censored ones second. The survival
# figures are those of Collett, and of Kleinbaum and Klein, Survival Analysis (table 2.4): to three decimals.
ENDED, CENSORED = (6, 6, 6, 7, 10, 13, 16, 22, 23), (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
PUBLISHED = {7: 0.857, 10: 0.807, 13: 0.753, 16: 0.690, 22: 0.627, 23: 0.538, 24: 0.448}


def test_the_share_repeated_is_one_less_the_published_survival_just_before() -> None:
    some = Session(date(2020, 1, 1), "R0A", None)
    waits = [Wait(some, week, True) for week in ENDED] + [Wait(some, week, False) for week in CENSORED]
    told = timed(waits, tuple(PUBLISHED))
    assert told.median_months == 23
    assert {w.months: round(1 - (w.share.value or 0), 3) for w in told.within} == PUBLISHED
    seventh = told.within[0].share
    # the log-log limits at six weeks that SAS prints in its guide to PROC LIFETEST: 0.6197 to 0.9516
    assert seventh.low is not None and seventh.high is not None
    assert (round(1 - seventh.high, 4), round(1 - seventh.low, 4)) == (0.6197, 0.9516)


def test_nobody_followed_so_long_gives_no_share() -> None:
    told = timed([Wait(Session(date(2020, 1, 1), None, None), 5.0, False)], (6,))
    assert (told.median_months, told.within[0].share.value) == (None, None)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2020-01-01", "2021-07-01", 18),
        ("2020-01-31", "2020-02-29", 1),
        ("2020-01-15", "2020-02-14", 30 / 31),
        ("2020-01-15", "2020-01-15", 0),
        ("2020-02-29", "2021-02-28", 12),
    ],
)
def test_months_are_calendar_months_and_the_days_left(first: str, last: str, expected: float) -> None:
    assert months_between(date.fromisoformat(first), date.fromisoformat(last)) == pytest.approx(expected)


def course(name: str, *days: date, provider: str = "R0A") -> PatientHistory:
    return PatientHistory(name, tuple(CodedEvent(f"{name}{n}", day, provider) for n, day in enumerate(days)), ())


def test_repeats_at_a_known_interval_have_it_as_their_median_by_provider_and_year() -> None:
    """Each of nine patients again after seven months, at one provider; at the other after nineteen, or never."""
    begins = [date(2018, 4, 1 + n) for n in range(9)]
    soon = [course(f"a{n}", day, plus(day, months(7))) for n, day in enumerate(begins)]
    late = [course(f"b{n}", day, plus(day, months(19)), provider="RJ1") for n, day in enumerate(begins[:5])]
    never = [course(f"c{n}", day, provider="RJ1") for n, day in enumerate(begins[5:])]
    told = repeats([*soon, *late, *never], date(2018, 4, 1), date(2024, 3, 31), (6, 16))
    by = dict(told.by_provider)
    # of the sessions at the first provider, nine were repeated after seven months and the nine repeats never
    assert by["R0A"].median_months == 7
    assert [w.share.value for w in by["R0A"].within] == [pytest.approx(0), pytest.approx(0.5)]
    assert [w.share.value for w in by["RJ1"].within] == [pytest.approx(0), pytest.approx(0)]
    assert dict(told.per_patient) == {1: 4, 2: 14}
    assert told.patients_with_more_than_one == 14
    assert [name for name, _ in told.by_year] == ["2018/19", "2019/20"]


def test_what_lies_outside_the_covered_days_is_not_looked_at() -> None:
    """A session before them is no beginning of a wait: what was done between is not known. Nor is one after them an end."""
    days = (date(2019, 1, 1), date(2020, 1, 1), date(2021, 1, 1))
    told = repeats([course("a", *days)], date(2019, 6, 1), date(2020, 6, 1), (16,))
    assert (told.all.sessions, told.all.repeated) == (1, 0)


def test_without_an_event_there_are_no_limits() -> None:
    told = timed([Wait(Session(date(2020, 1, 1), None, None), 20.0, False)], (6,))
    assert (told.within[0].share.value, told.within[0].share.low, told.within[0].share.high) == (0.0, None, None)


def test_before_the_first_event_and_after_the_last_one_a_share_has_no_limits() -> None:
    """None of three seen to be repeated so soon is no certainty: limits of 0 to 0 would say that it is."""
    some = Session(date(2020, 1, 1), None, None)
    told = timed([Wait(some, 7.0, True), Wait(some, 9.0, True), Wait(some, 20.0, False)], (6, 8, 24))
    none, one, later = (within.share for within in told.within)
    assert (none.value, none.low, none.high) == (0.0, None, None)
    assert one.low is not None and one.high is not None and 0 < one.low < 1 / 3 < one.high < 1
    assert later.value is None
    both = timed([Wait(some, 7.0, True), Wait(some, 9.0, True)], (24,)).within[0]
    assert (both.seen, both.share.value, both.share.low) == (2, 1.0, None)


def test_days_that_come_in_no_order_are_put_in_theirs() -> None:
    told = repeats([course("a", date(2020, 5, 1), date(2020, 1, 1))], date(2019, 1, 1), date(2021, 1, 1), (6,))
    assert told.all.median_months == 4


def test_an_interval_of_nothing_is_refused() -> None:
    with pytest.raises(UsageError, match=r"Nothing comes sooner than 0 months\. Give intervals of 1 and more\."):
        timed([Wait(Session(date(2020, 1, 1), None, None), 5.0, True)], (0,))


SOME = Session(date(2020, 1, 1), None, None)


@pytest.mark.parametrize(
    "waits",
    [[Wait(SOME, 20.0, False)], [Wait(SOME, 20.0, False), Wait(SOME, 18.0, True)]],
    ids=["never", "later alone"],
)
def test_none_repeated_so_soon_is_a_share_of_nought_and_no_certainty(waits: list[Wait]) -> None:
    """Two sessions, one of them followed after eighteen months, do not say that of all sessions 0 % are within six."""
    share = timed(waits, (6,)).within[0].share
    assert (share.value, share.low, share.high) == (0.0, None, None)


def test_a_share_is_known_once_all_were_repeated_however_short_they_were_followed() -> None:
    """Nobody is followed for 16 months, since each was repeated sooner: that is 100 %. One who waits on makes it unknown."""
    repeated = [Wait(SOME, 13.0, True)] * 20
    share = timed(repeated, (16, 13)).within
    assert [(w.share.value, w.share.low, w.share.high) for w in share] == [(1.0, None, None), (0.0, None, None)]
    told = timed([*repeated, Wait(SOME, 15.0, False)], (16, 15))
    assert told.within[0].share.value is None
    assert told.within[1].share.value == pytest.approx(20 / 21)
    ended = timed([Wait(SOME, 12.0, False), *repeated], (16,)).within[0].share
    assert ended.value == 1.0, "one whose data end earlier leaves all that remained repeated"
