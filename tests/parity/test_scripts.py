"""One meaning wherever a script is run: DuckDB, PostgreSQL and Spark say what the plain evaluator says of every spell."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from facetwise.audit.histories import Cover
from facetwise.compile.scripts.audit_criteria import column
from facetwise.compile.scripts.audit_script import audit_script
from facetwise.compile.scripts.definition_script import script
from facetwise.compile.spark.session import SparkSettings, spark_session
from facetwise.library import DEFINITIONS, POLICIES, definition
from facetwise.spells.synthetic.synth import write_synthetic
from tests.audit.boundaries import on_boundaries
from tests.audit.planted import FIRST, LAST
from tests.audit.test_audit import plainly, read_whole
from tests.compile.raw_rows import COLUMNS, in_python, random_rows
from tests.compile.test_script import TRAPS
from tests.spells.activity_files import write

ANY, EBI_2K = definition("any-v48"), definition("ebi-2k")
BOTH = frozenset({"denervations", "blocks"})
NARROW = (date(2018, 1, 31), date(2020, 2, 29))
CASES = {
    "as covered": (Cover(FIRST, LAST), ANY),
    "narrower, blocks too": (Cover(*NARROW, BOTH), ANY),
    "nothing whole": (Cover(FIRST, LAST, frozenset()), ANY),
    "of a definition that cannot always tell": (Cover(*NARROW), EBI_2K),
}
EVERY_FORM = ("hny-2025", "medicare-lcd", "radical-trial", "bcbs-nd", "australia-mbs", "ebi-2k-guidance")
_NUMBERS = ("Age_At_Start_of_Spell_SUS", "Der_Age_at_CDS_Activity_Date")
Judged = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def activity(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Histories on the boundaries, and synthetic spells with their odd codes and missing values, in one file."""
    folder = tmp_path_factory.mktemp("scripts")
    own, other, whole = (folder / name for name in ("own.csv", "other.csv", "activity.csv"))
    write(own, on_boundaries(180, 3, [(FIRST, LAST), NARROW]))
    write_synthetic(800, 8, other)
    names = pa_csv.read_csv(own).column_names
    kept = [raw(path).select(names) for path in (own, other)]
    pa_csv.write_csv(pa.concat_tables(kept), whole)
    return whole


def raw(path: Path) -> pa.Table:
    """The columns as a warehouse holds them: text, and ages as whole numbers."""
    header = path.open(encoding="utf-8").readline().strip().replace('"', "").split(",")
    types = {name: pa.int32() if name in _NUMBERS else pa.string() for name in header}
    read = pa_csv.ConvertOptions(column_types=types, strings_can_be_null=True, null_values=[""])
    return pa_csv.read_csv(path, convert_options=read)


@pytest.fixture(scope="module")
def plain(activity: Path) -> dict[str, Judged]:
    spells = read_whole(activity)
    return {name: plainly(spells, *case) for name, case in CASES.items()}


def asked(policy: str, dialect: str, case: str) -> str:
    cover, of = CASES[case]
    return audit_script(POLICIES[policy], dialect, of, (cover.first, cover.last), cover.complete)


def held_against(policy: str, rows: Iterable[dict[str, Any]], expected: Judged) -> int:
    """How many the rows of a script judge; each as it is expected, and no other."""
    judged = {}
    for row in rows:
        truths = {f"{policy}:{c.id}": row[column(c)] for c in POLICIES[policy].criteria}
        if row["set_aside"] is None:
            judged[row["APCS_Ident"]] = {policy: row["outcome"], **truths}
        else:
            assert {row["outcome"], *truths.values()} == {None}
    of_policy = {
        key: {name: told for name, told in truths.items() if name.partition(":")[0] == policy}
        for key, truths in expected.items()
    }
    assert {key: (told, of_policy[key]) for key, told in judged.items() if told != of_policy[key]} == {}
    assert judged.keys() == of_policy.keys()
    return len(judged)


@pytest.mark.parametrize("covered", CASES)
def test_the_script_of_a_policy_says_what_the_plain_evaluator_says_of_each_denervation(
    covered: str, activity: Path, plain: dict[str, Judged]
) -> None:
    """All sixteen policies, criterion by criterion; every truth occurs."""
    seen: set[str] = set()
    with duckdb.connect(":memory:", config={"threads": 2}) as connection:
        connection.register("apcs", raw(activity))
        for policy in POLICIES:
            rows = connection.sql(asked(policy, "duckdb", covered)).to_arrow_table().to_pylist()
            assert held_against(policy, rows, plain[covered]) > 50
            seen |= {truth for row in rows for truth in row.values() if isinstance(truth, str)}
    assert seen >= {"met", "not-met", "unknown", "does-not-meet", "cannot-tell", "no patient key", "no admission date"}
    assert ("not-applicable" in seen) is (covered != "nothing whole")


