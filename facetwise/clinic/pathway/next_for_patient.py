"""What comes next, in words for the patient: what is booked, what is due, what the clinic holds. It promises nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from facetwise.clinic.block.blocks import block_at
from facetwise.clinic.model.clinic_record import clinic_of
from facetwise.clinic.model.dates_text import written
from facetwise.record.record import Block

_REGIONS = {"lumbar": "low back", "thoracic": "middle of the back", "cervical": "neck"}
SHEET_OPEN_DAYS = 7
"""A patient may fill the sheet so many days after the block; the schedule ends with the next morning."""


@dataclass(frozen=True)
class OpenSheet:
    """The sheet of a block that the patient may still fill. place: in `blocks` of the record; about: which block it is."""

    place: int
    day: date
    about: str = ""


def whats_next(document: Mapping[str, Any], today: date, step: str = "") -> tuple[str, ...]:
    """Sentences in the order of their days; one that says so where nothing is planned. step: the one that comes next."""
    clinic = clinic_of(document)
    dated: list[tuple[date, str]] = []
    for booked, what in ((clinic.block_booked, "test block"), (clinic.procedure_booked, "procedure")):
        if booked is not None and booked >= today:
            dated.append((booked, f"Your {what} is booked for {written(booked)}."))
    looks = sorted((look.due, look.name) for look in clinic.follow_ups if look.done is None and look.due >= today)
    dated += [(day, f"Your next follow-up ({name}) is due on {written(day)}.") for day, name in looks[:1]]
    sentences = [says for _, says in sorted(dated)]
    if open_sheets(document, today):
        sentences.insert(0, "Write your scores after the test block: they help to judge it.")
    due = clinic.plan.due if clinic.plan.holds_for(step) else None
    if due is not None and due >= today and not sentences:
        sentences.append(f"The clinic plans the next step by {written(due)}.")
    return tuple(sentences) or (
        "Nothing is booked for you at the moment. The clinic gets in touch about the next step.",
    )


def open_sheets(document: Mapping[str, Any], today: date) -> tuple[OpenSheet, ...]:
    """The sheets that the patient may still fill, the latest block first."""
    sheets = []
    for place in range(len(document.get("blocks") or ())):
        block = block_at(document, place)
        day = block.date
        if day is not None and day <= today <= day + timedelta(days=SHEET_OPEN_DAYS):
            sheets.append(OpenSheet(place, day, part_of_the_body(block)))
    return tuple(sorted(sheets, key=lambda sheet: (sheet.day, sheet.place), reverse=True))


def part_of_the_body(block: Block) -> str:
    """'right side of the low back, joint L3/4', as far as it is recorded; '' where nothing of it is."""
    where = _REGIONS.get(block.region or "", "")
    sides = block.sides or ()
    side = "both sides" if len(sides) > 1 else f"{sides[0]} side" if sides else ""
    levels = block.levels or ()
    joints = f"joint{'s' if len(levels) > 1 else ''} {' and '.join(levels)}" if levels else ""
    place_text = f"{side} of the {where}" if side and where else side or where
    return ", ".join(filter(None, (place_text, joints)))
