"""The forms of a procedure: their fields, what they sent, and what they show of the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from facetwise.clinic.model.clinic_record import Nerve, Procedure
from facetwise.clinic.model.fields import Field, FieldKind
from facetwise.clinic.model.nerves import NERVES, SUPPLY
from facetwise.clinic.procedure.checklist import CHECKS, Begin
from facetwise.clinic.procedure.lesions import EVENTS
from facetwise.clinic.procedure.would_it_count import CATEGORIES, METHODS, codes_in
from facetwise.language.codes import CodeSystem
from facetwise.record.parse import part_of
from facetwise.record.record import Request
from facetwise.web.frame.forms import Faults, SentForm, form_values, read, read_all

SIDES = ("left", "right")
_MAX_ROWS = 60
_DAY = Field("day", "Day of the procedure", FieldKind.DAY, what="the day of the procedure", is_required=True)
_HOW = (
    Field(
        "technique",
        "Technique",
        FieldKind.CHOICE,
        ("thermal", "pulsed", "cooled"),
        "the technique",
        empty="Not recorded",
    ),
    Field(
        "guidance",
        "Image guidance",
        FieldKind.CHOICE,
        ("fluoroscopy", "ct", "ultrasound"),
        "the image guidance",
        empty="Not recorded",
    ),
    Field("operator", "Operator", FieldKind.TEXT, what="the operator's name"),
)
_SEDATION = Field("sedation", "Was sedation given?", FieldKind.FLAG, is_small=True)
_EVENTS = Field("events", "What happened before going home?", FieldKind.CHOICES, EVENTS)
_OTHER_EVENTS = Field(
    "other_events",
    "Anything else that happened",
    FieldKind.TEXT,
    what="what happened",
    hint="Separate several with semicolons",
    longest=1_000,
)
_JOINTS = Field("joints", "Joints", FieldKind.CHOICES, tuple(SUPPLY))
_SIDES = Field("sides", "Sides", FieldKind.CHOICES, SIDES)
WHY = Field("why", "Reason to go on nevertheless", FieldKind.TEXT, what="the reason", longest=1_000)
WHY_STOPPED = Field(
    "why_stopped",
    "Why was it stopped?",
    FieldKind.TEXT,
    what="the reason",
    hint="The procedure stays on the page with this reason, and its booking is over",
    longest=500,
)
CHECKLIST = tuple(Field(check.id, check.ask, FieldKind.FLAG, is_small=True) for check in CHECKS)
BEGIN = {
    "day": _DAY,
    "joints": _JOINTS,
    "sides": _SIDES,
    "how": _HOW,
    "sedation": replace(_SEDATION, label="Is sedation given?"),
    "checklist": CHECKLIST,
}
"""The fields before a procedure, by where the page has them."""
PROCEDURE = {"day": _DAY, "how": _HOW, "sedation": _SEDATION, "events": _EVENTS, "other_events": _OTHER_EVENTS}
"""The fields of a procedure beside its nerves, by where the page has them."""
_PLAIN = (_DAY, *_HOW, _SEDATION)
_NERVE = (
    Field("lesion", "Lesion made", FieldKind.FLAG),
    Field("sensory_volts", "Volts of the sensory test", FieldKind.NUMBER, what="the volts of the sensory test"),
    Field("sensory_felt", "Felt at the sensory test", FieldKind.FLAG),
    Field("motor_volts", "Volts of the motor test", FieldKind.NUMBER, what="the volts of the motor test"),
    Field("motor_leg_or_arm", "Leg or arm moved at the motor test", FieldKind.FLAG),
    Field("repositioned", "Times repositioned", FieldKind.NUMBER, what="how often it was moved", high=50),
    Field("temperature_c", "Temperature in degrees", FieldKind.NUMBER, what="the temperature", high=120),
    Field("seconds", "Seconds", FieldKind.NUMBER, what="the seconds", high=1200),
    Field("anaesthetic", "Anaesthetic", FieldKind.TEXT, what="the anaesthetic"),
    Field("steroid", "Steroid", FieldKind.TEXT, what="the steroid"),
)
_HEADINGS = {
    "sensory_volts": "Sensory test, V",
    "sensory_felt": "Felt",
    "motor_volts": "Motor test, V",
    "motor_leg_or_arm": "Leg or arm moved",
    "temperature_c": "Temperature, °C",
}
NERVE = tuple((field, _HEADINGS.get(field.key, field.label)) for field in _NERVE)
"""The fields of one nerve, each with the heading of its column."""
_COLUMNS = tuple(field.key for field in _NERVE)
EVERY = "every"
"""The row whose values are copied into every empty field."""
UNCOPIED = (
    "The row for every nerve is copied into the empty fields now, and nothing is saved yet. "
    "Check every value, change what differs, then save"
)
NOWHERE = "There is no nerve to copy the row for every nerve into. Choose a nerve, or empty that row"


def begin_values(request: Request, prepared: Procedure | None, today: date) -> dict[str, Any]:
    """The form before a procedure, filled with what was requested and what was prepared."""
    joints = [level for level in request.levels or () if level in SUPPLY]
    values = {**vars(request), "day": today, "joints": joints, "operator": prepared.operator if prepared else None}
    checked = form_values(CHECKLIST, vars(prepared.checklist)) if prepared else {}
    return {**form_values((_DAY, _JOINTS, _SIDES, *_HOW), values), **checked}


def begin_sent(sent: SentForm, faults: Faults, today: date) -> Begin | None:
    """What the form before a procedure sent; None where it is at fault."""
    answers = read_all((*_PLAIN, _JOINTS, _SIDES, WHY), sent, faults, today)
    if not answers["joints"]:
        faults.add("joints", "Choose at least one joint")
    if not answers["sides"]:
        faults.add("sides", "Choose the left side, the right side, or both")
    return None if faults else Begin(**{**answers, "why": answers["why"] or ""})


def checklist_sent(sent: SentForm, faults: Faults, today: date) -> dict[str, bool | None]:
    """The answers to the checklist."""
    return {**read_all(CHECKLIST, sent, faults, today), "holds_cleared": sent.has("holds_cleared") or None}


def procedure_values(recorded: Procedure) -> dict[str, Any]:
    """The form of a procedure: one row a nerve, with an empty one to add."""
    other = "; ".join(event for event in recorded.events if event not in EVENTS)
    values = form_values(
        (*_PLAIN, _EVENTS, _OTHER_EVENTS), {**vars(recorded), "day": recorded.planned, "other_events": other}
    )
    values["events"] = [event for event in recorded.events if event in EVENTS]
    for number, nerve in enumerate(recorded.nerves):
        values |= {f"n{number}-nerve": nerve.nerve, f"n{number}-side": nerve.side}
        values |= {f"n{number}-{name}": value for name, value in form_values(_NERVE, vars(nerve)).items()}
    return values


def rows_sent(sent: SentForm) -> list[int]:
    """The numbers of the rows that the form sent and that stay."""
    return [n for n in _numbers(sent) if sent.has(f"n{n}-nerve") and not sent.has(f"n{n}-remove")]


def _numbers(sent: SentForm) -> list[int]:
    numbers = {name[1:-6] for name in sent.fields if name[:1] == "n" and name.endswith("-nerve")}
    return sorted(int(n) for n in numbers if n.isascii() and n.isdigit() and len(n) < 3 and int(n) < _MAX_ROWS)


def spare_of(sent: SentForm) -> int:
    """The number of the row in which another nerve is added, when the form is shown again: no other row's."""
    last = max(_numbers(sent), default=-1)
    return last if last >= 0 and not sent.has(f"n{last}-nerve") else last + 1


