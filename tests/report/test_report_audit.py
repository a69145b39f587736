"""What the report tells of linked activity is what the audit tells: its cover, its doubts about the data, its shares."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from facetwise.disclosure.protected_tables import ProtectedColumn, ProtectedTable
from facetwise.disclosure.tables import Role
from facetwise.library import POLICIES
from facetwise.report.html import _environment as environment
from tests.audit.planted import planted, written
from tests.audit.test_audit import run
from tests.audit.test_audit_refused import EPISODE, HES, row
from tests.report.test_report import Written
from tests.spells.activity_files import counted_rows, write

COVER = "2015-04-01:2024-03-31"


def reported(activity: Path, *options: str) -> Written:
    """The page that the command writes on some activity."""
    out = activity.with_suffix(".html")
    code, _, err = run("report", activity, "--out", out, *options)
    assert code == 0, err
    return Written(activity, out.read_text(encoding="utf-8"))


def audited(activity: Path, *options: str) -> dict[str, int]:
    """How the command tells of the interval of hny-2025."""
    _, out, _ = run("audit", activity, "--policy", "hny-2025", "--format", "json", *options)
    criteria = json.loads(out)["criteria"]
    found: dict[str, int] = next(c for c in criteria if c["criterion"] == "repeat-interval")
    return found


def interval_of(page: Written) -> list[str]:
    return next(cells for cells in page.table("policy-criteria") if cells[0] == "hny-2025" and "months" in cells[1])


IN_DOUBT = 14


@pytest.fixture(scope="module")
def mistyped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Planted histories, and one spell of something else dated 1915."""
    made = planted(300, seed=3)
    assert made.found["no admission date"] == IN_DOUBT
    made.rows.append(row(9999, "1915-05-01", "zz").replace("V485", "W401"))
    return written(tmp_path_factory.mktemp("mistyped") / "a.csv", made)


def test_the_page_says_that_a_mistyped_date_draws_out_the_cover_and_takes_the_true_one(mistyped: Path) -> None:
    """Drawn out to 1915, nothing is unknown but for spells in doubt; by the dates given more is, for want of an earlier record."""
    drawn_out = reported(mistyped, "--disclosure", "none")
    assert "The data cover 1915-05-01 to " in drawn_out.text
    assert (
        "The first admission of the data is of 1915-05-01, but all but a few denervations lie between" in drawn_out.text
    )
    assert "as not done: make the report again with the true dates (--covers)." in drawn_out.text
    assert "give --covers" not in drawn_out.text
    told = audited(mistyped)
    assert told["unknown"] == IN_DOUBT
    assert interval_of(drawn_out)[-4:] == [str(told[n]) for n in ("met", "not_met", "unknown", "not_applicable")]

    true = reported(mistyped, "--disclosure", "none", "--covers", COVER)
    assert "The data cover 2015-04-01 to 2024-03-31." in true.text
    assert "(--covers)" not in true.text
    told = audited(mistyped, "--covers", COVER)
    assert told["unknown"] > IN_DOUBT
    assert interval_of(true)[-4:] == [str(told[n]) for n in ("met", "not_met", "unknown", "not_applicable")]


def test_what_the_files_hold_whole_can_be_said_to_the_report_as_to_the_audit(mistyped: Path) -> None:
    page = reported(mistyped, "--disclosure", "none", "--complete", "blocks,denervations")
    assert "The data hold all blocks and denervations within the covered dates." in page.text
    for option, value in (("--covers", "2019"), ("--complete", "block")):
        code, _, err = run("report", mistyped, "--out", mistyped.with_suffix(".html"), option, value)
        assert code != 0
        assert f"'{value}'" in err


