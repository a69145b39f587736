"""Options that several commands share."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from facetwise.audit.request import cover_of
from facetwise.count.engines import ENGINES
from facetwise.disclosure.protect import PROFILES, Profile
from facetwise.errors import UsageError

Inputs = Annotated[
    list[str], typer.Argument(metavar="INPUT...", help="Files, folders or globs: CSV (also .gz) or Parquet.")
]
FormatOption = Annotated[
    str | None,
    typer.Option("--format", metavar="F", help="table, json, csv or parquet. Default: table on a terminal, else json."),
]
PlanFormatOption = Annotated[
    str | None, typer.Option("--format", metavar="F", help="Format of the --dry-run plan: table, json, csv or parquet.")
]
LayoutOption = Annotated[str, typer.Option("--layout", metavar="L", help="sus-apcs, hes-apc, or auto.")]
ThreadsOption = Annotated[
    int,
    typer.Option("--threads", min=1, show_default="the machine's cores, at most 4", help="How many threads to use."),
]
ReasonsOption = Annotated[
    Path | None,
    typer.Option("--reasons", metavar="FILE", help="Write one row per spell, with the reason: .csv or .parquet."),
]
EngineOption = Annotated[str, typer.Option("--engine", metavar="E", help=f"{' or '.join(ENGINES)}.")]
MasterOption = Annotated[
    str | None, typer.Option("--master", metavar="URL", help="Address of the Spark master. Default: this machine.")
]
ConfOption = Annotated[
    list[str] | None, typer.Option("--conf", metavar="NAME=VALUE", help="A Spark setting; may be repeated.")
]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Show the plan and how much would be read, without reading any rows.")
]
DisclosureOption = Annotated[
    str, typer.Option("--disclosure", metavar="NAME", help=f"Protect small numbers: {', '.join(PROFILES)}.")
]
NationalOption = Annotated[
    bool, typer.Option("--national", help="The files cover the whole nation: national totals stay as they are.")
]
SuccessorsOption = Annotated[
    Path | None, typer.Option("--successors", metavar="FILE", help="Merged providers: old_code,new_code,date.")
]
CoversOption = Annotated[
    str | None,
    typer.Option(
        "--covers",
        metavar="FROM:TO",
        help="The dates for which the files are complete. Default: first to last admission.",
    ),
]
CompleteOption = Annotated[
    str,
    typer.Option(
        "--complete",
        metavar="KINDS",
        help="Event types recorded in full within those dates: denervations, blocks, or ''.",
    ),
]
THREADS = max(1, min(4, os.cpu_count() or 2))


def covered_dates(given: str | None) -> tuple[date, date] | None:
    """The two days that --covers names. Errors: UsageError."""
    if given is None:
        return None
    first, colon, last = given.partition(":")
    if not colon:
        raise UsageError(f"--covers is '{given}'. Give two dates, as 2015-04-01:2024-03-31.")
    return cover_of(first, last)


def words(given: str) -> tuple[str, ...]:
    """The words between commas."""
    return tuple(word.strip() for word in given.split(",") if word.strip())


def refuse_national_alone(national: bool, profile: Profile) -> None:
    """Raise UsageError where --national says what a disclosure that is none leaves as it is."""
    if national and profile.is_open:
        raise UsageError(
            "--national says what --disclosure leaves as it is, and nothing is protected. Add --disclosure."
        )
