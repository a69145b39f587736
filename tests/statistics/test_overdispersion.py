"""Overdispersion against published moments, against numbers worked apart, and against what it must never do."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, getcontext
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2

from facetwise.errors import UsageError
from facetwise.statistics import estimate_overdispersion, funnel_limits, inflated_limits
from facetwise.statistics.overdispersion import additive_limits, between_variance, winsorise

# Kacker 2004 (Metrologia 41: 132-136): nine laboratories' values and variances, with what R's metafor computes of them
# (pooled value, Q, its p and tau2 of DerSimonian and Laird), as statsmodels' results_meta.py prints it.
LABORATORIES = [61.0, 61.4, 62.21, 62.3, 62.34, 62.6, 62.7, 62.84, 65.9]
VARIANCES = [0.2025, 1.2100, 0.0900, 0.2025, 0.3844, 0.5625, 0.0676, 0.0225, 1.8225]
POOLED, Q, Q_P, TAU2 = 62.5833970939982, 24.801897741835, 0.00167935146372742, 0.288049246973751

# The seven units of FunnelPlotR's article on funnel plots (vignettes/funnel_plots.Rmd): observed and expected events.
OBSERVED = [15, 40, 72, 28, 50, 66, 75]
EXPECTED = [13, 32, 75, 33, 54, 60, 72]

units = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 400)), min_size=2, max_size=40)


def test_the_variance_between_units_is_the_published_one_to_eight_digits() -> None:
    """Whole funnels are held in test_published.py; this is the estimator alone."""
    errors = np.sqrt(VARIANCES)
    z = (np.array(LABORATORIES) - POOLED) / errors
    assert float(np.sum(z**2)) == pytest.approx(Q, rel=1e-9)
    assert between_variance(z, errors) == pytest.approx(TAU2, rel=1e-8)
    assert chi2.sf(Q, 8) == pytest.approx(Q_P, rel=1e-9)


def test_winsorised_scores_are_pulled_in_to_the_quantiles_of_r() -> None:
    """R's documentation of quantile(), type 7: the quantile q of n values lies at 1 + q (n - 1) between them."""
    z = np.array([3.0, -9.0, 0.0, 1.0, 2.0, 40.0])
    low, high = -9.0 + 0.5 * (0.0 - -9.0), 3.0 + 0.5 * (40.0 - 3.0)
    assert winsorise(z, 0.1).tolist() == [3.0, low, 0.0, 1.0, 2.0, high]
    assert winsorise(z, 0.0).tolist() == z.tolist()


def test_phi_tau_and_limits_on_the_root_scale_are_those_worked_with_thirty_decimals() -> None:
    """Worked apart in decimals from the formulas of Spiegelhalter 2005, without winsorising."""
    getcontext().prec = 30
    counts, expected = [5, 60, 72, 10, 50, 90, 75], EXPECTED
    errors = [1 / (2 * Decimal(n).sqrt()) for n in expected]
    z = [((Decimal(o) / n).sqrt() - 1) / e for o, n, e in zip(counts, expected, errors, strict=True)]
    phi = _sum([score**2 for score in z]) / 7
    weights = [1 / e**2 for e in errors]
    tau2 = (7 * phi - 6) / (_sum(weights) - _sum([w**2 for w in weights]) / _sum(weights))
    found = estimate_overdispersion(1, counts, expected, "ratio", winsorised=0)
    assert (found.phi, found.tau2) == pytest.approx((float(phi), float(tau2)), rel=1e-12)
    assert found.p == pytest.approx(chi2.sf(float(7 * phi), 6), rel=1e-9)  # one degree fewer than units
    spread = (1 / (4 * Decimal(54)) + tau2).sqrt()
    limits = [(1 + Decimal(k) * spread) ** 2 for k in ("-1.959963984540054", "1.959963984540054", "3.090232306167813")]
    _, low_95, high_95, _, high_998 = additive_limits(found, 54)
    assert [low_95, high_95, high_998] == pytest.approx([float(limit) for limit in limits], rel=1e-10)


def _sum(numbers: list[Decimal]) -> Decimal:
    return sum(numbers, Decimal(0))


def test_units_that_differ_as_chance_would_have_them_keep_their_exact_limits() -> None:
    found = estimate_overdispersion(1, OBSERVED, EXPECTED, "ratio")
    assert found.phi is not None and found.phi < 1
    assert (found.tau2, found.is_inflated) == (0.0, False)
    assert inflated_limits(found, EXPECTED) == funnel_limits(1, EXPECTED, "ratio")


def test_a_phi_above_1_that_chance_could_give_is_not_believed_unless_asked() -> None:
    counts = [19, 42, 62, 28, 50, 72, 75]
    tested = estimate_overdispersion(1, counts, EXPECTED, "ratio")
    assert tested.phi is not None and tested.p is not None
    assert tested.phi > 1 and tested.p > 0.05 and tested.tau2 == 0
    assert estimate_overdispersion(1, counts, EXPECTED, "ratio", level=None).tau2 > 0


def test_on_the_log_scale_limits_are_those_of_the_national_mortality_indicator() -> None:
    """NHS Digital's SHMI specification: exp of plus or minus z times the root of 1/expected plus tau2."""
    found = estimate_overdispersion(1, [5, 60, 72, 10, 50, 90, 75], EXPECTED, "ratio", scale="log")
    _, low, high, *_ = additive_limits(found, 40)
    spread = 1.959963984540054 * (1 / 40 + found.tau2) ** 0.5
    assert (low, high) == pytest.approx((np.exp(-spread), np.exp(spread)), rel=1e-12)


