"""After a denervation: when to look at the result, what was read, and how long at least half the pain was gone.

A reading is in the record's `relief`, which the policies judge. What a diary suggests is shown and never stored by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from facetwise.clinic.model.clinic_record import Clinic, FollowUp, clinic_of, with_clinic
from facetwise.clinic.model.list_references import session_of
from facetwise.decide.calendar import plus
from facetwise.errors import InputError
from facetwise.language.units import Quantity, months, weeks
from facetwise.record.parse import part_of, record_of
from facetwise.record.record import Denervation, Relief

USUAL: tuple[tuple[str, Quantity], ...] = (
    ("6 weeks", weeks(6)),
    ("3 months", months(3)),
    ("6 months", months(6)),
    ("12 months", months(12)),
)
HALF = Decimal(50)


def denervation_at(document: Mapping[str, Any], number: int) -> Denervation:
    """The denervation at a place of the record's list. Errors: InputError where there is none."""
    denervations = record_of(document, "the record").denervations
    if not 0 <= number < len(denervations):
        raise InputError("There is no such denervation on this record. Go back to the patient and choose one.")
    return denervations[number]


def schedule(document: Mapping[str, Any], number: int) -> dict[str, Any]:
    """The record with the usual looks at the result planned; those planned already for it stay as they are.

    Weeks and calendar months after its day. Errors: InputError for a denervation without a day.
    """
    day = denervation_at(document, number).date
    if day is None:
        raise InputError("This denervation has no day, so nothing can be counted from it. Enter its day first.")
    clinic = clinic_of(document)
    places = session_of(document, number)
    there = {look.name for look in clinic.follow_ups if look.denervation in places}
    for name, span in USUAL:
        if name not in there:
            clinic = _with_look(clinic, places[0], name, plus(day, span))
    return with_clinic(document, clinic)


def on_new_day(document: Mapping[str, Any], number: int, day: date) -> dict[str, Any]:
    """The record before the day of a denervation is corrected: the usual looks that are not done yet move with it.

    A look that was moved by hand, or added, stays. Errors: InputError where relief was read before the new day.
    """
    places = session_of(document, number)
    denervations = record_of(document, "the record").denervations
    if any(reading.date and reading.date < day for place in places for reading in denervations[place].relief or ()):
        raise InputError(
            "A reading of relief is on record before that day. Check the day, or take the reading back first, "
            "on the follow-up page."
        )
    was, spans, clinic = denervations[number].date, dict(USUAL), clinic_of(document)
    if was is None or was == day:
        return dict(document)

    def on(look: FollowUp) -> FollowUp:
        span = spans.get(look.name)
        if look.done or look.denervation not in places or span is None or look.due != plus(was, span):
            return look
        return look.model_copy(update={"due": plus(day, span)})

    looks = tuple(sorted(map(on, clinic.follow_ups), key=lambda one: one.due))
    return with_clinic(document, clinic.model_copy(update={"follow_ups": looks}))


def add_look(document: Mapping[str, Any], number: int, name: str, due: date) -> dict[str, Any]:
    """The record with one more look planned. Errors: InputError."""
    day = denervation_at(document, number).date
    _refuse_before(due, day)
    if not name.strip():
        raise InputError("This review has no name. Name it by its time, such as 9 months.")
    clinic = clinic_of(document)
    return with_clinic(document, _with_look(clinic, session_of(document, number)[0], name.strip(), due))


def move_look(document: Mapping[str, Any], look: str, due: date) -> dict[str, Any]:
    """The record with one look moved to another day. Errors: InputError."""
    planned = look_of(document, look)
    _refuse_before(due, denervation_at(document, planned.denervation).date)
    return _changed(document, look, lambda one: one.model_copy(update={"due": due}))


def drop_look(document: Mapping[str, Any], look: str) -> dict[str, Any]:
    """The record without a look that was planned. Readings stay. Errors: InputError."""
    return _changed(document, look, lambda _: None)


def look_of(document: Mapping[str, Any], look: str) -> FollowUp:
    """The planned look of that id. Errors: InputError."""
    for held in clinic_of(document).follow_ups:
        if held.id == look:
            return held
    raise InputError("There is no such review planned. Open the follow-up page again and choose one.")


def _changed(document: Mapping[str, Any], look: str, change: Callable[[FollowUp], FollowUp | None]) -> dict[str, Any]:
    look_of(document, look)
    clinic = clinic_of(document)
    looks = (change(held) if held.id == look else held for held in clinic.follow_ups)
    return with_clinic(document, clinic.model_copy(update={"follow_ups": tuple(one for one in looks if one)}))


def _with_look(clinic: Clinic, number: int, name: str, due: date) -> Clinic:
    taken = {look.id for look in clinic.follow_ups}
    new = next(f"f{n}" for n in range(1, len(taken) + 2) if f"f{n}" not in taken)
    look = part_of(FollowUp, {"id": new, "denervation": number, "due": due, "name": name}, "the look")
    return clinic.model_copy(update={"follow_ups": tuple(sorted((*clinic.follow_ups, look), key=lambda one: one.due))})


def _refuse_before(due: date, day: date | None) -> None:
    if day is not None and due < day:
        raise InputError("That day is before the denervation. Choose a later one.")


@dataclass(frozen=True)
class ReliefReading:
    """A reading of relief: the day, how much of the pain and of the limits of daily life is gone, in percent."""

    day: date
    percent: Decimal | None = None
    adl_percent: Decimal | None = None
    note: str = ""


