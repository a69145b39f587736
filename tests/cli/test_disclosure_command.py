"""`count --disclosure`: no true small number leaves by any format, and files with a row a spell say what they are."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from facetwise.count.count import count_all
from facetwise.count.query import CountQuery
from facetwise.disclosure.protect import HES_2018
from facetwise.disclosure.protected_count import protect_counts
from facetwise.library import DEFAULT, DEFINITIONS
from facetwise.spells.dimensions import dimensions_named
from facetwise.spells.synthetic.synth import write_synthetic
from tests.spells.activity_files import HEAD, counted_rows, write
from tests.spells.test_bad_input import refused, run


@pytest.fixture
def ten(tmp_path: Path) -> Path:
    """Ten planted spells: six counted, one unknown, three missed, with two rows that cannot be read."""
    rows = counted_rows(10)
    rows[0] = rows[0].replace("V485,Z675", "V485")
    rows[1] = rows[1].replace(",M545", ",M478", 2)
    rows[2] = rows[2].replace(",50,50,", ",12,12,")
    rows[3] = rows[3].replace(",11,01,", ",,01,")
    return write(tmp_path / "ten.csv", [*rows, "11,ragged", "12,ragged"])


def _numbers(told: Any) -> list[Any]:
    """Every number or star of a JSON answer."""
    if isinstance(told, dict):
        return [found for value in told.values() for found in _numbers(value)]
    if isinstance(told, list):
        return [found for value in told for found in _numbers(value)]
    return [told] if isinstance(told, int) or told == "*" else []


def test_ten_planted_spells_show_no_number_but_ten_and_nought(ten: Path) -> None:
    """Six counted, one unknown, three missed and two rows set aside are all from 1 to 7."""
    raw = json.loads(run("count", ten, "--by", "provider,year").stdout)
    assert (raw["counted"], raw["not_counted"], raw["unknown"]) == (6, 3, 1)
    assert "disclosure" not in raw
    done = run("count", ten, "--by", "provider,year", "--disclosure", "hes-2018")
    told = json.loads(done.stdout)
    assert told["disclosure"] == "hes-2018"
    assert set(_numbers(told)) == {0, 10, "*"}
    assert (told["counted"], told["not_counted"], told["unknown"]) == ("*", "*", "*")
    assert told["input"]["set_aside"][0]["rows"] == "*"
    assert told["by"] == [{"provider": "R0A", "year": "2018/19", "counted": "*", "unknown": "*"}]
    assert list(told) == [*list(raw)[:4], "disclosure", *list(raw)[4:]]
    assert done.stderr == "* of 10 rows were set aside and are in no count: the wrong number of fields (*).\n"


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_no_format_tells_more_than_the_others(ten: Path, form: str) -> None:
    """On standard error neither."""
    done = run("count", ten, "--disclosure", "hes-2018", "--format", form)
    said = (done.stdout + done.stderr).replace(str(ten), "")
    said = re.sub(r"2K_RFD_back|ebi-2k|2023-12|hes-2018|nearest\s+5|1 to 7|facetwise.count/1", "", said)
    assert "*" in said
    assert not set(re.findall(r"\d+", said)) - {"0", "10"}, said


def test_parquet_holds_null_and_says_that_it_is_hidden(ten: Path) -> None:
    """Null alone would be taken for missing."""
    told = protect_counts(count_all(CountQuery((ten,), (DEFAULT,))), HES_2018)[0].flow.to_arrow()
    assert told["met"].to_pylist()[0] == 10
    assert told["unknown"].to_pylist()[4] is None
    assert told["unknown_hidden"].to_pylist()[4] is True


def test_several_definitions_and_groups_are_protected_together(tmp_path: Path) -> None:
    """Every count of every definition is 0, *, or a multiple of 5; the groups are all there."""
    write_synthetic(20_000, 2, tmp_path / "a.csv")
    by = dimensions_named(("provider", "year"))
    results = count_all(CountQuery((tmp_path / "a.csv",), tuple(DEFINITIONS.values()), dimensions=by))
    for raw, told in zip(results, protect_counts(results, HES_2018), strict=True):
        answer = told.to_json()
        assert not [n for n in _numbers(answer) if n != "*" and n % 5]
        assert len(answer["by"]) == len(raw.by)
        assert [(step["criterion"], step["met"]) for step in answer["flow"]] == [
            (step.criterion, step.met if step.met == 0 else "*" if step.met < 8 else 5 * round(step.met / 5))
            for step in raw.flow
        ]


def test_the_whole_nation_stands_and_its_providers_do_not(tmp_path: Path) -> None:
    """By year alone the nation's numbers stand as well."""
    write_synthetic(20_000, 2, tmp_path / "a.csv")
    raw = json.loads(run("count", tmp_path / "a.csv", "--by", "year").stdout)
    told = json.loads(run("count", tmp_path / "a.csv", "--by", "year", "--disclosure", "hes-2018", "--national").stdout)
    assert told.pop("national") is True
    assert told.pop("disclosure") == "hes-2018"
    assert told == raw
    by = json.loads(
        run("count", tmp_path / "a.csv", "--by", "provider", "--disclosure", "hes-2018", "--national").stdout
    )
    assert by["counted"] == raw["counted"] == 110
    assert {row["counted"] for row in by["by"]} - {"*"} <= set(range(0, 200, 5))


def test_notes_that_count_spells_are_protected(tmp_path: Path) -> None:
    """'The ages of 2 spells with a denervation code' is a count like any other."""
    head = HEAD.replace("Der_Age_at_CDS_Activity_Date,", "")
    rows = [row.replace(",50,50,", ",50,") for row in counted_rows(4)]
    rows[1:3] = [row.replace(",50,", ",,") for row in rows[1:3]]
    done = run("count", write(tmp_path / "a.csv", rows, head), "--disclosure", "hes-2018")
    assert "the ages of * spells with a denervation code" in json.loads(done.stdout)["notes"][0]


@pytest.mark.parametrize("name", ["reasons.csv", "reasons.parquet"])
def test_files_with_a_row_a_spell_carry_a_warning(ten: Path, name: str) -> None:
    """They are what they were, row for row, and say so wherever they go."""
    path = ten.parent / name
    run("count", ten, "--reasons", path)
    beside = ten.parent / f"{name}.warning.txt"
    assert not beside.exists()
    plain = path.read_bytes()
    done = run("count", ten, "--reasons", path, "--disclosure", "hes-2018", "--format", "json")
    said = "This file has a row for each spell or record, so it shows single patients. hes-2018 protects counts"
    assert f"{path}: {said}" in done.stderr
    if name.endswith(".csv"):
        assert path.read_bytes() == plain
        assert beside.read_text(encoding="utf-8").startswith(said)
        assert len(list(csv.reader(io.StringIO(path.read_text())))) == 11
    else:
        assert pq.read_table(path).equals(pq.read_table(pa.BufferReader(plain)))
        assert pq.read_schema(path).metadata[b"warning"].decode().startswith(said)


def test_an_unknown_profile_and_a_nation_without_one_are_refused(ten: Path) -> None:
    """Before the pass over the data."""
    assert "There is no disclosure profile 'hes'. Did you mean 'hes-2018'?" in refused(
        2, "count", ten, "--disclosure", "hes"
    )
    assert "Add --disclosure." in refused(2, "count", ten, "--national")
