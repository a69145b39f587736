"""A count on Spark is the count of DuckDB: what became of every row, every number, and each spell's reasons."""

from __future__ import annotations

import gzip
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

import facetwise
from facetwise.audit.audit import audit_all
from facetwise.audit.request import AuditRequest
from facetwise.cli.app import app
from facetwise.compile.spark.session import SparkSettings, spark_session
from facetwise.compile.spark.source import open_on_spark
from facetwise.count.count import count_all
from facetwise.count.on_spark import runner, spells_of_spark
from facetwise.count.query import CountQuery
from facetwise.count.results import CountResults
from facetwise.errors import EngineError, InputError, UsageError
from facetwise.guidance.codelists import KEPT_BY_EXTRACT
from facetwise.language.definition import Definition
from facetwise.library import DEFINITIONS, POLICIES
from facetwise.spells.dimensions import DIMENSIONS, dimensions_named
from facetwise.spells.spell import SCHEMA
from facetwise.spells.synthetic.synth import write_synthetic
from tests.audit.planted import planted as made_up
from tests.audit.planted import written
from tests.compile.raw_rows import random_rows

EVERY = tuple(DEFINITIONS.values())
TWO = (DEFINITIONS["ebi-2k"], DEFINITIONS["nhp-sql-2024"])
BY = ("provider", "year", "month", "age-band")
NAMES = [
    "Spell_Dominant_Procedure",
    "Spell_Primary_Diagnosis",
    "Der_Procedure_All",
    "Der_Diagnosis_All",
    "Age_At_Start_of_Spell_SUS",
    "Der_Age_at_CDS_Activity_Date",
    "Admission_Method",
    "Administrative_Category",
]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    with spark_session(SparkSettings("local[2]", (("spark.sql.shuffle.partitions", "2"),))) as session:
        yield session


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    activity = tmp_path_factory.mktemp("planted") / "activity.parquet"
    write_synthetic(20_000, 5, activity)
    return activity


def both(
    spark: Any, inputs: Sequence[Path], definitions: tuple[Definition, ...] = TWO, by: Sequence[str] = (), **more: Any
) -> tuple[CountResults, CountResults]:
    """The same question asked of DuckDB and of Spark."""
    question = CountQuery(tuple(inputs), definitions, dimensions=dimensions_named(by), **more)
    return (
        count_all(question, keep_reasons=True),
        count_all(question, keep_reasons=True, run=runner(spark), engine="spark"),
    )


def differences(in_duckdb: CountResults, on_spark: CountResults) -> list[str]:
    """Where two answers part, but for the engine's name; reasons in the order of the spells' identifiers."""
    found = []
    for one, other in zip(in_duckdb, on_spark, strict=True):
        told, same = one.to_json() | {"engine": "spark"}, other.to_json()
        found += [f"{one.definition.id} {key}: {told[key]} / {same[key]}" for key in told if told[key] != same[key]]
        mine, its = one.reasons, other.reasons
        if mine is None or its is None:
            assert mine is its, one.definition.id
        elif mine.sort_by("spell_id").to_pylist() != its.to_pylist():
            found.append(f"{one.definition.id}: the reasons differ")
    return found


def odd_rows(number: int, seed: int) -> list[dict[str, Any]]:
    """Raw rows with every oddity of their values, and with admissions, places and keys of many kinds."""
    chance = random.Random(seed)
    days = ["2018-04-01", "20180331", "1/4/2018", "31/12/1969", "2018-04-01 00:00:00", "1801-01-01", "", "NULL", "&"]
    rows = []
    for place, raw in enumerate(random_rows(seed, number)):
        row: dict[str, Any] = {"APCS_Ident": chance.choice([f"{place}", f" {place} ", f"{place}.0", f"k{place}"])}
        row |= dict(zip(NAMES, raw.cells(), strict=True))
        row["Der_Provider_Code"] = chance.choice(["R0A", " R0A ", "rx1", "", None, "&"])
        row["Admission_Date"] = chance.choice(days)
        row["Der_Pseudo_NHS_Number"] = chance.choice(["17", "17.0", "-3.0", " 17", None])
        row["Sex"] = chance.choice(["1", "2", None])
        rows.append(row)
    return rows


