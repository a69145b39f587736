"""The command of the linked audit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from facetwise.audit.request import AuditQuestion, kinds_of
from facetwise.cli import output
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
    cover_given,
    words,
)
from facetwise.cli.rejects_file import ROW_LEVEL
from facetwise.cli.terminal.dry_run import give_plan
from facetwise.count.engines import refuse_engine, session_for
from facetwise.disclosure.protect import NONE, profile_named
from facetwise.errors import UsageError
from facetwise.guidance.library import POLICIES, definition, policies_named
from facetwise.language.policy import Policy
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
    Path | None, typer.Option("--reasons", metavar="FILE", help="Write a row a denervation: .csv or .parquet.")
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
    """Judge each denervation in linked activity by a policy.

    At its own date, by the policy's own criteria; what activity cannot show is unknown.
    """
    from facetwise.audit.audit import audit_all
    from facetwise.audit.planned_audit import planned_audit
    from facetwise.cli.audit_given import give

    form = output.chosen(format_)
    refuse_overwriting(inputs, {"--reasons": reasons})
    profile = profile_named(disclosure)
    warning = "" if profile.is_open else ROW_LEVEL.format(profile.id)
    refuse_engine(engine, master, conf or ())
    question = AuditQuestion(
        inputs=tuple(inputs),
        policies=_policies(policies or ()),
        of=definition(of),
        covers=cover_given(covers),
        complete=kinds_of(words(complete)),
        successors=Successors.read(successors) if successors else None,
        layout=layout,
        threads=threads,
    )
    if dry_run:
        give_plan(form, planned_audit(question, engine))
        return
    with output.progress("Reading") as rows, session_for(engine, master, conf or (), threads, output.note) as session:
        question = replace(question, on_rows=rows)
        results = audit_all(question, reasons, warning, session)
    if reasons and warning:
        output.note(f"{reasons}: {warning}")
    give(form, results, profile)


def _policies(named: Sequence[str]) -> tuple[Policy, ...]:
    if not named:
        raise UsageError(f"No policy is named. Add --policy ID; known are {', '.join(POLICIES)}, or all.")
    return tuple(POLICIES.values()) if "all" in named else policies_named(named)
