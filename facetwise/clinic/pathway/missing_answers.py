"""Which fields ask for a missing fact, and what an answer changes in the record.

A field is named by where its answer goes ('conditions.pacemaker', 'blocks.0.steroid'), or by what it adds
('scores.new', 'care.new', 'denervations.new', 'complete.blocks'). An answer that is not given changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, get_args

from facetwise.clinic.model.list_references import without_denervation
from facetwise.clinic.model.spinal_levels import levels_of
from facetwise.decide.fact_labels import question_for
from facetwise.errors import InputError
from facetwise.guidance.safety import RED_FLAGS, SAFETY
from facetwise.record.field_types import LEVELS
from facetwise.record.record import CareKind, CareOutcome, Context, Rating, Region, Scale, Side, Technique


class Kind(Enum):
    """How a field is answered."""

    FLAG = "flag"
    DAY = "day"
    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    TEXT = "text"
    TICK = "tick"
    SCORE = "score"
    CARE = "care"
    DENERVATION = "denervation"
    BLOCK = "block"
    RELIEF = "relief"


@dataclass(frozen=True)
class Field:
    """One question. kind BLOCK and RELIEF have pages of their own, which the form leads to."""

    key: str
    ask: str
    kind: Kind
    choices: tuple[str, ...] = ()
    low: float = 0
    high: float = 10

    @property
    def id(self) -> str:
        """Fit for an id in a page."""
        return self.key.replace(".", "-")


CHOICES: Mapping[str, tuple[str, ...]] = {
    "region": get_args(Region),
    "technique": get_args(Technique),
    "rating": get_args(Rating),
    "scale": get_args(Scale),
    "context": get_args(Context),
    "care_kind": get_args(CareKind),
    "care_outcome": get_args(CareOutcome),
    "block_kind": ("medial-branch-block", "intra-articular"),
    "sides": get_args(Side),
    "levels": LEVELS,
}
_SAFETY = tuple(caution.id for caution in (*RED_FLAGS, *SAFETY))
_PLAIN = {
    "age": ("born", Kind.DAY),
    "region": ("request.region", Kind.CHOICE),
    "levels": ("request.levels", Kind.CHOICES),
    "sides": ("request.sides", Kind.CHOICES),
    "technique": ("request.technique", Kind.CHOICE),
    "pain_since": ("pain.since", Kind.DAY),
    "pain_axial": ("pain.axial", Kind.FLAG),
    "pain_radicular": ("pain.radicular", Kind.FLAG),
    "pain_below_knee": ("pain.below_knee", Kind.FLAG),
    "pain_limits_daily_life": ("pain.limits_daily_life", Kind.FLAG),
    "pain_rating": ("pain.rating", Kind.CHOICE),
    "facet_suspected": ("assessment.facet_suspected", Kind.FLAG),
    "specialist": ("assessment.specialist", Kind.FLAG),
    "surgery_not_an_option": ("assessment.surgery_not_an_option", Kind.FLAG),
    "hads_depression": ("conditions.hads_depression", Kind.NUMBER),
    **{name: (f"conditions.{name}", Kind.FLAG) for name in _SAFETY},
}
_EVENT_FIELDS = {
    "block_date": ("blocks", "date", Kind.DAY),
    "block_kind": ("blocks", "kind", Kind.CHOICE),
    "block_region": ("blocks", "region", Kind.CHOICE),
    "block_steroid": ("blocks", "steroid", Kind.FLAG),
    "block_sedation": ("blocks", "sedation", Kind.FLAG),
    "block_agent": ("blocks", "agent", Kind.TEXT),
    "block_levels": ("blocks", "levels", Kind.CHOICES),
    "block_sides": ("blocks", "sides", Kind.CHOICES),
    "block_prolonged": ("blocks", "prolonged", Kind.FLAG),
    "block_response": ("blocks", "positive", Kind.FLAG),
    "denervation_date": ("denervations", "date", Kind.DAY),
    "denervation_region": ("denervations", "region", Kind.CHOICE),
    "denervation_levels": ("denervations", "levels", Kind.CHOICES),
    "denervation_sides": ("denervations", "sides", Kind.CHOICES),
}
_JUDGED = ("positive", "prolonged", "stated_relief_percent", "relief_hours")
_OPENS = {
    "block_response": Kind.BLOCK,
    "block_relief": Kind.BLOCK,
    "blocks": Kind.BLOCK,
    "relief_after_denervation": Kind.RELIEF,
}


def is_judgement(key: str) -> bool:
    """Whether a field asks what only a clinician judges of a block."""
    name, _, rest = key.partition(".")
    return name == "blocks" and rest.partition(".")[2] in _JUDGED


def is_safety(fact: str) -> bool:
    """Whether a fact is a red flag or a hold, which are asked before any block or procedure."""
    return fact in _SAFETY


def fields_of(fact: str, document: Mapping[str, Any]) -> tuple[Field, ...]:
    """The fields that ask for a missing fact of a record."""
    ask = question_for(fact)
    if fact in _PLAIN:
        path, kind = _PLAIN[fact]
        return (_field(path, ask, kind, document),)
    found: list[Field] = []
    if fact in _EVENT_FIELDS:
        name, field, kind = _EVENT_FIELDS[fact]
        for place, event in enumerate(document.get(name) or ()):
            if event.get(field) in (None, []):
                found.append(_field(f"{name}.{place}.{field}", f"{_event(name, place, event)}: {ask}", kind, document))
    match fact:
        case "pain_score":
            found.append(Field("scores.new", ask, Kind.SCORE))
        case "conservative_care":
            found.append(Field("care.new", ask, Kind.CARE))
            found.append(_complete("care", "This is all the conservative care that was tried"))
        case "denervations":
            found.append(Field("denervations.new", ask, Kind.DENERVATION))
            found.append(_complete("denervations", "There was no other denervation"))
        case _ if fact in _OPENS:
            kind = _OPENS[fact]
            found.append(Field(kind.value, question_for("block_relief" if kind is Kind.BLOCK else fact), kind))
            if kind is Kind.BLOCK:
                found.append(_complete("blocks", "There was no other diagnostic block"))
    return tuple(found) or (Field(fact, ask, Kind.BLOCK if fact.startswith("block") else Kind.RELIEF),)


def fields(facts: Iterable[str], document: Mapping[str, Any]) -> tuple[Field, ...]:
    """The fields that ask for several facts, each once."""
    return tuple({field.key: field for fact in facts for field in fields_of(fact, document)}.values())


def every_plain_field(document: Mapping[str, Any], region: str = "") -> tuple[Field, ...]:
    """Every field with one answer, whether it is answered or not, in the order in which a clinic asks.

    region: one that was chosen just now, whose levels are offered beside those of the record.
    """
    plain = [_field(path, question_for(fact), kind, document, region) for fact, (path, kind) in _PLAIN.items()]
    after = next(place for place, field in enumerate(plain, 1) if field.key == "request.technique")
    return (*plain[:after], Field("request.date", "On which day was this asked for?", Kind.DAY), *plain[after:])


def _field(path: str, ask: str, kind: Kind, document: Mapping[str, Any], chosen: str = "") -> Field:
    last = path.rpartition(".")[2]
    if last == "levels":
        region = (document.get("request") or {}).get("region") if path.startswith("request") else None
        held = (*(held_at(document, path) or ()), *levels_of(chosen or region))
        return Field(path, ask, kind, levels_of(region, held))
    if last == "hads_depression":
        return Field(path, ask, kind, high=21)
    named = "block_kind" if path.startswith("blocks") and last == "kind" else last
    return Field(path, ask, kind, CHOICES.get(named, ()))


def _complete(name: str, says: str) -> Field:
    return Field(f"complete.{name}", says, Kind.TICK)


def _event(name: str, place: int, event: Mapping[str, Any]) -> str:
    what = {"blocks": "Block", "denervations": "Denervation"}[name]
    return f"{what} of {event['date']}" if event.get("date") else f"{what} {place + 1}"


def held_at(document: Mapping[str, Any], key: str) -> Any:
    """What the record holds at a field's key; None for nothing."""
    here: Any = document
    for step in key.split("."):
        if isinstance(here, list | tuple):
            here = here[int(step)] if step.isdigit() and int(step) < len(here) else None
        elif isinstance(here, Mapping):
            here = here.get(step)
        else:
            return None
    return here


