"""The forms of a block: what was done, its scores, and the clinician's judgement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, get_args

from facetwise.clinic.block.blocks import Done, Felt, Judgement, SheetLine, block_at, sheet_of
from facetwise.clinic.model.clinic_record import clinic_of
from facetwise.clinic.model.fields import Field, FieldKind
from facetwise.clinic.model.spinal_levels import OF_REGION, misplaced
from facetwise.record.field_types import LEVELS
from facetwise.record.record import BlockKind, Region, Request
from facetwise.web.frame.forms import Faults, SentForm, form_values, read, read_all

_AGENTS = ("bupivacaine", "levobupivacaine", "lidocaine", "ropivacaine", "mepivacaine")
_REGION = Field("region", "Region", FieldKind.CHOICE, get_args(Region), "the region")
_LEVELS = Field("levels", "Levels (joints)", FieldKind.CHOICES, LEVELS)
BEFORE = Field(
    "before",
    "Score of the target pain just before the block",
    FieldKind.NUMBER,
    what="the score before the block",
    hint="0 is no pain, 10 is the worst pain possible",
    width=3,
)
BLOCK = (
    Field("date", "Day of the block", FieldKind.DAY, what="the day of the block", is_required=True, is_past=True),
    Field(
        "at",
        "Time it was done",
        FieldKind.TIME,
        what="the time of the block",
        hint="The times on the sheet are worked out from it",
        width=5,
    ),
    Field("kind", "Kind of block", FieldKind.CHOICE, get_args(BlockKind), "the kind"),
    _REGION,
    _LEVELS,
    Field("sides", "Sides", FieldKind.CHOICES, ("left", "right")),
    Field(
        "nerves",
        "Nerves",
        FieldKind.TEXT,
        what="the nerves",
        hint="Separate with commas, for example L3 medial branch, L4 medial branch",
        longest=300,
    ),
    Field(
        "agent",
        "Local anaesthetic",
        FieldKind.TEXT,
        what="the agent",
        longest=100,
        width=20,
        suggestions=_AGENTS,
    ),
    Field(
        "volume_ml",
        "Volume for each nerve",
        FieldKind.NUMBER,
        what="the volume for each nerve in ml",
        high=20,
        unit="ml",
        width=4,
    ),
    Field("steroid", "Was there steroid in it?", FieldKind.FLAG),
    Field("sedation", "Was the patient sedated?", FieldKind.FLAG),
    Field(
        "target",
        "Target pain",
        FieldKind.TEXT,
        what="the target pain",
        hint="The pain that is scored, such as low back, left",
    ),
    Field(
        "movement",
        "Movement that brings it on",
        FieldKind.TEXT,
        what="the movement",
        hint="Done again at each score, such as bending back",
    ),
    BEFORE,
)
# A joint where two regions meet is offered once: C7/T1 with the neck, T12/L1 with the low back.
LEVELS_BY_REGION = tuple(
    replace(
        _LEVELS,
        key="levels" if region == "cervical" else f"levels-{region}",
        label=f"Levels (joints), {region}",
        choices=joints[1:-1] if region == "thoracic" else joints,
    )
    for region, joints in OF_REGION.items()
)
JUDGEMENT = (
    Field("positive", "Was the block positive?", FieldKind.FLAG),
    Field(
        "prolonged",
        "Was the response prolonged?",
        FieldKind.FLAG,
        hint="Some policies then ask for nothing further",
    ),
    Field(
        "stated",
        "Relief as the patient states it",
        FieldKind.NUMBER,
        what="the relief in percent",
        low=-100,
        high=100,
        unit="%",
        width=4,
    ),
    Field(
        "hours",
        "How long the relief lasted",
        FieldKind.NUMBER,
        what="how long the relief lasted in hours",
        high=24 * 90,
        unit="hours",
        width=4,
    ),
)
_OTHER_SCORE = Field("other-score", "", FieldKind.NUMBER, what="the score at the other time", is_required=True)
_OTHER_AT = Field("other-at", "", FieldKind.TIME, what="the other time", is_required=True)


def done_of(sent: SentForm, faults: Faults, today: date) -> Done | None:
    """The block as the form has it; None where the day is missing or wrong."""
    answers = read_all(BLOCK, sent, faults, today)
    if wrong := misplaced(answers["region"], answers["levels"] or ()):
        faults.add("levels", wrong)
    if answers["date"] is None:
        return None
    nerves = tuple(nerve.strip() for nerve in (answers["nerves"] or "").split(",") if nerve.strip())
    lists = {"levels": tuple(answers["levels"] or ()), "sides": tuple(answers["sides"] or ()), "nerves": nerves}
    return Done(**{**answers, **lists})


def values_as_requested(request: Request, day: date | None) -> dict[str, Any]:
    """The form of a new block, at the place that the request names."""
    return form_values(BLOCK, {**vars(request), "kind": None, "date": day})


def values_of_block(document: Mapping[str, Any], place: int) -> dict[str, Any]:
    """The form of a recorded block."""
    block, sheet = block_at(document, place), sheet_of(clinic_of(document), place)
    of_sheet = {"at": sheet.done_at, "nerves": ", ".join(sheet.nerves), "target": sheet.target}
    return form_values(BLOCK, {**vars(block), **of_sheet, "movement": sheet.movement})


def scores_of(
    sent: SentForm, lines: Iterable[SheetLine], done_at: datetime | None, faults: Faults, today: date
) -> tuple[list[Felt], list[int]]:
    """The scores of the staff's form, and the minutes of those that were emptied. done_at: in the clinic's zone."""
    felt, emptied = [], []
    for line in lines:
        name = f"score-{line.minutes}"
        if line.minutes is None or name not in sent.fields:
            continue
        field = Field(name, line.says, FieldKind.NUMBER, what=f"the score at {line.says.lower()}")
        score: Decimal | None = read(field, sent, faults, today)
        if score is not None:
            felt.append(Felt(score, line.minutes))
        elif line.reading is not None and not sent.has(name):
            emptied.append(line.minutes)
    if sent.has("other-score") or sent.has("other-at"):
        other, at = (read(field, sent, faults, today) for field in (_OTHER_SCORE, _OTHER_AT))
        if at is not None and done_at is None:
            faults.add(
                "other-at", "Enter the time of the block first (change the block): the minutes are counted from it"
            )
        elif at is not None and other is not None and done_at is not None:
            felt.append(Felt(other, felt_at=on_the_clock(at, done_at)))
    return felt, emptied


def on_the_clock(at: time, done_at: datetime) -> datetime:
    """The first moment after the block at that time. done_at: in the clinic's zone, whose clocks may change at night."""
    moment = datetime.combine(done_at.date(), at, done_at.tzinfo)
    return moment if moment > done_at else moment + timedelta(days=1)


def judgement_of(sent: SentForm, faults: Faults, today: date) -> Judgement:
    """The clinician's judgement as the form has it."""
    answers = read_all(JUDGEMENT, sent, faults, today)
    return Judgement(answers["positive"], answers["prolonged"], answers["stated"], answers["hours"])


def values_of_judgement(document: Mapping[str, Any], place: int) -> dict[str, str]:
    """The form of the recorded judgement."""
    block = block_at(document, place)
    stated, hours = block.stated_relief_percent, block.relief_hours
    return form_values(JUDGEMENT, {**vars(block), "stated": stated, "hours": hours})


def unsaved_judgement(sent: SentForm, recorded: Mapping[str, str]) -> dict[str, str]:
    """The fields of the judgement that were sent, where one of them differs from what is recorded; else none."""
    typed = {name: sent.one(name) for name in recorded if name in sent.fields}
    return typed if any(value != recorded[name] for name, value in typed.items()) else {}
