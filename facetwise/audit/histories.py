"""Linked activity: of each patient the denervations and blocks that codes show, and what a policy says of each denervation.

This is the meaning, one denervation at a time: each is put as a record that holds what activity shows of the patient on
that day, and asked by the policy's own definition. What lies before the data begins is neither there nor absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from facetwise.decide.decision import Outcome, criterion_truth, outcome_of
from facetwise.decide.evaluate_patient import Row, truth
from facetwise.decide.evaluate_spell import judge
from facetwise.decide.record_as_of import RecordAsOf, record_as_of
from facetwise.guidance import coded, codelists
from facetwise.guidance.coded import BLOCK, DENERVATION, FUSION
from facetwise.language import activity
from facetwise.language.definition import Definition
from facetwise.language.events import AtLeast
from facetwise.language.history_criteria import BEYOND_ANY_CAP, counted_in, is_of_history
from facetwise.language.policy import Policy, PolicyCriterion
from facetwise.language.truth import Truth
from facetwise.record.record import Block, Denervation, Record, Region, Request, Side, Technique
from facetwise.spells.spell import Spell

SIDES: tuple[Side, ...] = ("left", "right")
NO_PATIENT, NO_DAY, REVERSED = "no patient key", "no admission date", "discharged before the admission"


@dataclass(frozen=True)
class Cover:
    """The dates that the data holds whole, and the kinds of events of which it holds all within them."""

    first: date
    last: date
    complete: frozenset[str] = frozenset({"denervations"})


@dataclass(frozen=True)
class CodedEvent:
    """A denervation, block or fusion that a spell shows. Region, sides and technique are None where its codes tell none."""

    spell_id: str
    day: date
    provider: str | None
    age: int | None = None
    region: Region | None = None
    sides: tuple[Side, ...] | None = None
    technique: Technique | None = None
    until: date | None = None


@dataclass(frozen=True)
class UncertainEvent:
    """Something of which it is not known when it was, or whether it was one: day is None where no day is known.

    A denervation or block of a patient without an admission date, or discharged before the admission; and a spell of
    which the definition cannot tell whether it is a denervation.
    """

    kind: str
    day: date | None
    region: Region | None = None
    sides: tuple[Side, ...] | None = None

    def may_precede(self, day: date) -> bool:
        return self.day is None or self.day < day


@dataclass(frozen=True)
class PatientHistory:
    """What activity shows of one patient, each list in the order of its days; what is in doubt in no order."""

    patient_id: str
    denervations: tuple[CodedEvent, ...]
    blocks: tuple[CodedEvent, ...]
    fusions: tuple[CodedEvent, ...] = ()
    uncertain: tuple[UncertainEvent, ...] = ()


@dataclass(frozen=True)
class EvaluatedDenervation:
    """One denervation judged by a policy: the truth of each criterion, None where it does not apply."""

    patient_id: str
    denervation: CodedEvent
    truths: Mapping[str, Truth | None]
    outcome: Outcome


def histories_from_spells(
    spells: Iterable[Spell], of: Definition
) -> tuple[tuple[PatientHistory, ...], Mapping[str, int]]:
    """What the spells show of each patient, in the order of their keys, and the denervations set aside, by reason.

    of: which spells are denervations: those that it counts.
    """
    happened: list[tuple[str, str, CodedEvent | UncertainEvent]] = []
    aside = {NO_PATIENT: 0, NO_DAY: 0, REVERSED: 0}
    for spell in spells:
        counted = judge(of, spell).outcome
        kinds = _kinds(spell, counted)
        fault = _fault(spell)
        if fault:
            aside[fault] += counted is Truth.MET
        if fault == NO_PATIENT or not spell.patient_id:
            continue
        for kind in kinds:
            sure = kind != DENERVATION or counted is Truth.MET
            day = None if fault else spell.admitted
            one = _happened(spell, day) if sure and day else _doubtful(spell, kind, day)
            happened.append((spell.patient_id, kind, one))
    return histories_from_events(happened), aside


def histories_from_events(
    happened: Iterable[tuple[str, str, CodedEvent | UncertainEvent]],
) -> tuple[PatientHistory, ...]:
    """What happened, each with its patient and its kind, as courses in the order of patients. None without denervation."""
    held: dict[str, dict[str, list[CodedEvent]]] = {}
    uncertain: dict[str, list[UncertainEvent]] = {}
    for patient, kind, one in happened:
        if isinstance(one, UncertainEvent):
            uncertain.setdefault(patient, []).append(one)
        else:
            held.setdefault(patient, {}).setdefault(kind, []).append(one)
    return tuple(
        PatientHistory(
            patient,
            _in_order(of[DENERVATION]),
            _in_order(of.get(BLOCK, [])),
            _in_order(of.get(FUSION, [])),
            tuple(uncertain.get(patient, [])),
        )
        for patient, of in sorted(held.items())
        if DENERVATION in of
    )


def _kinds(spell: Spell, counted: Truth) -> tuple[str, ...]:
    """What a spell is, or may be. A denervation is nothing else: what was done with it on the same day is no history of it."""
    if counted is Truth.MET:
        return (DENERVATION,)
    codes = _codes(spell)
    blocked = codes & codelists.BLOCKS_AND_INJECTIONS.fours
    fused = codes & codelists.FUSION.fours or {code[:3] for code in codes} & codelists.FUSION.categories
    perhaps = (DENERVATION,) if counted is Truth.UNKNOWN else ()
    return perhaps + ((BLOCK,) if blocked else ()) + ((FUSION,) if fused else ())


def _fault(spell: Spell) -> str:
    """Why nothing can be told of a spell's place in a course."""
    if not spell.patient_id or spell.patient_id == "-":
        return NO_PATIENT
    if spell.admitted is None:
        return NO_DAY
    return REVERSED if spell.discharged and spell.discharged < spell.admitted else ""


