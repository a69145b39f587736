"""Each rate, limit and test once more in one place: against numbers that others printed, or that others' programs give.

A number is called printed where it stands in somebody's document or fixtures. It is called run where nobody printed it, and
somebody else's program was run for it on printed data; then the program and its version are named.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from facetwise.audit.repeat_intervals import Session, Wait, timed
from facetwise.guidance.standard_population import ESP_2013
from facetwise.statistics import (
    Estimate,
    byar,
    dsr,
    estimate_overdispersion,
    funnel_limits,
    inflated_limits,
    isr,
    wilson,
)
from facetwise.statistics.funnels import Limits
from facetwise.statistics.overdispersion import additive_limits
from facetwise.statistics.run_charts import run_chart
from tests.statistics.test_estimates import CANCERS, ISR_SHEET, WALES

# Printed: UK Health Security Agency, PHEindicatormethods 1.0, inst/doc/PHEindicatormethodsIntroVignette.html (25 April 2018):
# eight areas' events and people, and what phe_proportion and phe_rate print of them at 95 and 99.8 %.
PROPORTIONS = [
    (87, 131, 0.664122137, 0.579592491, 0.73930053, 0.5293576135, 0.77658434),
    (1, 164, 0.006097561, 0.001077181, 0.03372625, 0.0005322047, 0.06601672),
    (44, 134, 0.328358209, 0.254598570, 0.41168471, 0.2181147658, 0.46143836),
    (13, 109, 0.119266055, 0.071039739, 0.19341500, 0.0529712429, 0.24689949),
    (83, 131, 0.633587786, 0.548367919, 0.71119617, 0.4985908973, 0.75043163),
    (7, 139, 0.050359712, 0.024605552, 0.10029837, 0.0167360401, 0.14179381),
    (43, 137, 0.313868613, 0.242136529, 0.39575419, 0.2069168113, 0.44507799),
    (5, 163, 0.030674847, 0.013172190, 0.06978956, 0.0084801369, 0.10481797),
]
RATES = [  # per 100,000 at 95 %; the limits at 99.8 % are per 100
    (87, 131, 66412.2137, 53191.89721, 81920.133, 46.54873, 91.51034),
    (1, 164, 609.7561, 15.43769, 3397.344, 6.100612e-04, 5.63013),
    (44, 134, 32835.8209, 23856.24577, 44081.622, 19.61417, 51.21896),
    (13, 109, 11926.6055, 6344.25775, 20396.080, 4.192660, 26.14598),
    (83, 131, 63358.7786, 50463.30549, 78543.665, 44.00613, 87.94878),
    (7, 139, 5035.9712, 2024.72162, 10376.025, 1.093767, 14.11955),
    (43, 137, 31386.8613, 22712.53344, 42278.943, 18.62510, 49.19876),
    (5, 163, 3067.4847, 996.00392, 7158.486, 0.4536023, 10.09494),
]

# Printed: R's binom.confint (package binom), method wilson, as statsmodels carries it in
# statsmodels/stats/tests/results/results_proportion.py.
BINOM_CONFINT = [
    (18, 20, 0.6989663547715128, 0.972133518786232),
    (4, 20, 0.0806576625797981, 0.4160174322518935),
    (4, 200, 0.00780442641634947, 0.05028708690582643),
    (190, 200, 0.910421851861224, 0.972617354399236),
    (1, 30, 0.005908590, 0.16670391),
    (0, 30, 0.0, 0.11351339),
    (30, 30, 0.8864866, 1.0),
]

# Printed: PHEindicatormethods, inst/doc/DSR-vignette.html (25 April 2018), the example with age bands without a death: deaths and people
# by nineteen age bands, rate and limits by Dobson's method. The limits at 99.8 % were run: PHStatsMethods 0.1.16, the
# Department of Health and Social Care's own program.
DEATHS = [1, 1, 0, 0, 0, 1, 1, 3, 3, 3, 3, 10, 10, 10, 10, 8, 8, 8, 8]
PEOPLE = [30, 35, 35, 35, 40, 40, 45, 50, 50, 50, 60, 60, 70, 75, 70, 60, 20, 20, 15]

# Printed: Conover 1971, page 97, the 95 % limits of 682 of 925, as in R's help for binom.test. Run: binom.test of R 4.6.0,
# the others.
BINOMIAL = [
    (682, 925, 0.95, 0.707668264079, 0.765406558242),
    (682, 925, 0.998, 0.690411102726, 0.780700213638),
    (3, 20, 0.95, 0.0320709371855, 0.3789268265453),
    (3, 20, 0.998, 0.00998758099839, 0.50872937397332),
    (40, 60, 0.95, 0.533127325257, 0.783130554569),
    (40, 60, 0.998, 0.459976581283, 0.836046590424),
]

# Printed: FunnelPlotR, tests/testthat/test-classes_methods.R: six units, and phi on the log scale to seven digits; at six units its
# truncation leaves out none. Run in R 4.6.0: the rest, by the functions of its R/od_adjustment.R and the formulas of its
# R/calculate_limits.R (commit 225b14db), which take 1.959964 and 3.090232 for z.
UNITS = ([100, 150, 180, 80, 120, 225], [108, 112, 165, 95, 100, 220])
AT_165_LOG = (0.731092634204, 1.36781572295, 0.610278819125, 1.63859529229)
AT_165_ROOT = (0.862035634067, 1.13796436593, 0.782474627867, 1.21752537213)

# Printed: the first twelve primary care trusts of PHEindicatormethods' testdata_funnel_prop_inputs.csv. Run as above.
TRUSTS = (
    [
        *(35078.4880, 24803.6256, 50050.7443, 48686.4364, 35795.6324, 66969.6742, 48514.4460, 70670.2858, 26029.3176),
        *(22506.3828, 20619.5552, 19847.1920),
    ],
    [41980, 31824, 61921, 59804, 45449, 80002, 64755, 93122, 33708, 25932, 25852, 23684],
)
AT_45449 = (0.726047932629, 0.862361279313, 0.681106348860, 0.894476941256)

# Printed: Boston University School of Public Health, BS704, Survival Analysis, page 4: twenty people's years, and who died.
# Their log-log limits by Mathematica are printed in scipy, scipy/stats/tests/test_survival.py, to six digits.
YEARS = [24, 3, 11, 19, 24, 13, 14, 2, 18, 17, 24, 21, 12, 1, 10, 23, 6, 5, 9, 17]
DIED = [0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1]
# real-statistics.com, Confidence interval for the survival function: eighteen people, and the limits there to six digits, as
# the same tests of scipy carry them.
TRIAL = [3, 5, 8, 10, 5, 5, 8, 12, 15, 14, 2, 11, 10, 9, 12, 5, 8, 11]
ENDED = [1, 1, 1, 0, 1, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 1, 1]


def assert_printed(found: Estimate, *printed: float, rel: float = 1e-6) -> None:
    assert (found.value, found.low, found.high) == pytest.approx(printed, rel=rel, abs=1e-12)


@pytest.mark.parametrize(("events", "people", "value", "low", "high", "low_998", "high_998"), PROPORTIONS)
def test_a_proportion_has_the_printed_limits_to_six_digits(
    events: int, people: int, value: float, low: float, high: float, low_998: float, high_998: float
) -> None:
    assert_printed(wilson(events, people), value, low, high)
    assert_printed(wilson(events, people, 0.998), value, low_998, high_998)


@pytest.mark.parametrize(("events", "people", "low", "high"), BINOM_CONFINT)
def test_a_proportion_has_the_limits_that_r_prints(events: int, people: int, low: float, high: float) -> None:
    assert_printed(wilson(events, people), events / people, low, high, rel=1e-7)


@pytest.mark.parametrize(("events", "people", "value", "low", "high", "low_998", "high_998"), RATES)
def test_a_crude_rate_has_the_printed_limits_to_six_digits(
    events: int, people: int, value: float, low: float, high: float, low_998: float, high_998: float
) -> None:
    assert_printed(byar(events, people), value, low, high)
    assert_printed(byar(events, people, 0.998, multiplier=100), value / 1000, low_998, high_998)


def test_a_direct_rate_has_the_printed_limits_to_seven_digits() -> None:
    assert_printed(dsr(DEATHS, PEOPLE, ESP_2013), 8283.016, 6570.819, 10289.65, rel=5e-7)
    assert_printed(dsr(DEATHS, PEOPLE, ESP_2013, 0.998), 8283.015873015873, 5709.72192610624, 11530.098867867348)


def test_a_direct_rate_of_the_welsh_example_is_what_the_departments_program_gives() -> None:
    """Run: PHStatsMethods 0.1.16 on the data of the worked example, which prints four decimals and other limits."""
    assert_printed(dsr(CANCERS, WALES, ESP_2013), 8.652510861731162, 7.671766558186263, 9.723344600517404)
    assert_printed(dsr(CANCERS, WALES, ESP_2013, 0.998), 8.652510861731162, 7.146398818660229, 10.365835733578752)


def test_an_indirect_rate_and_ratio_are_what_the_departments_program_gives() -> None:
    """Run: PHStatsMethods 0.1.16 (ph_ISRate, ph_ISRatio) on PHEindicatormethods' printed isr_sheet.csv; and nine events."""
    observed, populations, counts, references, expected = zip(*ISR_SHEET, strict=True)
    sheet = (populations, counts, references)
    assert_printed(isr(sum(observed), *sheet), 10014.578176786838, 9369.13481261878, 10692.771133936563)
    assert_printed(isr(sum(observed), *sheet, 0.998), 10014.578176786838, 9011.853926002746, 11092.838181295587)
    of_one = sum(references) / sum(counts)
    assert_printed(isr(895, *sheet, multiplier=of_one), 1.030510577103217, 0.9640937793155671, 1.1002973422891613)
    assert_printed(isr(895, *sheet, 0.998, of_one), 1.030510577103217, 0.9273292021007163, 1.1414646602306746)
    assert isr(895, *sheet, multiplier=of_one).value == pytest.approx(895 / sum(expected), rel=1e-8)
    few = ([number / 100 for number in populations], counts, references)
    assert_printed(isr(9, *few), 10070.525540902961, 4604.885543054827, 19116.994390980424)
    assert_printed(isr(9, *few, 0.998), 10070.525540902961, 2744.133622364348, 25352.40628874348)


