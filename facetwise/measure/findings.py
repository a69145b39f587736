"""Everything that the commissioner's report rests on, from one pass over the activity.

The pass keeps what matters in an extract of its own; every question is asked of that.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from facetwise.errors import InputError
from facetwise.guidance.any_v48 import DEFINITION as WIDEST
from facetwise.guidance.library import DEFAULT, POLICIES
from facetwise.measure.audit import audit_all
from facetwise.measure.audit_question import AuditQuestion
from facetwise.measure.audit_result import AuditResult
from facetwise.measure.extract import extract
from facetwise.measure.overview import Overview, overview
from facetwise.measure.undercoded import Undercoding, undercoding
from facetwise.measure.variation import Beside, variation
from facetwise.measure.variation_result import Variation
from facetwise.spells.activity import open_activity

NO_PROVIDER = "The data has no provider, so places cannot be compared."


@dataclass(frozen=True)
class Findings:
    """What was found. audits, variation: none where the data cannot be linked or has no provider; why says so."""

    overview: Overview
    undercoding: Undercoding
    audits: tuple[AuditResult, ...]
    why_no_audit: str
    variation: Variation | None
    why_no_variation: str
    files: tuple[str, ...]


def findings(
    inputs: tuple[str | Path, ...],
    layout: str = "auto",
    threads: int = 2,
    on_rows: Callable[[int], None] | None = None,
    beside: Beside | None = None,
) -> Findings:
    """The default definition and its siblings, every policy, and places. Errors: InputError, UsageError, EngineError.

    beside: the files of organisations that the user gives.
    """
    with _extract(inputs, layout, threads, on_rows) as (file, names):
        seen = overview((file,), threads=threads)
        audits, why_no_audit = _audits(file, threads, beside)
        places, why_no_variation = None, NO_PROVIDER
        if "provider" in seen.main.dimensions:
            places, why_no_variation = variation((file,), DEFAULT, "provider", beside, threads=threads), ""
        return Findings(
            overview=seen,
            undercoding=undercoding((file,), DEFAULT, threads=threads),
            audits=audits,
            why_no_audit=why_no_audit,
            variation=places,
            why_no_variation=why_no_variation,
            files=names,
        )


@contextmanager
def _extract(
    inputs: tuple[str | Path, ...], layout: str, threads: int, on_rows: Callable[[int], None] | None
) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """An extract of the inputs, gone afterwards, and the names of the inputs; an input that is one stands for itself."""
    opened = open_activity(inputs, layout)
    if opened.extract is not None:
        yield Path(opened.extract.path), opened.names
        return
    with tempfile.TemporaryDirectory(prefix="facetwise-") as folder:
        kept = Path(folder) / "extract.parquet"
        extract(inputs, kept, layout, threads, on_rows=on_rows)
        yield kept, opened.names


def _audits(file: Path, threads: int, beside: Beside | None) -> tuple[tuple[AuditResult, ...], str]:
    try:
        successors = beside.successors if beside else None
        question = AuditQuestion((file,), tuple(POLICIES.values()), WIDEST, successors=successors, threads=threads)
        return audit_all(question).results, ""
    except InputError as error:
        if "cannot be linked" not in str(error):
            raise
        return (), str(error).replace(f"{file} has", "The data has")
