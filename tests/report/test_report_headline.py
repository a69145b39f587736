"""The first page of the report in words: they read well beside hidden numbers, and say no more than the numbers do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.report.test_report import Written
from tests.report.test_report_audit import COVER, reported
from tests.spells.activity_files import counted_rows, write

EVERY_OTHER = "For every other the records say enough to tell that it is not."
RULE = "ounts of 1 to 7 are hidden, others are rounded to the nearest 5, and totals are rounded sums."
CAUTION = '1915/16 to 2018/19 (<a href="#policy-notes">a date may be mistyped</a>)'


def _page(folder: Path, counted: int, others: int, *options: str) -> Written:
    """A page on spells that are counted and others that are not, for the diagnosis."""
    rows = counted_rows(counted + others)
    rows[counted:] = [row.replace(",M545", ",M478", 2) for row in rows[counted:]]
    return reported(write(folder / "a.csv", rows), *options)


@pytest.mark.parametrize(
    ("counted", "others", "options", "is_said"),
    [
        (20, 0, (), False),
        (20, 2, (), False),
        (20, 20, (), True),
        (6, 14, (), True),
        (3, 0, (), False),
        (20, 0, ("--disclosure", "none"), False),
        (20, 2, ("--disclosure", "none"), True),
        (20, 0, ("--national",), False),
    ],
)
def test_nothing_is_said_of_every_other_where_as_many_are_counted_as_there_are(
    tmp_path: Path, counted: int, others: int, options: tuple[str, ...], is_said: bool
) -> None:
    """By the numbers shown: a sentence on the true ones would tell a hidden one. 20 of 22 are shown as 20 of 20."""
    assert (EVERY_OTHER in _page(tmp_path, counted, others, *options).text) == is_said


def test_a_hidden_number_of_spells_reads_as_words(tmp_path: Path) -> None:
    """All four spells are counted, and neither number is shown."""
    page = _page(tmp_path, 4, 0)
    assert (
        "Of the spells in hospital in this data, 2018/19, a hidden number (*) are counted as a lumbar facet joint denervation "
        "by the national rule; how many spells there are is hidden, too (*). Counted"
    ) in page.text
    assert "The three add up to the spells." in page.text
    assert "A hidden number of spells (*) hold a denervation code" in page.text
    assert "* spells" not in page.text.split("What to ask")[0]
    none = _page(tmp_path, 0, 4)
    assert "of the spells in this data, none meets every criterion" in none.text


@pytest.mark.parametrize(
    ("options", "said"), [((), "Before rounding, the"), (("--national",), "The"), (("--disclosure", "none"), "The")]
)
def test_rounding_is_spoken_of_where_something_is_rounded(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    """Neither where nothing is protected nor of the nation's own numbers."""
    page = _page(tmp_path, 21, 12, *options)
    spells = "35" if not options else "33"
    assert f"{said} three add up to the {spells} spells." in page.text
    assert ("Before rounding" in page.text) == (not options)


def test_the_banner_of_a_nation_says_that_its_parts_alone_are_rounded(tmp_path: Path) -> None:
    """Beside the numbers as they are, the bare rule would be untrue; the methods say the same."""
    nation, part = (_page(tmp_path, 21, 12, *options).text for options in (("--national",), ()))
    banner, methods = nation.split("In short")[0], nation.split("Methods, and what cannot be known from this data")[1]
    assert (
        "The nation's own numbers stand as they are, except where one would give away a small number of a part."
        in banner
    )
    for told in (banner, methods):
        assert f"Of the nation's parts (providers and the like), c{RULE}" in told
    assert f"C{RULE}" not in nation
    assert part.count(f"C{RULE}") == 2
    assert "The nation's" not in part


def test_years_drawn_out_by_a_mistyped_date_carry_a_caution_that_leads_to_the_note(tmp_path: Path) -> None:
    """Where the audit doubts the dates, and not where they are given or in order."""
    rows = counted_rows(20)
    rows[0] = rows[0].replace("2018-05-01", "1915-05-01").replace("V485", "W401")
    activity = write(tmp_path / "a.csv", rows)
    page = reported(activity)
    first = page.html.split("<h3>What to ask")[0]
    assert f"in this data, {CAUTION}, <strong>" in first
    assert f"<dt>Financial years</dt><dd>{CAUTION}</dd>" in page.html
    (note,) = page.html.split('id="policy-notes"')[1:]
    assert "If a date is mistyped, days of which there is no data count as covered" in note.split("</div>")[0]
    for other in (reported(activity, "--covers", COVER), reported(write(tmp_path / "b.csv", counted_rows(20)))):
        assert "a date may be mistyped" not in other.text
