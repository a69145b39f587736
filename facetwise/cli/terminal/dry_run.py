"""A plan as a readable page on a terminal."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.syntax import Syntax
from rich.text import Text

from facetwise.cli.terminal.counts import table
from facetwise.count.dry_run import DryRun
from facetwise.language.definition import Definition
from facetwise.language.policy import Policy


def render_dry_run(plan: DryRun) -> RenderableType:
    """What would be read, what would be asked, and the SQL that would judge."""
    rows = "rows not known beforehand" if plan.rows is None else f"{plan.rows:,} rows"
    parts: list[RenderableType] = [
        Text(
            f"{plan.command} would read {format_bytes(plan.bytes_read)} with {plan.engine} and write nothing yet",
            "bold",
        ),
        Text(f"{len(plan.files):,} file{'s' if len(plan.files) > 1 else ''}, {plan.layout}, {rows}"),
        Text(""),
    ]
    for file in plan.files:
        title = f"{file.file}: {format_bytes(file.bytes_read)} of {format_bytes(file.size)}"
        cells = [(name, "with the rest" if held is None else format_bytes(held)) for name, held in file.columns]
        parts += [table(title, ("column", "bytes"), cells, (1,)), Text("")]
    judged_by: tuple[Definition | Policy, ...] = (*plan.definitions, *plan.policies)
    for asked in judged_by:
        cells = [(criterion.id, criterion.says) for criterion in asked.criteria]
        parts += [table(f"{asked.id}, version {asked.version}", ("criterion", "says"), cells), Text("")]
    if plan.dimensions:
        parts += [Text(f"By {', '.join(plan.dimensions)}"), Text("")]
    parts += [Syntax(plan.sql, "sql", background_color="default", word_wrap=True), Text("")]
    parts += [Text(f"Note: {note}", style="dim") for note in plan.notes]
    return Group(*parts)


def format_bytes(size: int) -> str:
    """Bytes as a person reads them: '713 bytes', '4.2 MB'."""
    for unit, least in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= least:
            return f"{size / least:.1f} {unit}"
    return f"{size} bytes"
