"""The time line: what is drawn is what the record holds, and the table beside it holds all of it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest

from facetwise.clinic.demo.clinic import CASES, made_up_clinic
from facetwise.clinic.model.history import history
from facetwise.decide.decision import decide
from facetwise.decide.evidence import plain
from facetwise.library import POLICIES
from facetwise.record.parse import record_of
from facetwise.web.charts.timeline import timeline

TODAY = date(2026, 11, 20)
CLINIC = {document["id"]: document for document in made_up_clinic(TODAY, 4)}
SVG = "{http://www.w3.org/2000/svg}"


def of(document: dict[str, Any]) -> str:
    return str(timeline(record_of(document, "somebody"), TODAY).svg)


@pytest.mark.parametrize("patient", [story.id for story in CASES])
def test_every_drawing_is_well_formed_named_described_and_without_style_or_script(patient: str) -> None:
    """The pages' policy on content forbids inline style; a reader without eyes gets a title and a description."""
    drawn = of(CLINIC[patient])
    root = ElementTree.fromstring(f"<both>{drawn}</both>")
    for svg in root:
        title, desc = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
        assert title is not None and desc is not None and svg.get("role") == "img"
        assert svg.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
        width, height = (float(size) for size in str(svg.get("viewBox")).split()[2:])
        for text in svg.iter(f"{SVG}text"):
            assert 0 <= float(str(text.get("x"))) <= width and 0 <= float(str(text.get("y"))) <= height
    assert not re.search(r"\bstyle=|<script|<style|href=|\bon\w+=", drawn)
    ids = re.findall(r' id="([^"]+)"', drawn)
    assert len(ids) == len(set(ids))


def test_what_has_no_day_is_in_the_table_and_not_drawn_and_an_empty_record_draws_nothing() -> None:
    """Unknown is said in words; a drawing never gives it a place."""
    nothing = timeline(record_of({}, "nobody"), TODAY)
    assert nothing.svg == "" and nothing.rows == ()
    undated = {
        "scores": [{"scale": "NRS", "value": 6}],
        "care": [{"kind": "exercise"}],
        "blocks": [{}],
        "denervations": [{"relief": [{"percent": 60}]}],
    }
    told = timeline(record_of(undated, "somebody"), TODAY)
    assert told.svg == ""
    assert [(row.day, row.says) for row in told.rows] == [
        (None, "NRS 6 of 10"),
        (None, "Exercise: outcome not recorded"),
        (None, "Block of a kind not recorded, level not recorded, side not recorded; not judged yet"),
        (None, "Radiofrequency denervation, level not recorded, side not recorded; technique not recorded"),
        (None, "Relief: 60 % of the pain"),
    ]


def test_what_is_dated_later_is_told_as_such_and_not_drawn() -> None:
    document = {
        "scores": [{"date": "2026-11-21", "scale": "NRS", "value": 6}],
        "blocks": [{"date": "2026-12-01", "stated_relief_percent": 80}],
    }
    told = timeline(record_of(document, "somebody"), TODAY)
    assert [row.later for row in told.rows] == [True, True] and told.svg == ""


def test_every_dated_thing_of_the_record_is_one_row_in_the_order_of_its_days() -> None:
    for document in CLINIC.values():
        record = record_of(document, "somebody")
        rows = history(record, TODAY)
        relief = sum(len(done.relief or ()) for done in record.denervations)
        parts = (record.scores, record.care, record.blocks, record.denervations)
        assert len(rows) == sum(map(len, parts)) + relief + (record.pain.since is not None)
        days = [row.day or date.max for row in rows]
        assert days == sorted(days)


def test_the_relief_of_a_block_is_the_one_that_the_decision_rests_on() -> None:
    """Two sums of one block would part some day; the time line asks decide for it."""
    for document in CLINIC.values():
        record = record_of(document, "somebody")
        decision = decide(record, POLICIES["medicare-lcd"], TODAY)
        shown = {row.place: row for row in history(record, TODAY) if row.what == "block"}
        for finding in decision.findings:
            for item in finding.because:
                if item.fact == "block_relief" and item.value is not None:
                    assert f"{plain(item.value)} % relief" in shown[item.place.split(".")[0]].says


def test_scores_on_other_scales_are_in_the_table_and_never_among_scores_out_of_ten() -> None:
    document = {"scores": [{"date": "2026-10-01", "scale": "ODI", "value": 34}, {"date": "2026-10-02", "scale": "VAS100", "value": 55}]}  # fmt: skip
    rows = history(record_of(document, "somebody"), TODAY)
    assert [(row.says, None if row.value is None else float(row.value)) for row in rows] == [("ODI 34 of 100", None), ("VAS100 55 of 100", 5.5)]  # fmt: skip


def test_names_in_a_record_cannot_become_markup() -> None:
    document = {**CLINIC["noel-ready"]}
    document["blocks"] = [{**document["blocks"][0], "agent": "<script>alert(1)</script>"}]
    assert "<script" not in of(document)


def test_five_hundred_scores_and_forty_blocks_are_still_drawn_once_each() -> None:
    days = [date.fromordinal(TODAY.toordinal() - number).isoformat() for number in range(500)]
    many = {
        "scores": [{"date": day, "scale": "NRS", "value": 5, "context": "usual"} for day in days],
        "blocks": [{"date": day, "kind": "medial-branch-block"} for day in days[:40]],
    }
    root = ElementTree.fromstring(f"<both>{of(many)}</both>")
    assert [len(list(svg.iter(f"{SVG}polygon"))) for svg in root] == [40, 40]
    assert [len(list(svg.iter(f"{SVG}circle"))) for svg in root] == [500, 500]
