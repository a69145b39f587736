"""Where answers go: tables to a terminal, JSON, CSV or Parquet to standard output, progress to standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from rich.console import RenderableType
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from facetwise.cli.messages import note
from facetwise.cli.terminal.counts import render_protected_counts, terminal
from facetwise.cli.terminal.dry_run import render_dry_run
from facetwise.count.dry_run import DryRun
from facetwise.count.results import CountResult, DiffResult, InputSummary
from facetwise.disclosure.protected_count import ProtectedCount, together
from facetwise.disclosure.protected_tables import ProtectedInput
from facetwise.errors import UsageError, nearest

if TYPE_CHECKING:
    from facetwise.count.undercoding import Undercoding
    from facetwise.variation.monthly_run_chart import MonthlyRunChart
    from facetwise.variation.results import Variation


class Format(StrEnum):
    """How an answer is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"


def format_named(given: str | None) -> Format:
    """The format of that name; of None a table on a terminal and JSON elsewhere. Errors: UsageError."""
    if given is None:
        return Format.TABLE if sys.stdout.isatty() else Format.JSON
    try:
        return Format(given)
    except ValueError as error:
        raise UsageError(f"There is no format '{given}'." + nearest(given, Format)) from error


def write_answer(
    form: Format,
    render: Callable[[], RenderableType],
    to_json: Callable[[], Any],
    to_arrow: Callable[[], pa.Table],
) -> None:
    """Writes one answer to standard output in the format."""
    match form:
        case Format.TABLE:
            terminal().print(render())
        case Format.JSON:
            sys.stdout.write(
                json.dumps(to_json(), ensure_ascii=False, indent=1 if sys.stdout.isatty() else None) + "\n"
            )
        case Format.CSV:
            pa_csv.write_csv(_flat(to_arrow()), sys.stdout.buffer)
        case Format.PARQUET:
            if sys.stdout.isatty():
                raise UsageError(
                    "Parquet is not for a terminal. Send it to a file: ... --format parquet > answer.parquet"
                )
            pq.write_table(to_arrow(), pa.PythonFile(sys.stdout.buffer, mode="w"))
    sys.stdout.flush()


def write_protected(form: Format, counts: Sequence[ProtectedCount]) -> None:
    """Write protected counts to standard output, and to standard error what `write_notes` does, protected as well."""
    for one in counts if form in (Format.CSV, Format.PARQUET) else ():
        note(repr(one))
    if form is not Format.TABLE:
        write_protected_set_aside(counts[0].input)
    write_answer(
        form,
        lambda: render_protected_counts(counts),
        lambda: counts[0].to_json() if len(counts) == 1 else [one.to_json() for one in counts],
        lambda: together(counts, as_text=form is Format.CSV),
    )


def write_notes(form: Format, results: Sequence[CountResult] | DiffResult) -> None:
    """What a table says beside its numbers, for the other formats, on standard error: the outcome, and rows set aside."""
    answers = [results] if isinstance(results, DiffResult) else list(results)
    if form in (Format.CSV, Format.PARQUET):
        for result in answers:
            note(repr(result))
    if form is not Format.TABLE:
        write_set_aside(answers[0].input)


def write_variation_notes(form: Format, found: Variation | Undercoding | MonthlyRunChart) -> None:
    """As `write_notes`, with the notes that a table says under its numbers."""
    if form in (Format.CSV, Format.PARQUET):
        for line in (repr(found), *found.notes):
            note(line)
    if form is not Format.TABLE:
        write_set_aside(found.input)


def write_set_aside(summary: InputSummary) -> None:
    """A line on standard error where rows were set aside."""
    if summary.aside:
        reasons = "; ".join(f"{reason} ({rows:,})" for reason, rows in summary.set_aside)
        note(f"{summary.aside:,} of {summary.rows:,} rows were set aside and are in no count: {reasons}.")


def write_protected_set_aside(read: ProtectedInput) -> None:
    """The same line with protected numbers."""
    if read.aside != 0:
        reasons = "; ".join(f"{reason} ({n:,})" for reason, n in read.set_aside)
        note(f"{read.aside:,} of {read.rows:,} rows were set aside and are in no count: {reasons}.")


def _flat(table: pa.Table) -> pa.Table:
    """Lists joined by blanks, for CSV."""
    for place, field in enumerate(table.schema):
        if pa.types.is_list(field.type):
            joined = [" ".join(items or ()) for items in table[field.name].to_pylist()]
            table = table.set_column(place, field.name, pa.array(joined, pa.string()))
    return table


@contextmanager
def progress(what: str) -> Iterator[Callable[[int], None]]:
    """A count of rows on standard error while something long runs; nothing where that is no terminal."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    columns = (TextColumn(what), BarColumn(), TextColumn("{task.completed:,.0f} rows"), TimeElapsedColumn())
    with Progress(*columns, console=terminal(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda rows: bar.advance(task, rows)


def write_dry_run(form: Format, plan: DryRun) -> None:
    """Writes a plan to standard output in the format."""
    write_answer(form, lambda: render_dry_run(plan), plan.to_json, plan.to_arrow)
