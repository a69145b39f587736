"""The next step: the first line that applies of a fixed table (docs/reference/answers.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from facetwise.decide.evaluate_patient import choose, truth
from facetwise.decide.record_as_of import RecordAsOf
from facetwise.guidance.requirements import OF_THE_REGION, denervations
from facetwise.language.events import AtLeast
from facetwise.language.policy import BlockRule, Kind, Policy, PolicyCriterion
from facetwise.language.truth import Truth

SAYS = {
    "urgent-referral": "A spinal red flag is present: refer urgently. It outranks every policy.",
    "resolve-hold": "Something holds any block or procedure: resolve it first.",
    "out-of-scope": "Outside the policy: the age, the region or the technique is not one that it covers.",
    "no-further-intervention": "The response to the block was prolonged: the policy asks for no further intervention.",
    "conservative-care": "Conservative care first: it was not tried, or has helped.",
    "wait": "Wait: a time that the policy asks for has not passed yet.",
    "specialist-assessment": "Have the source of the pain assessed by a specialist.",
    "not-supported": "The policy does not support it on what is recorded.",
    "diagnostic-block": "A diagnostic medial branch block is the next step.",
    "second-diagnostic-block": "A second block is the next step: two that qualify are not there yet.",
    "collect-evidence": "Collect what is missing first.",
    "offer-denervation": "The policy is met: the clinician may offer the denervation.",
    "repeat-denervation": "The policy is met: the clinician may offer to repeat the denervation.",
}
_DENERVATED_BEFORE = AtLeast(1, denervations(OF_THE_REGION))
_ASKED_FIRST = {"diagnostic-block", "second-diagnostic-block", "offer-denervation", "repeat-denervation"}


@dataclass(frozen=True)
class Step:
    """What comes next, and because of which criteria or conditions."""

    id: str
    because: tuple[str, ...]

    @property
    def says(self) -> str:
        return SAYS[self.id]


def next_step(
    policy: Policy,
    record: RecordAsOf,
    truths: Mapping[str, Truth | None],
    red_flags: Mapping[str, Truth],
    safety: Mapping[str, Truth],
) -> Step:
    """The next step. truths: of each criterion by its id, None where it does not apply."""
    step = _first(policy, record, truths, _with(Truth.MET, red_flags), _with(Truth.MET, safety))
    unasked = (*_with(Truth.UNKNOWN, red_flags), *_with(Truth.UNKNOWN, safety))
    if unasked and step.id in _ASKED_FIRST:
        return Step("collect-evidence", unasked)
    if step.id == "collect-evidence":
        return Step("collect-evidence", (*step.because, *unasked))
    return step


def _with(sought: Truth, held: Mapping[str, Truth]) -> tuple[str, ...]:
    return tuple(name for name, said in held.items() if said is sought)


def _first(
    policy: Policy,
    record: RecordAsOf,
    truths: Mapping[str, Truth | None],
    red_flags: tuple[str, ...],
    holds: tuple[str, ...],
) -> Step:
    if red_flags:
        return Step("urgent-referral", red_flags)
    if holds:
        return Step("resolve-hold", holds)
    failed = [criterion for criterion in policy.criteria if truths[criterion.id] is Truth.NOT_MET]
    if scope := _of(Kind.SCOPE, failed):
        return Step("out-of-scope", scope)
    if policy.stops is not None and truth(policy.stops, record.row) is Truth.MET:
        return Step("no-further-intervention", ("block_prolonged",))
    for kind, step in (
        (Kind.CONSERVATIVE_CARE, "conservative-care"),
        (Kind.DURATION, "wait"),
        (Kind.ASSESSMENT, "specialist-assessment"),
        (Kind.BAR, "not-supported"),
    ):
        if because := _of(kind, failed):
            return Step(step, because)
    blocks = [_block_step(criterion, record) for criterion in failed if criterion.kind is Kind.BLOCK]
    for wanted in ("not-supported", "diagnostic-block", "second-diagnostic-block"):
        if because := tuple(step.because[0] for step in blocks if step.id == wanted):
            return Step(wanted, because)
    if time := _of(Kind.TIME, failed):
        return Step("wait", time)
    if unknown := tuple(name for name, said in truths.items() if said is Truth.UNKNOWN):
        return Step("collect-evidence", unknown)
    earlier = truth(_DENERVATED_BEFORE, record.row) is Truth.MET
    return Step("repeat-denervation" if earlier else "offer-denervation", ())


def _of(kind: Kind, criteria: Sequence[PolicyCriterion]) -> tuple[str, ...]:
    return tuple(criterion.id for criterion in criteria if criterion.kind is kind)


def _block_step(criterion: PolicyCriterion, record: RecordAsOf) -> Step:
    """Of a block criterion that is not met: fell short, or wanting."""
    assert criterion.block is not None
    rule = criterion.block
    wanting = truth(rule.test(), record.row) is Truth.NOT_MET
    spent = rule.only is not None and bool(choose(rule.only, record).sure)
    if not wanting or spent or fell_short(rule, record):
        return Step("not-supported", (criterion.id,))
    one_of_two = rule.n > 1 and choose(rule.qualifying, record).sure
    return Step("second-diagnostic-block" if one_of_two else "diagnostic-block", (criterion.id,))


def fell_short(rule: BlockRule, record: RecordAsOf) -> bool:
    """Whether a block of the right kind, place, agent and date did not bring the response that is asked."""
    return any(
        truth(rule.response, record.row_of(event)) is Truth.NOT_MET for event in choose(rule.conditions, record).sure
    )
