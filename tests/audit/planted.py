"""Made-up activity with planted histories: what an audit must find in it is known by construction.

A seeded generator gives each patient one of the plans below, on random days. The data hold April 2015 to March 2024 whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

from facetwise.decide.calendar import plus
from facetwise.language.units import months
from tests.spells.activity_files import write

FIRST, LAST = date(2015, 4, 1), date(2024, 3, 31)
RIGHT, LEFT, BOTH = "Z942", "Z943", "Z941"
ROW = '{key},{patient},{provider},Q01,{day},{until},50,50,11,01,"||{codes}","||M545","{dominant}",M545'


@dataclass
class Planted:
    """The rows of a file, and what is planted in them."""

    rng: Random
    rows: list[str] = field(default_factory=list)
    patients: int = 0
    found: Counter[str] = field(default_factory=Counter)

    def spell(
        self,
        day: date | None,
        codes: str,
        patient: str | None = None,
        provider: str = "R0A",
        until: date | None = None,
    ) -> None:
        held = f"p{self.patients}" if patient is None else patient
        began = "" if day is None else day
        self.rows.append(
            ROW.format(
                key=len(self.rows) + 1,
                patient=held,
                provider=provider,
                day=began,
                until=until or began,
                codes=codes,
                dominant=codes[:4],
            )
        )

    def denervated(self, day: date, side: str = RIGHT, provider: str = "R0A") -> None:
        self.spell(day, f"V485,Z676,{side}", provider=provider)
        self.found["denervations"] += 1

    def a_day(self, first: date, last: date) -> date:
        return first + timedelta(days=self.rng.randrange((last - first).days + 1))


def once(plan: Planted) -> None:
    """Once, in years of which everything is known."""
    plan.denervated(plan.a_day(date(2017, 4, 1), date(2023, 3, 31)))
    plan.found.update({"interval n/a": 1, "cap met": 1, "block 6 no": 1})


def too_early_to_tell(plan: Planted) -> None:
    """Once, in the first months: whatever was before is not in the data."""
    plan.denervated(plan.a_day(FIRST, date(2015, 9, 30)))
    plan.found.update({"interval unknown": 1, "cap unknown": 1, "block 6 cannot see": 1})


def after_a_block(plan: Planted) -> None:
    """Once, a block two to five months before it."""
    day = plan.a_day(date(2017, 4, 1), date(2023, 3, 31))
    plan.spell(plus(day, months(-plan.rng.randint(2, 5))), "V544,Z676")
    plan.denervated(day)
    plan.found.update({"interval n/a": 1, "cap met": 1, "block 6 yes": 1})


def after_an_old_block(plan: Planted) -> None:
    """Once, a block eight months before it; the block does not count within six."""
    day = plan.a_day(date(2017, 4, 1), date(2023, 3, 31))
    plan.spell(plus(day, months(-8)), "A735")
    plan.denervated(day)
    plan.found.update({"interval n/a": 1, "cap met": 1, "block 6 no": 1})


def again_too_soon(plan: Planted) -> None:
    """A second, the other side, one day short of sixteen months, at another provider."""
    day = plan.a_day(date(2017, 4, 1), date(2021, 3, 31))
    plan.denervated(day)
    plan.denervated(plus(day, months(16)) - timedelta(days=1), LEFT, provider="RJ1")
    plan.found.update({"interval n/a": 1, "interval not met": 1, "cap met": 2, "block 6 no": 2})
    plan.found.update({"repeated": 1, "moved": 1, "other side": 1, "repeated too soon": 1})


def again_in_time(plan: Planted) -> None:
    """A second, the same side, sixteen months after the first to the day."""
    day = plan.a_day(date(2017, 4, 1), date(2021, 3, 31))
    plan.denervated(day)
    plan.denervated(plus(day, months(16)))
    plan.found.update({"interval n/a": 1, "interval met": 1, "cap met": 2, "block 6 no": 2})
    plan.found.update({"repeated": 1, "same side": 1})


def three_in_a_year(plan: Planted) -> None:
    """Three, three months apart: the third is one more than two in twelve months."""
    day = plan.a_day(date(2017, 4, 1), date(2022, 3, 31))
    for number in range(3):
        plan.denervated(plus(day, months(3 * number)))
    plan.found.update({"interval n/a": 1, "interval not met": 2, "cap met": 2, "cap not met": 1, "block 6 no": 3})
    plan.found.update({"repeated": 2, "same side": 2, "repeated too soon": 2})


def both_spells_of_one_day(plan: Planted) -> None:
    """Two spells on one day are one session: neither is history of the other."""
    day = plan.a_day(date(2017, 4, 1), date(2023, 3, 31))
    plan.denervated(day, RIGHT)
    plan.denervated(day, LEFT)
    plan.found.update({"interval n/a": 2, "cap met": 2, "block 6 no": 2, "one session of two": 1})


def beside_one_without_a_day(plan: Planted) -> None:
    """Once, and another that may have been on any day: whether the interval was kept is not known."""
    plan.denervated(plan.a_day(date(2017, 4, 1), date(2023, 3, 31)))
    plan.spell(None, "V485,Z676")
    plan.found.update({"interval unknown": 1, "cap met": 1, "block 6 no": 1, "no admission date": 1})


def beside_a_block_that_ended_before_it_began(plan: Planted) -> None:
    """Once, and a block of which no day is known: whether one was recorded in the six months before cannot be seen."""
    day = plan.a_day(date(2017, 4, 1), date(2023, 3, 31))
    plan.spell(day - timedelta(days=300), "V544,Z676", until=day - timedelta(days=301))
    plan.denervated(day)
    plan.found.update({"interval n/a": 1, "cap met": 1, "block 6 cannot see": 1})


def without_a_key(plan: Planted) -> None:
    plan.spell(plan.a_day(FIRST, LAST), "V485,Z676", patient="")
    plan.found["no patient key"] += 1


def not_a_denervation(plan: Planted) -> None:
    """A block, a fusion, a cervical denervation or something else: no denervation that is counted."""
    plan.spell(plan.a_day(FIRST, LAST), plan.rng.choice(("V544,Z676", "V382", "V481,Z673", "W401,Z846")))


PLANS: tuple[Callable[[Planted], None], ...] = (
    once,
    too_early_to_tell,
    after_a_block,
    after_an_old_block,
    again_too_soon,
    again_in_time,
    three_in_a_year,
    both_spells_of_one_day,
    beside_one_without_a_day,
    beside_a_block_that_ended_before_it_began,
    without_a_key,
    not_a_denervation,
)


def planted(spells: int, seed: int) -> Planted:
    """About so many spells of patients with a plan each, the same for the same seed."""
    made = Planted(Random(seed))
    while len(made.rows) < spells:
        made.patients += 1
        made.rng.choice(PLANS)(made)
    return made


def written(path: Path, made: Planted) -> Path:
    """A sus-apcs file of the planted rows, in no order of patients."""
    return write(path, made.rng.sample(made.rows, len(made.rows)))
