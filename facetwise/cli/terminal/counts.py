"""Answers as readable tables on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from facetwise.cli.terminal import library
from facetwise.count.results import CountResult, DiffResult, InputSummary
from facetwise.disclosure.protected_count import ProtectedCount
from facetwise.disclosure.protected_tables import WITHHELD, ProtectedTable
from facetwise.language.citation import Source
from facetwise.language.definition import Definition
from facetwise.language.policy import Policy

_MOST_ROWS = 40


def table(
    title: str, head: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = ()
) -> RenderableType:
    """A titled table; the columns named in `numbers` are set to the right, and the first is never broken.

    A number is never cut short, however narrow the terminal: the heads above numbers give way first.
    """
    made, held = Table(header_style="bold", pad_edge=False, box=None), [tuple(row) for row in rows]
    for place, name in enumerate(head):
        right = place in numbers
        least = max(map(len, [*(row[place] for row in held), *name.split()]), default=0) if right else None
        made.add_column(
            name,
            justify="right" if right else "left",
            overflow="fold",
            no_wrap=place == 0 and not right,
            min_width=least,
        )
    for row in held:
        made.add_row(*row)
    return Group(Text(title, style="bold"), made)


def render_count(result: CountResult) -> RenderableType:
    """A count: headline, what became of the rows, the flow, near misses, groups, notes."""
    parts: list[RenderableType] = [
        Text(result.definition.title, style="bold"),
        Text(f"{result.definition.id}, version {result.definition.version}, {result.definition.source.publisher}"),
        Text(""),
        Text(
            f"{result.counted:,} counted   {result.not_counted:,} not counted   {result.unknown:,} unknown",
            style="bold",
        ),
        render_input(result.input),
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
            *render_first_rows(
                "Near misses: denervations that were not counted", ("failed", "unknown", "spells"), rows, (2,)
            ),
        ]
    if result.by:
        head = (*result.dimensions, "counted", "unknown")
        groups = [
            (*(str(row[d]) for d in result.dimensions), f"{row['counted']:,}", f"{row['unknown']:,}")
            for row in result.by
        ]
        some = [row for row in groups if row[-2:] != ("0", "0")]
        parts += [
            Text(""),
            *render_first_rows("By " + " and ".join(result.dimensions), head, some, (len(head) - 2, len(head) - 1)),
        ]
        if len(some) < len(groups):
            parts.append(
                Text(f"{len(groups) - len(some):,} more groups have none. --format csv gives every group.", style="dim")
            )
    parts += [Text(""), *(Text(f"Note: {note}", style="dim") for note in result.notes)]
    return Group(*parts)


def render_counts(results: Iterable[CountResult]) -> RenderableType:
    """Several definitions on the same activity, side by side, then each by itself."""
    held = list(results)
    rows = [(r.definition.id, f"{r.counted:,}", f"{r.not_counted:,}", f"{r.unknown:,}") for r in held]
    side = table("Definitions", ("definition", "counted", "not counted", "unknown"), rows, (1, 2, 3))
    return Group(side, *(part for result in held for part in (Text(""), render_count(result))))


def render_protected_counts(counts: Sequence[ProtectedCount]) -> RenderableType:
    """Protected counts: headline, what became of the rows, the flow, near misses, groups, notes."""
    return Group(*(part for one in counts for part in (_disclosed(one), *([Text("")] if len(counts) > 1 else []))))


def _disclosed(one: ProtectedCount) -> RenderableType:
    title = f"{one.counted:,} counted   {one.not_counted:,} not counted   {one.unknown:,} unknown"
    tables = [one.flow, one.near_misses, *([one.by] if one.by else []), one.input.table]
    return Group(
        Text(one.definition.title, style="bold"),
        Text(f"{one.definition.id}, version {one.definition.version}, {one.definition.source.publisher}"),
        Text(f"Disclosure {one.profile.id}: {one.profile.says} * is hidden.", style="yellow"),
        Text(""),
        Text(title, style="bold"),
        *(part for table in tables for part in (Text(""), *render_protected_table(table))),
        Text(""),
        *(Text(f"Note: {note}", style="dim") for note in one.notes),
    )


def render_protected_table(held: ProtectedTable) -> list[RenderableType]:
    """A protected table, cut where it is long."""
    if held.is_withheld:
        return [Text(f"{held.title}: {WITHHELD}.")]
    rows = [
        tuple(f"{cell:,}" if not isinstance(cell, str | None) else cell or "-" for cell in row) for row in held.rows
    ]
    numbers = [place for place, column in enumerate(held.columns) if column.is_number]
    return render_first_rows(held.title, [column.title for column in held.columns], rows, numbers)


def render_first_rows(
    title: str, head: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int]
) -> list[RenderableType]:
    """A table of the first rows, and how many more there are."""
    shown: list[RenderableType] = [table(title, head, rows[:_MOST_ROWS], numbers)]
    if len(rows) > _MOST_ROWS:
        shown.append(
            Text(f"... and {len(rows) - _MOST_ROWS:,} more rows. --format json or csv gives them all.", style="dim")
        )
    return shown


def render_input(summary: InputSummary) -> RenderableType:
    """What became of the rows, in a line or a few."""
    line = f"{summary.rows:,} rows read ({summary.layout}), {summary.used:,} used, {summary.spells:,} spells"
    aside = [Text(f"  {rows:,} set aside: {reason}", style="yellow") for reason, rows in summary.set_aside]
    return Group(Text(line), *aside)


def render_diff(result: DiffResult) -> RenderableType:
    """A difference: who counts what, and the criteria that part them."""
    a, b = (definition.id for definition in result.definitions)
    rows = [(p.only, ", ".join(p.criteria), f"{p.spells:,}", " ".join(p.examples)) for p in result.disagreements]
    parts: list[RenderableType] = [
        Text(f"{a} against {b}", style="bold"),
        Text(
            f"{result.both:,} counted by both   {result.only_a:,} by {a} alone   {result.only_b:,} by {b} alone",
            style="bold",
        ),
        render_input(result.input),
    ]
    if rows:
        parts += [
            Text(""),
            *render_first_rows("Parted by", ("counted by", "left out by", "spells", "some of them"), rows, (2,)),
        ]
    else:
        parts.append(Text("They count the same spells of this input."))
    return Group(*parts)


def render_library(chosen: Sequence[Definition | Policy]) -> RenderableType:
    """The library in two tables: what one patient is held against, and what activity is counted by."""
    parts: list[RenderableType] = []
    for title, kind in (("Policies, for one patient", Policy), ("Definitions, for counting activity", Definition)):
        rows = [(d.id, d.version, d.status.value, d.title) for d in chosen if isinstance(d, kind)]
        if rows:
            parts += [*([Text("")] if parts else []), table(title, ("id", "version", "status", "title"), rows)]
    return Group(*parts)


def render_item(item: Definition | Policy) -> RenderableType:
    """One policy or definition: its standing, its criteria with their places, its notes."""
    rows = [(c.id, c.says, f"{c.cite.source.id}: {c.cite.place}", c.cite.read.value) for c in item.criteria]
    facts = [
        f"{item.id}, version {item.version}, {item.status.value}",
        f"Steward: {item.steward}. {library.dates(item)}",
        f"Source: {item.source.title}, {item.source.publisher}, {item.source.version}",
        item.source.url,
    ]
    head = (
        "Met when every criterion that applies is met"
        if isinstance(item, Policy)
        else "Counted when every criterion is met"
    )
    return Group(
        Text(item.title, style="bold"),
        *(Text(fact) for fact in facts),
        Text(""),
        table(head, ("criterion", "says", "source and place", "read"), rows),
        Text(""),
        *(Text(f"Note: {note}", style="dim") for note in item.notes),
    )


def render_items(chosen: Sequence[Definition | Policy]) -> RenderableType:
    """Each by itself."""
    return Group(*(part for item in chosen for part in (render_item(item), *([Text("")] if len(chosen) > 1 else []))))


def render_comparison(chosen: Sequence[Definition | Policy]) -> RenderableType:
    """Policies and definitions side by side, topic by topic, and where their sources disagree."""
    rows = [
        (row.topic, *(row.says.get(item.id, "not asked") for item in chosen), row.sources)
        for row in library.comparison(chosen)
    ]
    return table("Topic by topic", ("topic", *(item.id for item in chosen), "sources"), rows)


def render_sources(sources: Iterable[Source]) -> RenderableType:
    """Every source with how much of it was read."""
    rows = [(s.id, s.title, s.version, s.read.value) for s in sources]
    return table("Sources", ("id", "title", "version", "read"), rows)


def terminal(stderr: bool = False) -> Console:
    """A console on standard output, or on standard error for progress and messages."""
    return Console(stderr=stderr, soft_wrap=False, highlight=False)
