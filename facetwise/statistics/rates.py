"""Rates and proportions with their limits, as England's public health statistics compute them.

Sources: Public Health Data Science, Technical Guide: Confidence Intervals (25 May 2018), appendices 1 to 4; Breslow and Day
1987 (Byar's method); Wilson 1927; Dobson and others 1991; Morris and others 2018 (no direct rate under ten events).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, isfinite, sqrt

from scipy.special import gammaincinv, ndtri

from facetwise.errors import UsageError

_EXACT_BELOW = 10
_FEWEST_STANDARDISED = 10


@dataclass(frozen=True)
class Estimate:
    """A value with its lower and upper limit; all None where the method refuses."""

    value: float | None
    low: float | None
    high: float | None


REFUSED = Estimate(None, None, None)


def byar(observed: float, denominator: float, confidence: float = 0.95, multiplier: float = 100_000) -> Estimate:
    """A crude rate: Byar's limits of the count, the exact Poisson ones under ten.

    observed: events. denominator: people, or person-years; 0 is refused. Errors: UsageError for a number that cannot be.
    """
    observed, denominator = _count("observed", observed), _count("denominator", denominator)
    by = _multiplier(multiplier)
    low, high = count_limits(observed, confidence)
    if denominator == 0:
        return REFUSED
    return _scaled(observed, low, high, by / denominator)


def wilson(numerator: float, denominator: float, confidence: float = 0.95, multiplier: float = 1) -> Estimate:
    """A proportion with Wilson's score limits. A denominator of 0 is refused.

    Errors: UsageError for a number that cannot be, or more in the numerator than in the denominator.
    """
    if _count("numerator", numerator) > _count("denominator", denominator):
        raise UsageError(f"The numerator, {numerator}, is more than the denominator, {denominator}. Check both.")
    z, by = _z(confidence), _multiplier(multiplier)
    if denominator == 0:
        return REFUSED
    numerator, denominator = float(numerator), float(denominator)
    share = numerator / denominator
    middle = 2 * numerator + z * z
    reach = z * sqrt(z * z + 4 * numerator * (1 - share))
    low, high = ((middle + sign * reach) / (2 * (denominator + z * z)) for sign in (-1, 1))
    # at none and at all, one limit is the share itself, which rounding may miss
    return _scaled(share, max(min(low, share), 0.0), min(max(high, share), 1.0), by)


def dsr(
    counts: Sequence[float],
    populations: Sequence[float],
    standard: Sequence[float],
    confidence: float = 0.95,
    multiplier: float = 100_000,
) -> Estimate:
    """A directly standardised rate with Dobson's limits. Fewer than ten events in all are refused.

    counts, populations, standard: one number a stratum (such as an age band), in the same order. A stratum that the
    standard has nobody in is no part of the rate, and its events are none of the ten. Where few events weigh much,
    Dobson's lower limit may lie under 0: it is given as published. Errors: UsageError for lists of
    unlike lengths, numbers that cannot be, or a stratum with nobody in it.
    """
    whole = _strata({"counts": counts, "populations": populations, "standard": standard})
    _refuse_empty("populations", populations)
    by = _multiplier(multiplier)
    strata = [(count, people, weight) for count, people, weight in whole if weight > 0]
    if not strata:
        raise UsageError("The standard population is empty. Give the size of each stratum.")
    weights = fsum(weight for _, _, weight in strata)
    events = fsum(count for count, _, _ in strata)
    low, high = count_limits(events, confidence)
    if events < _FEWEST_STANDARDISED:
        return REFUSED
    value = fsum(weight * count / people for count, people, weight in strata) / weights
    variance = fsum((weight / people) ** 2 * count for count, people, weight in strata) / weights**2
    spread = sqrt(variance / events)
    return _scaled(value, value + spread * (low - events), value + spread * (high - events), by)


def isr(
    observed: float,
    populations: Sequence[float],
    reference_counts: Sequence[float],
    reference_populations: Sequence[float],
    confidence: float = 0.95,
    multiplier: float = 100_000,
) -> Estimate:
    """An indirectly standardised rate: events over those expected at the reference's rates, times its crude rate.

    observed: all events. The rest: one number a stratum, in the same order. Limits are Byar's of the events, exact under
    ten. Where none are expected it is refused. Errors: UsageError, as dsr.
    """
    observed, by = _count("observed", observed), _multiplier(multiplier)
    strata = _strata(
        {
            "populations": populations,
            "reference_counts": reference_counts,
            "reference_populations": reference_populations,
        }
    )
    _refuse_empty("reference_populations", reference_populations)
    low, high = count_limits(observed, confidence)
    expected = fsum(people * events / reference for people, events, reference in strata)
    if expected == 0:
        return REFUSED
    crude = fsum(events for _, events, _ in strata) / fsum(reference for _, _, reference in strata)
    return _scaled(observed, low, high, crude * by / expected)


def count_limits(observed: float, confidence: float = 0.95) -> tuple[float, float]:
    """The limits of a count: Byar's, or the exact Poisson ones under ten. Errors: UsageError."""
    observed, z = _count("observed", observed), _z(confidence)
    if observed < _EXACT_BELOW:
        tail = (1 - confidence) / 2
        low = float(gammaincinv(observed, tail)) if observed > 0 else 0.0
        return low, float(gammaincinv(observed + 1, 1 - tail))
    return _byar(observed, -z), _byar(observed + 1, z)


def _byar(count: float, z: float) -> float:
    return float(count * (1 - 1 / (9 * count) + z / (3 * sqrt(count))) ** 3)


def _z(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise UsageError(f"A confidence of {confidence} is none. Give a share, such as 0.95 or 0.998.")
    return float(ndtri((1 + confidence) / 2))


def _scaled(value: float, low: float, high: float, by: float) -> Estimate:
    return Estimate(float(value * by), float(low * by), float(high * by))


def _multiplier(multiplier: float) -> float:
    if not (isfinite(multiplier) and multiplier > 0):
        raise UsageError(f"A multiplier of {multiplier} gives no rate. Give more than 0, such as 100000.")
    return float(multiplier)


def _count(name: str, value: float) -> float:
    """The value as a float: numpy's whole numbers run over, and give a rate that is wrong."""
    if not isfinite(value) or value < 0:
        raise UsageError(f"{name} is {value}, which is no count. Give 0 or more.")
    return float(value)


def _strata(lists: dict[str, Sequence[float]]) -> list[tuple[float, ...]]:
    """The strata, each with its number from each list. Errors: UsageError."""
    lengths = {name: len(values) for name, values in lists.items()}
    if len(set(lengths.values())) != 1 or not next(iter(lengths.values())):
        told = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise UsageError(f"The strata do not go together: {told}. Give one number a stratum in each.")
    counted = [[_count(name, value) for value in values] for name, values in lists.items()]
    return list(zip(*counted, strict=True))


def _refuse_empty(name: str, people: Sequence[float]) -> None:
    for place, number in enumerate(people):
        if number == 0:
            raise UsageError(f"Stratum {place + 1} of {name} holds nobody. Join it to its neighbour.")
