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
        return _MET if self is _NOT_MET else _NOT_MET if self is _MET else self

    @staticmethod
    def of(value: bool | None) -> Truth:
        """MET for True, NOT_MET for False, UNKNOWN for None."""
        return _FROM_BOOL[value]


_MET, _NOT_MET, _UNKNOWN = Truth  # looking a member up in its class costs more than the tests below
_FROM_BOOL = {True: _MET, False: _NOT_MET, None: _UNKNOWN}


def all_of(truths: Iterable[Truth]) -> Truth:
    """Kleene's and: not met if any is not met, else unknown if any is unknown, else met (met for none at all)."""
    found = _MET
    for truth in truths:
        if truth is _NOT_MET:
            return truth
        if truth is _UNKNOWN:
            found = truth
    return found


def any_of(truths: Iterable[Truth]) -> Truth:
    """Kleene's or: met if any is met, else unknown if any is unknown, else not met (not met for none at all)."""
    found = _NOT_MET
    for truth in truths:
        if truth is _MET:
            return truth
        if truth is _UNKNOWN:
            found = truth
    return found
