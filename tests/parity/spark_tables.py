"""Tables of the same spells in a catalogue of Spark, and what a command answers about them, to hold against another's answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from typer.testing import CliRunner

from facetwise.cli.app import app

Rows = list[dict[str, Any]]
COUNT = ("count", "--definition", "ebi-2k", "--definition", "nhp-sql-2024", "--by", "provider,year")
AUDIT = ("audit", "--of", "any-v48", "--policy", "ebi-2k-guidance", "--policy", "nice-ng59")
_TYPES = {
    "APCS_Ident": "CHAR(24)",
    "Der_Provider_Code": "CHAR(6)",
    "Admission_Date": "TIMESTAMP",
    "Discharge_Date": "TIMESTAMP",
    "Admission_Method": "CHAR(3)",
    "Der_Procedure_All": "VARCHAR(4000)",
    "Spell_Primary_Diagnosis": "VARCHAR(8)",
}


def write_tables(session: Any, activity: Path) -> tuple[str, ...]:
    """The names of tables of the same spells: plain, partitioned, a view, and one of CHAR, VARCHAR and TIMESTAMP."""
    raw = session.read.parquet(str(activity))
    session.sql("CREATE DATABASE national")
    raw.write.saveAsTable("national.spells")
    raw.write.partitionBy("Admission_Method").saveAsTable("national.parted")
    session.sql("CREATE VIEW national.seen AS SELECT * FROM national.parted")
    typed = {field.name: _TYPES.get(field.name, field.dataType.simpleString()) for field in raw.schema.fields}
    session.sql(f"CREATE TABLE national.typed ({', '.join(f'{n} {t}' for n, t in typed.items())}) USING parquet")
    session.sql("INSERT INTO national.typed SELECT * FROM national.spells")
    return "national.spells", "national.parted", "national.seen", "spark_catalog.national.typed"


def run(*words: str | Path) -> tuple[int, str]:
    got = CliRunner().invoke(app, [*map(str, words)])
    error = got.exception
    return getattr(error, "exit_code", got.exit_code), got.stdout if got.exit_code == 0 else str(error)


def answer(reasons: Path, *words: str | Path) -> tuple[list[dict[str, Any]], Rows]:
    """What a command says: its JSON without the names of the engine and the input, and its reasons in their order."""
    code, out = run(*words, "--reasons", reasons, "--format", "json")
    assert code == 0, out
    told = json.loads(out)
    every = told if isinstance(told, list) else [told]
    for one in every:
        one.pop("engine", None)
        one["input"].pop("files")
    key = [("spell_id", "ascending")]
    held = pq.read_table(reasons)
    extra = [(name, "ascending") for name in ("definition", "policy") if name in held.column_names]
    return every, held.sort_by(key + extra).to_pylist()
