"""`facetwise decide` from outside: formats, many records, what-if, FHIR, pages, exit codes."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest

import facetwise
from facetwise.errors import InputError, UsageError
from facetwise.guidance.example_patient import example_patient
from facetwise.library import POLICIES
from tests.command import run as run_command
from tests.shared import shared

NG59 = ("--policy", "nice-ng59")


def run(*arguments: str, given: str = "", code: int = 0) -> tuple[str, str]:
    done = run_command(*arguments, given=given)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout, done.stderr


@pytest.fixture
def patient(tmp_path: Path) -> Path:
    path = tmp_path / "patient.json"
    path.write_text(json.dumps(example_patient()), encoding="utf-8")
    return path


def test_one_record_and_one_policy_print_one_object_and_else_a_list(patient: Path) -> None:
    one = json.loads(run("decide", str(patient), *NG59)[0])
    assert one["schema"] == "facetwise.decision/1" and one["record"] == "example"
    assert one["outcome"] == "meets" and one["as_of"] == "2026-11-20" and one["version"] == "2020-12-11"
    every = json.loads(run("decide", str(patient))[0])
    assert [told["policy"] for told in every] == list(POLICIES)
    assert len(json.loads(run("decide", str(patient), str(patient), *NG59)[0])) == 2


def test_a_record_comes_from_standard_input_gzip_or_a_list(tmp_path: Path) -> None:
    text = json.dumps(example_patient())
    assert json.loads(run("decide", "-", *NG59, given=text)[0])["outcome"] == "meets"
    zipped = tmp_path / "patient.json.gz"
    zipped.write_bytes(gzip.compress(text.encode()))
    assert json.loads(run("decide", str(zipped), *NG59)[0])["outcome"] == "meets"
    assert len(json.loads(run("decide", "-", *NG59, given=f"[{text},{text}]")[0])) == 2


def test_a_bad_record_of_many_is_set_aside_and_named_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "many.ndjson"
    good = json.dumps(example_patient())
    path.write_text(f'{good}\n{{"born": 3}}\n\nnot json\n{good}\n', encoding="utf-8")
    out, err = run("decide", str(path), *NG59)
    assert len(json.loads(out)) == 2
    assert "many.ndjson, line 2: born is no date" in err and "line 4 is not JSON" in err
    assert "2 of 4 records set aside." in err
    path.write_text('{"born": 3}\n', encoding="utf-8")
    assert "None of the records could be read" in run("decide", str(path), *NG59, code=3)[1]


def test_a_record_without_an_id_is_called_by_its_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "many.ndjson"
    path.write_text("{}\n{}\n", encoding="utf-8")
    assert [told["record"] for told in json.loads(run("decide", str(path), *NG59)[0])] == [
        f"{path}, line 1",
        f"{path}, line 2",
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("nowhere.json",), 3, "There is no file nowhere.json"),
        (("-", "--policy", "nice-ng95"), 2, "Did you mean 'nice-ng59'?"),
        (("-", "--policy", "ebi-2k"), 2, "is a counting definition"),
        (("-", "--as-of", "20/11/2026"), 2, "is no date"),
        (("-", "--format", "jsn"), 2, "Did you mean 'json'?"),
        (("-", "--what-if", "pacemaker"), 2, "Write it as FACT=VALUE"),
        (("-", "--what-if", "pacemakr=true"), 2, "Did you mean 'pacemaker'?"),
        (("-", "--what-if", "blocks[3].date=2026-01-01"), 2, "leads nowhere"),
        (("-", "--what-if", "pacemaker=perhaps"), 3, "conditions.pacemaker is neither true nor false"),
        (("-", "--out", "page.pdf"), 2, "does not end in .html"),
        (("-", "--what-if", "pain.since.x=5"), 3, "pain.since is no date"),
        (("-", "--what-if", "blocks.date=2020-01-01"), 3, "blocks is no list"),
        (("-", "--what-if", "age=150", "--as-of", "0100-01-01"), 2, "cannot be put otherwise so"),
        (("-", "--out", "nowhere/page.html"), 3, "there is no folder nowhere"),
    ],
)
def test_wrong_use_exits_2_and_bad_input_3(arguments: tuple[str, ...], code: int, told: str) -> None:
    assert told in run("decide", *arguments, given="{}", code=code)[1]


def test_what_if_answers_again_and_shows_what_changed(patient: Path) -> None:
    told = json.loads(run("decide", str(patient), *NG59, "--what-if", "pain_score=4", "--what-if", "age=15")[0])
    assert told["outcome"] == "does-not-meet"
    assert told["what_if"] == {
        "changes": ["pain_score=4", "age=15"],
        "before": {"outcome": "meets", "next_step": "offer-denervation", "earliest": None},
        "changed": [
            {"criterion": "adult", "before": "met", "after": "not-met"},
            {"criterion": "pain-score", "before": "met", "after": "not-met"},
        ],
    }
    text, _ = run("decide", str(patient), "--what-if", "pacemaker=true", "--format", "table")
    assert "Hold: A pacemaker" in text and "offer-denervation ->" in text and "resolve-hold" in text


def test_csv_has_a_row_a_criterion(patient: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run("decide", str(patient), "--format", "csv")[0])))
    assert len(rows) == sum(len(policy.criteria) for policy in POLICIES.values())
    assert rows[0]["record"] == "example" and rows[0]["truth"] == "met"


def test_every_pain_score_of_the_fhir_bundles_is_read_and_no_outcome_is_meets() -> None:
    for path in sorted(shared("data", "fhir", "synthea_chronic_pain").iterdir()):
        bundle = json.loads(gzip.decompress(path.read_bytes()))
        scores = [
            entry["resource"]
            for entry in bundle["entry"]
            if entry["resource"]["resourceType"] == "Observation"
            and any(coding["code"] == "72514-3" for coding in entry["resource"]["code"]["coding"])
        ]
        told: list[dict[str, Any]] = json.loads(run("decide", str(path))[0])
        assert len(told) == len(POLICIES) and "meets" not in {one["outcome"] for one in told}
        assert {one["fhir"]["found"]["scores"] for one in told} == {len(scores)}
        assert all(one["missing"] for one in told)
        used = {
            item["from"] for one in told for finding in one["findings"] for item in finding["because"]
            if item["fact"] == "pain_score"
        }  # fmt: skip
        latest = max(scores, key=lambda score: score["effectiveDateTime"])
        assert used == {f"Observation/{latest['id']}.valueQuantity"}


def test_the_bulk_folder_holds_thirteen_patients_and_says_that_no_score_is_there() -> None:
    told = json.loads(run("decide", str(shared("data", "fhir", "synthea_bulk")), *NG59)[0])
    assert len(told) == 13 and "meets" not in {one["outcome"] for one in told}
    assert all(any("No pain score" in note for note in one["fhir"]["notes"]) for one in told)


def test_the_decision_goes_out_as_fhir(patient: Path) -> None:
    told = json.loads(run("decide", str(patient), *NG59, "--format", "fhir")[0])
    assert told["resourceType"] == "Bundle" and told["type"] == "collection"
    every = json.loads(run("decide", str(patient), "--format", "fhir")[0])
    assert every["type"] == "collection"
    guidance = [e for e in every["entry"] if e["resource"]["resourceType"] == "GuidanceResponse"]
    assert len(guidance) == len(POLICIES)
    assert len({entry["fullUrl"] for entry in every["entry"]}) == len(every["entry"])


def test_the_page_is_one_file_that_asks_nothing_of_the_network(patient: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    run("decide", str(patient), *NG59, "--what-if", "pacemaker=true", "--out", str(page))
    text = page.read_text(encoding="utf-8")
    assert "NICE NG59" in text and "A pacemaker: ask the device clinic" in text
    assert "example, if pacemaker=true" in text  # a supposition is called one
    for outside in ("<script", "<link", "src=", "@import", "url("):
        assert outside not in text


def test_the_python_function_answers_as_the_command(patient: Path) -> None:
    told = json.loads(run("decide", str(patient), *NG59)[0])
    assert facetwise.decide(patient, policy="nice-ng59").to_json() == told
    assert facetwise.decide(example_patient(), policy="nice-ng59", as_of="2026-11-20").to_json() == told
    assert [one.policy.id for one in facetwise.decide(example_patient())] == list(POLICIES)
    with pytest.raises(UsageError, match="nice-ng59"):
        facetwise.decide({}, policy="nice-ng95")
    with pytest.raises(InputError, match="pian"):
        facetwise.decide({"pian": {}})
