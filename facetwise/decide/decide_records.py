"""What `facetwise.decide` does: one record, read from whatever it is given as, against policies."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from facetwise.clock import today
from facetwise.decide.calendar import day_of
from facetwise.decide.decision import Decision, decide_as_of
from facetwise.decide.record_as_of import record_as_of
from facetwise.errors import InputError
from facetwise.language.policy import Policy
from facetwise.library import policies_named
from facetwise.record.files import ReadRecord, Refused, one_document, read_records
from facetwise.record.record import Record

Recorded = Record | Mapping[str, object] | str | Path


def decided(
    record: Recorded, policy: str | Policy | Sequence[str | Policy] | None, as_of: date | str | None
) -> Decision | tuple[Decision, ...]:
    """The decision of one policy, or a tuple of those of several or all. Errors: InputError, UsageError."""
    read = _one_record(record)
    seen = record_as_of(read.record, (None if as_of is None else day_of(as_of)) or read.record.request.date or today())
    told = tuple(decide_as_of(seen, one, read.record.id or read.name) for one in policies_named(policy))
    return told[0] if isinstance(policy, str | Policy) else told


def _one_record(record: Recorded) -> ReadRecord:
    if isinstance(record, Record):
        return ReadRecord("record", record, {})
    if isinstance(record, Mapping):
        return one_document(record, "record")
    found = list(read_records([str(record)], io.BytesIO()))
    if len(found) != 1 or isinstance(found[0], Refused):
        why = found[0].why if found and isinstance(found[0], Refused) else f"{record} holds {len(found)} records."
        raise InputError(f"{why} Give one record, or ask of each.")
    return found[0]
