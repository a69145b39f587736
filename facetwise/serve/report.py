"""The commissioner's report: one self-contained page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path


def write_report(
    inputs: tuple[str | Path, ...],
    out: Path,
    layout: str = "auto",
    threads: int = 2,
    on_rows: Callable[[int], None] | None = None,
) -> None:
    """Write the report on some activity. Errors: InputError, UsageError, EngineError."""
    raise NotImplementedError
