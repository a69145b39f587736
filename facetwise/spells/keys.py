"""Whether keys are unique: cheaply where they ascend, else by an engine that can spill to disk."""

from __future__ import annotations

import tempfile
from itertools import pairwise
from pathlib import Path

import duckdb
import pyarrow as pa

_MEMORY = "256MB"


class Keys:
    """Watches keys go by. Ascending numbers cost only their span; anything else is kept in a database on disk."""

    def __init__(self) -> None:
        self._spans: list[tuple[int, int]] = []
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._database: duckdb.DuckDBPyConnection | None = None

    def add(self, keys: pa.Array) -> None:
        """Watch one batch of non-null keys: whole numbers or text."""
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
