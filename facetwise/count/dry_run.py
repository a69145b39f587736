"""What a command would read and compute, from nothing but the headers of its files: --dry-run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from facetwise.compile.duckdb.engine import ROW_NO, judged_query
from facetwise.compile.spark.query import judged_in_spark
from facetwise.compile.spark.source import refuse_on_spark
from facetwise.count.query import CountQuery, reading_for
from facetwise.errors import UsageError
from facetwise.guidance.codelists import DENERVATION_FAMILY, KEPT_BY_EXTRACT
from facetwise.language.definition import Definition
from facetwise.language.policy import Policy
from facetwise.library import DEFINITIONS, POLICIES
from facetwise.spells.layouts import HES_APC
from facetwise.spells.reading.activity import Opened, ReadOptions, batch_options, open_activity
from facetwise.spells.reading.dispatch import layout_of
from facetwise.spells.reading.extract import contents_of
from facetwise.spells.reading.input_paths import is_beyond
from facetwise.spells.reading.raw_files import ParquetFile, RawFile
from facetwise.spells.spell import SCHEMA

_KEYS_AGAIN = {
    "duckdb": "The key's column is read once more where keys do not ascend, to find those that repeat.",
    "spark": "The key's column is read once more, to find keys that repeat; of CSV that is the whole file.",
}
_CSV = "CSV is read whole, whatever is asked of it; its rows are not known beforehand."


@dataclass(frozen=True)
class PlannedFile:
    """One file: its rows where it tells them, its size, and the columns that would be read with their bytes in it.

    The bytes of a column are None in CSV, which is read whole.
    """

    file: str
    rows: int | None
    size: int
    columns: tuple[tuple[str, int | None], ...]

    @property
    def bytes_read(self) -> int:
        return (
            self.size if any(held is None for _, held in self.columns) else sum(held or 0 for _, held in self.columns)
        )


@dataclass(frozen=True)
class DryRun:
    """What a command would do. sql: what would judge each spell, in the engine's own words."""

    command: str
    engine: str
    layout: str
    files: tuple[PlannedFile, ...]
    definitions: tuple[Definition, ...]
    dimensions: tuple[str, ...]
    sql: str
    notes: tuple[str, ...]
    policies: tuple[Policy, ...] = ()

    @property
    def rows(self) -> int | None:
        """The rows of all files, None where one does not tell."""
        rows_of = [file.rows for file in self.files]
        return None if None in rows_of else sum(rows or 0 for rows in rows_of)

    @property
    def bytes_read(self) -> int:
        return sum(file.bytes_read for file in self.files)

    def to_json(self) -> dict[str, Any]:
        files = [
            {
                "file": file.file,
                "rows": file.rows,
                "size": file.size,
                "bytes_read": file.bytes_read,
                "columns": [{"column": name, "bytes": held} for name, held in file.columns],
            }
            for file in self.files
        ]
        return {
            "schema": "facetwise.plan/1",
            "command": self.command,
            "engine": self.engine,
            "layout": self.layout,
            "files": files,
            "rows": self.rows,
            "bytes_read": self.bytes_read,
            "definitions": [_criteria(definition) for definition in self.definitions],
            "policies": [_criteria(policy) for policy in self.policies],
            "by": list(self.dimensions),
            "sql": self.sql,
            "notes": list(self.notes),
        }

    def to_arrow(self) -> pa.Table:
        """One row a column of a file that would be read."""
        rows = [(file.file, file.rows, name, held) for file in self.files for name, held in file.columns]
        types = {"file": pa.string(), "rows": pa.int64(), "column": pa.string(), "bytes": pa.int64()}
        cells = zip(*rows, strict=True) if rows else ([] for _ in types)
        return pa.table({name: pa.array(held, types[name]) for name, held in zip(types, cells, strict=True)})


def _criteria(of: Definition | Policy) -> dict[str, Any]:
    return {"id": of.id, "version": of.version, "criteria": [{"id": c.id, "says": c.says} for c in of.criteria]}


def planned_report(inputs: Sequence[str | Path], layout: str = "auto") -> DryRun:
    """What a report would do: one pass that keeps what matters, and everything else from that."""
    return replace(planned_extract(inputs, layout), command="report", policies=tuple(POLICIES.values()))


