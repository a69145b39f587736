"""The store: patients' records in SQLite or PostgreSQL, each save with its entry in the trail or not at all."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, insert, select, update

from facetwise.clinic.model.clinic_record import clinic_of
from facetwise.clinic.store import audit_trail, verify_trail
from facetwise.clinic.store.database import Database, open_database
from facetwise.clinic.store.json_diff import MisfitError, canonical, hash_of, undone
from facetwise.clinic.store.tables import PATIENTS
from facetwise.errors import FacetwiseError, InputError, UnknownRecordError
from facetwise.record.parse import parsed, record_of
from facetwise.record.record import Record

Make = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Makes a new record from the stored one."""
AlsoWrite = Callable[[Connection, "Stored"], None]
"""What is written beside a record in the same transaction, such as its row in the list."""
_Row = Row[tuple[Any, ...]]
_ID = re.compile(r"(?!new$)[A-Za-z0-9][A-Za-z0-9._-]{0,63}")  # /patients/new is the form for one
OF_THE_PATIENT = ("diary", "alerts")
"""Parts of `clinic` that patients write by themselves: they never stand in the way of a save by the clinic."""


class ConflictError(FacetwiseError):
    """Somebody else saved the same patient first. Both versions are here; nothing was lost."""

    exit_code = 5
    http_status = 409

    def __init__(self, yours: Mapping[str, Any], theirs: Stored, base: int) -> None:
        super().__init__(
            f"The record {theirs.id} was saved by somebody else in the meantime (version {theirs.version}). "
            "Compare both, and save again what should be kept."
        )
        self.yours = yours
        self.theirs = theirs
        self.base = base
        """The version that yours was made of."""


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
    """The records of one clinic. Every method is one transaction. also_write: called with each record in its transaction, or not at all."""

    def __init__(self, database: Database, also_write: AlsoWrite | None = None) -> None:
        self.database = database
        self._also_write = also_write

    def add(self, document: Mapping[str, Any], who: str) -> Stored:
        """Store a new patient; without an id it gets one. Errors: InputError for no record, or an id that is there."""
        return self.add_all([document], who)[0]

    def add_all(self, documents: Iterable[Mapping[str, Any]], who: str) -> list[Stored]:
        """Store new patients, all or none. Errors: as `add`."""
        ready = []
        for document in documents:
            patient = _fit_id(document.get("id"))
            ready.append((patient, _canonical({**document, "id": patient})))
        with self.database.writing() as connection:
            return [self._add(connection, patient, after, who) for patient, after in ready]

    def _add(self, connection: Connection, patient: str, after: str, who: str) -> Stored:
        if connection.execute(select(PATIENTS.c.id).where(PATIENTS.c.id == patient)).first():
            raise InputError(f"There is a record {patient} already. Open it, or give another id.")
        connection.execute(insert(PATIENTS).values(id=patient, version=1, record=after))
        audit_trail.record_saved(
            connection, self.database.at(), who, "added", audit_trail.Saved(patient, 1, None, after)
        )
        return self._written(connection, patient, 1, after)

    def get(self, patient: str) -> Stored:
        """One patient. Errors: UnknownRecordError."""
        with self.database.reading() as connection:
            return _stored(_row(connection, patient))

    def save(self, patient: str, document: Mapping[str, Any], version: int, who: str) -> Stored:
        """Save a patient over the version that was read. Errors: ConflictError when it is no longer that; InputError.

        What the patient alone wrote meanwhile (diary, alerts) is kept beside the save and refuses nothing.
        """
        with self.database.writing() as connection:
            row = _row(connection, patient)
            if row.version != version:
                base = _version(connection, row, version)
                document = _beside_the_patient(document, base, _stored(row), version)
            return self._save(connection, row, document, who)

    def change(self, patient: str, make: Make, who: str) -> Stored:
        """The patient with a new record made from whatever is stored, with no other save in between. Errors: InputError."""
        with self.database.writing() as connection:
            row = _row(connection, patient)
            return self._save(connection, row, make(_stored(row).document), who)

    def _save(self, connection: Connection, row: _Row, document: Mapping[str, Any], who: str) -> Stored:
        after = _canonical({**document, "id": row.id})
        if after == row.record:
            return _stored(row)
        version = row.version + 1
        changed = update(PATIENTS).where(PATIENTS.c.id == row.id, PATIENTS.c.version == row.version)
        connection.execute(changed.values(version=version, record=after))
        saved = audit_trail.Saved(row.id, version, row.record, after)
        audit_trail.record_saved(connection, self.database.at(), who, "saved", saved)
        return self._written(connection, row.id, version, after)

    def _written(self, connection: Connection, patient: str, version: int, after: str) -> Stored:
        stored = Stored(patient, version, parsed(after.encode(), patient))
        if self._also_write is not None:
            self._also_write(connection, stored)
        return stored

    def all(self) -> Iterator[Stored]:
        """Every patient, by id."""
        with self.database.reading() as connection:
            rows = connection.execution_options(yield_per=500).execute(select(PATIENTS).order_by(PATIENTS.c.id))
            for row in rows:
                yield _stored(row)

    def history(self, patient: str) -> list[audit_trail.Entry]:
        """Every change of one patient, the latest first."""
        with self.database.reading() as connection:
            return audit_trail.entries_of(connection, patient)

    def note(self, who: str, did: str) -> None:
        """Write something that concerns no record into the trail, such as a sign-in."""
        with self.database.writing() as connection:
            audit_trail.note(connection, self.database.at(), who, did)

    def head(self) -> audit_trail.TrailHead:
        """The last entry of the trail, to be kept elsewhere."""
        with self.database.reading() as connection:
            return audit_trail.head(connection)

    def faults(self, noted: tuple[audit_trail.TrailHead, ...] = ()) -> tuple[str, ...]:
        """Whatever is wrong with the trail or the records beside it, at one moment of a clinic that goes on."""
        with self.database.unmoving() as connection:
            return tuple(verify_trail.faults(connection, noted))

    def close(self) -> None:
        """Give back every connection."""
        self.database.close()


