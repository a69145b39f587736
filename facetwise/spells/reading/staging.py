"""Rows that must meet before they are spells, staged in a database on disk with a small share of memory.

Every row keeps its place among all rows of the files, so that what comes out is in their order, and so that a row can
still be set aside when another one shows that nothing can be told of its spell.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from facetwise.errors import EngineError
from facetwise.spells.arrays import booleans, numbers
from facetwise.spells.layouts import STAGED, Layout
from facetwise.spells.normalise.batches import BatchOptions, lines_lost, process_batch, rejects_of, row_faults
from facetwise.spells.normalise.columns import Mask
from facetwise.spells.raw_batch import RawBatch
from facetwise.spells.reading.activity import Account, ReadOptions, SpellBatch, batch_options
from facetwise.spells.reading.raw_files import RawFile

_MEMORY = "400MB"
_ROWS = 100_000
ROW_NO = "nth"


class Stage:
    """A database on disk that is gone afterwards."""

    def __init__(self, folder: Path, threads: int) -> None:
        self._connection = duckdb.connect(
            str(folder / "stage.duckdb"),
            config={"memory_limit": _MEMORY, "threads": threads, "temp_directory": str(folder / "spill")},
        )

    def add(self, name: str, rows: pa.Table) -> None:
        """Add rows to a table, made on first use."""
        self._connection.register("incoming", rows)
        self.run(f"CREATE TABLE IF NOT EXISTS {name} AS SELECT * FROM incoming LIMIT 0")
        self.run(f"INSERT INTO {name} BY NAME SELECT * FROM incoming")
        self._connection.unregister("incoming")

    def run(self, sql: str) -> None:
        """Do what a statement says."""
        self._connection.execute(sql)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The few rows that a query answers with."""
        return self._connection.execute(sql).fetchall()

    def number(self, sql: str) -> int:
        """The one number that a query answers with."""
        return int(self.rows(sql)[0][0])

    def batches(self, sql: str) -> Iterator[pa.RecordBatch]:
        """The rows that a query answers with, some at a time."""
        try:
            yield from self._connection.sql(sql).to_arrow_reader(_ROWS)
        except duckdb.Error as error:
            raise EngineError(f"DuckDB failed while grouping rows: {str(error).splitlines()[0]}.") from error

    def close(self) -> None:
        self._connection.close()


@contextmanager
def staged(threads: int) -> Iterator[Stage]:
    """An empty stage, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="facetwise-") as folder:
        stage = Stage(Path(folder), threads)
        try:
            yield stage
        finally:
            stage.close()


@dataclass(frozen=True)
class Examined:
    """A raw batch with the rows of it that cannot be used. first: the place of its first row among all rows."""

    raw: RawBatch
    reasons: dict[int, str]
    bad: Mask
    options: BatchOptions
    first: int

    def rows(self, chosen: Mask) -> pa.RecordBatch:
        return self.raw.columns.filter(booleans(chosen))

    def places(self, chosen: Mask) -> pa.Array:
        return numbers(self.first + np.flatnonzero(chosen), pa.int64())


def examined(files: Sequence[RawFile], layout: Layout, reading: ReadOptions, account: Account) -> Iterator[Examined]:
    """The files batch by batch; the account is kept up, and rows set aside are told, on the way."""
    for found in _read(files, layout, reading):
        account.rows += len(found.bad) + sum(lines_lost(found.raw).values())
        account.used += int(len(found.bad) - found.bad.sum())
        account.set_aside.update(found.reasons.values())
        account.set_aside.update(lines_lost(found.raw))
        if reading.on_reject:
            for reject in rejects_of(found.raw, found.reasons, found.options):
                reading.on_reject(reject)
        if reading.on_rows:
            reading.on_rows(len(found.bad))
        yield found


def _read(files: Sequence[RawFile], layout: Layout, reading: ReadOptions) -> Iterator[Examined]:
    first = 0
    for file in files:
        options = batch_options(layout, file, ReadOptions(None, on_reject=reading.on_reject))
        names = list(options.found.values())
        for unit in file.units(names):
            for raw in unit.read(names):
                yield Examined(raw, *row_faults(raw.columns, options), options, first)
                first += raw.columns.num_rows


def reject_staged(
    stage: Stage,
    table: str,
    which: str,
    files: Sequence[RawFile],
    layout: Layout,
    reading: ReadOptions,
    account: Account,
) -> None:
    """Set staged rows aside after all. which: a query for their places and the reason of each."""
    stage.run(f"CREATE TABLE withdrawn AS {which}")
    counted = dict(stage.rows("SELECT reason, count(*) FROM withdrawn GROUP BY reason"))
    account.used -= sum(counted.values())
    account.set_aside.update(counted)
    stage.run(f"DELETE FROM {table} WHERE {ROW_NO} IN (SELECT {ROW_NO} FROM withdrawn)")
    if counted and reading.on_reject:
        late: dict[int, str] = dict(stage.rows(f"SELECT {ROW_NO}, reason FROM withdrawn"))
        places = np.sort(np.fromiter(late, np.int64))
        for found in _read(files, layout, reading):  # a second time: a row is shown as it stands in its file
            low, high = np.searchsorted(places, (found.first, found.first + len(found.bad)))
            reasons = {int(place) - found.first: late[int(place)] for place in places[low:high]}
            for reject in rejects_of(found.raw, reasons, found.options):
                if reject.reason in counted:
                    reading.on_reject(reject)
    stage.run("DROP TABLE withdrawn")


def processed(batches: Iterator[pa.RecordBatch], reading: ReadOptions, account: Account) -> Iterator[SpellBatch]:
    """Staged rows that have become spells under the canonical names, sifted like those of any file."""
    columns = {column.canonical: column.canonical for column in STAGED.columns}
    options = BatchOptions(STAGED, columns, reading.keep, reading.bases, span=reading.span)
    for batch in batches:
        found = process_batch(RawBatch(Path("staged"), batch, 1), options)
        account.spells += found.used
        account.widen_span(found.admitted)
        yield SpellBatch(found.spells, found.filtered_groups, found.filtered_n)