def evaluate_history(course: PatientHistory, policy: Policy, cover: Cover) -> tuple[EvaluatedDenervation, ...]:
    """What a policy says of each denervation of a patient on its own day."""
    return tuple(_judged(course, done, policy, cover) for done in course.denervations)


def _judged(course: PatientHistory, done: CodedEvent, policy: Policy, cover: Cover) -> EvaluatedDenervation:
    as_coded = record_as_of(_record(course, done, cover), done.day)
    history = _History(course, done, cover)
    truths = {c.id: history.truth(c) if is_of_history(c) else criterion_truth(c, as_coded) for c in policy.criteria}
    return EvaluatedDenervation(course.patient_id, done, truths, outcome_of(truths))


class _History:
    """What is asked of a denervation's history: as it is seen, and with whatever may lie outside the cover.

    Regions that no code names are taken as lumbar here. An interval is held against the first covered day itself. A cap
    of sessions is unknown once a day before the cover counts, however few sessions one day can hide (docs/reference/audit.md).
    """

    def __init__(self, course: PatientHistory, done: CodedEvent, cover: Cover) -> None:
        before = timedelta(days=1)
        late = [done.day - before] if cover.last < done.day - before else []
        uncovered = [min(cover.first, done.day) - before, *late]
        placed = _placed(course, done)

        def seen(ghosts: Sequence[date | None]) -> RecordAsOf:
            return record_as_of(_record(*placed, cover, ghosts), done.day)

        self._seen = seen(())
        self._at_first_day = seen([min(cover.first, done.day - before), *late])
        self._uncovered = seen(uncovered)
        self._of_any_day = seen([None] * BEYOND_ANY_CAP)
        alone = PatientHistory(course.patient_id, (), ())
        everything = replace(cover, complete=frozenset({"blocks", "denervations"}))
        self._uncovered_alone = record_as_of(_record(alone, placed[1], everything, uncovered), done.day)

    def truth(self, criterion: PolicyCriterion) -> Truth | None:
        """The truth by what is seen, unknown where what lies outside the cover could make it another."""
        told = criterion_truth(criterion, self._seen)
        maybe = truth(criterion.met_when, Row(self._haunted(criterion)))
        if told is None:
            return None if maybe is Truth.MET else Truth.UNKNOWN
        return told if maybe is truth(criterion.met_when, Row(self._seen)) else Truth.UNKNOWN

    def _haunted(self, criterion: PolicyCriterion) -> RecordAsOf:
        counted = counted_in(criterion)
        if not counted:
            return self._at_first_day
        alone = Row(self._uncovered_alone)
        counts = any(truth(AtLeast(1, chosen), alone) is not Truth.NOT_MET for chosen in counted)
        return self._of_any_day if counts else self._uncovered


