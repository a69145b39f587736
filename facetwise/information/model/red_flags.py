"""Signs that outrank the expected course: in every text, each with whom to call now.

Those of the cauda equina stand in none of the five sources: they are the pathway's and a hospital's that are cited.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from facetwise.guidance import safety
from facetwise.information.model.sentence import EVERY_STAGE, Chapter, Sentence, Slot, Topic
from facetwise.information.statements.sources import CHESTERFIELD, cautious
from facetwise.language.citation import Cite


class Whom(Enum):
    """Whom to call about a sign, and how soon."""

    EMERGENCY = "Call 999 or go to A&E now."
    NOW = "Get medical help now. Call the unit, or NHS 111 if you cannot reach it."
    UNIT = "Call the unit where you had it, today. Call NHS 111 if you cannot reach it."


@dataclass(frozen=True)
class RedFlag:
    """A sign to tick: how it is asked, whom to call when it is ticked, and the sentence of the text that tells it."""

    id: str
    ask: str
    whom: Whom
    sentence: Sentence


def _places(*names: str) -> tuple[Cite, ...]:
    return tuple(flag.cite for flag in safety.RED_FLAGS if flag.id in names)


RED_FLAGS = (
    RedFlag(
        "cauda-equina",
        "Any new trouble with your bladder or bowels, or numbness around your bottom or between your legs?",
        Whom.EMERGENCY,
        Sentence(
            Topic.RED_FLAGS,
            "flag-cauda-equina",
            "Call 999 or go to A&E now for new bladder or bowel trouble, or a numb bottom or groin.",
            also=(*_places("cauda_equina_signs"), Cite(CHESTERFIELD, "warning signs, and what to do")),
        ),
    ),
    RedFlag(
        "getting-weaker",
        "Weakness or numbness in your legs or arms that is getting worse?",
        Whom.EMERGENCY,
        Sentence(
            Topic.RED_FLAGS,
            "flag-getting-weaker",
            "Call 999 or go to A&E now too if a leg or an arm gets weaker or more numb.",
            also=_places("progressive_neurological_deficit"),
        ),
    ),
    RedFlag(
        "infection",
        "Is the place warm or red, and do you feel hot and unwell?",
        Whom.NOW,
        Sentence(
            Topic.RED_FLAGS,
            "flag-infection",
            "Get medical help now if you are hot and ill and the place is red or warm: it may need antibiotics.",
            ("B48",),
        ),
    ),
    RedFlag(
        "headache-or-fever",
        "A headache or a fever since the needle?",
        Whom.UNIT,
        Sentence(
            Topic.RED_FLAGS,
            "flag-headache-or-fever",
            "Call the unit the same day if you get a headache or a fever once you are home.",
            ("B50",),
        ),
    ),
    RedFlag(
        "still-numb-or-weak",
        "Has an arm or a leg stayed numb or weak since you got home?",
        Whom.UNIT,
        Sentence(
            Topic.RED_FLAGS,
            "flag-still-numb-or-weak",
            "Call them too if an arm or a leg stays numb or weak.",
            ("B50",),
        ),
    ),
)
CHAPTER = Chapter(
    Topic.RED_FLAGS,
    "Get help now",
    EVERY_STAGE,
    (
        *(flag.sentence for flag in RED_FLAGS),
        Sentence(
            Topic.RED_FLAGS,
            "flag-unreachable",
            "If the unit does not answer, call NHS 111.",
            also=(Cite(CHESTERFIELD, "what to do"), cautious("D24")),
        ),
        Sentence(
            Topic.RED_FLAGS,
            "flag-where-from",
            "Bladder, bowel and groin signs are in none of our five main sources, so we took them from NHS pages.",
            also=(*_places("cauda_equina_signs"), Cite(CHESTERFIELD, "warning signs, and what to do")),
        ),
        Slot("D24"),
    ),
)