@pytest.mark.parametrize(("events", "of", "confidence", "low", "high"), BINOMIAL)
def test_a_funnel_of_shares_stands_at_the_exact_limits_that_r_gives(
    events: int, of: int, confidence: float, low: float, high: float
) -> None:
    """A share on its exact upper limit is the target of whose funnel it is the lower limit, and likewise below."""
    inner = confidence == 0.95
    ((_, low_95, _, low_998, _),) = funnel_limits(high, [of], "proportion")
    ((_, _, high_95, _, high_998),) = funnel_limits(low, [of], "proportion")
    found = (low_95, high_95) if inner else (low_998, high_998)
    assert found == pytest.approx((events / of, events / of), rel=1e-9)


def test_phi_of_ratios_on_the_log_scale_is_the_printed_one_to_seven_digits() -> None:
    found = estimate_overdispersion(1, *UNITS, "ratio", scale="log", winsorised=0, level=None)
    assert found.phi == pytest.approx(2.948033, abs=5e-7)
    assert found.tau2 == pytest.approx(0.0194775305780216, rel=1e-12)
    limits = additive_limits(found, 165)
    assert _four(limits) == pytest.approx(AT_165_LOG, rel=1e-7)


def test_a_whole_funnel_of_ratios_on_the_root_scale_is_what_funnelplotr_gives() -> None:
    """Winsorised at a tenth and at a twentieth. FunnelPlotR leaves these limits on the scale; ours are ratios: its square."""
    found = estimate_overdispersion(1, *UNITS, "ratio", level=None)
    assert (found.phi, found.tau2) == pytest.approx((2.32717825759412, 0.00343978015418627), rel=1e-12)
    limits = additive_limits(found, 165)
    assert _four(limits) == pytest.approx([limit**2 for limit in AT_165_ROOT], rel=1e-7)
    other = estimate_overdispersion(1, *UNITS, "ratio", winsorised=0.05, level=None)
    assert (other.phi, other.tau2) == pytest.approx((2.74678261151236, 0.00440597597932009), rel=1e-12)


