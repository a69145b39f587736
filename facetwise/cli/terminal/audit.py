"""An audit as readable tables on a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.text import Text

from facetwise.audit.criterion_summary import CriterionSummary
from facetwise.audit.repeat_intervals import Repeats, Waits
from facetwise.audit.results import AuditResult
from facetwise.cli.terminal.counts import render_input, render_protected_table, table
from facetwise.disclosure.protected_audit import ProtectedAudit
from facetwise.plural import pluralise


def render_audit(result: AuditResult) -> RenderableType:
    """An audit: what it rests on, what can be judged before what meets, what was seen, what came after."""
    outcomes = dict(result.outcomes)
    aside = [
        Text(f"  {pluralise(n, 'denervation', 'denervations')} set aside: {reason}", style="yellow")
        for reason, n in result.set_aside
    ]
    covers = f"{result.covers[0]} to {result.covers[1]}" if result.covers else "no dated admission"
    return Group(
        Text(result.policy.title, style="bold"),
        Text(f"{result.policy.id}, version {result.policy.version}; covered: {covers}"),
        *(Text(f"Assumed: {said}") for said in result.assumptions),
        Text(""),
        Text(result.of_whom, style="bold"),
        *aside,
        render_input(result.input),
        Text(
            f"{outcomes['cannot-tell']:,} cannot be told   "
            f"{pluralise(outcomes['does-not-meet'], 'does not meet', 'do not meet')}   "
            f"{pluralise(outcomes['meets'], 'meets every criterion', 'meet every criterion')}",
            style="bold",
        ),
        Text(""),
        table(
            "Criteria: the share that can be judged, then the share of those that meets",
            ("criterion", "judged", "met of those", "met", "not met", "unknown", "n/a"),
            [_criterion(c) for c in result.criteria],
            range(1, 7),
        ),
        *(Text(said) for said in result.caveats),
        Text(""),
        table(
            "Recorded before the denervation",
            ("what", "yes", "no", "cannot see"),
            [(s.what, f"{s.yes:,}", f"{s.no:,}", f"{s.cannot_see:,}") for s in result.seen],
            (1, 2, 3),
        ),
        Text(""),
        *_repeats(result),
        Text(""),
        *(Text(f"Note: {note}", style="dim") for note in result.notes),
    )


def render_audits(results: Iterable[AuditResult]) -> RenderableType:
    """Several policies of the same denervations, side by side, then each by itself."""
    held = list(results)
    rows = [
        (r.policy.id, *(f"{dict(r.outcomes)[name]:,}" for name in ("cannot-tell", "does-not-meet", "meets")))
        for r in held
    ]
    side = table("Policies", ("policy", "cannot tell", "does not meet", "meets"), rows, (1, 2, 3))
    return Group(side, *(part for result in held for part in (Text(""), render_audit(result))))


def render_protected_audits(audits: Iterable[ProtectedAudit]) -> RenderableType:
    """Protected audits, one after another."""
    return Group(*(part for one in audits for part in (_disclosed(one), Text(""))))


def _disclosed(one: ProtectedAudit) -> RenderableType:
    covers = " to ".join(one.covers) if one.covers else "no dated admission"
    tables = (
        one.own_criteria.without("can_be"),
        one.own_outcomes,
        one.set_aside,
        one.seen,
        one.repeats,
        one.input.table,
    )
    return Group(
        Text(one.policy.title, style="bold"),
        Text(f"{one.policy.id}, version {one.policy.version}; covered: {covers}"),
        Text(f"Disclosure {one.profile.id}: {one.profile.says} * is hidden.", style="yellow"),
        *(Text(f"Assumed: {said}") for said in one.assumptions),
        Text(""),
        Text(f"{one.denervations:,} denervations of {one.patients:,} patients", style="bold"),
        *(
            part
            for table in tables
            if table.rows or table.is_withheld
            for part in (Text(""), *render_protected_table(table))
        ),
        Text(""),
        *(Text(f"Note: {note}", style="dim") for note in one.notes),
    )


def _criterion(of: CriterionSummary) -> tuple[str, ...]:
    counts = (of.met, of.not_met, of.unknown, of.not_applicable)
    return (
        of.id,
        _percent(of.judged_share),
        _percent(None if of.is_one_sided else of.met_share),
        *(f"{n:,}" for n in counts),
    )


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f} %"


def _repeats(result: AuditResult) -> list[RenderableType]:
    repeats = result.repeats
    head = ("of", "sessions", "repeated", "median months", *(f"under {w.months} months" for w in repeats.all.within))
    years = [_waits(name, waits) for name, waits in repeats.by_year]
    return [
        table(
            "Time to the next denervation of the same patient (Kaplan-Meier)",
            head,
            [_waits("all", repeats.all), *years],
            range(1, len(head)),
        ),
        Text(_next_ones(repeats)),
    ]


def _next_ones(repeats: Repeats) -> str:
    """How many patients had a next session, and where: the sides and the provider only where there is one."""
    several = repeats.patients_with_more_than_one
    had = f"{pluralise(several, 'patient', 'patients')} had more than one session."
    if not several:
        return had
    sides = ", ".join(f"{change} {n:,}" for change, n in repeats.sides)
    return f"{had} The next one: {sides}; at another provider {repeats.moved:,}."


def _waits(name: str, waits: Waits) -> tuple[str, ...]:
    median = "not reached" if waits.median_months is None else f"{waits.median_months:.1f}"
    return (
        name,
        f"{waits.sessions:,}",
        f"{waits.repeated:,}",
        median,
        *(_percent(within.share.value) for within in waits.within),
    )
