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
from facetwise.compile.scripts.definition_script import OUTCOMES, script
from facetwise.compile.spark.session import SparkSettings, refuse_beside_running, spark_session
from facetwise.decide.evaluate_spell import judge
from facetwise.errors import UsageError
from facetwise.language.definition import Definition
from facetwise.library import DEFINITIONS
from facetwise.spells.reading.activity import Account, ReadOptions, open_activity
from facetwise.spells.reading.dispatch import read
from facetwise.spells.spell import spells_of
from facetwise.spells.synthetic.synth import write_synthetic
from tests.compile.raw_rows import Raw, in_python, random_rows
from tests.compile.test_script import TRAPS
from tests.parity.spark_tables import AUDIT, COUNT, answer, run, write_tables

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
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    own = (
        ("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("warehouse"))),
        ("spark.sql.shuffle.partitions", "2"),
    )
    with spark_session(SparkSettings("local[2]", own)) as session:
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
    spells = [spell for piece in read(opened, ReadOptions(None), account) for spell in spells_of(piece.spells)]
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


def test_tables_of_a_catalogue_answer_row_by_row_as_duckdb_does_of_the_file(spark: Any, tmp_path: Path) -> None:
    """A partitioned table, and one of CHAR, VARCHAR and TIMESTAMP; on a real cluster in test_spark_cluster.py."""
    write_synthetic(2_000, 11, tmp_path / "activity.parquet")
    _, parted, _, typed = write_tables(spark, tmp_path / "activity.parquet")
    for command, table in ((COUNT, typed), (AUDIT, parted)):
        expected = answer(tmp_path / "here.parquet", *command, tmp_path / "activity.parquet")
        found = answer(tmp_path / "there.parquet", *command, f"table:{table}", "--engine", "spark")
        assert len(expected[1]) > 50
        assert found == expected, table


def test_another_spark_than_the_one_that_runs_is_refused(spark: Any) -> None:
    """Its master and settings would be passed over in silence; those that it has are none of another."""
    assert run("count", "table:x", "--engine", "spark", "--master", "local[3]") == (
        2,
        "Spark runs in this process already, with spark.master = local[2], and spark.master = local[3] is asked for. "
        "Leave it out, or stop that Spark.",
    )
    with pytest.raises(UsageError, match=r"spark\.executor\.memory = 4g is asked for"):
        refuse_beside_running(None, (("spark.executor.memory", "4g"),))
    refuse_beside_running("local[2]", (("spark.sql.shuffle.partitions", "2"),))


def test_a_file_that_is_gone_where_the_work_is_done_is_told_of_and_never_left_out(spark: Any, tmp_path: Path) -> None:
    """A cluster set up to pass over files that are missing would count fewer rows and say nothing."""
    for name in ("one", "two"):
        write_synthetic(50, 3, tmp_path / f"{name}.parquet")
    spark.conf.set("spark.sql.files.ignoreMissingFiles", "true")
    spark.read.parquet(str(tmp_path)).createOrReplaceGlobalTempView("halved")
    (tmp_path / "two.parquet").unlink()
    code, said = run("count", "table:global_temp.halved", "--engine", "spark")
    assert code == 5
    assert "two.parquet does not exist. Every worker of a cluster must find the input under that name" in said
