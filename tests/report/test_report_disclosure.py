"""No path out of the report goes around disclosure control: not the page, its pictures, its files, nor standard error."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
import typing
from collections import Counter
from enum import Enum
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from facetwise.api import extract
from facetwise.disclosure.protect import HES_2018, NONE, Profile
from facetwise.disclosure.protected_tables import HIDDEN, ProtectedTable
from facetwise.disclosure.tables import Column, LinkedTables, Role, SumConstraint, Table, counts, words
from facetwise.errors import InputError, UsageError
from facetwise.lookups.national_episodes import EPISODES, PROGRAMME
from facetwise.report.board_report import Board, board, further_sections, protected
from facetwise.report.collect import findings
from facetwise.report.html import Page, page, rendered, write_report
from facetwise.report.overview import Overview, overview
from facetwise.report.section import Section
from facetwise.spells.synthetic.synth import write_synthetic
from tests.command import refused, run
from tests.shared import shared
from tests.spells.activity_files import counted_rows, write

_PUBLISHED = {held.v485 for held in EPISODES.values()} | {held.v487 for held in EPISODES.values()} | {PROGRAMME}


_BLANK = Profile("blank", "Every count is hidden.", hides=10**12, to_nearest=5, cite=HES_2018.cite)


def ten_planted(folder: Path) -> Path:
    """Six counted, one unknown, three missed by one criterion each, and two rows that cannot be read."""
    rows = counted_rows(10)
    rows[0] = rows[0].replace("V485,Z675", "V485")
    rows[1] = rows[1].replace(",M545", ",M478", 2)
    rows[2] = rows[2].replace(",50,50,", ",12,12,")
    rows[3] = rows[3].replace(",11,01,", ",,01,")
    return write(folder / "ten.csv", [*rows, "11,ragged", "12,ragged"])


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Overview:
    """Small providers, small years and rare misses: 3,000 synthetic spells hold all three."""
    activity = tmp_path_factory.mktemp("small") / "activity.csv"
    write_synthetic(3_000, 7, activity)
    return overview((activity,))


class Everything(typing.NamedTuple):
    """All that one report writes. blank: the same page without any count: what numbers its words hold of themselves."""

    seen: Overview
    raw: Board
    blank: str
    html: str
    folder: Path


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Everything:
    folder = tmp_path_factory.mktemp("everything")
    write_synthetic(100_000, 3, folder / "activity.parquet")  # so few denervations that a table is withheld
    inputs = (folder / "activity.parquet",)
    write_report(inputs, folder / "report.html", tables=folder / "tables")
    found = findings(inputs)
    counted = found.overview
    raw, blank = (protected(counted, each, further=further_sections(found, each)) for each in (NONE, _BLANK))
    html = (folder / "report.html").read_text(encoding="utf-8")
    return Everything(counted, raw, rendered(page(blank)), html, folder / "tables")


def _numbers(html: str) -> Counter[int]:
    """Every whole number that can be read, and how often; without the styles and the definitions."""
    body = html.split("</style>")[-1].split('<h2 id="definition">')[0]
    body = re.sub(r'<td class="n of">[^<]*</td>', "", body)  # shares
    text = unescape(re.sub(r"<[^>]+>", " ", body)).replace("1 to 7", "")
    text = re.sub(r"\d+ months", "", text)  # intervals that policies ask for
    return Counter(
        int(found.replace(",", "")) for found in re.findall(r"(?<![\w.,/#-])\d[\d,]*(?![\w/%-]|[.]\d)", text)
    )


def _true(raw: Board) -> set[int]:
    """The counts that protection changes."""
    return {n for n in raw.figures.values() if isinstance(n, int) and n % 5} - _PUBLISHED


def _shares(everything: Everything) -> set[int]:
    """The whole per cents that are shown: of rounded numbers, or by Kaplan-Meier."""
    held: set[int] = set()
    for table in everything.raw.tables:
        path = everything.folder / f"{table.id}.parquet"
        for column in (c for c in table.columns if c.role in (Role.SHARE, Role.RATE) and path.exists()):
            held |= {int(n) for n in pq.read_table(path)[column.name].to_pylist() if n is not None and n == int(n)}
    return held


def test_the_raw_counts_are_distinct_enough_to_be_looked_for(everything: Everything) -> None:
    """Small ones, and unrounded ones of three digits: else the tests below would find nothing in anything."""
    true = _true(everything.raw)
    assert {1, 2, 3, 4, 6, 7} <= true
    assert len([n for n in true if n > 100]) > 20


def test_no_cell_of_the_page_holds_a_small_or_unrounded_count(everything: Everything) -> None:
    """Of every table: each number is nought, a multiple of five, or published."""
    cells = re.findall(r'<td class="n">([\d,]+)</td>', everything.html)
    values = {int(cell.replace(",", "")) for cell in cells}
    assert len(values) > 30
    assert not {n for n in values if n % 5} - _PUBLISHED
    assert '<td class="n hid">*</td>' in everything.html


def test_no_sentence_and_no_word_of_a_picture_holds_a_true_count(everything: Everything) -> None:
    """Everything that can be read on the page, the words for those who do not see the pictures among it."""
    words_alone, true = _numbers(everything.blank), _true(everything.raw)
    assert set(_numbers(everything.html) - words_alone) & true <= _shares(everything)
    unprotected = rendered(page(everything.raw))
    columns = [c for table in everything.raw.tables if table.on_page for c in table.paged.columns]
    on_page = {n for column in columns for n in column.values if isinstance(n, int)}
    assert set(_numbers(unprotected) - words_alone) & true >= {n for n in true & on_page if n > 100}


def test_no_file_holds_a_small_or_unrounded_count(everything: Everything) -> None:
    """CSV, Parquet and SVG: as many as there are tables and pictures, and a list of them."""
    files = sorted(path.name for path in everything.folder.iterdir())
    tables = {table.id for table in everything.raw.tables} - {"coding-providers"}
    assert not [name for name in files if "coding-providers" in name]
    contents = pa_csv.read_csv(everything.folder / "contents.csv").to_pylist()
    (row,) = [row for row in contents if row["file"] in (None, "")]
    assert row["holds"] == "The same by provider: not shown: it would give small numbers away"
    assert {f"{name}{ending}" for name in tables for ending in (".csv", ".parquet")} <= set(files)
    assert {"flow.svg", "misses.svg", "providers.svg", "trend.svg", "compared.svg", "contents.csv"} <= set(files)
    for table in (table for table in everything.raw.tables if table.id in tables):
        text = pa_csv.read_csv(everything.folder / f"{table.id}.csv", convert_options=_all_text(table))
        held = pq.read_table(everything.folder / f"{table.id}.parquet")
        assert held.schema.metadata[b"disclosure"] == b"hes-2018"
        for column in table.columns:
            if column.role is Role.COUNT:
                assert not {cell for cell in text[column.name].to_pylist() if cell not in ("*", "") and int(cell) % 5}
                assert not {n for n in held[column.name].to_pylist() if n is not None and n % 5}
    for path in everything.folder.glob("*.svg"):
        ElementTree.parse(path)  # a file of its own is whole
        drawn = _numbers(path.read_text(encoding="utf-8"))
        shares = _shares(everything) if path.stem in ("repeats", "variation") else set()
        assert set(drawn - _numbers(everything.blank)) & _true(everything.raw) <= shares, path


def _all_text(table: ProtectedTable) -> pa_csv.ConvertOptions:
    return pa_csv.ConvertOptions(
        column_types={column.name: "string" for column in table.columns}, strings_can_be_null=False
    )


def test_hidden_is_null_in_parquet_with_a_mark_and_a_star_in_csv(everything: Everything) -> None:
    """A reader of files cannot take hidden for nought."""
    held = pq.read_table(everything.folder / "provider-years.parquet").to_pylist()
    text = pa_csv.read_csv(everything.folder / "provider-years.csv").to_pylist()
    assert any(row["counted_hidden"] for row in held)
    for row, words_ in zip(held, text, strict=True):
        assert (row["counted"] is None) == row["counted_hidden"] == (words_["counted"] == "*")


def test_ten_planted_spells_show_nothing_but_ten_and_nought(tmp_path: Path) -> None:
    """Each of their numbers is from 1 to 7, but for the ten themselves."""
    shown = write_report((ten_planted(tmp_path),), tmp_path / "report.html", tables=tmp_path / "tables")
    assert set(shown.figures.values()) == {0, 10, HIDDEN}
    html = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Of 10 spells in hospital in this data, 2018/19, <strong>a hidden number (*)</strong> are counted" in html
    assert "<strong>* rows could not be read and may hold more</strong>" in html
    cells = set(re.findall(r'<td class="n[^"]*">(.*?)</td>', html))
    assert {cell for cell in cells if cell not in ("*", "–", "0", "10")} == {f"{n:,}" for n in _PUBLISHED}
    done = run("report", tmp_path / "ten.csv", "--out", tmp_path / "again.html")
    assert "* of 10 rows were set aside and are in no count: the wrong number of fields (*)." in done.stderr


def test_artificial_hes_has_nothing_to_count_and_says_so_protected(tmp_path: Path) -> None:
    """Made-up episodes of another layout: 1,575 of them."""
    activity = shared("data", "hes_artificial", "artificial_hes_apc_0102_first1575.csv")
    shown = write_report((activity,), tmp_path / "report.html", tables=tmp_path / "tables")
    assert shown.figures["ebi-2k counted"] == 0
    assert "There is nothing to count:" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert not (tmp_path / "tables" / "providers.svg").exists()


def test_unprotected_is_said_in_red(tmp_path: Path) -> None:
    """And on standard error."""
    done = run("report", ten_planted(tmp_path), "--out", tmp_path / "r.html", "--disclosure", "none")
    html = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert '<div class="danger" role="note"><p><strong>Do not publish this page.</strong>' in html
    assert "#b00020" in html
    assert "Small numbers are not protected on it: do not publish it as it is." in done.stderr
    assert "2 of 12 rows were set aside" in done.stderr
    assert 'class="danger"' not in rendered(page(board((tmp_path / "ten.csv",))))


def test_the_nation_stands_as_it_is_and_its_providers_do_not(everything: Everything) -> None:
    """As HES has it; the page says what was said of the files."""
    raw, shown = everything.raw, protected(everything.seen, HES_2018, is_national=True)
    assert shown.figures["ebi-2k counted"] == raw.figures["ebi-2k counted"]
    headline = {table.id: table for table in raw.tables}["headline"]
    assert shown.headline == dataclasses.replace(headline, profile="hes-2018")
    for name in ("providers", "provider-years"):
        (table,) = (table for table in shown.tables if table.id == name)
        assert not [n for n in table.column("counted").values if isinstance(n, int) and n % 5]
        assert HIDDEN in table.column("counted").values
    assert "These files were said to be the whole nation" in rendered(page(shown))


def test_providers_give_way_where_a_small_nation_would_tell_of_them(seen: Overview) -> None:
    """Every provider with an unknown spell in a year has one: the year's exact total would say so of each beside noughts."""
    cells = [row["unknown"] for row in seen.main.by if row["year"] == "2016/17" and row["unknown"]]
    assert set(cells) == {1}
    shown = protected(seen, HES_2018, is_national=True)
    years = next(table for table in shown.tables if table.id == "years")
    place = years.column("year").values.index("2016/17")
    assert years.column("unknown").values[place] == len(cells)
    fine = next(table for table in shown.tables if table.id == "provider-years")
    assert fine.is_withheld or 0 not in fine.column("unknown").values
    assert shown.figures["ebi-2k counted"] == seen.main.counted


