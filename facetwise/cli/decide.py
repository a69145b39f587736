"""The command line's commands about patients: their options, and nothing that another command would wait for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def decide(
    records: Annotated[
        list[str],
        typer.Argument(
            metavar="RECORD...",
            help="Records or FHIR R4: .json, .ndjson (also .gz), a folder, or - for standard input.",
        ),
    ],
    policies: Annotated[
        list[str] | None, typer.Option("--policy", metavar="ID", help="A policy; may be repeated. Default: all.")
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="The date of the question. Default: the request's, else today."),
    ] = None,
    what_if_: Annotated[
        list[str] | None,
        typer.Option("--what-if", metavar="FACT=VALUE", help="Answer again with one fact changed; may be repeated."),
    ] = None,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format", metavar="F", help="table, json, csv, parquet or fhir. Default: table on a terminal, else json."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.html", help="Write one printable page about one patient.")
    ] = None,
) -> None:
    """Check one or more patients against published policies.

    It shows each criterion with its evidence, what is missing, the next step, and the earliest date.
    """
    from facetwise.cli.decide_run import decide_and_write

    decide_and_write(records, policies or (), as_of, tuple(what_if_ or ()), format_, out)
