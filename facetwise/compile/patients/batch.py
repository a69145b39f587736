"""Judges many records by policies in DuckDB: the fast evaluator of patients."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import date

import duckdb
import pyarrow as pa

from facetwise.compile.duckdb.engine import database, failures
from facetwise.compile.patients.arrow_tables import tables
from facetwise.compile.patients.query import judged_sql
from facetwise.language.policy import Policy
from facetwise.record.record import Record

_AT_ONCE = 50_000
_PIECE = 4096


def judge_records(
    records: Sequence[tuple[str, Record, date]], policies: Sequence[Policy], threads: int = 2
) -> pa.Table:
    """What policies say of records, each given with its name and the day it is asked about.

    One row a record, in the order given: record (the name), as_of, and for each policy a column of its id with the
    outcome (meets, does-not-meet, cannot-tell), then a column `<policy>:<criterion>` for each criterion with its truth
    (met, not-met, unknown, not-applicable). Errors: EngineError.
    """
    sql = judged_sql(tuple(policies))
    connection = database(threads).cursor()
    starts = range(0, max(len(records), 1), _AT_ONCE)
    with closing(connection), failures("the policies' ids"):
        return pa.concat_tables([_judged(connection, sql, records[start : start + _AT_ONCE]) for start in starts])


def _judged(connection: duckdb.DuckDBPyConnection, sql: str, records: Sequence[tuple[str, Record, date]]) -> pa.Table:
    for name, table in tables(records).items():
        in_pieces = pa.Table.from_batches(table.to_batches(max_chunksize=_PIECE), table.schema)  # for threads to share
        connection.register(name, in_pieces)
    return connection.sql(sql).to_arrow_table()