def test_an_extract_makes_the_same_tables_as_the_whole(tmp_path: Path) -> None:
    """Its verdicts are taken as they stand, and what was recorded is told all the same."""
    write_synthetic(3_000, 7, tmp_path / "activity.parquet")
    extract(tmp_path / "activity.parquet", tmp_path / "extract.parquet")
    whole, part = (board((tmp_path / name,), profile=NONE) for name in ("activity.parquet", "extract.parquet"))
    assert [(table.id, sorted(map(str, table.rows))) for table in part.tables] == [
        (table.id, sorted(map(str, table.rows))) for table in whole.tables
    ]


def test_the_same_activity_makes_the_same_page_and_pictures(seen: Overview) -> None:
    """Byte for byte."""
    assert rendered(page(protected(seen))) == rendered(page(protected(seen)))


def test_a_further_section_is_protected_with_the_others_and_takes_its_place(seen: Overview) -> None:
    """What it shares with them is hidden in both, and what it tells apart must not give theirs away."""
    counted = seen.main.counted
    parts = [("ebi-2k counted and met", counted - 2), ("ebi-2k counted and not met", 2)]
    columns = (
        words("answer", "Answer", ["met", "not met", "all"]),
        counts("spells", "Spells", [*parts, ("ebi-2k counted", counted)]),
        Column("share", "Share", Role.SHARE, (90.0, 10.0, 100.0), of=("spells", "of")),
        counts("of", "Of", [("ebi-2k counted", counted)] * 3),
    )
    linked = LinkedTables(
        (Table("policy", "By policy", columns),), (SumConstraint("ebi-2k counted", tuple(name for name, _ in parts)),)
    )
    shown = protected(seen, further=(Section("policy", "Policy shares", ("{ebi-2k counted} spells.",), linked),))
    assert [section.id for section in shown.sections][:4] == ["flow", "misses", "policy", "providers"]
    table = shown.sections[2].tables[0]
    assert table.column("spells").values[1] is HIDDEN
    assert table.column("share").values[1] is HIDDEN
    assert shown.sections[2].says == (f"{shown.figures['ebi-2k counted']} spells.",)
    assert '<h2 id="policy">Policy shares</h2>' in rendered(page(shown))


