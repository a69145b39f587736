"""The command that shows the library."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from facetwise.cli import output
from facetwise.cli.options import FormatOption
from facetwise.cli.terminal import counts, library
from facetwise.errors import UsageError, nearest
from facetwise.library import DEFINITIONS, POLICIES


def policies(
    what: Annotated[str, typer.Argument(metavar="[list|show|compare|sources]", help="What to show.")] = "list",
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID...]", help="Which policies and definitions.")] = None,
    format_: FormatOption = None,
) -> None:
    """Show the library: policies, definitions, criteria and sources."""
    form = output.format_named(format_)
    if what not in ("list", "show", "compare", "sources"):
        raise UsageError(f"'policies {what}' is not known." + nearest(what, ("list", "show", "compare", "sources")))
    if what in ("show", "compare") and not ids:
        raise UsageError(f"'policies {what}' needs an id. Known: {', '.join((*POLICIES, *DEFINITIONS))}.")
    chosen = tuple(library.item_named(name) for name in dict.fromkeys(ids or (*POLICIES, *DEFINITIONS)))
    documents = [library.item_json(item) for item in chosen]
    table = {
        "list": lambda: counts.render_library(chosen),
        "show": lambda: counts.render_items(chosen),
        "compare": lambda: counts.render_comparison(chosen),
        "sources": lambda: counts.render_sources(library.sources()),
    }[what]
    as_json: dict[str, Callable[[], object]] = {
        "list": lambda: documents,
        "show": lambda: documents[0] if len(documents) == 1 else documents,
        "compare": lambda: library.comparison_json(chosen),
        "sources": lambda: [library.source_json(source) for source in library.sources()],
    }
    to_arrow = library.sources_table if what == "sources" else lambda: library.criteria_table(chosen)
    output.write_answer(form, table, as_json[what], to_arrow)
