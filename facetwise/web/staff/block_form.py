"""The forms of a block: what it was, its scores, the clinician's judgement; and their fields as they are held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, get_args

from facetwise.clinic.block.blocks import Done, Felt, Judgement, Slot, block_at, sheet_of
from facetwise.clinic.model.clinic_record import clinic_of
from facetwise.clinic.model.spinal_levels import misplaced
from facetwise.record.field_types import LEVELS
from facetwise.record.record import BlockKind, Region, Request
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

KINDS = get_args(BlockKind)
REGIONS = get_args(Region)
SIDES = ("left", "right")
AGENTS = ("bupivacaine", "levobupivacaine", "lidocaine", "ropivacaine", "mepivacaine")
_MOST_ML, _MOST_HOURS = 20, 24 * 90


def time_of(sent: SentForm, name: str, faults: Faults, what: str) -> time | None:
    """A time of the day; None where none was given or it is wrong."""
    given = sent.one(name)
    if not given:
        return None
    try:
        return time.fromisoformat(given.replace(".", ":").zfill(5))
    except ValueError:
        faults.add(name, f"Give {what} as hours and minutes, such as 09:30")
        return None


def done_of(sent: SentForm, faults: Faults, today: date) -> Done | None:
    """The block as the form has it; None where the day is missing or wrong."""
    day = day_of(sent, "date", faults, "the day of the block", needed=True, latest=today)
    levels = tuple(level for level in LEVELS if level in sent.many("levels"))
    wrong = misplaced(sent.one("region"), levels)
    if wrong:
        faults.add("levels", wrong)
    held = {
        "at": time_of(sent, "at", faults, "the time of the block"),
        "kind": choice_of(sent, "kind", KINDS, faults, "the kind"),
        "region": choice_of(sent, "region", REGIONS, faults, "the region"),
        "agent": text_of(sent, "agent", faults, "The agent", 100),
        "volume_ml": number_of(sent, "volume_ml", 0, _MOST_ML, faults, "the volume for each nerve in ml"),
        "before": number_of(sent, "before", 0, 10, faults, "the score before the block"),
        "target": text_of(sent, "target", faults, "The target pain", 200),
        "movement": text_of(sent, "movement", faults, "The movement", 200),
    }
    nerves = (text_of(sent, "nerves", faults, "The nerves", 300) or "").split(",")
    if day is None:
        return None
    return Done(
        date=day,
        levels=levels,
        sides=tuple(side for side in SIDES if side in sent.many("sides")),
        steroid=flag_of(sent, "steroid"),
        sedation=flag_of(sent, "sedation"),
        nerves=tuple(nerve.strip() for nerve in nerves if nerve.strip()),
        **held,  # type: ignore[arg-type]  # each is of the field that it is named by
    )


def form_values(sent: SentForm) -> dict[str, Any]:
    """What was typed, to show the form again; what can be ticked more than once as a list."""
    return {**sent.values, "levels": sent.many("levels"), "sides": sent.many("sides")}


def values_as_requested(request: Request, day: date | None) -> dict[str, Any]:
    """A new block at the place that the request names."""
    return {
        **day_fields("date", day),
        "region": request.region or "",
        "levels": request.levels or (),
        "sides": request.sides or (),
    }


def values_held(document: Mapping[str, Any], place: int) -> dict[str, Any]:
    """A block as it is held, in the fields of its form."""
    block, sheet = block_at(document, place), sheet_of(clinic_of(document), place)
    return {
        **day_fields("date", block.date),
        "at": f"{sheet.done_at:%H:%M}" if sheet.done_at else "",
        "kind": block.kind or "",
        "region": block.region or "",
        "levels": block.levels or (),
        "sides": block.sides or (),
        "agent": block.agent or "",
        "steroid": flag_value(block.steroid),
        "sedation": flag_value(block.sedation),
        "volume_ml": _number(block.volume_ml),
        "nerves": ", ".join(sheet.nerves),
        "before": _number(block.before),
        "target": sheet.target or "",
        "movement": sheet.movement or "",
    }


def scores_of(
    sent: SentForm, lines: Iterable[Slot], done_at: datetime | None, faults: Faults
) -> tuple[list[Felt], list[int]]:
    """The scores of the staff's form, and the minutes of those that were emptied. done_at: in the clinic's zone."""
    felt, emptied = [], []
    for line in lines:
        name = f"score-{line.minutes}"
        if line.minutes is None or name not in sent.fields:
            continue
        score = number_of(sent, name, 0, 10, faults, f"the score at {line.says.lower()}")
        if score is not None:
            felt.append(Felt(score, line.minutes))
        elif line.reading is not None and not sent.has(name):
            emptied.append(line.minutes)
    if sent.has("other-score") or sent.has("other-at"):
        other = number_of(sent, "other-score", 0, 10, faults, "the score at the other time", needed=True)
        at = time_of(sent, "other-at", faults, "the other time")
        if at is None:
            faults.add("other-at", "Give the other time as hours and minutes, such as 13:45")
        elif done_at is None:
            faults.add("other-at", "Give the time of the block first (change the block): from it the minutes are told")
        elif other is not None:
            felt.append(Felt(other, felt_at=on_the_clock(at, done_at)))
    return felt, emptied


def on_the_clock(at: time, done_at: datetime) -> datetime:
    """That time on the clock, the first after the block. done_at: in the zone of the clock, which may change at night."""
    moment = datetime.combine(done_at.date(), at, done_at.tzinfo)
    return moment if moment > done_at else moment + timedelta(days=1)


def judgement_of(sent: SentForm, faults: Faults) -> Judgement:
    """The clinician's judgement as the form has it."""
    return Judgement(
        positive=flag_of(sent, "positive"),
        prolonged=flag_of(sent, "prolonged"),
        stated_relief_percent=number_of(sent, "stated", -100, 100, faults, "the relief in percent"),
        relief_hours=number_of(sent, "hours", 0, _MOST_HOURS, faults, "how long the relief lasted in hours"),
    )


def judgement_held(document: Mapping[str, Any], place: int) -> dict[str, str]:
    """The judgement as it is held, in the fields of its form."""
    block = block_at(document, place)
    return {
        "positive": flag_value(block.positive),
        "prolonged": flag_value(block.prolonged),
        "stated": _number(block.stated_relief_percent),
        "hours": _number(block.relief_hours),
    }


def judgement_shown(document: Mapping[str, Any], place: int, sent: SentForm | None) -> dict[str, str]:
    """The judgement as it was typed; as it is held where nothing of it was sent."""
    held = judgement_held(document, place)
    return {name: sent.one(name) if sent and name in sent.fields else value for name, value in held.items()}


def judgement_typed(sent: SentForm, held: Mapping[str, str]) -> dict[str, str]:
    """The fields of the judgement, where one of them says something else than is held; none where all say the same."""
    typed = {name: sent.one(name) for name in held if name in sent.fields}
    return typed if any(value != held[name] for name, value in typed.items()) else {}


def _number(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"