def is_uncopied(sent: SentForm) -> bool:
    """Whether the row for every nerve still has a value."""
    return any(sent.has(f"{EVERY}-{name}") for name in _COLUMNS)


def filled(sent: SentForm) -> dict[str, str]:
    """What was sent, with the row for every nerve copied into each empty field of the others and emptied; nothing is saved yet."""
    values, numbers = sent.values, rows_sent(sent)
    for number in numbers:
        for name in _COLUMNS:
            if not values.get(f"n{number}-{name}"):
                values[f"n{number}-{name}"] = sent.one(f"{EVERY}-{name}")
    return {**values, **{f"{EVERY}-{name}": "" for name in _COLUMNS}} if numbers else values


def procedure_sent(sent: SentForm, recorded: Procedure, faults: Faults, today: date) -> dict[str, Any]:
    """The changes of a procedure that its form sent."""
    _refuse_nameless(sent, faults)
    answers = read_all((*_PLAIN, _OTHER_EVENTS), sent, faults, today)
    planned, events = answers.pop("day"), _events(sent, answers.pop("other_events"), faults)
    nerves = [_nerve(sent, f"n{number}", recorded.nerves, faults, today) for number in rows_sent(sent)]
    return {**answers, "planned": planned, "events": events, "nerves": nerves}


