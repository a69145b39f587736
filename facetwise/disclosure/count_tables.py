"""The numbers of a count as tables to be protected, each with its name, and the sums that tie them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from facetwise.count.flow_and_near_misses import NearMiss
from facetwise.count.results import CountResult, InputSummary
from facetwise.disclosure.tables import (
    LinkedTables,
    ReleasePriority,
    SumConstraint,
    Table,
    counts,
    sum_with_remainder,
    words,
)
from facetwise.language.definition import Definition
from facetwise.note import Note

SPELLS, ROWS, USED, SET_ASIDE = "spells", "rows", "used", "set aside"
_LOCAL = {"provider", "commissioner"}


def counted(definition: Definition) -> str:
    """The name of the number of spells counted."""
    return f"{definition.id} counted"


def not_counted(definition: Definition) -> str:
    """The name of the number of spells not counted."""
    return f"{definition.id} not counted"


def unknown(definition: Definition) -> str:
    """The name of the number of spells that are unknown."""
    return f"{definition.id} unknown"


def of_group(name: str, group: Mapping[str, Any]) -> str:
    """The name of a number in one group: ('year', '2018/19')."""
    return f"{name} {sorted(group.items())}"


def missed(definition: Definition, miss: NearMiss) -> str:
    """The name of the number of spells of one near miss."""
    return f"{definition.id} near miss {miss.failed} {miss.unknown}"


def step(definition: Definition, criterion: str, what: str) -> str:
    """The name of a number of the flow. what: met, not met, unknown."""
    return f"{definition.id} {criterion} {what}"


def set_aside_by(reason: str) -> str:
    """The name of the number of rows set aside for a reason, which is its title as well."""
    return f"Set aside: {reason}"


def input_tables(summary: InputSummary) -> LinkedTables:
    """What became of the rows: read = used + set aside."""
    aside = [(set_aside_by(reason), rows) for reason, rows in summary.set_aside]
    lines = [("Read", (ROWS, summary.rows)), ("Used", (USED, summary.used)), ("Spells", (SPELLS, summary.spells))]
    lines += [(title, (title, rows)) for title, rows in aside]
    lines += [("Set aside in all", (SET_ASIDE, summary.aside))]
    named = [line for _, line in lines]
    table = Table(
        "rows",
        "What became of the rows",
        (words("what", "Rows", [t for t, _ in lines]), counts("number", "Number", named)),
        priority=ReleasePriority.HEADLINE,
    )
    spells, left = sum_with_remainder(USED, [(SPELLS, summary.spells)], summary.used)
    return LinkedTables(
        (table,),
        (SumConstraint(ROWS, (USED, SET_ASIDE)), SumConstraint(SET_ASIDE, tuple(t for t, _ in aside)), *spells),
        slack_cells=left,
    )


def outcome_flow_and_near_miss_tables(result: CountResult) -> LinkedTables:
    """Outcomes, flow and near misses of one definition."""
    return LinkedTables.of((outcome_tables(result), flow_tables(result), _misses(result)))


def outcome_tables(result: CountResult) -> LinkedTables:
    """Counted, not counted and unknown, which add up to the spells."""
    d = result.definition
    said = {counted(d): result.counted, not_counted(d): result.not_counted, unknown(d): result.unknown}
    return LinkedTables(sums=(SumConstraint(SPELLS, tuple(said)),), text_numbers=said | {SPELLS: result.input.spells})


def flow_tables(result: CountResult) -> LinkedTables:
    """met, not met and unknown of a step are the spells that met the step above; those of the last are counted."""
    d, steps = result.definition, result.flow
    names = [tuple(step(d, taken.criterion, what) for what in ("met", "not met", "unknown")) for taken in steps]
    entering = [SPELLS, *(name[0] for name in names)]
    sums = [SumConstraint(total, name) for total, name in zip(entering, names, strict=False)]
    leaving = tuple(name[2] for name in names)
    whole, unknowns = f"{d.id} unknown at a step", sum(taken.unknown for taken in steps)
    ever, left = sum_with_remainder(whole, [(unknown(d), result.unknown)], unknowns)
    values = [(taken.met, taken.not_met, taken.unknown) for taken in steps]
    columns = [
        counts(column, title, ((name[place], value[place]) for name, value in zip(names, values, strict=True)))
        for place, (column, title) in enumerate((("met", "Met"), ("not_met", "Not met"), ("unknown", "Unknown")))
    ]
    table = Table(
        f"flow-{d.id}",
        "Of the spells still in, at each criterion",
        (words("criterion", "Criterion", [taken.criterion for taken in steps]), *columns),
    )
    end = (SumConstraint(entering[-1], (counted(d),)),)
    return LinkedTables(
        (table,), (*sums, *end, SumConstraint(whole, leaving), *ever), slack_cells={whole: unknowns, **left}
    )


def _misses(result: CountResult) -> LinkedTables:
    d, misses = result.definition, result.near_misses
    table = Table(
        f"near-misses-{d.id}",
        "Denervations that were not counted",
        (
            words("failed", "Failed", [" ".join(miss.failed) for miss in misses]),
            words("unknown", "Unknown", [" ".join(miss.unknown) for miss in misses]),
            counts("spells", "Spells", [(missed(d, miss), miss.spells) for miss in misses], row_implies_positive=True),
        ),
        most_first="spells",
        priority=ReleasePriority.MISSES,
    )
    return LinkedTables.of((LinkedTables((table,)), near_miss_sums(d, result)))


def near_miss_sums(d: Definition, result: CountResult) -> LinkedTables:
    """Near misses are some of those not counted, or of those unknown; and each leaves the flow at its first criterion."""
    misses = result.near_misses
    failed = [(missed(d, miss), miss.spells) for miss in misses if miss.failed]
    open_ = [(missed(d, miss), miss.spells) for miss in misses if not miss.failed]
    held = [
        sum_with_remainder(not_counted(d), failed, result.not_counted),
        sum_with_remainder(unknown(d), open_, result.unknown),
    ]
    leaving: dict[str, list[tuple[str, int]]] = {}
    for miss in misses:
        first = next(c.id for c in d.criteria if c.id in miss.failed or c.id in miss.unknown)
        name = step(d, first, "not met" if first in miss.failed else "unknown")
        leaving.setdefault(name, []).append((missed(d, miss), miss.spells))
    for taken in result.flow:
        for what, spells in (("not met", taken.not_met), ("unknown", taken.unknown)):
            name = step(d, taken.criterion, what)
            held.append(sum_with_remainder(name, leaving.get(name, []), spells))
    ties = LinkedTables(
        sums=tuple(item for sums, _ in held for item in sums),
        slack_cells={name: value for _, left in held for name, value in left.items()},
    )
    return LinkedTables.of((ties, _last_alone(d, result)))


def _last_alone(d: Definition, result: CountResult) -> LinkedTables:
    """What leaves the flow at its last criterion has met all others: that one alone keeps it out.

    Said from the near miss, not of its parts: readers know it though the rows of all near misses are not shown.
    """
    last, spells = result.flow[-1], {(miss.failed, miss.unknown): miss.spells for miss in result.near_misses}
    alone = (
        (NearMiss((last.criterion,), (), last.not_met), "not met"),
        (NearMiss((), (last.criterion,), last.unknown), "unknown"),
    )
    # A definition of another kind may end with what makes a spell a denervation: then some that leave are no near miss.
    held = [
        (missed(d, miss), step(d, last.criterion, what), miss.spells)
        for miss, what in alone
        if spells.get((miss.failed, miss.unknown), 0) == miss.spells
    ]
    return LinkedTables(
        sums=tuple(SumConstraint(near, (leaving,)) for near, leaving, _ in held),
        slack_cells={name: value for near, leaving, value in held for name in (near, leaving)},
    )


def group_tables(result: CountResult) -> LinkedTables:
    """Counted and unknown spells by group: the groups add up to the whole."""
    d = result.definition
    if not result.dimensions:
        return LinkedTables()
    groups = [{name: row[name] for name in result.dimensions} for row in result.by]
    is_local = bool(_LOCAL & set(result.dimensions))
    columns = [words(name, name.capitalize(), [group[name] for group in groups]) for name in result.dimensions]
    sums = []
    for what, name in (("counted", counted(d)), ("unknown", unknown(d))):
        named = [(of_group(name, group), row[what]) for group, row in zip(groups, result.by, strict=True)]
        columns.append(counts(what, what.capitalize(), named, is_local))
        sums.append(SumConstraint(name, tuple(part for part, _ in named)))
    title = "By " + " and ".join(result.dimensions)
    return LinkedTables((Table(f"by-{d.id}", title, tuple(columns), priority=ReleasePriority.PLACES),), tuple(sums))


def named_notes(what: str, notes: Iterable[str], of: InputSummary) -> tuple[tuple[str, ...], LinkedTables]:
    """Notes as sentences that name their counts, and these counts. what: what tells them from the counts of other notes.

    of: what was read, whose numbers may be among them. A plain string has no counts: it is a definition's or policy's own.
    """
    of_input = {SPELLS: of.spells, USED: of.used, ROWS: of.rows}
    sentences, counts_of = [], dict[str, int]()
    for place, note in enumerate(notes):
        if isinstance(note, Note):
            names = {
                name: name if of_input.get(name) == n else f"{what} {place} {name}" for name, n in note.counts.items()
            }
            counts_of |= {names[name]: n for name, n in note.counts.items()}
            note = note.with_names(names)
        sentences.append(note)
    return tuple(sentences), LinkedTables(
        text_numbers=counts_of, lowest_priority=frozenset(counts_of) - frozenset(of_input)
    )


def count_tables(results: Iterable[CountResult]) -> LinkedTables:
    """Everything that several counts of one input tell, as one linked."""
    held = list(results)
    parts = [input_tables(held[0].input)] if held else []
    for result in held:
        parts += [
            outcome_flow_and_near_miss_tables(result),
            group_tables(result),
            named_notes("note", result.notes, result.input)[1],
        ]
    return LinkedTables.of(parts)