def spoilt(rows: list[dict[str, Any]], seed: int) -> list[dict[str, Any]]:
    """The same with values that set a row aside."""
    chance = random.Random(seed)
    wrong: dict[str, list[str | None]] = {
        "Age_At_Start_of_Spell_SUS": ["5o", "45.5", "4 5", "1e2", "--5", "\u0664\u0665", "9" * 19, "45\u2028"],
        "Der_Age_at_CDS_Activity_Date": ["NaN", "inf", "x"],
        "Admission_Date": [
            "2018-02-30",
            "0000-01-01",
            "2018/04/01",
            "01-04-2018",
            "2018-4-1",
            "32/01/2018",
            "2018-04-01\u2028",
        ],
        "APCS_Ident": ["", None, " & ", "null", "\u00a0"],
        "Der_Procedure_All": ["||V485,\tZ675", "||V485\u0085", "||V485\x7f", "\ufffdV485"],
        "Der_Provider_Code": ["R0\x00A", "R\x1fA", "R\n0A", "R0\r\nA"],
    }
    right: dict[str, list[str | None]] = {
        "Age_At_Start_of_Spell_SUS": ["45.0", "45.", " +45 ", "NULL", "7003", "121", "999999999999", "-1", "007"],
        "Admission_Date": ["2018-04-01T00:00:00.000Z", "01/04/2018 12:00", " 20180401 ", "1800-01-01", "29/02/2016"],
    }
    for row in rows:
        if chance.random() < 0.2:
            name = chance.choice(list(wrong))
            row[name] = chance.choice(wrong[name])
        if chance.random() < 0.2:
            name = chance.choice(list(right))
            row[name] = chance.choice(right[name])
    return rows


