"""What the text for patients is made of: sentences with their sources, in chapters by topic and stage."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from facetwise.errors import PolicyError
from facetwise.information.model.situation import Condition, Situation
from facetwise.information.model.statement import Statement
from facetwise.language.citation import Cite


class Stage(Enum):
    """The point of the pathway at which a patient reads the text."""

    BEFORE_BLOCK = "before-block"
    BEFORE_PROCEDURE = "before-procedure"
    THE_DAY = "the-day"
    AFTERCARE = "aftercare"
    FOLLOW_UP = "follow-up"
    WHOLE = "whole"


EVERY_STAGE = frozenset(Stage)


class Topic(Enum):
    """What a section is about. BRAN is benefits, risks, alternatives, nothing."""

    WHAT_IT_IS = "what-it-is"
    WHO = "who"
    BENEFITS = "benefits"
    RISKS = "risks"
    ALTERNATIVES = "alternatives"
    NOTHING = "nothing"
    TEST_BLOCK = "test-block"
    PREPARING = "preparing"
    BLOCK_DAY = "block-day"
    BLOCK_AFTER = "block-after"
    THE_DAY = "the-day"
    FIRST_DAY = "first-day"
    FIRST_WEEK = "first-week"
    LATER = "later"
    EXPECTED = "expected"
    WIDER_PLAN = "wider-plan"
    HOW_LONG = "how-long"
    REPEAT = "repeat"
    NOT_KNOWN = "not-known"
    QUESTIONS = "questions"
    RED_FLAGS = "red-flags"
    WORDS = "words"


BRAN = (Topic.BENEFITS, Topic.RISKS, Topic.ALTERNATIVES, Topic.NOTHING)


@dataclass(frozen=True)
class Sentence:
    """Words for a patient, and what they rest on: statements of the five sources, and `also` other places.

    only: the conditions it is for; of each aspect named, the patient has one of them. Empty: for everybody.
    """

    topic: Topic
    id: str
    says: str
    statements: tuple[Statement, ...] = ()
    also: tuple[Cite, ...] = ()
    only: frozenset[Condition] = frozenset()
    stages: frozenset[Stage] = EVERY_STAGE

    def __post_init__(self) -> None:
        if not self.says.endswith((".", "?")):
            raise PolicyError(f"The sentence '{self.id}' does not end. Give it a full stop or a question mark.")
        if not self.cites:
            raise PolicyError(f"The sentence '{self.id}' has no source. Name the statements it carries, or a place.")

    @property
    def cites(self) -> tuple[Cite, ...]:
        """Every place that it rests on."""
        return (*(statement.cite for statement in self.statements), *self.also)

    def is_for(self, stage: Stage, about: Situation) -> bool:
        """Whether it belongs to this stage and to a patient of this situation."""
        if stage not in self.stages:
            return False
        aspects = {condition.aspect for condition in self.only}
        return all(about.condition(aspect) in self.only for aspect in aspects)


@dataclass(frozen=True)
class Slot:
    """Where a chapter has the sentences that the clinic picked on a conflict of the sources."""

    conflict: str


@dataclass(frozen=True)
class Chapter:
    """A topic in the order it is read. terms: its medical words cannot be avoided, and it may read a little harder."""

    topic: Topic
    heading: str
    stages: frozenset[Stage]
    parts: tuple[Sentence | Slot, ...]
    terms: bool = False

    def __post_init__(self) -> None:
        for part in self.parts:
            if isinstance(part, Sentence) and part.topic is not self.topic:
                raise PolicyError(f"The sentence '{part.id}' is about {part.topic.value}, not {self.topic.value}.")
