"""The command line, as docs/reference/commands.md lists it.

A command's module is imported when the command is run or asked for its help: no other waits for it.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command_from_info
from typer.models import CommandInfo

from facetwise import __version__
from facetwise.cli.messages import note, use_utf8
from facetwise.cli.missing_extra import how_to_install
from facetwise.errors import FacetwiseError


@dataclass(frozen=True)
class Command:
    """A command as `facetwise --help` lists it. module: in facetwise.cli; its function has the command's name."""

    name: str
    module: str
    summary: str
    example: str


COMMANDS = (
    Command(
        "demo",
        "demo",
        "Make synthetic hospital activity and patients, and show what Facetwise does with them.",
        "--out facetwise-demo",
    ),
    Command(
        "count",
        "count",
        "Count hospital activity, with the reason for every denervation.",
        "activity.parquet --by provider,year --reasons reasons.csv",
    ),
    Command(
        "extract",
        "count",
        "Write the spells that matter from a large file to a small one.",
        "'activity/*.parquet' --out denervations.parquet",
    ),
    Command(
        "diff",
        "count",
        "Show the spells that two definitions count differently, and why.",
        "activity.parquet --definitions ebi-2k,nhp-data-2026",
    ),
    Command(
        "policies",
        "policies",
        "Show the library: policies, definitions, criteria and sources.",
        "compare nice-ng59 hny-2025 medicare-lcd",
    ),
    Command(
        "synth",
        "synth",
        "Make synthetic spells with known answers.",
        "--spells 100000 --seed 1 --out spells.parquet --truth truth.csv",
    ),
    Command(
        "report",
        "report",
        "Write the commissioner's report as one HTML page.",
        "activity.parquet --out report.html --tables report-tables",
    ),
    Command(
        "check",
        "check",
        "Check the library itself, and policy files of your own.",
        "my_board.py",
    ),
    Command(
        "variation",
        "variation",
        "Compare places: shares, rates and funnel limits.",
        "activity.parquet --by provider --successors trust_successors.csv",
    ),
    Command(
        "undercoding",
        "variation",
        "Find denervations that one change in coding would count.",
        "activity.parquet --format csv > questions.csv",
    ),
    Command(
        "runchart",
        "variation",
        "Show a definition's spells by month, with the signals that rules find.",
        "activity.parquet --rules 6-6 --provider R0A",
    ),
    Command(
        "decide",
        "decide",
        "Check one or more patients against published policies.",
        "patient.json --policy nice-ng59 --policy hny-2025 --as-of 2026-11-20",
    ),
    Command(
        "audit",
        "audit",
        "Check each denervation in linked activity against a policy.",
        "activity.parquet --policy hny-2025 --covers 2015-04-01:2024-03-31",
    ),
    Command(
        "serve",
        "clinic",
        "Run the clinic's web application until it is stopped.",
        "--demo",
    ),
    Command(
        "sql",
        "sql",
        "Write a definition or a policy as one readable SQL script.",
        "--policy hny-2025 --dialect tsql > hny-2025.sql",
    ),
    Command(
        "verify-trail",
        "clinic",
        "Check that no entry of the clinic's audit trail has been changed.",
        "--db sqlite:///clinic.db",
    ),
)


class LazyCommands(TyperGroup):
    """The group of all commands, each imported when it is needed."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [command.name for command in COMMANDS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        command = next((command for command in COMMANDS if command.name == cmd_name), None)
        if command is None:
            return None
        import_module("facetwise.cli.arrow_setup").set_up_arrow()
        function = getattr(import_module(f"facetwise.cli.{command.module}"), cmd_name.replace("-", "_"))
        info = CommandInfo(
            name=cmd_name, callback=function, epilog=f"Example: facetwise {cmd_name} {command.example}".rstrip()
        )
        return get_command_from_info(info, pretty_exceptions_short=False, rich_markup_mode=None)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(command.name, command.summary) for command in COMMANDS])


app = typer.Typer(
    cls=LazyCommands,
    help="Executable guidance for radiofrequency denervation: cited definitions, counted and explained.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"facetwise {__version__}\n")
        raise typer.Exit


@app.callback()
def facetwise(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Executable guidance for radiofrequency denervation: cited definitions, counted and explained."""


def run() -> None:
    """Run the command line; a refusal is one message on standard error and its exit code, never a traceback."""
    use_utf8()
    try:
        app()
    except FacetwiseError as error:
        note(f"{type(error).__name__}: {error}")
        sys.exit(error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        note(
            f"InputError: {error.strerror or error} ({error.filename or 'no file named'}). Check the path and the disk."
        )
        sys.exit(3)
    except KeyboardInterrupt:
        note("Stopped.")
        sys.exit(130)
    except Exception as error:  # the last net: whatever is wrong, one message
        advice = how_to_install(error) if isinstance(error, ModuleNotFoundError) else None
        first = ": ".join([type(error).__name__, *str(error).splitlines()[:1]])
        note(f"EngineError: {advice or f'unexpected {first}. Please report it with the command you ran.'}")
        sys.exit(5)
