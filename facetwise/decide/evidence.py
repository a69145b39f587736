"""What a finding rests on: every fact that a test looked at, with its value, its day and its place in the record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from typing import Any, cast

from facetwise.decide.calendar import completed_years
from facetwise.decide.evaluate_patient import Row, choose, latest_of, number_or_value, reliefs
from facetwise.decide.fact_labels import UNITS, name_in_answers
from facetwise.decide.view_as_of import Event, View
from facetwise.language.events import (
    AtLeast,
    AtLeastAtOneLevel,
    Chosen,
    CompletedYears,
    CountOf,
    IsTrue,
    LatestMeets,
    OnRecord,
    ReliefAtLeast,
    ReliefLasts,
)
from facetwise.language.expressions import FACT_TYPES, Expression, Test
from facetwise.language.patient import block_positive


@dataclass(frozen=True)
class Evidence:
    """One fact that was looked at. `place` is where it stands: 'scores[0]', 'pain.since'."""

    fact: str
    value: object
    day: date | None
    place: str

    @property
    def unit(self) -> str:
        return UNITS.get(self.fact, "")

    def to_json(self) -> dict[str, Any]:
        """As contract section 3 has it under `because`."""
        told: dict[str, Any] = {"fact": self.fact, "value": plain(self.value)}
        if self.unit:
            told["unit"] = self.unit
        return {**told, "date": self.day.isoformat() if self.day else None, "from": self.place}


def plain(value: object) -> Any:
    """A recorded value as JSON has it."""
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case date():
            return value.isoformat()
        case tuple():
            return [plain(inner) for inner in value]
        case _:
            return value


def evidence(test: Test, view: View) -> tuple[Evidence, ...]:
    """Everything recorded that a test looks at, each place once, in the order it is asked."""
    found: dict[tuple[str, str], Evidence] = {}
    _gather(test, view, found)
    return tuple(found.values())


def _gather(part: Expression, view: View, found: dict[tuple[str, str], Evidence]) -> None:
    """Parts of the request are told where they are asked of the patient, not again for every event."""
    match part:
        case AtLeast(chosen=chosen) | AtLeastAtOneLevel(chosen=chosen) | OnRecord(chosen=chosen):
            _events(chosen, _looked_at(chosen, view), found)
        case LatestMeets(chosen=chosen, otherwise=otherwise):
            sure, later = latest_of(chosen, view)
            _events(chosen, (*([sure] if sure else []), *later), found)
            if sure is None and otherwise is not None:
                _gather(otherwise, view, found)
        case ReliefLasts(chosen=chosen):
            sure, _ = latest_of(chosen, view)
            if sure is not None:
                _events(chosen, (sure,), found)
                _readings(sure, found)
        case CompletedYears() | CountOf():
            _number(part, view, found)
        case _ if isinstance(part, FACT_TYPES):
            value = view.facts.get(part.name)
            if value is not None:
                _keep(found, Evidence(name_in_answers(part.name), value, None, part.name))
        case _:
            for inner in part.parts():
                _gather(inner, view, found)


def _keep(found: dict[tuple[str, str], Evidence], item: Evidence) -> None:
    found.setdefault((item.place, item.fact), item)


def _number(part: CompletedYears | CountOf, view: View, found: dict[tuple[str, str], Evidence]) -> None:
    value = number_or_value(part, Row(view))
    if value is None:
        return
    if isinstance(part, CompletedYears):
        born = cast(date, view.facts["born"])
        _keep(found, Evidence("age", completed_years(born, view.today), None, "born"))
    else:
        _keep(found, Evidence("levels", view.facts[part.texts.name], None, part.texts.name))


def _looked_at(chosen: Chosen, view: View) -> tuple[Event, ...]:
    """The events chosen or that may be; where there is none, every one on the list, since all were looked at."""
    choice = choose(chosen, view)
    every = view.events[chosen.events.name]
    held = {event.place for event in (*choice.sure, *choice.maybe)}
    return tuple(event for event in every if event.place in held) or every


def _events(chosen: Chosen, events: tuple[Event, ...], found: dict[tuple[str, str], Evidence]) -> None:
    for event in events:
        for item in _of_event(chosen, event):
            _keep(found, item)


def _of_event(chosen: Chosen, event: Event) -> tuple[Evidence, ...]:
    parts = chosen.where.walk()
    day = cast(date | None, event.values.get(f"{chosen.events.name}.date"))
    match chosen.events.name:
        case "scores":
            return (Evidence("pain_score", event.values["scores.of_ten"], day, event.place),)
        case "care":
            began = cast(date | None, event.values["care.from"])
            return (Evidence("conservative_care", event.values["care.outcome"], began, event.place),)
        case "blocks" if any(isinstance(part, ReliefAtLeast) for part in parts):
            return _block_relief(event, day)
        case "blocks":
            judged = any(isinstance(part, IsTrue) and part.flag == block_positive for part in parts)
            fact = "block_response" if judged else "block_kind"
            return (Evidence(fact, event.values[f"blocks.{'positive' if judged else 'kind'}"], day, event.place),)
        case _:
            return (Evidence("denervation", event.values["denervations.technique"], day, event.place),)


def _block_relief(event: Event, day: date | None) -> tuple[Evidence, ...]:
    stated, computed = reliefs(Row(View(date.min, {}, {}, frozenset()), event))
    told = []
    if stated is not None:
        told.append(Evidence("block_relief", stated, day, f"{event.place}.stated_relief_percent"))
    if computed is not None:
        shown = computed.quantize(Decimal("0.1"), ROUND_FLOOR)
        told.append(Evidence("block_relief", shown, day, f"{event.place}.after"))
    return tuple(told) or (Evidence("block_relief", None, day, event.place),)


def _readings(event: Event, found: dict[tuple[str, str], Evidence]) -> None:
    for reading in event.readings:
        for name, value in (("percent", reading.percent), ("adl_percent", reading.adl_percent)):
            if value is not None:
                item = Evidence("relief_after_denervation", value, reading.day, f"{reading.place}.{name}")
                _keep(found, item)
