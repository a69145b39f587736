"""Linked activity in DuckDB: the events of spells as they come, and what policies say of each denervation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import duckdb
import pyarrow as pa

from facetwise.compile.audit.coded_events import COLUMNS, EVENTS, events_sql
from facetwise.compile.audit.query import ANSWERS, DONE, asked_sql, history_table, patients_table, together_sql
from facetwise.compile.duckdb.engine import Engine, database, failures, outcome_column
from facetwise.compile.patients.arrow_tables import tables
from facetwise.guidance.coded import BLOCK, DENERVATION
from facetwise.guidance.codelists import DENERVATION_FAMILY
from facetwise.language.definition import Definition
from facetwise.language.policy import Policy

_AT_ONCE = 20_000  # denervations, each six records
_NO_PATIENT, _REVERSED = "coalesce(patient_id, '') IN ('', '-')", "discharged < day"
_IS_DONE = f"kind = '{DENERVATION}' AND NOT doubtful"
_IDS = "the policies' ids"


class Linked:
    """The events of spells, held by a DuckDB of its own. of: which spells are denervations: those that it counts."""

    def __init__(self, of: Definition, threads: int = 2) -> None:
        self._of = of
        self._engine = Engine(threads)
        self._connection = database(threads).cursor()
        columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
        self._run(f"CREATE TEMP TABLE {EVENTS} ({columns})")
        self.perhaps_n = 0

    def add(self, spells: pa.Table) -> None:
        """Add the events of spells in the canonical columns. perhaps_n: those that may be denervations grows."""
        counted = f'"{outcome_column(self._of)}"'
        self._engine.judge((self._of,), spells, DENERVATION_FAMILY, kept=False)
        told = self._engine.select(f"{counted} AS counted")["counted"]
        self.perhaps_n += told.null_count
        self._connection.register("judged_spells", spells.append_column("counted", told))
        self._run(f"INSERT INTO {EVENTS} BY NAME {events_sql('counted')}")

    def aside(self) -> tuple[int, int, int]:
        """How many denervations have no patient, no day, or dates that are reversed.

        What has no patient is taken out. What has no day, or none that can be, may have been on any: it is doubtful.
        """
        told = []
        for fault in (_NO_PATIENT, "day IS NULL", _REVERSED):
            counted = self._run(f"SELECT count(*) FROM {EVENTS} WHERE {_IS_DONE} AND {fault}")
            told.append(int(counted.fetchall()[0][0]))
            self._run(
                f"DELETE FROM {EVENTS} WHERE {fault}"
                if fault == _NO_PATIENT
                else f"UPDATE {EVENTS} SET doubtful = TRUE, day = NULL WHERE {fault}"
            )
        return told[0], told[1], told[2]

    def events(self) -> pa.Table:
        """Every event of the patients who had a denervation, in the order of patients, days and spells."""
        return self._table(
            f"FROM {EVENTS} WHERE patient_id IN (SELECT patient_id FROM {EVENTS} WHERE {_IS_DONE}) "
            "ORDER BY patient_id, day, spell_id, kind"
        )

    def judge(self, policies: Sequence[Policy], cover: tuple[date, date], complete: frozenset[str]) -> pa.Table:
        """One row a denervation, in the order of patients, days and spells.

        cover: the first and the last day that the data holds whole. complete: the lists that it holds whole within them.
        Returns: spell_id, patient_id, date, provider, and for each policy a column `<policy>:<criterion>` a criterion
        (met, not-met, unknown, not-applicable) and one of its id (meets, does-not-meet, cannot-tell).
        """
        self._run(
            f"CREATE OR REPLACE TEMP TABLE {DONE} AS SELECT CAST(row_number() OVER (ORDER BY patient_id, day, spell_id) - 1 "
            f"AS INTEGER) AS rid, * FROM {EVENTS} WHERE {_IS_DONE}"
        )
        number = int(self._run(f"SELECT count(*) FROM {DONE}").fetchall()[0][0])
        for name, table in tables([]).items():
            self._connection.register(f"no_{name}", table)
        return pa.concat_tables(
            self._judged(policies, start, cover, complete) for start in range(0, max(number, 1), _AT_ONCE)
        )

    def _judged(
        self, policies: Sequence[Policy], first: int, cover: tuple[date, date], complete: frozenset[str]
    ) -> pa.Table:
        last = first + _AT_ONCE - 1
        rows = {
            "patients": patients_table(first, last, complete),
            "denervations": history_table("denervations", DENERVATION, first, last, cover),
            "blocks": history_table("blocks", BLOCK, first, last, cover),
        }
        for name in ("patients", "denervations", "blocks", "scores", "care", "relief"):
            more = f" UNION ALL BY NAME ({rows[name]})" if name in rows else ""
            self._run(f"CREATE OR REPLACE TEMP TABLE {name} AS FROM no_{name}{more}")
        self._run(f"CREATE OR REPLACE TEMP TABLE {ANSWERS} AS {asked_sql(tuple(policies))}")
        columns = "d.spell_id, d.patient_id, d.day AS date, d.provider, t.* EXCLUDE (rid)"
        together = f"SELECT {columns} FROM ({together_sql(policies)}) t JOIN {DONE} d USING (rid) ORDER BY rid"
        return self._table(together)

    def _table(self, sql: str) -> pa.Table:
        with failures(_IDS):
            return self._connection.sql(sql).to_arrow_table()

    def _run(self, sql: str) -> duckdb.DuckDBPyConnection:
        with failures(_IDS):
            return self._connection.execute(sql)

    def close(self) -> None:
        self._engine.close()
        self._connection.close()
