"""Where answers go: tables to a terminal, JSON, CSV or Parquet to standard output, progress to standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from rich.console import RenderableType
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from facetwise.errors import UsageError, nearest
from facetwise.serve.shown import terminal


class Format(StrEnum):
    """How an answer is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"


def chosen(given: str | None) -> Format:
    """The format asked for; a table on a terminal and JSON elsewhere when none was. Errors: UsageError."""
    if given is None:
        return Format.TABLE if sys.stdout.isatty() else Format.JSON
    try:
        return Format(given)
    except ValueError as error:
        raise UsageError(f"There is no format '{given}'." + nearest(given, Format)) from error


def give(
    form: Format, shown: Callable[[], RenderableType], told: Callable[[], Any], held: Callable[[], pa.Table]
) -> None:
    """Write one answer to standard output in the chosen format."""
    match form:
        case Format.TABLE:
            terminal().print(shown())
        case Format.JSON:
            sys.stdout.write(json.dumps(told(), ensure_ascii=False, indent=1 if sys.stdout.isatty() else None) + "\n")
        case Format.CSV:
            pa_csv.write_csv(_flat(held()), sys.stdout.buffer)
        case Format.PARQUET:
            if sys.stdout.isatty():
                raise UsageError(
                    "Parquet is not for a terminal. Send it to a file: ... --format parquet > answer.parquet"
                )
            pq.write_table(held(), pa.PythonFile(sys.stdout.buffer, mode="w"))
    sys.stdout.flush()


def _flat(table: pa.Table) -> pa.Table:
    """Lists joined by blanks, for CSV."""
    for place, field in enumerate(table.schema):
        if pa.types.is_list(field.type):
            joined = [" ".join(items or ()) for items in table[field.name].to_pylist()]
            table = table.set_column(place, field.name, pa.array(joined, pa.string()))
    return table


def note(message: str) -> None:
    """A message on standard error."""
    sys.stderr.write(message + "\n")


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
