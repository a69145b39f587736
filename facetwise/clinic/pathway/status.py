"""Where each patient stands: the stage, the next step, who holds it, the date, and until when that is true."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from facetwise.clinic.block.blocks import SCHEDULE
from facetwise.clinic.model.clinic_record import Clinic, FollowUp, clinic_of
from facetwise.clinic.model.dates_text import day_and_month
from facetwise.clinic.procedure.checklist import unrecorded
from facetwise.decide.decision import Decision, decide_as_of
from facetwise.decide.earliest_date import turning_days
from facetwise.decide.evaluate_patient import choose
from facetwise.decide.record_as_of import RecordAsOf, record_as_of
from facetwise.library import policy
from facetwise.record.parse import record_of
from facetwise.record.record import Block, Record

NEVER = date(9999, 12, 31)
RECOVERY_DAYS = 42
"""The first look at the result stands at six weeks; until then it is recovery."""
FOLLOWED_DAYS = 400
"""The last planned look stands at twelve months; somewhat later the course of a denervation is over."""
SHEET_DAYS = 1
"""The sheet of a block ends with the next morning."""
HALF = 50
"""Relief of half the pain, under which relief is said to have ended."""
STAGES = {
    "information": "Information and choice",
    "work-up": "Work-up",
    "block": "Diagnostic block",
    "preparation": "Preparation",
    "recovery": "Recovery",
    "follow-up": "Follow-up",
    "repeat": "Repeat",
    "ended": "Ended",
}
HOLDERS = {"patient": "Patient", "clinician": "Clinician", "coordinator": "Coordinator", "referrer": "Referrer"}
_HELD_BY = {
    "diagnostic-block": "coordinator",
    "second-diagnostic-block": "coordinator",
    "wait": "coordinator",
    "conservative-care": "referrer",
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(T.*)?")
_TURNS = (0, 1, SHEET_DAYS + 1, RECOVERY_DAYS, FOLLOWED_DAYS)
TELLING = "3"
"""The version of the lines' words. Change it whenever `listed` changes, so that every stored line is renewed."""
_NOTHING = "Nothing more is planned."


@dataclass(frozen=True)
class Next:
    """What comes next: its id and words, who holds it, the day (NEVER for none) and what the day is."""

    stage: str
    step: str
    says: str
    holder: str
    day: date = NEVER
    day_is: str = ""


@dataclass(frozen=True)
class Listed:
    """One patient on the list. rank: 0 an alert, 1 a red flag, 2 a hold, 5 on the way, 9 ended. until: renewed on that day."""

    name: str
    search: str
    rank: int
    next: Next
    flags: tuple[str, ...]
    policy: str
    outcome: str
    until: date


def listed(document: Mapping[str, Any], own_policy: str, today: date) -> Listed:
    """One patient's row as of a day. own_policy: the clinic's, where the patient has none. Errors: InputError."""
    record, clinic = record_of(document, "the record"), clinic_of(document)
    as_of = record_as_of(record, today)
    governing = policy(clinic.policy or own_policy)
    decision = decide_as_of(as_of, governing, record.id or "")
    rank, comes = _next(record, clinic, decision, as_of)
    return Listed(
        name=clinic.name or record.id or "",
        search=" ".join(filter(None, (clinic.name, record.id, clinic.hospital_number))).lower()[:600],
        rank=rank,
        next=comes,
        flags=_flags(clinic, decision),
        policy=governing.id,
        outcome=decision.outcome.value,
        until=_until(document, governing.id, as_of, today),
    )


def _next(record: Record, clinic: Clinic, decision: Decision, as_of: RecordAsOf) -> tuple[int, Next]:
    now = Standing.of(record, clinic, decision, as_of)
    open_alerts = [alert for alert in clinic.alerts if alert.seen_at is None]
    stage = _stage(now)
    if open_alerts:
        first = min(open_alerts, key=lambda alert: alert.at)
        says = "A warning sign was ticked: call now, and see to the alert."
        return 0, Next(stage, "see-to-alert", says, "clinician", first.at.date(), "due")
    step = decision.next_step
    if step.id == "urgent-referral":
        return 1, Next(stage, step.id, step.says, "clinician")
    if begun := _begun(stage, now):
        return begun
    if stage == "ended":
        says = clinic.plan.why_ended or ("The patient chose not to go on." if clinic.choice == "no" else _NOTHING)
        return 9, Next(stage, "ended", says, "clinician")
    if stage in ("recovery", "follow-up"):  # no needle is the next step, whatever holds one
        return 5, _as_planned(_looked_after(stage, now), clinic)
    if step.id == "resolve-hold":
        return 2, _as_planned(_booked(stage, now, is_held=True) or Next(stage, step.id, step.says, "clinician"), clinic)
    return 5, _as_planned(_of_stage(stage, now), clinic)


