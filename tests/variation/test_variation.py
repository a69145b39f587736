"""Variation from a file of spells to the published figures, and what it says of what it cannot know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from facetwise.count.count import count_all
from facetwise.count.extract import extract
from facetwise.count.query import CountQuery
from facetwise.errors import FacetwiseError, InputError
from facetwise.guidance.standard_population import AGE_BANDS
from facetwise.library import DEFINITIONS
from facetwise.lookups.commissioning_boards import Boards
from facetwise.lookups.organisations import Successors
from facetwise.lookups.populations import Populations, Reference
from facetwise.spells.dimensions import dimensions_named
from facetwise.spells.synthetic.synth import write_synthetic
from facetwise.statistics import wilson
from facetwise.variation.counts_by_place import By, month_named
from facetwise.variation.place_funnels import position
from facetwise.variation.results import Measured, Place, Variation
from facetwise.variation.variation import ReferenceFiles, variation
from tests.spells.activity_files import write
from tests.statistics.test_estimates import CANCERS, ISR_SHEET, WALES

EBI, ANY = DEFINITIONS["ebi-2k"], DEFINITIONS["any-v48"]
ROW = '{key},9001,{provider},{commissioner},{day},{day},{age},,{method},01,"||V485,{site}","||M545",V485,M545'
YEAR = (month_named("2020-04"), month_named("2021-03"))


class Spells:
    """A file of spells as it grows: denervations that ebi-2k counts, unless told otherwise."""

    def __init__(self) -> None:
        self._rows: list[str] = []

    def add(self, n: int = 1, **over: str | int) -> Spells:
        """So many spells: of provider, commissioner, day, age; site '' is not counted, method '' unknown."""
        held = {
            "provider": "R0A",
            "commissioner": "Q01",
            "day": "2020-06-01",
            "age": 50,
            "method": "11",
            "site": "Z675",
        }
        for _ in range(n):
            self._rows.append(ROW.format(key=len(self._rows) + 1, **{**held, **over}))
        return self

    def file(self, folder: Path) -> Path:
        return write(folder / "activity.csv", self._rows)


def asked(folder: Path, spells: Spells, by: By = "provider", definition: str = "ebi-2k", **beside: Any) -> Variation:
    return variation((spells.file(folder),), DEFINITIONS[definition], by, ReferenceFiles(**beside))


def place(found: Variation, name: str) -> Place:
    return next(one for one in found.places if one.place == name)


def people(folder: Path, **areas: Sequence[int]) -> Populations:
    path = folder / "people.csv"
    lines = [f"{area},{band},{n}" for area, bands in areas.items() for band, n in zip(AGE_BANDS, bands, strict=True)]
    path.write_text("\n".join(["area,age_band,population", *lines]) + "\n", encoding="utf-8")
    return Populations.read(path, 2020)


def csv(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def aged(counts: Sequence[int], **over: str) -> Spells:
    spells = Spells()
    for band, n in enumerate(counts):
        spells.add(n, age=5 * band + 2, **over)
    return spells


def test_a_direct_rate_is_that_of_the_worked_example_from_the_spells_on(tmp_path: Path) -> None:
    """Brain cancers of Wales 2022 as worked in EpiStandard's article, told as denervations of one year."""
    spells = aged(CANCERS, commissioner="Q01")
    found = asked(tmp_path, spells, "commissioner", "any-v48", populations=people(tmp_path, Q01=WALES), covers=YEAR)
    rate = place(found, "Q01").dsr
    assert rate is not None and rate.value == pytest.approx(8.6525, abs=5e-5)
    assert (rate.low_95, rate.high_95) == pytest.approx((7.6718, 9.7233), rel=2e-4)
    assert rate.if_unknown_counted == rate.value
    crude = place(found, "Q01").crude
    assert crude is not None and crude.value == pytest.approx(sum(CANCERS) / sum(WALES) * 100_000, rel=1e-12)


