"""Limits of funnel plots: how far from a target chance alone would take a unit of a size.

A unit lies below its lower limit exactly when the one-sided exact test at that level says so, and likewise above: the
limits are those counts, taken as continuous, whose exact tail is the level. Sources: Spiegelhalter 2005 (exact limits for
funnels); Fingertips, Public Health Technical Guide (the same tails for rates and ratios).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite
from typing import Literal, get_args

from scipy.optimize import brentq
from scipy.special import betainc, gammainc, gammaincc

from facetwise.errors import UsageError

Kind = Literal["proportion", "rate", "ratio"]
Limits = tuple[float, float | None, float | None, float | None, float | None]
_TAILS = (0.025, 0.001)
_STEEP = 1e-12


def funnel_limits(
    target: float, denominators: Sequence[float], kind: Kind, multiplier: float | None = None
) -> tuple[Limits, ...]:
    """(denominator, low_95, high_95, low_998, high_998) for each denominator; a denominator of 0 has None for limits.

    target and limits: a proportion (0 to 1), a rate per `multiplier`, or a ratio (1 is as expected). denominators: how
    many were asked (proportion), people (rate), or expected events (ratio). multiplier: 100,000 for rates, else 1.
    Exact binomial for proportions, exact Poisson for the others. Errors: UsageError.
    """
    if kind not in get_args(Kind):
        raise UsageError(f"There are no funnels of kind '{kind}'. Give proportion, rate or ratio.")
    scale = multiplier if multiplier is not None else 100_000 if kind == "rate" else 1
    share = float(target) / scale if isfinite(scale) and scale > 0 else -1.0
    if not isfinite(share) or share < 0 or (kind == "proportion" and share > 1):
        raise UsageError(f"{target} is no target of a {kind}. Give one that can be, and the multiplier that it is of.")
    return tuple(_limits(share, denominator, kind, scale) for denominator in denominators)


def _limits(share: float, denominator: float, kind: Kind, scale: float) -> Limits:
    if not isfinite(denominator) or denominator < 0:
        raise UsageError(f"Denominator must be 0 or more, not {denominator}.")
    if denominator == 0:
        return denominator, None, None, None, None
    size, found = float(denominator), []
    for tail in _TAILS:
        pair = _binomial(share, size, tail) if kind == "proportion" else _poisson(share * size, tail)
        found += [count * scale / size for count in pair]
    low_95, high_95, low_998, high_998 = found
    return denominator, low_95, high_95, low_998, high_998


def _poisson(expected: float, tail: float) -> tuple[float, float]:
    """The counts whose lower and upper Poisson tails are the level."""
    if expected == 0:
        return 0.0, 0.0
    far = expected + 10 * expected**0.5 + 10
    return (
        _root(lambda x: gammaincc(x + 1, expected) - tail, 0.0, expected),
        _root(lambda x: tail - gammainc(x, expected), _STEEP, far),
    )


def _binomial(share: float, n: float, tail: float) -> tuple[float, float]:
    """The counts of n whose lower and upper binomial tails are the level."""
    if share in (0, 1):
        return share * n, share * n
    return (
        _root(lambda x: betainc(n - x, x + 1, 1 - share) - tail, 0.0, share * n),
        _root(lambda x: tail - betainc(x, n - x + 1, share), _STEEP, n),
    )


def _root(above: Callable[[float], float], low: float, high: float) -> float:
    """Where a rising function crosses 0; the end that it does not reach, where it stays on one side."""
    if above(low) >= 0:
        return low
    return float(brentq(above, low, high, xtol=1e-12, rtol=1e-14)) if above(high) > 0 else high
