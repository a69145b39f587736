"""The form that asks for facts: its answers as the record holds them, and what the record holds as its fields show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from facetwise.clinic.model.fields import Field, FieldKind
from facetwise.clinic.model.spinal_levels import misplaced
from facetwise.clinic.pathway.missing_answers import event_fault, held_at, put_all
from facetwise.web.frame.forms import Faults, SentForm, form_values, read

Answer = tuple[str, Any]
"""A key of the record, and what goes there."""


def answers(
    fields: Iterable[Field], sent: SentForm, faults: Faults, today: date, replace: bool = False
) -> list[Answer]:
    """What was answered. replace: a field that was emptied takes away what the record holds."""
    found: list[Answer] = []
    for field in fields:
        value = read(field, sent, faults, today)
        if field.kind is FieldKind.GROUP and value is not None:
            _check_event(field, value, faults)
        if value is not None or (replace and not field.adds):
            found.append((field.key, _as_json(value)))
    return found


def _check_event(field: Field, event: Mapping[str, Any], faults: Faults) -> None:
    """Note what is wrong with an event that is added, beside its single fields."""
    name = field.key.partition(".")[0]
    if fault := event_fault(name, event):
        faults.add(f"{field.id}-{fault[0]}", fault[1])
    if name == "denervations" and not ("date" in event or "region" in event):
        faults.add(f"{field.id}-date", "Enter its day or at least its region, or clear the other fields")


def _as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _as_json(part) for name, part in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def check_places(document: Mapping[str, Any], facts: Iterable[Answer], faults: Faults) -> None:
    """Note a fault at the levels, or else at the region, where the two would not go together."""
    answered = list(facts)
    after = put_all(document, answered)
    keys = dict.fromkeys(key for key, _ in answered)
    for key in keys:
        part, _, last = key.rpartition(".")
        if last in ("region", "levels"):
            wrong = misplaced(held_at(after, f"{part}.region"), held_at(after, f"{part}.levels") or ())
            if wrong:
                at = f"{part}.levels" if f"{part}.levels" in keys else key
                faults.add(at.replace(".", "-"), wrong)


def values_of(fields: Iterable[Field], document: Mapping[str, Any]) -> dict[str, Any]:
    """What the record holds, as the fields show it."""
    asked = tuple(fields)
    return form_values(asked, {field.key: _recorded(field, document) for field in asked})


def _recorded(field: Field, document: Mapping[str, Any]) -> Any:
    if field.kind is FieldKind.TICK:
        return field.name in (document.get("complete") or ())
    return None if field.adds else held_at(document, field.key)
