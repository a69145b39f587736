"""The store: patients' records in SQLite or PostgreSQL, each save with its entry in the trail or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, insert, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from facetwise.clinic import trail
from facetwise.clinic.tables import PATIENTS
from facetwise.errors import EngineError, FacetwiseError, InputError, UsageError
from facetwise.record.reading import parsed, record_of
from facetwise.record.record import Record

_WRITERS = 0x0FACE7  # the advisory lock that writers on PostgreSQL take in turn
_WAIT_MS = 15_000


class ConflictError(FacetwiseError):
    """Somebody else saved the same patient first. Both versions are here; nothing was lost."""

    exit_code = 5
    http_status = 409

    def __init__(self, yours: Mapping[str, Any], theirs: Stored) -> None:
        super().__init__(
            f"The record {theirs.id} was saved by somebody else meanwhile (version {theirs.version}). "
            "Look at both, and save again what should stand."
        )
        self.yours = yours
        self.theirs = theirs


@dataclass(frozen=True)
class Stored:
    """A patient as the store holds it: the record as JSON, and the version that a save must name."""

    id: str
    version: int
    document: Mapping[str, Any]

    @property
    def record(self) -> Record:
        return record_of(self.document, self.id)


class Store:
    """The records of one clinic. Every method is one transaction."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now

    def add(self, document: Mapping[str, Any], who: str) -> Stored:
        """Store a new patient; without an id it gets one. Errors: InputError for no record, or an id that is there."""
        patient = str(document.get("id") or uuid4())
        after = _canonical({**document, "id": patient})
        with self._writing() as connection:
            if connection.execute(select(PATIENTS.c.id).where(PATIENTS.c.id == patient)).first():
                raise InputError(f"There is a record {patient} already. Open it, or give another id.")
            connection.execute(insert(PATIENTS).values(id=patient, version=1, record=after))
            trail.append(connection, self._at(), who, "added", patient, 1, None, after)
        return Stored(patient, 1, parsed(after.encode(), patient))

    def get(self, patient: str) -> Stored:
        """One patient. Errors: InputError for an id that is not there."""
        with self._reading() as connection:
            return self._get(connection, patient)

    def save(self, patient: str, document: Mapping[str, Any], version: int, who: str) -> Stored:
        """Save a patient over the version that was read. Errors: ConflictError when it is no longer that; InputError."""
        after = _canonical({**document, "id": patient})
        with self._writing() as connection:
            held = self._get(connection, patient)
            if held.version != version:
                raise ConflictError(document, held)
            before = _canonical(held.document)
            if after == before:
                return held
            changed = update(PATIENTS).where(PATIENTS.c.id == patient, PATIENTS.c.version == version)
            connection.execute(changed.values(version=version + 1, record=after))
            trail.append(connection, self._at(), who, "saved", patient, version + 1, before, after)
        return Stored(patient, version + 1, parsed(after.encode(), patient))

    def every(self) -> Iterator[Stored]:
        """Every patient, by id."""
        with self._reading() as connection:
            rows = connection.execution_options(yield_per=500).execute(select(PATIENTS).order_by(PATIENTS.c.id))
            for row in rows:
                yield Stored(row.id, row.version, parsed(row.record.encode(), row.id))

    def note(self, who: str, did: str) -> None:
        """Write something that concerns no record into the trail, such as a sign-in."""
        with self._writing() as connection:
            trail.append(connection, self._at(), who, did)

    def head(self) -> trail.Head:
        """The last entry of the trail, to be kept elsewhere."""
        with self._reading() as connection:
            return trail.head(connection)

    def faults(self, kept: tuple[trail.Head, ...] = ()) -> tuple[str, ...]:
        """Whatever is wrong with the trail or the records beside it."""
        with self._reading() as connection:
            return trail.faults(connection, kept)

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()

    def _get(self, connection: Connection, patient: str) -> Stored:
        row = connection.execute(select(PATIENTS).where(PATIENTS.c.id == patient)).first()
        if row is None:
            raise InputError(f"There is no record {patient}. Check the id.")
        return Stored(row.id, row.version, parsed(row.record.encode(), patient))

    def _at(self) -> str:
        return self._now().astimezone(UTC).isoformat(timespec="microseconds")

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with _told(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A transaction that no other writer shares, so that the trail has one order."""
        with _told(), self._engine.connect() as connection, connection.begin():
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITERS})
            yield connection


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        first = (str(error).splitlines() or [""])[0]
        raise EngineError(f"The store failed: {first}. Check the database.") from error


def open_store(url: str, now: Callable[[], datetime], existing: bool = False) -> Store:
    """The store at a URL, its tables made or brought up to date.

    url: 'sqlite:///clinic.db', 'postgresql+psycopg://user@host/name'. existing: refuse to make a file that is not there.
    Errors: UsageError, InputError, EngineError.
    """
    try:
        made = make_url(url)
        name = made.get_backend_name()
    except ArgumentError as error:
        raise UsageError(f"'{url}' is no database URL. Write it as sqlite:///clinic.db.") from error
    if name not in ("sqlite", "postgresql"):
        raise UsageError(f"The store does not speak {name}. Use sqlite or postgresql+psycopg.")
    if existing and name == "sqlite" and not Path(made.database or "").is_file():
        raise InputError(f"There is no database {made.database}. Name the clinic's own with --db.")
    engine = create_engine(url, pool_pre_ping=name == "postgresql")
    if name == "sqlite":
        event.listen(engine, "connect", _sqlite_ready)
    with _told():
        _upgrade(engine)
    return Store(engine, now)


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


def _canonical(document: Mapping[str, Any]) -> str:
    """A record as JSON in one way only, checked to be one. Errors: InputError."""
    record_of(document, str(document.get("id", "the record")))
    return json.dumps(document, sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=_number)


def _number(value: object) -> object:
    if isinstance(value, Decimal):
        if value == value.to_integral_value():
            return int(value)
        if Decimal(repr(float(value))) == value:
            return float(value)
        raise InputError("A number in the record has more digits than can be kept. Round it as it was measured.")
    raise TypeError(f"{type(value).__name__} has no place in a record.")
