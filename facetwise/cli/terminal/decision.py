"""Decisions as text for a person: what each policy says, why, what is missing, what comes next and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from facetwise.cli.terminal.counts import table
from facetwise.decide.decision import Decision, Finding
from facetwise.decide.summary import OUTCOMES, READ, TRUTHS, asks, changes, in_words, notes
from facetwise.guidance.safety import CONTRARY
from facetwise.language.patient import CONDITIONS
from facetwise.language.truth import Truth

_MARKS = {**TRUTHS, Truth.NOT_MET: "NOT MET"}


def render_decisions(decisions: Sequence[Decision]) -> RenderableType:
    """Every decision of one run: in full for one policy, side by side and then what to ask for several."""
    by_record: dict[str, list[Decision]] = {}
    for decision in decisions:
        by_record.setdefault(decision.record, []).append(decision)
    parts: list[RenderableType] = []
    for held in by_record.values():
        parts += [*([Text("")] if parts else []), _of_one_record(held)]
    return Group(*parts)


def _of_one_record(decisions: Sequence[Decision]) -> RenderableType:
    first = decisions[0]
    head = Text(f"{first.record}, as seen on {first.as_of.isoformat()}", style="bold")
    parts: list[RenderableType] = [head, *_first_things(first)]
    if len(decisions) == 1:
        parts.append(_in_full(first))
    else:
        parts += [Text(""), _side_by_side(decisions)]
    parts += [*_missing(decisions), *_doubts(first)]
    if len(decisions) > 1:
        parts += [Text(f"Note: {note}", style="dim") for note in notes(decisions)]
    parts.append(Text(f"\nThe contrary position: {CONTRARY.says} ({CONTRARY.cite.source.publisher})", style="dim"))
    parts.append(Text("It informs; the clinician decides.", style="dim"))
    return Group(*parts)


def _first_things(decision: Decision) -> Iterable[RenderableType]:
    for flag in decision.red_flags:
        yield Text(f"RED FLAG: {flag.says}", style="bold red")
    for hold in decision.holds:
        yield Text(f"Hold: {hold.says}", style="bold yellow")


def _in_full(decision: Decision) -> RenderableType:
    policy = decision.policy
    parts: list[RenderableType] = [
        Text(""),
        Text(f"{policy.title} ({policy.id}, version {policy.version}, {policy.steward})"),
        Text(f"Outcome: {OUTCOMES[decision.outcome]}", style="bold"),
        Text(f"Next step: {decision.next_step.says}{_because(decision)}", style="bold"),
    ]
    if decision.earliest:
        parts.append(Text(f"By time alone it would be met from {decision.earliest.isoformat()}."))
    parts.append(Text(""))
    rows = [
        (f.criterion.id, _MARKS[f.truth], f"{f.criterion.says}.{_rests_on(f)}", _place(f)) for f in decision.findings
    ]
    parts.append(table("Criteria", ("criterion", "truth", "what it asks, and what is on record", "source"), rows))
    parts += [Text(f"Note: {note}", style="dim") for note in decision.notes]
    return Group(*parts)


def _because(decision: Decision) -> str:
    named = [name for name in decision.next_step.because if name not in CONDITIONS]
    return f" ({', '.join(named)})" if named else ""


def _rests_on(finding: Finding) -> str:
    facts = [in_words(item) for item in finding.because]
    return f" On record: {'; '.join(facts)}." if facts else ""


def _place(finding: Finding) -> str:
    cite = finding.criterion.cite
    caveat = READ[cite.read]
    return cite.place + (f" ({caveat})" if caveat else "")


def _side_by_side(decisions: Sequence[Decision]) -> RenderableType:
    rows = []
    for decision in decisions:
        not_met = [f.criterion.id for f in decision.findings if f.truth is Truth.NOT_MET]
        unknown = [f.criterion.id for f in decision.findings if f.truth is Truth.UNKNOWN]
        why = "; ".join(
            part
            for part in (
                f"not met: {', '.join(not_met)}" if not_met else "",
                f"unknown: {', '.join(unknown)}" if unknown else "",
            )
            if part
        )
        step = decision.next_step.id + (f", from {decision.earliest.isoformat()}" if decision.earliest else "")
        rows.append((decision.policy.id, decision.outcome.value, why or "every criterion is met", step))
    return table("Policies", ("policy", "outcome", "because", "next step"), rows)


def _missing(decisions: Sequence[Decision]) -> Iterable[RenderableType]:
    for head, part in asks(decisions):
        if part:
            yield Text(f"\n{head}", style="bold")
        for ask in part:
            some = len(ask.policies) < len(decisions)
            whom = f" ({len(ask.policies)} of {len(decisions)} policies)" if some else ""
            yield Padding(Text(f"- {ask.ask}{whom}"), (0, 0, 0, 2))


def _doubts(decision: Decision) -> Iterable[RenderableType]:
    if decision.contradictions:
        yield Text("\nThe record contradicts itself", style="bold")
    for doubt in decision.contradictions:
        yield Padding(Text(f"- {doubt.says} ({', '.join(doubt.places)})"), (0, 0, 0, 2))


def render_what_if(before: Sequence[Decision], after: Sequence[Decision], supposed: Sequence[str]) -> RenderableType:
    """What putting some facts otherwise changes: outcomes, next steps and criteria, policy by policy."""
    rows = []
    for old, new in zip(before, after, strict=True):
        changed = [f"{change.criterion}: {change.before} -> {change.after}" for change in changes(old, new)]
        step = _arrow(old.next_step.id, new.next_step.id)
        rows.append(
            (new.policy.id, _arrow(old.outcome.value, new.outcome.value), step, "; ".join(changed) or "nothing")
        )
    head = Text(
        f"{before[0].record}, as seen on {after[0].as_of.isoformat()}, if {' and '.join(supposed)}", style="bold"
    )
    side = table("What changes", ("policy", "outcome", "next step", "criteria"), rows)
    return Group(head, *_first_things(after[0]), Text(""), side, *_missing(after))


def _arrow(old: str, new: str) -> str:
    return new if old == new else f"{old} -> {new}"
