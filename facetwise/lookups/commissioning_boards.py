"""Commissioning boards: a lookup of one year, from the codes that activity holds to the boards they belong to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from facetwise.errors import InputError, UsageError
from facetwise.lookups.csv_rows import CsvRows, csv_rows, some

MOST_MISSING = 0.1
_YEAR = re.compile(r"(20\d\d)(?:/(\d\d))?")
_ONS = re.compile(r"([a-z]+)(\d\d)_code(?:_h|_nhs)?")


@dataclass(frozen=True)
class Boarded:
    """Spells whose commissioner was looked up.

    codes: for every code asked, the board it is counted under; itself where the lookup does not hold it. missing: those
    codes, most spells first, with their spells. spells: of all codes asked.
    """

    lookup: str
    year: str
    codes: Mapping[str, str]
    missing: tuple[tuple[str, int], ...]
    spells: int
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Boards:
    """Which board each code belongs to in one financial year, such as '2022/23'. name: of the file."""

    name: str
    year: str
    boards: Mapping[str, str]

    @classmethod
    def read(cls, path: Path | str, year: str | None = None) -> Boards:
        """The lookup of a CSV file, and the year that it is of.

        Either the columns old_code and new_code, and then the year has to be given; or the columns of England's statistics
        office, as sicbl22_code, sicbl22_code_h, icb22_code and icb22_code_h, which name the year: the first area's codes,
        both kinds, lead to the second's. Boards go by their NHS code where there is one. Errors: InputError, UsageError.
        """
        found = csv_rows(path)
        said = None if year is None else financial_year(year)
        if {"old_code", "new_code"} <= set(found.header):
            if said is None:
                raise UsageError(f"{found.name} does not say which year it is of. Name it, as 2022/23.")
            return cls(found.name, said, _pairs(found, ("old_code",), "new_code"))
        olds, new, named = _office_columns(found)
        if said is not None and said != named:
            raise InputError(
                f"{found.name} is a lookup for {named}, as its columns say, and {said} was asked for: a lookup for the "
                "wrong year. Give the one for that year."
            )
        return cls(found.name, named, _pairs(found, olds, new))

    def of(self, spells: Mapping[str, int], years: Sequence[str], most_missing: float = MOST_MISSING) -> Boarded:
        """The boards of some codes.

        spells: by commissioner, spells without one left out. years: the financial years of the activity. most_missing: the
        share of spells whose code may be absent. Errors: InputError, a lookup for the wrong year, where more are.
        """
        held = set(self.boards.values())
        codes = {code: self.boards.get(code, code) for code in spells}
        absent = [(code, n) for code, n in spells.items() if code not in self.boards and code not in held]
        missing = tuple(sorted(absent, key=lambda pair: (-pair[1], pair[0])))
        whole = sum(spells.values())
        lost = sum(n for _, n in missing)
        when = _span(years)
        if whole and lost / whole > most_missing:
            raise InputError(
                f"{self.name} is a lookup for {self.year}, and {lost:,} of {whole:,} spells ({lost / whole:.1%}){when} have "
                f"a commissioner that is not in it, such as {missing[0][0]}: a lookup for the wrong year, unless the codes "
                "are of another kind. Give the one for the codes that the activity holds."
            )
        told = [
            f"Commissioners by {self.name}, a lookup for {self.year}: {lost:,} of {whole:,} spells have one that it lacks."
        ]
        if missing:
            told.append(f"Not in the lookup, and left as they are: {some([code for code, _ in missing])}.")
        others = [year for year in years if year != self.year]
        if others:
            told.append(f"The activity is{when}, and boards are those of {self.year}: they may not have stood then.")
        return Boarded(self.name, self.year, codes, missing, whole, tuple(told))


def financial_year(given: str) -> str:
    """A year as '2022/23', April to March; '2022' is the one that begins then. Errors: UsageError."""
    found = _YEAR.fullmatch(given.strip())
    if not found or (found[2] and int(found[2]) != (int(found[1]) + 1) % 100):
        raise UsageError(f"'{given}' is no financial year. Write it as 2022/23.")
    return f"{found[1]}/{(int(found[1]) + 1) % 100:02d}"


def _office_columns(found: CsvRows) -> tuple[tuple[str, ...], str, str]:
    """The columns of the first area's codes, the column of the second's, and the year that their names hold."""
    areas: dict[tuple[str, str], list[str]] = {}
    for name in found.header:
        if match := _ONS.fullmatch(name):
            areas.setdefault((match[1], match[2]), []).append(name)
    if len(areas) != 2:
        raise InputError(
            f"{found.name} is no lookup that can be read: its columns name {len(areas)} areas ({some(found.header)}). Give "
            "old_code and new_code, or two areas as sicbl22_code and icb22_code."
        )
    (first, olds), (second, news) = areas.items()
    if first[1] != second[1]:
        raise InputError(
            f"{found.name} leads from 20{first[1]} to 20{second[1]}: which year it is of cannot be told. Rename the columns "
            "old_code and new_code, and name the year."
        )
    nhs = [name for name in news if not name.endswith("_code")]
    return tuple(olds), (nhs or news)[0], financial_year(f"20{first[1]}")


def _pairs(found: CsvRows, olds: Sequence[str], new: str) -> dict[str, str]:
    boards: dict[str, str] = {}
    for line, row in found.rows:
        to = row[new].upper()
        for old in (row[name].upper() for name in olds):
            if not old or not to:
                raise found.refuse(line, "a code without its board, or a board without its code. Give both.")
            if boards.setdefault(old, to) != to:
                raise found.refuse(
                    line, f"{old} belongs to {boards[old]} by an earlier line, and here to {to}. Keep one."
                )
    return boards


def _span(years: Sequence[str]) -> str:
    """' of 2018/19', ' of 2016/17 to 2018/19', or nothing where no year is known."""
    known = sorted(years)
    if not known:
        return ""
    return f" of {known[0]}" if known[0] == known[-1] else f" of {known[0]} to {known[-1]}"