def test_a_whole_funnel_of_shares_is_what_funnelplotr_gives() -> None:
    events, people = TRUSTS
    target = sum(events) / sum(people)
    assert target == pytest.approx(0.798546646701801, rel=1e-12)
    found = estimate_overdispersion(target, events, people, "proportion")
    assert (found.phi, found.tau2) == pytest.approx((334.732017330375, 0.00189212721502891), rel=1e-11)
    (limits,) = inflated_limits(found, [45449])
    assert _four(limits) == pytest.approx(AT_45449, rel=1e-7)


def _four(limits: Limits) -> list[float]:
    return [limit for limit in limits[1:] if limit is not None]


def waited(times: list[int], ended: list[int]) -> list[Wait]:
    some = Session(date(2020, 1, 1), None, None)
    return [Wait(some, time, bool(end)) for time, end in zip(times, ended, strict=True)]


@pytest.mark.parametrize(
    ("times", "ended", "sooner_than", "survival", "low", "high"),
    [
        (YEARS, DIED, 2, Fraction(19, 20), 0.694743, 0.992802),
        (YEARS, DIED, 4, Fraction(19, 20) * Fraction(17, 18), 0.647529, 0.973299),
        (YEARS, DIED, 6, Fraction(19, 20) * Fraction(16, 18), 0.591142, 0.947073),
        (YEARS, DIED, 15, Fraction(19, 20) * Fraction(16, 18) * Fraction(9, 10), 0.464605, 0.906422),
        (YEARS, DIED, 18, Fraction(19, 20) * Fraction(16, 18) * Fraction(8, 10), 0.370359, 0.856521),
        (TRIAL, ENDED, 3, Fraction(17, 18), 0.66639, 0.991983),
        (TRIAL, ENDED, 5, Fraction(16, 18), 0.624174, 0.970995),
        (TRIAL, ENDED, 8, Fraction(13, 18), 0.456179, 0.87378),
        (TRIAL, ENDED, 9, Fraction(13, 18) * Fraction(9, 12), 0.287822, 0.739467),
        (TRIAL, ENDED, 12, Fraction(13, 18) * Fraction(9, 12) * Fraction(4, 6), 0.128489, 0.603133),
    ],
)
def test_the_share_repeated_is_one_less_the_survival_by_hand_and_its_limits_are_the_printed_ones(
    times: list[int], ended: list[int], sooner_than: int, survival: Fraction, low: float, high: float
) -> None:
    """Survival is a product of fractions: of those still followed at an event, how many went on."""
    (within,) = timed(waited(times, ended), (sooner_than,)).within
    found = within.share
    assert found.value == pytest.approx(float(1 - survival), rel=1e-12)
    assert found.low is not None and found.high is not None
    assert (1 - found.high, 1 - found.low) == pytest.approx((low, high), abs=6e-7)


