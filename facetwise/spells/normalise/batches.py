"""One raw batch taken apart: rows set aside, spells kept in the canonical columns, groups of the rest."""

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
    """A row set aside: where it stands, why, and its values as text."""

    file: Path
    line: int
    reason: str
    row: str


@dataclass(frozen=True)
class BatchOptions:
    """How to take batches apart: the columns, what to keep (None keeps all), and the groups wanted of the rest.

    span: whether the first and the last admission are looked for.
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
    """What one batch came to. rows = used + set aside. admitted: the first and the last day, of the rows used."""

    rows: int
    used: int
    set_aside: Counter[str]
    rejects: tuple[Reject, ...]
    kept: pa.Table
    rest: pa.Table
    rest_n: int
    keys: pa.Array
    aside: Mask
    admitted: tuple[date, date] | None


def sift(raw: RawBatch, how: BatchOptions) -> BatchResult:
    """A raw batch taken apart."""
    batch = raw.columns
    reasons, bad = row_faults(batch, how)
    set_aside = Counter(reasons.values())
    set_aside.update(lines_lost(raw))
    wanted = ~bad if how.keep is None else ~bad & _could_hold(batch, how)
    usable = int(len(bad) - bad.sum())
    kept = normalised(batch.filter(booleans(wanted)), how.columns)
    left = ~bad & ~wanted
    return BatchResult(
        rows=len(bad) + sum(lines_lost(raw).values()),
        used=usable,
        set_aside=set_aside,
        rejects=rejects_of(raw, reasons, how) if how.with_rejects else (),
        kept=kept,
        rest=_grouped(batch, left, how),
        rest_n=int(left.sum()),
        keys=keys_of(batch, bad, how),
        aside=bad,
        admitted=_span(batch, bad, how) if how.span else None,
    )


def _span(batch: pa.RecordBatch, bad: Mask, how: BatchOptions) -> tuple[date, date] | None:
    days = _computed(batch, "admitted", how)
    span = pc.min_max(days.filter(booleans(~bad)) if bad.any() else days)
    return (span["min"].as_py(), span["max"].as_py()) if span["min"].is_valid else None


def lines_lost(raw: RawBatch) -> dict[str, int]:
    """The lines of a batch that became no row of it, by reason: each is a row that somebody meant."""
    lost = {RAGGED: sum(ragged.lines for ragged in raw.ragged), SWALLOWED: raw.swallowed}
    return {reason: lines for reason, lines in lost.items() if lines}


def row_faults(batch: pa.RecordBatch, how: BatchOptions) -> tuple[dict[int, str], Mask]:
    """The rows of a batch that cannot be used: the first reason of each by its place, and where they stand."""
    bad = np.zeros(batch.num_rows, bool)
    reasons: dict[int, str] = {}
    for column, name in how.columns:
        for fault in faults(batch.column(name), column, name):
            reasons.update({int(row): fault.reason for row in np.flatnonzero(fault.rows & ~bad)})
            bad |= fault.rows
    return reasons, bad


def _could_hold(batch: pa.RecordBatch, how: BatchOptions) -> Mask:
    assert how.keep is not None
    rows = may_contain(batch.column(how.found["procedures"]), how.keep)
    if "dominant_procedure" in how.found:
        rows |= code_may_be(batch.column(how.found["dominant_procedure"]), how.keep)
    return rows


def normalised(batch: pa.RecordBatch, columns: Sequence[tuple[Column, str]]) -> pa.Table:
    """Faultless raw rows in the canonical columns."""
    return complete({c.canonical: canonical(batch.column(name), c) for c, name in columns}, batch.num_rows)


def _grouped(batch: pa.RecordBatch, left: Mask, how: BatchOptions) -> pa.Table:
    codes: dict[str, pa.Array] = {}
    names: dict[str, pa.Array] = {}
    for base in how.bases:
        if base in ("month", "age_band"):
            codes[base] = _computed(batch, base, how)
            continue
        column, name = next((c, n) for c, n in how.columns if c.canonical == base)
        raw = batch.column(name)
        encoded = raw if pa.types.is_dictionary(raw.type) else pc.dictionary_encode(as_text(raw))
        codes[base] = encoded.indices
        names[base] = canonical(encoded.dictionary, column)
    if not how.bases:
        return pa.table({dimensions.COUNT: [int(left.sum())]})
    few = dimensions.counted_codes([codes[base] for base in how.bases], left)
    if few is not None:
        counted = pa.table([*few[0], few[1]], names=[*how.bases, dimensions.COUNT])
    else:
        counted = dimensions.counted(pa.table(codes).filter(booleans(left)), how.bases)
    for base, meanings in names.items():
        place = counted.column_names.index(base)
        counted = counted.set_column(place, base, meanings.take(counted[base].combine_chunks()))
    return counted


def _computed(batch: pa.RecordBatch, base: str, how: BatchOptions) -> pa.Array:
    by_name = {c.canonical: (c, n) for c, n in how.columns}

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
    """A raw column in its canonical type, null where it is faulty; and where that is."""
    bad = np.zeros(len(array), bool)
    for fault in faults(array, column, name):
        bad |= fault.rows
    if bad.any():
        held = as_text(array) if pa.types.is_dictionary(array.type) else array
        array = pc.if_else(booleans(bad), pa.scalar(None, held.type), held)
    return canonical(array, column), bad


def keys_of(batch: pa.RecordBatch, bad: Mask, how: BatchOptions) -> pa.Array:
    """The keys of the rows that can be used: whole numbers where the file holds numbers, else text."""
    column, name = next((c, n) for c, n in how.columns if c.kind is Kind.KEY)
    held = batch.column(name)
    if bad.any():
        held = held.filter(booleans(~bad))
    return held if pa.types.is_integer(held.type) else canonical(held, column)


def rejects_of(raw: RawBatch, reasons: Mapping[int, str], how: BatchOptions) -> tuple[Reject, ...]:
    """The rows set aside, as they stand in their file."""
    named = [name for _, name in how.columns]
    found = [Reject(raw.file, ragged.line, RAGGED, ragged.text) for ragged in raw.ragged]
    for row, reason in sorted(reasons.items()):
        values = {name: as_text(raw.columns.column(name).slice(row, 1))[0] for name in named}
        shown = ",".join(f"{name}={_readable(value)}" for name, value in values.items())
        found.append(Reject(raw.file, _line(raw, row), reason, shown))
    return tuple(found)


def _readable(value: pa.Scalar) -> str:
    data = value.cast(pa.binary()).as_py() if value.is_valid else b""
    return repr(data.decode(errors="replace"))[1:-1]


def _line(raw: RawBatch, row: int) -> int:
    line = raw.first_line + row
    for ragged in sorted(raw.ragged, key=lambda r: r.line):
        line += ragged.line <= line
    return line