def test_tables_go_into_a_folder_and_over_no_input(tmp_path: Path) -> None:
    """A file in the folder's place, no folder to make it in, an input of the same name."""
    activity = ten_planted(tmp_path)
    with pytest.raises(UsageError, match="is a file, and the tables are several"):
        write_report((activity,), tmp_path / "r.html", tables=activity)
    with pytest.raises(InputError, match="cannot be made: there is no folder"):
        write_report((activity,), tmp_path / "r.html", tables=tmp_path / "no" / "tables")
    before = activity.rename(tmp_path / "years.csv").read_bytes()
    message = refused(2, "report", tmp_path / "years.csv", "--out", tmp_path / "r.html", "--tables", tmp_path)
    assert "is one of the inputs and would be overwritten" in message
    assert (tmp_path / "years.csv").read_bytes() == before


def test_where_every_share_is_hidden_no_funnel_and_no_place_in_it_is_told(tmp_path: Path) -> None:
    """Providers of thirty spells each: their counts are shown, their shares of so few are not."""
    made = [
        row.replace("R0A", f"R{n // 30:02}")
        if n % 3
        else row.replace("R0A", f"R{n // 30:02}").replace(",M545", ",M478", 2)
        for n, row in enumerate(counted_rows(300))
    ]
    shown = board((write(tmp_path / "a.csv", made),))
    section = next(section for section in shown.sections if section.id == "variation")
    table = section.table("variation")
    assert {*table.column("share").values} == {*table.column("in_funnel").values} == {HIDDEN}
    assert HIDDEN not in table.column("asked").values
    html = rendered(page(shown))
    assert "No funnel is drawn: no provider has enough spells for its share to be shown." in html
    assert "limits drawn" not in html
    open_ = board((tmp_path / "a.csv",), profile=NONE)
    assert "No funnel is drawn" not in rendered(page(open_))


