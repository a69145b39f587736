"""Populations by area and age: England's own files, and small ones that say one thing."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest

from facetwise.errors import FacetwiseError, InputError
from facetwise.guidance.standard_population import AGE_BANDS, ESP_2013
from facetwise.lookups.populations import Populations
from facetwise.spells.dimensions import DIMENSIONS
from tests.shared import shared


def geography(name: str) -> Path:
    return shared("data", "population_geography", name)


def written(folder: Path, lines: Sequence[str]) -> Path:
    path = folder / "people.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_the_standard_population_is_the_published_one() -> None:
    rows = list(csv.DictReader(geography("esp2013.csv").open(encoding="utf-8")))
    assert [(row["age_band"], int(row["standard_population"])) for row in rows] == list(
        zip(AGE_BANDS, ESP_2013, strict=True)
    )
    assert sum(ESP_2013) == 100_000


def test_the_bands_are_those_that_spells_are_counted_by() -> None:
    assert tuple(DIMENSIONS["age-band"].label(band) for band in range(19)) == AGE_BANDS


@pytest.mark.parametrize("name", ["icb22", "sicbl22"])
def test_single_years_of_age_add_up_to_bands_under_both_codes_of_an_area(name: str) -> None:
    path = geography(f"{name}_population_mid2020_persons_single_year.csv")
    found = Populations.read(path, 2020)
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    assert len(found.bands) == 2 * len(rows)
    for row in rows:
        bands = found.bands[row[f"{name}_code_h"]]
        assert bands == found.bands[row[f"{name}_code"]]
        assert sum(bands) == float(row["total_population"])
        assert bands[7] == sum(float(row[str(age)]) for age in range(35, 40))
        assert bands[18] == float(row["90+"])


def test_both_sexes_of_a_long_file_are_added_up() -> None:
    """ONS mid-2023: England's ages by sex. Its total: 57,690,323."""
    path = geography("ons_uk_population_mid2023_by_age_sex.csv")
    found = Populations.read(path, 2023)
    rows = [row for row in csv.DictReader(path.open(encoding="utf-8")) if row["Code"] == "E92000001"]
    assert sum(found.bands["E92000001"]) == sum(float(row["count"]) for row in rows) == 57_690_323
    assert found.bands["E92000001"][0] == sum(float(row["count"]) for row in rows if row["age"] in {*"01234"})


def five_years(area: str = "Q01", year: str = "", people: int = 100) -> list[str]:
    return [",".join(filter(None, [area, year, band, str(people)])) for band in AGE_BANDS]


def test_a_long_file_may_hold_five_year_bands_and_several_years(tmp_path: Path) -> None:
    lines = ["area,year,age_band,population", *five_years(year="2018"), *five_years(year="2019", people=110)]
    path = written(tmp_path, lines)
    assert Populations.read(path, 2019).bands == {"Q01": (110.0,) * 19}
    for year, told in (
        (None, "people.csv holds several years (2018 and 2019). Name the one to take."),
        (2020, "people.csv has nobody of 2020; it holds 2018 and 2019. Name one that it holds."),
    ):
        with pytest.raises(FacetwiseError) as refused:
            Populations.read(path, year)
        assert str(refused.value) == told


def test_people_of_one_year_stand_for_others_and_it_is_said(tmp_path: Path) -> None:
    found = Populations.read(written(tmp_path, ["area,age_band,population", *five_years()]), 2020)
    assert found.standing_for(["2020/21"]) == ()
    assert found.standing_for(["2018/19", "2016/17"]) == (
        "The people of 2020 (people.csv) stand for those of the years from April 2016 to 2018.",
    )
    with pytest.raises(InputError) as refused:
        found.standing_for(["2014/15", "2018/19"])
    assert str(refused.value) == (
        "people.csv holds the people of 2020, and the activity is of the years from April 2014 to 2018: up to 6 years off, "
        "where 5 is the most. Populations for the wrong year: give those of its own."
    )


LONG = "area,age_band,population"
REFUSALS = [
    ([LONG, *five_years()], None, "people.csv does not say whose people these are. Name the year, as 2020."),
    (
        [LONG, *five_years()[:-1]],
        2020,
        "people.csv: Q01 ends before 90, and leaves out who is older. End with an open age, as 90+.",
    ),
    ([LONG, *five_years()[1:]], 2020, "people.csv: Q01 lacks the age 0. Give every age once."),
    ([LONG, *five_years(), "Q01,35-39,3"], 2020, "people.csv: Q01 holds the age 35 twice. Give every age once."),
    (
        [LONG, *five_years()[:17], "Q01,85+,100"],
        2020,
        "people.csv: the ages 85+ cross the five-year bands that spells are counted by, and cannot be parted. Give single "
        "years, or five-year bands to 90+.",
    ),
    ([LONG, "Q01,old,3"], 2020, "people.csv: 'old' is no age. Write 37, 35-39 or 90+."),
    ([LONG, "Q01,0-4,many"], 2020, "people.csv, line 2: 'many' is no number of people. Give 0 or more."),
    ([LONG, "Q01,0-4,-3"], 2020, "people.csv, line 2: -3 people cannot be. Give 0 or more."),
    ([LONG, ",0-4,3"], 2020, "people.csv, line 2: there is no area. Give its code."),
    (
        ["area,age_band,people"],
        2020,
        "people.csv has no column population, and a file of populations needs it. Did you mean 'people'?",
    ),
    (
        ["area,age_band,population,sex", *(f"{line},{sex}" for line in five_years() for sex in ("female", "persons"))],
        2020,
        "people.csv counts people twice: by sex, and as 'persons'. Keep one or the other.",
    ),
    (
        ["area,age_band,population,sex"]
        + [f"{line},{sex}" for line in five_years() for sex in ("female", "male")]
        + [f"{line},male" for line in five_years("Q02")],
        2020,
        "people.csv has not every sex for Q02. Give all of them, or leave the area out.",
    ),
    (
        ["area,0-44,45-89,90+", "Q01,1,2,3"],
        2020,
        "people.csv: the ages 0-44 cross the five-year bands that spells are counted by, and cannot be parted. Give single years, or five-year bands to 90+.",
    ),
    (
        ["area,year,age_band,population"],
        2020,
        "people.csv has nobody of 2020; it holds nothing. Name one that it holds.",
    ),
    ([f"name,{','.join(AGE_BANDS)}"], 2020, "people.csv has no column of area codes. Name it area."),
    (
        [f"area,{','.join(AGE_BANDS)}", *[f"Q01,{'1,' * 18}1"] * 2],
        2020,
        "people.csv, line 3: the area 'Q01' is missing or stands twice. Keep one line an area.",
    ),
]


@pytest.mark.parametrize(("lines", "year", "told"), REFUSALS, ids=[told[:50] for _, _, told in REFUSALS])
def test_people_that_cannot_be_counted_by_are_refused_in_words(
    tmp_path: Path, lines: list[str], year: int | None, told: str
) -> None:
    with pytest.raises(FacetwiseError) as refused:
        Populations.read(written(tmp_path, lines), year)
    assert str(refused.value) == told
