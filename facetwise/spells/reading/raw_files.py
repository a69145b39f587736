"""Raw batches out of files. Nothing is judged here but whether a file can be read at all."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from facetwise.errors import InputError
from facetwise.spells.layouts import Kind
from facetwise.spells.normalise.columns import may_be_faulty
from facetwise.spells.raw_batch import Ragged, RawBatch

EXTRACT_KEY = b"facetwise.extract"
BLOCK = 1 << 22
LONGEST = 1 << 26  # of a value in quotation marks
_PARQUET = b"PAR1"


class Unit(Protocol):
    """A piece of a file that any thread can read by itself."""

    def read(self, names: Sequence[str]) -> Iterator[RawBatch]: ...


class RawFile(Protocol):
    """A file that was opened far enough to know its columns."""

    path: Path
    header: tuple[str, ...]

    def units(self, names: Sequence[str]) -> Iterator[Unit]: ...


def open_file(path: Path) -> RawFile:
    """The file with its header read. Errors: InputError that names the file and what is wrong with it."""
    with path.open("rb") as opened:
        start = opened.read(4)
    if not start:
        raise InputError(f"{path} is empty. It needs at least a header.")
    if start == _PARQUET:
        return ParquetFile(path)
    if path.name.lower().endswith(".parquet"):
        raise InputError(f"{path} is named .parquet but is not a Parquet file. Check how it was written.")
    return CsvFile(path)


class ParquetFile:
    """A Parquet file: one unit a row group."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file = pq.ParquetFile(path)
            self.schema = self._file.schema_arrow
        except (pa.ArrowInvalid, OSError) as error:
            raise InputError(f"{path} cannot be read as Parquet: {_first_line(error)}. Write it again.") from error
        self.metadata = self._file.metadata
        self.header = tuple(self.schema.names)
        self.extract = (self.metadata.metadata or {}).get(EXTRACT_KEY)

    def may_be_faulty(self, name: str, kind: Kind) -> bool:
        """Whether a column could hold a value that is none of its kind."""
        return may_be_faulty(kind, self.schema.field(name).type)

    def units(self, names: Sequence[str]) -> Iterator[Unit]:
        dictionaries = [name for name in names if pa.types.is_string(self.schema.field(name).type)]
        line = 1
        for group in range(self.metadata.num_row_groups):
            yield RowGroup(self, group, line, tuple(dictionaries))
            line += self.metadata.row_group(group).num_rows


@dataclass(frozen=True)
class RowGroup:
    """One row group of a Parquet file."""

    file: ParquetFile
    group: int
    first_line: int
    may_be_dictionaries: tuple[str, ...]

    _ROWS = 250_000

    def read(self, names: Sequence[str]) -> Iterator[RawBatch]:
        line = self.first_line
        try:
            opened = pq.ParquetFile(
                self.file.path, metadata=self.file.metadata, read_dictionary=[n for n in names if self._few(n)]
            )
            for batch in opened.iter_batches(
                self._ROWS, row_groups=[self.group], columns=list(names), use_threads=False
            ):
                yield RawBatch(self.file.path, _without_views(batch), line)
                line += batch.num_rows
        except (pa.ArrowInvalid, OSError) as error:
            raise InputError(f"{self.file.path} is damaged: {_first_line(error)}. Write it again.") from error

    def _few(self, name: str) -> bool:
        """Whether a text column of this row group is small enough to be worth reading as a dictionary."""
        if name not in self.may_be_dictionaries:
            return False
        group = self.file.metadata.row_group(self.group)
        index = next((i for i in range(group.num_columns) if group.column(i).path_in_schema == name), None)
        return index is not None and group.column(index).total_uncompressed_size < 4 * group.num_rows


