"""Denervations that one change in coding would make count: which change, where, and what is recorded instead.

Nothing is guessed from the criteria that failed: a change is made on the spell, and the plain evaluator judges it again. A
change is a question for the coder with the notes in hand, never an instruction to code what was not done. So no procedure
is ever added, and no finding taken away: what may change is a supplementary code (how and where, OPCS chapters Y and Z),
which diagnosis stands first, and which of the recorded procedures is the dominant one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache

from facetwise.decide.evaluate_spell import evaluate, judge
from facetwise.guidance.codelists import DENERVATION_FAMILY
from facetwise.language.codes import CodeList, CodeSystem
from facetwise.language.definition import Criterion, Definition
from facetwise.language.expressions import (
    AnyCodeIn,
    CodeFact,
    CodeIn,
    Expression,
    LastEpisode,
    Not,
    Value,
    system_of,
)
from facetwise.language.truth import Truth
from facetwise.spells.spell import Episodes, Spell

QUESTION = (
    "A change is a question for the coder with the notes in hand, never an instruction to code what was not done."
)
NOT_RECORDED, NO_CODE = "not recorded", "no code of that kind"
_COMPARED = 4
_SUPPLEMENTARY = frozenset("YZ")


class Kind(Enum):
    """What a change touches. The value is how it is called."""

    SUPPLEMENTARY = "a code of how or where"
    PRIMARY_DIAGNOSIS = "another primary diagnosis"
    DOMINANT_PROCEDURE = "the dominant procedure"


@dataclass(frozen=True)
class Change:
    """One change in coding that a criterion asks for. codes: any of the list would do. value: what it is made in."""

    kind: Kind
    criterion: str
    value: Value
    codes: CodeList

    @property
    def says(self) -> str:
        """'a code of how or where: Z675, Z676, Z677 or Z993'."""
        *most, last = self.codes.written
        return f"{self.kind.value}: {' or '.join([', '.join(most), last] if most else [last])}"

    def made(self, spell: Spell) -> Spell | None:
        """The spell with this change, and no other; None where it cannot be made without coding what was not done."""
        match self.kind:
            case Kind.SUPPLEMENTARY:
                return replace(spell, procedures=_with_last(spell.procedures, self._new_code))
            case Kind.PRIMARY_DIAGNOSIS if isinstance(self.value, CodeFact):
                return replace(spell, primary_diagnosis=self._new_code)
            case Kind.PRIMARY_DIAGNOSIS:
                return replace(spell, diagnoses=_with_first(spell.diagnoses, self._is_last_alone, self._new_code))
            case Kind.DOMINANT_PROCEDURE:
                return self._reordered(spell)

    def is_recorded_elsewhere(self, spell: Spell) -> bool:
        """Whether a code that would do stands in the spell already, in another position."""
        held = spell.diagnoses if self.kind is Kind.PRIMARY_DIAGNOSIS else spell.procedures
        return any(self.codes.holds(code) for episode in held or () for code in episode)

    def instead(self, spell: Spell) -> str:
        """What is recorded where the change would be made: a code, codes of the same chapters, or that there is none."""
        match self.kind:
            case Kind.SUPPLEMENTARY:
                return self._chapters(spell.procedures)
            case Kind.PRIMARY_DIAGNOSIS:
                first = _first(spell.diagnoses, self._is_last_alone)
                code = spell.primary_diagnosis if isinstance(self.value, CodeFact) else first
            case Kind.DOMINANT_PROCEDURE:
                first = _first(spell.procedures, self._is_last_alone)
                code = spell.dominant_procedure if isinstance(self.value, CodeFact) else first
        return NOT_RECORDED if code is None else code[:_COMPARED]

    @property
    def _new_code(self) -> str:
        return sorted(self.codes.fours | self.codes.categories)[0]

    @property
    def _is_last_alone(self) -> bool:
        return any(isinstance(part, LastEpisode) for part in self.value.walk())

    def _reordered(self, spell: Spell) -> Spell | None:
        """A procedure that is recorded made the dominant one, or the first where the definition reads the first."""
        episodes = spell.procedures or ()
        for place, episode in enumerate(episodes):
            for code in episode:
                if not self.codes.holds(code):
                    continue
                if isinstance(self.value, CodeFact):
                    return replace(spell, dominant_procedure=code)
                if place == (len(episodes) - 1 if self._is_last_alone else 0):
                    others = list(episode)
                    others.remove(code)
                    return replace(spell, procedures=(*episodes[:place], (code, *others), *episodes[place + 1 :]))
        return None

    def _chapters(self, episodes: Episodes | None) -> str:
        if episodes is None:
            return NOT_RECORDED
        chapters = {code[0] for code in self.codes.fours | self.codes.categories}
        held = {code[:_COMPARED] for episode in episodes for code in episode if code[:1] in chapters}
        return " ".join(sorted(held)) or NO_CODE


@lru_cache(maxsize=32)
def changes_of(criterion: Criterion) -> tuple[Change, ...]:
    """The changes in coding that could make a criterion met; none where it is not a matter of coding.

    A matter of coding is what a criterion asks, and does not forbid, of supplementary procedure codes, the primary
    diagnosis or the dominant procedure. Age, admission, category and the absence of a diagnosis are not.
    """
    found = []
    for part in _asked(criterion.met_when):
        match part:
            case CodeIn(value=value, codes=codes):
                is_procedure = system_of(value) is CodeSystem.OPCS4
                kind = Kind.DOMINANT_PROCEDURE if is_procedure else Kind.PRIMARY_DIAGNOSIS
                found.append(Change(kind, criterion.id, value, codes))
            case AnyCodeIn(value=value, codes=codes) if _is_supplementary(codes):
                found.append(Change(Kind.SUPPLEMENTARY, criterion.id, value, codes))
    return tuple(dict.fromkeys(found))


def repairs(definition: Definition, spell: Spell) -> tuple[Change, ...]:
    """The single changes after which the definition counts a spell that it does not; none where it counts it already."""
    failed = [c for c in definition.criteria if evaluate(c.met_when, spell) is not Truth.MET]
    if not failed or not all(changes_of(criterion) for criterion in failed):
        return ()
    found = []
    for change in (change for criterion in failed for change in changes_of(criterion)):
        changed = change.made(spell)
        if changed is not None and changed != spell and judge(definition, changed).outcome is Truth.MET:
            found.append(change)
    return tuple(found)


def is_candidate(spell: Spell) -> bool:
    """Whether a code of a listed denervation family stands in any position or as the dominant procedure."""
    held = [code for episode in spell.procedures or () for code in episode]
    return any(DENERVATION_FAMILY.holds(code) for code in (*held, spell.dominant_procedure or ""))


def _asked(expression: Expression) -> Iterator[Expression]:
    """An expression and everything inside it that is asked for; what stands under a not is forbidden, and left out."""
    if isinstance(expression, Not):
        return
    yield expression
    for part in expression.parts():
        yield from _asked(part)


def _is_supplementary(codes: CodeList) -> bool:
    return codes.system is CodeSystem.OPCS4 and {c[0] for c in codes.fours | codes.categories} <= _SUPPLEMENTARY


def _with_last(episodes: Episodes | None, code: str) -> Episodes:
    """The episodes with a code added to the last, which is made where there is none."""
    *before, last = episodes or ((),)
    return (*before, (*last, code))


def _with_first(episodes: Episodes | None, last_alone: bool, code: str) -> Episodes:
    """The episodes with another code in the place of the first: of the last episode alone, or of all."""
    held: list[Sequence[str]] = list(episodes or ((),))
    filled = [place for place, episode in enumerate(held) if episode]
    at = len(held) - 1 if last_alone else (filled or [0])[0]
    held[at] = (code, *held[at][1:])
    return tuple(tuple(episode) for episode in held)


def _first(episodes: Episodes | None, last_alone: bool) -> str | None:
    chosen = (episodes or ())[-1:] if last_alone else episodes or ()
    return next((code for episode in chosen for code in episode), None)