def test_by_default_a_script_covers_the_first_to_the_last_admission(activity: Path) -> None:
    first, last = (f(day for s in read_whole(activity) if (day := s.admitted)) for f in (min, max))
    with duckdb.connect(":memory:") as connection:
        connection.register("apcs", raw(activity))
        own, said = (
            sorted(connection.sql(audit_script(POLICIES["hny-2025"], "duckdb", ANY, covers)).fetchall())
            for covers in (None, (first, last))
        )
    assert own == said and len(own) > 50


def test_patient_keys_may_be_numbers_and_the_day_of_discharge_may_be_left_out(activity: Path) -> None:
    """As many warehouses hold the keys, and as the header of the script says of a column that is not there."""
    asked_ = asked("hny-2025", "duckdb", "as covered")
    no_day = re.sub(r"CAST\(Discharge_Date AS DATE\)", "CAST(NULL AS DATE)", asked_)
    assert "CAST(NULL AS DATE) for the day of discharge" in " ".join(asked_.replace("\n--", "").split())
    keys = "coalesce(try_cast(substr(Der_Pseudo_NHS_Number, 2) AS UBIGINT), hash(Der_Pseudo_NHS_Number))"
    with duckdb.connect(":memory:") as connection:
        connection.register("own", raw(activity))
        connection.execute(f"CREATE TABLE apcs AS SELECT * REPLACE ({keys} AS Der_Pseudo_NHS_Number) FROM own")
        told = connection.sql(asked_).fetchall()
        without = connection.sql(no_day).fetchall()
    assert len(told) == len(without) > 50
    assert {row[-1] for row in told} - {row[-1] for row in without} == {"discharged before the admission"}


@pytest.fixture(scope="module")
def in_postgres(postgres: str) -> Iterator[psycopg.Connection[Any]]:
    host = postgres.partition("host=")[2]
    subprocess.run(["createdb", "-h", host, "-U", "facetwise", "scripts"], check=True)
    with psycopg.connect(host=host, user="facetwise", dbname="scripts", autocommit=True) as connection:
        yield connection


def fill(connection: psycopg.Connection[Any], columns: str, rows: Iterable[Sequence[object]]) -> None:
    connection.execute("DROP TABLE IF EXISTS apcs")
    connection.execute(f"CREATE TABLE apcs ({columns})".encode())
    with connection.cursor().copy("COPY apcs FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def test_on_a_real_postgresql_the_script_of_a_policy_says_the_same(
    in_postgres: psycopg.Connection[Any], activity: Path, plain: dict[str, Judged]
) -> None:
    """As it is printed, over text columns and whole numbers."""
    table = raw(activity)
    columns = ", ".join(f"{name} {'INTEGER' if name in _NUMBERS else 'TEXT'}" for name in table.column_names)
    fill(in_postgres, columns, zip(*(column.to_pylist() for column in table.columns), strict=True))
    for policy in EVERY_FORM:
        for covered in CASES:
            found = in_postgres.execute(asked(policy, "postgres", covered).encode())
            names = [held.name for held in found.description or ()]
            own = {name.lower(): name for name in ("APCS_Ident",)}
            rows = [dict(zip((own.get(n, n) for n in names), row, strict=True)) for row in found]
            assert held_against(policy, rows, plain[covered]) > 50


def test_on_a_real_postgresql_the_scripts_of_definitions_mean_what_python_means(
    in_postgres: psycopg.Connection[Any],
) -> None:
    """Every trap of a raw column, and seeded rows with every oddity: six definitions, criterion by criterion."""
    rows = random_rows(20231201, 2_000) + [trap[1] for trap in TRAPS]
    fill(
        in_postgres,
        COLUMNS.replace("VARCHAR", "TEXT"),
        ((f"{place:06d}", *row.cells()) for place, row in enumerate(rows)),
    )
    for one in DEFINITIONS.values():
        found = in_postgres.execute(script(one, "postgres").encode()).fetchall()
        ends = 2 + len(one.criteria)
        assert [tuple(row[1:ends]) for row in sorted(found, key=lambda row: str(row[0]))] == [
            in_python(one, row) for row in rows
        ]


@pytest.mark.long
def test_on_a_real_spark_the_script_of_a_policy_says_the_same(
    activity: Path, plain: dict[str, Judged], tmp_path: Path
) -> None:
    """With ANSI mode on, as Spark 4 has it."""
    pq.write_table(raw(activity), tmp_path / "apcs.parquet")
    with spark_session(SparkSettings("local[2]", (("spark.sql.shuffle.partitions", "2"),))) as session:
        session.conf.set("spark.sql.ansi.enabled", "true")
        session.read.parquet(str(tmp_path / "apcs.parquet")).createOrReplaceTempView("apcs")
        for policy in ("medicare-lcd", "bcbs-nd", "australia-mbs"):
            found = session.sql(asked(policy, "spark", "narrower, blocks too")).toArrow().to_pylist()
            assert held_against(policy, found, plain["narrower, blocks too"]) > 50
