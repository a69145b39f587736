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
    """Which rows were set aside, in the order they were read: a bit a row, and nothing where a batch has none."""

    def __init__(self) -> None:
        self._batches: deque[tuple[int, Bits | None]] = deque()
        self._seen = 0

    def add(self, bad: Mask) -> None:
        """Add one batch."""
        self._batches.append((len(bad), np.packbits(bad) if bad.any() else None))

    def again(self, rows: int) -> Mask:
        """The same for the next rows of a second reading, however its batches are cut."""
        parts = [np.zeros(0, bool)]
        while rows:
            length, bits = self._batches[0]
            taken = min(rows, length - self._seen)
            whole = np.zeros(length, bool) if bits is None else np.unpackbits(bits, count=length).astype(bool)
            parts.append(whole[self._seen : self._seen + taken])
            self._seen, rows = self._seen + taken, rows - taken
            if self._seen == length:
                self._batches.popleft()
                self._seen = 0
        return np.concatenate(parts)


class UniqueKeyCheck:
    """Watches keys go by. Ascending numbers cost only their span; anything else is kept in a database on disk.

    aside: the rows that gave no key, for a second look.
    """

    def __init__(self) -> None:
        self.aside = RejectedRows()
        self._spans: list[tuple[int, int]] = []
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._database: duckdb.DuckDBPyConnection | None = None

    def add(self, keys: pa.Array, bad: Mask) -> None:
        """Watch one batch of the keys of its used rows: whole numbers or text. bad: its rows that are not used."""
        self.aside.add(bad)
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
        seen = pa.table({"key": keys.cast(pa.string())})
        self._database.register("seen", seen)
        self._database.execute("INSERT INTO keys SELECT key FROM seen")
        self._database.unregister("seen")

    @property
    def is_sure(self) -> bool:
        """Whether repeats() can answer from what was kept: spans that do not meet, or stored keys alone."""
        spans = sorted(self._spans)
        apart = all(left[1] < right[0] for left, right in pairwise(spans))
        return apart and (self._database is None or not spans)

    def store(self, keys: pa.Array) -> None:
        """Watch one batch, keeping every key whatever its order."""
        if len(keys):
            self._store(keys)

    def repeats(self, most: int = 3) -> tuple[int, tuple[str, ...]]:
        """How many keys occur more than once, and some of them."""
        if self._database is None:
            return 0, ()
        self._database.execute(
            "CREATE OR REPLACE TEMP TABLE repeated AS SELECT key FROM keys GROUP BY key HAVING count(*) > 1"
        )
        counted = self._database.execute("SELECT count(*) FROM repeated").fetchall()[0][0]
        some = self._database.execute(f"SELECT key FROM repeated ORDER BY key LIMIT {most}").fetchall()
        return counted, tuple(row[0] for row in some)

    def close(self) -> None:
        """Give back the disk space."""
        if self._database is not None:
            self._database.close()
        if self._folder is not None:
            self._folder.cleanup()
