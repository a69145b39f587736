"""What the report tells of linked activity is what the audit tells: its cover, its doubts about the data, its shares."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.audit.planted import planted, written
from tests.audit.test_audit import run
from tests.audit.test_audit_refused import EPISODE, HES, row
from tests.serve.test_report import Written
from tests.spells.activity_files import write

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


@pytest.fixture(scope="module")
def mistyped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Planted histories, and one spell of something else dated 1915."""
    made = planted(300, seed=3)
    made.rows.append(row(9999, "1915-05-01", "zz").replace("V485", "W401"))
    return written(tmp_path_factory.mktemp("mistyped") / "a.csv", made)


def test_the_page_says_that_a_mistyped_date_draws_out_the_cover_and_takes_the_true_one(mistyped: Path) -> None:
    """Drawn out to 1915, nothing is unknown for want of an earlier record; by the dates given it is."""
    drawn_out = reported(mistyped, "--disclosure", "none")
    assert "Covered are 1915-05-01 to " in drawn_out.text
    assert "reach more than three years beyond the denervations" in drawn_out.text
    told = audited(mistyped)
    assert told["unknown"] == 0
    assert interval_of(drawn_out)[-4:] == [str(told[n]) for n in ("met", "not_met", "unknown", "not_applicable")]

    true = reported(mistyped, "--disclosure", "none", "--covers", COVER)
    assert "Covered are 2015-04-01 to 2024-03-31." in true.text
    assert "give --covers" not in true.text
    told = audited(mistyped, "--covers", COVER)
    assert told["unknown"] > 0
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
