"""The command of the commissioner's report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from facetwise.audit.request import kinds_of
from facetwise.cli import output
from facetwise.cli.messages import note
from facetwise.cli.options import (
    THREADS,
    CompleteOption,
    CoversOption,
    DisclosureOption,
    DryRunOption,
    Inputs,
    LayoutOption,
    NationalOption,
    PlanFormatOption,
    SuccessorsOption,
    ThreadsOption,
    covered_dates,
    refuse_national_alone,
    words,
)
from facetwise.count.dry_run import planned_report
from facetwise.disclosure.protect import HES_2018, profile_named
from facetwise.spells.reading.input_paths import refuse_overwriting


def report(
    inputs: Inputs,
    out: Annotated[Path, typer.Option("--out", metavar="FILE.html", help="The page to write.")],
    layout: LayoutOption = "auto",
    disclosure: DisclosureOption = HES_2018.id,
    national: NationalOption = False,
    tables: Annotated[
        Path | None,
        typer.Option("--tables", metavar="DIR", help="Write its tables as CSV and Parquet, its pictures as SVG."),
    ] = None,
    covers: CoversOption = None,
    complete: CompleteOption = "denervations",
    successors: SuccessorsOption = None,
    format_: PlanFormatOption = None,
    threads: ThreadsOption = THREADS,
    dry_run: DryRunOption = False,
) -> None:
    """Write the commissioner's report as one HTML page.

    Small numbers are protected in its tables, pictures and files alike.
    """
    from facetwise.lookups.organisations import Successors
    from facetwise.report.html import write_report
    from facetwise.variation.variation import ReferenceFiles

    profile = profile_named(disclosure)
    refuse_national_alone(national, profile)
    days, kinds = covered_dates(covers), kinds_of(words(complete))
    if dry_run:
        output.write_dry_run(output.format_named(format_), planned_report(inputs, layout))
        return
    refuse_overwriting(inputs, {"--out": out})
    beside = ReferenceFiles(successors=Successors.read(successors)) if successors else None
    with output.progress("Reading") as rows:
        shown = write_report(tuple(inputs), out, layout, threads, rows, profile, national, tables, beside, days, kinds)
    note(f"Report: {out}")
    if tables:
        note(f"Tables: {tables}")
    if profile.is_open:
        note("Small numbers are not protected on it: do not publish it as it is.")
    output.write_protected_set_aside(shown.input)
