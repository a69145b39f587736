"""--dry-run tells what would be read and asked, from the headers of the files alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

import facetwise
from facetwise.cli.app import app
from facetwise.library import DEFINITIONS
from facetwise.spells.synthetic.synth import write_synthetic


@pytest.fixture(scope="module")
def activity(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("plan") / "activity.parquet"
    write_synthetic(5_000, 1, file)
    return file


def plan(*words: str | Path) -> dict[str, Any]:
    got = CliRunner().invoke(app, [*map(str, words), "--dry-run", "--format", "json"])
    assert got.exception is None, got.exception
    told: dict[str, Any] = json.loads(got.stdout)
    return told


def refused(*words: str | Path) -> str:
    got = CliRunner().invoke(app, [*map(str, words), "--dry-run"])
    return f"{getattr(got.exception, 'exit_code', None)}: {got.exception}"


def in_footer(file: Path) -> dict[str, int]:
    """The compressed bytes of each column, as another reader finds them in the footer."""
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"SELECT path_in_schema, sum(total_compressed_size)::BIGINT FROM parquet_metadata('{file}') GROUP BY 1"
        ).fetchall()
    return dict(rows)


def test_the_bytes_of_parquet_are_those_of_the_columns_that_are_asked_for(activity: Path) -> None:
    """Dates are not read for a plain count, and are for one by year; texts are, since any could hold a fault."""
    held = in_footer(activity)
    plainly, by_year = plan("count", activity), plan("count", activity, "--by", "year")
    for told in (plainly, by_year):
        (file,) = told["files"]
        assert {column["column"]: column["bytes"] for column in file["columns"]} == {
            column["column"]: held[column["column"]] for column in file["columns"]
        }
        assert told["bytes_read"] == sum(column["bytes"] for column in file["columns"])
        assert (told["rows"], told["schema"], file["size"]) == (5_000, "facetwise.plan/1", activity.stat().st_size)
    assert by_year["bytes_read"] - plainly["bytes_read"] == held["Admission_Date"]
    assert plan("extract", activity, "--out", activity.with_name("e.parquet"))["bytes_read"] == sum(held.values())


def test_no_row_is_read_and_nothing_is_written(activity: Path, tmp_path: Path) -> None:
    """A file of which only the footer is left is planned like the whole."""
    footer = activity.read_bytes()[-8:-4]
    data = bytearray(activity.read_bytes())
    end = len(data) - 8 - int.from_bytes(footer, "little")
    data[4:end] = bytes(end - 4)
    (tmp_path / "hollow.parquet").write_bytes(data)
    hollow = plan("count", tmp_path / "hollow.parquet", "--reasons", tmp_path / "reasons.csv")
    assert hollow["bytes_read"] == plan("count", activity)["bytes_read"]
    plan("extract", tmp_path / "hollow.parquet", "--out", tmp_path / "extract.parquet")
    assert [path.name for path in tmp_path.iterdir()] == ["hollow.parquet"]


def test_csv_is_read_whole_and_its_rows_are_not_known(activity: Path, tmp_path: Path) -> None:
    """Unknown is said, not 0; with Parquet beside it the sum of the rows is unknown too."""
    file = tmp_path / "activity.csv"
    pa_csv.write_csv(pq.read_table(activity).slice(0, 50), file)
    told = plan("count", file)
    assert (told["rows"], told["bytes_read"]) == (None, file.stat().st_size)
    assert {column["bytes"] for column in told["files"][0]["columns"]} == {None}
    assert "CSV is read whole, whatever is asked of it; its rows are not known beforehand." in told["notes"]
    assert plan("count", file, activity)["rows"] is None


def test_an_extract_would_be_read_only_where_the_candidates_stand(activity: Path, tmp_path: Path) -> None:
    """And only the verdicts that are asked for."""
    facetwise.extract(activity, tmp_path / "extract.parquet")
    told = plan("count", tmp_path / "extract.parquet")
    names = [column["column"] for column in told["files"][0]["columns"]]
    assert names == ["spell_id", "candidate", *(f"ebi-2k:{c.id}" for c in DEFINITIONS["ebi-2k"].criteria), "ebi-2k="]
    assert 0 < told["bytes_read"] < sum(in_footer(tmp_path / "extract.parquet").values()) / 10


@pytest.mark.parametrize("engine", ["duckdb", "spark"])
def test_the_plan_names_every_criterion_and_shows_the_sql_of_its_engine(activity: Path, engine: str) -> None:
    """Each definition asked for, and one query for all of them; no Spark is started to say so."""
    told = plan("count", activity, "--definition", "ebi-2k", "--definition", "any-v48", "--engine", engine)
    assert [d["id"] for d in told["definitions"]] == ["ebi-2k", "any-v48"]
    assert [c["id"] for c in told["definitions"][0]["criteria"]] == [c.id for c in DEFINITIONS["ebi-2k"].criteria]
    mark = '"' if engine == "duckdb" else "`"
    assert f"{mark}ebi-2k:site{mark}" in told["sql"]
    assert f"{mark}any-v48={mark}" in told["sql"]
    assert ("ARRAY_JOIN" in told["sql"]) == (engine == "spark")


def test_the_plan_is_shown_to_a_person_and_as_rows(activity: Path) -> None:
    """One row a column in CSV."""
    shown = CliRunner().invoke(app, ["count", str(activity), "--dry-run", "--format", "table"]).stdout
    assert "count would read " in shown
    assert "1 file, sus-apcs, 5,000 rows" in shown
    rows = CliRunner().invoke(app, ["count", str(activity), "--dry-run", "--format", "csv"]).stdout
    assert rows.splitlines()[0] == '"file","rows","column","bytes"'


def test_what_the_command_would_refuse_its_plan_refuses(activity: Path, tmp_path: Path) -> None:
    """In the same words."""
    assert refused("count", activity, "--by", "sex").startswith("3: ")
    assert refused("count", tmp_path / "none.csv").startswith("3: There is no file ")
    assert refused("count", "table:a.b", "--engine", "spark").startswith(
        "2: --dry-run tells the bytes from the headers"
    )
    (tmp_path / "hes.csv").write_text("EPIKEY,ADMIMETH,ADMINCAT,OPERTN_4_01,DIAG_4_01\n1,11,01,V485,M545\n")
    assert refused("count", tmp_path / "hes.csv", "--engine", "spark").startswith("2: Spark counts sus-apcs")
    assert plan("count", tmp_path / "hes.csv")["layout"] == "hes-apc"
