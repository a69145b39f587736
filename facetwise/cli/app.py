"""The command line: contract section 1.

What only one command needs is imported by that command: the others should not wait for it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from facetwise.cli import output
from facetwise.cli.audit import audit
from facetwise.cli.clinic import serve, verify_trail
from facetwise.cli.decide import decide
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
from facetwise.cli.output import give_plan
from facetwise.cli.rejects_file import ROW_LEVEL, RejectsFile
from facetwise.cli.report import report
from facetwise.cli.sql import sql
from facetwise.cli.terminal import counts, library
from facetwise.cli.variation import app as places
from facetwise.count.count import count_all
from facetwise.count.diff import diff as difference
from facetwise.count.dry_run import planned_count, planned_extract
from facetwise.count.engines import answering, refuse_engine, session_for
from facetwise.count.extract import extract as extracted
from facetwise.count.query import CountQuery
from facetwise.disclosure.protect import NONE, profile_named
from facetwise.disclosure.protected_count import disclosed
from facetwise.errors import FacetwiseError, UsageError, nearest
from facetwise.language.definition import Definition
from facetwise.library import DEFAULT, DEFINITIONS, POLICIES, definition
from facetwise.spells.dimensions import dimensions_named
from facetwise.spells.reading.input_paths import refuse_overwriting

app = typer.Typer(
    help="Executable guidance for radiofrequency denervation: cited definitions, counted and explained.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def run() -> None:
    """Run the command line; a refusal is one message on standard error and its exit code, never a traceback."""
    output.speak_utf8()
    try:
        app()
    except FacetwiseError as error:
        output.note(f"{type(error).__name__}: {error}")
        sys.exit(error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        output.note(
            f"InputError: {error.strerror or error} ({error.filename or 'no file named'}). Check the path and the disk."
        )
        sys.exit(3)
    except KeyboardInterrupt:
        output.note("Stopped.")
        sys.exit(130)
    except Exception as error:  # the last net: whatever is wrong, one message
        first = ": ".join([type(error).__name__, *str(error).splitlines()[:1]])
        output.note(f"EngineError: unexpected {first}. Please report it with the command you ran.")
        sys.exit(5)


@app.command(epilog="Example: facetwise demo --out facetwise-demo")
def demo(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write into.")] = Path(
        "facetwise-demo"
    ),
) -> None:
    """Count synthetic activity, decide for made-up patients, write both as pages.

    Nothing to prepare: it makes the activity and the patients itself, says where everything is, and ends.
    """
    from facetwise.cli.demo import make_demo
    from facetwise.cli.terminal.decision import decisions_shown

    made = make_demo(out)
    console = counts.terminal()
    console.print(counts.count_shown(made.result))
    sys.stdout.write("\n")
    console.print(decisions_shown(made.decisions))
    sys.stdout.write(
        f"\nActivity: {made.activity}\nReport:   {made.report}\nPatients: {made.patients}\nDecision: {made.page}\n"
    )


@app.command(epilog="Example: facetwise count activity.parquet --by provider,year --reasons reasons.csv")
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
        bool, typer.Option("--all-spells", help="Reasons for every spell, not for candidates alone.")
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
    """Count hospital activity, with the reason for every spell.

    One definition or several in one pass; what becomes of every row is told.
    """
    form = output.chosen(format_)
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
        give_plan(form, planned_count(question, engine, reasons is not None))
        return
    with (
        RejectsFile(rejects, warning) as aside,
        output.progress("Reading") as rows,
        answering(engine, master, conf or (), threads, output.note) as asked,
    ):
        question = replace(question, on_reject=aside.add if rejects else None, on_rows=rows)
        results = count_all(question, reasons=reasons, warning=warning, asked=asked, engine=engine)
    if not profile.is_open:
        for path in (path for path in (reasons, rejects) if path):
            output.note(f"{path}: {warning}")
        output.give_disclosed(form, disclosed(results, profile, national))
        return
    output.beside(form, results)
    if len(results) == 1:
        result = results.results[0]
        output.give(form, lambda: counts.count_shown(result), result.to_json, result.to_arrow)
        return
    output.give(form, lambda: counts.counts_shown(results), results.to_json, results.to_arrow)


@app.command(epilog="Example: facetwise extract 'activity/*.parquet' --out denervations.parquet")
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
    """Keep the few spells that matter out of a large file.

    Every command reads the extract and gives the same answer as from the whole.
    """
    refuse_overwriting(inputs, {"--out": out, "--rejects": rejects})
    refuse_engine(engine, master, conf or ())
    if dry_run:
        give_plan(output.chosen(format_), planned_extract(inputs, layout, engine))
        return
    with (
        RejectsFile(rejects) as aside,
        output.progress("Reading") as rows,
        session_for(engine, master, conf or (), threads, output.note) as session,
    ):
        told = aside.add if rejects else None
        made = extracted(tuple(inputs), out, layout, threads, on_reject=told, on_rows=rows, session=session)
    output.note(f"{made.kept:,} of {made.input.spells:,} spells kept in {out}.")
    for reason, n in made.input.set_aside:
        output.note(f"  {n:,} rows set aside: {reason}")


@app.command(epilog="Example: facetwise diff activity.parquet --definitions ebi-2k,nhp-data-2026")
def diff(
    inputs: Inputs,
    definitions: Annotated[str, typer.Option("--definitions", metavar="A,B", help="The two definitions.")],
    layout: LayoutOption = "auto",
    format_: FormatOption = None,
    reasons: ReasonsOption = None,
    threads: ThreadsOption = THREADS,
) -> None:
    """Show the spells on which two definitions part, and why.

    Of the spells that only one counts: the criteria of the other that left them out.
    """
    form = output.chosen(format_)
    refuse_overwriting(inputs, {"--reasons": reasons})
    with output.progress("Reading") as rows:
        question = CountQuery(tuple(inputs), _definitions(words(definitions)), layout, threads=threads, on_rows=rows)
        result = difference(question, reasons=reasons)
    output.beside(form, result)
    output.give(form, lambda: counts.diff_shown(result), result.to_json, result.to_arrow)


@app.command(epilog="Example: facetwise policies compare nice-ng59 hny-2025 medicare-lcd")
def policies(
    what: Annotated[str, typer.Argument(metavar="[list|show|compare|sources]", help="What to tell.")] = "list",
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID...]", help="Which policies and definitions.")] = None,
    format_: FormatOption = None,
) -> None:
    """Show the library: policies, definitions, criteria, sources."""
    form = output.chosen(format_)
    if what not in ("list", "show", "compare", "sources"):
        raise UsageError(f"'policies {what}' is not known." + nearest(what, ("list", "show", "compare", "sources")))
    if what in ("show", "compare") and not ids:
        raise UsageError(f"'policies {what}' needs an id. Known: {', '.join((*POLICIES, *DEFINITIONS))}.")
    chosen = tuple(library.named(name) for name in dict.fromkeys(ids or (*POLICIES, *DEFINITIONS)))
    told = [library.as_json(item) for item in chosen]
    table = {
        "list": lambda: counts.library_shown(chosen),
        "show": lambda: counts.shown_one_by_one(chosen),
        "compare": lambda: counts.compared_shown(chosen),
        "sources": lambda: counts.sources_shown(library.sources()),
    }[what]
    as_json: dict[str, Callable[[], object]] = {
        "list": lambda: told,
        "show": lambda: told[0] if len(told) == 1 else told,
        "compare": lambda: library.compared_json(chosen),
        "sources": lambda: [library.source_json(source) for source in library.sources()],
    }
    held = library.sources_table if what == "sources" else lambda: library.criteria_table(chosen)
    output.give(form, table, as_json[what], held)


@app.command(epilog="Example: facetwise synth --spells 100000 --seed 1 --out spells.parquet --truth truth.csv")
def synth(
    spells: Annotated[int, typer.Option("--spells", metavar="N", min=0, help="How many spells.")],
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="The activity to write: .parquet, .csv or .csv.gz.")
    ],
    seed: Annotated[int, typer.Option("--seed", metavar="S", min=0, help="The same seed makes the same spells.")] = 1,
    truth: Annotated[
        Path | None, typer.Option("--truth", metavar="FILE", help="Write the known answers beside them.")
    ] = None,
) -> None:
    """Make synthetic spells with their known answers.

    They meet, narrowly miss, and cannot be judged, in realistic proportions.
    """
    from facetwise.spells.synthetic.synth import write_synthetic

    with output.progress("Writing") as rows:
        before = 0

        def advance(done: int) -> None:
            nonlocal before
            rows(done - before)
            before = done

        made = write_synthetic(spells, seed, out, truth, progress=advance)
    output.note(f"{made.spells:,} spells in {out}" + (f", their answers in {truth}" if truth else ""))
    for name, n in made.counted:
        output.note(f"  {n:,} counted by {name}")


app.command(epilog="Example: facetwise report activity.parquet --out report.html --tables report-tables")(report)


@app.command(epilog="Example: facetwise check my_board.py")
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE.py...]", help="Policy files of your own to check as well.")
    ] = None,
) -> None:
    """Check the library itself, and policy files of your own.

    Citations, dates, examples, code systems, criteria that cannot be reached, the empty row and the empty patient.
    """
    from facetwise.cli.check_library import checked
    from facetwise.cli.check_policies import checked_policies, policy_in

    faults, told = checked(tuple(DEFINITIONS.values()))
    own = [policy_in(path) for path in files or ()]
    more, also = checked_policies((*POLICIES.values(), *own))
    for line in () if faults or more else (*told, *also):
        sys.stdout.write(line + "\n")
    for fault in (*faults, *more):
        output.note(f"PolicyError: {fault}")
    if faults or more:
        raise typer.Exit(4)


app.add_typer(places)
app.command(
    epilog="Example: facetwise decide patient.json --policy nice-ng59 --policy hny-2025 --as-of 2026-11-20",
)(decide)


app.command(epilog="Example: facetwise audit activity.parquet --policy hny-2025 --covers 2015-04-01:2024-03-31")(audit)
app.command(epilog="Example: facetwise serve --demo")(serve)
app.command(name="sql", epilog="Example: facetwise sql --policy hny-2025 --dialect tsql > hny-2025.sql")(sql)
app.command(name="verify-trail", epilog="Example: facetwise verify-trail --db sqlite:///clinic.db")(verify_trail)


def _definitions(names: list[str] | tuple[str, ...]) -> tuple[Definition, ...]:
    return tuple(definition(name) for name in dict.fromkeys(names))
