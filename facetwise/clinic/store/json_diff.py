"""What changed between two JSON documents, place by place: carried out it gives the later one, undone the earlier one.

A document here is what `json.loads` makes of its canonical text, so 1, 1.0 and true are three values.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from hashlib import sha256
from typing import Any

from facetwise.errors import EngineError, InputError

Place = tuple[str | int, ...]


class Nothing(Enum):
    """What stands in a place that is not there. JSON's null is a value."""

    NOTHING = "nothing"


NOTHING = Nothing.NOTHING


class MisfitError(EngineError):
    """Changes that are not those of the document they were put to."""


@dataclass(frozen=True)
class JsonChange:
    """One place that changed: names and positions from the top, () for the whole. NOTHING before: added; after: removed.

    Changes stand in the order in which they are carried out: a position is the one in the list at that moment.
    """

    place: Place
    before: Any
    after: Any

    def to_json(self) -> dict[str, Any]:
        sides = (("before", self.before), ("after", self.after))
        return {"place": list(self.place)} | {name: value for name, value in sides if value is not NOTHING}


def canonical(document: object) -> str:
    """A document as JSON in one way only: 7.0 and Decimal('7.00') are 7. Errors: InputError for too many digits."""
    return _dumped(json.loads(_dumped(document), parse_float=Decimal))


def hash_of(text: str | None) -> str | None:
    """SHA-256 of a canonical text; None for none."""
    return None if text is None else sha256(text.encode()).hexdigest()


def changes_text(before: str | None, after: str | None) -> str:
    """The changes from one canonical text to another as canonical JSON. None: there is no document."""
    one, other = (NOTHING if text is None else json.loads(text) for text in (before, after))
    return _dumped([change.to_json() for change in changes_between(one, other)])


def changes_of(text: str | None) -> list[JsonChange]:
    """Changes as they were written by `changes_text`; none for None."""
    listed = json.loads(text) if text else ()
    return [JsonChange(tuple(it["place"]), it.get("before", NOTHING), it.get("after", NOTHING)) for it in listed]


def changes_between(before: Any, after: Any, place: Place = ()) -> Iterator[JsonChange]:
    """Every change from one document to another. A list without parts, such as levels, is one value."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted({*before, *after}):
            yield from changes_between(before.get(name, NOTHING), after.get(name, NOTHING), (*place, name))
    elif isinstance(before, list) and isinstance(after, list) and _has_parts((*before, *after)):
        yield from _in_lists(before, after, place)
    elif not _same(before, after):
        yield JsonChange(place, before, after)


def _has_parts(values: Iterable[Any]) -> bool:
    return any(isinstance(one, dict | list) for one in values)


def _in_lists(before: list[Any], after: list[Any], place: Place) -> Iterator[JsonChange]:
    """What stands alike at the beginning and at the end is left; between them position stands for position."""
    shorter = min(len(before), len(after))
    start = next((n for n in range(shorter) if not _same(before[n], after[n])), shorter)
    left = shorter - start
    end = next((n for n in range(left) if not _same(before[-1 - n], after[-1 - n])), left)
    both = shorter - end
    for n in range(start, both):
        yield from changes_between(before[n], after[n], (*place, n))
    for n in range(both, len(after) - end):
        yield JsonChange((*place, n), NOTHING, after[n])
    for n in reversed(range(both, len(before) - end)):
        yield JsonChange((*place, n), before[n], NOTHING)


def _same(one: Any, other: Any) -> bool:
    """Whether two values have one text: to Python 1, 1.0 and True are equal."""
    if one is NOTHING or other is NOTHING:
        return one is other
    return bool(one == other) and _dumped(one) == _dumped(other)


def applied(document: Any, text: str | None) -> Any:
    """The document after these changes. It is taken over: the one that was given is changed. Errors: MisfitError."""
    for change in changes_of(text):
        document = _put(document, change.place, change.before, change.after)
    return document


def undone(document: Any, text: str | None) -> Any:
    """The document before these changes, taken over like that of `applied`. Errors: MisfitError."""
    for change in reversed(changes_of(text)):
        document = _put(document, change.place, change.after, change.before)
    return document


def _put(document: Any, place: Place, old: Any, new: Any) -> Any:
    """The document with a new value in one place, if the old one stands there."""
    if not place:
        return _if_same(document, old, new)
    holder = document
    for step in place[:-1]:
        holder = _value_at(holder, step)
    step = place[-1]
    if isinstance(holder, list) and isinstance(step, int) and old is NOTHING:
        if not 0 <= step <= len(holder):
            raise _misfit()
        holder.insert(step, new)
        return document
    _if_same(_value_at(holder, step), old, new)
    if new is NOTHING:
        del holder[step]
    else:
        holder[step] = new
    return document


def _value_at(holder: Any, step: str | int) -> Any:
    if isinstance(holder, dict) and isinstance(step, str):
        return holder.get(step, NOTHING)
    if isinstance(holder, list) and isinstance(step, int) and 0 <= step < len(holder):
        return holder[step]
    raise _misfit()


def _if_same(value: Any, old: Any, new: Any) -> Any:
    if not _same(value, old):
        raise _misfit()
    return new


def _misfit() -> MisfitError:
    return MisfitError("The changes are not those of this record. Run facetwise verify-trail.")


def _dumped(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        if value == value.to_integral_value():
            return int(value)
        if Decimal(repr(float(value))) == value:
            return float(value)
        raise InputError("A number in the record has more digits than can be kept. Round it as it was measured.")
    raise TypeError(f"{type(value).__name__} has no place in a record.")
