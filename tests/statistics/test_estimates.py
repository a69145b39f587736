"""Rates, proportions and their limits against examples that others published."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from scipy.stats import chi2

from facetwise import statistics
from facetwise.errors import UsageError
from facetwise.statistics import Estimate, byar, dsr, isr, wilson
from facetwise.statistics.rates import count_limits

REFUSED = Estimate(None, None, None)


def assert_near(found: Estimate, value: float, low: float, high: float, rel: float = 1e-9) -> None:
    assert (found.value, found.low, found.high) == pytest.approx((value, low, high), rel=rel)


# UK Health Security Agency, PHEindicatormethods, tests/testthat/testdata_funnel_ratio_outputs.csv: the expected events
# of which so many are the limit, which are the exact Poisson limits of the count.
EXACT_POISSON = [
    (1, 0.95, 0.025317898, 5.571644585),
    (5, 0.95, 1.623486324, 11.6683331),
    (9, 0.95, 4.11537405, 17.08479966),
    (5, 0.998, 0.739371928, 16.45474478),
    (9, 0.998, 2.452425215, 22.65737951),
]

# Public Health Wales' brain cancers of 2022, by nineteen age bands, as worked in EpiStandard's article on direct rates,
# which gives four decimals and gamma limits.
CANCERS = [5, 4, 4, 4, 2, 6, 6, 14, 8, 9, 17, 19, 34, 30, 39, 41, 23, 13, 7]
WALES = [
    *(152519, 174409, 186628, 177708, 184964, 187669, 199578, 192117, 181871, 176614),
    *(213390, 224095, 206338, 180033, 173220, 144499, 90861, 54621, 30506),
]
CENSUS = [
    *(162528, 165436, 175568, 182829, 194959, 186466, 187941, 188607, 198164, 207383),
    *(213638, 209169, 206018, 176291, 163639, 129008, 95844, 63537, 39003),
]
ESP_2013 = [
    *(5000, 5500, 5500, 5500, 6000, 6000, 6500, 7000, 7000, 7000),
    *(7000, 6500, 6000, 5500, 5000, 4000, 2500, 1500, 1000),
]

# PHEindicatormethods, R/isr_sheet.csv: nineteen strata with the events expected of each.
ISR_SHEET = [
    (127, 636, 10303, 50520, 129.7052257),
    (25, 558, 2824, 57173, 27.56182114),
    (18, 609, 3225, 60213, 32.61795626),
    (21, 543, 3615, 54659, 35.91256701),
    (12, 384, 3641, 44345, 31.52878566),
    (27, 594, 3490, 50128, 41.35533035),
    (48, 669, 3789, 62163, 40.77732735),
    (27, 843, 3213, 67423, 40.17262655),
    (29, 660, 3031, 62899, 31.80432121),
    (32, 576, 2771, 55463, 28.7776716),
    (32, 606, 3089, 60479, 30.95180145),
    (34, 522, 3490, 49974, 36.45455637),
    (45, 426, 3595, 44140, 34.69574082),
    (65, 273, 4745, 40888, 31.68130014),
    (38, 300, 5514, 37239, 44.42117135),
    (68, 288, 7125, 30819, 66.58230312),
    (74, 153, 5694, 18136, 48.03606087),
    (82, 123, 6210, 15325, 49.84208809),
    (91, 207, 5757, 13918, 85.62286248),
]


@pytest.mark.parametrize(("count", "confidence", "low", "high"), EXACT_POISSON)
def test_limits_of_a_count_under_ten_are_the_exact_poisson_ones(
    count: int, confidence: float, low: float, high: float
) -> None:
    assert count_limits(count, confidence) == pytest.approx((low, high), rel=5e-6)  # the sheet sought them by trial


def test_a_count_of_none_has_a_lower_limit_of_none() -> None:
    """Of no event, 3.688879 may be expected: minus the logarithm of 0.025."""
    assert_near(byar(0, 1, multiplier=1), 0, 0, 3.6888794541)


def test_limits_of_ten_and_more_are_byars() -> None:
    """Worked with twenty decimals: 65 events, z 1.959963984540054; cube roots by hand from Breslow and Day's formula."""
    z, n = Decimal("1.959963984540054"), Decimal(65)
    low = n * (1 - 1 / (9 * n) - z / (3 * n.sqrt())) ** 3
    high = (n + 1) * (1 - 1 / (9 * (n + 1)) + z / (3 * (n + 1).sqrt())) ** 3
    assert_near(byar(65, 100_000), 65, float(low), float(high))
    assert (round(low, 4), round(high, 4)) == (Decimal("50.1632"), Decimal("82.8491"))


