"""Rates and proportions with their limits, as England's public health statistics compute them.

Sources: Public Health Data Science, Technical Guide: Confidence Intervals (25 May 2018), appendices 1 to 4; Breslow and Day
1987 (Byar's method); Wilson 1927; Dobson and others 1991; Morris and others 2018 (no direct rate under ten events).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, sqrt

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
    _refuse_count("observed", observed)
    _refuse_count("denominator", denominator)
    if denominator == 0:
        return REFUSED
    low, high = count_limits(observed, confidence)
    return _scaled(observed, low, high, multiplier / denominator)


def wilson(numerator: float, denominator: float, confidence: float = 0.95, multiplier: float = 1) -> Estimate:
    """A proportion with Wilson's score limits. A denominator of 0 is refused.

    Errors: UsageError for a number that cannot be, or more in the numerator than in the denominator.
    """
    _refuse_count("numerator", numerator)
    _refuse_count("denominator", denominator)
    if numerator > denominator:
        raise UsageError(f"The numerator, {numerator}, is more than the denominator, {denominator}. Check both.")
    if denominator == 0:
        return REFUSED
    z = _z(confidence)
    middle = 2 * numerator + z * z
    reach = z * sqrt(z * z + 4 * numerator * (1 - numerator / denominator))
    low, high = ((middle + sign * reach) / (2 * (denominator + z * z)) for sign in (-1, 1))
    return _scaled(numerator / denominator, max(low, 0.0), min(high, 1.0), multiplier)


def dsr(
    counts: Sequence[float],
    populations: Sequence[float],
    standard: Sequence[float],
    confidence: float = 0.95,
    multiplier: float = 100_000,
) -> Estimate:
    """A directly standardised rate with Dobson's limits. Fewer than ten events in all are refused.

    counts, populations, standard: one number a stratum (such as an age band), in the same order. Errors: UsageError for
    lists of unlike lengths, numbers that cannot be, or a stratum with nobody in it.
    """
    _refuse_strata({"counts": counts, "populations": populations, "standard": standard})
    _refuse_empty("populations", populations)
    weights = sum(standard)
    if weights == 0:
        raise UsageError("The standard population is empty. Give the size of each stratum.")
    events = sum(counts)
    if events < _FEWEST_STANDARDISED:
        return REFUSED
    strata = list(zip(counts, populations, standard, strict=True))
    value = sum(weight * count / people for count, people, weight in strata) / weights
    variance = sum((weight / people) ** 2 * count for count, people, weight in strata) / weights**2
    low, high = count_limits(events, confidence)
    spread = sqrt(variance / events)
    return _scaled(value, value + spread * (low - events), value + spread * (high - events), multiplier)


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
    _refuse_count("observed", observed)
    _refuse_strata(
        {
            "populations": populations,
            "reference_counts": reference_counts,
            "reference_populations": reference_populations,
        }
    )
    _refuse_empty("reference_populations", reference_populations)
    strata = zip(populations, reference_counts, reference_populations, strict=True)
    expected = sum(people * events / reference for people, events, reference in strata)
    if expected == 0:
        return REFUSED
    crude = sum(reference_counts) / sum(reference_populations)
    low, high = count_limits(observed, confidence)
    return _scaled(observed, low, high, crude * multiplier / expected)


def count_limits(observed: float, confidence: float = 0.95) -> tuple[float, float]:
    """The limits of a count: Byar's, or the exact Poisson ones under ten."""
    z = _z(confidence)
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


def _refuse_count(name: str, value: float) -> None:
    if not isfinite(value) or value < 0:
        raise UsageError(f"{name} is {value}, which is no count. Give 0 or more.")


def _refuse_strata(lists: dict[str, Sequence[float]]) -> None:
    lengths = {name: len(values) for name, values in lists.items()}
    if len(set(lengths.values())) != 1 or not next(iter(lengths.values())):
        told = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise UsageError(f"The strata do not go together: {told}. Give one number a stratum in each.")
    for name, values in lists.items():
        for value in values:
            _refuse_count(name, value)


def _refuse_empty(name: str, people: Sequence[float]) -> None:
    for place, number in enumerate(people):
        if number == 0:
            raise UsageError(f"Stratum {place + 1} of {name} holds nobody. Join it to its neighbour.")
