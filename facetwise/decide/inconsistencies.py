"""What in a record contradicts itself or deserves a second look: for a person to settle, never settled here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from facetwise.decide.calendar import plus
from facetwise.decide.evaluate_patient import reliefs, truth
from facetwise.decide.record_as_of import Event, RecordAsOf
from facetwise.guidance.requirements import AT_THE_PLACE
from facetwise.language.truth import Truth
from facetwise.language.units import months

_ROUNDING = 1  # percent: a person who states 70 % after 10 to 3.1 does not contradict the sheet
_VOLUME_ML = 1
_A_YEAR = months(12)


@dataclass(frozen=True)
class Inconsistency:
    """Something that a reader of the record should look at, with its places in the record."""

    says: str
    places: tuple[str, ...]


def inconsistencies(record: RecordAsOf) -> tuple[Inconsistency, ...]:
    """What in a record cannot all be so."""
    return (*_relief(record), *_before_the_pain(record), *_readings(record), *_before_birth(record))


def _relief(record: RecordAsOf) -> Iterable[Inconsistency]:
    for event in record.events["blocks"]:
        stated, computed = reliefs(record.row_of(event))
        if stated is not None and computed is not None and abs(stated - computed) > _ROUNDING:
            shown = computed.quantize(Decimal("0.1")).normalize()
            yield Inconsistency(
                f"The relief stated ({stated.normalize():f} %) is not the relief computed from the scores ({shown:f} %)",
                (f"{event.place}.stated_relief_percent", f"{event.place}.after"),
            )
        if event.values["blocks.positive"] is True and any(r is not None and r <= 0 for r in (stated, computed)):
            yield Inconsistency("A block judged positive gave no relief", (event.place,))


def _before_the_pain(record: RecordAsOf) -> Iterable[Inconsistency]:
    since = cast(date | None, record.facts.get("pain.since"))
    if since is None:
        return
    for name, words, day in (
        ("care", "A course of care began", "care.from"),
        ("blocks", "A block was done", "blocks.date"),
        ("denervations", "A denervation was done", "denervations.date"),
    ):
        for event in record.events[name]:
            when = cast(date | None, event.values[day])
            if when is not None and when < since:
                yield Inconsistency(f"{words} before the pain began ({since.isoformat()})", (event.place, "pain.since"))


def _readings(record: RecordAsOf) -> Iterable[Inconsistency]:
    for event in record.events["denervations"]:
        done = cast(date | None, event.values["denervations.date"])
        for reading in event.readings:
            if done is not None and reading.day is not None and reading.day < done:
                yield Inconsistency(
                    "Relief was read before its denervation; it is not used", (reading.place, event.place)
                )


def _before_birth(record: RecordAsOf) -> Iterable[Inconsistency]:
    born = cast(date | None, record.facts.get("born"))
    since = cast(date | None, record.facts.get("pain.since"))
    if born is not None and since is not None and since < born:
        yield Inconsistency("The pain began before the date of birth", ("pain.since", "born"))


def warnings(record: RecordAsOf) -> tuple[Inconsistency, ...]:
    """What a reader should know: how old the scores are, and of blocks their place, sedation, and volume."""
    blocks = (warning for event in record.events["blocks"] for warning in _of_block(event, record))
    return (*_old_scores(record), *blocks)


def _old_scores(record: RecordAsOf) -> Iterable[Inconsistency]:
    dated = [
        (day, event.place) for event in record.events["scores"] if isinstance(day := event.values["scores.date"], date)
    ]
    if dated and plus(max(dated)[0], _A_YEAR) < record.today:
        yield Inconsistency(
            f"The latest score is of {max(dated)[0].isoformat()}, more than a year before", (max(dated)[1],)
        )


def _of_block(event: Event, record: RecordAsOf) -> Iterable[Inconsistency]:
    if truth(AT_THE_PLACE, record.row_of(event)) is Truth.NOT_MET:
        yield Inconsistency("A block was done at another region, level or side than the request names", (event.place,))
    if event.values["blocks.sedation"] is True:
        yield Inconsistency("A block was done under sedation: its response may be false", (event.place,))
    volume = cast(Decimal | None, event.values["blocks.volume_ml"])
    if volume is not None and volume > _VOLUME_ML:
        yield Inconsistency(
            "A block used more than 1 ml: it may have numbed more than the medial branch", (event.place,)
        )
