"""Places and coding questions as readable tables on a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

from rich.console import Group, RenderableType
from rich.text import Text

from facetwise.cli.terminal.counts import render_first_rows, render_input, table
from facetwise.count.undercoding import Undercoding
from facetwise.plural import pluralise
from facetwise.statistics.overdispersion import Overdispersion
from facetwise.variation.monthly_run_chart import MonthlyRunChart
from facetwise.variation.results import InFunnel, Measured, Place, Variation

_MOST_ROWS = 40
_NONE = "-"
Key = TypeVar("Key")


def render_variation(found: Variation) -> RenderableType:
    """The places: how many counted and unknown, share and rates with limits, where each lies, and how it was done."""
    parts: list[RenderableType] = [
        Text(f"{found.definition.id} by {found.by}", style="bold"),
        Text(found.definition.title),
        render_input(found.input),
    ]
    if found.share_funnel is not None:
        head = ("place", "counted", "unknown", "of", "share %", "95 % limits", "with unknown", "in the funnel")
        rows = [_share_row(place) for place in found.places]
        parts += [Text(""), *render_first_rows(f"Share of {found.denominator.id}", head, rows, (1, 2, 3, 4, 5, 6))]
        parts.append(Text(_method("of shares", found.share_funnel, 100, " %"), style="dim"))
    if found.reference is not None:
        head = ("place", "counted", "crude", "standardised", "95 % limits", "with unknown", "ratio", "in the funnel")
        rows = [_rate_row(place) for place in found.places]
        parts += [Text(""), *render_first_rows("Rates per 100,000 people a year", head, rows, (1, 2, 3, 4, 5, 6))]
        if found.ratio_funnel is not None:
            parts.append(Text(_method("of counted over expected", found.ratio_funnel, 1, ""), style="dim"))
    if found.share_funnel is None and found.reference is None:
        rows = [(place.place, f"{place.counted:,}", f"{place.unknown:,}") for place in found.places]
        parts += [Text(""), *render_first_rows("Places", ("place", "counted", "unknown"), rows, (1, 2))]
    return Group(*parts, Text(""), *_notes(found.notes))


def render_run_chart(found: MonthlyRunChart) -> RenderableType:
    """The months with their values and the rules that pick them out, the mean and limits, and the rule set."""
    chart = found.chart
    rows = [(p.period, f"{p.value:,.0f}", _bar(p.value, chart.high), ", ".join(p.signals)) for p in chart.points]
    whose = f" at {found.provider}" if found.provider else ""
    undated = [Text(f"{found.undated_n:,} more have no admission date.")] if found.undated_n else []
    return Group(
        Text(f"{found.definition.id}, {found.what} by month of admission{whose}", style="bold"),
        render_input(found.input),
        Text(f"mean {chart.mean:,.1f}, limits {chart.low:,.1f} to {chart.high:,.1f}"),
        *undated,
        Text(""),
        table("Months", ("month", found.what, "", "signals"), rows, (1,)),
        Text(""),
        *_notes(found.notes),
    )


def _bar(value: float, high: float) -> str:
    return "#" * round(30 * value / max(high, value, 1))


def render_undercoding(found: Undercoding) -> RenderableType:
    """How many would count after which change, what is recorded instead, and where."""
    left = found.not_counted + found.unknown
    parts: list[RenderableType] = [
        Text(f"{found.definition.id}: one change in coding", style="bold"),
        Text(
            f"{found.candidates:,} denervations   {found.counted:,} counted   {left:,} not counted or unknown   "
            f"{found.repairable:,} of them would count after one change",
            style="bold",
        ),
        render_input(found.input),
    ]
    changes: Counter[tuple[str, str, bool]] = Counter()
    instead: Counter[tuple[str, str]] = Counter()
    places: Counter[tuple[str, str]] = Counter()
    for row in found.rows:
        changes[row.change, row.was, row.elsewhere] += row.spells
        instead[row.change, row.instead] += row.spells
        places[row.provider, row.change] += row.spells
    titled = (
        (
            "The change",
            ("change", "the criterion is", "recorded elsewhere", "spells"),
            [(change, was, "yes" if elsewhere else "no", n) for (change, was, elsewhere), n in _most(changes)],
        ),
        (
            "What is recorded instead",
            ("change", "instead", "spells"),
            [(change, held, n) for (change, held), n in _most(instead)],
        ),
        ("By provider", ("provider", "change", "spells"), [(place, change, n) for (place, change), n in _most(places)]),
    )
    for title, head, rows in titled:
        if rows:
            parts += [
                Text(""),
                *render_first_rows(title, head, [tuple(map(str, row)) for row in rows], (len(head) - 1,)),
            ]
    return Group(*parts, Text(""), *_notes(found.notes))


def _most(pluralise: Counter[Key]) -> list[tuple[Key, int]]:
    return sorted(pluralise.items(), key=lambda item: (-item[1], str(item[0])))


def _share_row(place: Place) -> tuple[str, ...]:
    counts = f"{place.counted:,}", f"{place.unknown:,}", f"{place.asked:,}"
    return (place.place, *counts, *_figures(place.share, 100, 1), _lies(place.share_funnel))


def _rate_row(place: Place) -> tuple[str, ...]:
    crude = _number(place.crude.value if place.crude else None, 1, 2)
    ratio = _number(place.ratio.value if place.ratio else None, 1, 2)
    standard = _figures(place.dsr, 1, 2)
    return (place.place, f"{place.counted:,}", crude, *standard, ratio, _lies(place.ratio_funnel))


def _figures(found: Measured | None, by: float, digits: int) -> tuple[str, str, str]:
    if found is None or found.value is None:
        return _NONE, _NONE, _NONE
    limits = f"{_number(found.low_95, by, digits)} to {_number(found.high_95, by, digits)}"
    return _number(found.value, by, digits), limits, _number(found.if_unknown_counted, by, digits)


def _number(value: float | None, by: float, digits: int) -> str:
    return _NONE if value is None else f"{value * by:,.{digits}f}"


def _lies(found: InFunnel | None) -> str:
    """Where a place lies, and where its unknown spells could bring it."""
    if found is None:
        return _NONE
    words = _in_words(found.position)
    return words if found.if_unknown_counted == found.position else f"{words}, or {_in_words(found.if_unknown_counted)}"


def _in_words(position: str) -> str:
    side, _, level = position.partition("-")
    return f"{side} {level} %" if level else side


def _method(what: str, found: Overdispersion, by: float, unit: str) -> str:
    begun = f"Funnel {what} about {found.target * by:.4g}{unit}"
    if found.phi is None or found.p is None:
        return f"{begun}: exact limits; too few places are large enough to tell overdispersion ({found.units_n})."
    spread = f"phi {found.phi:.2f} over the {pluralise(found.units_n, 'place', 'places')} large enough, winsorised {found.winsorised:.0%} at each end, p {found.p:.2g}"
    inflated = (
        f"limits allow for tau2 {found.tau2:.3g} on the {found.scale} scale" if found.is_inflated else "exact limits"
    )
    return f"{begun}: {inflated}; {spread}."


def _notes(notes: Sequence[str]) -> list[Text]:
    return [Text(f"Note: {note}", style="dim") for note in notes]
