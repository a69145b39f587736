"""Every row of the tables of patients, by every evaluator."""

from __future__ import annotations

from pathlib import Path

import pytest

from facetwise.compile.patients.batch import judge_records
from facetwise.decide.decision import decide
from facetwise.guidance.example_patient import AS_OF, example_patient
from facetwise.library import POLICIES
from facetwise.record.parse import record_of
from facetwise.record.what_if import what_if
from tests.spec.patient_tables import PATIENT_SPECS, PatientSpec
from tests.spec.patients_written import as_markdown

ROWS = [
    pytest.param(spec, changes, truth, id=f"{spec.policy} {spec.criterion} {number}")
    for spec in PATIENT_SPECS
    for number, (changes, truth) in enumerate(spec.rows, 1)
]


@pytest.mark.parametrize(("spec", "changes", "truth"), ROWS)
def test_a_row_is_judged_as_its_table_says(spec: PatientSpec, changes: tuple[str, ...], truth: str) -> None:
    record = record_of(what_if(example_patient(), changes, AS_OF), "the row")
    decision = decide(record, POLICIES[spec.policy], AS_OF)
    said = {finding.criterion.id: finding.says for finding in decision.findings}
    assert said[spec.criterion] == truth


def test_sql_judges_every_row_as_its_table_says() -> None:
    """All rows of all tables in one call: the second evaluator."""
    records = [
        (str(number), record_of(what_if(example_patient(), changes, AS_OF), "the row"), AS_OF)
        for number, (changes, _) in enumerate(row for spec in PATIENT_SPECS for row in spec.rows)
    ]
    judged = judge_records(records, list(POLICIES.values())).to_pylist()
    expected = [(spec, changes, truth) for spec in PATIENT_SPECS for changes, truth in spec.rows]
    for told, (spec, changes, truth) in zip(judged, expected, strict=True):
        assert told[f"{spec.policy}:{spec.criterion}"] == truth, (spec.policy, spec.criterion, changes)


def test_the_printed_tables_are_these() -> None:
    """Run python -m tests.spec.write after a change."""
    assert Path("docs/reference/spec-patients.md").read_text(encoding="utf-8") == as_markdown()
