"""Generated records: mostly such as meet the policies, and strays at, just before and just after every boundary.

`records(seed, n)` is one seeded stream.
"""

from __future__ import annotations

import random
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from facetwise.language.patient import CONDITIONS
from facetwise.record.record import Record

T = TypeVar("T")
Named = tuple[str, Record, date]

DAYS = (
    date(2026, 11, 20),
    date(2025, 2, 28),
    date(2025, 3, 1),
    date(2024, 2, 29),
    date(2025, 5, 31),
    date(2026, 8, 31),
    date(2024, 12, 31),
    date(2025, 4, 30),
    date(2026, 1, 1),
)
PARTS = ("born", "request", "pain", "assessment", "scores", "care", "blocks", "denervations", "conditions", "complete")
CALM, WILD = (0.0, 0.0, 0.02, 0.1), 0.5
LUMBAR = ("L4/5", "L5/S1", "L3/4", "L2/3", "L1/2")
REGIONS = ("cervical", "thoracic", "lumbar", "sacroiliac", "knee")
LEVELS: tuple[Sequence[str] | None, ...] = (
    None,
    (),
    ("L3/4",),
    ("L4/5", "L4/5"),
    ("L3/4", "L4/5", "L5/S1"),
    LUMBAR,
    ("C4/5",),
    ("L5/S1", "C4/5", "T8/9"),
)
SIDES: tuple[Sequence[str] | None, ...] = (None, (), ("right",), ("left", "right"), ("left", "left"))
PERCENTS = tuple(
    Decimal(text)
    for text in (
        "49.9",
        "50",
        "50.000001",
        "59.9",
        "60",
        "74.9",
        "75",
        "79.6",
        "79.999999",
        "80",
        "80.1",
        "100",
        "0",
        "-20",
    )
)
BEFORE_AFTER = (  # 60, 80, 75, 50 and just below and above, 0 before, one in three: none in decimals
    ("10", "4"), ("7", "1.4"), ("8", "2"), ("6", "3"), ("7", "1.400001"), ("7", "1.399999"), ("3", "1.500001"),
    ("0", "0"), ("0", "3"), ("3", "1"), ("5", "7"), ("9.9", "1.98"), ("0.000001", "0"), ("10", "4.010000"),
)  # fmt: skip
GAPS = (14, 0, 1, 13, 15, 27, 28, 29, 30, 90)
NEAR = (0, -1, 1, -2, 2, -3, 3)


