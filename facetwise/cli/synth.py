"""The command that makes synthetic spells."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from facetwise.cli import output
from facetwise.cli.messages import note
from facetwise.spells.synthetic.background import PROVIDERS
from facetwise.spells.synthetic.synth import write_synthetic


def synth(
    spells: Annotated[int, typer.Option("--spells", metavar="N", min=0, help="How many spells.")],
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="The activity to write: .parquet, .csv or .csv.gz.")
    ],
    seed: Annotated[int, typer.Option("--seed", metavar="S", min=0, help="The same seed makes the same spells.")] = 1,
    truth: Annotated[
        Path | None, typer.Option("--truth", metavar="FILE", help="Write the known answers to a file as well.")
    ] = None,
    denervations: Annotated[
        int | None,
        typer.Option(
            "--denervations", metavar="N", help="How many of them are denervations. Default: by their number."
        ),
    ] = None,
    providers: Annotated[int, typer.Option("--providers", metavar="N", help="How many hospitals, at most 150.")] = len(
        PROVIDERS
    ),
) -> None:
    """Make synthetic spells with known answers.

    They meet a definition, narrowly miss it, or lack what it needs. The more spells, the more denervations: 2 in 100 up to
    100,000 spells, 1 in 100 at a million, and England's share from 17 million.
    """
    with output.progress("Writing") as rows:
        before = 0

        def advance(done: int) -> None:
            nonlocal before
            rows(done - before)
            before = done

        made = write_synthetic(
            spells, seed, out, truth, progress=advance, denervations=denervations, providers=providers
        )
    note(f"{made.spells:,} spells in {out}" + (f", their answers in {truth}" if truth else ""))
    for name, n in made.counted:
        note(f"  {n:,} counted by {name}")
