"""What a count says, held against answers that no evaluator gave and against the plain evaluator."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

import facetwise
from facetwise.decide.evaluate_spell import judge
from facetwise.errors import UsageError
from facetwise.language.truth import Truth
from facetwise.library import DEFINITIONS
from facetwise.spells.reading.activity import Account, ReadOptions, open_activity
from facetwise.spells.reading.dispatch import read
from facetwise.spells.reading.raw_files import EXTRACT_KEY
from facetwise.spells.spell import Spell, spells_of
from tests.count.conftest import Made


def all_spells(activity: Path) -> list[Spell]:
    opened = open_activity([activity])
    pieces = read(opened, ReadOptions(None), Account(opened.names, opened.layout.id))
    return [spell for piece in pieces for spell in spells_of(piece.spells)]


@pytest.mark.parametrize("name", DEFINITIONS)
def test_every_planted_spell_comes_out_as_it_was_planned(made: Made, name: str) -> None:
    """All 30,000 spells: the outcome, and for ebi-2k the truth of every criterion, as the scenario was made."""
    result = facetwise.count(made.activity, name, reasons=True, all_spells=True)
    assert result.reasons is not None and result.reasons.num_rows == len(made.truth)
    for row in result.reasons.to_pylist():
        planned = made.truth[row["spell_id"]]
        assert row["outcome"] == planned[name], planned
        if name == "ebi-2k":
            for criterion in DEFINITIONS[name].criteria:
                assert planned[f"ebi-2k:{criterion.id}"] in (None, row[criterion.id]), planned
    assert result.counted == dict(made.summary.counted)[name]


@pytest.mark.parametrize("name", DEFINITIONS)
def test_flow_and_outcomes_are_those_of_the_plain_evaluator(made: Made, name: str) -> None:
    """Counted by hand over every spell, without sieve, SQL or patterns."""
    definition = DEFINITIONS[name]
    judged = [judge(definition, spell) for spell in all_spells(made.activity)]
    result = facetwise.count(made.activity, name)
    outcomes = Counter(each.outcome for each in judged)
    assert (result.counted, result.not_counted, result.unknown) == tuple(outcomes[truth] for truth in Truth)
    still_in = judged
    for place, step in enumerate(result.flow):
        seen = Counter(each.truths[place] for each in still_in)
        assert (step.met, step.not_met, step.unknown) == (seen[Truth.MET], seen[Truth.NOT_MET], seen[Truth.UNKNOWN])
        still_in = [each for each in still_in if each.truths[place] is Truth.MET]
        assert step.remaining == len(still_in)
    assert result.flow[-1].remaining == result.counted


def test_near_misses_are_the_candidates_that_were_not_counted(made: Made) -> None:
    definition = DEFINITIONS["ebi-2k"]
    family = ("V48", "A572", "A573")
    expected: Counter[tuple[tuple[str, ...], tuple[str, ...]]] = Counter()
    for spell in all_spells(made.activity):
        codes = [code for episode in spell.procedures or () for code in episode] + [spell.dominant_procedure or ""]
        truths = judge(definition, spell)
        if any(code.startswith(family) for code in codes) and truths.outcome is not Truth.MET:
            named = [
                tuple(c.id for c, t in zip(definition.criteria, truths.truths, strict=True) if t is wanted)
                for wanted in (Truth.NOT_MET, Truth.UNKNOWN)
            ]
            expected[named[0], named[1]] += 1
    result = facetwise.count(made.activity)
    assert {(miss.failed, miss.unknown): miss.spells for miss in result.near_misses} == expected
    assert [miss.spells for miss in result.near_misses] == sorted(
        (miss.spells for miss in result.near_misses), reverse=True
    )
    assert any(miss.unknown and not miss.failed for miss in result.near_misses)


@pytest.mark.parametrize("by", ["provider", "year", "provider,month", "commissioner,age-band"])
def test_every_group_in_the_data_is_there_and_the_groups_add_up(made: Made, by: str) -> None:
    """Groups without a counted spell, and the unknown group, among them."""
    result = facetwise.count(made.activity, by=by)
    assert sum(row["counted"] for row in result.by) == result.counted
    assert sum(row["unknown"] for row in result.by) == result.unknown
    names = by.split(",")
    groups = {tuple(row[name] for name in names) for row in result.by}
    assert len(groups) == len(result.by)
    expected = {tuple(label(spell, name) for name in names) for spell in all_spells(made.activity)}
    assert groups == expected
    assert any("unknown" in group for group in groups)


def label(spell: Spell, name: str) -> str:
    day = spell.admitted
    if name in ("provider", "commissioner"):
        return getattr(spell, name) or "unknown"
    if name == "age-band":
        age = spell.age_at_start if spell.age_at_start is not None else spell.age_at_activity
        if age is None or not 0 <= age <= 120:
            return "unknown"
        return "90+" if age >= 90 else f"{age // 5 * 5}-{age // 5 * 5 + 4}"
    if day is None:
        return "unknown"
    if name == "month":
        return f"{day.year}-{day.month:02d}"
    start = day.year if day.month >= 4 else day.year - 1
    return f"{start}/{(start + 1) % 100:02d}"


def test_the_json_is_the_contracts(made: Made) -> None:
    told = facetwise.count(made.activity, by="provider,year").to_json()
    assert list(told) == [
        "schema", "definition", "version", "engine", "input", "flow", "counted", "not_counted", "unknown",
        "near_misses", "by", "notes",
    ]  # fmt: skip
    assert (told["schema"], told["definition"], told["version"]) == ("facetwise.count/1", "ebi-2k", "2023-12")
    assert list(told["input"]) == ["files", "layout", "rows", "used", "spells", "set_aside"]
    assert list(told["flow"][0]) == ["criterion", "met", "not_met", "unknown", "remaining"]
    assert list(told["near_misses"][0]) == ["failed", "unknown", "spells"]
    assert list(told["by"][0]) == ["provider", "year", "counted", "unknown"]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_the_reasons_file_has_one_row_a_candidate(made: Made, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"reasons.{ending}"
    result = facetwise.count(made.activity, reasons=path)
    table = pa_csv.read_csv(path) if ending == "csv" else pq.read_table(path)
    ids = [criterion.id for criterion in DEFINITIONS["ebi-2k"].criteria]
    assert table.column_names == ["spell_id", *ids, "outcome", "label", "because"]
    assert table.num_rows == result.counted + sum(miss.spells for miss in result.near_misses)
    rows = table.to_pylist()
    assert {row["label"] or None for row in rows if row["outcome"] == "counted"} == {"2K_RFD_back"}
    assert {row["label"] or None for row in rows if row["outcome"] != "counted"} == {None}
    assert Counter(row["outcome"] for row in rows)["unknown"] == result.unknown


def test_the_words_say_what_was_recorded_and_why_it_fails(made: Made) -> None:
    result = facetwise.count(made.activity, reasons=True)
    assert result.reasons is not None
    by_scenario: dict[str, dict[str, Any]] = {
        made.truth[r["spell_id"]]["scenario"]: r for r in result.reasons.to_pylist()
    }
    assert by_scenario["misses-diagnosis-m47"]["because"].startswith("diagnosis: the primary diagnosis is M47")
    assert "site: no site code" in by_scenario["misses-site"]["because"]
    assert by_scenario["satisfies"]["because"] == "every criterion is met"
    assert by_scenario["category-missing"]["because"] == "not-private: the administrative category is missing"


def test_several_definitions_in_one_pass_equal_each_by_itself(made: Made) -> None:
    together = facetwise.count(made.activity, list(DEFINITIONS), by="year")
    assert [result.to_json() for result in together] == [
        facetwise.count(made.activity, name, by="year").to_json() for name in DEFINITIONS
    ]


def test_an_extract_answers_as_the_whole(made: Made, tmp_path: Path) -> None:
    """Counts, groups, near misses, differences and reasons; and what an extract cannot answer is refused."""
    out = tmp_path / "extract.parquet"
    made_extract = facetwise.extract(made.activity, out)
    assert 0 < made_extract.kept < 30_000
    for by in ("", "provider,month", "year", "commissioner,age-band"):
        for whole, part in zip(
            facetwise.count(made.activity, list(DEFINITIONS), by=by, reasons=True),
            facetwise.count(out, list(DEFINITIONS), by=by, reasons=True),
            strict=True,
        ):
            told_whole, told_part = whole.to_json(), part.to_json()
            assert told_part["input"].pop("files") == [str(out)] and told_whole["input"].pop("files")
            assert told_part == told_whole
            assert whole.reasons is not None and whole.reasons.equals(part.reasons)
    for other in list(DEFINITIONS)[1:]:
        assert (
            facetwise.diff(out, "ebi-2k", other).disagreements
            == facetwise.diff(made.activity, "ebi-2k", other).disagreements
        )
    with pytest.raises(UsageError, match="is an extract and holds only"):
        facetwise.count(out, all_spells=True)


def test_an_extract_believes_only_verdicts_of_the_definition_as_it_is_today(made: Made, tmp_path: Path) -> None:
    """Planted wrong verdicts are believed under their true mark, and judged anew under another."""
    out, false, stale = (tmp_path / f"{name}.parquet" for name in ("extract", "false", "stale"))
    facetwise.extract(made.activity, out)
    rows, metadata = pq.read_table(out), dict(pq.ParquetFile(out).metadata.metadata)
    never = pa.array([False] * rows.num_rows)
    site = rows.column_names.index("ebi-2k:site")
    wrong = rows.set_column(site, "ebi-2k:site", never).set_column(rows.column_names.index("ebi-2k="), "ebi-2k=", never)
    for path, told in ((false, metadata), (stale, {**metadata, EXTRACT_KEY: _marked_anew(metadata[EXTRACT_KEY])})):
        border = json.loads(told[EXTRACT_KEY])["first_from"]
        with pq.ParquetWriter(path, wrong.schema.remove_metadata()) as writer:
            writer.write_table(wrong.slice(0, border))
            writer.write_table(wrong.slice(border))
            writer.add_key_value_metadata(
                {key.decode(): value.decode() for key, value in told.items() if b"facetwise" in key}
            )
    truth = facetwise.count(made.activity, ["ebi-2k", "any-v48"], by="year", reasons=True)
    for path, found in ((out, truth[0].counted), (false, 0), (stale, truth[0].counted)):
        answer = facetwise.count(path, ["ebi-2k", "any-v48"], by="year", reasons=True)
        assert [result.counted for result in answer] == [found, truth[1].counted], path.name
    assert answer[0].reasons is not None and answer[0].reasons.equals(truth[0].reasons)


def _marked_anew(contents: bytes) -> bytes:
    told = json.loads(contents)
    assert set(told["verdicts"]) == set(DEFINITIONS)
    return json.dumps({**told, "verdicts": {**told["verdicts"], "ebi-2k": "0" * 16}}).encode()


def test_csv_and_parquet_give_the_same_answer(made: Made, tmp_path: Path) -> None:
    path = tmp_path / "activity.csv"
    pa_csv.write_csv(pq.read_table(made.activity), path)
    whole, text = (facetwise.count(source, by="year").to_json() for source in (made.activity, path))
    assert whole["input"].pop("files") and text["input"].pop("files")
    assert text == whole


def test_results_hand_over_arrow_polars_and_pandas_and_print(made: Made) -> None:
    result = facetwise.count(made.activity, by="year")
    assert result.to_arrow().column_names == ["year", "counted", "unknown"]
    assert result.to_polars().height == result.to_pandas().shape[0] == len(result.by)
    assert f"{result.counted:,} counted" in repr(result) and "<table>" in result._repr_html_()
    assert facetwise.count(made.activity).to_arrow().column_names[0] == "criterion"