def as_text(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.table({name: [None if r[name] is None else str(r[name]) for r in rows] for name in rows[0]})


def test_planted_spells_are_counted_alike_by_six_definitions_and_four_dimensions_in_one_pass(
    spark: Any, planted: Path
) -> None:
    """Counts, flow, near misses, groups, notes, and the reasons of every candidate."""
    in_duckdb, on_spark = both(spark, [planted], EVERY, by=BY)
    assert differences(in_duckdb, on_spark) == []
    assert on_spark[0].engine == "spark"
    assert on_spark[0].counted > 100
    assert on_spark[0].reasons.num_rows > 400


def test_reasons_for_every_spell_are_alike(spark: Any, planted: Path) -> None:
    """Those without any code of the family too: nothing is sieved away."""
    assert differences(*both(spark, [planted], TWO, every_spell=True)) == []


@pytest.mark.parametrize("ending", [".parquet", ".csv", ".csv.gz"])
def test_rows_that_cannot_be_used_are_set_aside_for_the_same_reasons(spark: Any, tmp_path: Path, ending: str) -> None:
    """Control characters, values not of their type, missing keys, dates that are none; every odd value that is usable."""
    table = as_text(spoilt(odd_rows(2_000, 4), 9))
    file = tmp_path / f"odd{ending}"
    if ending == ".parquet":
        pq.write_table(table, file)
    else:
        pa_csv.write_csv(table, tmp_path / "odd.csv")
        if ending == ".csv.gz":
            file.write_bytes(gzip.compress((tmp_path / "odd.csv").read_bytes()))
    in_duckdb, on_spark = both(spark, [file], by=("provider", "year", "age-band", "sex"), every_spell=True)
    assert differences(in_duckdb, on_spark) == []
    told = dict(on_spark[0].input.set_aside)
    assert {
        "Age_At_Start_of_Spell_SUS is not a whole number",
        "Admission_Date is not a date",
        "APCS_Ident is missing",
    } <= told.keys()
    assert len(told) >= 7
    assert on_spark[0].input.rows == on_spark[0].input.used + on_spark[0].input.aside


def test_values_of_other_types_than_text_mean_the_same(spark: Any, tmp_path: Path) -> None:
    """Parquet as pandas writes it: ages with decimals, NaN and infinity, timestamps, decimals, numbers for codes."""
    rows = odd_rows(400, 6)
    chance = random.Random(1)
    parts = [None, float("nan"), float("inf"), 45.0, 45.5, -1e300, 7001.0, 18.0]
    stamps = [None, datetime(2018, 4, 1), datetime(1801, 1, 1), datetime(1950, 12, 31, 23)]
    table = as_text(rows)
    typed = {
        "APCS_Ident": pa.array(range(400), pa.int64()),
        "Age_At_Start_of_Spell_SUS": pa.array([chance.choice(parts) for _ in rows], pa.float64()),
        "Der_Age_at_CDS_Activity_Date": pa.array(
            [chance.choice([None, Decimal("45.00"), Decimal("45.50"), Decimal("7001.00")]) for _ in rows],
            pa.decimal128(8, 2),
        ),
        "Admission_Date": pa.array([chance.choice(stamps) for _ in rows], pa.timestamp("us")),
        "Admission_Method": pa.array([chance.choice([None, 11, 12, 21]) for _ in rows], pa.int32()),
        "Administrative_Category": pa.array(
            [chance.choice([None, float("nan"), 1.0, 2.0, 10.0]) for _ in rows], pa.float64()
        ),
        "Der_Provider_Code": table["Der_Provider_Code"].dictionary_encode(),
        "Sex": pa.nulls(400),
    }
    for name, array in typed.items():
        table = table.set_column(table.column_names.index(name), name, array)
    pq.write_table(table, tmp_path / "typed.parquet")
    assert differences(*both(spark, [tmp_path / "typed.parquet"], by=BY, every_spell=True)) == []


def test_lines_with_too_few_or_many_fields_are_counted_alike(spark: Any, tmp_path: Path) -> None:
    """And empty lines, and line breaks inside quotation marks."""
    pa_csv.write_csv(as_text(odd_rows(30, 2)), tmp_path / "whole.csv")
    lines = (tmp_path / "whole.csv").read_text().splitlines(keepends=True)
    lines[5] = lines[5].rstrip("\n") + ",one,more\n"
    lines[9] = "just one field\n"
    lines[12] = (
        lines[12].replace('"R0A"', '"R\n0\nA"', 1)
        if '"R0A"' in lines[12]
        else '"a\nb\nc"' + lines[12][lines[12].index(",") :]
    )
    lines.insert(20, "\n")
    lines.insert(25, '"a ""quoted"" field","another\nof two lines"\n')
    (tmp_path / "ragged.csv").write_text("".join(lines))
    in_duckdb, on_spark = both(spark, [tmp_path / "ragged.csv"])
    assert differences(in_duckdb, on_spark) == []
    told = dict(on_spark[0].input.set_aside)
    assert told["the wrong number of fields"] == 4
    assert told["a line inside the quotation marks of the row before"] == 2


def test_files_of_several_shapes_and_strange_names_are_read_together(spark: Any, tmp_path: Path) -> None:
    """Columns in another order and case, another delimiter, names that look like patterns, a column called anything."""
    rows = as_text(odd_rows(90, 8))
    (tmp_path / "a{b} [c]").mkdir()
    pq.write_table(
        rows.slice(0, 30).append_column("odd `name`. of, mine", rows["Sex"].slice(0, 30)),
        tmp_path / "a{b} [c]" / "one.parquet",
    )
    second = rows.slice(30, 30).select(rows.column_names[::-1])
    second = second.rename_columns([name.upper() for name in second.column_names])
    pa_csv.write_csv(second, tmp_path / "a{b} [c]" / "two*.csv", pa_csv.WriteOptions(delimiter=";"))
    pa_csv.write_csv(rows.slice(60).drop_columns(["Der_Age_at_CDS_Activity_Date"]), tmp_path / "a{b} [c]" / "three.csv")
    assert differences(*both(spark, [tmp_path / "a{b} [c]"], by=("provider", "month"), every_spell=True)) == []


def test_the_first_look_sees_through_blanks_dots_and_cases(spark: Any, tmp_path: Path) -> None:
    """A denervation however it is written is no row of the rest."""
    rows = odd_rows(60, 8)
    for row, code in zip(rows, ["v 4.85", "V.4 8\u00a05", "a5\u00a0.73", "V48"] * 15, strict=True):
        row |= {"Der_Procedure_All": f"||{code},Z675", "Spell_Dominant_Procedure": None}
    pq.write_table(as_text(rows), tmp_path / "odd.parquet")
    in_duckdb, on_spark = both(spark, [tmp_path / "odd.parquet"])
    assert differences(in_duckdb, on_spark) == []
    assert on_spark[0].reasons is not None
    assert on_spark[0].reasons.num_rows == 60


def test_ages_that_cannot_be_known_are_told_of_alike(spark: Any, tmp_path: Path) -> None:
    """There is no activity age: the note says how many candidates that concerns."""
    pq.write_table(as_text(odd_rows(200, 8)).drop_columns(["Der_Age_at_CDS_Activity_Date"]), tmp_path / "few.parquet")
    in_duckdb, on_spark = both(spark, [tmp_path / "few.parquet"])
    assert differences(in_duckdb, on_spark) == []
    assert on_spark[0].notes[0].startswith("There is no column Der_Age_at_CDS_Activity_Date: the ages of ")


def test_keys_that_repeat_are_refused_in_the_same_words_unless_their_rows_cannot_be_used(
    spark: Any, tmp_path: Path
) -> None:
    """1, 1.0 and ' 1 ' are one key."""
    rows = odd_rows(20, 3)
    for place, key in enumerate(["1", "1.0", " 1 ", "b", "b"]):
        rows[place]["APCS_Ident"] = key
    pq.write_table(as_text(rows), tmp_path / "twice.parquet")
    said = []
    for engine in (count_all, lambda question: count_all(question, run=runner(spark))):
        with pytest.raises(InputError) as refused:
            engine(CountQuery((tmp_path / "twice.parquet",), EVERY[:1]))
        said.append(str(refused.value))
    assert said[0] == said[1]
    assert "APCS_Ident is not unique: 2 values occur more than once (1, b)" in said[0]
    for place in (1, 2, 4):
        rows[place]["Admission_Date"] = "never"
    pq.write_table(as_text(rows), tmp_path / "once.parquet")
    assert differences(*both(spark, [tmp_path / "once.parquet"])) == []


@pytest.mark.parametrize("step", [1, 1000], ids=["keys that lie close", "keys that lie far apart"])
@pytest.mark.parametrize("low", [-7, 10**12])
def test_whole_numbers_that_repeat_are_found_however_far_apart_they_lie(
    spark: Any, tmp_path: Path, step: int, low: int
) -> None:
    """In one file and across two, one of them with wider numbers; NULL is no repeat."""
    table = as_text(odd_rows(40, 3))
    keys = [low + step * place for place in range(40)]
    said = []
    for keys_of_second in (keys[20:], [keys[3], *keys[21:]], [None, None, *keys[22:]]):
        for name, some, start in (("a", keys[:20], 0), ("b", keys_of_second, 20)):
            held = table.slice(start, 20).set_column(0, "APCS_Ident", pa.array(some, pa.int64()))
            pq.write_table(held, tmp_path / f"{name}.parquet")
        question = CountQuery((tmp_path,), EVERY[:1])
        for engine in (count_all, lambda question: count_all(question, run=runner(spark), engine="duckdb")):
            try:
                said.append(str(engine(question)[0].to_json()))
            except InputError as error:
                said.append(str(error))
    assert said[0::2] == said[1::2]
    assert f"1 value occurs more than once ({keys[3]})" in said[2]


def test_no_rows_are_counted_as_none(spark: Any, tmp_path: Path) -> None:
    """The right header and nothing below it."""
    pa_csv.write_csv(as_text(odd_rows(1, 3)).slice(0, 0), tmp_path / "none.csv")
    in_duckdb, on_spark = both(spark, [tmp_path / "none.csv"], by=("year",))
    assert [r.to_json() | {"engine": ""} for r in in_duckdb] == [r.to_json() | {"engine": ""} for r in on_spark]


def test_a_table_of_the_catalogue_and_a_url_answer_like_the_file(spark: Any, planted: Path) -> None:
    """'table:' for the one; what Spark lists itself for the other."""
    spark.read.parquet(str(planted)).createOrReplaceGlobalTempView("apcs")
    told = []
    for given in (
        str(planted),
        "table:global_temp.apcs",
        planted.parent.as_uri().replace("file:///", "file:/").replace("file:/", "file:///"),
    ):
        question = CountQuery((given,), EVERY[:1], dimensions=dimensions_named(("month",)))
        (result,) = count_all(question, run=runner(spark), engine="spark")
        answer = result.to_json()
        told.append({key: answer[key] for key in ("flow", "counted", "unknown", "near_misses", "by")})
    assert told[0] == told[1] == told[2]


def test_spells_kept_for_an_extract_are_those_of_an_extract(spark: Any, planted: Path, tmp_path: Path) -> None:
    """In the canonical columns, and every row accounted for."""
    made = facetwise.extract(planted, tmp_path / "extract.parquet")
    batch, account = spells_of_spark(open_on_spark(spark, [planted]), KEPT_BY_EXTRACT, ())
    kept = batch.spells
    assert kept.schema == SCHEMA
    held = pq.read_table(tmp_path / "extract.parquet", columns=SCHEMA.names).cast(SCHEMA)
    assert kept.to_pylist() == held.sort_by("spell_id").to_pylist()
    assert (account.rows, account.used, kept.num_rows) == (20_000, 20_000, made.kept)


def test_an_extract_made_on_spark_answers_like_the_whole(spark: Any, tmp_path: Path) -> None:
    """Counts, groups, what was set aside, and reasons; rows that cannot be used among the input."""
    pq.write_table(as_text(spoilt(odd_rows(500, 4), 9)), tmp_path / "odd.parquet")
    code, out = run("extract", tmp_path / "odd.parquet", "--out", tmp_path / "e.parquet", "--engine", "spark")
    assert code == 0, out
    whole, part = (
        facetwise.count(tmp_path / name, [*TWO], by=BY, reasons=True) for name in ("odd.parquet", "e.parquet")
    )
    for one, other in zip(whole, part, strict=True):
        told, same = one.to_json(), other.to_json()
        told["input"]["files"] = same["input"]["files"] = []
        assert told == same
        assert one.reasons is not None and other.reasons is not None
        assert one.reasons.sort_by("spell_id").to_pylist() == other.reasons.to_pylist()


# What Spark is not used for


def refused(spark: Any, *inputs: str | Path, **more: Any) -> str:
    with pytest.raises((UsageError, InputError)) as error:
        runner(spark)(CountQuery(inputs, EVERY[:1], **more))
    return f"{type(error.value).__name__}: {error.value}"


def test_what_spark_does_not_do_is_refused_in_words(spark: Any, planted: Path, tmp_path: Path) -> None:
    """Never a different answer in silence."""
    facetwise.extract(planted, tmp_path / "extract.parquet")
    (tmp_path / "hes.csv").write_text("EPIKEY,ADMIMETH,ADMINCAT,OPERTN_4_01,DIAG_4_01\n1,11,01,V485,M545\n")
    whole = pq.read_table(planted)
    der = ["APCS_Ident", "Spell_Dominant_Procedure", "Spell_Primary_Diagnosis"]
    pq.write_table(whole.select(der), tmp_path / "der.parquet")
    pq.write_table(whole.drop_columns(der[1:]), tmp_path / "apcs.parquet")
    assert refused(spark, tmp_path / "hes.csv") == (
        "UsageError: Spark counts sus-apcs, one row a spell, and this is hes-apc. Leave --engine spark out: DuckDB groups "
        "its episodes."
    )
    assert "is an extract, which is small. Leave --engine spark out." in refused(spark, tmp_path / "extract.parquet")
    assert "by --engine duckdb alone" in refused(spark, tmp_path / "der.parquet", tmp_path / "apcs.parquet")
    assert "--rejects is written by --engine duckdb alone" in refused(spark, planted, on_reject=print)
    assert "Local files and what Spark opens itself are both given" in refused(spark, planted, "table:x")
    assert refused(spark, "table:nowhere.x").startswith("InputError: Spark cannot open it: The table or view")
    assert refused(spark, "file:///nowhere/x.csv").startswith("InputError: Spark cannot open it: ")
    assert "is no file of this machine" in str(refused_by_duckdb("s3a://bucket/x.csv"))
    assert "has no column for sex" in refused(spark, planted, dimensions=(DIMENSIONS["sex"],))


def refused_by_duckdb(given: str) -> InputError:
    with pytest.raises(InputError) as error:
        facetwise.count(given)
    return error.value


def test_a_file_that_breaks_off_is_one_message(spark: Any, planted: Path, tmp_path: Path) -> None:
    """What Spark says of it, without its stack."""
    shutil.copy(planted, tmp_path / "cut.parquet")
    data = bytearray((tmp_path / "cut.parquet").read_bytes())
    data[4:40_000] = bytes(39_996)
    (tmp_path / "cut.parquet").write_bytes(data)
    with pytest.raises(EngineError) as error:
        runner(spark)(CountQuery((tmp_path / "cut.parquet",), EVERY[:1]))
    assert str(error.value).startswith("Spark failed: ")
    assert "\n" not in str(error.value)


# The command


def run(*words: str | Path) -> tuple[int, str]:
    got = CliRunner().invoke(app, [*map(str, words)])
    error = got.exception
    return getattr(error, "exit_code", got.exit_code), got.stdout if error is None or got.exit_code == 0 else str(error)


def test_the_command_counts_on_spark_and_prints_json_alone(spark: Any, planted: Path, tmp_path: Path) -> None:
    """With reasons, in a process that has a Spark already."""
    told = {}
    for engine in ("duckdb", "spark"):
        reasons = tmp_path / f"{engine}.csv"
        code, out = run("count", planted, "--engine", engine, "--by", "year", "--reasons", reasons, "--format", "json")
        assert code == 0, out
        told[engine] = json.loads(out) | {"engine": ""}
    assert told["spark"] == told["duckdb"]
    assert sorted((tmp_path / "spark.csv").read_text().splitlines()) == sorted(
        (tmp_path / "duckdb.csv").read_text().splitlines()
    )


def test_settings_of_spark_are_refused_beside_another_engine() -> None:
    assert run("count", "x.csv", "--master", "local[1]") == (
        2,
        "--master and --conf are settings of Spark. Add --engine spark, or leave them out.",
    )
    assert run("count", "x.csv", "--engine", "spark", "--conf", "memory=1g") == (
        2,
        "--conf memory=1g is no setting of Spark. Write it as spark.executor.memory=4g.",
    )
    assert run("count", "x.csv", "--engine", "sparc") == (
        2,
        "There is no engine 'sparc' in this version. Did you mean 'spark'?",
    )


def test_without_pyspark_one_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch, planted: Path) -> None:
    """None stands for a module that cannot be imported."""
    monkeypatch.setitem(sys.modules, "pyspark.core.context", None)
    assert run("count", planted, "--engine", "spark") == (
        5,
        "Spark is asked for, and pyspark is not installed. Install it: pip install 'facetwise[spark]'.",
    )


