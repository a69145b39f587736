"""Medical words that the text cannot avoid, each explained once in a text that uses it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial

from facetwise.guidance import safety
from facetwise.information.model.sentence import Sentence, Topic

HEADING = "What the words mean"


@dataclass(frozen=True)
class Term:
    """A medical word: how it is found in a text, and the sentence that explains it."""

    pattern: str
    sentence: Sentence

    def is_in(self, text: str) -> bool:
        """The text uses the word."""
        return re.search(rf"\b(?:{self.pattern})\b", text, re.IGNORECASE) is not None


_word = partial(Sentence, Topic.WORDS)
TERMS = (
    Term(
        "facet joints?",
        _word(
            "word-facet",
            "Facet joints are small joints, in pairs, that join each bone of your spine to the next.",
            ("B3", "C5", "E6", "S6"),
        ),
    ),
    Term(
        "facet rhizolysis|denervation|ablation|neurotomy|rhizolysis|rhizotomy|radiofrequency",
        _word(
            "word-names",
            "Radiofrequency means radio waves, and the other long names mean to cut or wear away a nerve.",
            ("B4", "B22", "E15"),
        ),
    ),
    Term(
        "test blocks?",
        _word(
            "word-block",
            "A test block is a needle that numbs the medial branch nerves, small nerves of a facet joint, for a short time.",
            ("B6", "C5", "E6", "E7", "S6", "M12"),
        ),
    ),
    Term(
        "numbing medicine|numbed",
        _word("word-anaesthetic", "Numbing medicine is also called local anaesthetic.", ("B17", "C16", "C21", "M20")),
    ),
    Term("sedation", _word("word-sedation", "Sedation is medicine that makes you calm and drowsy.", ("B18", "M19"))),
    Term("steroid", _word("word-steroid", "A steroid is a medicine that can ease soreness.", ("B23",))),
    Term(
        "blood thinner",
        _word(
            "word-thinner",
            "A blood thinner is a medicine that makes blood slower to clot (an anticoagulant or an antiplatelet).",
            ("M14",),
            tuple(caution.cite for caution in safety.SAFETY if caution.id == "anticoagulant"),
        ),
    ),
    Term(
        "pacemaker|defibrillator|stimulator",
        _word(
            "word-device",
            "A pacemaker, a defibrillator and a nerve stimulator are small machines, put into the body, that send a current.",
            (),
            tuple(caution.cite for caution in safety.SAFETY if caution.id in ("pacemaker", "neurostimulator")),
        ),
    ),
    Term("arthritis", _word("word-arthritis", "Arthritis means joints that are worn and inflamed.", ("B10", "C8"))),
    Term("whiplash", _word("word-whiplash", "Whiplash is a neck hurt by a sudden jerk.", ("M8",))),
    Term(
        "physiotherapy",
        _word("word-physiotherapy", "Physiotherapy is care that helps you to move and get strong.", ("C27", "B55")),
    ),
    Term("manual therapy", _word("word-manual", "Manual therapy is care by hand.", ("E8", "S7"))),
    Term(
        "psychological",
        _word("word-psychological", "Psychological support is help with how you feel and cope.", ("E8", "S7")),
    ),
    Term("antibiotics", _word("word-antibiotics", "Antibiotics are medicines that treat an infection.", ("B48",))),
    Term("consent", _word("word-consent", "Consent means that you agree to it and know what it is.", ("B51",))),
)


def explained(text: str) -> tuple[Sentence, ...]:
    """The sentences that explain the words of that text, and the words that those use in turn, each once."""
    found: list[Term] = []
    seen = text
    while more := [term for term in TERMS if term not in found and term.is_in(seen)]:
        found += more
        seen = " ".join(term.sentence.says for term in more)
    return tuple(term.sentence for term in TERMS if term in found)