def test_an_indirect_rate_expects_what_the_published_sheet_expects_from_the_spells_on(tmp_path: Path) -> None:
    """PHEindicatormethods, R/isr_sheet.csv: nineteen strata, told as age bands."""
    observed, populations, counts, references, expected = zip(*ISR_SHEET, strict=True)
    lines = [f"{band},{c},{p}" for band, c, p in zip(AGE_BANDS, counts, references, strict=True)]
    reference = Reference.read(csv(tmp_path, "reference.csv", "age_band,counted,population", *lines))
    spells = aged([int(n) for n in observed])
    given = people(tmp_path, Q01=[int(n) for n in populations])
    found = asked(tmp_path, spells, "commissioner", "any-v48", populations=given, reference=reference, covers=YEAR)
    one = place(found, "Q01")
    assert one.expected == pytest.approx(sum(expected), rel=1e-8)
    assert one.ratio is not None and one.isr is not None
    assert one.ratio.value == pytest.approx(sum(observed) / sum(expected), rel=1e-8)
    assert one.isr.value == pytest.approx(sum(observed) / sum(expected) * sum(counts) / sum(references) * 1e5, rel=1e-8)
    assert found.reference == "reference.csv"


def test_rates_are_of_a_year_however_long_the_activity_is(tmp_path: Path) -> None:
    given = people(tmp_path, Q01=[1000] * 19)
    spells = Spells().add(10, day="2020-04-01").add(10, day="2022-03-31")
    found = asked(tmp_path, spells, "commissioner", populations=given)
    crude = place(found, "Q01").crude
    assert (found.months, found.years, found.span) == (("2020-04", "2022-03"), ("2020/21", "2021/22"), 2.0)
    assert crude is not None and crude.value == pytest.approx(20 / (2 * 19_000) * 100_000)
    one_year = asked(tmp_path, spells, "commissioner", populations=given, covers=YEAR)
    assert place(one_year, "Q01").counted == 10
    assert "Left out: 10 counted or unknown spells of other months, and 0 without an admission date." in one_year.notes


def test_months_that_the_activity_may_not_hold_whole_have_to_be_named(tmp_path: Path) -> None:
    """A year's file holds who was admitted years before: of Artificial HES 2001/02 the first admission is of 1996."""
    long_stay = '50,9001,R0A,Q01,2015-05-02,2020-07-01,50,,11,01,"||W371","||M545",W371,M545\n'
    path = Spells().add(10, day="2020-04-01").add(10, day="2021-03-31").file(tmp_path)
    path.write_text(path.read_text(encoding="utf-8") + long_stay, encoding="utf-8")
    given = people(tmp_path, Q01=[1000] * 19)
    with pytest.raises(InputError) as refused:
        variation((path,), EBI, "commissioner", ReferenceFiles(populations=given))
    assert str(refused.value) == (
        "Admissions run from 2015-05 to 2021-03, and the spells counted from 2020-04 to 2021-03: it is not clear "
        "which months are complete, and a rate needs complete months. Name them, as --covers 2018-04:2019-03."
    )
    named = variation((path,), EBI, "commissioner", ReferenceFiles(populations=given, covers=YEAR))
    crude = place(named, "Q01").crude
    assert crude is not None and crude.value == pytest.approx(20 / 19_000 * 100_000)


def test_the_whole_has_its_own_rate_and_its_places_part_it(tmp_path: Path) -> None:
    """Against the input's own total the expected spells add up to the counted ones, whatever the ages."""
    spells = Spells().add(30, age=40).add(20, age=70, commissioner="Q02").add(2, age=40, commissioner="Q02")
    given = people(tmp_path, Q01=[500] * 19, Q02=[300] * 10 + [900] * 9)
    found = asked(tmp_path, spells, "commissioner", populations=given, covers=YEAR)
    assert sum(one.expected or 0 for one in found.places) == pytest.approx(52)
    assert found.reference == "the input's own total"
    assert place(found, "Q02").ratio_funnel is not None


