"""The clinic's database: SQLite or PostgreSQL, its tables made or brought up to date, one writer at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from facetwise.errors import EngineError, InputError, UsageError

_WRITERS = 0x0FACE7  # the advisory lock that writers on PostgreSQL take in turn
_WAIT_MS = 15_000


class Database:
    """Connections to one clinic's database. Every block below is one transaction."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self.now = now

    def at(self) -> str:
        """The time that an entry of the trail carries."""
        return self.now().astimezone(UTC).isoformat(timespec="microseconds")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read from."""
        with _errors_translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def unmoving(self) -> Iterator[Connection]:
        """A connection to which everything stays as it is now, whatever is written meanwhile."""
        with _errors_translated(), self._engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN")
            else:
                connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that no other writer shares, so that the trail has one order."""
        with _errors_translated(), self._engine.connect() as connection, connection.begin():
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITERS})
            yield connection

    @contextmanager
    def noting(self) -> Iterator[Connection | None]:
        """A transaction for what may be left out, such as when a link was last used: None while somebody else writes."""
        with self._engine.connect() as connection:
            try:
                if connection.dialect.name == "sqlite":
                    connection.exec_driver_sql("PRAGMA busy_timeout=0")
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                free = True
            except SQLAlchemyError:
                free = False
            try:
                if free:
                    yield connection
                    connection.commit()
                else:
                    yield None
            finally:
                if connection.dialect.name == "sqlite":
                    connection.rollback()
                    connection.exec_driver_sql(f"PRAGMA busy_timeout={_WAIT_MS}")

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()


def open_database(url: str, now: Callable[[], datetime], existing: bool = False) -> Database:
    """The database at a URL, its tables made or brought up to date.

    url: 'sqlite:///clinic.db', 'postgresql+psycopg://user@host/name'. existing: refuse to make a file that is not there.
    Errors: UsageError, InputError, EngineError.
    """
    try:
        parsed = make_url(url)
        name = parsed.get_backend_name()
    except ArgumentError as error:
        raise UsageError(f"'{url}' is not a database URL. Write it as sqlite:///clinic.db.") from error
    if name not in ("sqlite", "postgresql"):
        raise UsageError(f"The store does not speak {name}. Use sqlite or postgresql+psycopg.")
    if existing and name == "sqlite" and not Path(parsed.database or "").is_file():
        raise InputError(f"There is no database {parsed.database}. Name the clinic's own with --db.")
    if name == "sqlite" and parsed.database and parsed.database != ":memory:":
        _make_for_the_owner(Path(parsed.database))
    engine = create_engine(url, pool_pre_ping=name == "postgresql", pool_size=20, max_overflow=30)
    if name == "sqlite":
        event.listen(engine, "connect", _sqlite_ready)
    with _errors_translated():
        _upgrade(engine)
    return Database(engine, now)


def _make_for_the_owner(file: Path) -> None:
    """Make the file, where it is not there, so that nobody else of this machine can read it; SQLite's others follow it."""
    try:
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise InputError(f"Cannot open {file}: {error.strerror}. Check the folder and who may write there.") from error


@contextmanager
def _errors_translated() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        first = (str(error).splitlines() or [""])[0]
        raise EngineError(f"The store failed: {first}. Check the database.") from error


def _sqlite_ready(connection: Any, _: object) -> None:
    """Transactions begin where the store says so; what was acknowledged is on disk; writers wait for each other."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={_WAIT_MS}"):
        connection.execute(f"PRAGMA {pragma}")


def _upgrade(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
