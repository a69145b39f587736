"""Run charts against what the NHS tools' own tests print, and the rules on which tools disagree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from facetwise import count
from facetwise.errors import UsageError
from facetwise.spells.synthetic.synth import write_synthetic
from facetwise.statistics.run_charts import (
    OUTSIDE,
    RULE_SETS,
    SHIFT,
    TREND,
    TWO_OF_THREE,
    RuleSet,
    RunChart,
    monthly,
    rules_named,
    run_chart,
)

# NHSRplotthedots, tests/testthat/test-ptd_spc_standard.R and its snapshot (_snaps/ptd_spc_standard.md): R's
# set.seed(123); rnorm(20), the same with 10 as the fifteenth, and that without screening.
RNORM = [
    *(-0.56047565, -0.23017749, 1.55870831, 0.07050839, 0.12928774, 1.71506499, 0.46091621, -1.26506123, -0.68685285),
    *(-0.44566197, 1.22408180, 0.35981383, 0.40077145, 0.11068272, -0.55584113, 1.78691314, 0.49785048, -1.96661716),
    *(0.70135590, -0.47279141),
]
WITH_TEN = [*RNORM[:14], 10.0, *RNORM[15:]]

# NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2: ten batches, their centre and limits (with 3/1.128).
FLOWRATES = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]

# Lengths alone, so that what a chart's limits pick out does not stand in the way.
FAR = 100.0


def charted(values: Sequence[float], rules: RuleSet | str = "nhs-7-7", baseline: int | None = None) -> RunChart:
    return run_chart([str(place) for place in range(len(values))], values, rules, baseline)


def picked(
    values: Sequence[float], signal: str, rules: RuleSet | str = "nhs-7-7", baseline: int | None = None
) -> list[int]:
    points = charted(values, rules, baseline).points
    return [place for place, point in enumerate(points) if signal in point.signals]


def test_mean_and_limits_are_those_of_the_nhs_tool_to_six_digits() -> None:
    found = charted(RNORM)
    assert (found.mean, found.low, found.high) == pytest.approx((0.1416238, -3.01138, 3.294627), rel=1e-6)
    assert found.left_out_n == 0


def test_a_large_moving_range_is_left_out_where_the_nhs_tool_leaves_it_out() -> None:
    found = charted(WITH_TEN)
    assert (found.mean, found.low, found.high) == pytest.approx((0.6694159, -2.383666, 3.722497), rel=1e-6)
    assert found.left_out_n == 2


def test_all_moving_ranges_count_where_nothing_is_screened() -> None:
    found = charted(WITH_TEN, replace(RULE_SETS["nhs-7-7"], screens=False))
    assert (found.mean, found.low, found.high) == pytest.approx((0.6694159, -4.596625, 5.935457), rel=1e-6)


def test_limits_by_three_over_d2_are_those_of_the_nist_handbook() -> None:
    found = charted(FLOWRATES, "abspc-8-6")
    assert (found.mean, found.mean_range) == pytest.approx((50.81, 1.8778), abs=5e-5)
    assert (found.low, found.high) == pytest.approx((45.8159, 55.8041), abs=5e-4)  # the book rounds the range first


@pytest.mark.parametrize(("name", "shift", "trend"), [("nhs-7-7", 7, 7), ("abspc-8-6", 8, 6), ("6-6", 6, 6)])
def test_a_named_rule_set_asks_for_runs_of_its_own_lengths(name: str, shift: int, trend: int) -> None:
    rules = replace(rules_named(name), factor=FAR)
    for length, places in ((shift - 1, 0), (shift, shift)):
        above = [1.0 + place % 2 for place in range(length)]
        assert len(picked([*above, -30.0, -29.0, -30.0], SHIFT, rules)) == places
        assert len(picked([*(-value for value in above), 30.0, 29.0, 30.0], SHIFT, rules)) == places
    for length, places in ((trend - 1, 0), (trend, trend)):
        rising = [float(place) for place in range(length)]
        assert len(picked([*rising, -1.0, 1.0], TREND, rules)) == places
        assert len(picked([*reversed(rising), 9.0, 1.0], TREND, rules)) == places


def test_trends_are_those_of_the_nhs_tools_own_tests() -> None:
    """NHSRplotthedots, test-ptd_calculate_point_type.R: six are too few, and a tie ends a trend."""
    assert picked([1, 2, 3, 3, 4, 5, 6], TREND) == []
    assert picked([1, 2, 3, 4, 5, 6], TREND) == []
    assert picked([2, 1, 2, 3, 4, 5, 6, 7, 3], TREND) == [1, 2, 3, 4, 5, 6, 7]
    assert picked([2, 7, 6, 5, 4, 3, 2, 1, 3], TREND) == [1, 2, 3, 4, 5, 6, 7]


def test_a_tie_and_a_point_on_the_mean_end_a_run_unless_the_rule_set_passes_them_over() -> None:
    """NHSRplotthedots and abspc end runs there; the NHS Institute's guide to run charts passes over them."""
    lenient = RuleSet("own", "passes over ties", 7, 7, skips_mean=True, skips_equal=True, factor=FAR)
    tied = [1.0, 2.0, 3.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    assert picked(tied, TREND) == []
    assert picked(tied, TREND, lenient) == [0, 1, 2, 3, 4, 5, 6, 7]
    across = [1.0, 2.0, 1.0, 0.0, 1.0, 2.0, 1.0, 2.0, -5.0, -5.0]
    assert sum(across) == 0
    assert picked(across, SHIFT) == []
    assert picked(across, SHIFT, lenient) == [0, 1, 2, 4, 5, 6, 7]


def test_two_of_three_near_a_limit_must_stand_on_one_side_of_the_mean() -> None:
    """NHSRplotthedots, test-ptd_spc_standard.R: near both limits in turn is no signal."""
    ordinary = [1.0, -1.0] * 8
    assert picked([*ordinary[:14], 5.5, -5.5], TWO_OF_THREE) == []
    # From here the limits are those of the ordinary points: 5.32 each way of 0, two thirds of it 3.5467.
    for last, places in (
        ([4.0, 4.0], []),  # the point before them lies under the mean
        ([0.5, 4.0, 3.6], [17, 18]),
        ([4.0, 0.5, 3.6], [16, 18]),
        ([4.0, 0.5, 3.5], []),
        ([4.0, 5.4, 0.5], []),  # one is outside, which is a signal of its own
        ([-1.0, -4.0, -3.6], [17, 18]),
    ):
        assert picked([*ordinary, *last], TWO_OF_THREE, baseline=16) == places, last


@pytest.mark.parametrize("value", [0.1, 1 / 3, 0.7, 1e9 / 7, 5.0])
@pytest.mark.parametrize("rules", list(RULE_SETS))
def test_points_that_are_all_the_same_give_no_signal_for_a_rounded_mean(value: float, rules: str) -> None:
    """Twenty times 0.1 add up to a little more than 2: each was below the mean, outside the limits, and in a shift."""
    found = charted([value] * 20, rules)
    assert {point.signals for point in found.points} == {()}
    assert (found.mean, found.low, found.high) == pytest.approx((value, value, value))


def test_a_point_on_the_mean_but_for_rounding_is_on_the_mean() -> None:
    assert picked([*([0.1, 0.2, 0.3] * 6), *([0.2] * 8)], SHIFT) == []
    assert picked([0.1 + 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8], TREND) == []  # 0.1 + 0.2 is above 0.3 by an ulp: a tie


def test_a_point_beyond_a_limit_is_outside_and_one_on_it_is_not() -> None:
    assert picked(WITH_TEN, OUTSIDE) == [14]
    flat = charted([3.0] * 14)
    assert {point.signals for point in flat.points} == {()}
    assert (flat.low, flat.high) == (3.0, 3.0)


def test_a_baseline_gives_the_limits_and_later_points_are_held_against_them() -> None:
    found = charted([*RNORM, 9.0, 9.5], baseline=20)
    assert (found.mean, found.low, found.high) == pytest.approx((0.1416238, -3.01138, 3.294627), rel=1e-6)
    assert [OUTSIDE in point.signals for point in found.points][-3:] == [False, True, True]
    assert charted(RNORM, baseline=12).warnings == ("The limits rest on 12 points; under 13 they are provisional.",)


def test_limits_under_thirteen_points_are_called_provisional() -> None:
    assert charted(RNORM[:12]).warnings == ("The limits rest on 12 points; under 13 they are provisional.",)
    assert charted(RNORM[:13]).warnings == ()


def test_whoever_prints_a_chart_has_the_rule_set_to_print() -> None:
    told = charted(RNORM).to_json()
    assert told["rules"]["id"] == "nhs-7-7"
    assert (told["rules"]["shift"], told["rules"]["trend"]) == (7, 7)
    assert told["rules"]["described"] == (
        "nhs-7-7: as NHSRplotthedots 0.2.2 draws Making Data Count; a shift is 7 points, a trend 7; limits at 2.66 mean "
        "moving ranges, large ones left out; a point on the mean ends a shift, an equal one ends a trend"
    )
    assert set(charted(RNORM).to_arrow()["rules"].to_pylist()) == {"nhs-7-7"}


def test_a_count_by_month_is_charted_and_a_month_without_any_spell_is_not_taken_for_none(tmp_path: Path) -> None:
    path = tmp_path / "activity.parquet"
    write_synthetic(20_000, 3, path, None)
    periods, values = monthly(count((path,), by="month").by)
    assert (periods[0], periods[-1], len(periods)) == ("2016-04", "2019-03", 36)
    assert sum(value or 0 for value in values) == sum(row["counted"] for row in count((path,), by="month").by)
    assert len(run_chart(periods, values).points) == 36
    rows = [{"month": month, "counted": 1, "unknown": 0} for month in ("2018-11", "2019-01", "unknown")]
    assert monthly(rows) == (("2018-11", "2018-12", "2019-01"), (1, None, 1))
    assert monthly([]) == ((), ())


def test_what_cannot_be_charted_is_refused_in_words() -> None:
    refusals: list[tuple[Callable[[], object], str]] = [
        (
            lambda: run_chart(["a", "b"], [1, None]),
            "b has no value, and a run chart needs every period. Give it, or begin after it.",
        ),
        (lambda: run_chart(["a"], [1]), "A run chart of fewer than two points has no moving range. Give more periods."),
        (lambda: run_chart(["a"], [1, 2]), "There are 1 periods and 2 values. Give one value a period."),
        (lambda: charted([1, 2, 3], baseline=4), "A baseline of 4 points cannot be of 3. Give 2 to 3."),
        (
            lambda: charted([1, 2], "nhs-77"),
            "There is no rule set 'nhs-77' for run charts. Did you mean 'nhs-7-7'?",
        ),
        (
            lambda: monthly([{"month": "2018-04", "counted": 1}, {"month": "2018-04", "counted": 5}]),
            "2018-04 stands twice. Give the rows of a count by month alone.",
        ),
        (
            lambda: RuleSet("own", "all", 7, 2),
            "The rule set 'own' would find signals in any two points. Ask for longer runs.",
        ),
        (
            lambda: RuleSet("own", "all", 1, 7),
            "The rule set 'own' would find signals in any two points. Ask for longer runs.",
        ),
    ]
    for ask, told in refusals:
        with pytest.raises(UsageError) as refused:
            ask()
        assert str(refused.value) == told
