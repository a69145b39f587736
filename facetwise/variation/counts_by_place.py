"""Counts of spells by place, age band and month in one pass: the input of rates, shares and funnels."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

import pyarrow as pa

from facetwise.compile.duckdb.engine import COUNT, Engine, outcome_column
from facetwise.count.query import CountQuery, names_absent, run_query
from facetwise.count.results import InputSummary
from facetwise.errors import UsageError
from facetwise.guidance.standard_population import AGE_BANDS
from facetwise.language.definition import Definition
from facetwise.spells.dimensions import DIMENSIONS
from facetwise.spells.reading.activity import open_activity

By = Literal["provider", "commissioner"]
Months = tuple[int, int]
"""The first and last month covered, counted from January 1970."""


@dataclass(frozen=True)
class Tally:
    """Spells of one place, or of one of its age bands.

    counted, unknown: by the definition. denominator_n: counted by the denominator; of them, counted_in_denominator are
    counted by the definition and unknown_in_denominator are unknown to it.
    """

    counted: int = 0
    unknown: int = 0
    denominator_n: int = 0
    counted_in_denominator: int = 0
    unknown_in_denominator: int = 0

    @property
    def in_scope_n(self) -> int:
        """Spells that the denominator counts, or that the definition counts or cannot decide."""
        return (
            self.denominator_n + self.counted - self.counted_in_denominator + self.unknown - self.unknown_in_denominator
        )

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.counted + other.counted,
            self.unknown + other.unknown,
            self.denominator_n + other.denominator_n,
            self.counted_in_denominator + other.counted_in_denominator,
            self.unknown_in_denominator + other.unknown_in_denominator,
        )


EMPTY_TALLY = Tally()


@dataclass(frozen=True)
class PlaceCounts:
    """Spells of one place: in total, by age band (as AGE_BANDS), and of unknown age."""

    total: Tally
    bands: tuple[Tally, ...]
    age_unknown: Tally

    def __add__(self, other: PlaceCounts) -> PlaceCounts:
        bands = tuple(mine + theirs for mine, theirs in zip(self.bands, other.bands, strict=True))
        return PlaceCounts(self.total + other.total, bands, self.age_unknown + other.age_unknown)


EMPTY_COUNTS = PlaceCounts(EMPTY_TALLY, (EMPTY_TALLY,) * len(AGE_BANDS), EMPTY_TALLY)


@dataclass(frozen=True)
class CountsByPlace:
    """Counts by place, and the months that they cover.

    places: by code as the activity has it, every place in the data among them; None is spells without a code.
    months: first and last covered, None where no admission has a date. months_chosen: the user chose them, and spells
    outside are in no count. months_in_scope: first and last month of the spells in scope.
    dateless, outside: counted or unknown spells without an admission date, and of months that are not covered.
    """

    input: InputSummary
    places: Mapping[str | None, PlaceCounts]
    months: Months | None
    months_chosen: bool
    months_in_scope: Months | None
    dateless: int
    outside: int
    notes: tuple[str, ...]

    @property
    def years(self) -> tuple[str, ...]:
        """The financial years that the months touch, as '2018/19'."""
        if self.months is None:
            return ()
        label = DIMENSIONS["year"].label
        return tuple(dict.fromkeys(label(month) for month in range(self.months[0], self.months[1] + 1)))

    @property
    def span(self) -> float | None:
        """The length of the covered months in years."""
        return None if self.months is None else (self.months[1] - self.months[0] + 1) / 12

    @property
    def last_day(self) -> date | None:
        return None if self.months is None else last_day(self.months[1])


def month_named(text: str) -> int:
    """A month such as '2018-04', counted from January 1970. Errors: UsageError."""
    try:
        day = date.fromisoformat(f"{text.strip()}-01")
    except ValueError as error:
        raise UsageError(f"'{text}' is not a month. Write it as 2018-04.") from error
    return (day.year - 1970) * 12 + day.month - 1


def last_day(month: int) -> date:
    """The last day of a month counted from January 1970."""
    year, within = 1970 + month // 12, month % 12 + 1
    return date(year, within, monthrange(year, within)[1])


def count_by_place(
    inputs: Sequence[str | Path],
    definitions: tuple[Definition, Definition],
    by: By,
    *,
    layout: str = "auto",
    threads: int = 2,
    by_age: bool = False,
    covers: Months | None = None,
    on_rows: Callable[[int], None] | None = None,
) -> CountsByPlace:
    """Counts of a definition and its denominator by place, in one pass. Raw: pass them through disclosure before showing.

    by_age: rates need it, and it needs the age and the admission date. covers: the months that count; else the first to
    the last with a spell of any kind. Errors: InputError, UsageError, EngineError.
    """
    wanted = [by, "month", *(["age-band"] if by_age else [])]
    if not by_age and covers is None:
        opened = open_activity(inputs, layout)
        wanted = [name for name in wanted if name == by or not names_absent(opened, DIMENSIONS[name])]
    query = CountQuery(
        inputs=tuple(inputs),
        definitions=tuple(dict.fromkeys(definitions)),
        layout=layout,
        dimensions=tuple(DIMENSIONS[name] for name in wanted),
        threads=threads,
        on_rows=on_rows,
    )
    cells = _CellCounts(*definitions, query.bases)
    result = run_query(replace(query, on_judged=cells.add))
    months = covers or _span(result.groups)
    places = dict.fromkeys(result.groups[by].unique().to_pylist(), EMPTY_COUNTS)
    return CountsByPlace(
        InputSummary.of(result.account),
        *cells.by_place(places, months, covers is not None),
        tuple(result.account.notes),
    )


def _span(groups: pa.Table) -> Months | None:
    dated = groups["month"].drop_null().to_pylist() if "month" in groups.column_names else []
    return (min(dated), max(dated)) if dated else None


class _CellCounts:
    """Sums both outcomes by place, month and age band over batches of evaluated spells."""

    def __init__(self, definition: Definition, denominator: Definition, bases: tuple[str, ...]) -> None:
        self._outcomes = outcome_column(definition), outcome_column(denominator)
        self._bases = bases
        self._cells: dict[tuple[str | None, int | None, int | None], Tally] = {}

    def add(self, engine: Engine) -> None:
        """Add the batch that the engine evaluated last."""
        by = {base: f"by {base}" for base in self._bases}
        for row in engine.grouped((*by.values(), *dict.fromkeys(self._outcomes))).to_pylist():
            outcome, denominator_n = (row[name] for name in self._outcomes)
            n = row[COUNT]
            tally = Tally(
                counted=n if outcome else 0,
                unknown=n if outcome is None else 0,
                denominator_n=n if denominator_n else 0,
                counted_in_denominator=n if denominator_n and outcome else 0,
                unknown_in_denominator=n if denominator_n and outcome is None else 0,
            )
            if tally != EMPTY_TALLY:
                place, *rest = (row[name] for name in by.values())
                by_base = dict(zip(self._bases[1:], rest, strict=True))
                key = place, by_base.get("month"), by_base.get("age_band")
                self._cells[key] = self._cells.get(key, EMPTY_TALLY) + tally

    def by_place(
        self, places: dict[str | None, PlaceCounts], months: Months | None, months_chosen: bool
    ) -> tuple[Mapping[str | None, PlaceCounts], Months | None, bool, Months | None, int, int]:
        """The places, the months, and how many counted or unknown spells have no date, or lie outside the months."""
        dateless = outside = 0
        for (place, month, band), tally in self._cells.items():
            n = tally.counted + tally.unknown
            if month is None:
                dateless += n
            is_in = months is None or (not months_chosen if month is None else months[0] <= month <= months[1])
            if not is_in:
                outside += n if month is not None else 0
                continue
            counts = PlaceCounts(
                tally, tuple(tally if number == band else EMPTY_TALLY for number in range(len(AGE_BANDS))), EMPTY_TALLY
            )
            places[place] = places[place] + (replace(counts, age_unknown=tally) if band is None else counts)
        dated = [month for _, month, _ in self._cells if month is not None]
        months_in_scope = (min(dated), max(dated)) if dated else None
        return places, months, months_chosen, months_in_scope, dateless, outside
