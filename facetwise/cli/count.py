"""The commands that count: count, extract and diff."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from facetwise.cli import output
from facetwise.cli.messages import note
from facetwise.cli.options import (
    THREADS,
    ConfOption,
    DisclosureOption,
    DryRunOption,
    EngineOption,
    FormatOption,
    Inputs,
    LayoutOption,
    MasterOption,
    NationalOption,
    PlanFormatOption,
    ReasonsOption,
    ThreadsOption,
    refuse_national_alone,
    words,
)
from facetwise.cli.rejects_file import ROW_LEVEL, RejectsFile
from facetwise.cli.terminal import counts
from facetwise.count.count import count_all
from facetwise.count.diff import diff as difference
from facetwise.count.dry_run import planned_count, planned_extract
from facetwise.count.engines import query_runner, refuse_engine, session_for
from facetwise.count.extract import extract as extracted
from facetwise.count.query import CountQuery
from facetwise.disclosure.protect import NONE, profile_named
from facetwise.disclosure.protected_count import protect_counts
from facetwise.errors import UsageError
from facetwise.language.definition import Definition
from facetwise.library import DEFAULT, definition
from facetwise.spells.dimensions import dimensions_named
from facetwise.spells.reading.input_paths import refuse_overwriting


def count(
    inputs: Inputs,
    definitions: Annotated[
        list[str] | None,
        typer.Option("--definition", metavar="ID", help="A definition; may be repeated. Default: ebi-2k."),
    ] = None,
    layout: LayoutOption = "auto",
    by: Annotated[
        str, typer.Option("--by", metavar="COLS", help="provider, commissioner, year, month, age-band, sex.")
    ] = "",
    format_: FormatOption = None,
    reasons: ReasonsOption = None,
    all_spells: Annotated[
        bool, typer.Option("--all-spells", help="Write reasons for every spell, not only for candidates.")
    ] = False,
    rejects: Annotated[
        Path | None,
        typer.Option("--rejects", metavar="FILE", help="Write the rows set aside, with the reason: .csv or .parquet."),
    ] = None,
    engine: EngineOption = "duckdb",
    master: MasterOption = None,
    conf: ConfOption = None,
    disclosure: DisclosureOption = NONE.id,
    national: NationalOption = False,
    threads: ThreadsOption = THREADS,
    dry_run: DryRunOption = False,
) -> None:
    """Count hospital activity, with the reason for every denervation.

    One definition or several in one pass. Rows that cannot be used are counted by reason.
    """
    form = output.format_named(format_)
    refuse_engine(engine, master, conf or ())
    if all_spells and reasons is None:
        raise UsageError("--all-spells says which rows --reasons writes, and no --reasons FILE is given. Add it.")
    profile = profile_named(disclosure)
    refuse_national_alone(national, profile)
    refuse_overwriting(inputs, {"--reasons": reasons, "--rejects": rejects})
    warning = "" if profile.is_open else ROW_LEVEL.format(profile.id)
    question = CountQuery(
        inputs=tuple(inputs),
        definitions=_definitions(definitions or [DEFAULT.id]),
        layout=layout,
        dimensions=dimensions_named(words(by)),
        threads=threads,
        every_spell=all_spells,
    )
    if dry_run:
        output.write_dry_run(form, planned_count(question, engine, reasons is not None))
        return
    with (
        RejectsFile(rejects, warning) as aside,
        output.progress("Reading") as rows,
        query_runner(engine, master, conf or (), threads, note) as run,
    ):
        question = replace(question, on_reject=aside.add if rejects else None, on_rows=rows)
        results = count_all(question, reasons=reasons, warning=warning, run=run, engine=engine)
    if not profile.is_open:
        for path in (path for path in (reasons, rejects) if path):
            note(f"{path}: {warning}")
        output.write_protected(form, protect_counts(results, profile, national))
        return
    output.write_notes(form, results)
    if len(results) == 1:
        result = results.results[0]
        output.write_answer(form, lambda: counts.render_count(result), result.to_json, result.to_arrow)
        return
    output.write_answer(form, lambda: counts.render_counts(results), results.to_json, results.to_arrow)


def extract(
    inputs: Inputs,
    out: Annotated[Path, typer.Option("--out", metavar="FILE.parquet", help="The extract to write.")],
    layout: LayoutOption = "auto",
    rejects: Annotated[Path | None, typer.Option("--rejects", metavar="FILE", help="Write the rows set aside.")] = None,
    engine: EngineOption = "duckdb",
    master: MasterOption = None,
    conf: ConfOption = None,
    threads: ThreadsOption = THREADS,
    dry_run: DryRunOption = False,
    format_: PlanFormatOption = None,
) -> None:
    """Write the spells that matter from a large file to a small one.

    The counting commands read the extract and give the same answer as from the whole file.
    """
    refuse_overwriting(inputs, {"--out": out, "--rejects": rejects})
    refuse_engine(engine, master, conf or ())
    if dry_run:
        output.write_dry_run(output.format_named(format_), planned_extract(inputs, layout, engine))
        return
    with (
        RejectsFile(rejects) as aside,
        output.progress("Reading") as rows,
        session_for(engine, master, conf or (), threads, note) as session,
    ):
        written = extracted(
            tuple(inputs), out, layout, threads, on_reject=aside.add if rejects else None, on_rows=rows, session=session
        )
    note(f"{written.kept:,} of {written.input.spells:,} spells kept in {out}.")
    for reason, n in written.input.set_aside:
        note(f"  {n:,} rows set aside: {reason}")


def diff(
    inputs: Inputs,
    definitions: Annotated[str, typer.Option("--definitions", metavar="A,B", help="The two definitions.")],
    layout: LayoutOption = "auto",
    format_: FormatOption = None,
    reasons: ReasonsOption = None,
    threads: ThreadsOption = THREADS,
) -> None:
    """Show the spells that two definitions count differently, and why.

    For the spells that only one of them counts, it shows which criteria of the other left them out.
    """
    form = output.format_named(format_)
    refuse_overwriting(inputs, {"--reasons": reasons})
    with output.progress("Reading") as rows:
        question = CountQuery(tuple(inputs), _definitions(words(definitions)), layout, threads=threads, on_rows=rows)
        result = difference(question, reasons=reasons)
    output.write_notes(form, result)
    output.write_answer(form, lambda: counts.render_diff(result), result.to_json, result.to_arrow)


def _definitions(names: Iterable[str]) -> tuple[Definition, ...]:
    return tuple(definition(name) for name in dict.fromkeys(names))
