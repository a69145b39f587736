"""The extract of activity: one pass that keeps the spells the library's lists name, and counts the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from facetwise.errors import InputError, UsageError
from facetwise.guidance.codelists import DENERVATION_FAMILY, KEPT_BY_EXTRACT
from facetwise.measure import verdicts
from facetwise.measure.result import InputSummary
from facetwise.spells.activity import Account, Reading, open_activity
from facetwise.spells.extract import ExtractWriter
from facetwise.spells.files import refuse_overwriting
from facetwise.spells.groups import BASES, DIMENSIONS, Groups, base_column, counted
from facetwise.spells.read import read
from facetwise.spells.sift import Reject
from facetwise.spells.spell import SCHEMA


@dataclass(frozen=True)
class Extracted:
    """What an extract holds, and what became of the rows it was made from."""

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
) -> Extracted:
    """Write the extract of some activity. Errors: InputError, UsageError for an output that is not .parquet."""
    if out.suffix.lower() != ".parquet":
        raise UsageError(f"An extract is a Parquet file and {out} does not end in .parquet. Name it so.")
    if not out.parent.is_dir():
        raise InputError(f"There is no folder {out.parent} to write {out.name} into. Make it first.")
    refuse_overwriting(inputs, {"out": out})
    opened = open_activity(inputs, layout)
    if opened.extract is not None:
        raise UsageError(f"{opened.names[0]} is an extract already. Copy it, or extract the whole activity again.")
    account = Account(opened.names, opened.layout.id)
    columns = tuple(name for name in SCHEMA.names if opened.has(name) or name == "spell_id")
    groups, rest_n = Groups(tuple(BASES)), 0
    partial = out.with_name(out.name + ".partial")
    writer = ExtractWriter(partial, KEPT_BY_EXTRACT, DENERVATION_FAMILY, verdicts.of_the_library(threads))
    try:
        bases = tuple(d.base for d in DIMENSIONS.values() if any(opened.has(name) for name in d.needs))
        reading = Reading(
            keep=KEPT_BY_EXTRACT,
            bases=tuple(dict.fromkeys(bases)),
            threads=threads,
            on_reject=on_reject,
            on_rows=on_rows,
            span=True,
        )
        for piece in read(opened, reading, account):
            writer.add(piece.spells)
            groups.add(piece.rest)
            groups.add(counted(pa.table({base: base_column(base, piece.spells) for base in BASES}), tuple(BASES)))
            rest_n += piece.rest_n
        kept = writer.close(account, columns, groups.table(), rest_n)
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)
    return Extracted(out, kept, InputSummary.of(account))