_ROOMS = tuple(
    f"facetwise.{room}." for room in ("audit", "count", "variation", "disclosure", "lookups", "report", "statistics")
)
# The files that draw the page: each is held to the same by the test below, so one may take from another.
_PAGE = tuple(f"facetwise.report.{name}" for name in ("html", "files", "charts", "flowchart", "definition_differences"))
# What the pages of the report may take from these rooms: protected values, and the names of profiles. Nothing that holds a true count.
_ALLOWED = {
    "facetwise.audit.request": {"DENERVATIONS_ALONE"},  # what the user gives
    "facetwise.report.board_report": {"Board", "board"},
    "facetwise.lookups.national_episodes": {"EPISODES_CITE", "PROGRAMME_CITE"},  # where published numbers stand
    "facetwise.disclosure.tables": {"Role"},
    "facetwise.variation.variation": {"ReferenceFiles"},  # what the user gives
    "facetwise.disclosure.protect": {"HES_2018", "Profile"},
    "facetwise.report.section": {"Marks", "Panel", "Picture", "ProtectedSection"},
    "facetwise.disclosure.protected_tables": {
        "HIDDEN",
        "WITHHELD",
        "Cell",
        "ProtectedNumber",
        "Hidden",
        "ProtectedTable",
    },
}


@pytest.mark.parametrize("name", _PAGE)
def test_nothing_that_shows_the_report_can_reach_a_true_count(name: str) -> None:
    """By what it imports."""
    tree = ast.parse(Path(*name.split(".")).with_suffix(".py").read_text(encoding="utf-8"))
    taken = {
        node.module: {alias.name for alias in node.names}
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(_ROOMS)
    }
    taken = {module: names for module, names in taken.items() if module not in _PAGE}
    assert set(taken) <= set(_ALLOWED)
    for module, names in taken.items():
        assert names <= _ALLOWED[module], module
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Import) and "facetwise" in ast.unparse(node)]