@dataclass(frozen=True)
class Standing:
    """What the stage and the step follow from. done: the latest denervation of the region asked for, by its place.

    since: its day; blocks and bookings before it belong to what is over.
    """

    record: Record
    clinic: Clinic
    decision: Decision
    as_of: RecordAsOf
    done: int | None
    since: date | None

    @staticmethod
    def of(record: Record, clinic: Clinic, decision: Decision, as_of: RecordAsOf) -> Standing:
        """A denervation of another region is another course of care; one without a region may be of this."""
        region = record.request.region
        done_by_day = [
            (done.date, place)
            for place, done in enumerate(record.denervations)
            if done.date and done.date <= as_of.today and (not region or not done.region or done.region == region)
        ]
        since, place = max(done_by_day, default=(None, None))
        return Standing(record, clinic, decision, as_of, place, since)

    @property
    def today(self) -> date:
        return self.as_of.today

    def is_after(self, day: date | None) -> bool:
        """Whether a day belongs to what goes on now, not to what ended with the latest denervation."""
        return day is not None and (self.since is None or day > self.since)

    @property
    def blocks(self) -> list[int]:
        """Places of the blocks of now."""
        blocks = enumerate(self.record.blocks)
        return [
            n
            for n, b in blocks
            if (b.date is None and self.since is None) or (self.is_after(b.date) and _past(b, self))
        ]

    @property
    def looks(self) -> list[FollowUp]:
        """The planned looks at the latest denervation that are not done, the first first."""
        ours = (look for look in self.clinic.follow_ups if look.denervation == self.done and look.done is None)
        return sorted(ours, key=lambda look: look.due)

    @property
    def begun(self) -> int | None:
        """The place of a procedure that was begun and of which no lesion is written down."""
        return unrecorded(self.clinic, self.today)

    @property
    def booked_block(self) -> date | None:
        day = self.clinic.block_booked
        return day if self.is_after(day) else None

    @property
    def booked_procedure(self) -> date | None:
        """The booked procedure, unless one of about that day was begun and stopped."""
        day = self.clinic.procedure_booked
        stopped = any(
            p.stopped and p.planned and day and abs((p.planned - day).days) <= 1 for p in self.clinic.procedures
        )
        return day if self.is_after(day) and not stopped else None


def _begun(stage: str, now: Standing) -> tuple[int, Next] | None:
    """A procedure that was begun and of which nothing is written down: whatever was done is recorded first.

    A hold still comes first on the list, with the same words behind it.
    """
    place = now.begun
    if place is None:
        return None
    procedure = now.clinic.procedures[place]
    day = procedure.planned or now.today
    says = f"Procedure of {day_and_month(day)} begun: record the nerves."
    step = now.decision.next_step
    if step.id == "resolve-hold":
        return 2, Next(stage, step.id, f"{step.says} {says}", "clinician", day, "due")
    return 5, Next(stage, "record-nerves", says, "clinician", day, "due")


def _past(block: Block, now: Standing) -> bool:
    return block.date is not None and block.date <= now.today


def _stage(now: Standing) -> str:
    clinic, step = now.clinic, now.decision.next_step.id
    if now.begun is not None:
        return "preparation"
    if clinic.plan.ended or clinic.choice == "no":
        return "ended"
    anew = now.since is None or now.is_after(now.record.request.date) or _long_over(now)
    if now.booked_procedure:
        return "preparation"
    if now.booked_block and not _done_as_booked(now):
        return "block"
    if now.since is not None and not now.blocks:
        if now.today < now.since + timedelta(days=RECOVERY_DAYS) and not now.is_after(now.record.request.date):
            return "recovery"
        if step == "repeat-denervation" and (now.is_after(now.record.request.date) or _relief_ended(now)):
            return "repeat"
        if not anew:
            return "follow-up"
    if step in ("offer-denervation", "repeat-denervation"):
        return "repeat" if now.since is not None else "preparation"
    if now.blocks or step in ("diagnostic-block", "second-diagnostic-block"):
        return "block"
    return "work-up" if clinic.informed else "information"


def _done_as_booked(now: Standing) -> bool:
    """Whether a block was done on the booked day or after it."""
    booked = now.booked_block
    return booked is not None and any((now.record.blocks[n].date or date.min) >= booked for n in now.blocks)


def _long_over(now: Standing) -> bool:
    """Whether the latest denervation is past its follow-up, and no look at it is left."""
    return now.since is not None and not now.looks and now.today >= now.since + timedelta(days=FOLLOWED_DAYS)


def _relief_ended(now: Standing) -> bool:
    """Whether the last reading after the latest denervation is under half, and one before it was not."""
    assert now.done is not None
    relief = now.record.denervations[now.done].relief or ()
    readings = sorted((r.date, r.percent) for r in relief if r.date and r.date <= now.today and r.percent is not None)
    return bool(readings) and readings[-1][1] < HALF and any(percent >= HALF for _, percent in readings)


def _looked_after(stage: str, now: Standing) -> Next:
    """After a denervation: the next look at its result; where none is planned, what the policy says of waiting."""
    if now.looks:
        look = now.looks[0]
        return Next(stage, "follow-up", f"Follow-up: {look.name}.", "coordinator", look.due, "due")
    if not any(look.denervation == now.done for look in now.clinic.follow_ups):
        return Next(stage, "follow-up", "Plan the follow-up.", "coordinator")
    step, day = now.decision.next_step, now.decision.earliest
    if step.id == "wait" and day is not None:
        return Next(stage, step.id, step.says, "coordinator", day, "possible")
    return Next(stage, "follow-up", "No review is due: plan one if it is needed.", "coordinator")


