"""What is asked in an audit: of which denervations, by which policies, over which dates; and how activity is read for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from facetwise.compile.plan import can_be_sieved, columns_needed
from facetwise.decide.calendar import day_of
from facetwise.errors import UsageError, nearest
from facetwise.guidance.codelists import KEPT_BY_EXTRACT
from facetwise.language.definition import Definition
from facetwise.language.policy import Policy
from facetwise.lookups.organisations import Successors
from facetwise.spells.normalise.batches import Reject
from facetwise.spells.reading.activity import ReadOptions

_ASKED = (
    "spell_id",
    "patient_id",
    "provider",
    "admitted",
    "discharged",
    "age_at_start",
    "age_at_activity",
    "dominant_procedure",
    "procedures",
)
KINDS = ("denervations", "blocks")
DENERVATIONS_ALONE = frozenset({"denervations"})
"""What admitted care is taken to hold whole: denervations are day cases, and many blocks are done in outpatients."""


@dataclass(frozen=True)
class AuditRequest:
    """What is asked: policies of the denervations in which files.

    of: which spells are denervations. covers: the first and last day that the files hold whole (None: first to last
    admission). complete: the kinds of events of which they hold all within those days. successors: providers count under
    those that took over from them by the last covered day.
    """

    inputs: tuple[str | Path, ...]
    policies: tuple[Policy, ...]
    of: Definition
    covers: tuple[date, date] | None = None
    complete: frozenset[str] = DENERVATIONS_ALONE
    successors: Successors | None = None
    layout: str = "auto"
    threads: int = 2
    on_reject: Callable[[Reject], None] | None = None
    on_rows: Callable[[int], None] | None = None


def reading_for(question: AuditRequest) -> ReadOptions:
    """How activity is read for an audit: the spells with a code that matters, and what is asked of them."""
    return ReadOptions(
        KEPT_BY_EXTRACT if can_be_sieved(question.of, KEPT_BY_EXTRACT) else None,
        columns=frozenset({*_ASKED, *columns_needed([question.of])}),
        threads=question.threads,
        on_reject=question.on_reject,
        on_rows=question.on_rows,
        span=True,
    )


def cover_of(first: date | str, last: date | str) -> tuple[date, date]:
    """Two days as the cover of data. Errors: UsageError for what is no date, or reversed."""
    begins, ends = day_of(first), day_of(last)
    if ends < begins:
        raise UsageError(
            f"The covered dates end on {ends}, before they begin on {begins}. Give the earlier date first."
        )
    return begins, ends


def kinds_of(given: Sequence[str]) -> frozenset[str]:
    """The kinds of events that data hold whole. Errors: UsageError for an unknown one."""
    for kind in given:
        if kind not in KINDS:
            raise UsageError(f"'{kind}' is no kind of event that data can hold whole." + nearest(kind, KINDS))
    return frozenset(given)
