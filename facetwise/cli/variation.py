"""The command line's commands about places: how a definition differs between them, and what coding alone leaves out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from facetwise.cli.options import THREADS, FormatOption, Inputs, LayoutOption, SuccessorsOption, ThreadsOption
from facetwise.errors import UsageError
from facetwise.library import DEFAULT, definition
from facetwise.statistics.run_charts import DEFAULT_RULES, RULE_SETS

if TYPE_CHECKING:
    from facetwise.variation.counts_by_place import Months

DefinitionOption = Annotated[str, typer.Option("--definition", metavar="ID", help="Which definition.")]
MonthsOption = Annotated[
    str | None,
    typer.Option("--covers", metavar="FROM:TO", help="The months to include, as 2018-04:2019-03. Default: all."),
]


def variation(
    inputs: Inputs,
    name: DefinitionOption = DEFAULT.id,
    by: Annotated[str, typer.Option("--by", metavar="PLACES", help="provider or commissioner.")] = "provider",
    denominator: Annotated[
        str, typer.Option("--denominator", metavar="ID", help="The definition that gives the denominator.")
    ] = "any-v48",
    populations: Annotated[
        Path | None, typer.Option("--populations", metavar="FILE", help="Population by area and age, to add rates.")
    ] = None,
    population_year: Annotated[
        int | None, typer.Option("--population-year", metavar="Y", help="The year of the populations, as 2020.")
    ] = None,
    reference: Annotated[
        Path | None,
        typer.Option(
            "--reference", metavar="FILE", help="Expected rates: age_band,counted,population. Default: the input's."
        ),
    ] = None,
    successors: SuccessorsOption = None,
    at: Annotated[
        str | None,
        typer.Option(
            "--at", metavar="DATE", help="Use the providers of this date. Default: the last date of the activity."
        ),
    ] = None,
    sites_to_trusts: Annotated[
        bool, typer.Option("--sites-to-trusts", help="Count sites (R0A01) under their trust (R0A).")
    ] = False,
    boards: Annotated[
        Path | None,
        typer.Option("--boards", metavar="FILE", help="A lookup from commissioners to boards, of one year."),
    ] = None,
    boards_year: Annotated[
        str | None,
        typer.Option(
            "--boards-year", metavar="Y", help="The year of the boards, as 2022/23, if the file does not say."
        ),
    ] = None,
    covers: MonthsOption = None,
    layout: LayoutOption = "auto",
    format_: FormatOption = None,
    threads: ThreadsOption = THREADS,
) -> None:
    """Compare places: shares, rates and funnel limits.

    A lookup file of the wrong year is refused. Counts are not protected for disclosure.
    """
    from facetwise.cli import output
    from facetwise.cli.terminal.variation import render_variation
    from facetwise.lookups.commissioning_boards import Boards
    from facetwise.lookups.organisations import Successors
    from facetwise.lookups.populations import Populations, Reference
    from facetwise.variation.variation import ReferenceFiles
    from facetwise.variation.variation import variation as varied

    form = output.format_named(format_)
    if by not in ("provider", "commissioner"):
        raise UsageError(f"Places cannot be by '{by}'. Give provider or commissioner.")
    given = ReferenceFiles(
        successors=Successors.read(successors) if successors else None,
        at=_day(at),
        sites_to_trusts=sites_to_trusts,
        boards=Boards.read(boards, boards_year) if boards else None,
        populations=Populations.read(populations, population_year) if populations else None,
        reference=Reference.read(reference) if reference else None,
        covers=_months(covers),
    )
    _refuse_idle({"--population-year": (population_year, populations), "--boards-year": (boards_year, boards)})
    with output.progress("Reading") as rows:
        found = varied(
            inputs,
            definition(name),
            "provider" if by == "provider" else "commissioner",
            given,
            denominator=definition(denominator),
            layout=layout,
            threads=threads,
            on_rows=rows,
        )
    output.write_variation_notes(form, found)
    output.write_answer(form, lambda: render_variation(found), found.to_json, found.to_arrow)


def undercoding(
    inputs: Inputs,
    name: DefinitionOption = DEFAULT.id,
    layout: LayoutOption = "auto",
    format_: FormatOption = None,
    threads: ThreadsOption = THREADS,
) -> None:
    """Find denervations that one change in coding would count.

    It tries a site code, another primary diagnosis, and another recorded procedure as the dominant one, and counts again:
    questions for coders, by provider and year. Counts are not protected for disclosure.
    """
    from facetwise.cli import output
    from facetwise.cli.terminal.variation import render_undercoding
    from facetwise.count.undercoding import undercoding as undercoded

    form = output.format_named(format_)
    with output.progress("Reading") as rows:
        found = undercoded(inputs, definition(name), layout=layout, threads=threads, on_rows=rows)
    output.write_variation_notes(form, found)
    output.write_answer(form, lambda: render_undercoding(found), found.to_json, found.to_arrow)


def runchart(
    inputs: Inputs,
    name: DefinitionOption = DEFAULT.id,
    what: Annotated[str, typer.Option("--what", metavar="WHAT", help="counted or unknown spells.")] = "counted",
    provider: Annotated[
        str | None, typer.Option("--provider", metavar="CODE", help="One provider only. Default: all.")
    ] = None,
    rules: Annotated[
        str, typer.Option("--rules", metavar="SET", help=f"The rule set: {', '.join(RULE_SETS)}.")
    ] = DEFAULT_RULES,
    baseline: Annotated[
        int | None,
        typer.Option("--baseline", metavar="N", min=2, help="Use the first N months for the mean and limits."),
    ] = None,
    covers: MonthsOption = None,
    layout: LayoutOption = "auto",
    format_: FormatOption = None,
    threads: ThreadsOption = THREADS,
) -> None:
    """Show a definition's spells by month, with the signals that rules find.

    Tools disagree on the lengths of shifts and trends, so choose the rule set: it is printed. Counts are not protected for
    disclosure.
    """
    from facetwise.cli import output
    from facetwise.cli.terminal.variation import render_run_chart
    from facetwise.variation.monthly_run_chart import charted

    form = output.format_named(format_)
    if what not in ("counted", "unknown"):
        raise UsageError(f"A run chart cannot be of '{what}' spells. Give counted or unknown.")
    kind: Literal["counted", "unknown"] = "counted" if what == "counted" else "unknown"
    with output.progress("Reading") as rows:
        found = charted(
            inputs,
            definition(name),
            kind,
            provider,
            rules,
            baseline,
            _months(covers),
            layout=layout,
            threads=threads,
            on_rows=rows,
        )
    output.write_variation_notes(form, found)
    output.write_answer(form, lambda: render_run_chart(found), found.to_json, found.to_arrow)


def _day(given: str | None) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError as error:
        raise UsageError(f"--at '{given}' is no date. Write it as 2024-04-01.") from error


def _months(given: str | None) -> Months | None:
    from facetwise.variation.counts_by_place import month_named

    if given is None:
        return None
    first, parted, last = given.partition(":")
    months = month_named(first), month_named(last if parted else first)
    if months[0] > months[1]:
        raise UsageError(f"--covers {given} ends before it begins. Write the first month before the last.")
    return months


def _refuse_idle(pairs: Mapping[str, tuple[object, Path | None]]) -> None:
    """Refuse the year of a file that is not given."""
    for option, (year, file) in pairs.items():
        if year is not None and file is None:
            raise UsageError(f"{option} is the year of a file, and that file is not given. Give both.")
