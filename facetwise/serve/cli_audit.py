"""The command of the linked audit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from facetwise.errors import UsageError
from facetwise.guidance.library import POLICIES, definition, policy
from facetwise.serve import output
from facetwise.serve.cli_options import THREADS, FormatOption, Inputs, LayoutOption, ThreadsOption, words
from facetwise.spells.files import refuse_overwriting


def audit(
    inputs: Inputs,
    policies: Annotated[
        list[str] | None,
        typer.Option("--policy", metavar="ID", help="A policy; may be repeated, and all names every one."),
    ] = None,
    of: Annotated[
        str, typer.Option("--of", metavar="ID", help="The definition that says which spells are denervations.")
    ] = "any-v48",
    covers: Annotated[
        str | None,
        typer.Option(
            "--covers", metavar="FROM:TO", help="The dates that the files hold whole. Default: first to last admission."
        ),
    ] = None,
    complete: Annotated[
        str,
        typer.Option("--complete", metavar="KINDS", help="What they hold all of then: denervations, blocks, or ''."),
    ] = "denervations",
    layout: LayoutOption = "auto",
    format_: FormatOption = None,
    reasons: Annotated[
        Path | None, typer.Option("--reasons", metavar="FILE", help="Write a row a denervation: .csv or .parquet.")
    ] = None,
    threads: ThreadsOption = THREADS,
) -> None:
    """Judge each denervation in linked activity by a policy.

    At its own date, by the policy's own criteria; what activity cannot show is unknown.
    """
    from facetwise.measure.audit import AuditQuestion, audit_all, cover_of, kinds_of
    from facetwise.serve.shown_audit import audit_shown, audits_shown

    form = output.chosen(format_)
    refuse_overwriting(inputs, {"--reasons": reasons})
    if not policies:
        raise UsageError(f"No policy is named. Add --policy ID; known are {', '.join(POLICIES)}, or all.")
    named = list(POLICIES) if "all" in policies else list(dict.fromkeys(policies))
    with output.progress("Reading") as rows:
        question = AuditQuestion(
            inputs=tuple(inputs),
            policies=tuple(policy(name) for name in named),
            of=definition(of),
            covers=None if covers is None else cover_of(*_covers(covers)),
            complete=kinds_of(words(complete)),
            layout=layout,
            threads=threads,
            on_rows=rows,
        )
        results = audit_all(question, reasons).results
    output.set_aside(results[0].input)
    for result in results if form in (output.Format.CSV, output.Format.PARQUET) else ():
        output.note(repr(result))
    if len(results) == 1:
        output.give(form, lambda: audit_shown(results[0]), results[0].to_json, results[0].to_arrow)
        return
    output.give(form, lambda: audits_shown(results), results.to_json, results.to_arrow)


def _covers(given: str) -> tuple[str, str]:
    first, colon, last = given.partition(":")
    if not colon:
        raise UsageError(f"--covers is '{given}'. Give two dates, as 2015-04-01:2024-03-31.")
    return first, last
