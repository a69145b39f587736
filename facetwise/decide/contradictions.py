"""What in a record contradicts itself, or deserves a second look: shown, never settled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from facetwise.decide.calendar import plus
from facetwise.decide.evaluate_patient import Row, reliefs, truth
from facetwise.decide.view_as_of import Event, View
from facetwise.guidance.requirements import AT_THE_PLACE
from facetwise.language.truth import Truth
from facetwise.language.units import months

_ROUNDING = 1  # percent: a person who states 70 % after 10 to 3.1 does not contradict the sheet
_VOLUME_ML = 1
_A_YEAR = months(12)


@dataclass(frozen=True)
class Doubt:
    """Something that a reader of the record should see, with the places it stands at."""

    says: str
    places: tuple[str, ...]


def contradictions(view: View) -> tuple[Doubt, ...]:
    """What in a record cannot all be so."""
    return (*_relief(view), *_before_the_pain(view), *_readings(view), *_before_birth(view))


def _relief(view: View) -> Iterable[Doubt]:
    for event in view.events["blocks"]:
        stated, computed = reliefs(Row(view, event))
        if stated is not None and computed is not None and abs(stated - computed) > _ROUNDING:
            shown = computed.quantize(Decimal("0.1")).normalize()
            yield Doubt(
                f"The relief stated ({stated.normalize():f} %) is not the relief computed from the scores ({shown:f} %)",
                (f"{event.place}.stated_relief_percent", f"{event.place}.after"),
            )
        if event.values["blocks.positive"] is True and any(r is not None and r <= 0 for r in (stated, computed)):
            yield Doubt("A block judged positive gave no relief", (event.place,))


def _before_the_pain(view: View) -> Iterable[Doubt]:
    since = cast(date | None, view.facts.get("pain.since"))
    if since is None:
        return
    for name, words, day in (
        ("care", "A course of care began", "care.from"),
        ("blocks", "A block was done", "blocks.date"),
        ("denervations", "A denervation was done", "denervations.date"),
    ):
        for event in view.events[name]:
            when = cast(date | None, event.values[day])
            if when is not None and when < since:
                yield Doubt(f"{words} before the pain began ({since.isoformat()})", (event.place, "pain.since"))


def _readings(view: View) -> Iterable[Doubt]:
    for event in view.events["denervations"]:
        done = cast(date | None, event.values["denervations.date"])
        for reading in event.readings:
            if done is not None and reading.day is not None and reading.day < done:
                yield Doubt("Relief was read before its denervation; it is not used", (reading.place, event.place))


def _before_birth(view: View) -> Iterable[Doubt]:
    born = cast(date | None, view.facts.get("born"))
    since = cast(date | None, view.facts.get("pain.since"))
    if born is not None and since is not None and since < born:
        yield Doubt("The pain began before the date of birth", ("pain.since", "born"))


def remarks(view: View) -> tuple[Doubt, ...]:
    """What a reader should know: how old the scores are, and of blocks their place, sedation, and volume."""
    blocks = (remark for event in view.events["blocks"] for remark in _of_block(event, view))
    return (*_old_scores(view), *blocks)


def _old_scores(view: View) -> Iterable[Doubt]:
    dated = [
        (day, event.place) for event in view.events["scores"] if isinstance(day := event.values["scores.date"], date)
    ]
    if dated and plus(max(dated)[0], _A_YEAR) < view.today:
        yield Doubt(f"The latest score is of {max(dated)[0].isoformat()}, more than a year before", (max(dated)[1],))


def _of_block(event: Event, view: View) -> Iterable[Doubt]:
    if truth(AT_THE_PLACE, Row(view, event)) is Truth.NOT_MET:
        yield Doubt("A block was done at another region, level or side than the request names", (event.place,))
    if event.values["blocks.sedation"] is True:
        yield Doubt("A block was done under sedation: its response may be false", (event.place,))
    volume = cast(Decimal | None, event.values["blocks.volume_ml"])
    if volume is not None and volume > _VOLUME_ML:
        yield Doubt("A block used more than 1 ml: it may have numbed more than the medial branch", (event.place,))
