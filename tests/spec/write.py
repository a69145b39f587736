"""Writes docs/reference/spec.md and docs/reference/spec-patients.md: python -m tests.spec.write"""

from pathlib import Path

from tests.spec import patients_written
from tests.spec.reading import as_markdown

if __name__ == "__main__":
    Path("docs/reference/spec.md").write_text(as_markdown(), encoding="utf-8")
    Path("docs/reference/spec-patients.md").write_text(patients_written.as_markdown(), encoding="utf-8")
