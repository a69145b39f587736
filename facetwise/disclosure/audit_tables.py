"""The numbers of audits as tables to be protected, each with its name, and the sums that tie them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from facetwise.audit.repeat_intervals import Repeats, Waits
from facetwise.audit.results import AuditResult
from facetwise.disclosure.count_tables import input_tables
from facetwise.disclosure.tables import (
    Column,
    LinkedTables,
    ReleasePriority,
    Role,
    SumConstraint,
    Table,
    counts,
    subset_constraint,
    sum_with_remainder,
    words,
)

DENERVATIONS, PATIENTS, SESSIONS = "denervations", "patients", "sessions"
JUDGED, WEIGHED = "judged", "judged_both_ways"
_BLOCKS = re.compile(r"block recorded in the (\d+) months before")
_TRUTHS = (("met", "Met"), ("not_met", "Not met"), ("unknown", "Unknown"), ("not_applicable", "Not asked"))


def audit_tables(results: Sequence[AuditResult]) -> LinkedTables:
    """Everything that audits of one input tell. Their repeats are the same, and told once."""
    first = results[0]
    whole = LinkedTables(text_numbers={DENERVATIONS: first.denervations, PATIENTS: first.patients})
    parts = [
        input_tables(first.input),
        whole,
        set_aside_tables(first),
        criteria_tables(results),
        policy_outcome_tables(results),
    ]
    return LinkedTables.of((*parts, prior_event_tables(results), repeat_tables(first)))


def set_aside_tables(result: AuditResult) -> LinkedTables:
    """The denervations set aside, by reason."""
    columns = (
        words("reason", "Reason", [reason for reason, _ in result.set_aside]),
        counts("spells", "Spells", set_aside(result), row_implies_positive=True),
    )
    return LinkedTables(
        (Table("set-aside", "Denervations that are not judged", columns, priority=ReleasePriority.POLICIES),)
    )


def set_aside(result: AuditResult) -> tuple[tuple[str, int], ...]:
    """The numbers set aside, each with its name."""
    return tuple((f"set aside: {reason}", n) for reason, n in result.set_aside)


def criteria_tables(
    results: Iterable[AuditResult], some: Callable[[AuditResult, str], bool] | None = None
) -> LinkedTables:
    """Of each criterion how many meet it, do not, cannot be judged, are not asked: they add up to the denervations.

    some: which criteria stand on the page; the others stand in files alone.
    """
    held = [(result, criterion) for result in results for criterion in result.criteria]
    tables, sums = [], []
    for name, title, on_page in (
        ("policy-criteria", "Criteria that activity can judge, of any denervation", True),
        ("policy-criteria-all", "Every criterion of every policy", False),
    ):
        chosen = [(r, c) for r, c in held if not on_page or some is None or some(r, c.id)]
        cells = {column: [(_named(r, c.id, column), getattr(c, column)) for r, c in chosen] for column, _ in _TRUTHS}
        judged = [(_named(r, c.id, JUDGED), c.met + c.not_met) for r, c in chosen]
        weighed = [(name, None if c.is_one_sided else n) for (_, c), (name, n) in zip(chosen, judged, strict=True)]
        asked = [(_named(r, c.id, "asked"), c.met + c.not_met + c.unknown) for r, c in chosen]
        columns: list[Column] = [
            words("policy", "Policy", [r.policy.id for r, _ in chosen]),
            replace(words("criterion", "Criterion", [c.id for _, c in chosen]), on_page=False),
            words("says", "It asks", [c.says for _, c in chosen]),
            *(counts(column, title_, cells[column]) for column, title_ in _TRUTHS),
            replace(counts("asked", "Asked of", asked), on_page=False),
            replace(counts(JUDGED, "Can be judged", judged), on_page=False),
            Column("judged_share", "Judged (%)", Role.SHARE, (None,) * len(chosen), of=(JUDGED, "asked")),
            replace(words("can_be", "Can be", [" ".join(c.can_be) for _, c in chosen]), on_page=False),
            replace(counts(WEIGHED, "Can be judged both ways", weighed), on_page=False),
            Column("met_share", "Met of those (%)", Role.SHARE, (None,) * len(chosen), of=("met", WEIGHED)),
        ]
        shares = [c for c in columns if c.role is Role.SHARE]
        order = [*columns[:3], *shares, *(c for c in columns[3:] if c not in shares)]
        tables.append(Table(name, title, tuple(order), on_page=on_page, priority=ReleasePriority.POLICIES))
        if not on_page:
            sums = [item for r, c in chosen for item in _sums(r, c.id)]
    return LinkedTables(
        tuple(tables), tuple(sums), text_numbers={DENERVATIONS: held[0][0].denervations} if held else {}
    )


def _named(result: AuditResult, criterion: str, truth: str) -> str:
    return f"{result.policy.id}:{criterion} {truth}"


def _sums(result: AuditResult, criterion: str) -> tuple[SumConstraint, ...]:
    met, not_met, unknown, outside, asked, judged = (
        _named(result, criterion, truth) for truth in ("met", "not_met", "unknown", "not_applicable", "asked", JUDGED)
    )
    return (
        SumConstraint(DENERVATIONS, (asked, outside)),
        SumConstraint(asked, (judged, unknown)),
        SumConstraint(judged, (met, not_met)),
    )


def policy_outcome_tables(results: Iterable[AuditResult]) -> LinkedTables:
    """Of each policy how many cannot be told, do not meet it, meet it: they add up to the denervations."""
    held = list(results)
    names = ("cannot-tell", "does-not-meet", "meets")
    columns = [
        counts(
            name.replace("-", "_"),
            name.replace("-", " ").capitalize(),
            [(f"{r.policy.id} {name}", dict(r.outcomes)[name]) for r in held],
        )
        for name in names
    ]
    sums = tuple(SumConstraint(DENERVATIONS, tuple(f"{r.policy.id} {name}" for name in names)) for r in held)
    table = Table(
        "policy-outcomes",
        "Each policy as a whole",
        (words("policy", "Policy", [r.policy.id for r in held]), *columns),
        priority=ReleasePriority.POLICIES,
    )
    return LinkedTables.of((LinkedTables((table,), sums), *(_of_criteria(result) for result in held), _alike(held)))


def _of_criteria(result: AuditResult) -> LinkedTables:
    """What does not meet a policy fails at least one of its criteria; what meets it fails none."""
    outcomes = dict(result.outcomes)
    failing = f"{result.policy.id} does-not-meet", outcomes["does-not-meet"]
    failed = [(_named(result, c.id, "not_met"), c.not_met) for c in result.criteria]
    every = f"{result.policy.id} failed criteria", sum(n for _, n in failed)
    parts = [subset_constraint(failing, [one]) for one in failed]
    parts += [
        LinkedTables(
            sums=(SumConstraint(every[0], tuple(name for name, _ in failed)),), slack_cells=dict([every, *failed])
        )
    ]
    for c in result.criteria:
        fits = f"{result.policy.id}:{c.id} met or not asked", c.met + c.not_applicable
        names = tuple(_named(result, c.id, truth) for truth in ("met", "not_applicable"))
        own = dict(zip(names, (c.met, c.not_applicable), strict=True))
        parts += [LinkedTables(sums=(SumConstraint(fits[0], names),), slack_cells={fits[0]: fits[1], **own})]
        parts += [subset_constraint(fits, [(f"{result.policy.id} meets", outcomes["meets"])])]
    return LinkedTables.of((*parts, subset_constraint(every, [failing])))


def _alike(results: Iterable[AuditResult]) -> LinkedTables:
    """Criteria that ask the same have the same numbers in every policy."""
    first: dict[tuple[object, ...], tuple[AuditResult, str]] = {}
    sums, values = [], dict[str, int]()
    for result in results:
        for c in result.criteria:
            like, name = first.setdefault((c.says, c.met, c.not_met, c.unknown), (result, c.id))
            for truth in ("met", "not_met", "unknown"):
                one, other = _named(like, name, truth), _named(result, c.id, truth)
                values |= {one: getattr(c, truth), other: getattr(c, truth)}
                sums += [SumConstraint(one, (other,))] if one != other else []
    return LinkedTables(sums=tuple(sums), slack_cells=values)


def prior_event_tables(results: Iterable[AuditResult]) -> LinkedTables:
    """What was recorded before the denervations; what policies share stands once."""
    held = {seen.what: seen for result in results for seen in result.seen}
    names = ("yes", "no", "cannot_see")
    columns = [
        counts(name, title, [(f"{what} {name}", getattr(seen, name)) for what, seen in held.items()])
        for name, title in zip(names, ("Yes", "No", "Cannot be seen"), strict=True)
    ]
    sums = tuple(SumConstraint(DENERVATIONS, tuple(f"{what} {name}" for name in names)) for what in held)
    blocks = sorted(
        (int(n[1]), f"{what} yes", seen.yes) for what, seen in held.items() if (n := _BLOCKS.fullmatch(what))
    )
    longer = [subset_constraint(after[1:], [before[1:]]) for before, after in pairwise(blocks)]
    table = Table(
        "seen",
        "Recorded before the denervation",
        (words("what", "What", held), *columns),
        priority=ReleasePriority.POLICIES,
    )
    return LinkedTables.of((LinkedTables((table,), sums), *longer))


def repeat_tables(result: AuditResult) -> LinkedTables:
    """The time to the next session: of all, by year and by provider; patients by their sessions; sides."""
    repeats = result.repeats
    groups = (
        ("repeats-years", "By financial year of the session", "year", repeats.by_year, False),
        ("repeats-providers", "By provider of the session", "provider", repeats.by_provider, True),
    )
    parts_ = [_waits_tables(*group) for group in groups]
    whole = _waits_tables(
        "repeats-all", "Time to the next session (Kaplan-Meier)", "of", (("all", repeats.all),), False
    )
    once = subset_constraint((DENERVATIONS, result.denervations), [(f"all {SESSIONS}", repeats.all.sessions)])
    return LinkedTables.of((whole, *parts_, once, _patient_tables(repeats, result.patients), _side_tables(repeats)))


def _waits_tables(
    table: str, title: str, what: str, groups: Sequence[tuple[str, Waits]], is_local: bool
) -> LinkedTables:
    def name(group: str, count: str) -> str:
        return of_session(what, group, count)

    repeated = [(name(group, "repeated"), waits.repeated) for group, waits in groups]
    sessions = [(name(group, SESSIONS), waits.sessions) for group, waits in groups]
    ended = [(name(group, "not repeated"), waits.sessions - waits.repeated) for group, waits in groups]
    intervals = dict.fromkeys(within.months for _, waits in groups for within in waits.within)
    columns = [
        words(what, what.capitalize(), [group for group, _ in groups]),
        counts(SESSIONS, "Sessions", sessions, is_local, row_implies_positive=True),
        counts("repeated", "Repeated", repeated, is_local),
        counts("not_repeated", "Not yet", ended, is_local),
        _of_repeated("median_months", "Median months", [_rounded(w.median_months) for _, w in groups]),
        *(column for n in intervals for column in _sooner(n, groups, name, is_local)),
    ]
    sums = [
        SumConstraint(of, (again, no)) for (of, _), (again, _), (no, _) in zip(sessions, repeated, ended, strict=True)
    ]
    for n in intervals:
        sums += [
            SumConstraint(name(group, SESSIONS), (name(group, f"sooner than {n}"), name(group, f"not sooner than {n}")))
            for group, _ in groups
        ]
    if what != "of":
        wholes = (SESSIONS, "repeated", "not repeated", *(f"sooner than {n}" for n in intervals))
        sums += [SumConstraint(f"all {count}", tuple(name(group, count) for group, _ in groups)) for count in wholes]
    priority = ReleasePriority.POLICIES if what == "of" else ReleasePriority.PLACES
    return LinkedTables(
        (Table(table, title, tuple(columns), SESSIONS if is_local else "", priority=priority),), tuple(sums)
    )


def of_session(what: str, group: str, count: str) -> str:
    """The name of a number of sessions: of all, of a year, of a provider."""
    return f"all {count}" if what == "of" else f"{what} {group} {count}"


def _sooner(
    n: int, groups: Sequence[tuple[str, Waits]], name: Callable[[str, str], str], is_local: bool
) -> tuple[Column, ...]:
    """The share followed sooner than so many months, hidden where those seen to be, or all the others, are few."""
    seen = [next((w.seen for w in waits.within if w.months == n), 0) for _, waits in groups]
    sooner = [(name(group, f"sooner than {n}"), events) for (group, _), events in zip(groups, seen, strict=True)]
    others = [
        (name(group, f"not sooner than {n}"), waits.sessions - events)
        for (group, waits), events in zip(groups, seen, strict=True)
    ]
    few, rest = f"seen_sooner_than_{n}", f"not_seen_sooner_than_{n}"
    share = Column(
        f"sooner_than_{n}_months",
        f"Sooner than {n} months (%)",
        Role.RATE,
        tuple(_percent(waits, n) for _, waits in groups),
        of=("repeated", few, rest),
    )
    return (
        share,
        replace(counts(few, f"Seen sooner than {n} months", sooner, is_local), on_page=False),
        replace(counts(rest, f"Not seen sooner than {n} months", others, is_local), on_page=False),
    )


def _of_repeated(name: str, title: str, values: Sequence[float | None]) -> Column:
    return Column(name, title, Role.RATE, tuple(values), of=("repeated",))


def _rounded(months: float | None) -> float | None:
    return None if months is None else float(round(months))


def _percent(waits: Waits, interval: int) -> float | None:
    """In whole per cents: more would tell the numbers that it is made of."""
    share = next((w.share.value for w in waits.within if w.months == interval), None)
    return None if share is None else float(round(100 * share))


def _patient_tables(repeats: Repeats, patients: int) -> LinkedTables:
    more = "patients with more than one session"
    held = [(f"patients with {n} sessions", patients_n) for n, patients_n in repeats.per_patient]
    columns = (
        words("sessions", "Sessions", [str(n) for n, _ in repeats.per_patient]),
        counts("patients", "Patients", held, row_implies_positive=True),
    )
    parts = [name for (n, _), (name, _) in zip(repeats.per_patient, held, strict=True) if n > 1]
    sums, left = sum_with_remainder(PATIENTS, held, patients)
    table = Table("repeats-patients", "How many sessions patients had", columns, priority=ReleasePriority.MISSES)
    several = repeats.patients_with_more_than_one
    names = tuple(name for name, _ in held)
    # A patient's last session is not repeated, and each before it is.
    sums += (
        SumConstraint(f"all {SESSIONS}", names, tuple(n for n, _ in repeats.per_patient)),
        SumConstraint("all not repeated", names),
    )
    return LinkedTables((table,), (*sums, SumConstraint(more, tuple(parts))), {more: several, PATIENTS: patients}, left)


def _side_tables(repeats: Repeats) -> LinkedTables:
    """Two sessions in a row: their sides add up to the sessions that were repeated."""
    held = [(f"next one: {change}", n) for change, n in repeats.sides]
    columns = (
        words("next", "The next one was of", [change for change, _ in repeats.sides]),
        counts("times", "Times", held),
    )
    moved, left = sum_with_remainder(
        "all repeated", [("next one: at another provider", repeats.moved)], repeats.all.repeated
    )
    return LinkedTables(
        (Table("repeats-sides", "Sides of two sessions in a row", columns, priority=ReleasePriority.MISSES),),
        (SumConstraint("all repeated", tuple(name for name, _ in held)), *moved),
        {"next one: at another provider": repeats.moved},
        left,
    )
