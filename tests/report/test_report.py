"""The commissioner's report: one page that holds what count_all says, and nothing from outside.

Most of it is tested with nothing protected, so that its numbers can be held against the count; what disclosure control does to
it: test_report_disclosure.py.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from facetwise.count.count import count_all
from facetwise.count.diff import diff
from facetwise.count.near_miss_text import without_values
from facetwise.count.query import CountQuery
from facetwise.count.results import CountResults
from facetwise.disclosure.protect import NONE
from facetwise.errors import InputError
from facetwise.language.codes import dotted
from facetwise.library import DEFAULT, DEFINITIONS
from facetwise.report.definition_differences import differs
from facetwise.report.html import code_lists, write_report
from facetwise.spells.dimensions import dimensions_named
from facetwise.spells.synthetic.synth import SPELL_SCHEMA, write_synthetic
from tests.shared import shared

_HEADER = tuple(SPELL_SCHEMA.names)
# Counted as it stands; the tests change a column or two of it.
_COUNTED = {
    "Der_Pseudo_NHS_Number": "1000000001",
    "Der_Provider_Code": "R2A",
    "Admission_Date": "2018-05-01",
    "Age_At_Start_of_Spell_SUS": "50",
    "Admission_Method": "11",
    "Administrative_Category": "01",
    "Der_Procedure_All": "||V485,Z676",
    "Der_Diagnosis_All": "||M545",
    "Spell_Dominant_Procedure": "V485",
    "Spell_Primary_Diagnosis": "M545",
}


@dataclass(frozen=True)
class Written:
    """A report with the file it was written on."""

    activity: Path
    html: str

    def table(self, name: str) -> list[list[str]]:
        """The cells of a table's body, tags left out."""
        (body,) = re.findall(rf'<table id="table-{name}".*?<tbody>(.*?)</tbody>', self.html, re.S)
        rows = re.findall(r"<tr.*?>(.*?)</tr>", body, re.S)
        return [[_text(cell) for cell in re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row, re.S)] for row in rows]

    @property
    def text(self) -> str:
        return _text(self.html.split("</style>")[1])


def _text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


def _write(folder: Path, *changes: dict[str, str], without: tuple[str, ...] = ()) -> Written:
    """A report on one spell for each set of changes, in a file that lacks some columns."""
    activity, names = folder / "activity.csv", [name for name in _HEADER if name not in without]
    with activity.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows({"APCS_Ident": str(place), **_COUNTED, **row} for place, row in enumerate(changes, start=1))
    return _report(activity, folder)


