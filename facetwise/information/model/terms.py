"""Medical words that the text cannot avoid, each explained once in a text that uses it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from facetwise.information.model.sentence import Sentence


@dataclass(frozen=True)
class Term:
    """A medical word: the pattern that finds it in a text, and the sentence that explains it."""

    pattern: str
    sentence: Sentence

    def is_in(self, text: str) -> bool:
        """Whether the text uses the word."""
        return re.search(rf"\b(?:{self.pattern})\b", text, re.IGNORECASE) is not None


def explain(text: str, terms: Iterable[Term]) -> tuple[Sentence, ...]:
    """The sentences that explain the words of that text, and the words that those use in turn, each once."""
    every = tuple(terms)
    used: list[Term] = []
    unread = text
    while more := [term for term in every if term not in used and term.is_in(unread)]:
        used += more
        unread = " ".join(term.sentence.says for term in more)
    return tuple(term.sentence for term in every if term in used)
