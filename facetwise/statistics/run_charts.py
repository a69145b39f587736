"""Run charts of single values (XmR): a mean, limits from the moving range, and the points that a named set of rules picks out.

Tools disagree on how long a shift and a trend are, on the moving ranges that are left out, and on ties: none of that is
settled here. A rule set says all of it, has a name, and stands in the result, so that whoever shows a chart can print it.
Sources: NHS England, Making Data Count; NHSRplotthedots 0.2.2; abspc 1.1.0; Nelson 1982 (screening of moving ranges).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum, isfinite
from typing import Any

import pyarrow as pa

from facetwise.errors import UsageError, nearest
from facetwise.spells.dimensions import UNKNOWN

OUTSIDE, SHIFT, TREND, TWO_OF_THREE = "outside", "shift", "trend", "two-of-three"
FEWEST = 13
_NEAR = 2 / 3
_SCREEN = 3.267
# of the greatest value: less than so much apart is the same, for a mean of shares like 0.1 is an ulp from them
_ROUNDING = 1e-12


@dataclass(frozen=True)
class RuleSet:
    """What counts as a signal.

    shift_n: so many points in a row on one side of the mean. trend_n: so many in a row, each above (or each below) the one
    before. factor: limits lie so many mean moving ranges from the mean. screens: moving ranges of 3.267 times their mean
    and more are left out of it, once. skips_mean: a point on the mean neither counts in a shift nor ends it; else it ends
    it. skips_equal: a point equal to the one before neither counts in a trend nor ends it; else it ends it.
    """

    id: str
    says: str
    shift_n: int
    trend_n: int
    factor: float = 2.66
    screens: bool = False
    skips_mean: bool = False
    skips_equal: bool = False

    def __post_init__(self) -> None:
        if self.shift_n < 2 or self.trend_n < 3 or not (isfinite(self.factor) and self.factor > 0):
            raise UsageError(f"The rule set '{self.id}' would find signals in any two points. Ask for longer runs.")

    def described(self) -> str:
        """The rule set as it is printed beside a chart."""
        return (
            f"{self.id}: {self.says}; a shift is {self.shift_n} points, a trend {self.trend_n}; limits at {self.factor:.4g} "
            f"mean moving ranges, {'large ones left out' if self.screens else 'all of them in'}; a point on the mean "
            f"{'is passed over' if self.skips_mean else 'ends a shift'}, an equal one "
            f"{'is passed over' if self.skips_equal else 'ends a trend'}"
        )


RULE_SETS = {
    rules.id: rules
    for rules in (
        RuleSet("nhs-7-7", "as NHSRplotthedots 0.2.2 draws Making Data Count", 7, 7, screens=True),
        RuleSet("abspc-8-6", "as abspc 1.1.0 draws Making Data Count", 8, 6, factor=3 / 1.128),
        RuleSet("6-6", "the shorter choice of the Making Data Count workbook", 6, 6),
    )
}
DEFAULT_RULES = "nhs-7-7"
_FLAT = (
    "Most values in a row are the same, so there is no spread to draw limits by, and no rule is asked of the points: take longer "
    "periods, or more places together."
)


@dataclass(frozen=True)
class Point:
    """One period's value with the rules that pick it out."""

    period: str
    value: float
    signals: tuple[str, ...]


@dataclass(frozen=True)
class RunChart:
    """The points in order, their mean and limits, and how these were come by.

    baseline_n: the mean and limits are of so many first points. left_out_n: moving ranges that the rule set screened out.
    """

    rules: RuleSet
    points: tuple[Point, ...]
    mean: float
    low: float
    high: float
    mean_range: float
    baseline_n: int
    left_out_n: int
    warnings: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Everything, with the rule set's name and lengths."""
        held = {name: getattr(self, name) for name in ("mean", "low", "high", "mean_range", "baseline_n", "left_out_n")}
        rules = {
            "id": self.rules.id,
            "shift": self.rules.shift_n,
            "trend": self.rules.trend_n,
            "described": self.rules.described(),
        }
        points = [{"period": p.period, "value": p.value, "signals": list(p.signals)} for p in self.points]
        return {"rules": rules, **held, "points": points, "warnings": list(self.warnings)}

    def to_arrow(self) -> pa.Table:
        """One row a point: period, value, mean, low, high, signals, rules."""
        n = len(self.points)
        return pa.table(
            {
                "period": pa.array([point.period for point in self.points], pa.string()),
                "value": pa.array([point.value for point in self.points], pa.float64()),
                **{name: pa.array([getattr(self, name)] * n, pa.float64()) for name in ("mean", "low", "high")},
                "signals": pa.array([list(point.signals) for point in self.points], pa.list_(pa.string())),
                "rules": pa.array([self.rules.id] * n, pa.string()),
            }
        )


def rules_named(name: str) -> RuleSet:
    """The rule set of that name. Errors: UsageError with the nearest known name."""
    if name not in RULE_SETS:
        raise UsageError(f"There is no rule set '{name}' for run charts." + nearest(name, RULE_SETS))
    return RULE_SETS[name]


