"""The clinic's commands that need no browser."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from facetwise.errors import UsageError
from facetwise.serve import output

if TYPE_CHECKING:
    from facetwise.clinic.trail import Head

DbOption = Annotated[
    str,
    typer.Option(
        "--db", metavar="URL", help="The clinic's database: sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME."
    ),
]


def verify_trail(
    db: DbOption = "sqlite:///facetwise.db",
    heads: Annotated[
        list[str] | None,
        typer.Option(
            "--head", metavar="NUMBER:HASH", help="A head noted earlier that must still stand; may be repeated."
        ),
    ] = None,
) -> None:
    """Check the trail of every change, and the records beside it.

    Prints the head of the trail: keep it elsewhere, and a trail whose end was cut off shows later.
    """
    from facetwise.clinic.store import open_store
    from facetwise.clock import now

    kept = tuple(_head(given) for given in heads or ())
    store = open_store(db, now, existing=True)
    try:
        found = store.faults(kept)
        head = store.head()
    finally:
        store.close()
    for fault in found:
        output.note(f"EngineError: {fault}")
    if found:
        raise typer.Exit(5)
    sys.stdout.write(f"{head.number:,} entries, none changed. Head: {head}\n")


def _head(given: str) -> Head:
    from facetwise.clinic.trail import Head

    number, colon, hashed = given.partition(":")
    if not colon or not number.isdigit() or len(hashed) != 64:
        raise UsageError(f"'{given}' is no head of a trail. Write it as verify-trail printed it: NUMBER:HASH.")
    return Head(int(number), hashed)
