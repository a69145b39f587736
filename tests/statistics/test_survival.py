"""The survival curve: against published steps and limits, and where it has none."""

from __future__ import annotations

import pytest

from facetwise.statistics.survival import kaplan_meier

# Freireich and others (1963), weeks in remission of 21 children given 6-mercaptopurine, as in tests/audit/test_repeats.py.
# The steps are those of Kleinbaum and Klein (table 2.4); the log-log limits those that Stata's `sts list` prints.
RELAPSED, CENSORED = (6, 6, 6, 7, 10, 13, 16, 22, 23), (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
STEPS = [
    (6, 0.8571, 0.6197, 0.9516),
    (7, 0.8067, 0.5631, 0.9228),
    (10, 0.7529, 0.5032, 0.8894),
    (13, 0.6902, 0.4316, 0.8491),
    (16, 0.6275, 0.3675, 0.8049),
    (22, 0.5378, 0.2678, 0.7468),
    (23, 0.4482, 0.1881, 0.6801),
]


@pytest.mark.parametrize(("week", "survival", "low", "high"), STEPS)
def test_each_step_and_its_limits_are_the_published_ones(week: int, survival: float, low: float, high: float) -> None:
    curve = kaplan_meier([*RELAPSED, *CENSORED], [True] * 9 + [False] * 12)
    for time in (week, week + 0.5):
        at = curve.at(time)
        assert (at.value, at.low, at.high) == pytest.approx((survival, low, high), abs=5e-5)
    assert curve.median == 23


def test_the_order_of_the_times_changes_nothing() -> None:
    times, is_event = [*RELAPSED, *CENSORED], [True] * 9 + [False] * 12
    assert kaplan_meier(times[::-1], is_event[::-1]).at(13) == kaplan_meier(times, is_event).at(13)


@pytest.mark.filterwarnings("error")
def test_a_share_of_all_or_none_has_no_limits() -> None:
    """Before the first event, after the last of all, and where nobody has one: the variance is 0, which is no certainty."""
    ended = kaplan_meier([1, 2, 3], [True, True, True])
    assert [(ended.at(time).value, ended.at(time).low) for time in (0.5, 3)] == [(1, None), (0, None)]
    waiting = kaplan_meier([4.0, 5.0], [False, False])
    assert (waiting.at(9).value, waiting.at(9).high, waiting.median) == (1, None, None)


def test_the_median_is_the_time_at_which_exactly_a_half_are_left() -> None:
    assert kaplan_meier([1, 2, 3, 4], [True] * 4).median == 2
    assert kaplan_meier([1, 2, 3, 4], [True, False, False, False]).median is None
