"""Letters to other services: the prior-approval summary for a policy, and the referral summary.

Nothing is said of the patient that the record does not hold; what it does not hold is said to be not recorded.
Whatever a policy says is what `decide` says of the same record on the same day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from facetwise.clinic.block.blocks import after_words
from facetwise.clinic.follow_up.alerts import OpenAlert, doubted, warnings_of
from facetwise.clinic.follow_up.diary import day_felt
from facetwise.clinic.letters.phrases import REGIONS, evidence_in_words, needs_in_words, value_text, wants_large_print
from facetwise.clinic.model.clinic_record import Clinic, Reading, Sheet, clinic_of
from facetwise.clinic.model.dates_text import written
from facetwise.clinic.model.entry_timing import Timing, timing
from facetwise.clinic.model.history import DatedEvent, history
from facetwise.clinic.pathway.status import listed
from facetwise.decide.decision import Decision, Finding, Outcome, decide_as_of
from facetwise.decide.record_as_of import RecordAsOf, record_as_of
from facetwise.guidance.safety import CONTRARY, Position
from facetwise.language.patient import RED_FLAGS, SAFETY
from facetwise.language.truth import Truth
from facetwise.library import policy as policy_of
from facetwise.record.parse import record_of
from facetwise.record.record import Record

TRUTHS = {Truth.MET: "met", Truth.NOT_MET: "not met", Truth.UNKNOWN: "cannot be told", None: "does not apply"}
OUTCOMES = {
    Outcome.MEETS: "Meets every criterion that applies",
    Outcome.DOES_NOT_MEET: "Does not meet the policy",
    Outcome.CANNOT_TELL: "Cannot be told: something is not recorded",
}
_LISTS = {"care": "care tried", "blocks": "diagnostic blocks", "denervations": "denervations"}


@dataclass(frozen=True)
class NamedFact:
    """One fact under its name; says is 'not recorded' where the record holds nothing."""

    name: str
    says: str


@dataclass(frozen=True)
class LetterHead:
    """Whom a letter is about, on which day, how this person is to be written and spoken to.

    warned: warning signs that nobody has seen to, which stand before everything else.
    """

    about: tuple[NamedFact, ...]
    written: date
    needs: tuple[str, ...]
    needs_note: str
    needs_reviewed: date | None
    large: bool
    warned: tuple[OpenAlert, ...] = ()


@dataclass(frozen=True)
class CriterionRow:
    """One criterion of a policy: what it asks, what is said of it, on which evidence, and where the policy has it."""

    id: str
    asks: str
    truth: str
    evidence: tuple[str, ...]
    place: str
    read: str


@dataclass(frozen=True)
class Scored:
    """One score after a block: how long after, and when it was entered by whom; late where that was from memory."""

    after: str
    score: str
    entered_at: datetime
    by: str
    late: bool


@dataclass(frozen=True)
class ScoreSheet:
    """The sheet of one block that goes with a letter."""

    day: date | None
    facts: tuple[NamedFact, ...]
    readings: tuple[Scored, ...]


@dataclass(frozen=True)
class PriorApproval:
    """What a commissioner or an insurer is sent: one policy, criterion by criterion. attached: what goes with it."""

    head: LetterHead
    decision: Decision
    outcome: str
    request: tuple[NamedFact, ...]
    criteria: tuple[CriterionRow, ...]
    missing: tuple[str, ...]
    attached: tuple[str, ...]
    history: tuple[DatedEvent, ...]
    sheets: tuple[ScoreSheet, ...] = ()
    contrary: Position = CONTRARY


@dataclass(frozen=True)
class ReferralPart:
    """A part of a referral: facts under a heading."""

    heading: str
    facts: tuple[NamedFact, ...]


@dataclass(frozen=True)
class Referral:
    """What another service needs to know to take the patient over."""

    head: LetterHead
    decision: Decision
    outcome: str
    parts: tuple[ReferralPart, ...]
    history: tuple[DatedEvent, ...]
    open_lists: tuple[str, ...]
    not_met: tuple[str, ...]
    unknown: tuple[str, ...]
    agreed: tuple[NamedFact, ...]


def prior_approval(document: Mapping[str, Any], policy: str, today: date, zone: tzinfo = UTC) -> PriorApproval:
    """The summary for that policy as of a day. Errors: InputError for no record; UsageError for no such policy."""
    record, clinic = record_of(document, "the record"), clinic_of(document)
    decision = decide_as_of(record_as_of(record, today), policy_of(policy), record.id or "")
    return PriorApproval(
        head=head_of(record, clinic, today),
        decision=decision,
        outcome=OUTCOMES[decision.outcome],
        request=requested(record),
        criteria=tuple(_criterion_row(finding) for finding in decision.findings),
        missing=tuple(missing.ask for missing in decision.missing),
        attached=tuple(_attached(record, clinic, today, zone)),
        history=_past(record, today),
        sheets=tuple(_score_sheet(sheet, record) for sheet in _sheets(record, clinic, today)),
    )


def referral(document: Mapping[str, Any], own_policy: str, today: date) -> Referral:
    """The summary as of a day. own_policy: the clinic's, where the patient has none. Errors: InputError, UsageError."""
    record, clinic = record_of(document, "the record"), clinic_of(document)
    as_of = record_as_of(record, today)
    decision = decide_as_of(as_of, policy_of(clinic.policy or own_policy), record.id or "")
    return Referral(
        head=head_of(record, clinic, today),
        decision=decision,
        outcome=OUTCOMES[decision.outcome],
        parts=(
            ReferralPart("What is asked for", requested(record)),
            ReferralPart("The pain", _pain(record)),
            ReferralPart("Assessment", _assessment(record)),
            *_conditions(as_of, doubted(clinic)),
        ),
        history=_past(record, today),
        open_lists=open_lists(record),
        not_met=_named(decision, Truth.NOT_MET),
        unknown=_named(decision, Truth.UNKNOWN),
        agreed=_agreed(clinic, decision, listed(document, own_policy, today).next.step),
    )


