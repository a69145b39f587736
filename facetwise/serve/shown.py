"""Answers as readable tables on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from facetwise.guidance.sources import SOURCES
from facetwise.language.definition import Definition
from facetwise.measure.result import CountResult, DiffResult, InputSummary

_MOST_ROWS = 40


def table(
    title: str, head: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = ()
) -> RenderableType:
    """A titled table; the columns named in `numbers` are set to the right, and the first is never broken."""
    made = Table(header_style="bold", pad_edge=False, box=None)
    for place, name in enumerate(head):
        right = place in numbers
        made.add_column(name, justify="right" if right else "left", overflow="fold", no_wrap=place == 0 or right)
    for row in rows:
        made.add_row(*row)
    return Group(Text(title, style="bold"), made)


def count_shown(result: CountResult) -> RenderableType:
    """A count: headline, what became of the rows, the flow, near misses, groups, notes."""
    parts: list[RenderableType] = [
        Text(result.definition.title, style="bold"),
        Text(f"{result.definition.id}, version {result.definition.version}, {result.definition.source.publisher}"),
        Text(""),
        Text(
            f"{result.counted:,} counted   {result.not_counted:,} not counted   {result.unknown:,} unknown",
            style="bold",
        ),
        input_shown(result.input),
        Text(""),
        table(
            "Flow: of the spells still in, at each criterion",
            ("criterion", "met", "not met", "unknown"),
            [(s.criterion, f"{s.met:,}", f"{s.not_met:,}", f"{s.unknown:,}") for s in result.flow],
            (1, 2, 3),
        ),
    ]
    if result.near_misses:
        rows = [(", ".join(m.failed) or "-", ", ".join(m.unknown) or "-", f"{m.spells:,}") for m in result.near_misses]
        parts += [
            Text(""),
            *_cut("Near misses: denervations that were not counted", ("failed", "unknown", "spells"), rows, (2,)),
        ]
    if result.by:
        head = (*result.dimensions, "counted", "unknown")
        groups = [
            (*(str(row[d]) for d in result.dimensions), f"{row['counted']:,}", f"{row['unknown']:,}")
            for row in result.by
        ]
        some = [row for row in groups if row[-2:] != ("0", "0")]
        parts += [Text(""), *_cut("By " + " and ".join(result.dimensions), head, some, (len(head) - 2, len(head) - 1))]
        if len(some) < len(groups):
            parts.append(
                Text(f"{len(groups) - len(some):,} more groups have none. --format csv gives every group.", style="dim")
            )
    parts += [Text(""), *(Text(f"Note: {note}", style="dim") for note in result.notes)]
    return Group(*parts)


def counts_shown(results: Iterable[CountResult]) -> RenderableType:
    """Several definitions on the same activity, side by side, then each by itself."""
    held = list(results)
    rows = [(r.definition.id, f"{r.counted:,}", f"{r.not_counted:,}", f"{r.unknown:,}") for r in held]
    side = table("Definitions", ("definition", "counted", "not counted", "unknown"), rows, (1, 2, 3))
    return Group(side, *(part for result in held for part in (Text(""), count_shown(result))))


def _cut(
    title: str, head: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int]
) -> list[RenderableType]:
    shown: list[RenderableType] = [table(title, head, rows[:_MOST_ROWS], numbers)]
    if len(rows) > _MOST_ROWS:
        shown.append(
            Text(f"... and {len(rows) - _MOST_ROWS:,} more rows. --format json or csv gives them all.", style="dim")
        )
    return shown


def input_shown(summary: InputSummary) -> RenderableType:
    """What became of the rows, in a line or a few."""
    line = f"{summary.rows:,} rows read ({summary.layout}), {summary.used:,} used, {summary.spells:,} spells"
    aside = [Text(f"  {rows:,} set aside: {reason}", style="yellow") for reason, rows in summary.set_aside]
    return Group(Text(line), *aside)


def diff_shown(result: DiffResult) -> RenderableType:
    """A difference: who counts what, and the criteria that part them."""
    a, b = (definition.id for definition in result.definitions)
    rows = [(p.only, ", ".join(p.criteria), f"{p.spells:,}", " ".join(p.examples)) for p in result.parted_by]
    parts: list[RenderableType] = [
        Text(f"{a} against {b}", style="bold"),
        Text(
            f"{result.both:,} counted by both   {result.only_a:,} by {a} alone   {result.only_b:,} by {b} alone",
            style="bold",
        ),
        input_shown(result.input),
    ]
    if rows:
        parts += [Text(""), *_cut("Parted by", ("counted by", "left out by", "spells", "some of them"), rows, (2,))]
    else:
        parts.append(Text("They count the same spells of this input."))
    return Group(*parts)


def definitions_shown(definitions: Iterable[Definition]) -> RenderableType:
    """The library in a table."""
    rows = [(d.id, d.version, d.status.value, d.title) for d in definitions]
    return table("Definitions", ("id", "version", "status", "title"), rows)


def definition_shown(definition: Definition) -> RenderableType:
    """One definition: its standing, its criteria with their places, its notes."""
    rows = [
        (c.id, c.says, f"{c.cite.source.id}: {c.cite.place}", c.cite.source.read.value) for c in definition.criteria
    ]
    facts = [
        f"{definition.id}, version {definition.version}, {definition.status.value}",
        f"Steward: {definition.steward}. Published {definition.published}.",
        f"Source: {definition.source.title}, {definition.source.publisher}, {definition.source.version}",
        definition.source.url,
    ]
    return Group(
        Text(definition.title, style="bold"),
        *(Text(fact) for fact in facts),
        Text(""),
        table("Counted when every criterion is met", ("criterion", "says", "source and place", "read"), rows),
        Text(""),
        *(Text(f"Note: {note}", style="dim") for note in definition.notes),
    )


def shown_one_by_one(definitions: Iterable[Definition]) -> RenderableType:
    """Several definitions, each by itself."""
    return Group(*(part for definition in definitions for part in (definition_shown(definition), Text(""))))


def compared_shown(definitions: Sequence[Definition]) -> RenderableType:
    """Definitions side by side, criterion by criterion."""
    ids = list(dict.fromkeys(c.id for d in definitions for c in d.criteria))
    says = {(d.id, c.id): c.says for d in definitions for c in d.criteria}
    rows = [(name, *(says.get((d.id, name), "not asked") for d in definitions)) for name in ids]
    return table("Criterion by criterion", ("criterion", *(d.id for d in definitions)), rows)


def sources_shown() -> RenderableType:
    """Every source with how much of it was read."""
    rows = [(s.id, s.title, s.version, s.read.value) for s in SOURCES]
    return table("Sources", ("id", "title", "version", "read"), rows)


def terminal(stderr: bool = False) -> Console:
    """A console on standard output, or on standard error for progress and messages."""
    return Console(stderr=stderr, soft_wrap=False, highlight=False)
