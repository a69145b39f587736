"""Why a block does not qualify under a policy, and what about the way it was done a policy objects to, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from facetwise.decide.evaluate_patient import Row, reliefs, truth
from facetwise.decide.fact_labels import name_in_answers, question_for
from facetwise.guidance.policies import bcbs_nd
from facetwise.guidance.requirements import LOCAL_ANAESTHETIC_ONLY
from facetwise.guidance.safety import SAFETY_NOTES
from facetwise.guidance.sources import RADICAL
from facetwise.language import patient as p
from facetwise.language.citation import Cite
from facetwise.language.events import IsTrue, Near, ReliefAtLeast, WithinLast
from facetwise.language.expressions import All, Fact, Test, facts_of
from facetwise.language.policy import BlockRule, Policy
from facetwise.language.truth import Truth

MOST_ML, USUAL_ML = Decimal(1), Decimal("0.5")
_SHORT = {
    p.block_kind: "It is not of the kind that the policy takes",
    p.block_region: "It was done in another region than the one asked for",
    p.block_levels: "It was done at other levels than those asked for",
    p.block_sides: "It was done on another side than the one asked for",
    p.block_steroid: "It held steroid, and the policy takes local anaesthetic only",
}


@dataclass(frozen=True)
class BlockFlag:
    """Something about how a block was done that somebody minds: what, who, and where that is written."""

    about: str
    says: str
    cite: Cite


def why_not(rule: BlockRule, row: Row) -> tuple[str, ...]:
    """Each part of the rule that the block does not meet, or that is unknown, as a sentence."""
    parts = (*_parts(rule.conditions.where), *_parts(rule.response))
    reasons = [_reason(part, found, row) for part in parts if (found := truth(part, row)) is not Truth.MET]
    if row.event is not None and row.event.values["blocks.date"] is None:
        reasons.append("Its day is not recorded.")
    return tuple(dict.fromkeys(reasons))


def flags(row: Row, policies: Iterable[Policy]) -> tuple[BlockFlag, ...]:
    """Steroid, sedation, volume and agent, where a policy that is shown or the guidance minds."""
    shown = tuple(policies)
    return (*_steroid(row, shown), *_sedation(row), *_volume(row), *_agent(row, shown))


def _parts(test: Test) -> tuple[Test, ...]:
    """What a test asks for one by one."""
    if isinstance(test, All):
        return tuple(part for inner in test.tests for part in _parts(inner))
    return (test,)


def _reason(part: Test, found: Truth, row: Row) -> str:
    walked = part.walk()
    relief = next((inner for inner in walked if isinstance(inner, ReliefAtLeast)), None)
    recent = next((inner for inner in walked if isinstance(inner, WithinLast)), None)
    if relief is not None:
        return _of_relief(relief.percent.value, found, row)
    if recent is not None:
        return f"It is more than {recent.span} old." if found is Truth.NOT_MET else "Its day is not recorded."
    if any(isinstance(inner, Near) for inner in walked):
        near = "It was done within 28 days after an injection into the joint"
        return f"{near}." if found is Truth.NOT_MET else f"{near}, or it cannot be told."
    if any(isinstance(inner, IsTrue) and inner.flag == p.block_positive for inner in walked):
        judged = "The clinician did not judge it positive." if found is Truth.NOT_MET else ""
        return judged or "Not known yet: whether the clinician judges it positive. The policy sets no percentage."
    if found is Truth.NOT_MET:
        fact = next((fact for fact in facts_of(part) if fact in _SHORT), None)
        return f"{_SHORT[fact]}." if fact is not None else "It does not meet a condition of the policy."
    return "Not known yet: " + _ask(part, row)


def _ask(part: Test, row: Row) -> str:
    facts: tuple[Fact, ...] = facts_of(part)
    missing = [fact for fact in facts if row.value(fact.name) in (None, ())] or list(facts)
    return question_for(name_in_answers(missing[0].name))


def _of_relief(percent: int, found: Truth, row: Row) -> str:
    stated, computed = reliefs(row)
    values = [
        f"{percent_text(value)} % {how}"
        for value, how in ((stated, "as stated"), (computed, "as computed from the scores"))
        if value is not None
    ]
    if not values:
        return f"Not known yet: the relief. The policy asks for {percent} % or more."
    if found is Truth.UNKNOWN:
        return f"The relief is {' and '.join(values)}: on both sides of the {percent} % that the policy asks for."
    return f"The relief is {' and '.join(values)}: the policy asks for {percent} % or more."


def percent_text(value: Decimal) -> str:
    """A percentage to one decimal, never rounded up: 79.96 is 79.9."""
    cut = value.quantize(Decimal("0.1"), "ROUND_FLOOR")
    return f"{cut.normalize():f}"


def _steroid(row: Row, policies: Iterable[Policy]) -> Iterable[BlockFlag]:
    steroid = cast(bool | None, row.value("blocks.steroid"))
    if steroid is False:
        return
    for policy in policies:
        for criterion in policy.criteria:
            rule = criterion.block
            if rule is not None and LOCAL_ANAESTHETIC_ONLY in _parts(rule.conditions.where):
                says = "takes blocks with local anaesthetic only"
                steroid_text = "This block held steroid" if steroid else "Whether this block held steroid is not known"
                yield BlockFlag("steroid", f"{steroid_text}: {policy.id} {says}.", criterion.cite)


def _sedation(row: Row) -> Iterable[BlockFlag]:
    if row.value("blocks.sedation") is True:
        yield BlockFlag(
            "sedation",
            "This block was done under sedation: its response may be a false positive.",
            Cite(SAFETY_NOTES, "sedation: blocks"),
        )
    elif row.value("blocks.sedation") is None:
        yield BlockFlag(
            "sedation",
            "Whether there was sedation is not known: with it, the response may be a false positive.",
            Cite(SAFETY_NOTES, "sedation: blocks"),
        )


def _volume(row: Row) -> Iterable[BlockFlag]:
    volume = cast(Decimal | None, row.value("blocks.volume_ml"))
    if volume is None or volume <= USUAL_ML:
        return
    over = "More than 0.5 ml for each nerve: it may have numbed more than the medial branch."
    yield BlockFlag(
        "volume", over, Cite(SAFETY_NOTES, "volume of local anaesthetic: at most 0.5 ml by secondary sources")
    )
    if volume > MOST_ML:
        says = "More than 1 ml for each nerve: the RADICAL trial allows at most 1 ml."
        yield BlockFlag("volume", says, Cite(RADICAL, "diagnostic block: volume"))


def _agent(row: Row, policies: Iterable[Policy]) -> Iterable[BlockFlag]:
    if bcbs_nd.POLICY in tuple(policies):
        agent = "The agent is not recorded. " if row.value("blocks.agent") is None else ""
        says = f"{agent}bcbs-nd asks that relief lasts as long as the agent does: compare the hours, and judge."
        yield BlockFlag("agent", says, Cite(bcbs_nd.SOURCE, "criteria: blocks"))