def test_every_doubt_of_the_audit_about_the_data_is_on_the_page_and_protected(tmp_path: Path) -> None:
    """Three patients at two providers at once: a number that is hidden in a note as in a table."""
    twice = [row(2 * n + k, patient=f"p{n}", provider=("R0A", "RJ1")[k]) for n in range(3) for k in (0, 1)]
    rest = [row(100 + n, f"201{6 + n % 3}-03-1{n % 9}", patient=f"q{n}") for n in range(40)]
    activity = write(tmp_path / "a.csv", [*twice, *rest])
    _, told, _ = run("audit", activity, "--policy", "hny-2025", "--format", "json")
    notes = json.loads(told)["notes"]
    (places,) = (note for note in notes if "two providers at once" in note)
    assert "fusions here: 3." in places
    open_, closed = (reported(activity, "--disclosure", profile).text for profile in ("none", "hes-2018"))
    for note in notes[:-1]:  # the last is the policy's own
        assert note in open_
    assert places.replace("here: 3.", "here: *.") in closed


def test_the_page_names_the_patient_key_that_was_taken_and_refuses_two(tmp_path: Path) -> None:
    """Though the report reads an extract, which holds one key and does not say which."""
    both = HES.format(key="PSEUDO_HESID,TOKEN_PERSON_ID")
    page = reported(write(tmp_path / "1.csv", [EPISODE.format(key=1, person="x,y")], both))
    assert "(PSEUDO_HESID, TOKEN_PERSON_ID): spells are linked by TOKEN_PERSON_ID" in page.text

    folder = tmp_path / "two"
    folder.mkdir()
    write(folder / "1.csv", [EPISODE.format(key=1, person="x")], HES.format(key="PSEUDO_HESID"))
    write(folder / "2.csv", [EPISODE.format(key=2, person="y")], HES.format(key="TOKEN_PERSON_ID"))
    page = reported(folder)
    assert "The files key their patients in different columns: PSEUDO_HESID, TOKEN_PERSON_ID." in page.text


def test_on_paper_every_row_of_a_policy_stands_and_what_is_cut_says_so(mistyped: Path) -> None:
    """All sixteen policies unfolded; of folded rows paper leaves out those by place and of very long tables alone."""
    page = reported(mistyped, "--disclosure", "none")
    rows = page.table("policy-outcomes")
    assert [cells[0] for cells in rows] == list(POLICIES)
    assert any(cells[3] != "0" for cells in rows), "one of them is met"
    (styles,) = re.findall(r"<style>(.*?)</style>", page.html, re.S)
    on_paper = styles[styles.index("@media print") :]
    assert ".more:not(.cut) > summary { display: none; }" in on_paper
    assert set(re.findall(r"(\S+) > \.wide { display: none; }", on_paper)) == {".cut"}


def test_a_table_by_place_is_cut_on_paper_and_a_short_one_of_anything_else_is_not() -> None:
    """The rows that the page folds away: twenty providers, twenty codes, seventy codes."""
    shown = environment().from_string('{% from "tables.html" import table_of %}{{ table_of(table) }}')

    def folded(name: str, rows: int) -> str:
        column = ProtectedColumn(name, name, Role.GROUP, tuple(f"X{n}" for n in range(rows)))
        html = shown.render(table=ProtectedTable("t", "Title", (column,), True, "none"))
        (kind,) = re.findall(r'<details class="(.*?)">', html)
        return str(kind)

    assert (folded("provider", 20), folded("recorded", 20), folded("recorded", 70)) == ("more cut", "more", "more cut")


def test_the_first_page_says_what_to_ask_of_whom_with_protected_numbers(mistyped: Path, tmp_path: Path) -> None:
    """Where nothing is unknown and nothing would be repaired, nothing is asked of coders."""
    asked = reported(mistyped).html.split("<h3>What to ask</h3>")[1].split("</ul>")[0]
    assert "conservative care have to be asked of the clinics" in asked
    one = counted_rows(60)
    one[0] = one[0].replace(",11,01,", ",,01,")
    page = reported(write(tmp_path / "b.csv", one))
    assert "is not recorded: *. Which field is it" in page.text
    page = reported(write(tmp_path / "c.csv", counted_rows(60)))
    assert "Which field is it" not in page.text
    assert "after one change in coding" not in page.text
