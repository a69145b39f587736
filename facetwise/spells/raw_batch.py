"""Some rows of a file as they stand in it, before anything is parsed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa


@dataclass(frozen=True)
class Ragged:
    """A row with too many or too few fields. A quotation mark that is never closed makes one of many lines."""

    line: int
    expected: int
    found: int
    text: str

    @property
    def lines(self) -> int:
        return self.text.rstrip("\r\n").count("\n") + 1


@dataclass
class RawBatch:
    """Some consecutive rows of one file, as they stand in it. `first_line` is the line or row of the first.

    swallowed: further lines of the file that stand inside quotation marks of these rows.
    """

    file: Path
    columns: pa.RecordBatch
    first_line: int
    ragged: list[Ragged] = field(default_factory=list)
    swallowed: int = 0
