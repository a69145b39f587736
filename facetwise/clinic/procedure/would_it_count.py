"""Would a spell with these codes be counted? The counting definitions themselves answer, criterion by criterion.

A repair is found by trying: the spell is judged once more with one thing changed, and only things that the notes could
support are tried. Codes follow what was done; nothing is coded so that it counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from facetwise.clinic.model.clinic_record import Procedure
from facetwise.clinic.procedure.checklist import procedure_at, with_procedure
from facetwise.clinic.procedure.suggested_codes import ICD10, OPCS, Use, diagnoses, suggested
from facetwise.decide.calendar import completed_years
from facetwise.decide.evaluate_spell import evaluate, why
from facetwise.errors import InputError
from facetwise.language.codes import CodeSystem, dotted
from facetwise.language.definition import Criterion, Definition
from facetwise.language.truth import Truth, all_of
from facetwise.library import DEFINITIONS
from facetwise.spells.normalise.parse_value import code
from facetwise.spells.spell import Spell

_SHAPES = {
    CodeSystem.OPCS4: re.compile(r"[A-HJ-Z][0-9]{2,5}"),
    CodeSystem.ICD10: re.compile(r"[A-Z][0-9]{2}[0-9X]?[0-9A-Z*+]{0,2}"),
}
_SUCH_AS = {CodeSystem.OPCS4: "V48.5", CodeSystem.ICD10: "M54.5"}


def codes_in(text: str, system: CodeSystem) -> tuple[str, ...]:
    """The codes of 'V48.5, Y53.4 Z67.6', as the counting normaliser leaves them. Errors: InputError.

    A code that this part of the clinic knows from the other system is refused there: the two look alike.
    """
    found = tuple(dict.fromkeys(bare for part in re.split(r"[\s,;]+", text) if (bare := code(part))))
    if any(not _SHAPES[system].fullmatch(bare) for bare in found):
        raise InputError(
            f"One of these is no {system.value} code. "
            f"Write a letter and two or three digits, such as {_SUCH_AS[system]}, parted by commas."
        )
    for place, bare in enumerate(found):
        other, title = _of_the_other(bare, system, place)
        if title:
            raise InputError(
                f"{dotted(bare)} is an {other.value} code here ({title}). Write it among the {other.value} codes, "
                f"or choose the {system.value} code that is meant."
            )
    return found


def _of_the_other(bare: str, system: CodeSystem, place: int) -> tuple[CodeSystem, str]:
    """The other system, and the title that a code has there; '' for one that may stand here too.

    M47 and M51 are operations on the bladder as well, which no denervation is: they may only follow it. Z94 says the side
    of an operation, and a transplant in ICD-10.
    """
    four = bare[:4]
    if system is CodeSystem.OPCS4:
        meant = four in ICD10 and (place == 0 or four.startswith("M54"))
        return CodeSystem.ICD10, ICD10[four][0] if meant else ""
    return CodeSystem.OPCS4, "" if four.startswith("Z94") else OPCS.get(four, "")


@dataclass(frozen=True)
class CodedSpell:
    """What a spell is taken to carry. The first procedure is taken as the dominant one, the first diagnosis as the primary.

    is_suggested: the procedures are those suggested, not yet those that a person chose.
    """

    opcs: tuple[str, ...]
    icd10: tuple[str, ...]
    is_suggested: bool
    age: int | None
    admission_method: str | None
    administrative_category: str | None

    def spell(self) -> Spell:
        """One spell of one episode. No code at all is not recorded, never "none"."""
        return Spell(
            spell_id="as-coded",
            age_at_start=self.age,
            admission_method=self.admission_method,
            administrative_category=self.administrative_category,
            dominant_procedure=self.opcs[0] if self.opcs else None,
            procedures=(self.opcs,) if self.opcs else None,
            primary_diagnosis=self.icd10[0] if self.icd10 else None,
            diagnoses=(self.icd10,) if self.icd10 else None,
        )


def coded(procedure: Procedure, born: date | None) -> CodedSpell:
    """The codes that a person chose for a procedure, or those suggested, with what else a count asks.

    Where no operation can be suggested the rest is no spell: a level or a side would be taken for the dominant procedure.
    """
    day, found = procedure.planned, suggested(procedure)
    has_operation = any(item.use is Use.OPERATION for item in found)
    return CodedSpell(
        opcs=procedure.opcs or (tuple(item.code for item in found) if has_operation else ()),
        icd10=procedure.icd10,
        is_suggested=not procedure.opcs,
        age=completed_years(born, day) if born and day and born <= day else None,
        admission_method=procedure.admission_method,
        administrative_category=procedure.administrative_category,
    )


def is_suggestion(opcs: tuple[str, ...], before: Procedure, after: Procedure) -> bool:
    """Whether codes that came with a change of the nerves are only the suggestion, of before it or after it.

    They then follow the nerves. Codes that a person had chosen stay chosen though they were once suggested.
    """
    current = [after] if before.opcs else [before, after]
    return opcs in [tuple(item.code for item in suggested(one)) for one in current]


def with_codes(
    document: Mapping[str, Any],
    number: int,
    opcs: tuple[str, ...],
    icd10: tuple[str, ...],
    admission_method: str | None,
    administrative_category: str | None,
) -> dict[str, Any]:
    """The record with the codes that a person chose for a procedure; none chosen leaves those suggested. Errors: InputError."""
    update = {
        "opcs": opcs,
        "icd10": icd10,
        "admission_method": admission_method,
        "administrative_category": administrative_category,
    }
    return with_procedure(document, number, procedure_at(document, number).model_copy(update=update))


@dataclass(frozen=True)
class CriterionAnswer:
    """One criterion of a definition: its truth, why in words, and which coding would meet it."""

    criterion: Criterion
    truth: Truth
    why: str
    repairs: tuple[str, ...]


@dataclass(frozen=True)
class DefinitionAnswer:
    """What one definition says of the spell as coded."""

    definition: Definition
    criteria: tuple[CriterionAnswer, ...]

    @property
    def outcome(self) -> Truth:
        return all_of(item.truth for item in self.criteria)

    @property
    def decided_by(self) -> CriterionAnswer | None:
        """The first criterion that is not met, else the first unknown; None where the spell is counted."""
        return next(
            (item for wanted in (Truth.NOT_MET, Truth.UNKNOWN) for item in self.criteria if item.truth is wanted), None
        )

    @property
    def says(self) -> str:
        """'Counted', 'Not counted' or 'Cannot tell', with the deciding reason."""
        decided = self.decided_by
        if decided is None:
            return "Counted: every criterion is met."
        return f"{'Not counted' if decided.truth is Truth.NOT_MET else 'Cannot tell'}: {decided.why}."


def answers(procedure: Procedure, born: date | None) -> tuple[DefinitionAnswer, ...]:
    """What every counting definition of the library says of a procedure as it is coded, the national rule first."""
    current = coded(procedure, born)
    changes = tuple(_changes(procedure, current))
    return tuple(answer(definition, current.spell(), changes) for definition in DEFINITIONS.values())


@dataclass(frozen=True)
class CodingChange:
    """One thing that could be coded otherwise, in words, and the spell with it. diagnosis: the code, where it is one."""

    says: str
    spell: Spell
    diagnosis: str = ""


def answer(definition: Definition, spell: Spell, changes: tuple[CodingChange, ...] = ()) -> DefinitionAnswer:
    """What one definition says of a spell."""
    return DefinitionAnswer(
        definition, tuple(_criterion_answer(criterion, spell, changes) for criterion in definition.criteria)
    )


def _criterion_answer(criterion: Criterion, spell: Spell, changes: tuple[CodingChange, ...]) -> CriterionAnswer:
    truth = evaluate(criterion.met_when, spell)
    repairs: tuple[str, ...] = ()
    if truth is not Truth.MET:
        repairs = _change_texts(
            [change for change in changes if evaluate(criterion.met_when, change.spell) is Truth.MET]
        )
    return CriterionAnswer(criterion, truth, dotted(why(criterion, truth, spell)), repairs)


def _change_texts(changes: list[CodingChange]) -> tuple[str, ...]:
    """The changes in words, every diagnosis in one sentence."""
    texts = [change.says for change in changes if not change.diagnosis]
    if codes := [dotted(change.diagnosis) for change in changes if change.diagnosis]:
        listed = f"{', '.join(codes[:-1])} or {codes[-1]}" if len(codes) > 1 else codes[0]
        texts.append(f"{listed} as the primary diagnosis, if that is what the notes say")
    return tuple(texts)


def _changes(procedure: Procedure, current: CodedSpell) -> Iterator[CodingChange]:
    """What the notes could support: the suggested codes, a diagnosis of the list, and whatever is not recorded yet."""
    for item in suggested(procedure):
        if item.use is Use.OPERATION and current.opcs[:1] != (item.code,):
            first = (item.code, *(one for one in current.opcs if one != item.code))
            says = f"{dotted(item.code)} as the dominant procedure: {item.why[0].lower()}{item.why[1:]}"
            yield CodingChange(says, replace(current, opcs=first).spell())
        elif item.code not in current.opcs:
            says = f"{dotted(item.code)} beside it ({item.title}). {item.why}"
            yield CodingChange(says, replace(current, opcs=(*current.opcs, item.code)).spell())
    for item in diagnoses(procedure):
        others = tuple(one for one in current.icd10 if one != item.code)
        yield CodingChange("", replace(current, icd10=(item.code, *others)).spell(), item.code)
    for name, says, tried in _UNRECORDED:
        if getattr(current, name) is None:
            yield CodingChange(says, replace(current, **{name: tried}).spell())


_UNRECORDED: tuple[tuple[str, str, Any], ...] = (
    ("age", "The date of birth, where the patient is 19 to 120 years old", 50),
    ("admission_method", "The admission method, where it is elective", "11"),
    ("administrative_category", "The administrative category, where it is not private", "01"),
)
METHODS: Mapping[str, str] = {
    "11": "11: elective, from the waiting list",
    "12": "12: elective, booked",
    "13": "13: elective, planned",
    "21": "21: emergency",
}
CATEGORIES: Mapping[str, str] = {
    "01": "01: NHS patient",
    "02": "02: private patient",
    "03": "03: amenity patient",
    "04": "04: category II patient",
}
