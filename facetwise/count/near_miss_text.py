"""Near misses in words: why denervations were not counted, and what was recorded there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from facetwise.count.failed_values import Recorded
from facetwise.count.flow_and_near_misses import NearMiss
from facetwise.language.codes import dotted
from facetwise.language.definition import Criterion, Definition, slots

# A sentence about one spell becomes one about many by losing its value: 'is {x}, not V485' is 'is not V485'. In order.
_WITHOUT_VALUES = (
    (re.compile(r" \([^()]*\{[^()]*\)"), ""),
    (re.compile(r" is \{\w+\}, which is "), " is "),
    (re.compile(r" is \{\w+\}, which "), " "),
    (re.compile(r" is \{\w+\}, "), " is "),
    (re.compile(r" \{\w+\}"), ""),
)


def in_words(definition: Definition, miss: NearMiss) -> str:
    """Why the spells of a near miss are not counted, in one sentence."""
    failed, unknown = ([definition.criterion(name) for name in names] for names in (miss.failed, miss.unknown))
    reasons = [*(without_values(c.when_not_met) for c in failed), *(without_values(c.when_unknown) for c in unknown)]
    said = "; ".join(reasons)
    return said[0].upper() + said[1:]


def recorded_instead(criterion: Criterion, recorded: Iterable[Recorded]) -> dict[str, int]:
    """Texts of the values recorded where only this criterion failed, with their spells."""
    named = slots(criterion.when_not_met)
    numbers = [number for number, fact in enumerate(criterion.facts) if fact.name in named]
    spells_by_text: Counter[str] = Counter()
    for item in recorded:
        if item.criterion == criterion.id:
            facts = [(criterion.facts[number].says, item.held[number]) for number in numbers]
            spells_by_text[" and ".join(_fact_text(says, held, len(facts) > 1) for says, held in facts)] += item.spells
    return dict(spells_by_text)


def _fact_text(says: str, held: tuple[str, ...] | None, is_one_of_several: bool) -> str:
    words = "not recorded" if held is None else dotted(" with ".join(held)) or "no code of that kind"
    return f"{says} {words}" if is_one_of_several else words


def without_values(sentence: str) -> str:
    """A criterion's sentence without the value of any one spell: 'the primary diagnosis is not on the list'."""
    for pattern, instead in _WITHOUT_VALUES:
        sentence = pattern.sub(instead, sentence)
    return dotted(sentence)
