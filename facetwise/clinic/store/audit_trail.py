"""The trail of every change: append-only, each entry holding what changed and the hash of the entry before it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Connection, RowMapping, insert, select

from facetwise.clinic.store.json_diff import NOTHING, JsonChange, canonical, changes_text, hash_of
from facetwise.clinic.store.tables import TRAIL

BEGINNING = "0" * 64


@dataclass(frozen=True)
class Entry:
    """One change: its number, when and by whom, what was done, and the places that changed with before and after.

    changes: as `changes.changes_of` reads them. before_hash, after_hash: SHA-256 of the whole record as canonical JSON.
    """

    number: int
    at: str
    who: str
    did: str
    patient: str | None
    version: int | None
    changes: str | None
    before_hash: str | None
    after_hash: str | None
    previous: str

    @property
    def hash(self) -> str:
        """SHA-256 over every field and so, through `previous`, over every entry before."""
        return sha256(json.dumps(vars(self), sort_keys=True, ensure_ascii=True).encode()).hexdigest()


@dataclass(frozen=True)
class TrailHead:
    """The last entry of a trail. Kept elsewhere, it shows later whether the end of the trail was cut off."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


@dataclass(frozen=True)
class Saved:
    """A record as it was saved: canonical JSON before, None for a new one, and after."""

    patient: str
    version: int
    before: str | None
    after: str


def record_saved(connection: Connection, at: str, who: str, did: str, saved: Saved) -> TrailHead:
    """Add an entry of a record within a transaction that no other writer shares."""
    changes = changes_text(saved.before, saved.after)
    hashes = hash_of(saved.before), hash_of(saved.after)
    return _append(connection, (at, who, did, saved.patient, saved.version, changes, *hashes))


def note(
    connection: Connection,
    at: str,
    who: str,
    did: str,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> TrailHead:
    """Add an entry that concerns no record, such as a sign-in, within a transaction that no other writer shares.

    before and after are told whole: which person it was has not changed, and must be said.
    """
    change = JsonChange((), NOTHING if before is None else before, NOTHING if after is None else after)
    changes = None if before is None and after is None else canonical([change.to_json()])
    return _append(connection, (at, who, did, None, None, changes, None, None))


_Values = tuple[str, str, str, str | None, int | None, str | None, str | None, str | None]


def _append(connection: Connection, values: _Values) -> TrailHead:
    last = head(connection)
    entry = Entry(last.number + 1, *values, last.hash)
    connection.execute(insert(TRAIL).values(**vars(entry), hash=entry.hash))
    return TrailHead(entry.number, entry.hash)


def head(connection: Connection) -> TrailHead:
    """The last entry, or the beginning."""
    row = connection.execute(select(TRAIL.c.number, TRAIL.c.hash).order_by(TRAIL.c.number.desc()).limit(1)).first()
    return TrailHead(row.number, row.hash) if row else TrailHead(0, BEGINNING)


def entries_of(connection: Connection, patient: str, after: int = 0) -> list[Entry]:
    """Every change of one patient, or those past a version, the latest first."""
    sought = select(TRAIL).where(TRAIL.c.patient == patient, TRAIL.c.version > after)
    rows = connection.execute(sought.order_by(TRAIL.c.number.desc()))
    return [entry_of(row) for row in rows.mappings()]


def notes(connection: Connection, limit: int) -> list[Entry]:
    """The latest entries that concern no record: sign-ins, people, settings, links."""
    rows = connection.execute(
        select(TRAIL).where(TRAIL.c.patient.is_(None)).order_by(TRAIL.c.number.desc()).limit(limit)
    )
    return [entry_of(row) for row in rows.mappings()]


def entry_of(row: RowMapping) -> Entry:
    """The entry in a row of the table."""
    return Entry(**{name: row[name] for name in Entry.__dataclass_fields__})
