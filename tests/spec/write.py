"""Writes docs/spec.md: python -m tests.spec.write"""

from pathlib import Path

from tests.spec.reading import as_markdown

if __name__ == "__main__":
    Path("docs/spec.md").write_text(as_markdown(), encoding="utf-8")