def put(document: Mapping[str, Any], key: str, value: Any) -> dict[str, Any]:
    """A new record with an answer in its place. None takes what is there away. Errors: InputError for no such place."""
    name, _, rest = key.partition(".")
    held = dict(document)
    if rest == "new":
        held[name] = [*(document.get(name) or ()), value]
    elif name == "complete":
        _set_complete(held, rest, bool(value))
    elif not rest:
        _set(held, name, value)
    elif name in ("blocks", "denervations", "scores", "care"):
        place, _, field = rest.partition(".")
        events = list(document.get(name) or ())
        if not place.isdigit() or int(place) >= len(events):
            raise InputError(f"There is no {name}[{place}] any more. Open the page again.")
        events[int(place)] = dict(events[int(place)])
        _set(events[int(place)], field, value)
        held[name] = events
    else:
        part = dict(document.get(name) or {})
        _set(part, rest, value)
        if part or name in document:
            held[name] = part
    return held


def _set_complete(held: dict[str, Any], name: str, is_complete: bool) -> None:
    """A list that is complete already, or is not, stays as it was written."""
    before = list(held.get("complete") or ())
    if is_complete and name not in before:
        held["complete"] = [*before, name]
    elif not is_complete and name in before:
        held["complete"] = [one for one in before if one != name]


def _set(part: dict[str, Any], name: str, value: Any) -> None:
    before = part.get(name)
    if value is None:
        if before != []:
            part.pop(name, None)
    elif not (isinstance(value, list) and isinstance(before, list) and sorted(value) == sorted(before)):
        part[name] = value


def put_all(document: Mapping[str, Any], answers: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """A new record with every answer in its place. A list that something was added to stays complete or not as it was.

    Errors: InputError for what is no record then.
    """
    held = dict(document)
    for key, value in answers:
        held = put(held, key, value)
    return held


def without_event(document: Mapping[str, Any], name: str, place: int) -> dict[str, Any]:
    """A new record without one event that was recorded by mistake.

    What the clinic keeps names blocks and denervations by their place, so that it moves with them. The sheet of a block
    goes with it; what was written down of a procedure stays. Errors: InputError for no such event.
    """
    events = list(document.get(name) or ())
    if name not in ("scores", "care", "blocks", "denervations") or not 0 <= place < len(events):
        raise InputError(f"There is no {name}[{place}] any more. Open the page again.")
    if name == "denervations":
        return without_denervation(document, place)
    del events[place]
    clinic = dict(document.get("clinic") or {})
    if name == "blocks" and clinic.get("sheets"):
        kept = [dict(one) for one in clinic["sheets"] if one.get("block") != place]
        for one in kept:
            if isinstance(one.get("block"), int) and one["block"] > place:
                one["block"] -= 1
        clinic["sheets"] = kept
    return {**document, name: events, "clinic": clinic}
