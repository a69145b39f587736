"""How many people of each age live in an area, in one year: a dated input, by five-year bands up to 90 and over."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from facetwise.errors import InputError, UsageError
from facetwise.guidance.standard_population import AGE_BANDS
from facetwise.lookups.csv_rows import CsvRows, csv_rows, some

MOST_YEARS_OFF = 5
_OLDEST, _BAND = 90, 5
_AGES = re.compile(r"(\d{1,3})(?:-(\d{1,3})|(\+))?")
_AREA, _AGE, _PEOPLE = ("area", "code"), ("age", "age_band"), ("population", "count")
_CODE = re.compile(r"(area|code|[a-z]+\d*_code(_h|_nhs)?)")
_EVERYBODY = ("persons", "person", "all", "both", "total")


@dataclass(frozen=True)
class Populations:
    """People by area and age band in the middle of one year. name: of the file. bands: as AGE_BANDS, by area code.

    areas: the codes of each area, which may have several.
    """

    name: str
    year: int
    bands: Mapping[str, tuple[float, ...]]
    areas: tuple[tuple[str, ...], ...]

    @classmethod
    def read(cls, path: Path | str, year: int | None = None) -> Populations:
        """The populations of a CSV file.

        Long, with the columns area (or code), age or age_band, population (or count) and perhaps sex, which is added up,
        and year; or wide, with a column for each age (0, 1, ... 90+) or band beside columns of codes (icb22_code,
        icb22_code_h), each of which names the area. Ages are single years or lie inside five-year bands, and the last is
        open: 90+. year: whose the people are; of a long file with a year column, which to take. Errors: InputError for ages
        that are missing or stand twice, UsageError where no year is known.
        """
        found = csv_rows(path)
        lowered = CsvRows(
            found.name,
            tuple(name.lower() for name in found.header),
            tuple((line, {name.lower(): value for name, value in row.items()}) for line, row in found.rows),
        )
        ages = [name for name in lowered.header if _AGES.fullmatch(name)]
        rows = lowered.rows if ages else _of_year(lowered, year)
        held = year if "year" not in lowered.header or ages else int(rows[0][1]["year"])
        if held is None:
            raise UsageError(f"{found.name} does not say whose people these are. Name the year, as 2020.")
        return cls(found.name, held, *(_wide(lowered, ages) if ages else _long(lowered, rows)))

    def standing_for(self, years: Sequence[str], most_off: int = MOST_YEARS_OFF) -> tuple[str, ...]:
        """What to say where these people stand for other years. years: financial ones, as '2018/19'.

        Errors: InputError where a year of activity is further off than most_off years: populations for the wrong year.
        """
        starts = sorted(int(year[:4]) for year in years)
        if not starts or {*starts} == {self.year}:
            return ()
        off = max(abs(start - self.year) for start in starts)
        span = f"{starts[0]}" if starts[0] == starts[-1] else f"{starts[0]} to {starts[-1]}"
        if off > most_off:
            raise InputError(
                f"{self.name} holds the people of {self.year}, and the activity is of the years from April {span}: up to "
                f"{off} years off, where {most_off} is the most. Populations for the wrong year: give those of its own."
            )
        return (f"The people of {self.year} ({self.name}) stand for those of the years from April {span}.",)


def _of_year(found: CsvRows, year: int | None) -> tuple[tuple[int, dict[str, str]], ...]:
    """The rows of one year, where the file has a year column; else all of them."""
    if "year" not in found.header:
        return found.rows
    held = sorted({row["year"] for _, row in found.rows})
    for line, row in found.rows:
        if not row["year"].isdecimal():
            raise found.refuse(line, f"'{row['year']}' is no year. Write it as 2020.")
    if year is None and len(held) > 1:
        raise UsageError(f"{found.name} holds several years ({some(held)}). Name the one to take.")
    chosen = str(year) if year is not None else (held or [""])[0]
    if chosen not in held:
        raise InputError(f"{found.name} has nobody of {chosen}; it holds {some(held)}. Name one that it holds.")
    return tuple((line, row) for line, row in found.rows if row["year"] == chosen)


def _wide(found: CsvRows, ages: Sequence[str]) -> tuple[dict[str, tuple[float, ...]], tuple[tuple[str, ...], ...]]:
    codes = [name for name in found.header if _CODE.fullmatch(name)]
    if not codes:
        raise InputError(f"{found.name} has no column of area codes. Name it area.")
    _refuse_gaps(found.name, "the header", ages)
    people: dict[str, tuple[float, ...]] = {}
    areas = []
    for line, row in found.rows:
        bands = [0.0] * len(AGE_BANDS)
        for age in ages:
            bands[_band(found, age)] += _people(found, line, row[age])
        areas.append(tuple(dict.fromkeys(row[name].upper() for name in codes)))
        for code in areas[-1]:
            if not code or code in people:
                raise found.refuse(line, f"the area '{code}' is missing or stands twice. Keep one line an area.")
            people[code] = tuple(bands)
    return people, tuple(areas)


def _long(
    found: CsvRows, rows: Sequence[tuple[int, dict[str, str]]]
) -> tuple[dict[str, tuple[float, ...]], tuple[tuple[str, ...], ...]]:
    area, age, people = (_one_of(found, names) for names in (_AREA, _AGE, _PEOPLE))
    ages: dict[tuple[str, str], list[str]] = defaultdict(list)
    areas: dict[str, list[float]] = {}
    for line, row in rows:
        code, sex = row[area].upper(), row.get("sex", "").lower()
        if not code:
            raise found.refuse(line, "there is no area. Give its code.")
        ages[code, sex].append(row[age])
        bands = areas.setdefault(code, [0.0] * len(AGE_BANDS))
        bands[_band(found, row[age])] += _people(found, line, row[people])
    sexes = {sex for _, sex in ages}
    for everybody in sexes.intersection(_EVERYBODY):
        if len(sexes) > 1:
            raise InputError(f"{found.name} counts people twice: by sex, and as '{everybody}'. Keep one or the other.")
    for (code, sex), held in ages.items():
        _refuse_gaps(found.name, f"{code}{f' ({sex})' if sex else ''}", held)
    missing = [code for code in areas if {sex for other, sex in ages if other == code} != sexes]
    if missing:
        raise InputError(
            f"{found.name} has not every sex for {some(missing)}. Give all of them, or leave the area out."
        )
    return {code: tuple(bands) for code, bands in areas.items()}, tuple((code,) for code in areas)


def _one_of(found: CsvRows, names: Sequence[str]) -> str:
    for name in names:
        if name in found.header:
            return name
    found.need(names[:1], "a file of populations")
    raise AssertionError(names)


def _ages(label: str) -> tuple[int, int | None] | None:
    """The first and last age that a label stands for, None for no end; None for what is no age."""
    match = _AGES.fullmatch(label)
    if not match:
        return None
    low = int(match[1])
    return low, None if match[3] else int(match[2] or low)


def _band(found: CsvRows, label: str) -> int:
    """The place of the five-year band that holds the ages of a label. Errors: InputError where none holds them all."""
    ages = _ages(label)
    if ages is None:
        raise InputError(f"{found.name}: '{label}' is no age. Write 37, 35-39 or 90+.")
    low, high = ages
    first, last = (min(age, _OLDEST) // _BAND for age in (low, _OLDEST if high is None else high))
    if first != last:
        raise InputError(
            f"{found.name}: the ages {label} cross the five-year bands that spells are counted by, and cannot be parted. "
            "Give single years, or five-year bands to 90+."
        )
    return first


def _refuse_gaps(name: str, of: str, labels: Sequence[str]) -> None:
    """Refuse ages that stand twice, that are missing, or that have no open end."""
    spans = sorted((ages for label in labels if (ages := _ages(label))), key=lambda ages: ages[0])
    due = 0
    for low, high in spans:
        if low != due:
            fault = f"lacks the age {due}" if low > due else f"holds the age {low} twice"
            raise InputError(f"{name}: {of} {fault}. Give every age once.")
        if high is None:
            due = -1
            continue
        due = high + 1
    if due != -1:
        raise InputError(f"{name}: {of} ends before {due}, and leaves out who is older. End with an open age, as 90+.")


def _people(found: CsvRows, line: int, value: str) -> float:
    try:
        people = float(value)
    except ValueError as error:
        raise found.refuse(line, f"'{value}' is no number of people. Give 0 or more.") from error
    if not isfinite(people) or people < 0:
        raise found.refuse(line, f"{value} people cannot be. Give 0 or more.")
    return people


@dataclass(frozen=True)
class Reference:
    """Events and person-years by age band of a whole that places are held against. name: of the file, or of the whole."""

    name: str
    counts: tuple[float, ...]
    people: tuple[float, ...]

    @classmethod
    def read(cls, path: Path | str) -> Reference:
        """The reference of a CSV file: age or age_band, counted, population (person-years where the counts are of several).

        Errors: InputError for ages that are missing, stand twice or cross a band, and bands with nobody in them.
        """
        found = csv_rows(path)
        age = next((name for name in _AGE if name in found.header), _AGE[0])
        found.need((age, "counted", "population"), "a reference")
        counts, people = [0.0] * len(AGE_BANDS), [0.0] * len(AGE_BANDS)
        for line, row in found.rows:
            band = _band(found, row[age])
            counts[band] += _people(found, line, row["counted"])
            people[band] += _people(found, line, row["population"])
        _refuse_gaps(found.name, "the reference", [row[age] for _, row in found.rows])
        return cls(found.name, tuple(counts), tuple(people)).checked()

    def checked(self) -> Reference:
        """This reference. Errors: InputError for a band with nobody in it, at whose rate nothing can be expected."""
        for label, people in zip(AGE_BANDS, self.people, strict=True):
            if people == 0:
                raise InputError(f"{self.name} has nobody aged {label}, so nothing can be expected there. Give them.")
        return self
