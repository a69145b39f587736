"""Patients' hospital histories in DuckDB: what codes say of each spell, and what policies say of each denervation.

The SQL is that of the portable scripts (compile/scripts), from `placed` on; several policies share its steps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

import duckdb
import pyarrow as pa
from sqlglot import exp

from facetwise.compile.duckdb.engine import Engine, database, failures, outcome_column, truth_column
from facetwise.compile.scripts.audit_conditions import ASKED_ON, AggregateRegistry, At
from facetwise.compile.scripts.audit_criteria import (
    CriterionSql,
    NotPortableError,
    criteria_sql,
    criteria_steps,
    outcome_step,
)
from facetwise.compile.scripts.audit_steps import (
    ADMITTED,
    CODE_LISTS,
    COUNTED,
    DISCHARGED,
    FAULT,
    FAULTS,
    MAYBE_COUNTED,
    NOT_COUNTED,
    PATIENT,
    age_step,
    coded_events_definition,
    covered_lines,
    denervation_lines,
    event_lines,
    placed_steps,
)
from facetwise.compile.scripts.definition_script import KEY
from facetwise.compile.scripts.dialects import DIALECTS
from facetwise.compile.scripts.layout import render, select
from facetwise.compile.scripts.text_columns import Step
from facetwise.guidance import codelists
from facetwise.guidance.coded import BLOCK, DENERVATION, FUSION
from facetwise.language.definition import Definition
from facetwise.language.policy import Policy

_DUCKDB = DIALECTS["duckdb"]
_LISTS = {**CODE_LISTS, "is_fusion": codelists.FUSION}
_BATCH = 20_000  # denervations, each with its history in up to five scenarios
_IDS = "the policies' ids"
_CARRIED = (PATIENT, "provider", ADMITTED, DISCHARGED, "age_at_activity", "age_at_start")
_SPELLS, _PLACED = "coded_spells", "placed"
_COLUMNS: Mapping[str, str] = {
    "spell_id": "VARCHAR",
    PATIENT: "VARCHAR",
    "provider": "VARCHAR",
    ADMITTED: "DATE",
    DISCHARGED: "DATE",
    "age": "INTEGER",
    "outcome": "VARCHAR",
    **dict.fromkeys(("is_left", "is_right", "is_block", "is_fusion"), "INTEGER"),
    "region": "VARCHAR",
    "technique": "VARCHAR",
    FAULT: "VARCHAR",
}
_KINDS = {
    DENERVATION: f"outcome IN ('{COUNTED}', '{MAYBE_COUNTED}')",
    BLOCK: f"outcome <> '{COUNTED}' AND is_block = 1",
    FUSION: f"outcome <> '{COUNTED}' AND is_fusion = 1",
}
_IS_DENERVATION = f"outcome = '{COUNTED}' AND {FAULT} IS NULL"


class HistoryEngine:
    """The coded events of spells, in a DuckDB of its own. of: the spells that it counts are the denervations."""

    def __init__(self, of: Definition, threads: int = 2) -> None:
        self._of = of
        self._codes = coded_events_definition(of, _LISTS)
        self._engine = Engine(threads)
        self._connection = database(threads).cursor()
        columns = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())
        self._run(f"CREATE TEMP TABLE {_SPELLS} ({columns})")

    def add(self, spells: pa.Table) -> None:
        """Add spells in the canonical columns: those that are or may be a denervation, a block or a fusion."""
        self._engine.judge((self._of, self._codes), spells, codelists.DENERVATION_FAMILY, _CARRIED, kept=False)
        counted = f'"{outcome_column(self._of)}"'
        flags = {name: f'"{truth_column(self._codes, name.replace("_", "-"))}"' for name in _LISTS}
        columns = (
            "spell_id",
            *_CARRIED,
            *(f"CASE WHEN {flag} THEN 1 ELSE 0 END AS {name}" for name, flag in flags.items()),
            f"CASE WHEN {counted} THEN '{COUNTED}' WHEN {counted} IS NULL THEN '{MAYBE_COUNTED}' "
            f"ELSE '{NOT_COUNTED}' END AS outcome",
        )
        matters = f"coalesce({counted}, TRUE) OR {flags['is_block']} OR {flags['is_fusion']}"
        self._connection.register("coded", self._engine.select(", ".join(columns), matters))
        computed = {"age", "region", "technique", FAULT}
        placed = select([n for n in _COLUMNS if n not in computed], [age_step(), *placed_steps()], "coded", _DUCKDB)
        self._run(f"INSERT INTO {_SPELLS} BY NAME {' '.join(placed)}")

    def maybe_n(self) -> int:
        """How many spells may be denervations: the definition cannot say for want of a value."""
        return self._count(f"outcome = '{MAYBE_COUNTED}'")

    def set_aside(self) -> dict[str, int]:
        """How many denervations have no patient key, no admission date, or dates that are reversed, by that reason.

        They are not judged. Those of a known patient may have been on any day, and so may precede any other.
        """
        return {fault: self._count(f"outcome = '{COUNTED}' AND {FAULT} = '{fault}'") for fault in FAULTS}

    def _count(self, condition: str) -> int:
        return int(self._run(f"SELECT count(*) FROM {_SPELLS} WHERE {condition}").fetchall()[0][0])

    def events(self) -> pa.Table:
        """Every event of the patients who had a denervation, in the order of patients, days and spells.

        Columns: kind, spell_id, patient_id, day, discharged, provider, age, region, is_left, is_right, technique, and
        is_uncertain: whether it is not known when it was, or whether it is one; its day is NULL where it is not known.
        """
        kinds = " UNION ALL ".join(
            f"SELECT *, '{kind}' AS kind FROM {_SPELLS} WHERE {condition}" for kind, condition in _KINDS.items()
        )
        uncertain = f"{FAULT} IS NOT NULL OR (kind = '{DENERVATION}' AND outcome = '{MAYBE_COUNTED}')"
        return self._table(
            f"SELECT kind, spell_id, {PATIENT}, CASE WHEN {FAULT} IS NULL THEN {ADMITTED} END AS day, {DISCHARGED}, "
            f"provider, age, region, is_left, is_right, technique, {uncertain} AS is_uncertain FROM ({kinds}) "
            f"WHERE {PATIENT} IN (SELECT {PATIENT} FROM {_SPELLS} WHERE {_IS_DENERVATION}) "
            f"ORDER BY {PATIENT}, day, spell_id, kind"
        )

    def evaluate(self, policies: Sequence[Policy], covers: tuple[date, date], complete: frozenset[str]) -> pa.Table:
        """One row a denervation, in the order of patients, days and spells.

        covers: the first and the last day of which the data have all spells. complete: the lists of which they have all
        events within them. Returns: spell_id, patient_id, date, provider, and for each policy a column
        `<policy>:<criterion>` a criterion (met, not-met, unknown, not-applicable) and one of its id (meets,
        does-not-meet, cannot-tell). Errors: NotPortableError, EngineError.
        """
        sql = audit_sql(tuple(policies), complete)
        ordered = f"row_number() OVER (ORDER BY {PATIENT}, {ADMITTED}, spell_id)"
        self._make(_PLACED, f"SELECT {ordered} AS {KEY}, * FROM {_SPELLS}")
        self._make("covered", " ".join(covered_lines(covers)))
        self._make("events", " ".join(event_lines()))
        judged = self._run(f"SELECT {KEY} FROM {_PLACED} WHERE {_IS_DENERVATION} ORDER BY {KEY}").fetchall()
        tables = []
        for start in range(0, max(len(judged), 1), _BATCH):
            keys = [key for (key,) in judged[start : start + _BATCH]] or [0]
            within = f"{FAULT} IS NULL AND {KEY} BETWEEN {keys[0]} AND {keys[-1]}"
            self._make("denervations", f"{' '.join(denervation_lines())} AND {within}")
            tables.append(self._table(sql))
        return pa.concat_tables(tables)

    def _make(self, name: str, sql: str) -> None:
        self._run(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")

    def _table(self, sql: str) -> pa.Table:
        with failures(_IDS):
            return self._connection.sql(sql).to_arrow_table()

    def _run(self, sql: str) -> duckdb.DuckDBPyConnection:
        with failures(_IDS):
            return self._connection.execute(sql)

    def close(self) -> None:
        self._engine.close()
        self._connection.close()


def is_portable(policy: Policy, complete: frozenset[str]) -> bool:
    """Whether every test of a policy can be written in SQL."""
    try:
        criteria_sql(policy, At(_DUCKDB, complete, AggregateRegistry()))
    except NotPortableError:
        return False
    return True


@lru_cache(maxsize=16)
def audit_sql(policies: tuple[Policy, ...], complete: frozenset[str]) -> str:
    """The statement over `placed`, `covered`, `events` and `denervations`. Errors: NotPortableError."""
    at = At(_DUCKDB, complete, AggregateRegistry())
    criteria: dict[str, tuple[CriterionSql, ...]] = {
        policy.id: criteria_sql(policy, at, f"p{number}_") for number, policy in enumerate(policies, 1)
    }
    every = [one for of_policy in criteria.values() for one in of_policy]
    columns = [
        Step(f'"{policy}:{one.criterion.id}"', exp.column(one.name))
        for policy, of_policy in criteria.items()
        for one in of_policy
    ]
    outcomes = [outcome_step([one.name for one in of], f'"{policy}"') for policy, of in criteria.items()]
    kept = ["spell_id", PATIENT, f"{ASKED_ON} AS date", "provider"]
    spells = f"(SELECT {KEY}, spell_id, provider FROM {_PLACED})"
    source = f"criteria_on_its_day JOIN {spells} AS spells USING ({KEY}) ORDER BY {KEY}"
    last = select(kept, [*columns, *outcomes], source, _DUCKDB)
    return render((), criteria_steps(every, at.registry, _DUCKDB), last, _DUCKDB).removesuffix(";\n")
