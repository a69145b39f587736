"""A Spark session that says nothing of its own, and its failures as one message each.

pyspark is imported when a session is asked for, and not before: most who count have no Spark.
"""

from __future__ import annotations

import logging
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import IO, Any, TypeVar

import pyarrow as pa

from facetwise.compile.spark.cluster_checks import (
    interrupt_given_back,
    interrupt_held_back,
    refuse_absent,
    told_of_waiting,
)
from facetwise.errors import EngineError, InputError, UsageError

_Got = TypeVar("_Got")
_QUIET = {
    "spark.app.name": "facetwise",
    "spark.log.level": "ERROR",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
_LOCAL = {  # one machine needs no network, and few rows no two hundred pieces
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.shuffle.partitions": "8",
    "spark.sql.warehouse.dir": str(Path(tempfile.gettempdir(), "facetwise-spark")),  # else a folder where one stands
}
MEANING = {  # of SQL; what a value means must not depend on how somebody set up a cluster
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "true",
    "spark.sql.ansi.enabled": "false",
    "spark.sql.parquet.binaryAsString": "true",
    "spark.sql.legacy.charVarcharAsString": "false",
    "spark.sql.files.ignoreMissingFiles": "false",  # what cannot be read is told of, never left out
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.parser.quotedRegexColumnNames": "false",
    "spark.sql.variable.substitute": "false",
}
_NO_SPARK = "Spark is asked for, and pyspark is not installed. Install it: pip install 'facetwise[spark]'."
_NO_JAVA = "Spark did not start: {}. It needs a Java runtime, 17 or later: install one, or set JAVA_HOME."
_NO_MASTER = "Spark did not start on {}: {}. Check --master (local[2], spark://host:7077, yarn, k8s://...) and --conf."


_OF_JAVA = re.compile(
    r"JAVA_HOME|java: |/java|UnsupportedClassVersion|^\s*$"
)  # which master fails, Spark says in other words
_TELLING = re.compile(r"Exception|Error|error|JAVA_HOME|not found|No such file")
_LOGGERS = (  # they repeat on standard error what is raised
    "SQLQueryContextLogger",
    "DataFrameQueryContextLogger",
)
_UNSEEN = re.compile(r"File .+ does not exist")
_SHARED = (
    "Every worker of a cluster must find the input under that name: name a folder that all share, or s3a://, hdfs://"
)
_ALREADY = (
    "Spark runs in this process already, with {0} = {1}, and {0} = {2} is asked for. Leave it out, or stop that Spark."
)


@dataclass(frozen=True)
class SparkSettings:
    """Where Spark runs: the master's URL, and settings of the session by their Spark names."""

    master: str = "local[2]"
    conf: tuple[tuple[str, str], ...] = ()

    @property
    def is_local(self) -> bool:
        return self.master.startswith("local")


@contextmanager
def spark_session(settings: SparkSettings, tell: Callable[[str], None] | None = None) -> Iterator[Any]:
    """A session on that master, stopped afterwards; inside a process that has a Spark already, a session beside it.

    tell: hears that a cluster gives no worker for the work. Errors: EngineError where pyspark, Java or the master is
    missing.
    """
    context_class = _pyspark("pyspark.core.context").SparkContext
    running = context_class._active_spark_context
    for name in _LOGGERS:
        logging.getLogger(name).disabled = True
    logging.getLogger().addFilter(_is_not_of_py4j)
    if running is None:
        logging.getLogger("py4j").setLevel(logging.CRITICAL)  # it logs every connection that an interrupt breaks
    context = running or _started(settings)
    watched = nullcontext() if tell is None or context.master.startswith("local") else told_of_waiting(context, tell)
    try:
        with watched:
            yield session_of(_pyspark("pyspark.sql").SparkSession(context))
    except KeyboardInterrupt:
        if running is None:
            _abandon(context)
        raise
    finally:
        if running is None and context._jsc is not None:
            _stop(context)


def _is_not_of_py4j(record: logging.LogRecord) -> bool:
    """Whether a record that no logger of its own wrote is of others: py4j repeats a Ctrl-C there with its stack."""
    return Path(record.pathname).parent.name != "py4j"


def refuse_beside_running(master: str | None, conf: Sequence[tuple[str, str]]) -> None:
    """Raise UsageError for a master or settings that a Spark which runs in this process already cannot take on."""
    running = _pyspark("pyspark.core.context").SparkContext._active_spark_context
    for name, value in (("spark.master", master), *conf) if running is not None else ():
        held = running.getConf().get(name)
        if value is not None and held != value:
            raise UsageError(_ALREADY.format(name, held, value))


def session_of(session: Any) -> Any:
    """A session beside a given one, with the settings that the meaning of values rests on."""
    own = session.newSession()
    for name, value in MEANING.items():
        own.conf.set(name, value)
    return own


def _pyspark(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise EngineError(_NO_SPARK) from error


def _started(settings: SparkSettings) -> Any:
    pyspark = _pyspark("pyspark")
    wanted = {**_QUIET, **(_LOCAL if settings.is_local else {}), **dict(settings.conf), "spark.master": settings.master}
    conf = pyspark.SparkConf(loadDefaults=False).setAll(list(wanted.items()))
    refuse_absent(settings.master)
    gateway = None
    with tempfile.TemporaryFile() as said:
        try:
            with interrupt_held_back():
                gateway = _gateway(conf, settings, said)
            with interrupt_given_back():
                context = pyspark.SparkContext(conf=conf, gateway=gateway)
            _pyspark("pyspark.sql").SparkSession(context)  # a master that did not answer is noticed here
            return context
        except BaseException as error:  # of py4j, of Java or of pyspark: which depends on the master
            if gateway is not None:
                _end(gateway)
            if isinstance(error, EngineError) or not isinstance(error, Exception):
                raise
            raise EngineError(_NO_MASTER.format(settings.master, first_line(error))) from error


def _gateway(conf: Any, settings: SparkSettings, said: IO[bytes]) -> Any:
    """A Java machine for Spark. What it says goes into a file of its own: standard output is for answers."""
    try:
        return _pyspark("pyspark.java_gateway").launch_gateway(conf, {"stdout": said, "stderr": said})
    except Exception as error:
        said.seek(0)
        text = said.read().decode(errors="replace")
        told = next((line.strip() for line in text.splitlines() if _TELLING.search(line)), first_line(error))
        told = re.sub(r"^.*?(?:Exception|Error): ", "", told).rstrip(".")
        message = _NO_JAVA.format(told) if _OF_JAVA.search(text) else _NO_MASTER.format(settings.master, told)
        raise EngineError(message) from error


def _stop(context: Any) -> None:
    gateway = context._gateway
    context.stop()
    _end(gateway)


def _abandon(context: Any) -> None:
    """End a Spark whose answer is no longer waited for. It is asked nothing: its Java would first finish the question."""
    context_class = _pyspark("pyspark.core.context").SparkContext
    proc = context._gateway.proc
    proc.stdin.close()
    proc.wait()
    context._jsc = None
    context_class._active_spark_context = context_class._gateway = context_class._jvm = None


def _end(gateway: Any) -> None:
    """End the Java machine, so that the next session may have settings of its own."""
    gateway.shutdown()
    context_class = _pyspark("pyspark.core.context").SparkContext
    context_class._gateway = context_class._jvm = None
    if gateway.proc is not None:
        gateway.proc.stdin.close()
        gateway.proc.wait()


def opened(question: Callable[[], _Got]) -> _Got:
    """What Spark opens. Errors: InputError where it finds no such table or file; EngineError where it fails."""
    try:
        return asked(question)
    except EngineError as error:
        if isinstance(error.__cause__, _pyspark("pyspark.errors").AnalysisException):
            raise InputError(f"Spark cannot open it: {first_line(error.__cause__)}. Check the name.") from error
        raise


def asked(question: Callable[[], _Got]) -> _Got:
    """What Spark answers. Errors: EngineError with the first line of what it said instead."""
    errors = _pyspark("pyspark.errors")
    py4j = _pyspark("py4j.protocol")
    try:
        return question()
    except (errors.PySparkException, py4j.Py4JError, OSError) as error:
        said = first_line(error)
        todo = _SHARED if _UNSEEN.search(said) else "Check the input and --conf"
        raise EngineError(f"Spark failed: {said}. {todo}.") from error


def table_of(frame: Any, schema: pa.Schema | None = None) -> pa.Table:
    """The few rows of a Spark frame as an Arrow table. Errors: EngineError."""
    held = asked(frame.toArrow)
    return held if schema is None else held.select(schema.names).cast(schema)


def first_line(error: BaseException) -> str:
    """What a Spark error says, without its stack: of a Java error the cause that is named last."""
    try:
        text = str(error)
    except Exception:  # a Java error asks Java for its words, which may be gone
        return "it ended while it was starting; no answer came from the master"
    causes = re.findall(r"^Caused by: (?:[\w.$]+: )?(.+)$", text, re.MULTILINE)
    lines = [line.strip() for line in (causes[-1:] or text.splitlines()) if line.strip()]
    lines = [re.sub(r"^\[[A-Z_.0-9]+\] | SQLSTATE: \w+.*$", "", line) for line in lines]
    if lines and lines[0].startswith("An error occurred while calling") and len(lines) > 1:
        lines = [re.sub(r"^:?\s*[\w.$]+(?:Exception|Error): ", "", lines[1])]
    return (lines[0] if lines else type(error).__name__).rstrip(". ")
