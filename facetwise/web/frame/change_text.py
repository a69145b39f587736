"""Changes of a record as text: each place with its value before and after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from facetwise.clinic.store.json_diff import NOTHING, JsonChange


@dataclass(frozen=True)
class ChangedPlace:
    """One place, such as 'scores[1].value', with what was there before and after, '' for nothing."""

    place: str
    before: str
    after: str


def differences(changes: Iterable[JsonChange]) -> list[ChangedPlace]:
    """The places whose words changed."""
    return [changed for changed in places_of(changes) if changed.before != changed.after]


def places_of(changes: Iterable[JsonChange]) -> list[ChangedPlace]:
    """Every place that changes speak of, whether it changed or not."""
    changed = []
    for change in changes:
        before, after = (dict(_flat(value, _path(change.place))) for value in (change.before, change.after))
        places = dict.fromkeys((*before, *after))
        changed += [ChangedPlace(place, before.get(place, ""), after.get(place, "")) for place in places]
    return changed


def _path(steps: Iterable[str | int]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).removeprefix(".")


def _flat(value: Any, place: str) -> list[tuple[str, str]]:
    if value is NOTHING:
        return []
    if isinstance(value, dict):
        return [pair for name, value in value.items() for pair in _flat(value, f"{place}.{name}" if place else name)]
    if isinstance(value, list) and any(isinstance(value, dict) for value in value):
        return [pair for number, value in enumerate(value) for pair in _flat(value, f"{place}[{number}]")]
    return [(place, ", ".join(map(_word, value)) if isinstance(value, list) else _word(value))]


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " ".join(map(_word, value))
    return "not known" if value is None else str(value)
