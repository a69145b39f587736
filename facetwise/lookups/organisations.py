"""Organisations as they stand on a day: trusts carried to their successors, sites to their trust, boards to their boards.

Organisations merge, split and are renamed, and activity keeps the code of its day. Which code stands for which is a dated
input of the user's, never built in. Source of the codes' shapes: HES Technical Output Specification 1.15, fields PROCODE,
PROCODE3 and PROCODET.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from facetwise.errors import InputError
from facetwise.lookups.csv_rows import CsvRows, csv_rows, some

_NEW_CODE = re.compile(r"[A-Z]\d[A-Z]\d[A-Z]")  # the shape of codes given out since October 2020, whole as they are
_SITE_LETTERS, _TRUST_LETTERS = 5, 3


@dataclass(frozen=True)
class Succession:
    """One organisation that another took over on a day."""

    old: str
    new: str
    on: date


@dataclass(frozen=True)
class Carried:
    """Codes as they stand on a day.

    codes: for every code asked, the code it is counted under. splits: organisations that stay as they are since several
    took over, with those. later: successions after the day, which were not applied. either: codes whose shape says neither
    site nor organisation for sure, which stay as they are.
    """

    at: date
    codes: Mapping[str, str]
    splits: Mapping[str, tuple[str, ...]]
    later: tuple[Succession, ...]
    either: tuple[str, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know of it, in words."""
        moved = sorted(f"{old} as {new}" for old, new in self.codes.items() if old != new)
        told = [f"Organisations as they stood on {self.at}: {some(moved)}."] if moved else []
        told += [
            f"{old} stays as it is: it was split between {some(sorted(new))}, and its spells cannot be told apart."
            for old, new in sorted(self.splits.items())
        ]
        if self.later:
            after = [f"{step.old} into {step.new} ({step.on})" for step in self.later]
            told.append(f"After {self.at}, and so not applied: {some(after)}.")
        if self.either:
            told.append(f"{some(self.either)}: a site or an organisation of its own, by its shape; left as it is.")
        return tuple(told)


@dataclass(frozen=True)
class Successors:
    """Who took over from whom, and when. name: of the file."""

    name: str
    steps: Mapping[str, tuple[Succession, ...]]

    @classmethod
    def read(cls, path: Path | str) -> Successors:
        """The successions of a CSV file: old_code, new_code, date (as 2021-10-01); further columns are let be.

        Errors: InputError for columns that are missing, a date that is none, and organisations that succeed themselves.
        """
        found = csv_rows(path)
        found.need(("old_code", "new_code", "date"), "a file of successors")
        steps: dict[str, list[Succession]] = {}
        for line, row in found.rows:
            step = _succession(found, line, row)
            if step not in steps.setdefault(step.old, []):
                steps[step.old].append(step)
        held = {old: tuple(sorted(some, key=lambda step: (step.on, step.new))) for old, some in steps.items()}
        _refuse_circles(found.name, held)
        return cls(found.name, held)

    def at(self, day: date, codes: Iterable[str], sites_to_trusts: bool = False) -> Carried:
        """The codes as they stand on a day, chains followed in the order of time.

        sites_to_trusts: a site code of five letters counts under the three of its organisation, as HES has it in
        PROCODE3; not codes that begin with 8 nor those in the shape given out since October 2020, which hold no other.
        """
        asked = sorted(set(codes))
        splits: dict[str, tuple[str, ...]] = {}
        later: dict[Succession, None] = {}
        carried = {}
        for code in asked:
            at = self._follow(code, day, splits, later)
            if sites_to_trusts and (trust := trust_of(at)) != at:
                at = self._follow(trust, day, splits, later)
            carried[code] = at
        either = tuple(c for c in asked if sites_to_trusts and c.startswith("R") and _NEW_CODE.fullmatch(c))
        return Carried(day, carried, splits, tuple(later), either)

    def _follow(self, code: str, day: date, splits: dict[str, tuple[str, ...]], later: dict[Succession, None]) -> str:
        since = date.min
        while True:
            onward = [step for step in self.steps.get(code, ()) if step.on >= since]
            done = [step for step in onward if step.on <= day]
            into = tuple(dict.fromkeys(step.new for step in done))
            if len(into) > 1:
                splits[code] = into
            if len(into) != 1:
                later.update(dict.fromkeys(step for step in onward if step.on > day))
                return code
            code, since = into[0], done[0].on


NO_SUCCESSORS = Successors("no file of successors", {})


def trust_of(code: str) -> str:
    """The organisation that a site code belongs to; the code itself where it is of an organisation."""
    is_site = len(code) == _SITE_LETTERS and not code.startswith("8") and not _NEW_CODE.fullmatch(code)
    return code[:_TRUST_LETTERS] if is_site else code


def _succession(found: CsvRows, line: int, row: Mapping[str, str]) -> Succession:
    old, new = row["old_code"].upper(), row["new_code"].upper()
    if not old or not new:
        raise found.refuse(line, "a succession without an old or a new code. Give both, or take the line out.")
    try:
        on = date.fromisoformat(row["date"])
    except ValueError as error:
        raise found.refuse(line, f"'{row['date']}' is no date. Write it as 2021-10-01.") from error
    return Succession(old, new, on)


def _refuse_circles(name: str, steps: Mapping[str, tuple[Succession, ...]]) -> None:
    """Refuse organisations that come to succeed themselves. Errors: InputError that names the circle."""
    try:
        TopologicalSorter({old: [step.new for step in onward] for old, onward in steps.items()}).prepare()
    except CycleError as error:
        circle = " into ".join(reversed(error.args[1]))
        raise InputError(f"{name} goes round in a circle: {circle}. Take out the wrong line.") from error
