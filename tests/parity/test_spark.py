"""One meaning on Spark too: its scripts, run by a Spark, say what the plain evaluator and DuckDB say of every spell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import facetwise
from facetwise.compile.script import OUTCOMES, script
from facetwise.compile.spark import SparkSettings, spark_session
from facetwise.decide.evaluate import judge
from facetwise.guidance.library import DEFINITIONS
from facetwise.language.definition import Definition
from facetwise.spells.activity import Account, Reading, open_activity
from facetwise.spells.read import read
from facetwise.spells.spell import spells_of
from facetwise.spells.synth import write_synthetic
from tests.compile.raw_rows import Raw, in_python, random_rows
from tests.compile.test_script import TRAPS

Rows = dict[str, tuple[str, ...]]
SPELLS = 20_000
_RAW = pa.schema(
    [
        ("Spell_Dominant_Procedure", pa.string()),
        ("Spell_Primary_Diagnosis", pa.string()),
        ("Der_Procedure_All", pa.string()),
        ("Der_Diagnosis_All", pa.string()),
        ("Age_At_Start_of_Spell_SUS", pa.int32()),
        ("Der_Age_at_CDS_Activity_Date", pa.int32()),
        ("Admission_Method", pa.string()),
        ("Administrative_Category", pa.string()),
    ]
)


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    with spark_session(SparkSettings("local[2]", (("spark.sql.shuffle.partitions", "2"),))) as session:
        session.conf.set("spark.sql.ansi.enabled", "true")  # as Spark 4 is for whoever runs a script
        yield session


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """20,000 seeded spells that meet, narrowly miss and cannot be judged."""
    activity = tmp_path_factory.mktemp("planted") / "activity.parquet"
    write_synthetic(SPELLS, 2026, activity)
    return activity


@pytest.fixture(scope="module")
def by_the_plain_evaluator(planted: Path) -> dict[str, Rows]:
    opened = open_activity([planted])
    account = Account(opened.names, opened.layout.id)
    spells = [spell for piece in read(opened, Reading(None), account) for spell in spells_of(piece.spells)]
    judged = {name: [judge(definition, spell) for spell in spells] for name, definition in DEFINITIONS.items()}
    return {
        name: {
            spell.spell_id: (*(truth.value for truth in one.truths), OUTCOMES[one.outcome])
            for spell, one in zip(spells, ones, strict=True)
        }
        for name, ones in judged.items()
    }


def by_the_script(spark: Any, definition: Definition, activity: Path) -> Rows:
    """Each spell's truths and outcome by the definition's Spark script over a raw file."""
    spark.read.parquet(str(activity)).createOrReplaceTempView("apcs")
    found = spark.sql(script(definition, "spark")).toArrow()
    columns = (column.to_pylist() for column in found.columns[: len(definition.criteria) + 2])
    return {str(key): tuple(judged) for key, *judged in zip(*columns, strict=True)}


@pytest.mark.parametrize("name", DEFINITIONS)
def test_spark_duckdb_and_python_agree_on_20000_planted_spells_criterion_by_criterion(
    name: str, spark: Any, planted: Path, by_the_plain_evaluator: dict[str, Rows]
) -> None:
    """The script that `facetwise sql --dialect spark` writes, run as it stands, with ANSI mode on as Spark 4 has it."""
    definition, plain = DEFINITIONS[name], by_the_plain_evaluator[name]
    counted = facetwise.count(planted, definition, reasons=True, all_spells=True)
    assert counted.reasons is not None
    columns = [criterion.id for criterion in definition.criteria] + ["outcome"]
    in_duckdb = {row["spell_id"]: tuple(row[c] for c in columns) for row in counted.reasons.to_pylist()}
    on_spark = by_the_script(spark, definition, planted)
    assert len(plain) == SPELLS
    assert {key: (truths, plain[key]) for key, truths in in_duckdb.items() if truths != plain[key]} == {}
    assert {key: (truths, plain[key]) for key, truths in on_spark.items() if truths != plain[key]} == {}
    assert plain.keys() == on_spark.keys() == in_duckdb.keys()


def test_the_spark_script_means_what_python_means_on_odd_raw_rows(spark: Any, tmp_path: Path) -> None:
    """3,000 seeded rows with every oddity of a raw column, and each trap with its answer written down."""
    rows: list[Raw] = random_rows(20231201, 3_000) + [trap[1] for trap in TRAPS]
    columns = zip(*(astuple(row) for row in rows), strict=True)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, _RAW, strict=True)]
    keys = pa.array([f"{place:06d}" for place in range(len(rows))])
    pq.write_table(pa.table([keys, *arrays], names=["APCS_Ident", *_RAW.names]), tmp_path / "raw.parquet")
    for definition in DEFINITIONS.values():
        judged = by_the_script(spark, definition, tmp_path / "raw.parquet")
        expected = {f"{place:06d}": in_python(definition, row) for place, row in enumerate(rows)}
        assert {
            key: (rows[int(key)], truths, expected[key]) for key, truths in judged.items() if truths != expected[key]
        } == {}
        assert judged.keys() == expected.keys()
