"""What ties the numbers of one section of the report to those of another, before they are protected.

Each section ties its own. A reader has the whole page: the denervations that policies judge are spells that the widest
definition counts, what a change in coding repairs is among the near misses, sessions of a year are spells of that year.
"""

from __future__ import annotations

from collections.abc import Mapping

from facetwise.audit.results import AuditResult
from facetwise.count.results import CountResult
from facetwise.count.undercoding import Undercoding
from facetwise.disclosure import count_tables as named
from facetwise.disclosure.audit_tables import DENERVATIONS, SESSIONS, of_session, set_aside
from facetwise.disclosure.tables import LinkedTables, SumConstraint, subset_constraint
from facetwise.report.collect import Findings
from facetwise.report.count_sections import LEFT_OUT, WIDEST
from facetwise.report.overview import Overview
from facetwise.report.variation_sections import REPAIRABLE, changed

_Named = tuple[str, int]


def cross_section_sums(found: Findings) -> LinkedTables:
    """The sums, and the numbers that stand in them alone."""
    widest = next(other for other in found.overview.others if other.definition.id == WIDEST)
    parts = [_groups(found.overview, widest, dimension) for dimension in found.overview.main.dimensions]
    if found.audits and found.audits[0].of == widest.definition:
        parts.append(_linked(found.audits[0], widest))
    return LinkedTables.of((*parts, _coding(found.undercoding, found.overview.main)))


def _by(result: CountResult, dimension: str) -> Mapping[str, _Named]:
    """The name and the number of spells counted, by group."""
    found: dict[str, _Named] = {}
    for row in result.by:
        group = row[dimension]
        name = named.of_group(named.counted(result.definition), {dimension: group})
        found[group] = name, found.get(group, (name, 0))[1] + row["counted"]
    return found


def _groups(seen: Overview, widest: CountResult, dimension: str) -> LinkedTables:
    """In each group the counted spells are some of those that the widest definition counts; what is left adds up as well."""
    own, wide = _by(seen.main, dimension), _by(widest, dimension)
    if any(own[group][1] > wide.get(group, ("", 0))[1] for group in own):
        return LinkedTables()
    left = {group: wide[group][1] - own[group][1] for group in own}
    names = {group: f"beyond {own[group][0]}" for group in own}
    sums = [SumConstraint(wide[group][0], (own[group][0], names[group])) for group in own]
    whole = f"beyond {named.counted(seen.main.definition)}"
    sums.append(SumConstraint(named.counted(widest.definition), (named.counted(seen.main.definition), whole)))
    sums.append(SumConstraint(whole, tuple(names.values())))
    values = {**dict(own.values()), **dict(wide.values()), **{names[g]: n for g, n in left.items()}}
    return LinkedTables(sums=tuple(sums), slack_cells={**values, whole: sum(left.values())})


def _linked(audit: AuditResult, widest: CountResult) -> LinkedTables:
    """Denervations judged and set aside are all that the definition counts; the sessions of a group, spells of that group."""
    whole = named.counted(widest.definition), widest.counted
    parts = [subset_constraint(whole, [(DENERVATIONS, audit.denervations), *set_aside(audit)])]
    for what, groups in (("year", audit.repeats.by_year), ("provider", audit.repeats.by_provider)):
        counted = _by(widest, what) if what in widest.dimensions else {}
        parts += [
            subset_constraint(counted[group], [(of_session(what, group, SESSIONS), waits.sessions)])
            for group, waits in groups
            if group in counted
        ]
    return LinkedTables.of(parts)


def _coding(found: Undercoding, main: CountResult) -> LinkedTables:
    """What one change repairs is among the near misses that its criterion keeps out, and has one of them alone as its like."""
    if not found.repairable:
        return LinkedTables()
    d, by_change = main.definition, dict[tuple[str, str, str], int]()
    for row in found.rows:
        key = row.criterion, row.change, row.was
        by_change[key] = by_change.get(key, 0) + row.spells
    left_out = LEFT_OUT, sum(miss.spells for miss in main.near_misses)
    parts = [subset_constraint(left_out, [(REPAIRABLE, found.repairable)])]
    for (criterion, change, was), spells in by_change.items():
        line = changed((change, was)), spells
        parts.append(subset_constraint((REPAIRABLE, found.repairable), [line]))
        held = [m for m in main.near_misses if criterion in (m.failed if was == "not-met" else m.unknown)]
        of_criterion = f"{criterion} {was} among the near misses", sum(miss.spells for miss in held)
        added = SumConstraint(of_criterion[0], tuple(named.missed(d, miss) for miss in held))
        parts += [
            LinkedTables(sums=(added,), slack_cells=dict([of_criterion])),
            subset_constraint(of_criterion, [line]),
        ]
        alone = [(named.missed(d, m), m.spells) for m in held if len(m.failed) + len(m.unknown) == 1]
        parts += [
            subset_constraint(one, [line]) if one[1] >= spells else subset_constraint(line, [one]) for one in alone
        ]
    return LinkedTables.of(parts)
