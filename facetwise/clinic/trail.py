"""The trail of every change: append-only, each entry holding the hash of the one before it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256

from sqlalchemy import Connection, RowMapping, insert, select

from facetwise.clinic.tables import PATIENTS, TRAIL

BEGINNING = "0" * 64


@dataclass(frozen=True)
class Entry:
    """One change: its number, when and by whom, what was done, and the record before and after as canonical JSON."""

    number: int
    at: str
    who: str
    did: str
    patient: str | None
    version: int | None
    before: str | None
    after: str | None
    previous: str

    @property
    def hash(self) -> str:
        """SHA-256 over every field and so, through `previous`, over every entry before."""
        return sha256(json.dumps(asdict(self), sort_keys=True, ensure_ascii=True).encode()).hexdigest()


@dataclass(frozen=True)
class Head:
    """The last entry of a trail. Kept elsewhere, it shows later whether the end of the trail was cut off."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


def append(
    connection: Connection,
    at: str,
    who: str,
    did: str,
    patient: str | None = None,
    version: int | None = None,
    before: str | None = None,
    after: str | None = None,
) -> Head:
    """Add an entry within a transaction that no other writer shares."""
    last = head(connection)
    entry = Entry(last.number + 1, at, who, did, patient, version, before, after, last.hash)
    connection.execute(insert(TRAIL).values(**asdict(entry), hash=entry.hash))
    return Head(entry.number, entry.hash)


def head(connection: Connection) -> Head:
    """The last entry, or the beginning."""
    row = connection.execute(select(TRAIL.c.number, TRAIL.c.hash).order_by(TRAIL.c.number.desc()).limit(1)).first()
    return Head(row.number, row.hash) if row else Head(0, BEGINNING)


def entries_of(connection: Connection, patient: str) -> list[Entry]:
    """Every change of one patient, the latest first."""
    rows = connection.execute(select(TRAIL).where(TRAIL.c.patient == patient).order_by(TRAIL.c.number.desc()))
    return [_entry(row) for row in rows.mappings()]


def notes(connection: Connection, limit: int) -> list[Entry]:
    """The latest entries that concern no record: sign-ins, people, settings, links."""
    rows = connection.execute(
        select(TRAIL).where(TRAIL.c.patient.is_(None)).order_by(TRAIL.c.number.desc()).limit(limit)
    )
    return [_entry(row) for row in rows.mappings()]


def faults(connection: Connection, kept: Iterable[Head] = ()) -> tuple[str, ...]:
    """Whatever shows that the trail, or a record beside it, was changed by other hands; nothing when all is well.

    kept: heads noted earlier, which must still stand in the trail.
    """
    found: list[str] = []
    expected, previous = 1, BEGINNING
    latest: dict[str, tuple[int | None, str | None]] = {}
    wanted = {kept_head.number: kept_head.hash for kept_head in kept}
    rows = connection.execution_options(yield_per=1000).execute(select(TRAIL).order_by(TRAIL.c.number)).mappings()
    for row in rows:
        entry = _entry(row)
        if entry.number != expected:
            found.append(f"entry {expected} is missing: the next is {entry.number}")
        if entry.previous != previous:
            found.append(f"entry {entry.number} does not follow the one before it")
        if entry.hash != row["hash"]:
            found.append(f"entry {entry.number} was changed: its hash is not that of what it says")
        if wanted.pop(entry.number, row["hash"]) != row["hash"]:
            found.append(f"entry {entry.number} is not the one that was noted")
        expected, previous = entry.number + 1, row["hash"]
        if entry.patient is not None:
            latest[entry.patient] = (entry.version, entry.after)
    found += [f"entry {number} was noted and is gone: the end was cut off" for number in wanted]
    return (*found, *_records(connection, latest))


def _entry(row: RowMapping) -> Entry:
    return Entry(**{name: row[name] for name in Entry.__dataclass_fields__})


def _records(connection: Connection, latest: Mapping[str, tuple[int | None, str | None]]) -> Iterable[str]:
    """Records that are not what the trail last says of them."""
    left = {patient for patient, (_, after) in latest.items() if after is not None}
    for row in connection.execution_options(yield_per=1000).execute(select(PATIENTS)):
        left.discard(row.id)
        if latest.get(row.id) != (row.version, row.record):
            yield f"the record {row.id} is not what the trail last says of it"
    yield from (f"the record {patient} is gone, and the trail does not say so" for patient in sorted(left))
