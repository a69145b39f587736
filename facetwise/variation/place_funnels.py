"""Funnels of places: shares about the overall share, and counted over expected about 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from facetwise.errors import UsageError
from facetwise.statistics.funnels import Kind, Limits, funnel_limits
from facetwise.statistics.overdispersion import Overdispersion, estimate_overdispersion, inflated_limits
from facetwise.variation.counts_by_place import PlaceCounts
from facetwise.variation.results import UNKNOWN_PLACE, InFunnel, Place

Counts = Mapping[str | None, PlaceCounts]


def code_of(place: Place) -> str | None:
    """The code of a place, None for spells without one."""
    return None if place.place == UNKNOWN_PLACE else place.place


def in_share_funnel(
    places: list[Place], counts: Counts, level: float | None
) -> tuple[list[Place], Overdispersion | None]:
    """The places, each that has a denominator with where it lies in the funnel of shares, and the overdispersion."""
    totals = {p.place: counts[code_of(p)].total for p in places if p.place != UNKNOWN_PLACE and p.asked}
    in_denominator = sum(tally.denominator_n for tally in totals.values())
    if not in_denominator:
        return places, None
    target = sum(tally.counted_in_denominator for tally in totals.values()) / in_denominator
    events = {
        name: (tally.counted_in_denominator, tally.counted_in_denominator + tally.unknown_in_denominator)
        for name, tally in totals.items()
    }
    overdispersion, inside = _funnel(
        target, events, {name: tally.denominator_n for name, tally in totals.items()}, "proportion", level
    )
    return [replace(place, share_funnel=inside.get(place.place)) for place in places], overdispersion


def in_ratio_funnel(
    places: list[Place], counts: Counts, level: float | None
) -> tuple[list[Place], Overdispersion | None]:
    """The places, each that has expected spells with where it lies in the funnel of ratios, and the overdispersion."""
    expected = {p.place: p.expected for p in places if p.expected}
    if not expected:
        return places, None
    events = {}
    for name in expected:
        bands = counts[name].bands
        counted = sum(tally.counted for tally in bands)
        events[name] = counted, counted + sum(tally.unknown for tally in bands)
    overdispersion, inside = _funnel(1, events, expected, "ratio", level)
    return [replace(place, ratio_funnel=inside.get(place.place)) for place in places], overdispersion


def _funnel(
    target: float,
    events: Mapping[str, tuple[int, int]],
    denominators: Mapping[str, float],
    kind: Kind,
    level: float | None,
) -> tuple[Overdispersion, dict[str, InFunnel]]:
    """The overdispersion of the places, and where each lies. events: counted, and counted with the unknown ones."""
    sizes = [denominators[name] for name in events]
    overdispersion = estimate_overdispersion(
        target, [counted for counted, _ in events.values()], sizes, kind, level=level
    )
    exact = funnel_limits(target, sizes, kind)
    wide = inflated_limits(overdispersion, sizes)
    inside = {
        name: InFunnel(
            limits, *(position(n / limits[0], by) for n, by in ((low, limits), (low, narrow), (high, limits)))
        )
        for (name, (low, high)), limits, narrow in zip(events.items(), wide, exact, strict=True)
    }
    return overdispersion, inside


def position(value: float, limits: Limits) -> str:
    """Where a value lies: below-99.8, below-95, within, above-95 or above-99.8; on a limit is within it."""
    _, low_95, high_95, low_998, high_998 = limits
    if low_95 is None or high_95 is None or low_998 is None or high_998 is None:
        raise UsageError("A funnel has no limits where nobody was asked. Leave the place out.")
    if value < low_95:
        return "below-99.8" if value < low_998 else "below-95"
    if value > high_95:
        return "above-99.8" if value > high_998 else "above-95"
    return "within"
