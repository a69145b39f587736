"""The extract: the few spells that matter, in the canonical columns, with counts of all the others.

The file is Parquet, one row a spell. Its metadata under `facetwise.extract` has the account of all rows and the groups of
all spells, so that a query gets the same result from the extract as from the full activity. Spells with a denervation
code are the last rows, in row groups of their own: most queries read only those.
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
from facetwise.spells.dimensions import BASES, COUNT, counted
from facetwise.spells.normalise.columns import Mask, complete
from facetwise.spells.reading.activity import Account, Opened, ReadOptions, SpellBatch
from facetwise.spells.reading.raw_files import EXTRACT_KEY
from facetwise.spells.spell import SCHEMA

VERSION = "facetwise.extract/4"
_AGES, _PLACED = "ages", "places"
Numbers = npt.NDArray[np.int64]
_PLACES = ("provider", "commissioner", "month", "sex")


@dataclass(frozen=True)
class Contents:
    """The metadata of an extract."""

    codes: tuple[str, ...]
    first: tuple[str, ...]
    account: Account
    columns: tuple[str, ...]
    filtered_n: int
    first_from: int
    verdicts: dict[str, str]


@dataclass(frozen=True)
class Verdicts:
    """Results of definitions, stored beside the spells with a code of the extract's first list.

    schema: the columns. marks: a fingerprint of each definition by id, so that a changed one is evaluated again.
    of: returns the columns for some spells, in their order.
    """

    schema: pa.Schema
    marks: Mapping[str, str]
    of: Callable[[pa.Table], pa.Table]


class ExtractWriter:
    """Writes spells as they come; those with a code of `first` go to the end of the file."""

    def __init__(self, out: Path, keep: CodeList, first: CodeList, verdicts: Verdicts) -> None:
        self._schema = pa.schema([*SCHEMA, *verdicts.schema])
        self._writer = pq.ParquetWriter(out, self._schema, compression="zstd")
        self._keep, self._first, self._verdicts = keep, first, verdicts
        self._last: list[pa.Table] = []
        self._others: list[pa.Table] = []
        self._others_n = 0
        self._written = 0

    def add(self, spells: pa.Table) -> None:
        """Add spells in the canonical columns."""
        chosen = arrays.booleans(_has_code(spells, self._first))
        self._last.append(spells.filter(chosen))
        self._others.append(spells.filter(pc.invert(chosen)))
        self._others_n += self._others[-1].num_rows
        if self._others_n > 50_000:
            self._flush()

    def _flush(self) -> None:
        if self._others_n:
            others = pa.concat_tables(self._others)
            none = (pa.nulls(others.num_rows, field.type) for field in self._verdicts.schema)
            self._writer.write_table(pa.table([*others.columns, *none], schema=self._schema))
            self._written += self._others_n
        self._others, self._others_n = [], 0

    def close(self, account: Account, columns: tuple[str, ...], groups: PlaceGroups, filtered_n: int) -> int:
        """The number of spells written, after the last ones and the groups of all spells are."""
        self._flush()
        spells = pa.concat_tables([SCHEMA.empty_table(), *self._last])
        verdicts = self._verdicts.of(spells).select(self._verdicts.schema.names).cast(self._verdicts.schema)
        self._writer.write_table(pa.table([*spells.columns, *verdicts.columns], schema=self._schema))
        contents = {
            "schema": VERSION,
            "codes": self._keep.written,
            "first": self._first.written,
            "first_from": self._written,
            "account": {**vars(account), "set_aside": dict(account.set_aside)},
            "columns": columns,
            "rest_n": filtered_n,
            "verdicts": self._verdicts.marks,
        }
        packed = {f"{EXTRACT_KEY.decode()}.{name}": text for name, text in groups.packed().items()}
        self._writer.add_key_value_metadata({EXTRACT_KEY.decode(): json.dumps(contents), **packed})
        self._writer.close()
        return self._written + int(spells.num_rows)


def _has_code(spells: pa.Table, codes: CodeList) -> Mask:
    """Spells with a code of the list in any position or as the dominant procedure."""
    episodes = spells["procedures"].combine_chunks()
    of_spell = np.repeat(np.arange(spells.num_rows), _lengths(episodes))
    codes_of = np.repeat(of_spell, _lengths(episodes.flatten()))
    has_code = _listed(spells["dominant_procedure"].combine_chunks(), codes)
    has_code[codes_of[_listed(episodes.flatten().flatten(), codes)]] = True
    return has_code


def _lengths(lists: pa.Array) -> npt.NDArray[np.int32]:
    lengths: npt.NDArray[np.int32] = pc.fill_null(pc.list_value_length(lists), 0).to_numpy()
    return lengths


def _listed(codes_found: pa.Array, codes: CodeList) -> Mask:
    fours = pc.is_in(pc.utf8_slice_codeunits(codes_found, 0, 4), pa.array(sorted(codes.fours), pa.string()))
    categories = pc.is_in(pc.utf8_slice_codeunits(codes_found, 0, 3), pa.array(sorted(codes.categories), pa.string()))
    mask: Mask = pc.fill_null(pc.or_(fours, categories), False).to_numpy(zero_copy_only=False)
    return mask.copy()


class PlaceGroups:
    """Counts of spells by place, month and sex, with the age bands among them.

    Sums tables of base columns and counts. The age bands are bits of a number, so that memory grows with the places and
    months, and hardly with the spells.
    """

    _MERGE_AT = 250_000

    def __init__(self) -> None:
        self._words: dict[str, dict[str | None, int]] = {name: {} for name in _PLACES if BASES[name] == pa.string()}
        self._parts: list[Numbers] = []  # one row a group: a column for each of _PLACES, the bits, the spells
        self._pending = 0

    def add(self, groups: pa.Table) -> None:
        """Add groups with their counts: base columns (one that is absent is not recorded) and spells_n."""
        absent = pa.nulls(groups.num_rows)
        by_name = {name: groups[name] if name in groups.column_names else absent for name in (*_PLACES, "age_band")}
        bits = np.left_shift(1, pc.fill_null(by_name["age_band"].cast(pa.int64()), _NO_BAND).to_numpy())
        columns = [*(self._numbers(name, by_name[name]) for name in _PLACES), bits, groups[COUNT].to_numpy()]
        self._parts.append(np.stack(columns, axis=1).astype(np.int64))
        self._pending += groups.num_rows
        if self._pending > self._MERGE_AT:
            self._parts, self._pending = [self._merged()], 0

    def _numbers(self, name: str, column: pa.Array | pa.ChunkedArray) -> npt.NDArray[np.int64]:
        if name not in self._words:
            months: Numbers = pc.fill_null(column.cast(pa.int64()), _NO_MONTH).to_numpy()
            return months
        words = self._words[name]
        whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        encoded = whole.cast(pa.string()).dictionary_encode(null_encoding="encode")
        numbers = [words.setdefault(word, len(words)) for word in encoded.dictionary.to_pylist()]
        found: Numbers = np.array([*numbers, 0], np.int64)[encoded.indices.to_numpy()]
        return found

    def _merged(self) -> Numbers:
        """Each group once: its bits combined, its spells summed."""
        rows = np.concatenate([np.zeros((0, len(_PLACES) + 2), np.int64), *self._parts])
        if not len(rows):
            return rows
        key = np.zeros(len(rows), np.int64)
        for place in range(len(_PLACES)):
            least, most = rows[:, place].min(), rows[:, place].max()
            key = key * (most - least + 1) + (rows[:, place] - least)
        order = np.argsort(key, kind="stable")
        starts = np.flatnonzero(np.diff(key[order], prepend=-1))
        merged = rows[order[starts]]
        merged[:, -2] = np.bitwise_or.reduceat(rows[order, -2], starts)
        merged[:, -1] = np.add.reduceat(rows[order, -1], starts)
        return merged

    def packed(self) -> dict[str, str]:
        """The groups as text; the bits apart, since most questions do not ask for them."""
        rows = self._merged()
        columns = {name: self._values(name, rows[:, place]) for place, name in enumerate(_PLACES)}
        places = pa.table({**columns, COUNT: pa.array(rows[:, -1]).cast(pa.int32())})
        return {_PLACED: _as_text(places), _AGES: _as_text(pa.table({_AGES: pa.array(rows[:, -2]).cast(pa.int32())}))}

    def _values(self, name: str, numbers: npt.NDArray[np.int64]) -> pa.Array:
        if name in self._words:
            return pa.array(list(self._words[name]), pa.string()).take(pa.array(numbers)).dictionary_encode()
        return pa.array(numbers, mask=numbers == _NO_MONTH).cast(BASES[name])


def _as_text(table: pa.Table) -> str:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as stream:
        stream.write_table(table.combine_chunks())
    return base64.b64encode(sink.getvalue().to_pybytes()).decode()


def _from_text(text: bytes) -> pa.Table:
    with pa.ipc.open_stream(base64.b64decode(text)) as stream:
        return stream.read_all()


_NO_BAND, _NO_MONTH = 30, -(10**6)  # the bit, and the month, of what is not recorded


def contents_of(opened: Opened) -> Contents:
    """The metadata of an opened extract. Errors: InputError for a version this one cannot read."""
    assert opened.extract is not None
    contents = json.loads(opened.extract.metadata.metadata[EXTRACT_KEY])
    if contents.get("schema") != VERSION:
        raise InputError(
            f"{opened.extract.path} is a {contents.get('schema')}; this version reads {VERSION}. Extract again."
        )
    account = contents["account"]
    account["set_aside"] = Counter(account["set_aside"])
    account["files"] = opened.names
    return Contents(
        tuple(contents["codes"]), tuple(contents["first"]), Account(**account), tuple(contents["columns"]), contents["rest_n"],
        contents["first_from"], contents["verdicts"],
    )  # fmt: skip


def read_extract(opened: Opened, reading: ReadOptions, account: Account, only_first: bool) -> Iterator[SpellBatch]:
    """The kept spells and, as the rest, the groups of all the others; `account` becomes that of the table.

    only_first: leave out the kept spells without a code of the extract's first list, and count them with the rest.
    """
    contents = contents_of(opened)
    vars(account).update(vars(contents.account))
    assert opened.extract is not None
    file = pq.ParquetFile(opened.extract.path, metadata=opened.extract.metadata)
    wanted = [name for name in SCHEMA.names if reading.columns is None or name in reading.columns]
    none = pa.schema([*((base, BASES[base]) for base in reading.bases), (COUNT, pa.int64())]).empty_table()
    filtered_n = contents.filtered_n
    start = 0
    for number in range(file.num_row_groups):
        rows = file.metadata.row_group(number).num_rows
        if only_first and start + rows <= contents.first_from:
            filtered_n += rows
        else:
            group = file.read_row_group(number, columns=[*wanted, *reading.verdicts])
            spells = {name: group[name].combine_chunks().cast(SCHEMA.field(name).type) for name in wanted}
            table = complete(spells, group.num_rows)
            for name in reading.verdicts:
                table = table.append_column(name, group[name])
            yield SpellBatch(table, none, 0)
        start += rows
    # The groups are those of every spell that the extract was made from, the kept ones among them.
    groups = _unpacked(opened.extract.metadata.metadata, reading.bases) if reading.bases else none
    yield SpellBatch(SCHEMA.empty_table(), groups, filtered_n)


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