def _report(activity: Path, folder: Path) -> Written:
    write_report((activity,), folder / "report.html", profile=NONE)
    return Written(activity, (folder / "report.html").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder = tmp_path_factory.mktemp("report")
    write_synthetic(20_000, 2, folder / "activity.csv")
    return _report(folder / "activity.csv", folder)


@pytest.fixture(scope="module")
def counted(synthetic: Written) -> CountResults:
    by = dimensions_named(("provider", "year"))
    return count_all(CountQuery((synthetic.activity,), tuple(DEFINITIONS.values()), dimensions=by))


class _Outside(HTMLParser):
    """Collects what a browser would fetch or run, and the tags left open."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "link", "img", "iframe", "object", "embed", "base", "form"):
            self.found.append(tag)
        self.found += [f"{tag} {name}" for name, _ in attrs if name in ("src", "srcset") or name.startswith("on")]
        if tag not in ("meta", "br", "wbr", "rect", "path"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("rect", "path"):
            return
        assert self.open and self.open.pop() == tag, f"</{tag}> closes something else"


def test_the_page_fetches_and_runs_nothing_and_closes_what_it_opens(synthetic: Written) -> None:
    """It is forwarded by e-mail and opened behind firewalls; sources are links to follow, not things to load."""
    seen = _Outside()
    seen.feed(synthetic.html)
    assert seen.found == []
    assert seen.open == []
    assert "url(" not in synthetic.html
    assert "@import" not in synthetic.html


def test_the_headline_is_the_count_with_unknown_apart(synthetic: Written, counted: CountResults) -> None:
    """Counted, not counted and unknown stand apart and add up to the spells."""
    tiles = re.findall(r"<b>(.*?)</b><strong>(.*?)</strong>", synthetic.html)
    main = counted[0]
    assert tiles == [
        ("Counted", f"{main.counted:,}"),
        ("Not counted", f"{main.not_counted:,}"),
        ("Unknown", f"{main.unknown:,}"),
    ]
    assert main.unknown > 0
    assert "Do not publish this page." in synthetic.text


def test_the_flow_is_the_same_in_the_table_in_both_pictures_and_in_the_count(
    synthetic: Written, counted: CountResults
) -> None:
    """The pictures are for the eye, the table for everybody: neither may say something of its own."""
    flow = [(step.met, step.not_met, step.unknown) for step in counted[0].flow]
    assert [tuple(_numbers(row[1:])) for row in synthetic.table("flow-ebi-2k")] == flow
    pictures = re.findall(r'<svg [^>]*class="flow .*?</svg>', synthetic.html, re.S)
    assert len(pictures) == 2
    for picture in pictures:
        drawn = {
            kind: _numbers(re.findall(rf"<text[^>]*>([\d,]+) {kind}<", picture))
            for kind in ("met", "not met", "unknown")
        }
        assert list(zip(*drawn.values(), strict=True)) == flow
        told = re.search(r"<desc.*?>(.*?)</desc>", picture, re.S)
        assert told
        assert [
            tuple(_numbers(found)) for found in re.findall(r"([\d,]+) met, ([\d,]+) not met, ([\d,]+) unk", told[1])
        ] == flow
        assert 'role="img"' in picture


def test_years_and_providers_are_those_of_the_count(synthetic: Written, counted: CountResults) -> None:
    """Every group of the count is in the tables, or is said to hold nothing; a year without data is a dash, never nought."""
    main, widest = counted[0], next(result for result in counted if result.definition.id == "any-v48")
    rows = {row[0]: row[1:4] for row in synthetic.table("years")}
    for year in {row["year"] for row in main.by}:
        sums = [
            sum(row[what] for row in result.by if row["year"] == year)
            for result, what in ((main, "counted"), (main, "unknown"), (widest, "counted"))
        ]
        shown = rows.pop("not recorded" if year == "unknown" else year, ["0", "0", "0"])
        assert _numbers(shown) == sums
    assert set(map(tuple, rows.values())) == {("–", "–", "–")}
    providers = synthetic.table("providers") + synthetic.table("providers-more")
    some = {row["provider"] for row in main.by if row["counted"] or row["unknown"]}
    assert {row[0] for row in providers} == {"not recorded" if name == "unknown" else name for name in some}
    assert sum(_numbers([row[1] for row in providers])) == main.counted
    assert sum(_numbers([row[2] for row in providers])) == main.unknown


def test_england_stands_beside_as_episodes_and_the_programme_as_it_has_it(synthetic: Written) -> None:
    """A spell is not an episode: the heads say which is which, and the page says that they differ."""
    rows = {row[0]: row[4:] for row in synthetic.table("years")}
    assert rows["2018/19"] == ["11,663", "1,338", "1,612"]
    assert rows["2012/13"] == ["7,599", "972", "–"]
    (head,) = re.findall(r'<table id="table-years".*?<thead>(.*?)</thead>', synthetic.html, re.S)
    titles = re.findall(r"<th.*?>(.*?)</th>", head)
    assert [re.split(r"[ ,]", title)[0] for title in titles] == [
        "Year",
        "Spells",
        "Spells",
        "Spells",
        "Episodes",
        "Episodes",
        "Interventions",
    ]
    assert "Episodes and spells are different units" in synthetic.text
    assert "Open Government Licence v3.0" in synthetic.text


def test_the_definitions_stand_side_by_side_as_count_and_diff_have_them(
    synthetic: Written, counted: CountResults
) -> None:
    """One pass gives what six counts and five differences give."""
    rows = [(row[0], *_numbers(row[1:])) for row in synthetic.table("definitions")]
    assert rows == [(r.definition.id, r.counted, r.not_counted, r.unknown) for r in counted]
    parted = {row[0]: _numbers(row[1:]) for row in synthetic.table("parting")}
    by = synthetic.table("parted-by") + synthetic.table("parted-by-more")
    for sibling in list(DEFINITIONS.values())[1:]:
        found = diff(CountQuery((synthetic.activity,), (DEFAULT, sibling)))
        assert parted[sibling.id] == [found.both, found.only_b, found.only_a]
        assert sorted((row[1], row[2], *_numbers(row[3:])) for row in by if row[0] == sibling.id) == sorted(
            (parting.only, " ".join(parting.criteria), parting.spells) for parting in found.disagreements
        )


def test_every_picture_stands_above_its_table_and_has_its_numbers_in_words(synthetic: Written) -> None:
    """For those who do not see it, and for the wide and the narrow page alike."""
    pictures = re.findall(r'<svg [^>]*class="chart chart-(wide|narrow)".*?</svg>', synthetic.html, re.S)
    assert pictures == ["wide", "narrow"] * 6
    for wide in re.findall(r'<svg [^>]*class="chart chart-wide".*?</svg>', synthetic.html, re.S):
        assert 'role="img"' in wide
        assert re.search(
            r"<title id=\"[\w-]+\">.+?</title><desc id=\"[\w-]+\">.+?The table holds the same numbers.</desc>", wide
        )
        assert set(re.findall(r'font-family="(.*?)"', wide)) == {"sans-serif"}
    identities = re.findall(r' id="(.*?)"', synthetic.html)
    assert len(identities) == len(set(identities))


def _numbers(words: list[str] | tuple[str, ...]) -> list[int]:
    return [int(word.replace(",", "")) for word in words]


def test_near_misses_are_told_in_words_most_first_with_what_was_recorded(tmp_path: Path) -> None:
    """Unknown is told as unknown; a diagnosis off the list is named with its spells."""
    other = {"Spell_Primary_Diagnosis": "M478"}
    written = _write(
        tmp_path,
        {},
        *[other] * 3,
        {"Spell_Primary_Diagnosis": "M479"},
        *[{"Der_Procedure_All": "||V485"}] * 2,
        {"Administrative_Category": ""},
    )
    assert written.table("near-misses") == [
        ["4", "The primary diagnosis is not on the list", "not counted"],
        ["2", "No site code (Z67.5, Z67.6, Z67.7 or Z99.3) among the procedures", "not counted"],
        ["1", "The administrative category is missing", "unknown"],
    ]
    assert written.table("recorded") == [
        ["Diagnosis", "M47.8", "3"],
        ["Site", "no code of that kind", "2"],
        ["Diagnosis", "M47.9", "1"],
    ]
    assert [row[:3] for row in written.table("one-criterion")] == [
        ["Site", "2", "0"],
        ["Diagnosis", "4", "0"],
        ["Not private", "0", "1"],
    ]
    assert written.table("one-criterion")[1][3] == DEFAULT.criterion("diagnosis").says


def test_a_near_miss_has_a_whole_sentence_whatever_criterion_fails() -> None:
    """The value of one spell is cut out of a sentence about many without leaving a hole."""
    said = {without_values(c.when_not_met) for d in DEFINITIONS.values() for c in d.criteria}
    assert not [words for words in said if re.search(r"[{}]|\(\)| ,|  |\bis,", words)]
    assert "the age is under 19" in said
    assert "the admission method does not begin with 1" in said
    assert dotted("V485, R69X and C00-C99") == "V48.5, R69X and C00-C99"


def test_values_of_the_data_are_shown_not_run(tmp_path: Path) -> None:
    """A provider code is whatever somebody typed."""
    attack = "<script>alert(1)</script>"
    written = _write(tmp_path, {"Der_Provider_Code": attack})
    assert "<script" not in written.html
    assert f">{escape(attack)}</th>" in written.html


@pytest.mark.parametrize("rows", [(), ({"Spell_Dominant_Procedure": "W903", "Der_Procedure_All": "||W903"},)])
def test_nothing_to_count_makes_a_sound_page_without_empty_charts(
    tmp_path: Path, rows: tuple[dict[str, str], ...]
) -> None:
    """No row at all, or none that is counted: the page says so."""
    written = _write(tmp_path, *rows)
    assert "There is nothing to count:" in written.text
    assert written.html.count('class="chart ') == 2  # England's alone
    assert "Spells in this data" not in written.text
    assert written.html.count('class="flow flow-') == 2 * len(rows)
    assert written.table("rows")[0] == ["Read", str(len(rows))]


def test_the_flow_is_drawn_no_further_than_there_are_spells(tmp_path: Path) -> None:
    """A row of boxes of nothing says nothing; the table still has every criterion."""
    written = _write(tmp_path, {"Spell_Dominant_Procedure": "W903"})
    assert len(written.table("flow-ebi-2k")) == len(DEFAULT.criteria)
    assert written.html.count('class="step"') == 2
    assert "other 6 criteria." in written.text


@pytest.mark.parametrize(
    ("without", "name", "kept"),
    [("Der_Provider_Code", "provider", "years"), ("Admission_Date", "year", "providers")],
)
def test_a_missing_column_is_named_and_the_rest_is_told(tmp_path: Path, without: str, name: str, kept: str) -> None:
    """Provider and date may be absent; the report is made all the same."""
    written = _write(tmp_path, {}, without=(without,))
    assert f"so counts cannot be given by {name}." in written.text
    assert f"Looked for a column {without}." in written.text
    assert written.table(kept)


def test_every_criterion_is_there_with_its_place_and_how_far_it_was_read(synthetic: Written) -> None:
    """No claim without a place: of the definition and of its siblings, with every code list."""
    for definition in DEFINITIONS.values():
        for criterion in definition.criteria:
            assert criterion.says in synthetic.text
            assert f"{criterion.cite.source.title}: {criterion.cite.place}" in synthetic.text
            assert f'<a href="{criterion.cite.source.url}"' in synthetic.html
        for codes in code_lists(definition):
            assert f"{codes.system.value}, {codes.release}" in synthetic.text
            assert dotted(codes.described()) in synthetic.text
    assert "yes, the primary text" in synthetic.text
    assert "in part" in synthetic.text
    for note in DEFAULT.notes:
        assert note in synthetic.text


def test_artificial_hes_makes_a_report_that_names_its_proxy(tmp_path: Path) -> None:
    """Made-up episodes of another layout, with nothing to count."""
    activity = shared("data", "hes_artificial", "artificial_hes_apc_0102_first1575.csv")
    written = _report(activity, tmp_path)
    (result,) = count_all(CountQuery((activity,), (DEFAULT,))).results
    assert result.counted == 0
    assert "There is nothing to count:" in written.text
    assert written.table("rows")[0] == ["Read", f"{result.input.rows:,}"]
    for note in result.notes:
        assert note in written.text
    for reason, rows in result.input.set_aside:
        assert [f"Set aside: {reason}", f"{rows:,}"] in written.table("rows")


def test_a_report_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    """Before the pass over the data, not after it."""
    with pytest.raises(InputError) as error:
        write_report(("absent.csv",), tmp_path / "no" / "report.html")
    assert str(error.value) == (
        f"{tmp_path / 'no' / 'report.html'} cannot be written: there is no folder {tmp_path / 'no'}. "
        "Make it, or name another."
    )


def test_what_differs_is_said_from_the_criteria_themselves() -> None:
    """A sibling that is changed changes its sentence."""
    said = {sibling.id: differs(DEFAULT, sibling) for sibling in DEFINITIONS.values()}
    assert said["ebi-2k"] == "It asks the same."
    assert said["nhp-sql-2024"] == (
        "It puts denervation, site, diagnosis and no-malignancy differently, adds elective and leaves out "
        "not-emergency and not-private."
    )
    assert said["ebi-2k-null-diagnoses"] == (
        "It puts no-malignancy differently (“No cancer code among the diagnoses, or no diagnoses recorded”)."
    )


def test_providers_stand_most_counted_first(tmp_path: Path) -> None:
    """A provider with unknown alone is last."""
    unknown = {"Administrative_Category": ""}
    written = _write(
        tmp_path,
        {"Der_Provider_Code": "AAA"} | unknown,
        {"Der_Provider_Code": "BBB"},
        *[{"Der_Provider_Code": "CCC"}] * 2,
    )
    assert written.table("providers") == [["CCC", "2", "0"], ["BBB", "1", "0"], ["AAA", "0", "1"]]
