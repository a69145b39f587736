"""The file of rows set aside, and what files with a row a spell warn of."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

import pyarrow as pa

from facetwise.count.reasons_file import TableWriter
from facetwise.spells.normalise.batches import Reject

_SCHEMA = pa.schema([("file", pa.string()), ("line", pa.int64()), ("reason", pa.string()), ("row", pa.string())])
ROW_LEVEL = (
    "This file has a row for each spell or record, so it shows single patients. {} protects counts and not this file: keep it "
    "where the activity itself may be kept."
)
_AT_ONCE = 10_000


class RejectsFile:
    """Writes rejects as they come, to CSV or Parquet; does nothing where no file is wanted."""

    def __init__(self, path: Path | None, warning: str = "") -> None:
        self._writer = TableWriter(path, warning) if path else None
        self._waiting: list[Reject] = []

    def add(self, reject: Reject) -> None:
        """Add one row set aside."""
        self._waiting.append(reject)
        if len(self._waiting) >= _AT_ONCE:
            self._write()

    def _write(self) -> None:
        if self._writer:
            rows = [{"file": str(r.file), "line": r.line, "reason": r.reason, "row": r.row} for r in self._waiting]
            self._writer.write(pa.Table.from_pylist(rows, schema=_SCHEMA))
        self._waiting = []

    def __enter__(self) -> RejectsFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._write()
        if self._writer:
            self._writer.__exit__(kind, error, trace)