@pytest.mark.parametrize("count", [10, 11, 20, 50, 200, 1000])
def test_byars_limits_are_as_near_to_the_exact_ones_as_the_guide_says(count: int) -> None:
    """Technical Guide: Confidence Intervals (2018): within 0.2 % of the exact value for ten or more, at 95 %."""
    exact = float(chi2.ppf(0.025, 2 * count)) / 2, float(chi2.ppf(0.975, 2 * count + 2)) / 2
    assert count_limits(count) == pytest.approx(exact, rel=0.002)


@pytest.mark.parametrize(
    ("numerator", "denominator", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_limits_of_a_proportion_are_those_that_newcombe_worked(
    numerator: int, denominator: int, low: float, high: float
) -> None:
    """Newcombe 1998, Statistics in Medicine 17: 857-872, table I, method 3 (Wilson's score), four decimals."""
    found = wilson(numerator, denominator)
    assert found.value == numerator / denominator
    assert (round(found.low or 0, 4), round(found.high or 0, 4)) == (low, high)


def test_wilsons_limits_end_a_score_test_of_that_level() -> None:
    """By definition: at each limit p, the proportion is z standard errors of p away."""
    for numerator, denominator in ((1, 7), (65, 100), (1045, 5000)):
        found = wilson(numerator, denominator, 0.998)
        for limit in (found.low or 0, found.high or 0):
            error = (limit * (1 - limit) / denominator) ** 0.5
            assert abs(numerator / denominator - limit) / error == pytest.approx(3.090232306167813, rel=1e-9)


@pytest.mark.parametrize(
    ("standard", "value", "low", "high"), [(ESP_2013, 8.6525, 7.6718, 9.7233), (CENSUS, 9.0148, 7.9948, 10.1285)]
)
def test_a_direct_rate_is_that_of_the_worked_example(
    standard: Sequence[float], value: float, low: float, high: float
) -> None:
    found = dsr(CANCERS, WALES, standard)
    assert found.value == pytest.approx(value, abs=5e-5)
    assert_near(found, value, low, high, rel=2e-4)


def test_a_direct_rate_of_one_stratum_is_its_crude_rate() -> None:
    crude = byar(65, 12_345)
    assert_near(dsr([65], [12_345], [500]), crude.value or 0, crude.low or 0, crude.high or 0)


def test_a_direct_rate_of_fewer_than_ten_events_is_refused() -> None:
    assert dsr([4, 5], [1000, 1000], [1, 1]) == REFUSED
    assert dsr([5, 5], [1000, 1000], [1, 1]).value == pytest.approx(500)


def test_an_indirect_rate_expects_what_the_sheet_expects() -> None:
    observed, populations, counts, references, expected = zip(*ISR_SHEET, strict=True)
    crude = sum(counts) / sum(references) * 100_000
    low, high = count_limits(sum(observed))
    by = crude / sum(expected)
    found = isr(sum(observed), populations, counts, references)
    assert_near(found, sum(observed) * by, low * by, high * by, rel=1e-8)


def test_the_reference_itself_has_its_crude_rate() -> None:
    counts, references = [10, 20], [1000, 500]
    assert isr(30, references, counts, references).value == pytest.approx(2000)


def test_nobody_to_count_is_refused_and_never_a_division_by_nothing() -> None:
    assert byar(0, 0) == wilson(0, 0) == isr(3, [0, 0], [1, 1], [10, 10]) == REFUSED


@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.int16, np.int32, np.float32])
def test_numbers_of_numpy_give_what_pythons_own_give(kind: Any) -> None:
    """Whole numbers of numpy run over in a product; the rate that came of it was wrong, or below nothing."""
    counts, people, sizes = [100, 90, 7], [120, 125, 100], [55, 100, 120]
    taken: Any = [np.array(numbers, kind) for numbers in (counts, people, sizes)]
    assert dsr(*taken) == dsr(counts, people, sizes)
    assert isr(taken[0][0], *taken) == isr(100, counts, people, sizes)
    assert byar(taken[0][0], taken[1][0]) == byar(100, 120)
    assert wilson(taken[0][0], taken[1][0]) == wilson(100, 120)


