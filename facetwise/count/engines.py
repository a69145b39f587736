"""The engine that a command counts with: DuckDB on this machine, or Spark wherever its master says."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from facetwise.compile.spark.session import MEANING, SparkSettings, refuse_beside_running, spark_session
from facetwise.count.on_spark import runner
from facetwise.count.query import CountQuery, QueryResult, run_query
from facetwise.errors import UsageError, nearest

ENGINES = ("duckdb", "spark")
OnWarning = Callable[[str], None]


def refuse_engine(name: str, master: str | None, conf: Sequence[str]) -> None:
    """Raise UsageError for an engine that there is not, and for settings of Spark beside another."""
    if name not in ENGINES:
        raise UsageError(f"There is no engine '{name}' in this version." + nearest(name, ENGINES))
    if name != "spark" and (master or conf):
        raise UsageError("--master and --conf are settings of Spark. Add --engine spark, or leave them out.")
    for setting in conf:
        if "=" not in setting or not setting.startswith("spark."):
            raise UsageError(f"--conf {setting} is no setting of Spark. Write it as spark.executor.memory=4g.")
        key, _, value = setting.partition("=")
        if MEANING.get(key, value) != value:
            raise UsageError(
                f"--conf {setting} would change what values mean: it is {MEANING[key]} here. Leave it out."
            )


def _warn(message: str) -> None:
    warnings.warn(message, stacklevel=2)


@contextmanager
def query_runner(
    name: str, master: str | None, conf: Sequence[str], threads: int, on_warning: OnWarning = _warn
) -> Iterator[Callable[[CountQuery], QueryResult]]:
    """A function that runs queries with that engine. Errors: EngineError where Spark cannot start."""
    with session_for(name, master, conf, threads, on_warning) as session:
        yield run_query if session is None else runner(session)


@contextmanager
def session_for(
    name: str, master: str | None, conf: Sequence[str], threads: int, on_warning: OnWarning = _warn
) -> Iterator[Any]:
    """A Spark session on that master (without one, on so many threads of this machine); None for another engine.

    on_warning: receives the message that a cluster gives no worker. Errors: EngineError where Spark cannot start;
    UsageError where another session runs in this process already.
    """
    if name != "spark":
        yield None
        return
    pairs = tuple((key, value) for key, _, value in (setting.partition("=") for setting in conf))
    refuse_beside_running(master, pairs)
    with spark_session(SparkSettings(master or f"local[{threads}]", pairs), on_warning) as session:
        yield session
