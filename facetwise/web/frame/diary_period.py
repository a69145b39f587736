"""The days of a diary that are shown, and the diary on paper: for staff and patient alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from facetwise.clinic.follow_up.diary import OneDay, day_felt, entry_timing
from facetwise.clinic.follow_up.diary import days as summed
from facetwise.clinic.model.clinic_record import DiaryEntry, clinic_of
from facetwise.clinic.model.entry_timing import Timing
from facetwise.record.parse import record_of
from facetwise.web.charts.diary import chart_diary
from facetwise.web.frame.access import state_of
from facetwise.web.frame.layout import page

PERIODS = (14, 30, 90, 365)


@dataclass(frozen=True)
class Period:
    """The entries from the first to the last day, their days summed. days: 0 is all of them."""

    days: int
    first: date
    last: date
    entries: tuple[DiaryEntry, ...]
    summed: tuple[OneDay, ...]

    @property
    def later_n(self) -> int:
        return sum(entry_timing(entry) is Timing.LATER for entry in self.entries)


def period(document: Mapping[str, Any], wanted: str, today: date, zone: tzinfo) -> Period:
    """The last so many days that were asked for, 30 where that is no choice; 'all' begins with the first entry."""
    every = clinic_of(document).diary
    if wanted == "all" and every:
        days, first = 0, min(day_felt(every[0], zone), today)
    else:
        days = {str(days): days for days in PERIODS}.get(wanted, 30)
        first = today - timedelta(days=days - 1)
    chosen = tuple(entry for entry in every if first <= day_felt(entry, zone))
    last = max([today, *(day_felt(entry, zone) for entry in chosen)])
    return Period(days, first, last, chosen, summed(chosen, zone))


def done_of(document: Mapping[str, Any]) -> list[tuple[date, str]]:
    """The days on which something was done, to be drawn into the diary."""
    record = record_of(document, "the record")
    done = [(block.date, "block") for block in record.blocks if block.date]
    return done + [(treated.date, "denervation") for treated in record.denervations if treated.date]


def paper(
    request: Request, document: Mapping[str, Any], days: str, large: bool, home: str, name: str = "", **more: Any
) -> Response:
    """The diary as it is printed. name: said where the patient's own is not known."""
    state = state_of(request)
    shown = period(document, days, state.today(), state.zone)
    return page(
        request,
        "diary_print.html",
        name=clinic_of(document).name or name,
        home=home,
        large=large,
        period=shown,
        chart=chart_diary(shown.entries, shown.first, shown.last, state.zone, done_of(document)),
        timing=entry_timing,
        **more,
    )
