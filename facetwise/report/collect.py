"""Everything that the commissioner's report rests on, from one pass over the activity.

The pass keeps what matters in an extract of its own; every question is asked of that.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from facetwise.audit.audit import audit_all, keys_told, refuse_two_keys
from facetwise.audit.request import DENERVATIONS_ALONE, AuditRequest
from facetwise.audit.results import AuditResult
from facetwise.count.extract import extract
from facetwise.count.undercoding import Undercoding, undercoding
from facetwise.errors import InputError
from facetwise.guidance.definitions.any_v48 import DEFINITION as WIDEST
from facetwise.library import DEFAULT, POLICIES
from facetwise.report.overview import Overview, overview
from facetwise.spells.reading.activity import Opened, open_activity
from facetwise.variation.results import Variation
from facetwise.variation.variation import ReferenceFiles, variation

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
    beside: ReferenceFiles | None = None,
    covers: tuple[date, date] | None = None,
    complete: frozenset[str] = DENERVATIONS_ALONE,
) -> Findings:
    """The default definition and its siblings, every policy, and places. Errors: InputError, UsageError, EngineError.

    beside: the files of organisations that the user gives. covers, complete: as AuditRequest has them.
    """
    opened = open_activity(inputs, layout)
    with _extract(opened, inputs, layout, threads, on_rows) as file:
        seen = overview((file,), threads=threads)
        question = AuditRequest(
            (file,),
            tuple(POLICIES.values()),
            WIDEST,
            covers=covers,
            complete=complete,
            successors=beside.successors if beside else None,
            threads=threads,
        )
        audits, why_no_audit = _audits(opened, question)
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
            files=opened.names,
        )


@contextmanager
def _extract(
    opened: Opened, inputs: tuple[str | Path, ...], layout: str, threads: int, on_rows: Callable[[int], None] | None
) -> Iterator[Path]:
    """An extract of the inputs, gone afterwards; an input that is one stands for itself."""
    if opened.extract is not None:
        yield Path(opened.extract.path)
        return
    with tempfile.TemporaryDirectory(prefix="facetwise-") as folder:
        kept = Path(folder) / "extract.parquet"
        extract(inputs, kept, layout, threads, on_rows=on_rows)
        yield kept


def _audits(opened: Opened, question: AuditRequest) -> tuple[tuple[AuditResult, ...], str]:
    """Every policy's audit of an extract, or why there is none. opened: the files themselves, which know their patient keys."""
    try:
        refuse_two_keys(opened)
        results = audit_all(question).results
    except InputError as error:
        if "cannot be linked" not in str(error):
            raise
        return (), str(error).replace(f"{question.inputs[0]} has", "The data has")
    return tuple(replace(result, notes=(*keys_told(opened), *result.notes)) for result in results), ""
