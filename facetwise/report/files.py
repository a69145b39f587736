"""The report's tables as CSV and Parquet, and its pictures as SVG, in a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from facetwise.disclosure.protected_tables import WITHHELD
from facetwise.errors import InputError, UsageError
from facetwise.report.board_report import Board
from facetwise.spells.reading.input_paths import refuse_overwriting


def refuse_tables(folder: Path) -> None:
    """Raise UsageError for a file in the folder's place, InputError where there is nothing to make it in."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"--tables {folder} is a file, and the tables are several. Name a folder.")
    if not folder.parent.is_dir():
        raise InputError(f"{folder} cannot be made: there is no folder {folder.parent}. Make it, or name another.")


def write_tables(inputs: tuple[str | Path, ...], folder: Path, board: Board, pictures: Mapping[str, str]) -> None:
    """Write every table of a report as CSV and Parquet, every picture as SVG, and `contents.csv`, which names them.

    Errors: UsageError where one of them would take an input's place, InputError where they cannot be written.
    """
    tables = [table for table in board.tables if not table.is_withheld]
    names = [f"{table.id}{ending}" for table in tables for ending in (".csv", ".parquet")]
    names += [f"{name}.svg" for name in pictures] + ["contents.csv"]
    for name in names:
        refuse_overwriting(inputs, {"--tables": folder / name})
    try:
        folder.mkdir(exist_ok=True)
        for table in tables:
            pa_csv.write_csv(table.to_text(), folder / f"{table.id}.csv")
            pq.write_table(table.to_arrow(), folder / f"{table.id}.parquet")
        for name, svg in pictures.items():
            (folder / f"{name}.svg").write_text(svg, encoding="utf-8")
        pa_csv.write_csv(_contents(board, pictures), folder / "contents.csv")
    except OSError as error:
        raise InputError(
            f"{folder} cannot be written into: {error.strerror}. Use a folder you may write to."
        ) from error


def _contents(board: Board, pictures: Mapping[str, str]) -> pa.Table:
    rows = [
        {"file": f"{table.id}{ending}", "holds": table.title, "disclosure": table.profile, "hidden": table.hidden_n}
        for table in board.tables
        if not table.is_withheld
        for ending in (".csv", ".parquet")
    ]
    rows += [
        {"file": None, "holds": f"{table.title}: {WITHHELD}", "disclosure": table.profile, "hidden": None}
        for table in board.tables
        if table.is_withheld
    ]
    drawn = {section.id: section.picture.title for section in board.sections if section.picture}
    rows += [
        {
            "file": f"{name}.svg",
            "holds": drawn.get(name, "Inclusion flowchart"),
            "disclosure": board.profile.id,
            "hidden": None,
        }
        for name in pictures
    ]
    schema = pa.schema(
        [("file", pa.string()), ("holds", pa.string()), ("disclosure", pa.string()), ("hidden", pa.int64())]
    )
    return pa.Table.from_pylist(rows, schema=schema)