def _agreed(clinic: Clinic, decision: Decision, step: str) -> tuple[NamedFact, ...]:
    """What was agreed. By whom and until when is left out once another step, or something urgent, stands before it."""
    plan = clinic.plan
    holds = plan.holds_for(step)
    agreed = [NamedFact("Agreed next" if holds else "Agreed for another step", plan.note or "")]
    if holds and not (decision.red_flags or warnings_of(clinic)):
        agreed += [NamedFact("By", plan.holder or ""), NamedFact("Due", _day(plan.due))]
    return tuple(facts for facts in agreed if facts.says)


def head_of(record: Record, clinic: Clinic, today: date) -> LetterHead:
    """The head of every letter about this patient."""
    about = (
        NamedFact("Name", value_text(clinic.name)),
        NamedFact("Date of birth", value_text(record.born)),
        NamedFact("Hospital number", value_text(clinic.hospital_number)),
        NamedFact("Record", value_text(record.id)),
    )
    return LetterHead(
        about=about,
        written=today,
        needs=needs_in_words(clinic),
        needs_note=clinic.needs_note or "",
        needs_reviewed=clinic.needs_reviewed,
        large=wants_large_print(clinic),
        warned=warnings_of(clinic),
    )


def requested(record: Record) -> tuple[NamedFact, ...]:
    """What is asked for, each part recorded or not."""
    request = record.request
    return (
        NamedFact("Region", value_text(REGIONS.get(request.region or "", request.region))),
        NamedFact("Joints", value_text(request.levels)),
        NamedFact("Sides", value_text(request.sides)),
        NamedFact("Technique", value_text(request.technique)),
        NamedFact("Asked on", value_text(request.date)),
    )


def open_lists(record: Record) -> tuple[str, ...]:
    """What absence from a list means: none, where it is known in full; else it is not known."""
    facts = []
    for name, words in _LISTS.items():
        empty = not getattr(record, name)
        if name in record.complete:
            facts += [f"The list of {words} is complete: none."] if empty else []
        else:
            more = "Nothing is recorded, and whether there was any is not known" if empty else "There may be others"
            facts.append(f"The list of {words} is not said to be complete. {more}.")
    return tuple(facts)


def _past(record: Record, today: date) -> tuple[DatedEvent, ...]:
    """What happened up to the day of the letter."""
    return tuple(row for row in history(record, today) if not row.later)


def _criterion_row(finding: Finding) -> CriterionRow:
    cite = finding.criterion.cite
    return CriterionRow(
        finding.criterion.id,
        finding.criterion.says,
        TRUTHS[finding.truth],
        tuple(evidence_in_words(item) for item in finding.because),
        cite.place,
        cite.read.value,
    )


def _named(decision: Decision, truth: Truth) -> tuple[str, ...]:
    return tuple(finding.criterion.says for finding in decision.findings if finding.truth is truth)


