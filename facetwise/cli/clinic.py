"""The clinic's commands: serving it, and checking its trail."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from facetwise.cli.messages import note
from facetwise.errors import EngineError, UsageError

if TYPE_CHECKING:
    from facetwise.clinic.store.audit_trail import TrailHead

DbOption = Annotated[
    str,
    typer.Option(
        "--db", metavar="URL", help="The clinic's database: sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME."
    ),
]


def serve(
    db: Annotated[
        str | None,
        typer.Option(
            "--db",
            metavar="URL",
            help="The clinic's database: sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME. Without it, facetwise.db here.",
        ),
    ] = None,
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on. Put a reverse proxy with HTTPS in front of it.")
    ] = ("127.0.0.1"),
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port; 0 takes a free one.")] = 8765,
    demo: Annotated[bool, typer.Option("--demo", help="Fill a throw-away database with made-up patients.")] = False,
    demo_patients: Annotated[
        int, typer.Option("--demo-patients", min=1, help="How many patients the demo makes up.")
    ] = 60,
    public_url: Annotated[
        str | None,
        typer.Option(
            "--public-url", metavar="URL", help="The address that people use, as https://clinic.example, for links."
        ),
    ] = None,
    timezone: Annotated[str, typer.Option("--timezone", help="The clinic's time zone.")] = "Europe/London",
) -> None:
    """Run the clinic's web application until it is stopped."""
    import tempfile

    from facetwise.clock import now
    from facetwise.web import server
    from facetwise.web.frame.layout import ASSETS

    if not (ASSETS / "built" / "nhsuk.css").is_file():
        raise EngineError(
            "The clinic's stylesheet is missing: this copy was installed without npm, which fetches it. Install Node.js 20 "
            "or newer and then Facetwise again (in a checkout: make setup), or install a released wheel."
        )
    if demo and host not in ("127.0.0.1", "localhost", "::1"):
        raise UsageError(
            f"A demo shows its passwords at the door, and {host} is not this machine alone. Leave out --host."
        )
    listening = server.bound(host, port)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listening.getsockname()[1]}"
    with tempfile.TemporaryDirectory(prefix="facetwise-demo-") as folder:
        url = db or (f"sqlite:///{folder}/demo.db" if demo else "sqlite:///facetwise.db")
        state = server.opened(url, now, timezone, public_url or address)
        if demo:
            state = server.with_demo(state, demo_patients)

        def started() -> None:
            sys.stdout.write(f"Facetwise is at {state.public_url} (stop it with Ctrl-C)\n")
            for role, name, password in state.sign_ins:
                sys.stdout.write(f"Sign in as {role}: {name} / {password}\n")
            sys.stdout.flush()

        server.run(state, listening, behind_proxy=public_url is not None, started=started)


def verify_trail(
    db: DbOption = "sqlite:///facetwise.db",
    heads: Annotated[
        list[str] | None,
        typer.Option(
            "--head",
            metavar="NUMBER:HASH",
            help="A head noted earlier, to check that it is still there; may be repeated.",
        ),
    ] = None,
) -> None:
    """Check that no entry of the clinic's audit trail has been changed.

    It prints the head of the trail. Note it elsewhere: with --head, a trail whose end was cut off is found.
    """
    from facetwise.clinic.store.patients import open_store
    from facetwise.clock import now

    heads_noted = tuple(_head(given) for given in heads or ())
    store = open_store(db, now, existing=True)
    try:
        found = store.faults(heads_noted)
        head = store.head()
    finally:
        store.close()
    for fault in found:
        note(f"EngineError: {fault}")
    if found:
        raise typer.Exit(5)
    sys.stdout.write(f"{head.number:,} entries, none changed. Head: {head}\n")


def _head(given: str) -> TrailHead:
    from facetwise.clinic.store.audit_trail import TrailHead

    number, colon, hashed = given.partition(":")
    if not colon or not number.isdigit() or len(hashed) != 64:
        raise UsageError(f"'{given}' is no head of a trail. Write it as verify-trail printed it: NUMBER:HASH.")
    return TrailHead(int(number), hashed)
