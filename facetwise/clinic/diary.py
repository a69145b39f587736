"""The pain diary: several entries a day, each with when it was felt and when it was entered."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from facetwise.clinic.kept import DiaryEntry, Who, clinic_of, with_clinic
from facetwise.clinic.timing import Timing, not_to_come, timing, written
from facetwise.errors import InputError
from facetwise.record.reading import part_of

COLUMNS = ("felt_at", "entered_at", "entered", "score", "place", "doing", "medicines", "notes", "by")
_LONGEST_ID = 64
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Wrote:
    """One entry as the form has it. id: made by the form, so that a form sent twice is kept once.

    felt_at: None is now. written_at: by the clock of a telephone on which it waited for a network.
    """

    id: str
    score: Decimal
    felt_at: datetime | None = None
    written_at: datetime | None = None
    place: str = ""
    doing: str = ""
    medicines: str = ""
    notes: str = ""


@dataclass(frozen=True)
class OneDay:
    """A day of the diary: how many entries, the lowest, highest and mean score, how many filled in later."""

    day: date
    n: int
    lowest: Decimal
    highest: Decimal
    mean: Decimal
    later_n: int


def add_entry(document: Mapping[str, Any], wrote: Wrote, now: datetime, by: Who = "patient") -> dict[str, Any]:
    """The record with one more entry, or as it was where the entry is there already. Errors: InputError."""
    clinic = clinic_of(document)
    if not wrote.id or len(wrote.id) > _LONGEST_ID:
        raise InputError("The entry has no id that can be kept. Open the form anew and send it again.")
    if any(entry.id == wrote.id for entry in clinic.diary):
        return dict(document)
    entered_at, received_at = written(wrote.written_at, now)
    felt_at = (wrote.felt_at or entered_at).astimezone(now.tzinfo)
    not_to_come(felt_at, entered_at)
    entry = part_of(
        DiaryEntry,
        {
            "id": wrote.id,
            "felt_at": felt_at,
            "entered_at": entered_at,
            "received_at": received_at,
            "score": wrote.score,
            **{name: line(getattr(wrote, name)) for name in ("place", "doing", "medicines", "notes")},
            "by": by,
        },
        "the entry",
    )
    kept = sorted((*clinic.diary, entry), key=lambda held: (held.felt_at, held.entered_at))
    return with_clinic(document, clinic.model_copy(update={"diary": tuple(kept)}))


def remove_entry(document: Mapping[str, Any], entry_id: str) -> dict[str, Any]:
    """The record without an entry that was made by mistake; the trail keeps it."""
    clinic = clinic_of(document)
    left = tuple(entry for entry in clinic.diary if entry.id != entry_id)
    if len(left) == len(clinic.diary):
        raise InputError("There is no such entry in the diary. It may have been taken out already.")
    return with_clinic(document, clinic.model_copy(update={"diary": left}))


def line(text: str) -> str | None:
    """Free text on one line, as a record holds it; None where nothing was written."""
    return " ".join(text.split()) or None


def entry_timing(entry: DiaryEntry) -> Timing:
    """Whether an entry was live or filled in later."""
    return timing(entry.felt_at, entry.entered_at)


def days(entries: Iterable[DiaryEntry]) -> tuple[OneDay, ...]:
    """The days that have an entry, by when it was felt, the earliest first."""
    by_day: dict[date, list[DiaryEntry]] = {}
    for entry in entries:
        by_day.setdefault(entry.felt_at.date(), []).append(entry)
    return tuple(_one_day(day, held) for day, held in sorted(by_day.items()))


def _one_day(day: date, entries: list[DiaryEntry]) -> OneDay:
    scores = [entry.score for entry in entries]
    later = sum(entry_timing(entry) is Timing.LATER for entry in entries)
    mean = (sum(scores, Decimal(0)) / len(scores)).quantize(Decimal("0.1"))
    return OneDay(day, len(entries), min(scores), max(scores), mean, later)


def to_csv(entries: Iterable[DiaryEntry]) -> str:
    """The diary as CSV, the earliest first. What a spreadsheet would take for a formula begins with an apostrophe."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for entry in entries:
        rows.writerow(
            (
                entry.felt_at.isoformat(timespec="minutes"),
                entry.entered_at.isoformat(timespec="minutes"),
                entry_timing(entry).value,
                f"{entry.score.normalize():f}",
                *(harmless(getattr(entry, name) or "") for name in ("place", "doing", "medicines", "notes")),
                entry.by,
            )
        )
    return out.getvalue()


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.lstrip().startswith(_FORMULA) else cell