@pytest.mark.parametrize(
    ("master", "java_home", "said"),
    [
        ("nonsense://x", None, "EngineError: Spark did not start on nonsense://x: "),
        ("local[1]", "/nowhere", "EngineError: Spark did not start: "),
    ],
    ids=["a master that is none", "no Java"],
)
def test_a_spark_that_does_not_start_is_one_message_and_nothing_on_standard_output(
    planted: Path, master: str, java_home: str | None, said: str
) -> None:
    """In a process of its own, since Java starts once in a process. What to do is in the message."""
    done = subprocess.run(
        [sys.executable, "-m", "facetwise", "count", str(planted), "--engine", "spark", "--master", master],
        env={**os.environ, **({"JAVA_HOME": java_home} if java_home else {})},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (5, "")
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == 1
    assert ("Check --master" in done.stderr) or ("install one, or set JAVA_HOME" in done.stderr)


def test_an_audit_of_what_spark_finds_is_that_of_what_is_found_here(spark: Any, tmp_path: Path) -> None:
    """Every policy, each denervation's truths, the cover and what became of the rows, unreadable ones among them."""
    made = made_up(2_000, seed=3)
    made.rows += ["90001,p1,R0A", "90002,p1,R0A,Q01,2014-13-01,2014-01-01,50,50,11,01,||V485,||M545,V485,M545"]
    question = AuditRequest(
        (written(tmp_path / "activity.csv", made),), tuple(POLICIES.values()), DEFINITIONS["any-v48"]
    )
    here, there = audit_all(question).results, audit_all(question, session=spark).results
    assert here[0].input.aside == 2
    for ours, theirs in zip(here, there, strict=True):
        assert ours.to_json() == theirs.to_json()
        assert ours.judged.equals(theirs.judged)