def _without_views(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The same rows with views of text as plain text: Arrow can do little with views."""
    for place, held in enumerate(batch.columns):
        if pa.types.is_string_view(held.type) or pa.types.is_binary_view(held.type):
            text = held.cast(pa.binary()).cast(pa.string(), safe=False)
            batch = batch.set_column(place, batch.schema.names[place], text)
    return batch


class CsvFile:
    """A CSV file, plain or gzipped. Its delimiter is told from the header; one unit a block."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._only_returns = False
        with self._open() as opened:
            first = self._first_record(opened)
        self._only_returns = "\r" in first
        self.delimiter, self.header = delimiter_of(first.partition("\r")[0])

    @property
    def is_zipped(self) -> bool:
        """Whether the file is gzipped, whatever it is called."""
        with self.path.open("rb") as probe:
            return probe.read(2) == b"\x1f\x8b"

    def _open(self) -> IO[bytes]:
        raw: Any = pa.input_stream(str(self.path), compression="gzip" if self.is_zipped else None)
        return io.BufferedReader(CleanText(raw, self._only_returns), BLOCK)

    def _first_record(self, opened: IO[bytes]) -> str:
        try:
            line = opened.readline(1 << 20)
        except (pa.ArrowInvalid, OSError) as error:
            raise InputError(f"{self.path} cannot be unpacked: {_first_line(error)}. Copy it again.") from error
        if b"\x00" in line or line.startswith("\ufffd".encode()):
            raise InputError(
                f"{self.path} is not UTF-8 text: it looks like UTF-16 or a binary file. Save it as CSV in UTF-8, or as Parquet."
            )
        text = line.decode().strip("\r\n\ufeff")
        if not text:
            raise InputError(f"{self.path} begins with an empty line. It needs a header.")
        return text

    def units(self, names: Sequence[str]) -> Iterator[Unit]:
        ragged: list[Ragged] = []
        line = 2
        for batch in self._batches(names, ragged):
            mine, ragged[:] = list(ragged), []
            swallowed = sum(_lines_inside(column) for column in batch.columns)
            yield Block(RawBatch(self.path, batch, line, mine, swallowed))
            line += batch.num_rows + swallowed + sum(ragged.lines for ragged in mine)
        if ragged:
            empty = pa.RecordBatch.from_pylist([], schema=pa.schema([(name, pa.string()) for name in names]))
            yield Block(RawBatch(self.path, empty, line, ragged))

    def _batches(self, names: Sequence[str], ragged: list[Ragged]) -> Iterator[pa.RecordBatch]:
        """The rows; where a value in quotation marks is longer than a block, from there on in larger blocks."""
        done = lost = 0

        def note(row: Any) -> str:
            nonlocal lost
            lost += 1
            ragged.append(Ragged(row.number or 0, row.expected_columns, row.actual_columns, row.text))
            return "skip"

        for size in (BLOCK, LONGEST):
            try:
                for batch in self._parsed(names, note, size, done + lost):
                    done += batch.num_rows
                    yield batch
                return
            except (pa.ArrowInvalid, OSError) as error:
                if "straddling" not in str(error):
                    raise InputError(
                        f"{self.path} cannot be read to its end: {_first_line(error)}. Copy or write it again."
                    ) from error
        raise InputError(
            f"{self.path} cannot be read past row {done + lost}: a value in quotation marks after it runs on for more than "
            f"{LONGEST >> 20} MB. Is a mark never closed? Mend it."
        )

    def _parsed(
        self, names: Sequence[str], note: Callable[[Any], str], size: int, after: int
    ) -> Iterator[pa.RecordBatch]:
        with self._open() as opened:
            yield from pa_csv.open_csv(
                opened,
                read_options=pa_csv.ReadOptions(
                    block_size=size,
                    use_threads=False,
                    column_names=self.header,
                    skip_rows=1,
                    skip_rows_after_names=after,
                ),
                # Line breaks inside quotation marks are part of a value wherever blocks happen to end; measured, it costs nothing.
                parse_options=pa_csv.ParseOptions(
                    delimiter=self.delimiter, invalid_row_handler=note, newlines_in_values=True
                ),
                convert_options=pa_csv.ConvertOptions(
                    include_columns=list(names),
                    column_types={name: pa.string() for name in self.header},
                    strings_can_be_null=True,
                    null_values=[""],
                ),
            )


def delimiter_of(first: str) -> tuple[str, tuple[str, ...]]:
    """The delimiter that a header line is written with, and the names between its delimiters."""
    delimiter = max(",;\t|", key=first.count)
    names = next(csv.reader([first], delimiter=delimiter, skipinitialspace=True))
    return delimiter, tuple(name.strip() for name in names)


@dataclass(frozen=True)
class Block:
    """Rows of a CSV file that were parsed already: a CSV file can only be read from its start."""

    batch: RawBatch

    def read(self, names: Sequence[str]) -> Iterator[RawBatch]:
        yield self.batch


class CleanText(io.RawIOBase):
    """Bytes that are UTF-8 whatever came in: what could not be decoded is U+FFFD, and the last line ends.

    only_returns: lines end as they did on old Macs, by a carriage return alone.
    """

    def __init__(self, raw: IO[bytes], only_returns: bool) -> None:
        self._raw = raw
        self._only_returns = only_returns
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._ready = b""
        self._ended = False
        self._last = b"\n"

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready and not self._ended:
            chunk = self._raw.read(BLOCK)
            if self._only_returns:
                chunk = chunk.replace(b"\r", b"\n")
            self._ready = self._decoder.decode(chunk, final=not chunk).encode()
            if not chunk:
                self._ended = True
                if (self._ready or self._last)[-1:] != b"\n":
                    self._ready += b"\n"
            elif self._ready:
                self._last = self._ready[-1:]
        taken = self._ready[: len(buffer)]
        self._ready = self._ready[len(taken) :]
        buffer[: len(taken)] = taken
        return len(taken)

    def close(self) -> None:
        self._raw.close()
        super().close()


def _lines_inside(column: pa.Array) -> int:
    """Lines that begin inside the values of a column."""
    if not pc.any(pc.match_substring(column, "\n")).as_py():
        return 0
    return int(pc.sum(pc.count_substring_regex(column, r"\n[^\n]")).as_py())


def _first_line(error: BaseException) -> str:
    return str(error).splitlines()[0].rstrip(". ") if str(error) else type(error).__name__
