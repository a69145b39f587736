"""The tables of patients as documentation."""

from __future__ import annotations

from tests.spec.patient_tables import PATIENT_SPECS

HEADING = """# Facts of a patient, row by row

For a reviewer who needs the exact meaning. Each row says what is changed in the example patient (`facetwise/guidance/example_patient.py`, on
2026-11-20), written as `decide --what-if` takes it, and what the criterion then is. The tests run every row.
`python -m tests.spec.write` writes this page from `tests/spec/patient_tables.py`.
"""


def as_markdown() -> str:
    """docs/reference/spec-patients.md."""
    parts = [HEADING]
    for spec in PATIENT_SPECS:
        parts.append(f"\n## `{spec.policy}`: `{spec.criterion}`\n\n{spec.says[0].upper()}{spec.says[1:]}.\n")
        lines = [f"| {_changes(changes)} | {truth} |" for changes, truth in spec.rows]
        parts.append("\n".join(["| what is changed | truth |", "| --- | --- |", *lines]))
        parts.append("")
    return "\n".join(parts)


def _changes(changes: tuple[str, ...]) -> str:
    return "<br>".join(f"`{change}`" for change in changes) or "nothing"
