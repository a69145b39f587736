"""The commands about places, from outside: England's own files beside synthetic activity, and refusals in words."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

import facetwise
from facetwise.spells.synthetic.synth import write_synthetic
from tests.command import refused, run
from tests.shared import shared
from tests.spells.activity_files import counted_rows, write


@pytest.fixture(scope="module")
def activity(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("variation") / "activity.parquet"
    write_synthetic(20_000, 7, path, None)
    return path


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """Nine counted spells of R0A in 2018/19; their commissioner is 02P, of South Yorkshire."""
    return write(tmp_path / "few.csv", [row.replace("Q01", "02P") for row in counted_rows(9)])


def geography(name: str) -> Path:
    return shared("data", "population_geography", name)


def test_places_are_told_in_every_format(activity: Path) -> None:
    told = json.loads(run("variation", activity, "--format", "json").stdout)
    rows = pa_csv.read_csv(io.BytesIO(run("variation", activity, "--format", "csv").stdout.encode())).to_pylist()
    assert [row["place"] for row in rows] == [place["place"] for place in told["places"]]
    assert [row["share"] for row in rows] == [place["share"]["value"] for place in told["places"]]
    assert "Share of any-v48" in run("variation", activity, "--format", "table").stdout
    beside = run("variation", activity, "--format", "csv").stderr
    assert "A figure is a lower bound where spells are unknown" in beside


def test_rates_rest_on_englands_populations_boards_and_their_years(few: Path) -> None:
    """Sub-board 02P belongs to QF7; its people of mid-2020 stand for 2018/19, and that is said."""
    done = run(
        *("variation", few, "--by", "commissioner", "--format", "json", "--covers", "2018-04:2019-03"),
        *("--boards", geography("sicbl22_to_icb22_lookup.csv")),
        *("--populations", geography("icb22_population_mid2020_persons_single_year.csv"), "--population-year", "2020"),
    )
    told = json.loads(done.stdout)
    (place,) = told["places"]
    assert (place["place"], place["counted"], told["span_years"]) == ("QF7", 9, 1.0)
    assert place["crude"]["value"] == pytest.approx(9 / place["person_years"] * 100_000)
    assert place["dsr"]["value"] is None  # under ten events
    assert place["ratio"]["value"] == pytest.approx(1)
    notes = " ".join(told["notes"])
    assert "0 of 9 spells have one that it lacks" in notes
    assert "boards are those of 2022/23: they may not have stood then" in notes
    assert "The people of 2020 (icb22_population_mid2020_persons_single_year.csv) stand for those of" in notes
    assert "41 areas of icb22_population_mid2020_persons_single_year.csv have no spell of any kind" in notes


def test_a_lookup_for_the_wrong_year_is_refused_in_words(activity: Path) -> None:
    lookup = geography("sicbl24_to_icb24_lookup.csv")
    message = refused(3, "variation", activity, "--by", "commissioner", "--boards", lookup)
    assert message.startswith("InputError: sicbl24_to_icb24_lookup.csv is a lookup for 2024/25, and ")
    assert "a lookup for the wrong year" in message


def test_people_of_the_wrong_year_are_refused_in_words(few: Path) -> None:
    people = geography("sicbl22_population_mid2020_persons_single_year.csv")
    message = refused(3, "variation", few, "--by", "commissioner", "--populations", people, "--population-year", "2030")
    assert "up to 12 years off, where 5 is the most. Populations for the wrong year" in message


def test_trusts_stand_as_on_the_day_that_is_asked(few: Path) -> None:
    """RW3 (Central Manchester) became R0A on 2017-10-01: England's register of successors."""
    few.write_text(few.read_text(encoding="utf-8").replace("R0A", "RW3"), encoding="utf-8")
    register = geography("trust_successors.csv")
    for day, place in (("2017-09-30", "RW3"), ("2018-04-01", "R0A")):
        done = run("variation", few, "--successors", register, "--at", day, "--format", "json")
        assert [one["place"] for one in json.loads(done.stdout)["places"]] == [place]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--by", "region"), "Places cannot be by 'region'. Give provider or commissioner."),
        (("--at", "2020"), "--at '2020' is no date. Write it as 2024-04-01."),
        (("--covers", "2018"), "'2018' is not a month. Write it as 2018-04."),
        (("--covers", "2019-03:2018-04"), "--covers 2019-03:2018-04 ends before it begins. Write the first month before the last."),
        (("--population-year", "2020"), "--population-year is the year of a file, and that file is not given. Give both."),
        (("--boards-year", "2020"), "--boards-year is the year of a file, and that file is not given. Give both."),
        (("--definition", "ebi-2"), "There is no definition 'ebi-2'. Did you mean 'ebi-2k'?"),
    ],
)  # fmt: skip
def test_wrong_use_is_one_message(few: Path, options: tuple[str, ...], told: str) -> None:
    assert refused(2, "variation", few, *options) == f"UsageError: {told}\n"


