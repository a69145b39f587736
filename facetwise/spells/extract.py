"""The extract: the few spells that matter out of the many, in the canonical columns, with the counts of all the rest.

The file is Parquet, one row a spell. What became of the other rows, and the groups they stood in, is kept in the file's
metadata under `facetwise.extract`, so that a question asked of the extract is answered as if asked of the whole. Spells
with a denervation code are the last rows, in row groups of their own: most questions read only those.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from facetwise.errors import InputError
from facetwise.language.codes import CodeList
from facetwise.spells import arrays
from facetwise.spells.activity import Account, Opened, Piece, Reading
from facetwise.spells.groups import BASES, COUNT, counted
from facetwise.spells.normalise import Mask, complete
from facetwise.spells.reading import EXTRACT_KEY
from facetwise.spells.spell import SCHEMA

VERSION = "facetwise.extract/3"
_AGES, _PLACED = "ages", "places"
_PLACES = ("provider", "commissioner", "month", "sex")


@dataclass(frozen=True)
class Contents:
    """What an extract says of itself."""

    codes: tuple[str, ...]
    first: tuple[str, ...]
    account: Account
    columns: tuple[str, ...]
    rest_n: int
    first_from: int
    verdicts: dict[str, str]


@dataclass(frozen=True)
class Verdicts:
    """What definitions say of the spells with a code of an extract's first list, to be kept beside them.

    schema: the columns. marks: of each definition by its id, so that a changed one is not believed. of: the columns of
    some spells, in their order.
    """

    schema: pa.Schema
    marks: Mapping[str, str]
    of: Callable[[pa.Table], pa.Table]


class ExtractWriter:
    """Writes kept spells as they come; those with a code of `first` are held back to the end of the file."""

    def __init__(self, out: Path, keep: CodeList, first: CodeList, verdicts: Verdicts) -> None:
        self._schema = pa.schema([*SCHEMA, *verdicts.schema])
        self._writer = pq.ParquetWriter(out, self._schema, compression="zstd")
        self._keep, self._first, self._verdicts = keep, first, verdicts
        self._held: list[pa.Table] = []
        self._others: list[pa.Table] = []
        self._others_n = 0
        self._written = 0

    def add(self, spells: pa.Table) -> None:
        """Add kept spells in the canonical columns."""
        chosen = arrays.booleans(_holds(spells, self._first))
        self._held.append(spells.filter(chosen))
        self._others.append(spells.filter(pc.invert(chosen)))
        self._others_n += self._others[-1].num_rows
        if self._others_n > 200_000:
            self._flush()

    def _flush(self) -> None:
        if self._others_n:
            others = pa.concat_tables(self._others)
            none = (pa.nulls(others.num_rows, field.type) for field in self._verdicts.schema)
            self._writer.write_table(pa.table([*others.columns, *none], schema=self._schema))
            self._written += self._others_n
        self._others, self._others_n = [], 0

    def close(self, account: Account, columns: tuple[str, ...], rest: pa.Table, rest_n: int) -> int:
        """Write what is held back and the counts of the rest. Returns the number of spells kept."""
        self._flush()
        held = pa.concat_tables([SCHEMA.empty_table(), *self._held])
        told = self._verdicts.of(held).select(self._verdicts.schema.names).cast(self._verdicts.schema)
        self._writer.write_table(pa.table([*held.columns, *told.columns], schema=self._schema))
        contents = {
            "schema": VERSION,
            "codes": self._keep.written,
            "first": self._first.written,
            "first_from": self._written,
            "account": {**vars(account), "set_aside": dict(account.set_aside)},
            "columns": columns,
            "rest_n": rest_n,
            "verdicts": self._verdicts.marks,
        }
        groups = {f"{EXTRACT_KEY.decode()}.{name}": text for name, text in _packed(rest).items()}
        self._writer.add_key_value_metadata({EXTRACT_KEY.decode(): json.dumps(contents), **groups})
        self._writer.close()
        return self._written + int(held.num_rows)


def _holds(spells: pa.Table, codes: CodeList) -> Mask:
    """Spells with a code of the list in any position or as the dominant procedure."""
    episodes = spells["procedures"].combine_chunks()
    of_spell = np.repeat(np.arange(spells.num_rows), _lengths(episodes))
    codes_of = np.repeat(of_spell, _lengths(episodes.flatten()))
    held = _listed(spells["dominant_procedure"].combine_chunks(), codes)
    held[codes_of[_listed(episodes.flatten().flatten(), codes)]] = True
    return held


def _lengths(lists: pa.Array) -> npt.NDArray[np.int32]:
    lengths: npt.NDArray[np.int32] = pc.fill_null(pc.list_value_length(lists), 0).to_numpy()
    return lengths


def _listed(held: pa.Array, codes: CodeList) -> Mask:
    fours = pc.is_in(pc.utf8_slice_codeunits(held, 0, 4), pa.array(sorted(codes.fours), pa.string()))
    categories = pc.is_in(pc.utf8_slice_codeunits(held, 0, 3), pa.array(sorted(codes.categories), pa.string()))
    mask: Mask = pc.fill_null(pc.or_(fours, categories), False).to_numpy(zero_copy_only=False)
    return mask.copy()


def _packed(rest: pa.Table) -> dict[str, str]:
    """The groups as text: one row for each place, month and sex, and its age bands as the bits of a number.

    The bits are packed apart, since most questions do not ask for them.
    """
    bit = pc.shift_left(pa.scalar(1, pa.int32()), pc.fill_null(rest["age_band"], _NO_BAND))
    with_bits = rest.drop_columns(["age_band"]).append_column(_AGES, bit)
    grouped = with_bits.group_by(list(_PLACES)).aggregate([(COUNT, "sum"), (_AGES, "sum")])
    columns = {
        name: grouped[name].dictionary_encode() if BASES[name] == pa.string() else grouped[name] for name in _PLACES
    }
    places = pa.table({**columns, COUNT: grouped[f"{COUNT}_sum"].cast(pa.int32())})
    return {_PLACED: _as_text(places), _AGES: _as_text(pa.table({_AGES: grouped[f"{_AGES}_sum"].cast(pa.int32())}))}


def _as_text(table: pa.Table) -> str:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as stream:
        stream.write_table(table.combine_chunks())
    return base64.b64encode(sink.getvalue().to_pybytes()).decode()


def _from_text(text: bytes) -> pa.Table:
    with pa.ipc.open_stream(base64.b64decode(text)) as stream:
        return stream.read_all()


_NO_BAND = 30


def contents_of(opened: Opened) -> Contents:
    """What an opened extract says of itself. Errors: InputError for a version this one cannot read."""
    assert opened.extract is not None
    told = json.loads(opened.extract.metadata.metadata[EXTRACT_KEY])
    if told.get("schema") != VERSION:
        raise InputError(
            f"{opened.extract.path} is a {told.get('schema')}; this version reads {VERSION}. Extract again."
        )
    account = told["account"]
    account["set_aside"] = Counter(account["set_aside"])
    account["files"] = opened.names
    return Contents(
        tuple(told["codes"]), tuple(told["first"]), Account(**account), tuple(told["columns"]), told["rest_n"],
        told["first_from"], told["verdicts"],
    )  # fmt: skip


def read_extract(opened: Opened, reading: Reading, account: Account, only_first: bool) -> Iterator[Piece]:
    """The kept spells and, as the rest, the groups of all the others; `account` becomes that of the whole.

    only_first: leave out the kept spells without a code of the extract's first list, and count them with the rest.
    """
    contents = contents_of(opened)
    vars(account).update(vars(contents.account))
    assert opened.extract is not None
    file = pq.ParquetFile(opened.extract.path, metadata=opened.extract.metadata)
    wanted = [name for name in SCHEMA.names if reading.columns is None or name in reading.columns]
    none = pa.schema([*((base, BASES[base]) for base in reading.bases), (COUNT, pa.int64())]).empty_table()
    rest_n = contents.rest_n
    start = 0
    for number in range(file.num_row_groups):
        rows = file.metadata.row_group(number).num_rows
        if only_first and start + rows <= contents.first_from:
            rest_n += rows
        else:
            held = file.read_row_group(number, columns=[*wanted, *reading.verdicts])
            spells = {name: held[name].combine_chunks().cast(SCHEMA.field(name).type) for name in wanted}
            whole = complete(spells, held.num_rows)
            for name in reading.verdicts:
                whole = whole.append_column(name, held[name])
            yield Piece(whole, none, 0)
        start += rows
    # The groups are those of every spell that the extract was made from, the kept ones among them.
    groups = _unpacked(opened.extract.metadata.metadata, reading.bases) if reading.bases else none
    yield Piece(SCHEMA.empty_table(), groups, rest_n)


def _unpacked(metadata: Mapping[bytes, bytes], bases: tuple[str, ...]) -> pa.Table:
    """The groups again. By age band only which groups there are is kept, not how many spells stand in each."""
    places = _from_text(metadata[EXTRACT_KEY + b"." + _PLACED.encode()])
    if "age_band" not in bases:
        return _spelled_out(counted(places.select([*bases, COUNT]), bases))
    places = places.append_column(_AGES, _from_text(metadata[EXTRACT_KEY + b"." + _AGES.encode()])[_AGES])
    tables = []
    for band in (*range(20), _NO_BAND):
        here = places.filter(pc.not_equal(pc.bit_wise_and(places[_AGES], 1 << band), 0))
        value = pa.scalar(None if band == _NO_BAND else band, BASES["age_band"])
        tables.append(here.append_column("age_band", pa.repeat(value, here.num_rows)).select([*bases, COUNT]))
    return _spelled_out(counted(pa.concat_tables(tables), bases))


def _spelled_out(table: pa.Table) -> pa.Table:
    """Dictionaries as plain text, now that there are few rows."""
    return table.cast(pa.schema([(name, BASES.get(name, pa.int64())) for name in table.column_names]))
