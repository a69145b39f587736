"""Records that cannot be read are refused with the path and the fault; never a traceback, never a patient's value."""

from __future__ import annotations

import json
from typing import Any

import pytest

from facetwise.errors import InputError
from facetwise.guidance.example_patient import example_patient
from facetwise.record.parse import LARGEST, parsed, record_of
from facetwise.record.schema import json_schema


def refusal(document: object) -> str:
    with pytest.raises(InputError) as refused:
        record_of(document, "p1")
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"{", "p1 is not JSON: Expecting property name enclosed in double quotes (line 1, column 2)."),
        (b"", "p1 is not JSON: Expecting value (line 1, column 1)."),
        (b'{"a": NaN}', "p1 is not JSON: NaN is no number in JSON."),
        (b'{"born": "1970-01-01", "born": "1971-01-01"}', "'born' stands twice in one object."),
        (b"[" * 200_000, "p1 is nested too deeply to be a record."),
        (b"\xff\xfe{\x00}\x00", "p1 is not UTF-8 text."),
        (b'{"a": ' + b"9" * 5000 + b"}", "p1 holds a number too long to read."),
        (b" " * (LARGEST + 1), "p1 is over 64 MB, too large for one document."),
    ],
    ids=["cut", "empty", "NaN", "twice", "deep", "UTF-16", "digits", "large"],
)
def test_text_that_is_no_json_is_refused(text: bytes, told: str) -> None:
    with pytest.raises(InputError) as refused:
        parsed(text, "p1")
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ([], "p1 holds no record: a record is a JSON object, in braces."),
        ({"pian": {}}, "p1: pian is not a field of a record. Did you mean 'pain'?"),
        ({"scores": [{"valeu": 3}]}, "p1: scores[0].valeu is not a field of a record. Did you mean 'value'?"),
        ({"scores": [{"scale": "VSA"}]}, "p1: scores[0].scale is none of the known values. Did you mean 'VAS'?"),
        ({"scores": [{"scale": "BPI9"}]}, "Known: NDI, NRS, ODI, VAS, VAS100."),
        ({"scores": [{"scale": "NRS", "value": 11}]}, "p1: scores[0] has a value over 10, the highest of its scale."),
        ({"scores": [{"scale": "VAS100", "value": 101}]}, "scores[0] has a value over 100"),
        ({"scores": [{"value": -1}]}, "p1: scores[0].value is under 0, the lowest it can be."),
        ({"scores": [{"value": "6"}]}, "p1: scores[0].value is no number. Write it without quotation marks."),
        ({"scores": [{"value": True}]}, "p1: scores[0].value is no number."),
        ({"scores": {}}, "p1: scores is no list. Write it in square brackets."),
        ({"born": "1970-02-30"}, "p1: born is a date that does not exist."),
        ({"born": "01/05/1970"}, "p1: born is no date. Write it as 2026-11-20."),
        ({"born": 1970}, "p1: born is no date."),
        ({"care": [{"from": "2026-05-01", "to": "2026-02-01"}]}, "p1: care[0] ends before it begins."),
        ({"request": {"levels": ["L4-5"]}}, "p1: request.levels[0] is none of the known values. Did you mean 'L4/5'?"),
        ({"request": {"sides": "left"}}, "p1: request.sides is no list."),
        ({"conditions": {"pacemaker": "no"}}, "p1: conditions.pacemaker is neither true nor false."),
        ({"conditions": {"hads_depression": 22}}, "p1: conditions.hads_depression is over 21, the highest it can be."),
        ({"blocks": [{"after": [{"minutes": 30}]}]}, "p1: blocks[0].after[0].score is missing."),
        ({"complete": ["scans"]}, "p1: complete[0] is none of the known values."),
        ({"schema": "facetwise.record/2"}, "p1: schema is none of the known values."),
        ({"pain": []}, "p1: pain is no object. Write it in braces."),
        ({"id": "\ud800x"}, "p1: id holds a control character or half a character."),
        ({"id": "a\x00b"}, "p1: id holds a control character"),
    ],
)
def test_a_malformed_record_is_refused_with_its_path(document: object, told: str) -> None:
    assert told in refusal(document)


def test_a_refusal_names_five_faults_and_counts_the_rest_and_shows_no_value() -> None:
    told = refusal({"scores": [{"value": "SECRET"}] * 8})
    assert told.count("scores[") == 5 and told.endswith("; and 3 more.") and "SECRET" not in told


def test_every_part_may_be_absent_or_null() -> None:
    assert record_of({}, "p1") == record_of({"born": None, "pain": {"axial": None}}, "p1")


def fields(schema: dict[str, Any]) -> dict[str, Any]:
    held: dict[str, Any] = schema["properties"]
    return held


def test_the_published_schema_is_that_of_the_record() -> None:
    """Draft 2020-12: strict, with the names of the contract, and the example in it."""
    schema = json_schema()
    assert schema["additionalProperties"] is False
    assert set(fields(schema)) == {
        "schema", "id", "born", "sex", "request", "pain", "assessment", "scores", "care", "blocks", "denervations",
        "conditions", "complete", "clinic",
    }  # fmt: skip
    assert set(example_patient()) <= set(fields(schema))
    assert "from" in fields(schema["$defs"]["Care"]) and "from_" not in fields(schema["$defs"]["Care"])
    json.dumps(schema)
