"""Signs that outrank the expected course: in every text, each with whom to call now."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from facetwise.information.model.sentence import Sentence


class Whom(Enum):
    """Whom to call about a sign, and how soon."""

    EMERGENCY = "Call 999 or go to A&E now."
    NOW = "Get medical help now. Call the unit, or NHS 111 if you cannot reach it."
    UNIT = "Call the unit where you had it, today. Call NHS 111 if you cannot reach it."


@dataclass(frozen=True)
class RedFlag:
    """A sign to tick: its question, whom to call when it is ticked, and its sentence in the text."""

    id: str
    ask: str
    whom: Whom
    sentence: Sentence
