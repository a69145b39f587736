"""The same record with some facts put otherwise, to see what would change."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from facetwise.errors import UsageError, nearest
from facetwise.record.record import Assessment, Conditions, Pain, Part, Record, Request

_STEP = re.compile(r"([a-z_]+)(?:\[(\d+)\])?")
_PARTS: dict[str, tuple[type[Part], str]] = {
    "request": (Request, ""),
    "pain": (Pain, "pain_"),
    "assessment": (Assessment, ""),
    "conditions": (Conditions, ""),
}
_PLAIN = {
    prefix + name: f"{part}.{name}"
    for part, (model, prefix) in _PARTS.items()
    for name in model.model_fields
    if name != "date"
}
_MADE = ("age", "pain_score", "block_relief", "block_response", "complete")
_OLDEST = 150


def what_if(document: Mapping[str, Any], changes: Iterable[str], as_of: date) -> dict[str, Any]:
    """A record's JSON with changes made to it, each written FACT=VALUE.

    FACT is a fact as answers call it (pain_rating, pacemaker, age, pain_score, block_relief, block_response), a path of
    the record (pain.since, denervations[0].date), or `complete`, to which a list is added (null: nothing is). A score or a block is added, dated `as_of`, at the place
    that the request names. Errors: UsageError for a fact that is not known or a path that leads nowhere.
    """
    changed = {name: value for name, value in document.items() if name != "clinic"}  # which no policy looks into
    changed = copy.deepcopy(changed)
    for change in changes:
        name, sign, written = change.partition("=")
        if not sign:
            raise UsageError(f"'{change}' puts nothing otherwise. Write it as FACT=VALUE, such as pain_rating=severe.")
        try:
            _put(changed, name.strip(), _value(written.strip()), as_of)
        except (TypeError, ValueError, AttributeError) as error:
            raise UsageError(
                f"'{name}' cannot be put otherwise so. Write it as pain.since or blocks[0].date."
            ) from error
    return changed


def _value(written: str) -> Any:
    try:
        return json.loads(written, parse_float=Decimal)
    except (ValueError, RecursionError):
        return written


def _put(record: dict[str, Any], name: str, value: Any, as_of: date) -> None:
    match name:
        case "age":
            if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _OLDEST:
                raise UsageError(f"An age is a whole number of years from 0 to {_OLDEST}. Write it as age=17.")
            record["born"] = _born(value, as_of).isoformat()
        case "pain_score":
            contexts = {"usual", *(held.get("context") for held in _list(record, "scores"))} & {"usual", "referral"}
            record["scores"] = [
                *_list(record, "scores"),
                *(
                    {"date": as_of.isoformat(), "scale": "NRS", "value": value, "context": context}
                    for context in sorted(contexts)
                ),
            ]
        case "block_relief" | "block_response":
            fact = "stated_relief_percent" if name == "block_relief" else "positive"
            place = {k: v for k, v in (record.get("request") or {}).items() if k in ("region", "levels", "sides")}
            block = {"date": as_of.isoformat(), "kind": "medial-branch-block", "steroid": False, fact: value, **place}
            record["blocks"] = [*_list(record, "blocks"), block]
        case "complete" if value is None:
            record["complete"] = []
        case "complete":
            named = value if isinstance(value, list) else str(value).split(",")
            record["complete"] = [
                *_list(record, "complete"),
                *(one for one in named if one not in _list(record, "complete")),
            ]
        case _:
            _put_at(record, _path(name), value, name)


def _list(record: Mapping[str, Any], name: str) -> list[Any]:
    return list(record.get(name) or [])


def _born(age: int, as_of: date) -> date:
    try:
        return as_of.replace(year=as_of.year - age)
    except ValueError:  # 29 February: of a year without one, born the day before
        return date(as_of.year - age, 2, 28)


def _path(name: str) -> str:
    if name in _PLAIN:
        return _PLAIN[name]
    if "." in name or name in Record.model_fields:
        return name
    raise UsageError(f"There is no fact '{name}' to put otherwise." + nearest(name, [*_PLAIN, *_MADE]))


def _put_at(record: dict[str, Any], path: str, value: Any, name: str) -> None:
    here: Any = record
    steps = [_STEP.fullmatch(step) for step in path.split(".")]
    for number, step in enumerate(steps):
        if step is None or not isinstance(here, dict):
            raise UsageError(f"'{name}' is no path of a record. Write it as pain.since or blocks[0].date.")
        key, place = step[1], step[2]
        last = number == len(steps) - 1
        if place is not None:
            held = here.get(key) or []
            if int(place) >= len(held):
                raise UsageError(f"'{name}' leads nowhere: the record has {len(held)} of {key}.")
            here[key] = held = list(held)
            if last:
                held[int(place)] = value
            else:
                held[int(place)] = dict(held[int(place)])
                here = held[int(place)]
        elif last:
            here[key] = value
        else:
            here[key] = dict(here.get(key) or {})
            here = here[key]
