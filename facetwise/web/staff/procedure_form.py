"""The forms of a procedure: what they sent, as the record keeps it, and what it keeps, as they show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from facetwise.clinic.model.clinic_record import Nerve, Procedure
from facetwise.clinic.model.nerves import NERVES, SUPPLY
from facetwise.clinic.procedure.checklist import CHECKS, Begin
from facetwise.clinic.procedure.lesions import EVENTS, plainly
from facetwise.clinic.procedure.would_it_count import CATEGORIES, METHODS, codes_in
from facetwise.errors import InputError
from facetwise.language.codes import CodeSystem
from facetwise.record.parse import part_of
from facetwise.record.record import Request
from facetwise.web.frame.forms import (
    Faults,
    SentForm,
    choice_of,
    day_fields,
    day_of,
    flag_of,
    flag_value,
    number_of,
    text_of,
)

TECHNIQUES = ("thermal", "pulsed", "cooled")
GUIDANCE = ("fluoroscopy", "ct", "ultrasound")
SIDES = ("left", "right")
MOST = 60
_FLAGS = ("lesion", "sensory_felt", "motor_leg_or_arm")
_NUMBERS: Mapping[str, tuple[float, float, str]] = {
    "sensory_volts": (0, 10, "the volts of the sensory test"),
    "motor_volts": (0, 10, "the volts of the motor test"),
    "temperature_c": (0, 120, "the temperature"),
    "seconds": (0, 1200, "the seconds"),
    "repositioned": (0, 50, "how often it was moved"),
}
_TEXTS = {"anaesthetic": "The anaesthetic", "steroid": "The steroid"}
COLUMNS = (*_FLAGS, *_NUMBERS, *_TEXTS)
EVERY = "every"
"""The row whose values are copied into every empty field."""
UNCOPIED = (
    "The row for every nerve is copied into the empty fields now, and nothing is saved yet. "
    "Look at every value, change what differs, then save"
)
NOWHERE = "There is no nerve to copy the row for every nerve into. Choose a nerve, or empty that row"


def begin_values(request: Request, prepared: Procedure | None, today: Any) -> dict[str, Any]:
    """The form before a procedure, filled with what was asked for and what was prepared."""
    values: dict[str, Any] = {
        **day_fields("day", today),
        "joints": [level for level in request.levels or () if level in SUPPLY],
        "sides": list(request.sides or ()),
        "technique": request.technique or "",
    }
    if prepared is not None:
        values |= {check.id: flag_value(getattr(prepared.checklist, check.id)) for check in CHECKS}
        values["operator"] = prepared.operator or ""
    return values


def begin_sent(sent: SentForm, faults: Faults) -> Begin | None:
    """What the form before a procedure sent; None where it is at fault."""
    day = day_of(sent, "day", faults, "the day of the procedure", needed=True)
    joints = tuple(joint for joint in sent.many("joints") if joint in SUPPLY)
    sides = tuple(side for side in sent.many("sides") if side in SIDES)
    if not joints:
        faults.add("joints", "Choose at least one joint")
    if not sides:
        faults.add("sides", "Choose the left side, the right side, or both")
    given = {
        "technique": choice_of(sent, "technique", TECHNIQUES, faults, "the technique"),
        "operator": text_of(sent, "operator", faults, "The operator's name", 200),
        "guidance": choice_of(sent, "guidance", GUIDANCE, faults, "the image guidance"),
        "sedation": flag_of(sent, "sedation"),
        "why": text_of(sent, "why", faults, "The reason", 1_000) or "",
    }
    return None if faults or day is None else Begin(day, joints, sides, **given)  # type: ignore[arg-type]


def checklist_sent(sent: SentForm) -> dict[str, bool | None]:
    """The answers to the checklist."""
    answers = {check.id: flag_of(sent, check.id) for check in CHECKS}
    return {**answers, "holds_cleared": True if sent.has("holds_cleared") else None}


def procedure_values(held: Procedure) -> dict[str, Any]:
    """A procedure as its form shows it: one row a nerve, with an empty one to add."""
    values: dict[str, Any] = {
        **day_fields("day", held.planned),
        "technique": held.technique or "",
        "guidance": held.guidance or "",
        "operator": held.operator or "",
        "sedation": flag_value(held.sedation),
        "events": [event for event in held.events if event in EVENTS],
        "other_events": "; ".join(event for event in held.events if event not in EVENTS),
    }
    for number, nerve in enumerate(held.nerves):
        values |= {f"n{number}-nerve": nerve.nerve, f"n{number}-side": nerve.side}
        values |= {f"n{number}-{name}": _shown(getattr(nerve, name)) for name in COLUMNS}
    return values


def _shown(value: object) -> str:
    match value:
        case bool():
            return flag_value(value)
        case Decimal():
            return plainly(value)
        case None:
            return ""
        case _:
            return str(value)


def rows_sent(sent: SentForm) -> list[int]:
    """The numbers of the rows that the form sent and that are to stay."""
    return [n for n in _numbers(sent) if sent.has(f"n{n}-nerve") and not sent.has(f"n{n}-remove")]


def _numbers(sent: SentForm) -> list[int]:
    numbers = {name[1:-6] for name in sent.fields if name[:1] == "n" and name.endswith("-nerve")}
    return sorted(int(n) for n in numbers if n.isascii() and n.isdigit() and len(n) < 3 and int(n) < MOST)


def spare_of(sent: SentForm) -> int:
    """The number of the row in which another nerve is added, when the form is shown again: no other row's."""
    last = max(_numbers(sent), default=-1)
    return last if last >= 0 and not sent.has(f"n{last}-nerve") else last + 1


