"""What does not fit into DuckDB's share of memory goes to the machine's folder for such things, and is gone afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_SPILLS = """
import os
from facetwise.compile.duckdb.engine import database
connection = database(2).cursor()
connection.execute("CREATE TEMP TABLE t AS SELECT i, md5(CAST(i AS VARCHAR)) || md5(CAST(-i AS VARCHAR)) AS t FROM range(9_000_000) r(i)")
rows = connection.execute("SELECT count(*) FROM t").fetchall()
print(rows[0][0], connection.execute("SELECT count(*) > 0 FROM duckdb_temporary_files()").fetchall()[0][0], os.listdir("."))
"""


def test_nothing_is_left_where_a_command_was_called_from_nor_among_the_machines_passing_files(tmp_path: Path) -> None:
    here, passing = tmp_path / "here", tmp_path / "passing"
    here.mkdir()
    passing.mkdir()
    environment = {**os.environ, "TMPDIR": str(passing), "PYTHONPATH": str(Path.cwd())}
    done = subprocess.run(
        [sys.executable, "-c", _SPILLS],
        cwd=here,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["9000000", "True", "[]"], done.stdout + done.stderr
    assert list(here.iterdir()) == []
    assert list(passing.iterdir()) == []
