"""The form that asks for facts: what each field sent, as an answer for the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from facetwise.clinic.model.spinal_levels import misplaced
from facetwise.clinic.pathway.missing_answers import CHOICES, Field, Kind, held_at, put_all
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

Answer = tuple[str, Any]


def answers(
    fields: Iterable[Field], sent: SentForm, faults: Faults, today: date, replace: bool = False
) -> list[Answer]:
    """What was answered. replace: a field that was emptied takes away what the record holds.

    Every day that is asked for here is past by its nature: one after today is a fault.
    """
    found: list[Answer] = []
    for field in fields:
        value = _one(field, sent, faults, today)
        if value is not None or (replace and field.kind not in _NEW):
            found.append((field.key, value))
    return found


_NEW = (Kind.SCORE, Kind.CARE, Kind.DENERVATION, Kind.BLOCK, Kind.RELIEF, Kind.TICK)


def check_places(document: Mapping[str, Any], given: Iterable[Answer], faults: Faults) -> None:
    """A fault at the levels, or else at the region, where they would not go together any more."""
    answered = list(given)
    after = put_all(document, answered)
    keys = dict.fromkeys(key for key, _ in answered)
    for key in keys:
        part, _, last = key.rpartition(".")
        if last in ("region", "levels"):
            region, levels = held_at(after, f"{part}.region"), held_at(after, f"{part}.levels")
            wrong = misplaced(region, levels or ())
            if wrong:
                at = f"{part}.levels" if f"{part}.levels" in keys else key
                faults.add(at.replace(".", "-"), wrong)


def _one(field: Field, sent: SentForm, faults: Faults, today: date) -> Any:
    name = field.id
    match field.kind:
        case Kind.FLAG:
            return flag_of(sent, name)
        case Kind.DAY:
            day = day_of(sent, name, faults, "the date", latest=today)
            return day.isoformat() if day else None
        case Kind.CHOICE:
            return choice_of(sent, name, field.choices, faults, "one")
        case Kind.CHOICES:
            return _choices(sent, name, field.choices, faults)
        case Kind.NUMBER:
            return number_of(sent, name, field.low, field.high, faults, "it")
        case Kind.TEXT:
            return text_of(sent, name, faults, "The text", 200)
        case Kind.TICK:
            return True if sent.has(name) else None
        case Kind.SCORE:
            return _score(name, sent, faults, today)
        case Kind.CARE:
            return _care(name, sent, faults, today)
        case Kind.DENERVATION:
            return _denervation(name, sent, faults, today)
        case _:
            return None


def _choices(sent: SentForm, name: str, choices: tuple[str, ...], faults: Faults) -> list[str] | None:
    given = sent.many(name)
    if any(choice not in choices for choice in given):
        faults.add(name, "Choose from the list")
    return list(given) or None


def _any(sent: SentForm, name: str, *parts: str) -> bool:
    """Whether something was filled in of a group of fields; a day is three of them."""
    days = [f"{part}-{of}" for part in parts for of in ("day", "month", "year")]
    return any(sent.has(f"{name}-{part}") for part in (*parts, *days))


def _score(name: str, sent: SentForm, faults: Faults, today: date) -> dict[str, Any] | None:
    if not _any(sent, name, "value", "date", "scale", "context"):
        return None
    value = number_of(sent, f"{name}-value", 0, 100, faults, "the score", needed=True)
    day = day_of(sent, f"{name}-date", faults, "the day of the score", needed=True, latest=today)
    scale = choice_of(sent, f"{name}-scale", CHOICES["scale"], faults, "the scale") or "NRS"
    context = choice_of(sent, f"{name}-context", CHOICES["context"], faults, "what it is of") or "usual"
    if value is not None and scale in ("NRS", "VAS") and value > 10:
        faults.add(f"{name}-value", f"{scale} goes from 0 to 10")
    return {"date": day.isoformat() if day else None, "scale": scale, "value": value, "context": context}


def _care(name: str, sent: SentForm, faults: Faults, today: date) -> dict[str, Any] | None:
    if not _any(sent, name, "kind", "outcome", "from", "to"):
        return None
    kind = choice_of(sent, f"{name}-kind", CHOICES["care_kind"], faults, "the kind of care")
    if kind is None:
        faults.add(f"{name}-kind", "Say which kind of care it was, or empty what else is filled in of it")
    begun = day_of(sent, f"{name}-from", faults, "when it began", latest=today)
    ended = day_of(sent, f"{name}-to", faults, "when it ended", latest=today)
    if begun and ended and ended < begun:
        faults.add(f"{name}-to", "It ends before it begins. Check both days")
    outcome = choice_of(sent, f"{name}-outcome", CHOICES["care_outcome"], faults, "how it turned out")
    return _without_none(kind=kind, **{"from": _iso(begun)}, to=_iso(ended), outcome=outcome)


def _denervation(name: str, sent: SentForm, faults: Faults, today: date) -> dict[str, Any] | None:
    if not _any(sent, name, "date", "region", "levels", "sides", "technique"):
        return None
    day = day_of(sent, f"{name}-date", faults, "the day of the denervation", latest=today)
    region = choice_of(sent, f"{name}-region", CHOICES["region"], faults, "the region")
    if day is None and region is None:
        faults.add(f"{name}-date", "Give its day, or its region at least, or empty what else is filled in of it")
    levels = _choices(sent, f"{name}-levels", CHOICES["levels"], faults)
    wrong = misplaced(region, levels or ())
    if wrong:
        faults.add(f"{name}-levels", wrong)
    return _without_none(
        date=_iso(day),
        region=region,
        levels=levels,
        sides=_choices(sent, f"{name}-sides", CHOICES["sides"], faults),
        technique=choice_of(sent, f"{name}-technique", CHOICES["technique"], faults, "the technique"),
    )


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None


def _without_none(**held: Any) -> dict[str, Any]:
    return {name: value for name, value in held.items() if value is not None}


def values_of(fields: Iterable[Field], document: Mapping[str, Any]) -> dict[str, Any]:
    """What the record holds already, as the form shows it."""
    shown: dict[str, Any] = {}
    for field in fields:
        held = held_at(document, field.key) if field.kind not in _NEW else None
        match field.kind:
            case Kind.TICK:
                shown[field.id] = field.key.partition(".")[2] in (document.get("complete") or ())
            case Kind.FLAG:
                shown[field.id] = flag_value(held if isinstance(held, bool) else None)
            case Kind.DAY:
                shown |= day_fields(field.id, _day(held))
            case Kind.CHOICES:
                shown[field.id] = list(held or ())
            case _ if held is not None:
                shown[field.id] = str(held)
    return shown


def sent_values(sent: SentForm) -> dict[str, Any]:
    """What was typed, as the form shows it again."""
    return {name: list(held) if len(held) > 1 else sent.one(name) for name, held in sent.fields.items()}


def _day(held: Any) -> Any:
    return date.fromisoformat(held) if isinstance(held, str) else held