def test_a_file_beside_that_is_not_there_is_a_fault_of_the_input(few: Path, tmp_path: Path) -> None:
    message = refused(3, "variation", few, "--successors", tmp_path / "none.csv")
    assert message == f"InputError: There is no file {tmp_path / 'none.csv'}. Check the path.\n"


def test_questions_for_the_coder_are_told_in_every_format(activity: Path, tmp_path: Path) -> None:
    told = json.loads(run("undercoding", activity, "--format", "json").stdout)
    assert told["schema"] == "facetwise.undercoding/1"
    rows = pa_csv.read_csv(io.BytesIO(run("undercoding", activity, "--format", "csv").stdout.encode())).to_pylist()
    assert [row["spells"] for row in rows] == [row["spells"] for row in told["rows"]]
    shown = run("undercoding", activity, "--format", "table").stdout
    assert "A change is a question for the coder" in shown and "What is recorded instead" in shown
    kept = tmp_path / "kept.parquet"
    facetwise.extract(activity, kept)
    assert json.loads(run("undercoding", kept, "--format", "json").stdout)["rows"] == told["rows"]
    assert pq.read_metadata(kept).num_rows > 0


def test_a_run_chart_names_its_rule_set_and_marks_what_its_rules_pick_out(activity: Path) -> None:
    """The same months by every set; the set is printed, since tools disagree on the lengths."""
    told = {
        name: json.loads(run("runchart", activity, "--rules", name, "--format", "json").stdout)
        for name in ("nhs-7-7", "abspc-8-6", "6-6")
    }
    lengths = {name: (chart["rules"]["shift"], chart["rules"]["trend"]) for name, chart in told.items()}
    assert lengths == {"nhs-7-7": (7, 7), "abspc-8-6": (8, 6), "6-6": (6, 6)}
    counted = facetwise.count(activity, by="month").by
    values = [row["counted"] for row in counted if row["month"] != "unknown"]
    for chart in told.values():
        assert [point["value"] for point in chart["points"]] == values
        assert chart["mean"] == pytest.approx(sum(values) / len(values))
    assert "6-6: the shorter choice" in run("runchart", activity, "--rules", "6-6", "--format", "table").stdout


def test_a_providers_chart_has_every_month_of_the_data_and_adds_up_to_its_count(activity: Path) -> None:
    by = facetwise.count(activity, by="provider").by
    most = max((row for row in by if row["provider"] != "unknown"), key=lambda row: row["counted"])
    chart = json.loads(run("runchart", activity, "--provider", most["provider"], "--format", "json").stdout)
    assert sum(point["value"] for point in chart["points"]) + chart["undated"] == most["counted"]
    assert len(chart["points"]) == 36


def test_a_run_chart_refuses_what_it_cannot_draw(activity: Path, few: Path) -> None:
    assert "There is no rule set '7-6' for run charts" in refused(2, "runchart", activity, "--rules", "7-6")
    assert "The data has no provider 'ZZZ'" in refused(3, "runchart", activity, "--provider", "ZZZ")
    assert "cannot be of 'met' spells" in refused(2, "runchart", activity, "--what", "met")
    assert "fewer than two months with a date" in refused(3, "runchart", few)


def test_a_month_without_a_row_is_asked_for_and_is_nought_where_the_data_are_said_to_hold_it(tmp_path: Path) -> None:
    rows = [row.replace("2018-05-01", f"2018-{4 + 2 * n:02d}-01") for n, row in enumerate(counted_rows(3))]
    gaps = write(tmp_path / "gaps.csv", rows)
    assert "There is no spell of any kind in 2018-05 and 2018-07" in refused(3, "runchart", gaps)
    told = json.loads(run("runchart", gaps, "--covers", "2018-04:2018-09", "--format", "json").stdout)
    assert [point["value"] for point in told["points"]] == [1, 0, 1, 0, 1, 0]


def test_where_most_months_are_alike_no_limits_are_drawn_and_no_month_is_picked_out(tmp_path: Path) -> None:
    row = counted_rows(1)[0].replace("2018-05-01", "2018-06-01")
    told = json.loads(
        run("runchart", write(tmp_path / "one.csv", [row]), "--covers", "2016-04:2019-03", "--format", "json").stdout
    )
    assert {tuple(point["signals"]) for point in told["points"]} == {()}
    assert any("no spread to draw limits by" in warning for warning in told["warnings"])
