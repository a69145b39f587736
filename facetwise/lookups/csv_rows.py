"""Small CSV files that a user gives beside the activity: lookups, populations, reference rates."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from facetwise.errors import InputError, nearest

_SHOWN = 8


@dataclass(frozen=True)
class CsvRows:
    """A CSV file whole. name: as messages call it. rows: each with its line in the file, by the header's names."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]

    def need(self, names: Sequence[str], holds: str) -> None:
        """Refuse a header that lacks any of the names. holds: what the file should hold, in words. Errors: InputError."""
        missing = [name for name in names if name not in self.header]
        if missing:
            close = "".join(nearest(name, self.header) for name in missing[:1])
            raise InputError(f"{self.name} has no column {' or '.join(missing)}, and {holds} needs it.{close}")

    def refuse(self, line: int, why: str) -> InputError:
        """The error for one line, to raise."""
        return InputError(f"{self.name}, line {line}: {why}")


def csv_rows(path: Path | str) -> CsvRows:
    """The file's header and rows, values trimmed. Errors: InputError for a file that is absent, no UTF-8, or not even."""
    file = Path(path)
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            lines = list(_lines(file.name, csv.reader(text, strict=True)))
    except FileNotFoundError as error:
        raise InputError(f"There is no file {path}. Check the path.") from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path} cannot be read as CSV in UTF-8: {error}. Save it so.") from error
    if not lines:
        raise InputError(f"{path} is empty. Give a CSV file with a header.")
    (_, header), *rows = lines
    twins = sorted({name for name in header if header.count(name) > 1})
    if twins:
        raise InputError(f"{file.name} has two columns '{twins[0]}'. Rename one.")
    return CsvRows(file.name, tuple(header), tuple((line, dict(zip(header, row, strict=True))) for line, row in rows))


def _lines(name: str, reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """The filled lines with their numbers, each as wide as the header."""
    width = 0
    for number, row in enumerate(reader, start=1):
        if not any(value.strip() for value in row):
            continue
        width = width or len(row)
        if len(row) != width:
            raise InputError(f"{name}, line {number}: {len(row)} values under a header of {width}. Mend the line.")
        yield number, [value.strip() for value in row]


def some(names: Sequence[str]) -> str:
    """A few names in words: 'A, B and 3 more'; 'nothing' for none."""
    held = list(names) or ["nothing"]
    if len(held) > _SHOWN:
        return ", ".join(held[: _SHOWN - 1]) + f" and {len(held) - _SHOWN + 1} more"
    return " and ".join([", ".join(held[:-1]), held[-1]] if len(held) > 1 else held)