def is_uncopied(sent: SentForm) -> bool:
    """Whether the row for every nerve still holds something."""
    return any(sent.has(f"{EVERY}-{name}") for name in COLUMNS)


def filled(sent: SentForm) -> dict[str, str]:
    """What was sent, with the row for every nerve copied into each empty field of the others and emptied; nothing is saved yet."""
    values, numbers = sent.values, rows_sent(sent)
    for number in numbers:
        for name in COLUMNS:
            if not values.get(f"n{number}-{name}"):
                values[f"n{number}-{name}"] = sent.one(f"{EVERY}-{name}")
    return {**values, **{f"{EVERY}-{name}": "" for name in COLUMNS}} if numbers else values


def procedure_sent(sent: SentForm, held: Procedure, faults: Faults) -> dict[str, Any]:
    """What the form of a procedure sent, as changes of it."""
    other = text_of(sent, "other_events", faults, "What happened", 1_000)
    _refuse_nameless(sent, faults)
    return {
        "planned": day_of(sent, "day", faults, "the day of the procedure", needed=True),
        "technique": choice_of(sent, "technique", TECHNIQUES, faults, "the technique"),
        "guidance": choice_of(sent, "guidance", GUIDANCE, faults, "the image guidance"),
        "operator": text_of(sent, "operator", faults, "The operator's name", 200),
        "sedation": flag_of(sent, "sedation"),
        "events": _events(sent, other, faults),
        "nerves": [_nerve(sent, f"n{number}", held.nerves, faults) for number in rows_sent(sent)],
    }


def _refuse_nameless(sent: SentForm, faults: Faults) -> None:
    """A row with something in it and no nerve would be lost without a word."""
    for number in _numbers(sent):
        held = any(sent.has(f"n{number}-{name}") for name in ("side", *COLUMNS))
        if held and not sent.has(f"n{number}-nerve"):
            faults.add(f"n{number}-nerve", "Choose the nerve of this row, or empty the row")


def is_changed(held: Procedure, changes: Mapping[str, Any]) -> bool:
    """Whether what was sent is other than what is held, the codes aside. Errors: InputError."""
    was = {name: getattr(held, name) for name in type(held).model_fields}
    return part_of(Procedure, {**was, **changes}, "the procedure") != held


@dataclass(frozen=True)
class Codes:
    """The codes that the form sent, and what else a count asks."""

    opcs: tuple[str, ...]
    icd10: tuple[str, ...]
    admission_method: str | None
    administrative_category: str | None


def codes_sent(sent: SentForm, faults: Faults) -> Codes | None:
    """What the fields of the codes sent; None where the form has none, so that those held stay."""
    if "opcs" not in sent.fields:
        return None
    return Codes(
        _codes(sent, "opcs", CodeSystem.OPCS4, faults),
        _codes(sent, "icd10", CodeSystem.ICD10, faults),
        choice_of(sent, "admission_method", tuple(METHODS), faults, "the admission method"),
        choice_of(sent, "administrative_category", tuple(CATEGORIES), faults, "the category"),
    )


def _codes(sent: SentForm, name: str, system: CodeSystem, faults: Faults) -> tuple[str, ...]:
    try:
        return codes_in(sent.one(name), system)
    except InputError as error:
        faults.add(name, str(error))
        return ()


def _events(sent: SentForm, other: str | None, faults: Faults) -> list[str]:
    told = [event for event in sent.many("events") if event in EVENTS]
    told += [part.strip() for part in (other or "").split(";") if part.strip()]
    if EVENTS[0] in told and len(told) > 1:
        faults.add("events", f"Choose either “{EVENTS[0]}” or what was seen")
    return told


def _nerve(sent: SentForm, row: str, before: Sequence[Nerve], faults: Faults) -> dict[str, Any]:
    nerve = choice_of(sent, f"{row}-nerve", NERVES, faults, "the nerve") or ""
    side = choice_of(sent, f"{row}-side", SIDES, faults, "the side")
    if side is None:
        faults.add(f"{row}-side", f"Choose the side of {nerve}")
    made: dict[str, Any] = {"nerve": nerve, "side": side}
    made["joints"] = next((one.joints for one in before if (one.nerve, one.side) == (nerve, side)), None)
    for name in _FLAGS:
        made[name] = flag_of(sent, f"{row}-{name}")
    for name, (low, high, what) in _NUMBERS.items():
        made[name] = number_of(sent, f"{row}-{name}", low, high, faults, f"{what} of {nerve}, {side}")
    moved = made["repositioned"]
    if moved is not None and moved != int(moved):
        faults.add(f"{row}-repositioned", f"Give how often it was moved of {nerve}, {side} as a whole number")
    made["repositioned"] = int(moved) if moved is not None else None
    for name, what in _TEXTS.items():
        made[name] = text_of(sent, f"{row}-{name}", faults, what, 200)
    return made
