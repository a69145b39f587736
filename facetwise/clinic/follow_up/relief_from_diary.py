"""What the diary suggests of relief after a denervation: shown to whoever writes the reading down, never stored by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from decimal import ROUND_FLOOR, Decimal
from statistics import median
from typing import Any, cast

from facetwise.clinic.follow_up.diary import day_felt
from facetwise.clinic.follow_up.follow_up import denervation_at
from facetwise.clinic.model.clinic_record import clinic_of
from facetwise.clinic.model.dates_text import before as days_before
from facetwise.decide.evaluate_patient import Row, reliefs
from facetwise.decide.record_as_of import Event, RecordAsOf, record_as_of
from facetwise.record.parse import record_of

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Suggested:
    """Relief by the middle scores of two weeks of the diary. percent is rounded down, so that it never reaches a threshold.

    before: the middle score before, and from what; entries: how many the later week has.
    """

    percent: Decimal
    before: Decimal
    before_from: str
    now: Decimal
    entries: int


def suggested_relief(document: Mapping[str, Any], number: int, today: date, zone: tzinfo) -> Suggested | None:
    """What the diary of the last seven days suggests; None where it, or the score before, is not there.

    Before is the diary of the seven days up to the denervation, else the latest usual score of the record by then.
    """
    day = denervation_at(document, number).date
    if day is None:
        return None
    now = _scores(document, max(day, today - WEEK), today, zone)
    weekly = _scores(document, days_before(day, 8), days_before(day, 1), zone)
    before, source = (median(weekly), "the diary of the seven days before") if weekly else _usual(document, day)
    if not now or before is None:
        return None
    values = {"blocks.stated_relief_percent": None, "blocks.before": before, "blocks.best_after": median(now)}
    _, computed = reliefs(Row(RecordAsOf(day, {}, {}, frozenset()), Event("", values)))
    if computed is None:
        return None
    return Suggested(computed.quantize(Decimal(1), ROUND_FLOOR), before, source, median(now), len(now))


def _scores(document: Mapping[str, Any], after: date, until: date, zone: tzinfo) -> list[Decimal]:
    """The diary's scores felt after one day and until another."""
    return [entry.score for entry in clinic_of(document).diary if after < day_felt(entry, zone) <= until]


def _usual(document: Mapping[str, Any], day: date) -> tuple[Decimal | None, str]:
    scores = record_as_of(record_of(document, "the record"), day).events["scores"]
    usual = [
        (cast(date, event.values["scores.date"]), cast(Decimal, event.values["scores.of_ten"]))
        for event in scores
        if event.values["scores.context"] == "usual"
        and event.values["scores.scale"] in ("NRS", "VAS", "VAS100")
        and event.values["scores.date"] is not None
        and event.values["scores.of_ten"] is not None
    ]
    if not usual:
        return None, ""
    return max(usual)[1], "the usual pain score on record before it"
