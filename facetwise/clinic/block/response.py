"""What a block showed: the relief, how long it lasted, what each policy makes of it, and what follows.

Relief and verdicts are those of `decide`; nothing here computes them a second way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from facetwise.clinic.block.blocks import block_at, sheet_of
from facetwise.clinic.block.explain import BlockFlag, flags, why_not
from facetwise.clinic.model.clinic_record import clinic_of
from facetwise.clinic.model.entry_timing import Timing, timing
from facetwise.decide.decision import Decision, criterion_truth, decide_as_of
from facetwise.decide.evaluate_patient import Row, relief_at_least, reliefs, truth
from facetwise.decide.next_step import Step
from facetwise.decide.record_as_of import Event, RecordAsOf, record_as_of
from facetwise.language.events import ReliefAtLeast
from facetwise.language.policy import Policy, PolicyCriterion
from facetwise.language.truth import Truth
from facetwise.record.parse import record_of
from facetwise.record.record import After, Block

_NOWHERE = RecordAsOf(date.min, {}, {}, frozenset())


@dataclass(frozen=True)
class ReliefDuration:
    """How long the relief was at least so many percent: from and to which minute, and whether it had ended by then.

    As with the best score that is held, two scores in a row have to reach it, or the only one there is.
    first: None where they did not. ended: the first minute at which it was less again; None where the last score
    still had it, so that it may have lasted longer.
    """

    percent: int
    first: Decimal | None
    last: Decimal | None
    ended: Decimal | None

    @property
    def hours(self) -> Decimal | None:
        """From the block to the last score that still had it."""
        return None if self.last is None else self.last / 60


@dataclass(frozen=True)
class Verdict:
    """What one policy makes of one block, of a criterion that applies. finding: of the whole criterion, which may ask for
    more than one block."""

    policy: Policy
    criterion: PolicyCriterion
    truth: Truth
    reasons: tuple[str, ...]
    finding: Truth


@dataclass(frozen=True)
class Response:
    """What is known of how the patient answered to one block. computed: percent, unrounded; None: not computable."""

    before: Decimal | None
    best: Decimal | None
    computed: Decimal | None
    stated: Decimal | None
    counts: Mapping[Timing, int]
    lasted: tuple[ReliefDuration, ...]
    verdicts: tuple[Verdict, ...]
    flags: tuple[BlockFlag, ...]
    unseen: bool = False

    @property
    def readings_n(self) -> int:
        return sum(self.counts.values())


def response(document: Mapping[str, Any], place: int, policies: Iterable[Policy], today: date) -> Response:
    """The response of the block at that place, judged by each of the policies on that day."""
    shown = tuple(policies)
    as_of = record_as_of(record_of(document, "the record"), today)
    event = _event(as_of, place)
    readings = sheet_of(clinic_of(document), place).readings
    counts = {kind: sum(timing(r.felt_at, r.entered_at) is kind for r in readings) for kind in Timing}
    if event is None:
        return Response(None, None, None, None, counts, (), (), (), unseen=True)
    stated, computed = reliefs(Row(as_of, event))
    timed = _timed(block_at(document, place))
    return Response(
        before=cast(Decimal | None, event.values["blocks.before"]),
        best=cast(Decimal | None, event.values["blocks.best_after"]),
        computed=computed,
        stated=stated,
        counts=counts,
        lasted=tuple(_lasted(percent, event, timed) for percent in _asked_percents(shown)),
        verdicts=tuple(verdict for policy in shown for verdict in _verdicts(policy, as_of, event)),
        flags=flags(Row(as_of, event), shown),
    )


def next_step_of(document: Mapping[str, Any], policy: Policy, today: date) -> Step:
    """What the policy says comes next for this patient."""
    return decided(document, policy, today).next_step


def decided(document: Mapping[str, Any], policy: Policy, today: date) -> Decision:
    """The whole answer of the policy."""
    record = record_of(document, "the record")
    return decide_as_of(record_as_of(record, today), policy, record.id or "")


def _event(as_of: RecordAsOf, place: int) -> Event | None:
    """The block as it can be seen on the day; None where it is dated later."""
    return next((event for event in as_of.events["blocks"] if event.place == f"blocks[{place}]"), None)


def _asked_percents(policies: Iterable[Policy]) -> tuple[int, ...]:
    """The percentages that the policies ask of a block."""
    return tuple(
        sorted(
            {
                part.percent.value
                for policy in policies
                for criterion in policy.criteria
                if criterion.block is not None
                for part in criterion.block.response.walk()
                if isinstance(part, ReliefAtLeast)
            }
        )
    )


def _lasted(percent: int, event: Event, readings: Iterable[After]) -> ReliefDuration:
    """From the first of two scores in a row with so much relief, over those that follow without a gap, to the first with less."""
    every = tuple(readings)
    run: list[Decimal | None] = []
    for reading in every:
        if relief_at_least(percent, Row(_NOWHERE, _alone(event, reading))) is Truth.MET:
            run.append(reading.minutes)
        elif len(run) > 1:
            return ReliefDuration(percent, run[0], run[-1], reading.minutes)
        else:
            run = []
    is_enough = len(run) > 1 or len(every) == 1
    return (
        ReliefDuration(percent, run[0], run[-1], None)
        if run and is_enough
        else ReliefDuration(percent, None, None, None)
    )


def _alone(event: Event, reading: After) -> Event:
    """The block as if that score were the only one, and nothing were stated."""
    return Event(event.place, {"blocks.before": event.values["blocks.before"], "blocks.best_after": reading.score})


def _timed(block: Block) -> tuple[After, ...]:
    """The scores of a block in their order; none where one has no minute."""
    after = block.after or ()
    if any(reading.minutes is None for reading in after):
        return ()
    return tuple(sorted(after, key=lambda reading: reading.minutes or Decimal(0)))


def _verdicts(policy: Policy, as_of: RecordAsOf, event: Event) -> Iterable[Verdict]:
    for criterion in policy.criteria:
        rule, whole = criterion.block, criterion_truth(criterion, as_of)
        if rule is not None and whole is not None:
            row = Row(as_of, event)
            found = truth(rule.qualifying.where, row)
            reasons = () if found is Truth.MET else why_not(rule, row)
            yield Verdict(policy, criterion, found, reasons, whole)
