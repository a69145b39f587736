"""Limits of funnels against published ones, and against the exact tests that they stand for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, poisson

from facetwise.errors import UsageError
from facetwise.statistics import funnel_limits

# PHEindicatormethods, tests/testthat/testdata_funnel_ratio_outputs.csv: (expected events, the limit there per 100).
LOW_95 = [(5.571644585, 17.94802207), (18.39035799, 54.3763205), (121.6268111, 82.21871402), (770.4222128, 92.93605352)]
HIGH_95 = [(0.025317898, 3949.774946), (4.795387629, 208.5337156), (81.36400699, 122.9044681)]
LOW_998 = [(9.233410143, 10.83023482), (134.9243187, 74.11562345)]
HIGH_998 = [(0.739371928, 676.2496398), (71.92139974, 139.0406755)]

# The same, testdata_funnel_rate_outputs_3.csv: populations of one year, and limits over three years' events, about
# a rate of 95.60285106 per 100,000.
RATE = 95.60285106
RATE_LIMITS = [
    (1, 111970.3773, 85.14156661),
    (2, 88494.9416, 107.727438),
    (3, 119317.6437, 79.89877305),
    (4, 82485.29064, 115.5761622),
    (1, 413702.6663, 90.16137202),
    (4, 355104.4927, 105.0395046),
]

SMALL = st.floats(0.05, 400)


@pytest.mark.parametrize(
    ("place", "denominator", "limit"),
    [
        *((1, *pair) for pair in LOW_95),
        *((2, *pair) for pair in HIGH_95),
        *((3, *pair) for pair in LOW_998),
        *((4, *pair) for pair in HIGH_998),
    ],
)
def test_limits_of_a_ratio_are_the_published_ones_to_six_digits(place: int, denominator: float, limit: float) -> None:
    ((_, *limits),) = funnel_limits(1, [denominator], "ratio")
    assert limits[place - 1] == pytest.approx(limit / 100, rel=2e-6)


@pytest.mark.parametrize(("place", "population", "limit"), RATE_LIMITS)
def test_limits_of_a_rate_are_the_published_ones_to_six_digits(place: int, population: float, limit: float) -> None:
    ((_, *limits),) = funnel_limits(RATE, [3 * population], "rate")
    assert limits[place - 1] == pytest.approx(limit, rel=2e-6)


def test_limits_of_a_proportion_are_those_of_the_exact_test_of_conovers_peas() -> None:
    """Conover 1971, page 97, as R's binom.test prints it: 682 of 925, 95 % from 0.7076683 to 0.7654066."""
    ((_, low, *_),) = funnel_limits(0.7654066, [925], "proportion")
    ((_, _, high, *_),) = funnel_limits(0.7076683, [925], "proportion")
    assert [low, high] == pytest.approx([682 / 925, 682 / 925], rel=1e-6)


@given(expected=SMALL, count=st.integers(0, 600))
@settings(max_examples=300, deadline=None)
def test_a_ratio_is_outside_its_limit_exactly_when_the_exact_test_says_so(expected: float, count: int) -> None:
    ((_, low_95, high_95, low_998, high_998),) = funnel_limits(1, [expected], "ratio")
    below, above = poisson.cdf(count, expected), poisson.sf(count - 1, expected)
    for low, high, level in ((low_95, high_95, 0.025), (low_998, high_998, 0.001)):
        assert low is not None and high is not None
        if abs(below - level) > 1e-7:
            assert (count < low * expected) == (below < level)
        if abs(above - level) > 1e-7:
            assert (count > high * expected) == (above < level)


@given(share=st.floats(0.001, 0.999), n=st.integers(1, 400), count=st.integers(0, 400))
@settings(max_examples=300, deadline=None)
def test_a_proportion_is_outside_its_limit_exactly_when_the_exact_test_says_so(
    share: float, n: int, count: int
) -> None:
    count = min(count, n)
    ((_, low_95, high_95, low_998, high_998),) = funnel_limits(share, [n], "proportion")
    below, above = binom.cdf(count, n, share), binom.sf(count - 1, n, share)
    for low, high, level in ((low_95, high_95, 0.025), (low_998, high_998, 0.001)):
        assert low is not None and high is not None
        if abs(below - level) > 1e-7:
            assert (count < low * n - 1e-9) == (below < level)
        if abs(above - level) > 1e-7:
            assert (count > high * n + 1e-9) == (above < level)


def test_wider_limits_lie_around_narrower_ones_and_close_in_as_units_grow() -> None:
    found = funnel_limits(120, [1_000, 10_000, 100_000, 1_000_000], "rate")
    widths = []
    for _, low_95, high_95, low_998, high_998 in found:
        assert low_998 is not None and low_95 is not None and high_95 is not None and high_998 is not None
        assert low_998 <= low_95 < 120 < high_95 < high_998
        widths.append(high_998 - low_998)
    assert widths == sorted(widths, reverse=True)


def test_a_unit_of_nobody_has_no_limits() -> None:
    assert funnel_limits(0.2, [0], "proportion") == ((0, None, None, None, None),)


def test_a_multiplier_without_end_is_refused() -> None:
    with pytest.raises(UsageError, match="1 is no target of a ratio"):
        funnel_limits(1, [5], "ratio", float("inf"))


def test_a_target_of_none_or_all_leaves_no_room() -> None:
    assert funnel_limits(0, [50], "proportion") == ((50, 0, 0, 0, 0),)
    assert funnel_limits(1, [50], "proportion") == ((50, 1, 1, 1, 1),)
    assert funnel_limits(0, [50], "rate") == ((50, 0, 0, 0, 0),)


@pytest.mark.parametrize(
    ("target", "denominators", "kind", "told"),
    [
        (0.2, [1], "mean", "There are no funnels of kind 'mean'. Give proportion, rate or ratio."),
        (
            20,
            [1],
            "proportion",
            "20 is no target of a proportion. Give one that can be, and the multiplier that it is of.",
        ),
        (1, [-2], "ratio", "Denominator must be 0 or more, not -2."),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(
    target: float, denominators: list[float], kind: str, told: str
) -> None:
    with pytest.raises(UsageError) as refused:
        funnel_limits(target, denominators, kind)  # type: ignore[arg-type]
    assert str(refused.value) == told