def run_chart(
    periods: Sequence[str],
    values: Sequence[float | None],
    rules: RuleSet | str = DEFAULT_RULES,
    baseline: int | None = None,
) -> RunChart:
    """The chart of values in the order of their periods.

    values: one a period; counts stay raw: pass them through disclosure before showing. baseline: the mean and limits are
    those of so many first points, and hold for the later ones; else of all. Errors: UsageError for a period without a
    value (a moving range across it would be none), and fewer than two points.
    """
    asked = rules if isinstance(rules, RuleSet) else rules_named(rules)
    whole = _whole(periods, values)
    if baseline is not None and not 2 <= baseline <= len(whole):
        raise UsageError(f"A baseline of {baseline} points cannot be of {len(whole)}. Give 2 to {len(whole)}.")
    first = whole[:baseline]
    mean = fsum(first) / len(first)
    ranges = [abs(after - before) for before, after in pairwise(first)]
    kept = ranges
    if asked.screens:
        bound = _SCREEN * fsum(ranges) / len(ranges)
        kept = [one for one in ranges if one < bound] or ranges  # none lies under a bound of 0: every value is the same
    mean_range = fsum(kept) / len(kept)
    reach, slack = asked.factor * mean_range, _ROUNDING * max(map(abs, whole))
    flat = mean_range <= slack < max(whole) - min(whole)
    signals = [() for _ in whole] if flat else _signals(whole, mean, reach, slack, asked)
    return RunChart(
        rules=asked,
        points=tuple(Point(*told) for told in zip(periods, whole, signals, strict=True)),
        mean=mean,
        low=mean - reach,
        high=mean + reach,
        mean_range=mean_range,
        baseline_n=len(first),
        left_out_n=len(ranges) - len(kept),
        warnings=(*_warnings(len(first)), *([_FLAT] if flat else [])),
    )


def monthly(rows: Sequence[Mapping[str, Any]], what: str = "counted") -> tuple[tuple[str, ...], tuple[int | None, ...]]:
    """The months of a count by month alone, first to last, and their values, for `run_chart`.

    rows: `CountResult.by`; those without a month are left out. what: counted or unknown. A month without a spell of any
    kind has None: whether the data holds it is not known. Errors: UsageError for a month that stands twice.
    """
    held: dict[int, int] = {}
    for row in rows:
        if row["month"] != UNKNOWN:
            year, month = map(int, row["month"].split("-"))
            at = year * 12 + month - 1
            if at in held:
                raise UsageError(f"{row['month']} stands twice. Give the rows of a count by month alone.")
            held[at] = row[what]
    months = range(min(held), max(held) + 1) if held else range(0)
    return tuple(f"{at // 12}-{at % 12 + 1:02d}" for at in months), tuple(held.get(at) for at in months)


def _whole(periods: Sequence[str], values: Sequence[float | None]) -> list[float]:
    if len(periods) != len(values):
        raise UsageError(f"There are {len(periods)} periods and {len(values)} values. Give one value a period.")
    if len(values) < 2:
        raise UsageError("A run chart of fewer than two points has no moving range. Give more periods.")
    found = []
    for period, value in zip(periods, values, strict=True):
        if value is None or not isfinite(value):
            raise UsageError(f"{period} has no value, and a run chart needs every period. Give it, or begin after it.")
        found.append(float(value))
    return found


def _warnings(points_n: int) -> tuple[str, ...]:
    if points_n >= FEWEST:
        return ()
    return (f"The limits rest on {points_n} points; under {FEWEST} they are provisional.",)


def _signals(values: list[float], mean: float, reach: float, slack: float, rules: RuleSet) -> list[tuple[str, ...]]:
    sides = [_sign(value - mean, slack) for value in values]
    steps = [_sign(after - before, slack) for before, after in pairwise(values)]
    outside = {place for place, value in enumerate(values) if abs(value - mean) > reach + slack}
    near = {place for place, value in enumerate(values) if abs(value - mean) > _NEAR * reach + slack} - outside
    found = {
        OUTSIDE: outside,
        SHIFT: {place for run in _runs(sides, rules.shift_n, rules.skips_mean) for place in run},
        TREND: {
            place + end for run in _runs(steps, rules.trend_n - 1, rules.skips_equal) for place in run for end in (0, 1)
        },
        TWO_OF_THREE: _two_of_three(near, sides),
    }
    return [tuple(rule for rule, places in found.items() if place in places) for place in range(len(values))]


def _runs(signs: Iterable[int], fewest: int, skips_none: bool) -> list[list[int]]:
    """The places of each run of one sign that is long enough; 0 is passed over or ends a run."""
    runs: list[list[int]] = []
    last = 0
    for place, sign in enumerate(signs):
        if sign == 0 and skips_none:
            continue
        if sign != last:
            runs.append([])
        if sign != 0:
            runs[-1].append(place)
        last = sign
    return [run for run in runs if len(run) >= fewest]


def _two_of_three(near: set[int], sides: list[int]) -> set[int]:
    """Points between two thirds of the way to a limit and the limit, two of three in a row, all three on one side."""
    found: set[int] = set()
    for start in range(len(sides) - 2):
        window = range(start, start + 3)
        held = near.intersection(window)
        if len(held) >= 2 and abs(sum(sides[place] for place in window)) == 3:
            found |= held
    return found


def _sign(difference: float, slack: float) -> int:
    return (difference > slack) - (difference < -slack)
