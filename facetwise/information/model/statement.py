"""One statement of a source, in words of our own, with its place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from facetwise.errors import PolicyError
from facetwise.language.citation import Cite, Source


class StatementType(Enum):
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


@dataclass(frozen=True)
class Statement:
    """One statement of a source.

    place: its lines, 'lines 54 to 60'. quote: a short phrase of one of those lines, word for word.
    by: the criteria ('ebi-2k/adult') and code lists ('codes:BACK_PAIN') that carry it beside the text for patients.
    left_out: why nothing carries it; empty where something does.
    """

    source: Source
    id: str
    type: StatementType
    says: str
    place: str
    quote: str
    by: tuple[str, ...] = ()
    left_out: str = ""

    def __post_init__(self) -> None:
        if self.by and self.left_out:
            raise PolicyError(f"{self.id} is carried by {self.by[0]} and left out as well. Choose one.")

    @property
    def cite(self) -> Cite:
        return Cite(self.source, self.place, self.quote)
