"""Tables for spreadsheets, in which nothing that somebody typed runs as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The table as CSV, with the mark by which spreadsheets know UTF-8."""
    text = io.StringIO()
    written = csv.writer(text)
    written.writerow(columns)
    for row in rows:
        written.writerow([harmless(cell) for cell in row])
    return "\ufeff" + text.getvalue()


def harmless(cell: object) -> object:
    """A cell that a spreadsheet shows and does not run: text that begins as a formula gets an apostrophe before it."""
    if isinstance(cell, str) and cell.lstrip().startswith(_STARTS):
        return "'" + cell
    return cell