def test_unknown_spells_are_told_beside_each_figure_and_never_in_it(tmp_path: Path) -> None:
    spells = Spells().add(12).add(3, method="").add(5, site="Y114")
    given = people(tmp_path, Q01=[1000] * 19)
    one = place(asked(tmp_path, spells, "commissioner", populations=given, covers=YEAR), "Q01")
    assert (one.counted, one.unknown, one.asked) == (12, 3, 20)
    assert one.share is not None and one.crude is not None and one.dsr is not None and one.ratio is not None
    assert (one.share.value, one.share.if_unknown_counted) == (0.6, 0.75)
    expected = wilson(12, 20, 0.998)
    assert (one.share.low_998, one.share.high_998) == (expected.low, expected.high)
    for figure in (one.crude, one.dsr, one.ratio):
        assert figure.value is not None and figure.if_unknown_counted == pytest.approx(figure.value * 15 / 12)


def test_an_unknown_spell_without_an_age_leaves_the_upper_standardised_rate_untold(tmp_path: Path) -> None:
    spells = Spells().add(12).add(3, age="")
    given = people(tmp_path, Q01=[1000] * 19)
    one = place(asked(tmp_path, spells, "commissioner", populations=given, covers=YEAR), "Q01")
    assert (one.unknown, one.ageless) == (3, 3)
    assert one.crude is not None and one.crude.if_unknown_counted is not None
    assert one.dsr is not None and one.dsr.value is not None and one.dsr.if_unknown_counted is None
    assert one.isr is not None and one.isr.if_unknown_counted is None


def test_a_direct_rate_is_not_given_on_few_spells_or_an_empty_band_and_it_is_said(tmp_path: Path) -> None:
    told = "No direct rate stands for fewer than ten counted spells, or where nobody lives in one of the age bands."
    given = people(tmp_path, Q01=[1000] * 19, Q02=[1000] * 18 + [0])
    spells = Spells().add(9).add(20, commissioner="Q02")
    found = asked(tmp_path, spells, "commissioner", populations=given, covers=YEAR)
    assert place(found, "Q01").dsr == Measured(None, None, None, None, None, None)
    assert place(found, "Q02").dsr is None
    assert told in found.notes
    assert told not in asked(tmp_path, Spells().add(10), "commissioner", populations=given, covers=YEAR).notes


def test_an_extract_gives_the_same_places(tmp_path: Path) -> None:
    path, kept = tmp_path / "activity.parquet", tmp_path / "kept.parquet"
    write_synthetic(10_000, 3, path, None)
    extract((path,), kept)
    whole, small = variation((path,), EBI), variation((kept,), EBI)
    assert (small.places, small.months, small.notes) == (whole.places, whole.months, whole.notes)


def test_merged_trusts_are_one_place_and_a_split_one_is_said(tmp_path: Path) -> None:
    successors = Successors.read(
        csv(
            tmp_path,
            "s.csv",
            "old_code,new_code,date",
            "RBZ,RH8,2020-09-01",
            "RW6,RM3,2020-09-01",
            "RW6,R0A,2020-09-01",
        )
    )
    spells = Spells().add(4, provider="RBZ").add(5, provider="RH8", day="2021-03-02").add(2, provider="RW6").add(1)
    found = asked(tmp_path, spells, successors=successors)
    assert {one.place: one.counted for one in found.places} == {"R0A": 1, "RH8": 9, "RW6": 2}
    assert found.notes[:2] == (
        "Organisations as they stood on 2021-03-31: RBZ as RH8.",
        "RW6 stays as it is: it was split between R0A and RM3, and its spells cannot be told apart.",
    )
    before = asked(tmp_path, spells, successors=successors, at=date(2020, 8, 31))
    assert {one.place: one.counted for one in before.places} == {"R0A": 1, "RBZ": 4, "RH8": 5, "RW6": 2}


def test_spells_of_no_place_stand_last_and_in_no_funnel(tmp_path: Path) -> None:
    found = asked(tmp_path, Spells().add(6).add(2, provider="").add(3, provider="RH8", site="Y114"))
    assert [one.place for one in found.places] == ["R0A", "RH8", "unknown"]
    assert [one.share_funnel is None for one in found.places] == [False, False, True]
    assert found.share_funnel is not None and found.share_funnel.target == pytest.approx(6 / 9)
    assert "Spells that name no place, and are in no funnel: 2 counted, 0 unknown." in found.notes


