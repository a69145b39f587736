"""Rows that must meet before they are spells: episodes grouped into spells, APCS rows joined with their Der rows.

They are staged in a database on disk with a small share of memory, so that size does not matter, and come out one row a
spell under the canonical names, to be sifted like any other file.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from facetwise.errors import EngineError
from facetwise.spells.activity import Account, Opened, Piece, Reading, refuse_repeats, sifting
from facetwise.spells.arrays import booleans, numbers
from facetwise.spells.keys import Keys
from facetwise.spells.layouts import DIAGNOSIS_POSITIONS, PROCEDURE_POSITIONS, STAGED
from facetwise.spells.normalise import Mask, as_text
from facetwise.spells.reading import RawBatch, RawFile
from facetwise.spells.sift import Sifting, keys_of, lines_lost, rejects_of, sift, worst

_MEMORY = "400MB"
_ROWS = 100_000
_PROXY_NOTE = (
    "The dominant procedure is not in this data{}: the first procedure recorded, in episode order, stands for it. "
    "Spells whose dominant procedure was another one are judged by the proxy."
)

# An episode belongs to the spell that SUS gave it; else to that patient's admission to that provider on that day.
_GROUP = """
WITH keyed AS (
  SELECT *,
    CASE WHEN spell IS NOT NULL AND spell <> '-1' THEN 's' || spell
         WHEN patient_id IS NOT NULL AND admitted IS NOT NULL
           THEN 'p' || patient_id || '|' || coalesce(provider, '') || '|' || admitted
         ELSE 'e' || episode END AS key,
    CASE WHEN try_cast("order" AS DOUBLE) < 98 THEN try_cast("order" AS DOUBLE) END AS place
  FROM rows
), grouped AS (
  SELECT key, min(nth) AS nth,
    first(CASE WHEN key[1] = 's' THEN spell ELSE episode END ORDER BY place NULLS LAST, began NULLS LAST, episode) AS spell_id,
    any_value(patient_id ORDER BY place NULLS LAST, began NULLS LAST, episode) AS patient_id,
    any_value(provider ORDER BY place NULLS LAST, began NULLS LAST, episode) AS provider,
    any_value(commissioner ORDER BY place NULLS LAST, began NULLS LAST, episode) AS commissioner,
    any_value(admitted ORDER BY place NULLS LAST, began NULLS LAST, episode) AS admitted,
    max(discharged) AS discharged,
    first(age_at_start ORDER BY place NULLS LAST, began NULLS LAST, episode) AS age_at_start,
    first(age_at_activity ORDER BY place NULLS LAST, began NULLS LAST, episode) AS age_at_activity,
    any_value(admission_method ORDER BY place NULLS LAST, began NULLS LAST, episode) AS admission_method,
    any_value(administrative_category ORDER BY place NULLS LAST, began NULLS LAST, episode) AS administrative_category,
    any_value(dominant_procedure ORDER BY place NULLS LAST, began NULLS LAST, episode) AS dominant,
    first(primary_diagnosis ORDER BY place NULLS LAST, began NULLS LAST, episode) AS primary_diagnosis,
    any_value(sex ORDER BY place NULLS LAST, began NULLS LAST, episode) AS sex,
    string_agg('||' || procedures, '' ORDER BY place NULLS LAST, began NULLS LAST, episode) AS procedures,
    string_agg('||' || diagnoses, '' ORDER BY place NULLS LAST, began NULLS LAST, episode) AS diagnoses
  FROM keyed GROUP BY key
)
SELECT * EXCLUDE (key, nth, dominant), coalesce(dominant, list_filter(
    string_split(replace(procedures, '||', ','), ','), lambda code: trim(code) NOT IN ('', '-', '&'))[1]
  ) AS dominant_procedure
