"""A definition's spells by month of admission, as a run chart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa

from facetwise.count.count import COVERAGE, count_all
from facetwise.count.query import CountQuery
from facetwise.count.results import ExportsTable, InputSummary
from facetwise.errors import InputError, nearest
from facetwise.language.definition import Definition
from facetwise.lookups.csv_rows import some
from facetwise.spells.dimensions import DIMENSIONS, UNKNOWN, dimensions_named
from facetwise.statistics.run_charts import DEFAULT_RULES, RunChart, monthly, rules_named, run_chart
from facetwise.variation.counts_by_place import Months

What = Literal["counted", "unknown"]
_PART = "The first and the last month may be part months: points of part months are low for no reason of practice."


@dataclass(frozen=True, repr=False)
class MonthlyRunChart(ExportsTable):
    """A run chart of counts by month. Counts are raw: pass them through disclosure before showing.

    provider: whose; None is everybody. undated_n: spells of the kind without an admission date, which are in no month.
    """

    definition: Definition
    what: What
    provider: str | None
    input: InputSummary
    chart: RunChart
    undated_n: int
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The chart with its rule set, and what it is of."""
        return {
            "schema": "facetwise.run-chart/1",
            "definition": self.definition.id,
            "version": self.definition.version,
            "what": self.what,
            "provider": self.provider,
            "input": self.input.to_json(),
            "undated": self.undated_n,
            **self.chart.to_json(),
            "notes": list(self.notes),
        }

    def to_arrow(self) -> pa.Table:
        """One row a month: see RunChart.to_arrow."""
        return self.chart.to_arrow()

    def __repr__(self) -> str:
        signals = sum(bool(point.signals) for point in self.chart.points)
        return (
            f"{self.definition.id} by month: {len(self.chart.points)} points about {self.chart.mean:,.1f}, "
            f"{signals} with a signal by {self.chart.rules.id}"
        )


def charted(
    inputs: Sequence[str | Path],
    definition: Definition,
    what: What = "counted",
    provider: str | None = None,
    rules: str = DEFAULT_RULES,
    baseline: int | None = None,
    covers: Months | None = None,
    *,
    layout: str = "auto",
    threads: int = 2,
    on_rows: Callable[[int], None] | None = None,
) -> MonthlyRunChart:
    """The spells that a definition counts, or that are unknown, by month. Errors: InputError, UsageError, EngineError.

    provider: of that one alone; a month without any spell of it is nought where the data hold spells of that month.
    baseline: the mean and limits are of so many first months. covers: the months that the data hold whole, where a month
    without a spell is nought; others are not looked at.
    """
    named = rules_named(rules)
    dimensions = dimensions_named(("month",) if provider is None else ("month", "provider"))
    question = CountQuery(
        inputs=tuple(inputs),
        definitions=(definition,),
        layout=layout,
        dimensions=dimensions,
        threads=threads,
        on_rows=on_rows,
    )
    (result,) = count_all(question)
    rows = [dict(row) for row in result.by]
    if provider is not None:
        rows = _of_provider(rows, provider, what)
    undated = sum(row[what] for row in rows if row["month"] == UNKNOWN)
    if covers is not None:
        held = {row["month"]: row[what] for row in rows}
        rows = [{"month": month, what: held.get(month, 0)} for month in _between(*covers)]
    periods, values = monthly(rows, what)
    _refuse_gaps(periods, values)
    chart = run_chart(periods, values, named, baseline)
    return MonthlyRunChart(
        definition=definition,
        what=what,
        provider=provider,
        input=result.input,
        chart=chart,
        undated_n=undated,
        notes=(named.described(), *chart.warnings, _PART, COVERAGE),
    )


def _of_provider(rows: Sequence[dict[str, Any]], provider: str, what: What) -> list[dict[str, Any]]:
    """The months of the data with the spells of one provider, nought where it has none. Errors: InputError."""
    known = sorted({row["provider"] for row in rows})
    if provider not in known:
        raise InputError(f"The data has no provider '{provider}'." + nearest(provider, known))
    months = {row["month"]: 0 for row in rows}
    months |= {row["month"]: row[what] for row in rows if row["provider"] == provider}
    return [{"month": month, what: spells} for month, spells in months.items()]


def _between(first: int, last: int) -> tuple[str, ...]:
    return tuple(DIMENSIONS["month"].label(month) for month in range(first, last + 1))


def _refuse_gaps(periods: Sequence[str], values: Sequence[int | None]) -> None:
    """Raise InputError where no chart can be drawn: too few months, or some of which it is not known whether they are nought."""
    if len(periods) < 2:
        raise InputError(
            "The data hold fewer than two months with a date, and a run chart needs more. Give more activity."
        )
    if missing := [period for period, value in zip(periods, values, strict=True) if value is None]:
        raise InputError(
            f"There is no spell of any kind in {some(missing)}: whether the data hold {'that month' if len(missing) == 1 else 'those months'} "
            "is not known. Say which months they hold whole, as --covers 2018-04:2019-03."
        )
