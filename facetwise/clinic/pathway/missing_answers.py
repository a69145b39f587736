"""Which fields ask for a missing fact, and what an answer changes in the record.

A field is named by where its answer goes ('conditions.pacemaker', 'blocks.0.steroid'), or by what it adds
('scores.new', 'care.new', 'denervations.new', 'complete.blocks'). An answer that is not given changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, get_args

from facetwise.clinic.model.fields import Field, FieldKind
from facetwise.clinic.model.list_references import without_denervation
from facetwise.clinic.model.spinal_levels import levels_of, misplaced
from facetwise.decide.fact_labels import question_for
from facetwise.errors import InputError
from facetwise.guidance.safety import RED_FLAGS, SAFETY
from facetwise.record.field_types import LEVELS
from facetwise.record.record import HIGHEST, CareKind, CareOutcome, Context, Rating, Region, Scale, Side, Technique

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
    "age": ("born", FieldKind.DAY),
    "region": ("request.region", FieldKind.CHOICE),
    "levels": ("request.levels", FieldKind.CHOICES),
    "sides": ("request.sides", FieldKind.CHOICES),
    "technique": ("request.technique", FieldKind.CHOICE),
    "pain_since": ("pain.since", FieldKind.DAY),
    "pain_axial": ("pain.axial", FieldKind.FLAG),
    "pain_radicular": ("pain.radicular", FieldKind.FLAG),
    "pain_below_knee": ("pain.below_knee", FieldKind.FLAG),
    "pain_limits_daily_life": ("pain.limits_daily_life", FieldKind.FLAG),
    "pain_rating": ("pain.rating", FieldKind.CHOICE),
    "facet_suspected": ("assessment.facet_suspected", FieldKind.FLAG),
    "specialist": ("assessment.specialist", FieldKind.FLAG),
    "surgery_not_an_option": ("assessment.surgery_not_an_option", FieldKind.FLAG),
    "hads_depression": ("conditions.hads_depression", FieldKind.NUMBER),
    **{name: (f"conditions.{name}", FieldKind.FLAG) for name in _SAFETY},
}
_EVENT_FIELDS = {
    "block_date": ("blocks", "date", FieldKind.DAY),
    "block_kind": ("blocks", "kind", FieldKind.CHOICE),
    "block_region": ("blocks", "region", FieldKind.CHOICE),
    "block_steroid": ("blocks", "steroid", FieldKind.FLAG),
    "block_sedation": ("blocks", "sedation", FieldKind.FLAG),
    "block_agent": ("blocks", "agent", FieldKind.TEXT),
    "block_levels": ("blocks", "levels", FieldKind.CHOICES),
    "block_sides": ("blocks", "sides", FieldKind.CHOICES),
    "block_prolonged": ("blocks", "prolonged", FieldKind.FLAG),
    "block_response": ("blocks", "positive", FieldKind.FLAG),
    "denervation_date": ("denervations", "date", FieldKind.DAY),
    "denervation_region": ("denervations", "region", FieldKind.CHOICE),
    "denervation_levels": ("denervations", "levels", FieldKind.CHOICES),
    "denervation_sides": ("denervations", "sides", FieldKind.CHOICES),
}
_WHAT = {
    FieldKind.DAY: "the date",
    FieldKind.CHOICE: "an answer",
    FieldKind.NUMBER: "the answer",
    FieldKind.TEXT: "the answer",
}
_JUDGED = ("positive", "prolonged", "stated_relief_percent", "relief_hours")
_SCORE = (
    Field("value", "Score", FieldKind.NUMBER, what="the score", high=100, width=4, is_required=True),
    Field(
        "scale",
        "Scale",
        FieldKind.CHOICE,
        CHOICES["scale"],
        "the scale",
        empty="NRS, 0 to 10",
        default="NRS",
    ),
    Field(
        "context",
        "What it is of",
        FieldKind.CHOICE,
        CHOICES["context"],
        "what it is of",
        empty="Usual pain",
        default="usual",
    ),
    Field("date", "On which day?", FieldKind.DAY, what="the day of the score", is_required=True, is_past=True),
)
_CARE = (
    Field(
        "kind",
        "Kind of care",
        FieldKind.CHOICE,
        CHOICES["care_kind"],
        "the kind of care",
        is_required=True,
        empty="None to add",
    ),
    Field("outcome", "How did it turn out?", FieldKind.CHOICE, CHOICES["care_outcome"], "how it turned out"),
    Field("from", "From", FieldKind.DAY, what="when it began", is_past=True),
    Field("to", "To", FieldKind.DAY, what="when it ended", is_past=True),
)
_DENERVATION = (
    Field(
        "date",
        "Day of the denervation",
        FieldKind.DAY,
        what="the day of the denervation",
        hint="Leave empty if there is none to add",
        is_past=True,
    ),
    Field("region", "Region", FieldKind.CHOICE, CHOICES["region"], "the region"),
    Field("levels", "Levels (joints)", FieldKind.CHOICES, LEVELS, is_folded=True),
    Field("sides", "Sides", FieldKind.CHOICES, CHOICES["sides"]),
    Field("technique", "Technique", FieldKind.CHOICE, CHOICES["technique"], "the technique"),
)
EVENTS = {"scores": _SCORE, "care": _CARE, "denervations": _DENERVATION}
"""The fields of an event, by the list of the record that holds it."""
_BLOCK_LINK = Field("block", question_for("block_relief"), FieldKind.LINK, page="blocks/new", hint="Record a block")
_RELIEF_LINK = Field(
    "relief",
    question_for("relief_after_denervation"),
    FieldKind.LINK,
    page="follow-up",
    hint="Record relief at follow-up",
)
_LINKS = {
    "block_response": _BLOCK_LINK,
    "block_relief": _BLOCK_LINK,
    "blocks": _BLOCK_LINK,
    "relief_after_denervation": _RELIEF_LINK,
}


def is_judgement(key: str) -> bool:
    """Whether a field asks what only a clinician judges of a block."""
    name, _, rest = key.partition(".")
    return name == "blocks" and rest.partition(".")[2] in _JUDGED


def is_safety(field: Field) -> bool:
    """Whether a field asks about a red flag or a hold, which are asked about before any block or procedure."""
    return field.key.removeprefix("conditions.") in _SAFETY


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
            found.append(new_event("scores", ask))
        case "conservative_care":
            found.append(new_event("care", ask))
            found.append(complete("care", "This is all the conservative care that was tried"))
        case "denervations":
            found.append(new_event("denervations", ask))
            found.append(complete("denervations", "There was no other denervation"))
        case _ if fact in _LINKS:
            found.append(_LINKS[fact])
            if _LINKS[fact] is _BLOCK_LINK:
                found.append(complete("blocks", "There was no other diagnostic block"))
    link = _BLOCK_LINK if fact.startswith("block") else _RELIEF_LINK
    return tuple(found) or (replace(link, key=fact, label=ask),)


def new_event(name: str, label: str) -> Field:
    """The field that adds an event to a list of the record."""
    parts = tuple(replace(part, key=f"{name}.new.{part.key}") for part in EVENTS[name])
    return Field(f"{name}.new", label, FieldKind.GROUP, parts=parts)


def event_fields(name: str, place: int) -> tuple[Field, ...]:
    """The fields of an event that the record holds. Whatever is emptied there is not known."""
    return tuple(
        replace(
            part,
            key=f"{name}.{place}.{part.key}",
            is_required=False,
            default=None,
            empty="Not known",
            hint="",
            is_folded=False,
        )
        for part in EVENTS[name]
    )


def event_fault(name: str, event: Mapping[str, Any]) -> tuple[str, str] | None:
    """The field of an event that is at fault beside the others, and why; None for none."""
    highest = HIGHEST.get(event.get("scale") or "", 100)
    if event.get("value") is not None and event["value"] > highest:
        return "value", f"{event['scale']} goes from 0 to {highest}"
    begun, ended = event.get("from"), event.get("to")
    if begun and ended and ended < begun:
        return "to", "It ends before it begins. Check both days"
    if name == "denervations" and (wrong := misplaced(event.get("region"), event.get("levels") or ())):
        return "levels", wrong
    return None


def fields_of_facts(facts: Iterable[str], document: Mapping[str, Any]) -> tuple[Field, ...]:
    """The fields that ask for several facts, each once."""
    return tuple({field.key: field for fact in facts for field in fields_of(fact, document)}.values())


def every_plain_field(document: Mapping[str, Any], region: str = "") -> tuple[Field, ...]:
    """Every field with one answer, whether it is answered or not, in the order in which a clinic asks.

    region: one that was chosen just now, whose levels are offered beside those of the record.
    """
    plain = [_field(path, question_for(fact), kind, document, region) for fact, (path, kind) in _PLAIN.items()]
    after = next(place for place, field in enumerate(plain, 1) if field.key == "request.technique")
    return (
        *plain[:after],
        _field("request.date", "On which day was this asked for?", FieldKind.DAY, document),
        *plain[after:],
    )


def _field(path: str, label: str, kind: FieldKind, document: Mapping[str, Any], chosen: str = "") -> Field:
    field = Field(path, label, kind, what=_WHAT.get(kind, ""), is_past=True, width=4 if kind is FieldKind.NUMBER else 0)
    if field.name == "levels":
        region = (document.get("request") or {}).get("region") if path.startswith("request") else None
        offered = (*(held_at(document, path) or ()), *levels_of(chosen or region))
        return replace(field, choices=levels_of(region, offered))
    if field.name == "hads_depression":
        return replace(field, high=21)
    named = "block_kind" if path.startswith("blocks") and field.name == "kind" else field.name
    return replace(field, choices=CHOICES.get(named, ()))


def complete(name: str, says: str) -> Field:
    """The box that says that a list of the record is complete."""
    return Field(f"complete.{name}", says, FieldKind.TICK)


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
    record = dict(document)
    if rest == "new":
        record[name] = [*(document.get(name) or ()), value]
    elif name == "complete":
        _set_complete(record, rest, bool(value))
    elif not rest:
        _set(record, name, value)
    elif name in ("blocks", "denervations", "scores", "care"):
        place, _, field = rest.partition(".")
        events = list(document.get(name) or ())
        if not place.isdigit() or int(place) >= len(events):
            raise InputError(f"There is no {name}[{place}] any more. Open the page again.")
        events[int(place)] = dict(events[int(place)])
        _set(events[int(place)], field, value)
        record[name] = events
    else:
        part = dict(document.get(name) or {})
        _set(part, rest, value)
        if part or name in document:
            record[name] = part
    return record


def _set_complete(record: dict[str, Any], name: str, is_complete: bool) -> None:
    """A list that is complete already, or is not, stays as it was written."""
    before = list(record.get("complete") or ())
    if is_complete and name not in before:
        record["complete"] = [*before, name]
    elif not is_complete and name in before:
        record["complete"] = [one for one in before if one != name]


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
    record = dict(document)
    for key, value in answers:
        record = put(record, key, value)
    return record


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