@pytest.mark.parametrize("root", [Board, Page])
def test_no_true_count_hangs_on_what_the_page_is_made_from(root: type) -> None:
    """By its types, all the way down: no result, no overview, no table before it is protected."""
    found: set[type] = set()
    waiting: list[typing.Any] = [root]
    while waiting:
        kind = waiting.pop()
        waiting += typing.get_args(kind)
        if not inspect.isclass(kind) or kind in found or issubclass(kind, Enum):
            continue
        found.add(kind)
        if dataclasses.is_dataclass(kind):
            assert kind.__dataclass_params__.frozen, kind  # type: ignore[attr-defined]
            waiting += typing.get_type_hints(kind).values()
    own = {kind.__module__ for kind in found if kind.__module__.startswith(_ROOMS)}
    assert own <= {*_ALLOWED, *_PAGE}
    assert ProtectedTable in found
    assert not {"LinkedTables", "Table", "Section", "CountResult", "Overview", "InputSummary"} & {
        kind.__name__ for kind in found
    }


def test_the_funnel_is_about_the_named_places_and_holds_none_that_has_no_name(tmp_path: Path) -> None:
    """120 spells name no provider, and half of them are counted: the share of the one that is named is all there is."""
    own = counted_rows(180)
    nameless = [
        row.replace("R0A", "") if n % 2 else row.replace("R0A", "").replace(",M545", ",M478", 2)
        for n, row in enumerate(own[60:])
    ]
    shown = board((write(tmp_path / "a.csv", [*own[:60], *nameless]),))
    section = next(section for section in shown.sections if section.id == "variation")
    assert section.table("variation").column("provider").values == ("R0A",)
    assert section.table("variation").column("in_funnel").values == ("within",)
    assert {*section.table("variation-limits").column("target").values} == {100.0}
    assert "Of 1 provider whose place in the funnel is shown, 0 lie outside the 99.8 % limits" in " ".join(section.says)


def test_no_sentence_counts_a_place_in_the_funnel_that_the_table_hides(tmp_path: Path) -> None:
    """One provider of 35 spells lies above the limits and one of ten below; neither share is shown."""
    rows = counted_rows(45)
    made = [row if n < 33 else row.replace(",M545", ",M478", 2) for n, row in enumerate(rows[:35])]
    made += [row.replace("R0A", "R0B").replace(",M545", ",M478", 2) for row in rows[35:]]
    activity = write(tmp_path / "a.csv", made)
    shown, open_ = (board((activity,), profile=profile) for profile in (HES_2018, NONE))
    hidden, told = (next(s for s in b.sections if s.id == "variation") for b in (shown, open_))
    assert not any("outside" in sentence for sentence in (*hidden.says, hidden.ask))
    assert "Of 2 providers whose place in the funnel is shown, 1 lies outside" in " ".join(told.says)
    assert told.ask.startswith("Some providers lie outside")
