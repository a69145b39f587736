"""One meaning on a real cluster: a master, a worker and tables that another Spark wrote, answering as DuckDB does."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pyspark
import pytest

from facetwise.compile.spark.cluster_checks import interrupt_held_back, refuse_absent
from facetwise.compile.spark.session import SparkSettings, spark_session
from facetwise.errors import EngineError
from facetwise.spells.synthetic.synth import write_synthetic
from tests.parity.spark_tables import AUDIT, COUNT, answer, run, write_tables

_SPARK = Path(pyspark.__file__).parent
# Ends what it started when its standard input does, so nothing outlives these tests, however they end.
_TIED = '"$@" </dev/null & child=$!; read _; kill $child; wait $child'


@contextmanager
def daemon(log: Path, name: str, *words: str) -> Iterator[None]:
    """A daemon of a standalone cluster, and whatever it starts, ended afterwards."""
    command = [str(_SPARK / "bin" / "spark-class"), f"org.apache.spark.deploy.{name}", "--host", "127.0.0.1", *words]
    environment = os.environ | {"SPARK_HOME": str(_SPARK), "SPARK_LOCAL_IP": "127.0.0.1"}
    with log.open("wb") as said:
        started = subprocess.Popen(
            ["sh", "-c", _TIED, "sh", *command, "--port", "0", "--webui-port", "0"],
            stdin=subprocess.PIPE, stdout=said, stderr=said, env=environment, start_new_session=True,
        )  # fmt: skip
    assert started.stdin is not None
    try:
        yield
    finally:
        started.stdin.close()
        try:
            started.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(started.pid, signal.SIGKILL)
            started.wait()


def said_in(log: Path, pattern: str) -> str:
    for _ in range(300):
        if found := re.search(pattern, log.read_text()):
            return found.group()
        time.sleep(0.2)
    raise AssertionError(f"{pattern} is not in: {log.read_text()[-2000:]}")


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a cluster with one worker, on ports that were free."""
    folder = tmp_path_factory.mktemp("cluster")
    with ExitStack() as running:
        running.enter_context(daemon(folder / "master.log", "master.Master"))
        url = said_in(folder / "master.log", r"spark://127\.0\.0\.1:[1-9]\d*")
        own = ("--cores", "2", "--memory", "1g", "--work-dir", str(folder / "work"), url)
        running.enter_context(daemon(folder / "worker.log", "worker.Worker", *own))
        said_in(folder / "worker.log", "Successfully registered")
        yield url