def test_more_variation_than_chance_widens_the_funnel_and_both_positions_are_told(tmp_path: Path) -> None:
    spells = Spells()
    for number in range(20):
        counted = 20 + 50 * (number % 3)
        spells.add(counted, provider=f"R{number:02d}").add(150 - counted, provider=f"R{number:02d}", site="Y114")
    found = asked(tmp_path, spells)
    assert found.share_funnel is not None and found.share_funnel.is_inflated
    funnels = [one.share_funnel for one in found.places if one.share_funnel]
    assert {funnel.exact for funnel in funnels} == {"below-99.8", "within", "above-99.8"}
    assert {funnel.position for funnel in funnels} == {"within"}
    assert found.outside == ()


def test_a_place_that_its_unknown_spells_could_bring_inside_is_told_so(tmp_path: Path) -> None:
    spells = Spells().add(5, provider="R1A").add(50, provider="R1A", method="").add(45, provider="R1A", site="Y114")
    for name in ("R2A", "R3A", "R4A"):
        spells.add(70, provider=name).add(30, provider=name, site="Y114")
    found = asked(tmp_path, spells, level=0.0)
    funnel = place(found, "R1A").share_funnel
    assert funnel is not None
    assert (funnel.position, funnel.if_unknown_counted) == ("below-99.8", "within")


@pytest.mark.parametrize(
    ("value", "where"),
    [
        *((0.9, "below-99.8"), (1, "below-95"), (1.9, "below-95"), (2, "within")),
        *((4, "within"), (4.1, "above-95"), (5, "above-95"), (5.1, "above-99.8")),
    ],
)
def test_a_value_on_a_limit_is_within_it(value: float, where: str) -> None:
    assert position(value, (10, 2, 4, 1, 5)) == where


def test_spells_without_a_date_count_unless_months_are_asked_for(tmp_path: Path) -> None:
    spells = Spells().add(4).add(2, day="")
    whole, covered = asked(tmp_path, spells), asked(tmp_path, spells, covers=YEAR)
    assert (place(whole, "R0A").counted, place(covered, "R0A").counted) == (6, 4)
    assert "2 counted or unknown spells have no admission date, and are counted all the same." in whole.notes
    assert "Left out: 0 counted or unknown spells of other months, and 2 without an admission date." in covered.notes


def test_places_add_up_to_the_count_itself(tmp_path: Path) -> None:
    path = tmp_path / "activity.parquet"
    write_synthetic(20_000, 3, path, None)
    places: tuple[By, ...] = ("provider", "commissioner")
    for by in places:
        for definition in (EBI, ANY):
            found = variation((path,), definition, by)
            (counted,) = count_all(CountQuery((path,), (definition,), dimensions=dimensions_named([by]))).results
            assert counted.counted > 0
            told = {row[by]: (row["counted"], row["unknown"]) for row in counted.by if row["counted"] or row["unknown"]}
            assert {p.place: (p.counted, p.unknown) for p in found.places if p.counted or p.unknown} == told


def test_counted_spells_outside_the_denominator_are_in_no_share_and_are_said(tmp_path: Path) -> None:
    root = ROW.replace("||V485,", "||A572,").replace(",V485,M545", ",A572,M545")
    spells = Spells().add(6)
    path = spells.file(tmp_path)
    path.write_text(
        path.read_text(encoding="utf-8")
        + root.format(key=99, provider="R0A", commissioner="Q01", day="2020-06-01", age=50, method="11", site="Z675")
        + "\n",
        encoding="utf-8",
    )
    found = variation((path,), DEFINITIONS["ebi-2k-listed"])
    one = place(found, "R0A")
    assert (one.counted, one.asked) == (7, 6)
    assert one.share is not None and one.share.value == 1.0
    assert "1 counted spell is not in the denominator (any-v48), and in no share." in found.notes


