"""The extract of activity: one pass that keeps the spells the library's lists name, and counts the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from facetwise.compile.spark.source import open_on_spark
from facetwise.count import extract_verdicts
from facetwise.count.on_spark import REJECTS, spells_of_spark
from facetwise.count.results import InputSummary
from facetwise.errors import InputError, UsageError
from facetwise.guidance.codelists import DENERVATION_FAMILY, KEPT_BY_EXTRACT
from facetwise.spells.dimensions import BASES, DIMENSIONS, base_column, counted
from facetwise.spells.normalise.batches import Reject
from facetwise.spells.reading.activity import Account, ReadOptions, SpellBatch, open_activity
from facetwise.spells.reading.dispatch import read
from facetwise.spells.reading.extract import ExtractWriter, PlaceGroups
from facetwise.spells.reading.input_paths import refuse_overwriting
from facetwise.spells.spell import SCHEMA


@dataclass(frozen=True)
class Extracted:
    """The file of an extract, its number of spells, and the account of the rows it was made from."""

    path: Path
    kept: int
    input: InputSummary


def extract(
    inputs: tuple[str | Path, ...],
    out: Path,
    layout: str = "auto",
    threads: int = 2,
    on_reject: Callable[[Reject], None] | None = None,
    on_rows: Callable[[int], None] | None = None,
    session: Any = None,
) -> Extracted:
    """Write the extract of some activity. Errors: InputError, UsageError for an output that is not .parquet.

    session: a Spark session (compile/spark/session.py) that reads the activity; without one, this process does.
    """
    if out.suffix.lower() != ".parquet":
        raise UsageError(f"An extract is a Parquet file and {out} does not end in .parquet. Name it so.")
    if not out.parent.is_dir():
        raise InputError(f"There is no folder {out.parent} to write {out.name} into. Make it first.")
    refuse_overwriting(inputs, {"out": out})
    if session is None:
        account, columns, batches = _read_here(inputs, layout, threads, on_reject, on_rows)
    else:
        account, columns, batches = _read_on_spark(session, inputs, layout, on_reject)
    groups, filtered_n = PlaceGroups(), 0
    partial = out.with_name(out.name + ".partial")
    writer = ExtractWriter(partial, KEPT_BY_EXTRACT, DENERVATION_FAMILY, extract_verdicts.of_the_library(threads))
    try:
        for batch in batches:
            writer.add(batch.spells)
            groups.add(batch.filtered_groups)
            groups.add(counted(pa.table({base: base_column(base, batch.spells) for base in BASES}), tuple(BASES)))
            filtered_n += batch.filtered_n
        kept = writer.close(account, columns, groups, filtered_n)
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)
    return Extracted(out, kept, InputSummary.of(account))


def _read_here(
    inputs: tuple[str | Path, ...],
    layout: str,
    threads: int,
    on_reject: Callable[[Reject], None] | None,
    on_rows: Callable[[int], None] | None,
) -> tuple[Account, tuple[str, ...], Iterable[SpellBatch]]:
    opened = open_activity(inputs, layout)
    if opened.extract is not None:
        raise UsageError(f"{opened.names[0]} is an extract already. Copy it, or extract the whole activity again.")
    account = Account(opened.names, opened.layout.id)
    bases = _bases(opened.has)
    reading = ReadOptions(KEPT_BY_EXTRACT, bases, threads=threads, on_reject=on_reject, on_rows=on_rows, span=True)
    return account, _columns(opened.has), read(opened, reading, account)


def _read_on_spark(
    session: Any, inputs: tuple[str | Path, ...], layout: str, on_reject: Callable[[Reject], None] | None
) -> tuple[Account, tuple[str, ...], Iterable[SpellBatch]]:
    if on_reject is not None:
        raise UsageError(REJECTS)
    source = open_on_spark(session, inputs, layout)
    batch, account = spells_of_spark(source, KEPT_BY_EXTRACT, _bases(source.has))
    return account, _columns(source.has), [batch]


def _columns(has: Callable[[str], bool]) -> tuple[str, ...]:
    return tuple(name for name in SCHEMA.names if has(name) or name == "spell_id")


def _bases(has: Callable[[str], bool]) -> tuple[str, ...]:
    bases = (d.base for d in DIMENSIONS.values() if any(has(name) for name in d.needs))
    return tuple(dict.fromkeys(bases))