def open_store(url: str, now: Callable[[], datetime], existing: bool = False) -> Store:
    """The records alone of the database at a URL. Errors: as `open_database`."""
    return Store(open_database(url, now, existing))


def _fit_id(wanted: object) -> str:
    """An id that can stand in an address; a new one where none is given. Errors: InputError."""
    if wanted is None:
        return str(uuid4())
    if not isinstance(wanted, str) or not _ID.fullmatch(wanted):
        raise InputError(
            "An id has 1 to 64 letters, digits or . _ -, begins with a letter or digit, and is not 'new'. "
            "Leave it out or change it."
        )
    return wanted


def _row(connection: Connection, patient: str) -> _Row:
    row = _ID.fullmatch(patient) and connection.execute(select(PATIENTS).where(PATIENTS.c.id == patient)).first()
    if not row:
        raise UnknownRecordError(f"There is no record {patient}. Check the id.")
    return row


def _stored(row: _Row) -> Stored:
    return Stored(row.id, row.version, parsed(row.record.encode(), row.id))


def _version(connection: Connection, row: _Row, version: int) -> Mapping[str, Any] | None:
    """A record as it was at an earlier version: what was changed since is undone. None where the trail leads to none."""
    if not 1 <= version <= row.version:
        return None
    document: Any = json.loads(row.record)
    was = hash_of(row.record)
    try:
        for entry in audit_trail.entries_of(connection, row.id, version):
            document, was = undone(document, entry.changes), entry.before_hash
    except MisfitError:
        return None
    text = canonical(document)
    return parsed(text.encode(), row.id) if hash_of(text) == was else None


def _beside_the_patient(
    yours: Mapping[str, Any], base: Mapping[str, Any] | None, theirs: Stored, version: int
) -> Mapping[str, Any]:
    """A save of an older version over one that differs by the patient's own entries alone. Errors: ConflictError."""
    if base is None or _by_the_clinic(base) != _by_the_clinic(theirs.document):
        raise ConflictError(yours, theirs, version)
    if any(_part(yours, name) not in (_part(base, name), _part(theirs.document, name)) for name in OF_THE_PATIENT):
        raise ConflictError(yours, theirs, version)
    parts = {name: _part(theirs.document, name) for name in OF_THE_PATIENT}
    clinic = {**(yours.get("clinic") or {}), **{name: held for name, held in parts.items() if held is not None}}
    return {**yours, "clinic": clinic}


def _part(document: Mapping[str, Any], name: str) -> object:
    return (document.get("clinic") or {}).get(name)


def _by_the_clinic(document: Mapping[str, Any]) -> str:
    clinic = {name: held for name, held in (document.get("clinic") or {}).items() if name not in OF_THE_PATIENT}
    return _canonical({**document, "clinic": clinic})


def _canonical(document: Mapping[str, Any]) -> str:
    """A record as JSON in one way only, checked to be one. Errors: InputError."""
    record_of(document, str(document.get("id", "the record")))
    clinic_of(document)
    return canonical(document)
