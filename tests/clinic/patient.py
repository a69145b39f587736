"""A made-up patient before any block, and the moments of the day of one."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from facetwise.clinic.block.blocks import Done
from facetwise.guidance.example_patient import example_patient

LONDON = ZoneInfo("Europe/London")
DAY = date(2026, 11, 20)
AFTERNOON = datetime(2026, 11, 20, 15, 0, tzinfo=LONDON)
DONE = Done(
    date=DAY,
    at=time(9, 30),
    kind="medial-branch-block",
    region="lumbar",
    levels=("L4/5",),
    sides=("left",),
    agent="bupivacaine",
    steroid=False,
    sedation=False,
    volume_ml=Decimal("0.5"),
    nerves=("L3 medial branch", "L4 medial branch"),
    before=Decimal(7),
    target="low back, left",
    movement="bending back",
)


def without_blocks() -> dict[str, Any]:
    """The example patient, on whom no block was done yet."""
    return {**example_patient(), "blocks": []}


def at(hour: int, minute: int = 0, day: int = 20) -> datetime:
    """A moment of November 2026 by the clinic's clock."""
    return datetime(2026, 11, day, hour, minute, tzinfo=LONDON)
