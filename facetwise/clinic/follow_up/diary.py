"""The pain diary: several entries a day, each with when it was felt and when it was entered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from facetwise.clinic.model.clinic_record import DiaryEntry, Who, clinic_of, with_clinic
from facetwise.clinic.model.entry_timing import Timing, is_trusted, not_to_come, since, timing, written
from facetwise.clinic.model.safe_csv import csv_text
from facetwise.errors import InputError
from facetwise.record.parse import part_of

COLUMNS = ("felt_at", "entered_at", "entered", "score", "place", "doing", "medicines", "notes", "by")
LONGEST_TEXT = 1_000
MOST_A_DAY = 200
EARLIEST = timedelta(days=60)
"""Nothing is remembered from longer ago as a score of an hour."""
TAKEN_BACK_WITHIN = timedelta(days=1)
_LONGEST_ID = 64
_TEXTS = ("place", "doing", "medicines", "notes")


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
        raise InputError("The entry has no id that can be kept. Reload the form and send it again.")
    if any(entry.id == wrote.id for entry in clinic.diary):
        return dict(document)
    _refuse_unfit(wrote, clinic.diary, now)
    entered_at, received_at = written(wrote.written_at, now)
    felt_at = (wrote.felt_at or entered_at).astimezone(now.tzinfo)
    not_to_come(felt_at, entered_at)
    if since(now, felt_at) > EARLIEST:
        raise InputError(f"The day is more than {EARLIEST.days} days ago. Check the day and the year.")
    entry = part_of(
        DiaryEntry,
        {
            "id": wrote.id,
            "felt_at": felt_at,
            "entered_at": entered_at,
            "received_at": received_at,
            "score": wrote.score,
            **{name: line(getattr(wrote, name)) for name in _TEXTS},
            "by": by,
        },
        "the entry",
    )
    entries = sorted((*clinic.diary, entry), key=lambda held: (held.felt_at, held.entered_at))
    return with_clinic(document, clinic.model_copy(update={"diary": tuple(entries)}))


def _refuse_unfit(wrote: Wrote, entries: Iterable[DiaryEntry], now: datetime) -> None:
    if any(len(getattr(wrote, name)) > LONGEST_TEXT for name in _TEXTS):
        raise InputError(f"What was written is longer than {LONGEST_TEXT:,} characters. Make it shorter.")
    today = sum(since(now, entry.received_at or entry.entered_at) < timedelta(days=1) for entry in entries)
    if today >= MOST_A_DAY:
        raise InputError(f"There are {MOST_A_DAY} entries of one day already. Write the next tomorrow.")
    if wrote.felt_at is None and wrote.written_at is not None and not is_trusted(wrote.written_at, now):
        raise InputError(
            "This was written too long ago to say when it was felt. Write it again, with the day and the time."
        )


def take_back(document: Mapping[str, Any], entry_id: str, now: datetime) -> dict[str, Any]:
    """The record without an entry of the patient's own that they take back within a day; the trail keeps it."""
    entry = next((held for held in clinic_of(document).diary if held.id == entry_id), None)
    if entry is not None and not may_take_back(entry, now):
        raise InputError("An entry can be taken back by whoever wrote it, within a day. Ask the clinic to take it out.")
    return remove_entry(document, entry_id)


def may_take_back(entry: DiaryEntry, now: datetime) -> bool:
    """Whether the patient may take that entry back by themselves."""
    return entry.by == "patient" and since(now, entry.received_at or entry.entered_at) <= TAKEN_BACK_WITHIN


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


def day_felt(entry: DiaryEntry, zone: tzinfo) -> date:
    """The clinic's day on which it was felt; an entry from elsewhere may carry another zone's time."""
    return entry.felt_at.astimezone(zone).date()


def days(entries: Iterable[DiaryEntry], zone: tzinfo) -> tuple[OneDay, ...]:
    """The days that have an entry, by when it was felt, the earliest first."""
    by_day: dict[date, list[DiaryEntry]] = {}
    for entry in entries:
        by_day.setdefault(day_felt(entry, zone), []).append(entry)
    return tuple(_one_day(day, held) for day, held in sorted(by_day.items()))


def _one_day(day: date, entries: list[DiaryEntry]) -> OneDay:
    scores = [entry.score for entry in entries]
    later = sum(entry_timing(entry) is Timing.LATER for entry in entries)
    mean = (sum(scores, Decimal(0)) / len(scores)).quantize(Decimal("0.1"))
    return OneDay(day, len(entries), min(scores), max(scores), mean, later)


def to_csv(entries: Iterable[DiaryEntry]) -> str:
    """The diary as CSV, the earliest first. What a spreadsheet would take for a formula begins with an apostrophe."""
    return csv_text(COLUMNS, map(_cells, entries))


def _cells(entry: DiaryEntry) -> tuple[str, ...]:
    return (
        entry.felt_at.isoformat(timespec="minutes"),
        entry.entered_at.isoformat(timespec="minutes"),
        entry_timing(entry).value,
        f"{entry.score.normalize():f}",
        *(getattr(entry, name) or "" for name in _TEXTS),
        entry.by,
    )
