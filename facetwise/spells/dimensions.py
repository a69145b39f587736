"""The dimensions that counts are given by, and the groups of the spells that no question looks at one by one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from facetwise.errors import UsageError, nearest
from facetwise.spells import arrays

UNKNOWN = "unknown"
YOUNGEST_OF_LAST_BAND = 90
_BAND = 5


@dataclass(frozen=True)
class Dimension:
    """Something counts can be given by. `base` is what is kept of a spell for it; `needs` the canonical columns."""

    id: str
    base: str
    needs: tuple[str, ...]

    def label(self, value: str | int | None) -> str:
        """How a base value shows: 'R0A', '2018/19', '2018-04', '45-49', 'unknown'."""
        if value is None:
            return UNKNOWN
        if isinstance(value, str):
            return value
        match self.id:
            case "year":
                start = 1970 + (value - 3) // 12
                return f"{start}/{(start + 1) % 100:02d}"
            case "month":
                return f"{1970 + value // 12}-{value % 12 + 1:02d}"
            case _:
                low = value * _BAND
                return f"{low}+" if low >= YOUNGEST_OF_LAST_BAND else f"{low}-{low + _BAND - 1}"


DIMENSIONS = {
    dimension.id: dimension
    for dimension in (
        Dimension("provider", "provider", ("provider",)),
        Dimension("commissioner", "commissioner", ("commissioner",)),
        Dimension("year", "month", ("admitted",)),
        Dimension("month", "month", ("admitted",)),
        Dimension("age-band", "age_band", ("age_at_start", "age_at_activity")),
        Dimension("sex", "sex", ("sex",)),
    )
}
BASES = {
    "provider": pa.string(),
    "commissioner": pa.string(),
    "month": pa.int32(),
    "age_band": pa.int32(),
    "sex": pa.string(),
}
COUNT = "spells_n"


def year_of(day: date) -> str:
    """The financial year of a day, April to March: 2018/19."""
    return DIMENSIONS["year"].label((day.year - 1970) * 12 + day.month - 1)


def dimensions_named(names: Sequence[str]) -> tuple[Dimension, ...]:
    """The dimensions of those names. Errors: UsageError with the nearest known name."""
    for name in names:
        if name not in DIMENSIONS:
            raise UsageError(f"Counts cannot be given by '{name}'." + nearest(name, DIMENSIONS))
    return tuple(DIMENSIONS[name] for name in dict.fromkeys(names))


def base_column(base: str, spells: pa.Table) -> pa.Array:
    """The base values of a canonical table for one dimension."""
    match base:
        case "month":
            return months(spells["admitted"])
        case "age_band":
            return age_bands(spells["age_at_start"], spells["age_at_activity"])
        case _:
            return spells[base]


def months(days: pa.ChunkedArray) -> pa.Array:
    """Whole months since January 1970 of a date column."""
    known = days.combine_chunks() if isinstance(days, pa.ChunkedArray) else days
    missing = arrays.missing(known) if known.null_count else None
    since_1970 = (pc.fill_null(known, date(1970, 1, 1)) if known.null_count else known).cast(pa.int32()).to_numpy()
    inside = since_1970 - _FIRST_DAY
    if len(inside) and (inside.min() < 0 or inside.max() >= len(_MONTHS)):
        whole = since_1970.astype("datetime64[D]").astype("datetime64[M]").astype(np.int32)
    else:
        whole = _MONTHS[inside]
    return arrays.numbers(whole, pa.int32(), missing)


def age_bands(at_start: pa.ChunkedArray, at_activity: pa.ChunkedArray) -> pa.Array:
    """Five-year bands, 0 for 0 to 4, 18 for 90 and over, of the age at start, else at activity; invalid is null."""
    age = pc.coalesce(at_start, at_activity)
    valid = pc.and_(pc.greater_equal(age, 0), pc.less_equal(age, 120))
    band = pc.min_element_wise(pc.divide(age, _BAND), YOUNGEST_OF_LAST_BAND // _BAND, skip_nulls=False)
    band = pc.if_else(valid, band, pa.scalar(None, pa.int32()))
    return band.combine_chunks() if isinstance(band, pa.ChunkedArray) else band


_FIRST_DAY = int(np.datetime64("1900-01-01").astype(np.int64))
_MONTHS = np.arange("1900-01-01", "2100-01-01", dtype="datetime64[D]").astype("datetime64[M]").astype(np.int32)


class Groups:
    """How many spells stand in each group. Adds up tables of base columns and counts; never grows past the groups.

    Texts are held as numbers of a vocabulary that grows as they are met: a group costs a few bytes, however it is called.
    """

    _MERGE_AT = 500_000

    def __init__(self, bases: Sequence[str]) -> None:
        self.bases = tuple(bases)
        self._words: dict[str, dict[str | None, int]] = {base: {} for base in bases if BASES[base] == pa.string()}
        self._coded = pa.schema([*((base, pa.int32()) for base in bases), (COUNT, pa.int64())])
        self._tables: list[pa.Table] = []
        self._pending = 0

    def add(self, counted: pa.Table) -> None:
        """Add groups with their counts: base columns and spells_n."""
        columns = [self._numbers(base, counted) for base in self.bases]
        self._tables.append(pa.table([*columns, counted[COUNT].cast(pa.int64())], schema=self._coded))
        self._pending += counted.num_rows
        if self._pending > self._MERGE_AT:
            self._tables, self._pending = [self._merged()], 0

    def _numbers(self, base: str, counted: pa.Table) -> pa.ChunkedArray | pa.Array:
        if base not in counted.column_names:
            return pa.nulls(counted.num_rows, pa.int32())
        if base not in self._words:
            return counted[base].cast(pa.int32())
        words = self._words[base]
        encoded = counted[base].combine_chunks().dictionary_encode()
        numbers = [words.setdefault(word, len(words)) for word in encoded.dictionary.to_pylist()]
        return pa.array(numbers, pa.int32()).take(encoded.indices)

    def _merged(self) -> pa.Table:
        return counted(pa.concat_tables([self._coded.empty_table(), *self._tables]), self.bases)

    def table(self) -> pa.Table:
        """Each group once: base columns and spells_n."""
        merged = self._merged()
        columns = [
            pa.array(list(self._words[base]), pa.string()).take(merged[base]) if base in self._words else merged[base]
            for base in self.bases
        ]
        return pa.table([*columns, merged[COUNT]], names=[*self.bases, COUNT])


_FEW_GROUPS = 1 << 20


def counted_codes(codes: Sequence[pa.Array], chosen: npt.NDArray[np.bool_]) -> tuple[list[pa.Array], pa.Array] | None:
    """The chosen rows counted by whole-number columns, by one addition a row; None where there are too many groups.

    Returns: one array of the groups' values for each column (null its own group), and their counts.
    """
    combined = np.zeros(len(chosen), np.int32)
    spans = []
    for column in codes:
        low, high = (value.as_py() or 0 for value in pc.min_max(column).values())
        spans.append((low, high - low + 2))
        if math.prod(width for _, width in spans) > _FEW_GROUPS:
            return None
        known = column.fill_null(low - 1) if column.null_count else column
        combined = combined * np.int32(high - low + 2) + (known.to_numpy() - np.int32(low - 1))
    tallied = np.bincount(combined)
    tallied -= np.bincount(combined[~chosen], minlength=len(tallied))  # few are left out
    groups = np.flatnonzero(tallied)
    counts = arrays.numbers(tallied[groups].astype(np.int64), pa.int64())
    values = []
    for low, width in reversed(spans):
        groups, place = np.divmod(groups, width)
        values.append(arrays.numbers((place + low - 1).astype(np.int32), pa.int32(), place == 0))
    return values[::-1], counts


def counted(table: pa.Table, bases: Sequence[str]) -> pa.Table:
    """A table grouped by its base columns, spells_n summed (each row one where there is no such column)."""
    if COUNT not in table.column_names:
        table = table.append_column(COUNT, arrays.numbers(np.ones(table.num_rows, np.int64), pa.int64()))
    grouped = table.group_by(list(bases)).aggregate([(COUNT, "sum")])
    return grouped.rename_columns([*bases, COUNT] if grouped.column_names[-1].startswith(COUNT) else [COUNT, *bases])
