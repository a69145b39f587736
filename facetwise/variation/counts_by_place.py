"""Spells counted by place, age band and month at once: what rates, shares and funnels are made of."""

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

    counted, unknown: by the definition. asked: counted by the denominator; counted_in, unknown_in: those of them that the
    definition counts, and of which it cannot tell.
    """

    counted: int = 0
    unknown: int = 0
    asked: int = 0
    counted_in: int = 0
    unknown_in: int = 0

    @property
    def looked_at(self) -> int:
        """Spells that the denominator counts, or that the definition counts or cannot tell of."""
        return self.asked + self.counted - self.counted_in + self.unknown - self.unknown_in

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.counted + other.counted,
            self.unknown + other.unknown,
            self.asked + other.asked,
            self.counted_in + other.counted_in,
            self.unknown_in + other.unknown_in,
        )


NONE = Tally()


@dataclass(frozen=True)
class PlaceCounts:
    """The spells of one place: in all, by age band (as AGE_BANDS), and those whose age is not known."""

    whole: Tally
    bands: tuple[Tally, ...]
    ageless: Tally

    def __add__(self, other: PlaceCounts) -> PlaceCounts:
        bands = tuple(one + two for one, two in zip(self.bands, other.bands, strict=True))
        return PlaceCounts(self.whole + other.whole, bands, self.ageless + other.ageless)


NOTHING = PlaceCounts(NONE, (NONE,) * len(AGE_BANDS), NONE)


@dataclass(frozen=True)
class Placed:
    """What was counted where.

    places: by code as the activity has it, every place in the data among them; None is spells without a code. months: first
    and last covered, None where no admission has a date; is_asked: they were asked for, and what lies outside is in no
    count. found_in: first and last month of the spells that were looked at. dateless, outside: counted or unknown spells without an admission date, and of months that are not covered.
    """

    input: InputSummary
    places: Mapping[str | None, PlaceCounts]
    months: Months | None
    is_asked: bool
    found_in: Months | None
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
        """How many years the months come to."""
        return None if self.months is None else (self.months[1] - self.months[0] + 1) / 12

    @property
    def last_day(self) -> date | None:
        return None if self.months is None else last_day(self.months[1])


def month_named(given: str) -> int:
    """A month such as '2018-04', counted from January 1970. Errors: UsageError."""
    try:
        day = date.fromisoformat(f"{given.strip()}-01")
    except ValueError as error:
        raise UsageError(f"'{given}' is no month. Write it as 2018-04.") from error
    return (day.year - 1970) * 12 + day.month - 1


def last_day(month: int) -> date:
    """The last day of a month counted from January 1970."""
    year, within = 1970 + month // 12, month % 12 + 1
    return date(year, within, monthrange(year, within)[1])


def placed(
    inputs: Sequence[str | Path],
    definitions: tuple[Definition, Definition],
    by: By,
    *,
    layout: str = "auto",
    threads: int = 2,
    by_age: bool = False,
    covers: Months | None = None,
    on_rows: Callable[[int], None] | None = None,
) -> Placed:
    """A definition and its denominator counted by place, in one pass. Counts are raw: pass them through disclosure before showing.

    by_age: rates need it; then age and admission date must be there. covers: the months that count; else the first to the
    last with a spell of any kind. Errors: InputError, UsageError, EngineError.
    """
    wanted = [by, "month", *(["age-band"] if by_age else [])]
    if not by_age and covers is None:
        opened = open_activity(inputs, layout)
        wanted = [name for name in wanted if name == by or not names_absent(opened, DIMENSIONS[name])]
    question = CountQuery(
        inputs=tuple(inputs),
        definitions=tuple(dict.fromkeys(definitions)),
        layout=layout,
        dimensions=tuple(DIMENSIONS[name] for name in wanted),
        threads=threads,
        on_rows=on_rows,
    )
    cells = _Cells(*definitions, question.bases)
    answer = run_query(replace(question, on_judged=cells.add))
    months = covers or _span(answer.groups)
    places = dict.fromkeys(answer.groups[by].unique().to_pylist(), NOTHING)
    return Placed(
        InputSummary.of(answer.account), *cells.summed(places, months, covers is not None), tuple(answer.account.notes)
    )


def _span(groups: pa.Table) -> Months | None:
    known = groups["month"].drop_null().to_pylist() if "month" in groups.column_names else []
    return (min(known), max(known)) if known else None


class _Cells:
    """Adds up both outcomes by place, month and age band, over one judged table after another."""

    def __init__(self, definition: Definition, denominator: Definition, bases: tuple[str, ...]) -> None:
        self._outcomes = outcome_column(definition), outcome_column(denominator)
        self._bases = bases
        self._cells: dict[tuple[str | None, int | None, int | None], Tally] = {}

    def add(self, engine: Engine) -> None:
        """Add what was judged last."""
        by = {base: f"by {base}" for base in self._bases}
        for row in engine.grouped((*by.values(), *dict.fromkeys(self._outcomes))).to_pylist():
            outcome, asked = (row[name] for name in self._outcomes)
            n = row[COUNT]
            tally = Tally(
                counted=n if outcome else 0,
                unknown=n if outcome is None else 0,
                asked=n if asked else 0,
                counted_in=n if asked and outcome else 0,
                unknown_in=n if asked and outcome is None else 0,
            )
            if tally != NONE:
                place, *rest = (row[name] for name in by.values())
                held = dict(zip(self._bases[1:], rest, strict=True))
                key = place, held.get("month"), held.get("age_band")
                self._cells[key] = self._cells.get(key, NONE) + tally

    def summed(
        self, places: dict[str | None, PlaceCounts], months: Months | None, is_asked: bool
    ) -> tuple[Mapping[str | None, PlaceCounts], Months | None, bool, Months | None, int, int]:
        """The places, the months, and how many counted or unknown spells have no date, or lie outside the months."""
        dateless = outside = 0
        for (place, month, band), tally in self._cells.items():
            n = tally.counted + tally.unknown
            if month is None:
                dateless += n
            is_in = months is None or (not is_asked if month is None else months[0] <= month <= months[1])
            if not is_in:
                outside += n if month is not None else 0
                continue
            one = PlaceCounts(tally, tuple(tally if place_ == band else NONE for place_ in range(len(AGE_BANDS))), NONE)
            places[place] = places[place] + (replace(one, ageless=tally) if band is None else one)
        known = [month for _, month, _ in self._cells if month is not None]
        found_in = (min(known), max(known)) if known else None
        return places, months, is_asked, found_in, dateless, outside