def test_the_median_wait_and_survival_of_the_classic_trial_are_those_worked_as_fractions() -> None:
    """Freireich and others 1963; of 21, 18, 17, 15, 12, 11, 7 and 6 still in remission, 3, 1, 1, 1, 1, 1 and 1 relapsed."""
    times = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    told = timed(waited(times, [1] * 9 + [0] * 12), (7, 8, 11, 14, 17, 23, 24))
    survival, worked = Fraction(1), []
    for followed, ended in ((21, 3), (17, 1), (15, 1), (12, 1), (11, 1), (7, 1), (6, 1)):
        survival *= Fraction(followed - ended, followed)
        worked.append(float(1 - survival))
    assert [within.share.value for within in told.within] == pytest.approx(worked, rel=1e-12)
    assert told.median_months == 23


def test_limits_by_three_over_d2_are_those_of_abspc_and_of_fractions() -> None:
    """NIST/SEMATECH e-Handbook, 6.3.2.2, prints four decimals. Run: abspc 1.1.0 on its ten batches; and worked exactly."""
    flowrates = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
    found = run_chart([str(place) for place in range(10)], flowrates, "abspc-8-6")
    mean, reach = Fraction(5081, 100), 3 / Fraction(1128, 1000) * Fraction(169, 90)
    assert (found.mean, found.low, found.high) == pytest.approx(
        (50.81, 45.81591016548463, 55.80408983451537), rel=1e-12
    )
    assert (found.low, found.high) == pytest.approx((float(mean - reach), float(mean + reach)), rel=1e-12)