FROM grouped ORDER BY nth
"""


class Stage:
    """A database on disk that is gone afterwards."""

    def __init__(self, folder: Path, threads: int) -> None:
        self._rows = 0
        self._connection = duckdb.connect(
            str(folder / "stage.duckdb"),
            config={"memory_limit": _MEMORY, "threads": threads, "temp_directory": str(folder / "spill")},
        )

    def add(self, name: str, rows: pa.Table) -> None:
        """Add rows to a table, made on first use, each with its place among all rows added."""
        rows = rows.append_column("nth", numbers(np.arange(self._rows, self._rows + rows.num_rows), pa.int64()))
        self._rows += rows.num_rows
        self._connection.register("incoming", rows)
        self._connection.execute(f"CREATE TABLE IF NOT EXISTS {name} AS SELECT * FROM incoming LIMIT 0")
        self._connection.execute(f"INSERT INTO {name} BY NAME SELECT * FROM incoming")
        self._connection.unregister("incoming")

    def number(self, sql: str) -> int:
        """The one number that a query answers with."""
        return int(self._connection.execute(sql).fetchall()[0][0])

    def batches(self, sql: str) -> Iterator[pa.RecordBatch]:
        """The rows that a query answers with, some at a time."""
        try:
            yield from self._connection.sql(sql).to_arrow_reader(_ROWS)
        except duckdb.Error as error:
            raise EngineError(f"DuckDB failed while grouping rows: {str(error).splitlines()[0]}.") from error

    def close(self) -> None:
        self._connection.close()


@contextmanager
def _stage(threads: int) -> Iterator[Stage]:
    with tempfile.TemporaryDirectory(prefix="facetwise-") as folder:
        stage = Stage(Path(folder), threads)
        try:
            yield stage
        finally:
            stage.close()


def read_episodes(opened: Opened, reading: Reading, account: Account) -> Iterator[Piece]:
    """HES episodes grouped into spells. Every episode is in exactly one spell or set aside."""
    with _stage(reading.threads) as stage:
        keys = Keys()
        for file in opened.files:
            for raw, bad, how in _examined(file, opened, reading, account):
                keys.add(keys_of(raw.columns, bad, how), bad)
                stage.add("rows", _episodes(raw.columns.filter(booleans(~bad)), how))
        refuse_repeats(opened, keys)
        keys.close()
        _note_grouping(stage, opened, account)
        yield from _sifted(stage.batches(_GROUP), reading, account) if account.used else ()


def _examined(
    file: RawFile, opened: Opened, reading: Reading, account: Account | None
) -> Iterator[tuple[RawBatch, Mask, Sifting]]:
    how = sifting(opened.layout, file, Reading(None, on_reject=reading.on_reject))
    names = list(how.found.values())
    for unit in file.units(names):
        for raw in unit.read(names):
            reasons, bad = worst(raw.columns, how)
            if account is not None:
                account.rows += len(bad) + sum(lines_lost(raw).values())
                account.used += int(len(bad) - bad.sum())
                account.set_aside.update(reasons.values())
                account.set_aside.update(lines_lost(raw))
            if reading.on_reject:
                for reject in rejects_of(raw, reasons, how):
                    reading.on_reject(reject)
            if reading.on_rows:
                reading.on_rows(len(bad))
            yield raw, bad, how


def _episodes(batch: pa.RecordBatch, how: Sifting) -> pa.Table:
    held = {column.canonical: as_text(batch.column(name)) for column, name in how.columns}
    positions = {*PROCEDURE_POSITIONS, *DIAGNOSIS_POSITIONS}
    columns = {name: _blank_is_null(array) for name, array in held.items() if name not in positions}
    columns["primary_diagnosis"] = held[DIAGNOSIS_POSITIONS[0]]
    for name, places in (("procedures", PROCEDURE_POSITIONS), ("diagnoses", DIAGNOSIS_POSITIONS)):
        parts = [pc.fill_null(held[place], "") for place in places if place in held]
        columns[name] = pc.binary_join_element_wise(*parts, ",")
    for name in ("spell", "patient_id", "provider", "commissioner", "admitted", "discharged", "order", "began", "sex",
                 "age_at_start", "age_at_activity", "dominant_procedure"):  # fmt: skip
        columns.setdefault(name, pa.nulls(batch.num_rows, pa.string()))
    return pa.table(columns)


def _blank_is_null(array: pa.Array) -> pa.Array:
    bare = pc.utf8_trim_whitespace(array)
    return pc.if_else(pc.is_in(bare, pa.array(["", "NULL", "&"])), pa.scalar(None, pa.string()), bare)


def _note_grouping(stage: Stage, opened: Opened, account: Account) -> None:
    if not account.used:
        return
    if not opened.has("dominant_procedure"):
        account.notes.append(_PROXY_NOTE.format(""))
    elif some := stage.number("SELECT count(*) FROM rows WHERE dominant_procedure IS NULL"):
        account.notes.append(_PROXY_NOTE.format(f" for {some} of {account.used} episodes"))
    by_spell = opened.has("spell")
    account.notes.append(
        "Episodes are grouped into spells by "
        + ("SUSSPELLID, and where it is missing by " if by_spell else "")
        + "patient, provider and admission date."
    )
    lone = stage.number(
        "SELECT count(*) FROM rows WHERE (spell IS NULL OR spell = '-1') AND (patient_id IS NULL OR admitted IS NULL)"
    )
    if lone:
        account.notes.append(
            f"{lone} episodes have neither a spell nor a patient and a date: each stands as a spell of its own."
        )


def _sifted(batches: Iterator[pa.RecordBatch], reading: Reading, account: Account) -> Iterator[Piece]:
    how = Sifting(
        STAGED, {column.canonical: column.canonical for column in STAGED.columns}, reading.keep, reading.bases
    )
    for batch in batches:
        sifted = sift(RawBatch(Path("staged"), batch, 1), how)
        account.spells += sifted.used
        yield Piece(sifted.kept, sifted.rest, sifted.rest_n)


def read_joined(opened: Opened, reading: Reading, account: Account) -> Iterator[Piece]:
    """APCS rows, each with its Der row. A key that occurs twice on either side is an error, never a multiplication."""
    with _stage(reading.threads) as stage:
        for name, files in (("apcs", opened.files), ("der", opened.der)):
            keys = Keys()
            stage.add(name, pa.table({column: pa.nulls(0, pa.string()) for column in _held(opened, files)}))
            for file in files:
                for raw, bad, how in _examined(file, opened, reading, account if name == "apcs" else None):
                    keys.add(keys_of(raw.columns, bad, how), bad)
                    stage.add(name, _as_text(raw.columns.filter(booleans(~bad)), how))
            refuse_repeats(Opened(opened.layout, files), keys)
            keys.close()
        if not account.used:
            return
        _note_join(stage, account)
        yield from _sifted(stage.batches(_join(opened)), reading, account)


def _as_text(batch: pa.RecordBatch, how: Sifting) -> pa.Table:
    columns = {column.canonical: as_text(batch.column(name)) for column, name in how.columns}
    columns["spell_id"] = pc.utf8_trim_whitespace(columns["spell_id"])
    return pa.table(columns)


def _join(opened: Opened) -> str:
    apcs, der = _held(opened, opened.files), _held(opened, opened.der)
    columns = []
    for column in STAGED.columns:
        name = column.canonical
        side = "apcs" if name in apcs else "der" if name in der else None
        columns.append(f"{side}.{name}" if side else f"CAST(NULL AS VARCHAR) AS {name}")
    return f"SELECT {', '.join(columns)} FROM apcs LEFT JOIN der ON apcs.spell_id = der.spell_id ORDER BY apcs.nth"


def _held(opened: Opened, files: Sequence[RawFile]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for file in files for name in opened.layout.find(file.header)))


def _note_join(stage: Stage, account: Account) -> None:
    without = stage.number("SELECT count(*) FROM apcs ANTI JOIN der ON apcs.spell_id = der.spell_id")
    if without:
        account.notes.append(f"{without} spells have no row in the Der file: what it holds is not recorded for them.")
    orphans = stage.number("SELECT count(*) FROM der ANTI JOIN apcs ON apcs.spell_id = der.spell_id")
    if orphans:
        account.notes.append(f"{orphans} rows of the Der file belong to no spell of the APCS file and are not used.")
