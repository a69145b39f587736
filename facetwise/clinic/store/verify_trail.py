"""The check of the trail: every entry follows the one before it, and the changes of each record give the stored record.

Two walks, so that never more than one record is in memory: along the whole chain by number, then along the changes of
one patient after the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, select

from facetwise.clinic.store.audit_trail import BEGINNING, TrailHead, entry_of
from facetwise.clinic.store.json_diff import NOTHING, MisfitError, applied, canonical, hash_of
from facetwise.clinic.store.tables import PATIENTS, TRAIL
from facetwise.errors import InputError

_AT_ONCE = 1_000
# What other hands wrote may be anything.
_NO_CHANGES = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
_Line = Row[tuple[Any, ...]]


def faults(connection: Connection, noted_heads: Iterable[TrailHead] = ()) -> Iterator[str]:
    """Whatever shows that the trail, or a record beside it, was changed by other hands; nothing when all is well.

    connection: one that no save moves under. kept: heads noted earlier, which must still stand in the trail.
    """
    yield from _chain(connection, noted_heads)
    yield from _records(connection)


def _chain(connection: Connection, noted_heads: Iterable[TrailHead]) -> Iterator[str]:
    expected, previous = 1, BEGINNING
    wanted = {noted.number: noted.hash for noted in noted_heads}
    for row in connection.execute(_by_parts(select(TRAIL).order_by(TRAIL.c.number))).mappings():
        entry = entry_of(row)
        if entry.number != expected:
            yield f"entry {expected} is missing: the next is {entry.number}"
        if entry.previous != previous:
            yield f"entry {entry.number} does not follow the one before it"
        if entry.hash != row["hash"]:
            yield f"entry {entry.number} was changed: its hash is not that of what it says"
        if wanted.pop(entry.number, row["hash"]) != row["hash"]:
            yield f"entry {entry.number} is not the one that was noted"
        expected, previous = entry.number + 1, row["hash"]
    yield from (f"entry {number} was noted and is gone: the end was cut off" for number in wanted)


def _records(connection: Connection) -> Iterator[str]:
    """Records that are not what the trail says of them, and changes that do not lead to them."""
    names = ("number", "patient", "version", "changes", "before_hash", "after_hash")
    lines = select(*(TRAIL.c[name] for name in names)).where(TRAIL.c.patient.is_not(None))
    rows = connection.execute(_by_parts(lines.order_by(TRAIL.c.patient, TRAIL.c.number)))
    left = set(connection.execute(select(PATIENTS.c.id)).scalars())
    for patient, changes in groupby(rows, key=lambda row: str(row.patient)):
        left.discard(patient)
        yield from _record(connection, patient, changes)
    yield from (f"the record {patient} is not what the trail last says of it" for patient in sorted(left))


def _record(connection: Connection, patient: str, lines: Iterable[_Line]) -> Iterator[str]:
    replay = _Replay()
    for line in lines:
        yield from replay.step(line)
    row = connection.execute(select(PATIENTS.c.version, PATIENTS.c.record).where(PATIENTS.c.id == patient)).first()
    if row is None:
        if replay.hash is not None:
            yield f"the record {patient} is gone, and the trail does not say so"
    elif (row.version, hash_of(row.record)) != (replay.version, replay.hash):
        yield f"the record {patient} is not what the trail last says of it"
    elif replay.fits and not replay.gives(row.record):
        yield f"the record {patient} is not what its changes give, one after the other"


@dataclass
class _Replay:
    """One record, made again from nothing by its changes."""

    version: int = 0
    hash: str | None = None
    document: Any = field(default=NOTHING)
    fits: bool = True

    def step(self, line: _Line) -> Iterator[str]:
        """Carry out the changes of one entry."""
        if (line.version, line.before_hash) != (self.version + 1, self.hash):
            yield f"entry {line.number} does not follow what was last done to its record"
        self.version, self.hash = line.version, line.after_hash
        if self.fits:
            try:
                self.document = applied(self.document, line.changes)
            except (MisfitError, *_NO_CHANGES):
                self.fits = False
                yield f"entry {line.number} says changes that cannot be made in its record"

    def gives(self, record: str) -> bool:
        """Whether this is what was made."""
        try:
            return canonical(self.document) == record
        except (InputError, *_NO_CHANGES):
            return False


def _by_parts(sought: Any) -> Any:
    return sought.execution_options(yield_per=_AT_ONCE)