def planned_count(query: CountQuery, engine: str = "duckdb", with_reasons: bool = False) -> DryRun:
    """What a count would do. Errors: InputError, UsageError, as the count itself would give them."""
    opened = opened_for(query.inputs, query.layout, engine)
    query = replace(query, words=with_reasons)
    dimensions = tuple(dimension.id for dimension in query.dimensions)
    return planned("count", opened, reading_for(opened, query), query.definitions, engine, with_reasons, dimensions)


def planned_extract(inputs: Sequence[str | Path], layout: str = "auto", engine: str = "duckdb") -> DryRun:
    """What an extract would do: it keeps every column, and what every definition of the library says."""
    opened = opened_for(inputs, layout, engine)
    return planned("extract", opened, ReadOptions(KEPT_BY_EXTRACT), tuple(DEFINITIONS.values()), engine, True)


def opened_for(inputs: Sequence[str | Path], layout: str, engine: str) -> Opened:
    """The files that inputs name, as an engine would open them. Errors: InputError, UsageError."""
    for given in inputs:
        if engine == "spark" and is_beyond(given):
            raise UsageError(
                f"--dry-run tells the bytes from the headers of files of this machine, and {given} is none. Leave --dry-run out; "
                "of a table, Spark tells its size with DESCRIBE EXTENDED."
            )
    opened = open_activity(inputs, layout)
    if engine == "spark":
        refuse_on_spark(opened)
    return opened


def planned(
    command: str,
    opened: Opened,
    reading: ReadOptions,
    definitions: tuple[Definition, ...],
    engine: str = "duckdb",
    words: bool = False,
    dimensions: tuple[str, ...] = (),
) -> DryRun:
    """What a command would do that reads opened files so and judges them by some definitions.

    words: whether the reasons are asked for in words.
    """
    files = tuple(_file(opened, file, reading) for file in (*opened.files, *opened.der))
    notes = [] if opened.extract is not None else [_KEYS_AGAIN[engine]]
    if any(held is None for file in files for _, held in file.columns):
        notes.append(_CSV)
    return DryRun(
        command,
        engine,
        layout_of(opened).id,
        files,
        definitions,
        dimensions,
        _sql(definitions, engine, words),
        tuple(notes),
    )


def _sql(definitions: tuple[Definition, ...], engine: str, words: bool) -> str:
    if engine == "spark":
        return judged_in_spark(definitions, DENERVATION_FAMILY, (), words, "spells", pretty=True)
    return judged_query(definitions, DENERVATION_FAMILY, (ROW_NO,), words).sql("duckdb", pretty=True)


def _file(opened: Opened, file: RawFile, reading: ReadOptions) -> PlannedFile:
    size = file.path.stat().st_size
    if isinstance(file, ParquetFile) and opened.extract is not None:
        columns = [name for name in SCHEMA.names if reading.columns is None or name in reading.columns]
        return _parquet(file, [*columns, *reading.verdicts], size, contents_of(opened).first_from)
    # Rows that must meet before they are spells are staged with every column that their layout knows.
    staged = opened.layout is HES_APC or bool(opened.der)
    names = list(batch_options(opened.layout, file, ReadOptions(None) if staged else reading).found.values())
    if isinstance(file, ParquetFile):
        return _parquet(file, names, size)
    return PlannedFile(str(file.path), None, size, tuple((name, None) for name in names))


def _parquet(file: ParquetFile, names: Iterable[str], size: int, first_row: int = 0) -> PlannedFile:
    """What the footer says of the columns, in the row groups that begin at a row or end after it."""
    held = dict.fromkeys(names, 0)
    start = 0
    for number in range(file.metadata.num_row_groups):
        group = file.metadata.row_group(number)
        start += group.num_rows
        if start <= first_row and first_row:
            continue
        for place in range(group.num_columns):
            chunk = group.column(place)
            name = chunk.path_in_schema if chunk.path_in_schema in held else chunk.path_in_schema.partition(".")[0]
            if name in held:
                held[name] += chunk.total_compressed_size
    return PlannedFile(str(file.path), file.metadata.num_rows, size, tuple(held.items()))
