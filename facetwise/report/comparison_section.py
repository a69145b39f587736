"""The section of the report that sets the definitions side by side, before it is protected."""

from __future__ import annotations

from facetwise.count.flow_and_near_misses import NearMiss
from facetwise.count.results import DiffResult, Disagreement
from facetwise.disclosure import count_tables as named
from facetwise.disclosure.tables import (
    LinkedTables,
    ReleasePriority,
    SumConstraint,
    Table,
    counts,
    sum_with_remainder,
    words,
)
from facetwise.report.overview import Overview
from facetwise.report.section import Marks, Panel, Picture, Section


def compared_section(seen: Overview) -> Section:
    """The definitions side by side, and where the others part from the main one."""
    results, main = (seen.main, *seen.others), seen.main.definition
    columns = (
        words("definition", "Definition", [r.definition.id for r in results]),
        counts("counted", "Counted", [(named.counted(r.definition), r.counted) for r in results]),
        counts("not_counted", "Not counted", [(named.not_counted(r.definition), r.not_counted) for r in results]),
        counts("unknown", "Unknown", [(named.unknown(r.definition), r.unknown) for r in results]),
    )
    side = Table(
        "definitions", "Six definitions, one pass over the same spells", columns, priority=ReleasePriority.DEFINITIONS
    )
    others = LinkedTables.of(named.outcome_tables(other) for other in seen.others)
    drawn = Picture(
        "definitions",
        "Spells counted and unknown, by definition",
        "definition",
        Marks.BARS,
        (Panel("Spells", ("counted", "unknown")),),
    )
    says = ("There is more than one way in use to count this procedure. The same spells by each of them:",)
    linked = LinkedTables.of((LinkedTables((side,)), others, _parting(seen.differences, main.id), _kept_out(seen)))
    return Section("compared", "Other definitions on the same data", says, linked, drawn)


def _kept_out(seen: Overview) -> LinkedTables:
    """What another definition counts and the main one's criteria leave out is among the near misses of those criteria."""
    d, of_criteria = seen.main.definition, dict[frozenset[str], list[NearMiss]]()
    for miss in seen.main.near_misses:
        of_criteria.setdefault(frozenset((*miss.failed, *miss.unknown)), []).append(miss)
    sums, slack_cells = [], {}
    for criteria, misses in of_criteria.items():
        total, spells = f"{d.id} kept out by {sorted(criteria)}", sum(miss.spells for miss in misses)
        sums.append(SumConstraint(total, tuple(named.missed(d, miss) for miss in misses)))
        slack_cells[total] = spells
        for difference in seen.differences:
            only = _only_b(difference)
            cells = [
                (_parted(only, p), p.spells)
                for p in difference.disagreements
                if p.only != d.id and {*p.criteria} == criteria
            ]
            some, left = sum_with_remainder(total, cells, spells) if cells else ((), {})
            sums += some
            slack_cells |= left
    return LinkedTables(sums=tuple(sums), slack_cells=slack_cells)


def _only_b(difference: DiffResult) -> str:
    a, b = difference.definitions
    return f"{a.id} lacks what is only in {b.id}"


def _parted(only: str, parting: Disagreement) -> str:
    return f"{only} by {parting.criteria}"


def _parting(differences: tuple[DiffResult, ...], main: str) -> LinkedTables:
    lines, parts, sums = [], [], []
    for difference in differences:
        a, b = difference.definitions
        both, only_a, only_b = f"{a.id} and {b.id}", f"{a.id} without {b.id}", _only_b(difference)
        lines.append((b.id, (both, difference.both), (only_b, difference.only_b), (only_a, difference.only_a)))
        sums += [SumConstraint(named.counted(a), (both, only_a)), SumConstraint(named.counted(b), (both, only_b))]
        for only, total in ((a.id, only_a), (b.id, only_b)):
            held = [p for p in difference.disagreements if p.only == only]
            cells = [(_parted(total, p), p.spells) for p in held]
            parts += [(b.id, only, " ".join(p.criteria), cell) for p, cell in zip(held, cells, strict=True)]
            sums.append(SumConstraint(total, tuple(name for name, _ in cells)))
    beside = Table(
        "parting",
        f"Each beside {main}: the counted spells on which they part",
        (
            words("definition", "Definition", [name for name, _, _, _ in lines]),
            counts("both", "Both count", [cell for _, cell, _, _ in lines]),
            counts("only_it", "Only it counts", [cell for _, _, cell, _ in lines]),
            counts("only_main", f"Only {main} counts", [cell for _, _, _, cell in lines]),
        ),
        priority=ReleasePriority.DEFINITIONS,
    )
    by = Table(
        "parted-by",
        "The criteria that leave those spells out; each spell stands in one line",
        (
            words("definition", f"{main} beside", [row[0] for row in parts]),
            words("counted_by", "Counted by", [row[1] for row in parts]),
            words("left_out_by", "Left out by the other's criteria", [row[2] for row in parts]),
            counts("spells", "Spells", [row[3] for row in parts], row_implies_positive=True),
        ),
        most_first="spells",
        priority=ReleasePriority.FINEST,
    )
    return LinkedTables((beside, by), tuple(sums))
