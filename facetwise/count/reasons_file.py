"""The reasons files: one row a spell with the truth of every criterion, the outcome, and why in words."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from facetwise.compile.duckdb.engine import because_column, outcome_column, truth_column
from facetwise.errors import InputError, UsageError
from facetwise.language.definition import Definition

_TRUTH = "CASE WHEN {0} THEN 'met' WHEN NOT {0} THEN 'not-met' ELSE 'unknown' END"
_OUTCOME = "CASE WHEN {0} THEN 'counted' WHEN NOT {0} THEN 'not-counted' ELSE 'unknown' END"


class TableWriter:
    """Writes tables of one schema after another to CSV or Parquet, by the ending of the file's name.

    The file has its name only once it is whole: what an error cuts short leaves nothing, and an earlier file as it was.
    warning: who opens the file is told this: in Parquet's metadata, or beside CSV in FILE.warning.txt.
    """

    def __init__(self, path: Path, warning: str = "") -> None:
        if path.suffix.lower() not in (".csv", ".parquet"):
            raise UsageError(
                f"{path} ends in neither .csv nor .parquet, so its format is not known. Name it with one of them."
            )
        if not path.parent.is_dir():
            raise InputError(f"There is no folder {path.parent} to write {path.name} into. Make it first.")
        if path.is_dir():
            raise InputError(f"{path} is a folder, so no file can be written there. Use another name.")
        self._named = path.resolve()
        self._part = self._named.with_name(f".{self._named.name}.part")
        self._warning = warning
        self._writer: pa_csv.CSVWriter | pq.ParquetWriter | None = None

    @property
    def _is_parquet(self) -> bool:
        return self._named.suffix.lower() == ".parquet"

    def write(self, table: pa.Table) -> None:
        if self._warning and self._is_parquet:
            table = table.replace_schema_metadata({"warning": self._warning})
        if self._writer is None:
            try:
                self._writer = (
                    pq.ParquetWriter(self._part, table.schema, compression="zstd")
                    if self._is_parquet
                    else pa_csv.CSVWriter(self._part, table.schema)
                )
            except OSError as error:
                raise InputError(
                    f"{self._named} cannot be written: {error.strerror or error}. Use a folder you may write to."
                ) from error
        self._writer.write_table(table)

    def write_if_empty(self, table: pa.Table) -> None:
        """Write the header of an answer that has no rows."""
        if self._writer is None:
            self.write(table)

    def __enter__(self) -> TableWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._writer is None:
            return
        try:
            self._writer.close()
            if kind is None:
                self._part.replace(self._named)
                if self._warning and not self._is_parquet:
                    beside(self._named).write_text(self._warning + "\n", encoding="utf-8")
        finally:
            self._part.unlink(missing_ok=True)


def beside(path: Path) -> Path:
    """The file that carries the warning of a CSV file."""
    return path.with_name(f"{path.name}.warning.txt")


def count_reasons_sql(definition: Definition, several: bool) -> str:
    """The columns of a count's reasons over the spells that an engine evaluated: the file of `--reasons`."""
    outcome = f'"{outcome_column(definition)}"'
    columns = ["spell_id"]
    if several:
        columns.append(f"'{definition.id}' AS definition")
    for criterion in definition.criteria:
        truth = f'"{truth_column(definition, criterion.id)}"'
        columns.append(f'{_TRUTH.format(truth)} AS "{criterion.id}"')
    columns.append(f"{_OUTCOME.format(outcome)} AS outcome")
    columns.append(f"CASE WHEN {outcome} THEN nullif('{definition.label}', '') END AS label")
    columns.append(f'"{because_column(definition)}" AS because')
    return ", ".join(columns)


def diff_reasons_sql(a: Definition, b: Definition) -> str:
    """The columns of a difference's reasons: which definition counts the spell, and why the other does not."""
    in_a, in_b = (f'"{outcome_column(definition)}"' for definition in (a, b))
    return (
        f"spell_id, CASE WHEN {in_a} THEN '{a.id}' ELSE '{b.id}' END AS counted_by, "
        f'{_OUTCOME.format(in_a)} AS "{a.id}", {_OUTCOME.format(in_b)} AS "{b.id}", '
        f'CASE WHEN {in_a} THEN "{because_column(b)}" ELSE "{because_column(a)}" END AS because'
    )


def differs_sql(a: Definition, b: Definition) -> str:
    """Where exactly one of two definitions counts a spell."""
    in_a, in_b = (f'coalesce("{outcome_column(definition)}", FALSE)' for definition in (a, b))
    return f"{in_a} <> {in_b}"
