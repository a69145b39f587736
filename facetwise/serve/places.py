"""Counts by year and by provider, as the report's tables show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from facetwise.measure.result import CountResult
from facetwise.spells.groups import UNKNOWN


@dataclass(frozen=True)
class Numbers:
    """Counted and unknown spells."""

    counted: int = 0
    unknown: int = 0

    def __add__(self, other: Numbers) -> Numbers:
        return Numbers(self.counted + other.counted, self.unknown + other.unknown)

    @property
    def is_empty(self) -> bool:
        return not self.counted and not self.unknown


@dataclass(frozen=True)
class Line:
    """One line of a table: a year, or a provider with its years. share: of the longest bar, 0 to 100."""

    name: str
    whole: Numbers
    share: float
    years: tuple[Numbers, ...] = ()


@dataclass(frozen=True)
class Table:
    """Lines, and how many more have nothing counted and nothing unknown. years: the heads of the lines' years."""

    lines: tuple[Line, ...]
    empty: int
    years: tuple[str, ...] = ()


def by_year(result: CountResult) -> Table:
    """One line a financial year in the data, in order, years without any among them; the unknown year last."""
    whole = _summed(result, "year")
    ordered = sorted(whole, key=lambda year: (year == UNKNOWN, year))
    # A year that is not known is a line only where something stands in it: it is no gap in a series.
    shown = [year for year in ordered if year != UNKNOWN or not whole[year].is_empty]
    most = max((numbers.counted for numbers in whole.values()), default=0)
    return Table(tuple(Line(year, whole[year], _share(whole[year].counted, most)) for year in shown), 0)


def by_provider(result: CountResult) -> Table:
    """One line a provider with any counted or unknown spell, most counted first; with its years where there are years."""
    whole = _summed(result, "provider")
    years: tuple[str, ...] = ()
    held: dict[tuple[str, str], Numbers] = {}
    if "year" in result.dimensions:
        years = tuple(line.name for line in by_year(result).lines)
        held = {(row["provider"], row["year"]): Numbers(row["counted"], row["unknown"]) for row in result.by}
    some = [(name, numbers) for name, numbers in whole.items() if not numbers.is_empty]
    some.sort(key=lambda item: (-item[1].counted, -item[1].unknown, item[0]))
    most = max((numbers.counted for _, numbers in some), default=0)
    lines = tuple(
        Line(name, numbers, _share(numbers.counted, most), tuple(held.get((name, year), Numbers()) for year in years))
        for name, numbers in some
    )
    return Table(lines, len(whole) - len(some), years)


def known(names: Iterable[str]) -> tuple[str, ...]:
    """The names without 'unknown'."""
    return tuple(name for name in names if name != UNKNOWN)


def _summed(result: CountResult, dimension: str) -> dict[str, Numbers]:
    sums: dict[str, Numbers] = {}
    for row in result.by:
        sums[row[dimension]] = sums.get(row[dimension], Numbers()) + Numbers(row["counted"], row["unknown"])
    return sums


def _share(part: int, most: int) -> float:
    return round(100 * part / most, 1) if most else 0.0