def shifted(day: date, months: int) -> date:
    """The day so many months later or earlier, a month's end where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Draw:
    """A source of choices, and how often a choice strays from what is usual."""

    random: random.Random
    stray: float
    as_of: date
    most: int

    def one(self, of: Sequence[T]) -> T:
        return self.random.choice(of)

    def strays(self, chance: float = 1.0) -> bool:
        return self.stray > 0 and self.random.random() < self.stray * chance

    def usually(self, usual: T, *others: T) -> T:
        return self.one(others) if self.strays() else usual

    def flag(self, usual: bool) -> bool | None:
        return self.usually(usual, None, not usual)

    def days_ago(self, low: int, high: int) -> date:
        return self.as_of - timedelta(days=self.random.randint(low, high))

    def around(self, *months: int) -> date:
        """A day so many months before, or within three days of it: month ends make the border wide."""
        return shifted(self.as_of, -self.one(months)) + timedelta(days=self.one(NEAR))

    def around_days(self, *days: int) -> date:
        return self.as_of - timedelta(days=self.one(days) + self.one((0, 1, -1)))

    def later(self) -> date:
        return self.as_of + timedelta(days=self.one((1, 2, 30, 400)))


def records(seed: int, n: int) -> Iterator[Named]:
    """So many records, each with a name and the day it is asked about; the same for the same seed."""
    source = random.Random(seed)
    for number in range(n):
        yield f"r{number}", *one_record(source)


def one_record(source: random.Random, most: int = 4) -> tuple[Record, date]:
    """One record and its day: calm but for one part, or all, or none. most: how long a list of events may be."""
    as_of = source.choice(DAYS)
    calm = source.choice(CALM)
    wild = source.choice(((), PARTS, *((part,) for part in PARTS)))
    of = {part: Draw(source, WILD if part in wild else calm, as_of, most) for part in PARTS}
    request = _request(of["request"])
    written = {
        "born": _born(of["born"]),
        "request": request,
        "pain": _pain(of["pain"]),
        "assessment": _assessment(of["assessment"]),
        "scores": _scores(of["scores"]),
        "care": _care(of["care"]),
        "blocks": _blocks(of["blocks"], request),
        "denervations": _denervations(of["denervations"], request),
        **_conditions(of["conditions"], of["complete"]),
    }
    return Record.model_validate(written), as_of


def _born(draw: Draw) -> date | None:
    if not draw.strays():
        return draw.days_ago(20 * 366, 80 * 365)
    leap = date(draw.one((2004, 2008, 2012)), 2, 29)
    return draw.one((None, leap, draw.around(12 * 16, 12 * 18, 12 * 19), draw.later(), draw.around(12 * 151)))


def _request(draw: Draw) -> dict[str, Any]:
    return {
        "date": draw.usually(draw.as_of, None, draw.later()),
        "region": draw.usually("lumbar", None, *REGIONS) if draw.random.random() < 0.9 else draw.one(REGIONS),
        "levels": draw.usually(draw.one((("L4/5",), ("L4/5", "L5/S1"))), *LEVELS),
        "sides": draw.usually(("left",), *SIDES),
        "technique": draw.usually("thermal", "cooled", "pulsed", None),
    }


def _pain(draw: Draw) -> dict[str, Any]:
    since = draw.days_ago(400, 2000)
    if draw.strays():
        since = draw.one((draw.around(3, 6), draw.around(3), draw.around_days(84), draw.later()))
    return {
        "since": draw.usually(since, None),
        "axial": draw.flag(True),
        "radicular": draw.flag(False),
        "below_knee": draw.flag(False),
        "rating": draw.usually(draw.one(("moderate", "severe")), "mild", None),
        "limits_daily_life": draw.flag(True),
    }


def _assessment(draw: Draw) -> dict[str, Any]:
    return {
        "facet_suspected": draw.flag(True),
        "specialist": draw.flag(True),
        "surgery_not_an_option": draw.one((None, False, True)),
        "date": draw.usually(draw.days_ago(0, 200), None, draw.as_of, draw.later()),
    }


def _scores(draw: Draw) -> list[dict[str, Any]]:
    day = draw.days_ago(1, 60)
    held = [_score(draw, day, "usual")]
    if draw.random.random() < 0.5:
        held.append(_score(draw, draw.one((day, draw.days_ago(0, 90))), "referral"))
    if draw.strays():
        held = [
            _score(draw, draw.one((day, day, draw.as_of)), "usual") for _ in range(draw.random.randint(0, draw.most))
        ]
    draw.random.shuffle(held)
    return held


def _score(draw: Draw, day: date, context: str) -> dict[str, Any]:
    scale = draw.usually("NRS", "VAS", "VAS100", "ODI", "NDI", None)
    of_ten = draw.usually(draw.one(("5", "6", "7.5", "10")), "4.9", "4.999999", "0", "5.000001", "4")
    value = Decimal(of_ten) if scale in ("NRS", "VAS") else Decimal(of_ten) * draw.one((10, 10, 1))
    return {
        "date": draw.usually(day, None, draw.as_of, draw.later(), day + timedelta(days=1)),
        "scale": scale,
        "value": draw.usually(value, None, Decimal("0.5")),
        "context": draw.usually(context, "usual", "referral", "worst", None),
    }


def _care(draw: Draw) -> list[dict[str, Any]]:
    courses = draw.usually(draw.one((1, 2)), 0, 1, 3)
    return [_course(draw) for _ in range(min(courses, draw.most))]


def _course(draw: Draw) -> dict[str, Any]:
    began = draw.usually(draw.days_ago(150, 600), draw.around(3), draw.days_ago(0, 40), draw.later(), draw.as_of)
    lasted = timedelta(days=draw.one((27, 28, 29, 41, 42, 43, 89, 90, 91, 92, 93, 0)))
    ended = draw.usually(
        began + timedelta(days=120), began + lasted, shifted(began, 3) + timedelta(days=draw.one((0, 1)))
    )
    if draw.strays():
        ended = max(began, draw.one((shifted(began, 3) - timedelta(days=1), draw.as_of, draw.later())))
    return {
        "kind": draw.usually("physiotherapy", "exercise", None),
        "from": draw.usually(began, None),
        "to": draw.usually(ended, None),
        "outcome": draw.usually(
            draw.one(("failed", "failed", "not-tolerated", "contraindicated")), "helped", "ongoing", "unknown", None
        ),
    }


def _place(draw: Draw, request: dict[str, Any]) -> dict[str, Any]:
    return {
        "region": draw.usually(request["region"], None, *REGIONS),
        "levels": draw.usually(request["levels"], *LEVELS),
        "sides": draw.usually(request["sides"], *SIDES),
    }


def _blocks(draw: Draw, request: dict[str, Any]) -> list[dict[str, Any]]:
    count = draw.usually(draw.one((1, 2, 2)), 0, 1, 3, 4)
    day = draw.days_ago(1, 120)
    held = []
    for _ in range(min(count, draw.most)):
        held.append(_block(draw, day, request))
        day -= timedelta(days=draw.usually(draw.one((14, 15, 40)), *GAPS))
    if held and draw.strays(0.6):  # an injection into the joint shortly before a block, or after
        before = draw.one(held)
        near = (before["date"] or day) - timedelta(days=draw.one((28, 28, 29, 27, 1, 0, -1)))
        held.append({**before, "kind": "intra-articular", "date": near})
    draw.random.shuffle(held)
    return held[: draw.most]


def _block(draw: Draw, day: date, request: dict[str, Any]) -> dict[str, Any]:
    return {
        "date": draw.usually(day, None, draw.around(6), draw.around(24), draw.as_of, draw.later()),
        "kind": draw.usually("medial-branch-block", "intra-articular", "intra-articular", None),
        **_place(draw, request),
        "steroid": draw.flag(False),
        "positive": draw.flag(True),
        "prolonged": draw.one((None, False, True)),
        "volume_ml": draw.one((None, Decimal("0.5"))),
        **_relief_of_block(draw),
    }


def _relief_of_block(draw: Draw) -> dict[str, Any]:
    before, after = Decimal(8), [(Decimal(60), Decimal(1)), (Decimal(120), Decimal("1.2"))]
    stated = draw.one((None, Decimal(80), Decimal(90)))
    if draw.strays(2):
        stated = draw.one((None, *PERCENTS))
        best: Decimal
        before, best = (Decimal(text) for text in draw.one(BEFORE_AFTER))
        after = _readings(draw, best)
    timed = [{"minutes": draw.usually(minutes, None), "score": score} for minutes, score in after]
    return {
        "before": draw.usually(before, None),
        "after": draw.usually(timed, None, []),
        "stated_relief_percent": stated,
    }


def _readings(draw: Draw, best: Decimal) -> list[tuple[Decimal, Decimal]]:
    """Readings of which `best` is held twice where there are enough, in any order, some of them at one time."""
    scores = [min(max(best + Decimal(more), Decimal(0)), Decimal(10)) for more in (0, 0, 1, "-0.5", 3, "0.000001")]
    some = scores[: draw.one((2, 1, 3, 4, 6))]
    draw.random.shuffle(some)
    minutes = [Decimal(draw.one(("30", "60", "60", "90", "15.5", "240"))) for _ in some]
    return list(zip(minutes, some, strict=True))


def _denervations(draw: Draw, request: dict[str, Any]) -> list[dict[str, Any]]:
    if draw.strays(0.6):  # several of one place within a year
        near = replace(draw, stray=draw.stray / 4)
        days = [draw.one((draw.around(12), draw.days_ago(0, 360))) for _ in range(draw.one((1, 2, 3, 4)))]
        held = [_denervation(near, day, request) for day in days]
    else:
        held = []
        for _ in range(draw.usually(draw.one((0, 0, 1)), 1, 2, 3)):
            day = draw.usually(draw.days_ago(500, 1000), draw.around(6, 12, 16, 24), draw.days_ago(0, 360))
            if held and draw.strays():
                day = held[-1]["date"] or day
            held.append(_denervation(draw, day, request))
    return held[: draw.most]


def _denervation(draw: Draw, day: date, request: dict[str, Any]) -> dict[str, Any]:
    readings = [_reading(draw, day) for _ in range(draw.usually(1, 0, 2, 3))]
    if draw.strays():  # relief that lasted, and one reading that may doubt it
        readings = [_reading(replace(draw, stray=0), day), _doubt(draw, day)]
    return {
        "date": draw.usually(day, None, draw.later(), draw.as_of, day),
        **_place(draw, request),
        "technique": draw.usually("thermal", None, "pulsed"),
        "relief": draw.usually(readings, None, [], readings),
    }


def _doubt(draw: Draw, done: date) -> dict[str, Any]:
    lasted = done + timedelta(days=240)
    day = draw.one(
        (None, done, done - timedelta(days=1), lasted, lasted - timedelta(days=1), lasted + timedelta(days=1))
    )
    percent, adl = draw.one(((None, None), (Decimal(20), Decimal(20)), (None, Decimal(20)), (Decimal(20), None)))
    return {"date": day, "percent": percent, "adl_percent": adl}


def _reading(draw: Draw, done: date) -> dict[str, Any]:
    border = shifted(done, 6) + timedelta(days=draw.one((0, -1, 1)))
    weeks = done + timedelta(days=84 + draw.one((0, -1, 1)))
    early = done + timedelta(days=draw.one((0, -1, 1, 30)))
    low = (Decimal("49.9"), Decimal(20), Decimal(0), None)
    if draw.strays(0.7):  # relief that fell off, perhaps too early
        return {"date": draw.one((border, weeks, early)), "percent": draw.one(low), "adl_percent": draw.one(low)}
    return {
        "date": draw.usually(done + timedelta(days=240), border, weeks, early, None, draw.later(), draw.as_of),
        "percent": draw.usually(Decimal(70), *low, Decimal(50), Decimal("50.000001")),
        "adl_percent": draw.usually(draw.one((None, Decimal(70))), *low, Decimal(50)),
    }


def _conditions(draw: Draw, listing: Draw) -> dict[str, Any]:
    """The conditions, some of them left out where the record says that they are complete; and what is complete."""
    complete = [name for name in ("scores", "care", "blocks", "denervations") if not listing.strays()]
    flags: dict[str, Any] = {name: draw.flag(False) for name in CONDITIONS}
    if draw.random.random() < 0.3:
        complete.append("conditions")
        flags = {name: value or None for name, value in flags.items()}
    mood = draw.usually(Decimal(6), None, Decimal(14), Decimal("14.000001"), Decimal(15), Decimal(0), Decimal(21))
    return {"conditions": {**flags, "hads_depression": mood}, "complete": complete}