def test_a_rate_has_the_limits_of_its_ratio_times_the_target() -> None:
    people = [n * 1000 for n in EXPECTED]
    counts = [5, 60, 72, 10, 50, 90, 75]
    rate = estimate_overdispersion(100, counts, people, "rate")
    ratio = estimate_overdispersion(1, counts, EXPECTED, "ratio")
    assert rate.phi == pytest.approx(ratio.phi, rel=1e-12)
    ((_, *of_rate),) = inflated_limits(rate, [40_000])
    ((_, *of_ratio),) = inflated_limits(ratio, [40])
    assert of_rate == pytest.approx([100 * (limit or 0) for limit in of_ratio], rel=1e-9)


@given(units=units, share=st.floats(0.01, 0.99))
@settings(max_examples=200, deadline=None)
def test_allowing_for_more_variation_never_narrows_a_funnel(units: list[tuple[int, int]], share: float) -> None:
    counts, sizes = [min(count, n) for count, n in units], [n for _, n in units]
    found = estimate_overdispersion(share, counts, sizes, "proportion", expected=0)
    exact, wide = funnel_limits(share, sizes, "proportion"), inflated_limits(found, sizes)
    for one, other in zip(exact, wide, strict=True):
        _, low_95, high_95, low_998, high_998 = other
        assert low_95 is not None and high_95 is not None and low_998 is not None and high_998 is not None
        assert one[1] is not None and one[2] is not None and one[3] is not None and one[4] is not None
        assert 0 <= low_998 <= low_95 and high_95 <= high_998 <= 1
        assert low_95 <= one[1] and low_998 <= one[3] and high_95 >= one[2] and high_998 >= one[4]


def test_denominators_of_numpy_give_what_pythons_own_give() -> None:
    found = estimate_overdispersion(0.5, [1, 90, 2, 95], [100, 100, 90, 95], "proportion")
    counts: Any = np.array([1, 90, 2, 95], np.int8)
    sizes: Any = np.array([100, 100, 90, 95], np.int8)
    taken: Any = np.array([100, 90], np.int8)
    assert found == estimate_overdispersion(0.5, counts, sizes, "proportion")
    assert inflated_limits(found, taken) == inflated_limits(found, [100, 90])
    assert [additive_limits(found, n) for n in taken] == [additive_limits(found, n) for n in (100, 90)]


def test_one_unit_says_nothing_of_what_lies_between_units() -> None:
    found = estimate_overdispersion(0.5, [13, 0], [14, 0], "proportion")
    assert (found.units_n, found.phi, found.p, found.tau2) == (1, None, None, 0.0)
    assert inflated_limits(found, [14, 0])[1] == (0, None, None, None, None)


def test_many_small_units_that_differ_as_chance_has_them_do_not_look_overdispersed() -> None:
    """Forty units of one spell and forty of 40, at 40 %: by the scale alone the small ones give a phi of 2.4."""
    counts = [*([0] * 24), *([1] * 16), *([16] * 40)]
    sizes = [*([1] * 40), *([40] * 40)]
    found = estimate_overdispersion(0.4, counts, sizes, "proportion")
    assert (found.units_n, found.small_n, found.is_inflated) == (40, 40, False)
    every = estimate_overdispersion(0.4, counts, sizes, "proportion", expected=0, level=None)
    assert every.phi is not None and every.phi > 1.1 and every.is_inflated
    ratio = estimate_overdispersion(1, [4, 6, 5, 3], [4, 4.9, 5, 5.1], "ratio")
    assert (ratio.units_n, ratio.small_n) == (2, 2)


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (
            lambda: estimate_overdispersion(1, [0, 2], [9, 9], "ratio", scale="log"),
            "A unit, or the target, has no events, and nothing has no logarithm. Use the root scale.",
        ),
        (
            lambda: estimate_overdispersion(0.5, [1], [2], "proportion", scale="root"),
            "The scale root is not for a proportion. Leave it out, or give arcsine-root.",
        ),
        (
            lambda: estimate_overdispersion(1, [1], [2], "ratio", scale="cube"),  # type: ignore[arg-type]
            "There is no scale 'cube'. Give arcsine-root, root or log.",
        ),
        (
            lambda: estimate_overdispersion(1, [1, 2], [2], "ratio"),
            "There are 2 counts and 1 denominators. Give one of each a unit.",
        ),
        (
            lambda: estimate_overdispersion(0.5, [3], [2], "proportion"),
            "A unit with 3 of 2 counts more than it has. Check both.",
        ),
        (
            lambda: estimate_overdispersion(1, [-1], [2], "ratio"),
            "A unit with -1 of 2 cannot be. Give 0 or more of each.",
        ),
        (
            lambda: estimate_overdispersion(1, [1], [2], "ratio", winsorised=0.5),
            "0.5 of the z-scores cannot be winsorised at each end. Give 0 or more, under 0.5.",
        ),
        (
            lambda: estimate_overdispersion(0, [0, 0], [9, 9], "ratio", scale="log"),
            "A unit, or the target, has no events, and nothing has no logarithm. Use the root scale.",
        ),
        (
            lambda: estimate_overdispersion(1, [1, 2], [9, 9], "ratio", level=95),
            "Level must be from 0 to 1, or None to believe every tau2, not 95.",
        ),
        (
            lambda: estimate_overdispersion(1, [1, 2], [9, 9], "ratio", expected=float("nan")),
            "Expected events must be 0 or more, not nan.",
        ),
        (
            lambda: inflated_limits(estimate_overdispersion(1, [1, 2], [9, 9], "ratio"), [-1]),
            "Denominator must be 0 or more, not -1.",
        ),
        (
            lambda: estimate_overdispersion(2, [1], [2], "proportion"),
            "2 is no target of a proportion. Give one that can be, and the multiplier that it is of.",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_words(ask: Callable[[], Any], told: str) -> None:
    with pytest.raises(UsageError) as refused:
        ask()
    assert str(refused.value) == told
