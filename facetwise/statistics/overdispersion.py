"""Overdispersion of a funnel: how much more the units differ than chance alone would make them, and limits that allow for it.

Each unit is put on a scale on which chance spreads all units of a size alike, and held against the target: z. The z-scores
are winsorised, phi is the mean of their squares, and tau2 is the variance between units that explains what is over: it is
added to each unit's own variance. Sources: Spiegelhalter 2005, Funnel plots for comparing institutional performance, and
Handling over-dispersion of performance indicators (winsorising, phi, arcsine root and root scales); Spiegelhalter and
others 2012 (the same, as England's regulator used it); DerSimonian and Laird 1986 (tau2 by moments).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isfinite, pi
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
from scipy.special import gammaincc, ndtri

from facetwise.errors import UsageError
from facetwise.statistics.funnels import Kind, Limits, funnel_limits

Scale = Literal["arcsine-root", "root", "log"]
Numbers = npt.NDArray[np.float64]

_Z = (float(ndtri(0.975)), float(ndtri(0.999)))
_FEWEST = 2
_EXPECTED = 5.0
_NO_LOGARITHM = "A unit, or the target, has no events, and nothing has no logarithm. Use the root scale."


@dataclass(frozen=True)
class Overdispersion:
    """What was found of some units about a target.

    units_n: the units that phi is of; small_n: those too small for the scale, which are left out of it. target: of one
    asked, person or expected event. winsorised: the share of z-scores pulled in at each end. phi: mean square of the
    winsorised z-scores, 1 where chance alone is at work; None under two units.
    p: how often chance alone gives as much (chi-squared of units_n times phi, one degree fewer than units). tau2: the
    variance between units on the scale; 0 where the test does not find phi above 1.
    """

    units_n: int
    small_n: int
    target: float
    kind: Kind
    scale: Scale
    winsorised: float
    level: float | None
    phi: float | None
    p: float | None
    tau2: float

    @property
    def is_inflated(self) -> bool:
        return self.tau2 > 0


def estimate_overdispersion(
    target: float,
    counts: Sequence[float],
    denominators: Sequence[float],
    kind: Kind,
    *,
    scale: Scale | None = None,
    multiplier: float | None = None,
    winsorised: float = 0.1,
    level: float | None = 0.05,
    expected: float = _EXPECTED,
) -> Overdispersion:
    """How much units differ beyond chance about a target. target, kind, multiplier, denominators: as `funnel_limits`.

    counts: the events of each unit. scale: arcsine-root for proportions; root for rates and ratios, as England's regulator
    used it, or log, as the national mortality indicator does. level: tau2 stays 0 unless p is below it; None takes every
    tau2 that the moments give, as drawing tools do. expected: a unit at the target has so many events, and of a proportion
    so many without, or it is left out of phi: of a few events the scale's variance is not that of chance, and many small
    units alone would look overdispersed. Errors: UsageError.
    """
    on = _scale(kind, scale)
    _refuse_level(level, expected)
    funnel_limits(target, [], kind, multiplier)  # refuses a target or a kind that cannot be
    share = target / _multiplier(kind, multiplier)
    if not 0 <= winsorised < 0.5:
        raise UsageError(f"{winsorised} of the z-scores cannot be winsorised at each end. Give 0 or more, under 0.5.")
    if on == "log" and share == 0:
        raise UsageError(_NO_LOGARITHM)
    events, people = _units(counts, denominators, kind)
    enough = people * (min(share, 1 - share) if kind == "proportion" else share) >= expected
    small, events, people = int((~enough).sum()), events[enough], people[enough]
    if len(events) < _FEWEST:
        return Overdispersion(len(events), small, share, kind, on, winsorised, level, None, None, 0.0)
    z, errors = z_scores(share, events, people, on)
    pulled = winsorise(z, winsorised)
    phi = float(np.mean(pulled**2))
    p = float(gammaincc((len(z) - 1) / 2, len(z) * phi / 2))
    tau2 = between_variance(pulled, errors) if level is None or p < level else 0.0
    return Overdispersion(len(z), small, share, kind, on, winsorised, level, phi, p, tau2)


def z_scores(share: float, events: Numbers, people: Numbers, scale: Scale) -> tuple[Numbers, Numbers]:
    """The z-score of each unit on the scale, and its standard error there."""
    if scale == "log":
        if not np.all(events > 0):
            raise UsageError(_NO_LOGARITHM)
        errors = 1 / np.sqrt(share * people)
        return np.log(events / people / share) / errors, errors
    errors = 1 / (2 * np.sqrt(people))
    return (_to_scale(events / people, scale) - _to_scale(share, scale)) / errors, errors


def winsorise(z: Numbers, share: float) -> Numbers:
    """The z-scores with each end pulled in to the quantile there, between two scores in a straight line (R's type 7)."""
    low, high = np.quantile(z, [share, 1 - share])
    return np.clip(z, low, high)


def between_variance(z: Numbers, errors: Numbers) -> float:
    """The variance between units by moments, never below 0: DerSimonian and Laird 1986."""
    weights = errors**-2.0
    over = float(np.sum(z**2)) - (len(z) - 1)
    return max(0.0, over / float(weights.sum() - (weights**2).sum() / weights.sum()))


def inflated_limits(
    found: Overdispersion, denominators: Sequence[float], multiplier: float | None = None
) -> tuple[Limits, ...]:
    """The exact limits; where units are overdispersed, the wider of them and the additive ones. As `funnel_limits`.

    The additive limits rest on a normal scale, which for few events can lie inside the exact ones: allowing for more
    variation never narrows a funnel here.
    """
    by = _multiplier(found.kind, multiplier)
    exact = funnel_limits(found.target * by, denominators, found.kind, by)
    if not found.is_inflated:
        return exact
    pairs = ((one, additive_limits(found, one[0], by)) for one in exact)
    return tuple(
        (one[0], _lower(one[1], two[1]), _higher(one[2], two[2]), _lower(one[3], two[3]), _higher(one[4], two[4]))
        for one, two in pairs
    )


def additive_limits(found: Overdispersion, denominator: float, by: float = 1) -> Limits:
    """The limits that the scale gives with tau2 added to a unit's variance, as a row of `funnel_limits`."""
    if denominator == 0:
        return denominator, None, None, None, None
    size = float(denominator)
    own = 1 / (found.target * size) if found.scale == "log" else 1 / (4 * size)
    spread = (own + found.tau2) ** 0.5
    middle = _to_scale(found.target, found.scale)
    low_95, high_95, low_998, high_998 = (
        _from_scale(middle + sign * z * spread, found.scale) * by for z in _Z for sign in (-1, 1)
    )
    return denominator, low_95, high_95, low_998, high_998


def _to_scale(share: float | Numbers, scale: Scale) -> float | Numbers:
    match scale:
        case "arcsine-root":
            return np.arcsin(np.sqrt(share))
        case "root":
            return np.sqrt(share)
        case "log":
            return np.log(share)


def _from_scale(at: float | Numbers, scale: Scale) -> float:
    """The proportion or rate at a place of the scale; past its end, that of the end."""
    match scale:
        case "arcsine-root":
            return float(np.sin(np.clip(at, 0, pi / 2)) ** 2)
        case "root":
            return float(np.maximum(at, 0) ** 2)
        case "log":
            return float(np.exp(at))


def _refuse_level(level: float | None, expected: float) -> None:
    if level is not None and not 0 <= level <= 1:
        raise UsageError(f"Level must be from 0 to 1, or None to believe every tau2, not {level}.")
    if not 0 <= expected < inf:
        raise UsageError(f"Expected events must be 0 or more, not {expected}.")


def _scale(kind: Kind, scale: Scale | None) -> Scale:
    if scale is not None and scale not in get_args(Scale):
        raise UsageError(f"There is no scale '{scale}'. Give arcsine-root, root or log.")
    fitting: Scale = "arcsine-root" if kind == "proportion" else "root"
    if scale is not None and (scale == "arcsine-root") is not (kind == "proportion"):
        raise UsageError(f"The scale {scale} is not for a {kind}. Leave it out, or give {fitting}.")
    return scale or fitting


def _units(counts: Sequence[float], denominators: Sequence[float], kind: Kind) -> tuple[Numbers, Numbers]:
    """Events and denominators of the units with anybody to count. Errors: UsageError."""
    if len(counts) != len(denominators):
        raise UsageError(
            f"There are {len(counts)} counts and {len(denominators)} denominators. Give one of each a unit."
        )
    for count, denominator in zip(counts, denominators, strict=True):
        if not (isfinite(count) and isfinite(denominator)) or count < 0 or denominator < 0:
            raise UsageError(f"A unit with {count} of {denominator} cannot be. Give 0 or more of each.")
        if count > 0 and (denominator == 0 or (kind == "proportion" and count > denominator)):
            raise UsageError(f"A unit with {count} of {denominator} counts more than it has. Check both.")
    pairs = [pair for pair in zip(counts, denominators, strict=True) if pair[1] > 0]
    return np.array([pair[0] for pair in pairs], float), np.array([pair[1] for pair in pairs], float)


def _multiplier(kind: Kind, multiplier: float | None) -> float:
    return multiplier if multiplier is not None else 100_000 if kind == "rate" else 1


def _lower(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else min(one, other)


def _higher(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else max(one, other)