def _refuse_nameless(sent: SentForm, faults: Faults) -> None:
    """A row with something in it and no nerve would be lost without a word."""
    for number in _numbers(sent):
        is_filled = any(sent.has(f"n{number}-{name}") for name in ("side", *_COLUMNS))
        if is_filled and not sent.has(f"n{number}-nerve"):
            faults.add(f"n{number}-nerve", "Choose the nerve of this row, or empty the row")


def is_changed(recorded: Procedure, changes: Mapping[str, Any]) -> bool:
    """Whether what was sent differs from what is recorded, the codes aside. Errors: InputError."""
    return part_of(Procedure, {**vars(recorded), **changes}, "the procedure") != recorded


@dataclass(frozen=True)
class ChosenCodes:
    """The codes that the form sent, and what else a count asks."""

    opcs: tuple[str, ...]
    icd10: tuple[str, ...]
    admission_method: str | None
    administrative_category: str | None


_CODED = (
    Field("admission_method", "Admission method", FieldKind.CHOICE, tuple(METHODS), "the admission method"),
    Field("administrative_category", "Administrative category", FieldKind.CHOICE, tuple(CATEGORIES), "the category"),
)


def codes_sent(sent: SentForm, faults: Faults, today: date) -> ChosenCodes | None:
    """What the fields of the codes sent; None where the form has none, so that those recorded stay."""
    if "opcs" not in sent.fields:
        return None
    opcs, icd10 = _codes(sent, "opcs", CodeSystem.OPCS4, faults), _codes(sent, "icd10", CodeSystem.ICD10, faults)
    return ChosenCodes(opcs, icd10, **read_all(_CODED, sent, faults, today))


def _codes(sent: SentForm, name: str, system: CodeSystem, faults: Faults) -> tuple[str, ...]:
    with faults.catch(name):
        return codes_in(sent.one(name), system)
    return ()


def _events(sent: SentForm, other: str | None, faults: Faults) -> list[str]:
    events = [event for event in sent.many("events") if event in EVENTS]
    events += [part.strip() for part in (other or "").split(";") if part.strip()]
    if EVENTS[0] in events and len(events) > 1:
        faults.add("events", f"Choose either “{EVENTS[0]}” or what was seen")
    return events


def _nerve(sent: SentForm, row: str, before: Sequence[Nerve], faults: Faults, today: date) -> dict[str, Any]:
    """One row of the form: the nerve and side, the joints that the row was made for, and the values."""
    which = (
        Field(f"{row}-nerve", "Nerve", FieldKind.CHOICE, NERVES, "the nerve", default=""),
        Field(f"{row}-side", "Side", FieldKind.CHOICE, SIDES, "the side"),
    )
    nerve, side = (read(field, sent, faults, today) for field in which)
    if side is None:
        faults.add(f"{row}-side", f"Choose the side of {nerve}")
    joints = next((one.joints for one in before if (one.nerve, one.side) == (nerve, side)), None)
    values: dict[str, Any] = {"nerve": nerve, "side": side, "joints": joints}
    for field in _NERVE:
        of = f" of {nerve}, {side}" if field.kind is FieldKind.NUMBER else ""
        values[field.key] = read(
            replace(field, key=f"{row}-{field.key}", what=f"{field.what}{of}"), sent, faults, today
        )
    moved = values["repositioned"]
    if moved is not None and moved != int(moved):
        faults.add(f"{row}-repositioned", f"Enter how often it was moved of {nerve}, {side} as a whole number")
    values["repositioned"] = int(moved) if moved is not None else None
    return values