@pytest.fixture(scope="module")
def activity(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """3,000 seeded spells as Parquet and, a few of them unreadable, as CSV."""
    file = tmp_path_factory.mktemp("activity") / "activity.parquet"
    write_synthetic(3_000, 11, file)
    pa_csv.write_csv(pq.read_table(file), file.with_suffix(".csv"))
    with file.with_suffix(".csv").open("a") as more:
        more.write("just one field\n")
    return file


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> tuple[tuple[str, str], ...]:
    """Settings under which Spark keeps its catalogue in a folder (Derby and Hive, which pyspark carries)."""
    folder = tmp_path_factory.mktemp("catalogue")
    return (
        ("spark.sql.catalogImplementation", "hive"),
        ("spark.sql.warehouse.dir", str(folder / "warehouse")),
        ("spark.hadoop.javax.jdo.option.ConnectionURL", f"jdbc:derby:;databaseName={folder}/metastore;create=true"),
        ("spark.driver.extraJavaOptions", f"-Dderby.system.home={folder}"),
    )


@pytest.fixture(scope="module")
def tables(catalogue: tuple[tuple[str, str], ...], activity: Path) -> tuple[str, ...]:
    """Tables of the same spells that a Spark which has ended since wrote: plain, partitioned, a view, other types."""
    with spark_session(SparkSettings("local[2]", (*catalogue, ("spark.sql.shuffle.partitions", "2")))) as session:
        return write_tables(session, activity)


@pytest.fixture(scope="module")
def spark(master: str, catalogue: tuple[tuple[str, str], ...], tables: tuple[str, ...]) -> Iterator[Any]:
    """A driver on the cluster, which the commands below find in their process."""
    local = (("spark.driver.host", "127.0.0.1"), ("spark.sql.shuffle.partitions", "2"))
    with spark_session(SparkSettings(master, (*catalogue, *local))) as session:
        yield session


@pytest.mark.long
def test_a_cluster_counts_and_audits_files_and_tables_row_by_row_as_duckdb_does(
    spark: Any, master: str, activity: Path, tables: tuple[str, ...], tmp_path: Path
) -> None:
    """The whole JSON, and each spell's reasons, of Parquet, of CSV with a broken line, and of every kind of table."""
    on_cluster = ("--engine", "spark", "--master", master)
    text = activity.with_suffix(".csv")
    asked: list[tuple[tuple[str, ...], Path, str | Path]] = [
        *((COUNT, file, file) for file in (activity, text)),
        *((COUNT, activity, f"table:{table}") for table in tables),
        (AUDIT, text, text),
        (AUDIT, activity, "table:national.spells"),
    ]
    for command, here, there in asked:
        expected = answer(tmp_path / "here.parquet", *command, here)
        found = answer(tmp_path / "there.parquet", *command, there, *on_cluster)
        assert len(expected[1]) > 50
        assert found == expected, (command[0], there)
    assert spark.sparkContext.master == master
    executors = len(spark.sparkContext._jsc.sc().statusTracker().getExecutorInfos())
    assert executors == 2  # the driver and the worker's one: the work was not done here


@pytest.mark.long
def test_what_a_cluster_cannot_open_is_one_message(spark: Any, master: str, activity: Path) -> None:
    """Names that the catalogue has not."""
    on_cluster = ("--engine", "spark", "--master", master)
    for name in ("national.none", "nowhere.spells", "", "a.b.c.d", "national.spells WHERE true"):
        code, said = run("count", f"table:{name}", *on_cluster)
        assert (code, said[:22], said[-16:]) == (3, "Spark cannot open it: ", "Check the name.".rjust(16)), said


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_master_that_is_not_there_is_refused_at_once() -> None:
    """Spark would try for a minute. Of several masters one is enough; other kinds of master are left to Spark."""
    url = f"spark://127.0.0.1:{closed_port()}"
    with pytest.raises(EngineError) as error:
        refuse_absent(url)
    assert str(error.value) == (
        f"Nobody answers at {url} (Connection refused). Check --master, and whether the cluster runs."
    )
    with socket.create_server(("127.0.0.1", 0)) as there:
        refuse_absent(f"{url},127.0.0.1:{there.getsockname()[1]}")
    for other in ("yarn", "local[2]", "k8s://https://x:1", "spark://nonsense", "spark://127.0.0.1:99999"):
        refuse_absent(other)


def test_settings_that_would_change_what_values_mean_are_refused() -> None:
    """Saying what holds anyway is no change."""
    given = ("count", "none.csv", "--engine", "spark", "--conf")
    assert run(*given, "spark.sql.session.timeZone=Europe/London") == (
        2,
        "--conf spark.sql.session.timeZone=Europe/London would change what values mean: it is UTC here. Leave it out.",
    )


@pytest.fixture
def heeded() -> Iterator[None]:
    """Ctrl-C interrupts, also where the tests themselves were started with it ignored (nohup, some CI runners)."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_an_interrupt_waits_until_java_has_started(heeded: None) -> None:
    """Half started, Java would never end by itself."""
    done, before = False, signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), interrupt_held_back():
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.05)
        done = True
    assert done
    assert signal.getsignal(signal.SIGINT) is before


def test_an_ignored_interrupt_stays_ignored(heeded: None) -> None:
    """Whoever started the command with Ctrl-C ignored is not stopped by it, during the block or after."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with interrupt_held_back():
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


@pytest.mark.long
@pytest.mark.parametrize("after", [2.0, None], ids=["while Java starts", "while the cluster has no worker free"])
def test_waiting_is_told_of_and_an_interrupt_leaves_no_java_behind(
    heeded: None, master: str, activity: Path, after: float | None
) -> None:
    """More memory than any worker has: Spark waits for ever, and says so here."""
    command = [sys.executable, "-m", "facetwise", "count", str(activity), "--engine", "spark", "--master", master]
    asked = subprocess.Popen(
        [*command, "--conf", "spark.executor.memory=900g", "--conf", "spark.driver.host=127.0.0.1"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert asked.stderr is not None
    try:
        if after is None:
            said = asked.stderr.readline()
            assert said.startswith(f"Spark waits for a worker: {master} has given none for 20 seconds.")
            assert "spark.executor.memory, here 900g" in said
        else:
            time.sleep(after)
        os.killpg(asked.pid, signal.SIGINT)
        out, error = asked.communicate(timeout=60)
        assert (asked.returncode, out, error) == (130, "", "")
        for _ in range(100):
            left = subprocess.run(["pgrep", "-g", str(asked.pid)], capture_output=True, check=False).stdout
            if not left:
                break
            time.sleep(0.1)
        assert not left
    finally:
        if asked.poll() is None:
            os.killpg(asked.pid, signal.SIGKILL)