def test_a_stratum_that_the_standard_has_nobody_in_is_no_part_of_the_rate() -> None:
    """Else ten events that weigh nothing would make a rate of 0 with limits of 0 to 0."""
    assert dsr([10, 0], [10, 20], [0, 1]) == REFUSED
    assert dsr([30, 12, 25], [50, 80, 90], [0, 2, 3]) == dsr([12, 25], [80, 90], [2, 3])


def test_parts_of_events_that_make_ten_are_ten() -> None:
    """A hundred tenths add up to a little less than ten in floating point."""
    assert dsr([0.1] * 100, [10] * 100, [1] * 100).value == pytest.approx(1000)


def test_a_limit_never_lies_on_the_wrong_side_of_its_share() -> None:
    for n in (7, 29, 10**6, 10**15):
        for confidence in (0.95, 0.998):
            assert wilson(0, n, confidence).low == 0
            assert wilson(n, n, confidence).high == 1


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda: byar(1, 10, multiplier=-1), "A multiplier of -1 gives no rate. Give more than 0, such as 100000."),
        (
            lambda: wilson(1, 10, multiplier=float("nan")),
            "A multiplier of nan gives no rate. Give more than 0, such as 100000.",
        ),
        (lambda: dsr([9], [10], [1], 95), "A confidence of 95 is none. Give a share, such as 0.95 or 0.998."),
        (lambda: byar(0, 0, 95), "A confidence of 95 is none. Give a share, such as 0.95 or 0.998."),
        (lambda: count_limits(-1), "observed is -1, which is no count. Give 0 or more."),
        (lambda: byar(-1, 10), "observed is -1, which is no count. Give 0 or more."),
        (lambda: byar(1, float("nan")), "denominator is nan, which is no count. Give 0 or more."),
        (lambda: byar(1, 10, 95), "A confidence of 95 is none. Give a share, such as 0.95 or 0.998."),
        (lambda: wilson(3, 2), "The numerator, 3, is more than the denominator, 2. Check both."),
        (
            lambda: dsr([1], [1, 2], [1, 2]),
            "The strata do not go together: counts 1, populations 2, standard 2. Give one number a stratum in each.",
        ),
        (lambda: dsr([10, 1], [10, 0], [1, 1]), "Stratum 2 of populations holds nobody. Join it to its neighbour."),
        (lambda: dsr([10], [10], [0]), "The standard population is empty. Give the size of each stratum."),
    ],
)
def test_numbers_that_cannot_be_are_refused_in_words(ask: Callable[[], Any], told: str) -> None:
    with pytest.raises(UsageError) as refused:
        ask()
    assert str(refused.value) == told


def test_asking_for_a_count_does_not_wait_for_scipy() -> None:
    """It takes longer to load than most commands take in all."""
    told = "import sys, facetwise, facetwise.count.count; print('scipy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_what_the_room_does_not_have_is_said() -> None:
    with pytest.raises(AttributeError, match=r"facetwise\.statistics has no median"):
        statistics.median  # noqa: B018
