"""Every row of the tables of patients."""

from __future__ import annotations

from pathlib import Path

import pytest

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


def test_the_printed_tables_are_these() -> None:
    """Run python -m tests.spec.write after a change."""
    assert Path("docs/reference/spec-patients.md").read_text(encoding="utf-8") == as_markdown()