def read_relief(
    document: Mapping[str, Any], number: int, reading: ReliefReading, today: date, look: str | None = None
) -> dict[str, Any]:
    """The record with a reading of relief; one of the same day is replaced where it is given anew. Errors: InputError.

    look: the planned look that this was. Every entry of the same session gets the reading.
    """
    if reading.percent is None and reading.adl_percent is None:
        raise InputError("No relief is entered. Enter how much of the pain, or of the limits of daily life, is gone.")
    if reading.day > today:
        raise InputError("That day is still to come. A reading is of today or earlier.")
    day = denervation_at(document, number).date
    if day is not None and reading.day < day:
        raise InputError("That day is before the denervation. A reading of relief comes after it.")
    new: dict[str, Any] = {"date": reading.day.isoformat()}
    for name in ("percent", "adl_percent"):
        value = getattr(reading, name)
        if value is not None:
            new[name] = value
    part_of(Relief, new, "the reading")
    changed = _with_relief(document, number, lambda held: _put(held, new))
    if look is None:
        return changed
    if look_of(changed, look).denervation not in session_of(changed, number):
        raise InputError("That review belongs to another denervation. Open the follow-up page again and choose one.")
    done = {"done": reading.day, "percent": reading.percent, "note": reading.note.strip() or None}
    return _changed(changed, look, lambda one: part_of(FollowUp, {**dict(one), **done}, "the look"))


def take_back(document: Mapping[str, Any], number: int, day: date) -> dict[str, Any]:
    """The record without the reading of one day, and the look that it was to be done again. Errors: InputError."""
    readings = denervation_at(document, number).relief or ()
    if not any(reading.date == day for reading in readings):
        raise InputError("There is no reading of that day. Open the follow-up page again.")
    changed = _with_relief(document, number, lambda old: [one for one in old if one.get("date") != day.isoformat()])
    clinic = clinic_of(changed)
    places, undone = session_of(document, number), {"done": None, "percent": None}
    looks = tuple(
        look.model_copy(update=undone) if look.denervation in places and look.done == day else look
        for look in clinic.follow_ups
    )
    return with_clinic(changed, clinic.model_copy(update={"follow_ups": looks}))


def _put(readings: Sequence[dict[str, Any]], new: dict[str, Any]) -> list[dict[str, Any]]:
    """The readings with a new one in the order of their days; undated ones stay first."""
    same = next((one for one in readings if one.get("date") == new["date"]), {})
    rest = [one for one in readings if one.get("date") != new["date"]]
    return sorted((*rest, {**same, **new}), key=lambda one: str(one.get("date") or ""))


def _with_relief(
    document: Mapping[str, Any],
    number: int,
    change: Callable[[Sequence[dict[str, Any]]], list[dict[str, Any]]],
) -> dict[str, Any]:
    places = session_of(document, number)
    entries = [dict(entry) for entry in document.get("denervations") or []]
    relief = change(entries[number].get("relief") or [])
    for place in places:
        entries[place].pop("relief", None)
        if relief:
            entries[place]["relief"] = relief
    return {**document, "denervations": entries}


class ReliefCourse(Enum):
    """What the readings say of how long at least half the pain was gone."""

    NO_READING = "no reading yet"
    NOT_REACHED = "half was not reached on any reading"
    STILL = "still relieved on the last reading"
    ENDED = "ended"


@dataclass(frozen=True)
class Half:
    """Relief of half or more: from the first reading at 50 or over to the first one under it after that.

    since, until: those two days; last: the last day that was read. again: a later day at 50 or over, after it had ended.
    undated: readings without a day, which cannot be placed.
    """

    course: ReliefCourse
    since: date | None = None
    until: date | None = None
    last: date | None = None
    again: date | None = None
    undated: int = 0

    @property
    def days(self) -> int | None:
        """How long it is known to have lasted: to its end, or so far."""
        end = self.until or self.last
        return (end - self.since).days if self.since and end else None


@dataclass(frozen=True)
class ReliefPoint:
    """One reading with a day."""

    day: date
    percent: Decimal | None
    adl_percent: Decimal | None


def course(denervation: Denervation) -> tuple[ReliefPoint, ...]:
    """The readings that have a day, in its order."""
    readings = (reading for reading in denervation.relief or () if reading.date is not None)
    points = (ReliefPoint(reading.date, reading.percent, reading.adl_percent) for reading in readings if reading.date)
    return tuple(sorted(points, key=lambda point: point.day))


def half(denervation: Denervation) -> Half:
    """How long at least half the pain was gone, by the readings of pain; right-censored where it has not ended."""
    undated = sum(reading.date is None for reading in denervation.relief or ())
    read = [(point.day, point.percent) for point in course(denervation) if point.percent is not None]
    if not read:
        return Half(ReliefCourse.NO_READING, undated=undated)
    last = read[-1][0]
    since = next((day for day, percent in read if percent >= HALF), None)
    if since is None:
        return Half(ReliefCourse.NOT_REACHED, last=last, undated=undated)
    until = next((day for day, percent in read if day > since and percent < HALF), None)
    if until is None:
        return Half(ReliefCourse.STILL, since, last=last, undated=undated)
    again = next((day for day, percent in read if day > until and percent >= HALF), None)
    return Half(ReliefCourse.ENDED, since, until, last, again, undated)
