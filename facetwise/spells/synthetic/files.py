"""Writing tables chunk by chunk, as Parquet, CSV or gzipped CSV by the file's ending."""

import gzip
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from facetwise.errors import InputError

ENDINGS = (".parquet", ".csv", ".csv.gz")


class TableFile:
    """A file that takes a table's columns chunk by chunk. It has its name only once it is whole.

    Strings in CSV are quoted, as they hold commas; NULL is an empty field without quotes. A chunk is a row group in Parquet.
    """

    def __init__(self, path: Path, schema: Any) -> None:
        self._path, self._schema = path, schema
        self._part = path.with_name(f".{path.name}.part")
        self._open = ExitStack()
        self._writer: Any = None

    def __enter__(self) -> Self:
        ending = self._path.name.lower()
        try:
            stream: Any = self._open.enter_context(self._part.open("wb"))
        except OSError as error:
            raise InputError(
                f"{self._path} cannot be written: {error.strerror}. Use a folder you may write to."
            ) from error
        if ending.endswith(".parquet"):
            # Keys ascend, so their differences are stored; every other column is tried with a dictionary, as by default.
            ascending = {
                name: "DELTA_BINARY_PACKED" for name in ("APCS_Ident", "spell_id") if name in self._schema.names
            }
            others = [name for name in self._schema.names if name not in ascending]
            self._writer = self._open.enter_context(
                pq.ParquetWriter(
                    stream, self._schema, compression="zstd", use_dictionary=others, column_encoding=ascending
                )
            )
            return self
        if ending.endswith(".gz"):
            # Neither name nor time in the header: the same rows make the same bytes. Level 4 is three times as fast as 9.
            stream = self._open.enter_context(gzip.GzipFile("", "wb", 4, stream, mtime=0))
        self._writer = self._open.enter_context(pa_csv.CSVWriter(stream, self._schema))
        return self

    def write(self, columns: list[Any]) -> None:
        """Adds rows; the columns are in the schema's order."""
        self._writer.write_table(pa.Table.from_arrays(columns, schema=self._schema))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._open.close()
            if kind is None:
                self._part.replace(self._path)
        finally:
            self._part.unlink(missing_ok=True)
