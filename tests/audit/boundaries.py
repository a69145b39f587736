"""Made-up histories that stand on the boundaries: events so many months apart to the day, one day less, one day more.

Around the first and the last covered day most, with every way in which codes name regions and sides, and spells of which
the day, or whether they are denervations, is not known. The same for the same seed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from facetwise.decide.calendar import plus
from facetwise.language.units import months

SPANS = (1, 3, 6, 12, 16, 24)
DONE = (
    "V485,Z676,Z942", "V485,Z676,Z943", "V485,Z676,Z941", "V485", "V487", "V487,Z676,Z943", "V487,Z674",
    "V481,Z673,V485", "V485,V487,Z673",
)  # fmt: skip
BLOCKED = ("V544,Z676", "V544,Z676,Z942", "V544,Z676,Z943", "A735", "A577,Z673", "V544,Z674,Z941")
ROW = '{key},{patient},R0A,Q01,{day},{until},{age},50,{method},01,"||{codes}","||M545","{dominant}",M545'


def on_boundaries(patients: int, seed: int, covers: Sequence[tuple[date, date]]) -> list[str]:
    """Rows of a sus-apcs file, some five a patient, on the boundaries of one of the covers each."""
    rng = Random(seed)
    rows: list[str] = []
    for patient in range(patients):
        for day, codes in _history(rng, rng.choice(covers)):
            rows.append(_row(rng, len(rows) + 1, f"b{patient}", day, codes))
    return rows


def _history(rng: Random, cover: tuple[date, date]) -> Iterator[tuple[date, str]]:
    near = rng.choice((*cover, cover[0], date(2020, 2, 29), date(2019, 8, 31)))
    day = _shifted(rng, near, rng.choice((0, *SPANS)) * (1 if near != cover[1] else rng.choice((0, 1))))
    yield day, rng.choice(DONE)
    for _ in range(rng.randint(1, 5)):
        before = _shifted(rng, day, -rng.choice(SPANS))
        yield before, rng.choice((*DONE, *BLOCKED))
        if rng.random() < 0.3:
            day = before


def _shifted(rng: Random, day: date, span: int) -> date:
    return plus(day, months(span)) + timedelta(days=rng.choice((-1, 0, 0, 1, 14)))


def _row(rng: Random, key: int, patient: str, day: date, codes: str) -> str:
    undated, backwards = rng.random() < 0.04, rng.random() < 0.04
    return ROW.format(
        key=key,
        patient="" if rng.random() < 0.03 else patient,
        day="" if undated else day,
        until="" if undated else day - timedelta(days=2) if backwards else day,
        age=rng.choice((50, 50, 50, 15, 121, "")),
        method=rng.choice(("11", "11", "11", "", "21")),
        codes=codes,
        dominant=codes[:4],
    )