def _placed(course: PatientHistory, done: CodedEvent) -> tuple[PatientHistory, CodedEvent]:
    """The same with a region for every denervation whose codes name none."""
    placed = tuple(e if e.region else replace(e, region=coded.TAKEN_AS) for e in course.denervations)
    return replace(course, denervations=placed), done if done.region else replace(done, region=coded.TAKEN_AS)


def _record(course: PatientHistory, done: CodedEvent, cover: Cover, ghosts: Sequence[date | None] = ()) -> Record:
    """What activity shows on the day of a denervation. ghosts: days, None for any, on which anything may have been done."""
    denervations = [
        Denervation(date=e.day, region=e.region, sides=e.sides, technique=e.technique)
        for e in course.denervations
        if e.day < done.day
    ]
    blocks = [Block(date=e.day, region=e.region, sides=e.sides) for e in course.blocks if e.day < done.day]
    for e in course.uncertain:  # without a day, an event may be one that is asked for, and never surely is
        if e.kind == DENERVATION and e.may_precede(done.day):
            denervations.append(Denervation(region=e.region, sides=e.sides))
        elif e.kind == BLOCK and e.may_precede(done.day):
            blocks.append(Block(region=e.region, sides=e.sides))
    return Record(
        schema="facetwise.record/1",
        born=_born(done),
        request=Request(date=done.day, region=done.region, sides=done.sides, technique=done.technique),
        denervations=(*denervations, *(Denervation(date=day) for day in ghosts)),
        blocks=(*blocks, *(Block(date=day) for day in ghosts)),
        complete=tuple(name for name in ("blocks", "denervations") if name in cover.complete),
    )


def _born(done: CodedEvent) -> date | None:
    """A day of birth that makes somebody as old as they were that day: completed years are all that is known."""
    if done.age is None:
        return None
    day = done.day if (done.day.month, done.day.day) != (2, 29) else done.day - timedelta(days=1)
    return day.replace(year=day.year - done.age) if day.year > done.age else None


def _in_order(happened: list[CodedEvent]) -> tuple[CodedEvent, ...]:
    return tuple(sorted(happened, key=lambda one: (one.day, one.spell_id)))


# What codes say


def _happened(spell: Spell, day: date) -> CodedEvent:
    codes = _codes(spell)
    thermal: Technique | None = "thermal" if codes & coded.THERMAL else None
    return CodedEvent(
        spell.spell_id, day, spell.provider, _age(spell), _region(codes), _sides(codes), thermal, spell.discharged
    )


def _doubtful(spell: Spell, kind: str, day: date | None) -> UncertainEvent:
    codes = _codes(spell)
    return UncertainEvent(kind, day, _region(codes), _sides(codes))


def _age(spell: Spell) -> int | None:
    """The age at the activity where one is recorded, else at the start; an invalid one is unknown, as everywhere."""
    age = spell.age_at_activity if spell.age_at_activity is not None else spell.age_at_start
    return age if age is not None and activity.age.first.low <= age <= activity.age.first.high else None


def _codes(spell: Spell) -> frozenset[str]:
    """The codes of a spell, four characters each, in any position."""
    held = [code for episode in spell.procedures or () for code in episode]
    return frozenset(code[:4] for code in (*held, spell.dominant_procedure or "") if code)


def _region(codes: frozenset[str]) -> Region | None:
    """The one region that the codes name: the operation's own, else that of the sites; None where they name two."""
    for named in (coded.REGIONS_OF_OPERATIONS, coded.REGIONS_OF_SITES):
        found = {named[code] for code in codes if code in named}
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def _sides(codes: frozenset[str]) -> tuple[Side, ...] | None:
    found = {side for code in codes for side in coded.SIDES.get(code, ())}
    return tuple(side for side in SIDES if side in found) or None
