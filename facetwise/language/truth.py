"""Three truth values and Kleene's and, or, not."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Truth(Enum):
    """Whether a criterion holds. Unknown is an answer of its own: never folded into either side."""

    MET = "met"
    NOT_MET = "not-met"
    UNKNOWN = "unknown"

    def __and__(self, other: Truth) -> Truth:
        return all_of((self, other))

    def __or__(self, other: Truth) -> Truth:
        return any_of((self, other))

    def __invert__(self) -> Truth:
        return _OPPOSITE[self]

    @staticmethod
    def of(value: bool | None) -> Truth:
        """MET for True, NOT_MET for False, UNKNOWN for None."""
        return _FROM_BOOL[value]


_OPPOSITE = {Truth.MET: Truth.NOT_MET, Truth.NOT_MET: Truth.MET, Truth.UNKNOWN: Truth.UNKNOWN}
_FROM_BOOL = {True: Truth.MET, False: Truth.NOT_MET, None: Truth.UNKNOWN}


def all_of(truths: Iterable[Truth]) -> Truth:
    """Kleene's and: not met if any is not met, else unknown if any is unknown, else met (met for none at all)."""
    seen = set(truths)
    if Truth.NOT_MET in seen:
        return Truth.NOT_MET
    return Truth.UNKNOWN if Truth.UNKNOWN in seen else Truth.MET


def any_of(truths: Iterable[Truth]) -> Truth:
    """Kleene's or: met if any is met, else unknown if any is unknown, else not met (not met for none at all)."""
    seen = set(truths)
    if Truth.MET in seen:
        return Truth.MET
    return Truth.UNKNOWN if Truth.UNKNOWN in seen else Truth.NOT_MET
