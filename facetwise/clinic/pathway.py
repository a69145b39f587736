"""Where each patient stands: the stage, the next step, who holds it, the date, and until when that is true."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from facetwise.clinic.kept import Clinic, clinic_of
from facetwise.decide.decision import Decision, decide_view
from facetwise.decide.earliest import turning_days
from facetwise.decide.patient import choose
from facetwise.decide.view import View, view
from facetwise.guidance.library import policy
from facetwise.record.reading import record_of
from facetwise.record.record import Record

NEVER = date(9999, 12, 31)
RECOVERY_DAYS = 42
"""The first look at the result stands at six weeks; until then it is recovery (dossier E, clinic-notes 5.2)."""
SHEET_DAYS = 1
"""The sheet of a block ends with the next morning."""
HALF = 50
"""Relief of half the pain, under which relief is said to have ended (dossier E)."""
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
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TURNS = (0, 1, SHEET_DAYS + 1, RECOVERY_DAYS)


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
    """One patient on the list. rank: 0 an alert, 1 a red flag, 2 a hold, 5 on the way, 9 ended. until: told anew then."""

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
    seen = view(record, today)
    governing = policy(clinic.policy or own_policy)
    decision = decide_view(seen, governing, record.id or "")
    rank, comes = _next(record, clinic, decision, seen)
    return Listed(
        name=clinic.name or record.id or "",
        search=" ".join(filter(None, (clinic.name, record.id, clinic.hospital_number))).lower()[:600],
        rank=rank,
        next=_as_planned(comes, clinic),
        flags=_flags(clinic, decision),
        policy=governing.id,
        outcome=decision.outcome.value,
        until=_until(document, governing.id, seen, today),
    )


def _next(record: Record, clinic: Clinic, decision: Decision, seen: View) -> tuple[int, Next]:
    open_alerts = [alert for alert in clinic.alerts if alert.seen_at is None]
    stage = _stage(record, clinic, decision, seen.today)
    if open_alerts:
        first = min(open_alerts, key=lambda alert: alert.at)
        says = "The patient ticked a warning sign: call now, and see to the alert."
        return 0, Next(stage, "see-to-alert", says, "clinician", first.at.date(), "due")
    step = decision.next_step
    if step.id in ("urgent-referral", "resolve-hold"):
        return 1 if decision.red_flags else 2, Next(stage, step.id, step.says, "clinician")
    if stage == "ended":
        return 9, Next(stage, "ended", clinic.plan.why_ended or "Nothing more is planned.", "clinician")
    return 5, _of_stage(stage, record, clinic, decision, seen)


def _stage(record: Record, clinic: Clinic, decision: Decision, today: date) -> str:
    if clinic.plan.ended or clinic.choice == "no":
        return "ended"
    done = _latest(denervation.date for denervation in record.denervations)
    past_done = done is not None and done <= today
    if past_done and done is not None:
        if today < done + timedelta(days=RECOVERY_DAYS):
            return "recovery"
        asked_anew = record.request.date is not None and record.request.date > done
        wanted = decision.next_step.id == "repeat-denervation" and (asked_anew or _relief_ended(record, today))
        return "repeat" if wanted else "follow-up"
    if clinic.procedure_booked or decision.next_step.id == "offer-denervation":
        return "preparation"
    blocks = [block for block in record.blocks if block.date is None or block.date <= today]
    if blocks or clinic.block_booked or decision.next_step.id in ("diagnostic-block", "second-diagnostic-block"):
        return "block"
    return "work-up" if clinic.informed else "information"


def _relief_ended(record: Record, today: date) -> bool:
    """Whether the last reading after the latest denervation is under half, and one before it was not."""
    dated = [done for done in record.denervations if done.date and done.date <= today]
    latest = max(dated, key=lambda done: done.date or today)
    readings = sorted((r.date, r.percent) for r in latest.relief or () if r.date and r.percent is not None)
    return bool(readings) and readings[-1][1] < HALF and any(percent >= HALF for _, percent in readings)


def _of_stage(stage: str, record: Record, clinic: Clinic, decision: Decision, seen: View) -> Next:
    today, step = seen.today, decision.next_step
    if stage in ("recovery", "follow-up"):
        due = sorted((look.due, look.name) for look in clinic.follow_ups if look.done is None)
        if due and (stage == "recovery" or due[0][0] <= today or decision.next_step.id != "wait"):
            return Next(stage, "follow-up", f"Follow-up: {due[0][1]}.", "coordinator", due[0][0], "due")
        if stage == "recovery":
            return Next(stage, "follow-up", "Plan the follow-up.", "coordinator")
    if booked := _booked(stage, record, clinic, today):
        return booked
    awaited = _awaited(record, clinic, today)
    if stage == "block" and awaited is not None:
        says = "The scores after the block are awaited."
        return Next(stage, "await-scores", says, "patient", awaited, "due")
    day = decision.earliest or _second_block_from(decision, seen)
    holder = _HELD_BY.get(step.id, "clinician")
    return Next(stage, step.id, step.says, holder, day or NEVER, "possible" if day else "")


def _booked(stage: str, record: Record, clinic: Clinic, today: date) -> Next | None:
    """A booked appointment; once its day is past and nothing is recorded, that is due."""
    for wanted, booked, what, done in (
        ("preparation", clinic.procedure_booked, "procedure", [d.date for d in record.denervations]),
        ("block", clinic.block_booked, "block", [b.date for b in record.blocks]),
    ):
        if stage != wanted or booked is None or any(day and day >= booked for day in done):
            continue
        if booked < today:
            return Next(stage, f"record-{what}", f"The booked {what} is past: record it.", "clinician", booked, "due")
        return Next(stage, f"{what}-booked", f"The {what} is booked.", "coordinator", booked, "booked")
    return None


def _awaited(record: Record, clinic: Clinic, today: date) -> date | None:
    """The day by which the sheet of the latest block is due; None when it is full or too old to fill."""
    for sheet in reversed(clinic.sheets):
        if sheet.block < len(record.blocks):
            block = record.blocks[sheet.block]
            if block.date and block.date <= today <= block.date + timedelta(days=SHEET_DAYS) and not block.positive:
                return block.date + timedelta(days=SHEET_DAYS)
    return None


def _second_block_from(decision: Decision, seen: View) -> date | None:
    """The first day on which a further block is far enough from those that qualify."""
    if decision.next_step.id != "second-diagnostic-block":
        return None
    days = []
    for criterion in decision.policy.criteria:
        if criterion.block is not None and criterion.block.n > 1:
            sure = choose(criterion.block.qualifying, seen).sure
            held = [event.values["blocks.date"] for event in sure]
            days += [day + timedelta(days=criterion.block.days_apart) for day in held if isinstance(day, date)]
    return max(days, default=None)


def _as_planned(comes: Next, clinic: Clinic) -> Next:
    """What the clinic agreed stands before what follows from the record."""
    plan = clinic.plan
    if comes.stage == "ended" or comes.step == "see-to-alert":
        return comes
    says = f"{comes.says} {plan.note}" if plan.note else comes.says
    day, day_is = (plan.due, "due") if plan.due else (comes.day, comes.day_is)
    return Next(comes.stage, comes.step, says, plan.holder or comes.holder, day, day_is)


def _flags(clinic: Clinic, decision: Decision) -> tuple[str, ...]:
    alerts = [sign for alert in clinic.alerts if alert.seen_at is None for sign in alert.signs]
    return (
        *(f"Alert: {sign.replace('-', ' ')}" for sign in alerts),
        *(f"Red flag: {flag.id.replace('_', ' ')}" for flag in decision.red_flags),
        *(f"Hold: {hold.id.replace('_', ' ')}" for hold in decision.holds),
    )


def _latest(days: Iterable[date | None]) -> date | None:
    return max((day for day in days if day is not None), default=None)


def _until(document: Mapping[str, Any], policy_id: str, seen: View, today: date) -> date:
    """The first later day on which anything here could be told otherwise."""
    recorded = (day + timedelta(days=more) for day in _days(document) for more in _TURNS if day < NEVER - timedelta(99))
    turning = (*recorded, *turning_days(policy(policy_id), seen))
    return min((day for day in turning if day > today), default=NEVER)


def _days(value: object) -> Iterable[date]:
    """Every date written anywhere in a document."""
    match value:
        case str():
            if _DAY.fullmatch(value[:10]):
                yield date.fromisoformat(value[:10])
        case Mapping():
            for held in value.values():
                yield from _days(held)
        case list() | tuple():
            for held in value:
                yield from _days(held)
