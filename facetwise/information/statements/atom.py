"""An atom: one statement of a source, in words of our own, with its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from facetwise.errors import PolicyError
from facetwise.language.citation import Cite, Source


class AtomType(Enum):
    """What kind of statement it is."""

    DEFINITION = "DEF"
    GATE = "GATE"
    WORK_UP = "WORK"
    PREPARATION = "PREP"
    PROCEDURE = "PROC"
    AFTERCARE = "AFT"
    SIDE_EFFECT = "SE"
    RED_FLAG = "RED"
    OUTCOME = "OUT"
    DECISION = "DEC"
    ALTERNATIVE = "ALT"
    CODE = "CODE"
    PROVENANCE = "META"


DEF, GATE, WORK, PREP = AtomType.DEFINITION, AtomType.GATE, AtomType.WORK_UP, AtomType.PREPARATION
PROC, AFT, SE, RED = AtomType.PROCEDURE, AtomType.AFTERCARE, AtomType.SIDE_EFFECT, AtomType.RED_FLAG
OUT, DEC, ALT = AtomType.OUTCOME, AtomType.DECISION, AtomType.ALTERNATIVE
CODE, META = AtomType.CODE, AtomType.PROVENANCE


@dataclass(frozen=True)
class Atom:
    """One statement of a source.

    lines: where, counted from 1. quote: a short phrase of one of those lines, word for word.
    by: the criteria ('ebi-2k/adult') and code lists ('codes:BACK_PAIN') that carry it beside the text for patients.
    left_out: why nothing carries it; empty where something does.
    """

    source: Source
    id: str
    type: AtomType
    says: str
    lines: tuple[int, ...]
    quote: str
    by: tuple[str, ...] = ()
    left_out: str = ""

    def __post_init__(self) -> None:
        if not (self.says.strip() and self.lines and self.quote.strip()):
            raise PolicyError(f"The atom {self.id} says nothing, or names no line or quotation. Give it all three.")
        if self.by and self.left_out:
            raise PolicyError(f"The atom {self.id} is carried by {self.by[0]} and left out as well. Choose one.")

    @property
    def cite(self) -> Cite:
        return Cite(self.source, place_of(self.lines), self.quote)


def lines(first: int, last: int) -> tuple[int, ...]:
    """Every line from the first to the last."""
    return tuple(range(first, last + 1))


def place_of(numbers: Iterable[int]) -> str:
    """'line 42', 'lines 4 and 9', 'lines 54 to 60'."""
    given = tuple(numbers)
    if len(given) == 1:
        return f"line {given[0]}"
    if len(given) > 2 and given == lines(given[0], given[-1]):
        return f"lines {given[0]} to {given[-1]}"
    return f"lines {', '.join(map(str, given[:-1]))} and {given[-1]}"