def _attached(record: Record, clinic: Clinic, today: date, zone: tzinfo) -> Iterable[str]:
    """What the record holds that can go with the letter. A sheet or a diary that is empty is none."""
    for sheet in _sheets(record, clinic, today):
        yield _sheet(sheet, record.blocks[sheet.block].date)
    felt = sorted(day for day in (day_felt(entry, zone) for entry in clinic.diary) if day <= today)
    if felt:
        yield f"Pain diary: {len(felt)} entries, from {written(felt[0])} to {written(felt[-1])} (printed from its own page)"
    if any(row.day for row in _past(record, today)):
        yield "Time line of scores, care, blocks, denervations and relief"


def _sheets(record: Record, clinic: Clinic, today: date) -> Iterable[Sheet]:
    """The sheets with scores on them, of blocks up to the day of the letter."""
    for sheet in clinic.sheets:
        if sheet.readings and sheet.block < len(record.blocks):
            day = record.blocks[sheet.block].date
            if day is None or day <= today:
                yield sheet


def _sheet(sheet: Sheet, day: date | None) -> str:
    late = sum(_is_late(reading) for reading in sheet.readings)
    filled = f", {late} of them filled in later" if late else ""
    return f"Score sheet of the block of {_when(day)}: {len(sheet.readings)} scores{filled}"


def _score_sheet(sheet: Sheet, record: Record) -> ScoreSheet:
    block = record.blocks[sheet.block]
    facts = (
        NamedFact("Score before the block", value_text(block.before)),
        NamedFact("Movement that brings the pain on", value_text(sheet.movement)),
        NamedFact("Agent", value_text(block.agent)),
        NamedFact("Volume for each nerve, mL", value_text(block.volume_ml)),
        NamedFact("Nerves", value_text(sheet.nerves)),
    )
    readings = tuple(
        Scored(after_words(int(it.minutes)), value_text(it.score), it.entered_at, it.by, _is_late(it))
        for it in sorted(sheet.readings, key=lambda it: it.minutes)
    )
    return ScoreSheet(block.date, facts, readings)


def _is_late(reading: Reading) -> bool:
    return timing(reading.felt_at, reading.entered_at) is Timing.LATER


def _when(day: date | None) -> str:
    return written(day) if day else f"a day {value_text(None)}"


def _pain(record: Record) -> tuple[NamedFact, ...]:
    pain = record.pain
    return (
        NamedFact("Since", value_text(pain.since)),
        NamedFact("Mainly axial (in the back or neck itself)", value_text(pain.axial)),
        NamedFact("Radicular (from a nerve root)", value_text(pain.radicular)),
        NamedFact("Below the knee", value_text(pain.below_knee)),
        NamedFact("Rated by the clinician", value_text(pain.rating)),
        NamedFact("Limits daily life", value_text(pain.limits_daily_life)),
    )


def _assessment(record: Record) -> tuple[NamedFact, ...]:
    assessment = record.assessment
    return (
        NamedFact("Assessed on", value_text(assessment.date)),
        NamedFact("By a pain or spine specialist", value_text(assessment.specialist)),
        NamedFact("Facet joints thought the main source", value_text(assessment.facet_suspected)),
        NamedFact("Surgery is not an option", value_text(assessment.surgery_not_an_option)),
        NamedFact("HADS depression score", value_text(record.conditions.hads_depression)),
    )


def _conditions(as_of: RecordAsOf, doubts: Mapping[str, date]) -> Iterable[ReferralPart]:
    """Each condition as it is recorded. doubts: those that a warning sign may be of, which nobody has seen to."""
    for heading, names in (("Spinal red flags", RED_FLAGS), ("Conditions that hold a procedure", SAFETY)):
        by_answer: dict[object, list[str]] = {True: [], False: [], None: []}
        signs = []
        for name, says in names.items():
            value = as_of.facts[f"conditions.{name}"]
            if name in doubts and not value:
                signs.append(f"{says} (sign of {written(doubts[name])})")
            else:
                by_answer[value].append(says)
        facts = [
            NamedFact("Present", _list(by_answer[True], "none recorded")),
            NamedFact("Asked, and not present", _list(by_answer[False], "none recorded")),
            NamedFact(
                "Not recorded",
                _list(by_answer[None], "every one is recorded" if not signs else "every other is recorded"),
            ),
        ]
        if signs:
            facts.insert(1, NamedFact("A warning sign may be of these; nobody has seen to it", _list(signs, "")))
        yield ReferralPart(heading, tuple(facts))


def _list(words: Iterable[str], none: str) -> str:
    return "; ".join(words) or none


def _day(day: date | None) -> str:
    return written(day) if day else ""