def _of_stage(stage: str, now: Standing) -> Next:
    step = now.decision.next_step
    if booked := _booked(stage, now):
        return booked
    if stage == "block" and (awaited := _awaited(stage, now)):
        return awaited
    if now.clinic.choice == "not-now" and step.id not in ("collect-evidence", "out-of-scope", "not-supported"):
        return Next(stage, "patient-decides", "The patient does not want to go on now. Ask again.", "patient")
    day = now.decision.earliest or _second_block_from(now.decision, now.as_of)
    holder = _HELD_BY.get(step.id, "clinician")
    return Next(stage, step.id, step.says, holder, day or NEVER, "possible" if day else "")


def _booked(stage: str, now: Standing, is_held: bool = False) -> Next | None:
    """A booked appointment; once its day is past and nothing is recorded, recording it is due. is_held: a hold stands against it."""
    what, booked = ("procedure", now.booked_procedure) if stage == "preparation" else ("block", now.booked_block)
    if stage not in ("preparation", "block") or booked is None:
        return None
    if stage == "block" and _done_as_booked(now):
        return None
    if booked < now.today:
        return Next(stage, f"record-{what}", f"The booked {what} is past: record it.", "clinician", booked, "due")
    if is_held:
        says = f"{now.decision.next_step.says} The {what} is booked."
        return Next(stage, "resolve-hold", says, "clinician", booked, "due")
    return Next(stage, f"{what}-booked", f"The {what} is booked.", "coordinator", booked, "booked")


def _awaited(stage: str, now: Standing) -> Next | None:
    """The scores of the latest block, while it is not judged: awaited until the next morning, then asked for."""
    if not now.blocks:
        return None
    place = max(now.blocks, key=lambda n: (now.record.blocks[n].date or date.min, n))
    block = now.record.blocks[place]
    if block.date is None or block.positive is not None or block.stated_relief_percent is not None:
        return None
    due = block.date + timedelta(days=SHEET_DAYS)
    minutes = {after.minutes for after in block.after or ()}
    if now.today <= due:
        full = minutes.issuperset(SCHEDULE)
        return (
            None
            if full
            else Next(stage, "await-scores", "The scores after the block are awaited.", "patient", due, "due")
        )
    if not minutes:
        return Next(
            stage, "ask-scores", "No score after the block is recorded: ask the patient.", "coordinator", due, "due"
        )
    return None


def _second_block_from(decision: Decision, as_of: RecordAsOf) -> date | None:
    """The first day on which a further block is far enough from those that qualify."""
    if decision.next_step.id != "second-diagnostic-block":
        return None
    days = []
    for criterion in decision.policy.criteria:
        if criterion.block is not None and criterion.block.n > 1:
            sure = choose(criterion.block.qualifying, as_of).sure
            days_held = [event.values["blocks.date"] for event in sure]
            days += [day + timedelta(days=criterion.block.days_apart) for day in days_held if isinstance(day, date)]
    return max(days, default=None)


def _as_planned(comes: Next, clinic: Clinic) -> Next:
    """What the clinic agreed for this step stands beside what follows: it moves no booking and hides no date."""
    plan = clinic.plan
    if not plan.holds_for(comes.step):
        return comes
    says = f"{comes.says} {plan.note}" if plan.note else comes.says
    day, day_is = comes.day, comes.day_is
    if plan.due is not None and (day_is not in ("due", "booked") or (day_is == "due" and plan.due < day)):
        day, day_is = plan.due, "due"
    return Next(comes.stage, comes.step, says, plan.holder or comes.holder, day, day_is)


def _flags(clinic: Clinic, decision: Decision) -> tuple[str, ...]:
    alerts = [sign for alert in clinic.alerts if alert.seen_at is None for sign in alert.signs]
    return (
        *(f"Alert: {sign.replace('-', ' ')}" for sign in alerts),
        *(f"Red flag: {flag.id.replace('_', ' ')}" for flag in decision.red_flags),
        *(f"Hold: {hold.id.replace('_', ' ')}" for hold in decision.holds),
    )


def _until(document: Mapping[str, Any], policy_id: str, as_of: RecordAsOf, today: date) -> date:
    """The first later day on which anything here could differ."""
    recorded = (
        day + timedelta(days=more)
        for day in _days(document)
        for more in _TURNS
        if day < NEVER - timedelta(FOLLOWED_DAYS + 1)
    )
    turning = (*recorded, *turning_days(policy(policy_id), as_of))
    return min((day for day in turning if day > today), default=NEVER)


def _days(value: object) -> Iterable[date]:
    """Every day written anywhere in a document, alone or with its time; words that only begin like one are none."""
    match value:
        case str():
            if _DAY.fullmatch(value):
                with suppress(ValueError):
                    yield date.fromisoformat(value[:10])
        case Mapping():
            for held in value.values():
                yield from _days(held)
        case list() | tuple():
            for held in value:
                yield from _days(held)
