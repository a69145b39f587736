"""The command of the linked audit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer

from facetwise.audit.request import AuditRequest, kinds_of
from facetwise.audit.results import AuditResults
from facetwise.cli import output
from facetwise.cli.messages import note
from facetwise.cli.options import (
    THREADS,
    CompleteOption,
    ConfOption,
    CoversOption,
    DisclosureOption,
    DryRunOption,
    EngineOption,
    FormatOption,
    Inputs,
    LayoutOption,
    MasterOption,
    SuccessorsOption,
    ThreadsOption,
    covered_dates,
    words,
)
from facetwise.cli.output import Format
from facetwise.cli.rejects_file import ROW_LEVEL
from facetwise.cli.terminal.audit import render_audit, render_audits, render_protected_audits
from facetwise.count.engines import refuse_engine, session_for
from facetwise.disclosure.protect import NONE, Profile, profile_named
from facetwise.disclosure.protected_audit import protect_audits
from facetwise.errors import UsageError
from facetwise.language.policy import Policy
from facetwise.library import POLICIES, definition, policies_named
from facetwise.lookups.organisations import Successors
from facetwise.spells.reading.input_paths import refuse_overwriting

PoliciesOption = Annotated[
    list[str] | None,
    typer.Option("--policy", metavar="ID", help="A policy; may be repeated, and all names every one."),
]
OfOption = Annotated[
    str, typer.Option("--of", metavar="ID", help="The definition that says which spells are denervations.")
]
ReasonsOption = Annotated[
    Path | None, typer.Option("--reasons", metavar="FILE", help="Write one row per denervation: .csv or .parquet.")
]


def audit(
    inputs: Inputs,
    policies: PoliciesOption = None,
    of: OfOption = "any-v48",
    covers: CoversOption = None,
    complete: CompleteOption = "denervations",
    successors: SuccessorsOption = None,
    layout: LayoutOption = "auto",
    format_: FormatOption = None,
    reasons: ReasonsOption = None,
    engine: EngineOption = "duckdb",
    master: MasterOption = None,
    conf: ConfOption = None,
    disclosure: DisclosureOption = NONE.id,
    threads: ThreadsOption = THREADS,
    dry_run: DryRunOption = False,
) -> None:
    """Check each denervation in linked activity against a policy.

    Each is checked at its own date, by the policy's own criteria. What activity cannot show is unknown.
    """
    from facetwise.audit.audit import audit_all, planned_audit

    form = output.format_named(format_)
    refuse_overwriting(inputs, {"--reasons": reasons})
    profile = profile_named(disclosure)
    warning = "" if profile.is_open else ROW_LEVEL.format(profile.id)
    refuse_engine(engine, master, conf or ())
    question = AuditRequest(
        inputs=tuple(inputs),
        policies=_policies(policies or ()),
        of=definition(of),
        covers=covered_dates(covers),
        complete=kinds_of(words(complete)),
        successors=Successors.read(successors) if successors else None,
        layout=layout,
        threads=threads,
    )
    if dry_run:
        output.write_dry_run(form, planned_audit(question, engine))
        return
    with output.progress("Reading") as rows, session_for(engine, master, conf or (), threads, note) as session:
        question = replace(question, on_rows=rows)
        results = audit_all(question, reasons, warning, session)
    if reasons and warning:
        note(f"{reasons}: {warning}")
    write_audits(form, results, profile)


def _policies(named: Sequence[str]) -> tuple[Policy, ...]:
    if not named:
        raise UsageError(f"No policy is named. Add --policy ID; known are {', '.join(POLICIES)}, or all.")
    return tuple(POLICIES.values()) if "all" in named else policies_named(named)


def write_audits(form: Format, results: AuditResults, profile: Profile) -> None:
    """Write the answers to standard output, and what is to be known beside them to standard error."""
    if not profile.is_open:
        _write_protected(form, results, profile)
        return
    output.write_set_aside(results[0].input)
    _write_notes(form, results)
    if len(results) == 1:
        output.write_answer(form, lambda: render_audit(results[0]), results[0].to_json, results[0].to_arrow)
        return
    output.write_answer(form, lambda: render_audits(results), results.to_json, results.to_arrow)


def _write_protected(form: Format, results: AuditResults, profile: Profile) -> None:
    audits = protect_audits(results, profile)
    _write_notes(form, audits)
    documents = [one.to_json() for one in audits]
    output.write_answer(
        form,
        lambda: render_protected_audits(audits),
        lambda: documents[0] if len(documents) == 1 else documents,
        lambda: pa.concat_tables((one.criteria_rows(form is Format.CSV) for one in audits), promote_options="default"),
    )


def _write_notes(form: Format, answers: object) -> None:
    """A line an answer, for the formats that hold its criteria alone."""
    assert isinstance(answers, AuditResults | tuple)
    for one in answers if form in (Format.CSV, Format.PARQUET) else ():
        note(repr(one))
