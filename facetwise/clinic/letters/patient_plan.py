"""The patient's plan in plain words: what comes next, who does it, when, and when to get help.

Every sentence is either the answer of the policy that governs, something that the record holds, or a warning sign that
stands in every text. Nobody is told to stop a medicine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from facetwise.clinic.letters.letters import LetterHead, head_of
from facetwise.clinic.model.clinic_record import Clinic, clinic_of
from facetwise.clinic.model.dates_text import written
from facetwise.clinic.pathway.status import NEVER, Next, listed
from facetwise.decide.decision import Decision, decide_as_of
from facetwise.decide.record_as_of import record_as_of
from facetwise.information.content import red_flags
from facetwise.information.model.red_flags import RedFlag
from facetwise.library import policy as policy_of
from facetwise.record.parse import record_of
from facetwise.record.record import Record

NEXT = {
    "urgent-referral": "The next step is for another team to see you soon. Ask the clinic today when that will be.",
    "resolve-hold": "Some things must be sorted out before any needle. They are listed below.",
    "out-of-scope": "The rule that your clinic follows does not cover this. Ask what else may help you.",
    "no-further-intervention": "Your test block has worked for a long time. Under the rule, no more is done for now.",
    "conservative-care": "The next step is other care, such as exercise or hands-on care from a physio.",
    "wait": "The next step is to wait. The rule asks for some time to pass.",
    "specialist-assessment": "The next step is to find out more about where your pain comes from.",
    "not-supported": "The rule that your clinic follows does not support it as things stand. Ask what else may help you.",
    "diagnostic-block": "The next step is a test block.",
    "second-diagnostic-block": "The next step is one more test block.",
    "collect-evidence": "The next step is to find out some things that are not known yet. They are listed below.",
    "offer-denervation": "Your clinician may offer you the heat treatment of the nerves. You choose.",
    "repeat-denervation": "Your clinician may offer you the heat treatment of the nerves again. You choose.",
    "see-to-alert": "You told us of a warning sign. If the clinic has not called you yet, call now.",
    "await-scores": "The next step is yours: write down your pain scores after the block.",
    "ask-scores": "The clinic needs your pain scores after the block. It asks you for them.",
    "patient-decides": "You do not want to go on now. The clinic asks you again.",
    "block-booked": "Your test block has a date.",
    "procedure-booked": "Your heat treatment of the nerves has a date.",
    "record-block": "The date of your test block has passed. The clinic writes down how it went.",
    "record-procedure": "The date of your heat treatment has passed. The clinic writes down how it went.",
    "record-nerves": "Your heat treatment was begun. The clinic writes down how it went.",
    "follow-up": "The next step is to look at how you are after the heat treatment.",
    "ended": "Nothing more is planned for now.",
}
WHO = {
    "patient": "You",
    "clinician": "Your clinician",
    "coordinator": "The clinic's office",
    "referrer": "The person who sent you to the clinic, such as your GP",
}
HOLDS = {
    "pacemaker": "You have a pacemaker. Your heart clinic is asked first.",
    "icd": "You have a heart device that gives shocks. Your heart clinic is asked first.",
    "neurostimulator": "You have a nerve stimulator or a pump. Its team is asked first.",
    "anticoagulant": "You take a blood thinner. Do not stop it on your own. The person who prescribes it is asked first.",
    "bleeding_disorder": "You bleed more easily than most. A blood doctor is asked first.",
    "pregnant": "You are pregnant, or may be. It waits for now.",
    "local_infection": "Your skin is infected where the needle would go. It must heal first.",
    "systemic_infection": "You have an infection. You must be well first.",
    "allergy": "You have an allergy that counts here. The doctor plans around it first.",
    "cannot_lie_prone": "You cannot lie on your front. The doctor looks at whether it can be done another way.",
    "lumbar_metalwork": "You have metal in your low back. The doctor looks at where it is first.",
    "fusion_at_level": "The joint was fixed by surgery. The doctor looks at that first.",
}
ASKED = {
    "cauda_equina_signs": "trouble with your bladder or bowels, or a numb bottom",
    "suspected_cancer": "signs that point to a growth",
    "spinal_infection": "signs of an infection of the spine",
    "fracture": "signs of a broken bone in the spine",
    "progressive_neurological_deficit": "legs or arms that get weaker or more numb",
    "pacemaker": "a pacemaker",
    "icd": "a heart device that gives shocks",
    "neurostimulator": "a nerve stimulator or a pump",
    "anticoagulant": "a blood thinner",
    "bleeding_disorder": "bleeding more easily than most",
    "pregnant": "being pregnant",
    "local_infection": "sore or infected skin",
    "systemic_infection": "an infection, or a fever",
    "allergy": "allergies",
    "cannot_lie_prone": "lying on your front for up to an hour",
    "lumbar_metalwork": "metal in your low back",
    "fusion_at_level": "joints that were fixed by surgery",
}
_DAY_IS = {"due": "Due by", "booked": "Booked for", "possible": "Not before"}


@dataclass(frozen=True)
class Dated:
    """Something that has a day, in plain words."""

    says: str
    day: date


@dataclass(frozen=True)
class PlanLetter:
    """The plan. who and when are '' where nothing on record tells them. others: how many more facts the rule asks for."""

    head: LetterHead
    decision: Decision
    next: str
    who: str
    when: str
    agreed: str
    holds: tuple[str, ...]
    to_ask: tuple[str, ...]
    others: int
    dates: tuple[Dated, ...]
    done: tuple[Dated, ...]
    warning_signs: tuple[RedFlag, ...] = field(default_factory=red_flags)


def plan_letter(document: Mapping[str, Any], own_policy: str, today: date) -> PlanLetter:
    """The plan as of a day. own_policy: the clinic's, where the patient has none. Errors: InputError, UsageError."""
    record, clinic = record_of(document, "the record"), clinic_of(document)
    decision = decide_as_of(record_as_of(record, today), policy_of(clinic.policy or own_policy), record.id or "")
    comes = listed(document, own_policy, today).next
    missing = [ask.fact for ask in decision.missing]
    asked_about = tuple(ASKED[fact] for fact in missing if fact in ASKED)
    return PlanLetter(
        head=head_of(record, clinic, today),
        decision=decision,
        next=NEXT[comes.step],
        who=WHO[comes.holder],
        when=_when(comes, today),
        agreed=(clinic.plan.note or "") if clinic.plan.holds_for(comes.step) else "",
        holds=tuple(HOLDS[hold.id] for hold in decision.holds),
        to_ask=asked_about if comes.stage != "ended" else (),
        others=len(missing) - len(asked_about) if comes.stage != "ended" else 0,
        dates=tuple(sorted(_to_come(clinic, today), key=lambda it: it.day)),
        done=tuple(sorted(_done(record, today), key=lambda it: it.day)),
    )


def _when(comes: Next, today: date) -> str:
    if comes.day == NEVER:
        return ""
    past = comes.day < today and comes.day_is == "due"
    return f"{'It was due by' if past else _DAY_IS[comes.day_is]} {written(comes.day)}"


def _to_come(clinic: Clinic, today: date) -> Iterable[Dated]:
    for says, day in (("Test block", clinic.block_booked), ("Heat treatment of the nerves", clinic.procedure_booked)):
        if day is not None and day >= today:
            yield Dated(says, day)
    for look in clinic.follow_ups:
        if look.done is None and look.due >= today:
            yield Dated(f"We look at how you are: {look.name}", look.due)


def _done(record: Record, today: date) -> Iterable[Dated]:
    for says, events in (("Test block", record.blocks), ("Heat treatment of the nerves", record.denervations)):
        for event in events:
            if event.date is not None and event.date <= today:
                yield Dated(says, event.date)
