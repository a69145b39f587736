"""Splits one raw batch: rows set aside, spells in the canonical columns, and groups of the spells filtered out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from facetwise.language.codes import CodeList
from facetwise.spells import dimensions
from facetwise.spells.arrays import booleans
from facetwise.spells.layouts import Column, Kind, Layout
from facetwise.spells.normalise.code_prefilter import code_may_be, may_contain
from facetwise.spells.normalise.columns import Mask, as_text, canonical, complete, faults
from facetwise.spells.raw_batch import RawBatch

RAGGED = "the wrong number of fields"
SWALLOWED = "a line inside the quotation marks of the row before"


@dataclass(frozen=True)
class Reject:
    """A row set aside: its file and line, the reason, and its values as text."""

    file: Path
    line: int
    reason: str
    row: str


@dataclass(frozen=True)
class BatchOptions:
    """How to process batches: the columns, what to keep (None keeps all), and the dimensions of the spells filtered out.

    span: whether to find the first and the last admission.
    """

    layout: Layout
    found: Mapping[str, str]
    keep: CodeList | None
    bases: tuple[str, ...]
    with_rejects: bool = False
    span: bool = False

    @property
    def columns(self) -> tuple[tuple[Column, str], ...]:
        return tuple((c, self.found[c.canonical]) for c in self.layout.columns if c.canonical in self.found)


@dataclass(frozen=True)
class BatchResult:
    """The result of one batch: rows = used + set aside, and used = spells + filtered_n.

    rejected: which rows were set aside. admitted: the first and the last admission of the rows used.
    """

    rows: int
    used: int
    set_aside: Counter[str]
    rejects: tuple[Reject, ...]
    spells: pa.Table
    filtered_groups: pa.Table
    filtered_n: int
    keys: pa.Array
    rejected: Mask
    admitted: tuple[date, date] | None


def process_batch(raw: RawBatch, options: BatchOptions) -> BatchResult:
    """The result of one raw batch."""
    batch = raw.columns
    reasons, bad = row_faults(batch, options)
    set_aside = Counter(reasons.values())
    set_aside.update(lines_lost(raw))
    is_kept = ~bad if options.keep is None else ~bad & _may_contain_code(batch, options)
    used_n = int(len(bad) - bad.sum())
    spells = normalised(batch.filter(booleans(is_kept)), options.columns)
    is_filtered = ~bad & ~is_kept
    return BatchResult(
        rows=len(bad) + sum(lines_lost(raw).values()),
        used=used_n,
        set_aside=set_aside,
        rejects=rejects_of(raw, reasons, options) if options.with_rejects else (),
        spells=spells,
        filtered_groups=_grouped(batch, is_filtered, options),
        filtered_n=int(is_filtered.sum()),
        keys=keys_of(batch, bad, options),
        rejected=bad,
        admitted=_span(batch, bad, options) if options.span else None,
    )


def _span(batch: pa.RecordBatch, bad: Mask, options: BatchOptions) -> tuple[date, date] | None:
    days = _computed(batch, "admitted", options)
    span = pc.min_max(days.filter(booleans(~bad)) if bad.any() else days)
    return (span["min"].as_py(), span["max"].as_py()) if span["min"].is_valid else None


def lines_lost(raw: RawBatch) -> dict[str, int]:
    """Counts of lines that are no row of the batch, by reason. Each was meant as a row."""
    lost = {RAGGED: sum(ragged.lines for ragged in raw.ragged), SWALLOWED: raw.swallowed}
    return {reason: lines for reason, lines in lost.items() if lines}


def row_faults(batch: pa.RecordBatch, options: BatchOptions) -> tuple[dict[int, str], Mask]:
    """The first fault of each row that cannot be used, by row number, and the mask of those rows."""
    bad = np.zeros(batch.num_rows, bool)
    reasons: dict[int, str] = {}
    for column, name in options.columns:
        for fault in faults(batch.column(name), column, name):
            reasons.update({int(row): fault.reason for row in np.flatnonzero(fault.rows & ~bad)})
            bad |= fault.rows
    return reasons, bad


def _may_contain_code(batch: pa.RecordBatch, options: BatchOptions) -> Mask:
    assert options.keep is not None
    rows = may_contain(batch.column(options.found["procedures"]), options.keep)
    if "dominant_procedure" in options.found:
        rows |= code_may_be(batch.column(options.found["dominant_procedure"]), options.keep)
    return rows


def normalised(batch: pa.RecordBatch, columns: Sequence[tuple[Column, str]]) -> pa.Table:
    """Faultless raw rows in the canonical columns."""
    return complete({c.canonical: canonical(batch.column(name), c) for c, name in columns}, batch.num_rows)


def _grouped(batch: pa.RecordBatch, is_filtered: Mask, options: BatchOptions) -> pa.Table:
    codes: dict[str, pa.Array] = {}
    names: dict[str, pa.Array] = {}
    for base in options.bases:
        if base in ("month", "age_band"):
            codes[base] = _computed(batch, base, options)
            continue
        column, name = next((c, n) for c, n in options.columns if c.canonical == base)
        raw = batch.column(name)
        encoded = raw if pa.types.is_dictionary(raw.type) else pc.dictionary_encode(as_text(raw))
        codes[base] = encoded.indices
        names[base] = canonical(encoded.dictionary, column)
    if not options.bases:
        return pa.table({dimensions.COUNT: [int(is_filtered.sum())]})
    by_codes = dimensions.counted_codes([codes[base] for base in options.bases], is_filtered)
    if by_codes is not None:
        counted = pa.table([*by_codes[0], by_codes[1]], names=[*options.bases, dimensions.COUNT])
    else:
        counted = dimensions.counted(pa.table(codes).filter(booleans(is_filtered)), options.bases)
    for base, meanings in names.items():
        place = counted.column_names.index(base)
        counted = counted.set_column(place, base, meanings.take(counted[base].combine_chunks()))
    return counted


def _computed(batch: pa.RecordBatch, base: str, options: BatchOptions) -> pa.Array:
    by_name = {c.canonical: (c, n) for c, n in options.columns}

    def column(name: str) -> pa.Array:
        if name not in by_name:
            return pa.nulls(batch.num_rows, pa.int32())
        found, raw = by_name[name]
        try:
            return canonical(batch.column(raw), found)
        except ValueError:  # a faulty row, set aside already
            return readable(batch.column(raw), found, raw)[0]

    if base == "admitted":
        return column("admitted")
    if base == "month":
        return dimensions.months(column("admitted"))
    return dimensions.age_bands(column("age_at_start"), column("age_at_activity"))


def readable(array: pa.Array, column: Column, name: str) -> tuple[pa.Array, Mask]:
    """A raw column in its canonical type with null for faults, and the mask of the faults."""
    bad = np.zeros(len(array), bool)
    for fault in faults(array, column, name):
        bad |= fault.rows
    if bad.any():
        array = as_text(array) if pa.types.is_dictionary(array.type) else array
        array = pc.if_else(booleans(bad), pa.scalar(None, array.type), array)
    return canonical(array, column), bad


def keys_of(batch: pa.RecordBatch, bad: Mask, options: BatchOptions) -> pa.Array:
    """The keys of the rows that can be used: whole numbers where the file holds numbers, else text."""
    column, name = next((c, n) for c, n in options.columns if c.kind is Kind.KEY)
    array = batch.column(name)
    if bad.any():
        array = array.filter(booleans(~bad))
    return array if pa.types.is_integer(array.type) else canonical(array, column)


def rejects_of(raw: RawBatch, reasons: Mapping[int, str], options: BatchOptions) -> tuple[Reject, ...]:
    """The rows set aside, with the text of their file."""
    named = [name for _, name in options.columns]
    found = [Reject(raw.file, ragged.line, RAGGED, ragged.text) for ragged in raw.ragged]
    for row, reason in sorted(reasons.items()):
        values = {name: as_text(raw.columns.column(name).slice(row, 1))[0] for name in named}
        text = ",".join(f"{name}={_readable(value)}" for name, value in values.items())
        found.append(Reject(raw.file, _line(raw, row), reason, text))
    return tuple(found)


def _readable(value: pa.Scalar) -> str:
    data = value.cast(pa.binary()).as_py() if value.is_valid else b""
    return repr(data.decode(errors="replace"))[1:-1]


def _line(raw: RawBatch, row: int) -> int:
    line = raw.first_line + row
    for ragged in sorted(raw.ragged, key=lambda r: r.line):
        line += ragged.line <= line
    return line
