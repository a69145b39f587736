"""The tables of patients as documentation."""

from __future__ import annotations

from tests.spec.patient_tables import PATIENT_SPECS

HEADING = """# What the facts of a patient mean

Generated from the tables in `tests/spec/patient_tables.py` by `python -m tests.spec.write`; every row is judged by the plain
evaluator and by SQL in the tests. A row says how the example patient (`facetwise/guidance/example_patient.py`, as of 2026-11-20)
is put otherwise, as `decide --what-if` takes it.
"""


def as_markdown() -> str:
    """docs/reference/spec-patients.md."""
    parts = [HEADING]
    for spec in PATIENT_SPECS:
        parts.append(f"\n## `{spec.policy}`: `{spec.criterion}`\n\n{spec.says[0].upper()}{spec.says[1:]}.\n")
        lines = [f"| {_changes(changes)} | {truth} |" for changes, truth in spec.rows]
        parts.append("\n".join(["| put otherwise | truth |", "| --- | --- |", *lines]))
        parts.append("")
    return "\n".join(parts)


def _changes(changes: tuple[str, ...]) -> str:
    return "<br>".join(f"`{change}`" for change in changes) or "nothing"