def test_places_without_such_a_spell_are_told_as_a_number(tmp_path: Path) -> None:
    path = Spells().add(3).file(tmp_path)
    other = '50,9001,RXX,Q01,2020-06-01,2020-06-01,50,,11,01,"||W371","||M545",W371,M545\n'
    path.write_text(path.read_text(encoding="utf-8") + other, encoding="utf-8")
    found = variation((path,), EBI)
    assert [one.place for one in found.places] == ["R0A"]
    assert "1 place has no such spell, and no line here." in found.notes


def test_an_answer_stands_in_json_and_in_one_table(tmp_path: Path) -> None:
    found = asked(tmp_path, Spells().add(6).add(3, provider="RH8", site="Y114"))
    told = found.to_json()
    assert (told["schema"], told["definition"], told["denominator"]) == ("facetwise.variation/1", "ebi-2k", "any-v48")
    assert told["places"][0]["share"]["value"] == 1.0
    assert told["funnels"]["share"]["phi"] == found.share_funnel.phi  # type: ignore[union-attr]
    table = found.to_arrow()
    assert table["place"].to_pylist() == ["R0A", "RH8"]
    assert table["share"].to_pylist() == [1.0, 0.0]
    assert table["share_funnel_position"].to_pylist()[1] == told["places"][1]["share_funnel"]["position"]
    assert table["dsr"].to_pylist() == [None, None]


REFUSALS: list[tuple[By, Callable[[Path], dict[str, Any]], str]] = [
    (
        "commissioner",
        lambda folder: {"populations": people(folder, Q77=[1] * 19)},
        "people.csv has no people for Q01, where 3 of 3 counted or unknown spells are: people for the wrong year, or other "
        "places. Give people for the codes in the activity, or a lookup that leads to those codes.",
    ),
    (
        "commissioner",
        lambda folder: {"boards": Boards.read(csv(folder, "b.csv", "old_code,new_code", "01A,Q9"), "2020")},
        "b.csv is a lookup for 2020/21, and 3 of 3 spells (100.0%) of 2020/21 have a commissioner that is not in it, such as "
        "Q01: a lookup for the wrong year, unless the codes are of another kind. Give the one for the codes that the activity "
        "holds.",
    ),
    (
        "commissioner",
        lambda folder: {
            "populations": Populations("p.csv", 2020, {"Q01": (1.0,) * 19, "E1": (1.0,) * 19}, (("E1", "Q01"),)),
            "boards": Boards("b", "2020/21", {"Q01": "Q01", "Q02": "E1"}),
        },
        "E1 and Q01 are one area of p.csv, and spells name it both ways. Carry them to one code.",
    ),
    (
        "provider",
        lambda folder: {"boards": Boards("b", "2020/21", {})},
        "A lookup of boards is for commissioners, and places are by provider. Leave it out.",
    ),
    (
        "commissioner",
        lambda folder: {"sites_to_trusts": True},
        "Successors and sites are of providers, and places are by commissioner. Leave them out.",
    ),
    (
        "provider",
        lambda folder: {"at": date(2020, 1, 1)},
        "A day says which successors stand, and no file of successors is given. Give it.",
    ),
    (
        "provider",
        lambda folder: {"reference": Reference("r", (1,) * 19, (1,) * 19)},
        "A reference gives expected rates, and rates need populations. Give them too.",
    ),
    (
        "commissioner",
        lambda folder: {"populations": people(folder, Q01=[0] * 19)},
        "the input's own total has nobody aged 0-4, so nothing can be expected there. Give them.",
    ),
]


@pytest.mark.parametrize(("by", "beside", "told"), REFUSALS, ids=[told[:45] for _, _, told in REFUSALS])
def test_what_does_not_go_together_is_refused_in_words(
    tmp_path: Path, by: By, beside: Callable[[Path], dict[str, Any]], told: str
) -> None:
    with pytest.raises(FacetwiseError) as refused:
        spells = Spells().add(3)
        asked(tmp_path, spells.add(3, commissioner="Q02") if "one area" in told else spells, by, **beside(tmp_path))
    assert str(refused.value) == told
