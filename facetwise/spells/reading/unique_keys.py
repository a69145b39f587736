"""Whether keys are unique: cheaply where they ascend, else by an engine that can spill to disk."""

from __future__ import annotations

import tempfile
from collections import deque
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

_MEMORY = "256MB"
Mask = npt.NDArray[np.bool_]
Bits = npt.NDArray[np.uint8]


class RejectedRows:
    """A bitmap of the rows set aside, in the order they were read; batches without any take no space."""

    def __init__(self) -> None:
        self._batches: deque[tuple[int, Bits | None]] = deque()
        self._position = 0

    def add(self, bad: Mask) -> None:
        """Add one batch."""
        self._batches.append((len(bad), np.packbits(bad) if bad.any() else None))

    def replay(self, rows: int) -> Mask:
        """The mask of the next rows of a second reading, whose batches may be of other sizes."""
        parts = [np.zeros(0, bool)]
        while rows:
            length, bits = self._batches[0]
            taken = min(rows, length - self._position)
            mask = np.zeros(length, bool) if bits is None else np.unpackbits(bits, count=length).astype(bool)
            parts.append(mask[self._position : self._position + taken])
            self._position, rows = self._position + taken, rows - taken
            if self._position == length:
                self._batches.popleft()
                self._position = 0
        return np.concatenate(parts)


class UniqueKeyCheck:
    """Checks that keys are unique. Ascending numbers cost only their span; other keys go to a database on disk.

    rejected: the rows without a usable key, for a second reading.
    """

    def __init__(self) -> None:
        self.rejected = RejectedRows()
        self._spans: list[tuple[int, int]] = []
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._database: duckdb.DuckDBPyConnection | None = None

    def add(self, keys: pa.Array, bad: Mask) -> None:
        """Add the keys of one batch's used rows: whole numbers or text. bad: its rows that are not used."""
        self.rejected.add(bad)
        if not len(keys):
            return
        if pa.types.is_integer(keys.type):
            numbers = keys.to_numpy(zero_copy_only=False)
            if (numbers[1:] > numbers[:-1]).all():  # not np.diff, which wraps round where numbers are unsigned
                self._spans.append((int(numbers[0]), int(numbers[-1])))
                return
        self._store(keys)

    def _store(self, keys: pa.Array) -> None:
        if self._database is None:
            self._folder = tempfile.TemporaryDirectory(prefix="facetwise-")
            self._database = duckdb.connect(
                str(Path(self._folder.name) / "keys.duckdb"), config={"memory_limit": _MEMORY, "threads": 2}
            )
            self._database.execute("CREATE TABLE keys (key VARCHAR)")
        incoming = pa.table({"key": keys.cast(pa.string())})
        self._database.register("incoming", incoming)
        self._database.execute("INSERT INTO keys SELECT key FROM incoming")
        self._database.unregister("incoming")

    @property
    def is_sure(self) -> bool:
        """Whether repeats() is exact: spans do not overlap, or every key was stored."""
        spans = sorted(self._spans)
        apart = all(left[1] < right[0] for left, right in pairwise(spans))
        return apart and (self._database is None or not spans)

    def store(self, keys: pa.Array) -> None:
        """Store every key of one batch, whatever its order."""
        if len(keys):
            self._store(keys)

    def repeats(self, most: int = 3) -> tuple[int, tuple[str, ...]]:
        """The number of keys that occur more than once, and examples."""
        if self._database is None:
            return 0, ()
        self._database.execute(
            "CREATE OR REPLACE TEMP TABLE repeated AS SELECT key FROM keys GROUP BY key HAVING count(*) > 1"
        )
        counted = self._database.execute("SELECT count(*) FROM repeated").fetchall()[0][0]
        some = self._database.execute(f"SELECT key FROM repeated ORDER BY key LIMIT {most}").fetchall()
        return counted, tuple(row[0] for row in some)

    def close(self) -> None:
        """Delete the database on disk."""
        if self._database is not None:
            self._database.close()
        if self._folder is not None:
            self._folder.cleanup()
