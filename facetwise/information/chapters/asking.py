"""What is not known, and what to ask."""

from functools import partial

from facetwise.guidance.safety import CONTRARY
from facetwise.guidance.sources import NICE_NG59 as NG59
from facetwise.information.model.sentence import Chapter, Sentence, Slot, Stage, Topic, stages
from facetwise.information.model.situation import LUMBAR, NECK
from facetwise.language.citation import Cite, Read

_unknown = partial(Sentence, Topic.NOT_KNOWN)
NOT_KNOWN = Chapter(
    Topic.NOT_KNOWN,
    "What is not known",
    stages(Stage.BEFORE_BLOCK, Stage.BEFORE_PROCEDURE, Stage.FOLLOW_UP),
    (
        _unknown("unknown-mixed", "Studies do not agree, and many were not well done.", ("B36", "M28")),
        _unknown("unknown-exercise", "One study found that it did no more for pain than exercise.", ("B37",)),
        _unknown("unknown-who", "Nobody can tell ahead of time if it can help you.", ("B38",)),
        _unknown(
            "unknown-rate",
            "No source names a number for how often it works, or for how often it does harm.",
            ("B38", "E16", "E20", "C33"),
        ),
        _unknown("unknown-repeat", "Nobody knows how often it is best to repeat it.", ("E14", "S10")),
        _unknown(
            "unknown-against",
            "In 2025 a group of experts advised against it for pain of three months or more.",
            also=(CONTRARY.cite,),
        ),
        _unknown(
            "unknown-disputed",
            "Other groups did not agree with them, and the English guideline still allows it for some.",
            also=(CONTRARY.cite, Cite(NG59, "1.3.2", read_as=Read.SECONDARY)),
            only=LUMBAR,
        ),
        _unknown(
            "unknown-disputed-elsewhere",
            "Other groups did not agree with them.",
            also=(CONTRARY.cite,),
            only=NECK,
        ),
        Slot("D32"),
    ),
)

_ask = partial(Sentence, Topic.QUESTIONS)
QUESTIONS = Chapter(
    Topic.QUESTIONS,
    "Questions to ask",
    stages(Stage.BEFORE_BLOCK, Stage.BEFORE_PROCEDURE, Stage.FOLLOW_UP),
    (
        _ask("ask-options", "What else could I try for my pain?", ("B55",)),
        _ask("ask-after", "How might I feel afterwards?", ("B55",)),
        _ask("ask-exercise", "May I exercise, and how is best?", ("B55",)),
        _ask("ask-physio", "Do I need physiotherapy?", ("B55",)),
        _ask("ask-worked", "How do I know that it worked, and how soon?", ("B55",)),
        _ask("ask-likely", "How likely is it to work for me, and for how long?", ("B55",)),
        _ask("ask-risk", "What do you do to keep the risks low?", ("B55",)),
        _ask("ask-values", "What matters most to me here?", ("B54",)),
    ),
)
CHAPTERS = (NOT_KNOWN, QUESTIONS)
