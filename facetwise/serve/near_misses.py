"""Near misses in words: why denervations were not counted, and what was recorded there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from facetwise.language.codes import dotted
from facetwise.language.definition import Criterion, Definition, slots
from facetwise.measure.patterns import NearMiss
from facetwise.measure.values import Recorded

_FEW = 5
# A sentence about one spell becomes one about many by losing its value: 'is {x}, not V485' is 'is not V485'. In order.
_WITHOUT_VALUES = (
    (re.compile(r" \([^()]*\{[^()]*\)"), ""),
    (re.compile(r" is \{\w+\}, which is "), " is "),
    (re.compile(r" is \{\w+\}, which "), " "),
    (re.compile(r" is \{\w+\}, "), " is "),
    (re.compile(r" \{\w+\}"), ""),
)


@dataclass(frozen=True)
class Value:
    """Something recorded, in words, and in how many spells."""

    words: str
    spells: int


@dataclass(frozen=True)
class Miss:
    """One way of not being counted.

    reasons: in words, one a criterion that failed or is unknown. is_unknown: nothing failed, so the spell may yet count.
    values: what was recorded, most first; other_values: the spells with values beyond those.
    """

    reasons: tuple[str, ...]
    is_unknown: bool
    spells: int
    values: tuple[Value, ...]
    other_values: int


def in_words(definition: Definition, misses: Iterable[NearMiss], recorded: Iterable[Recorded]) -> tuple[Miss, ...]:
    """The near misses of a definition as a reader of the report meets them, in the order given."""
    held = list(recorded)
    return tuple(_miss(definition, miss, held) for miss in misses)


def _miss(definition: Definition, miss: NearMiss, recorded: list[Recorded]) -> Miss:
    failed = [definition.criterion(name) for name in miss.failed]
    unknown = [definition.criterion(name) for name in miss.unknown]
    values: list[Value] = []
    if len(failed) == 1 and not unknown:
        values = _values(failed[0], recorded)
    shown = values[:_FEW]
    return Miss(
        reasons=(*(without_values(c.when_not_met) for c in failed), *(without_values(c.when_unknown) for c in unknown)),
        is_unknown=not failed,
        spells=miss.spells,
        values=tuple(shown),
        other_values=sum(value.spells for value in values[_FEW:]),
    )


def _values(criterion: Criterion, recorded: Iterable[Recorded]) -> list[Value]:
    """What the facts that the criterion's sentence speaks of hold, most spells first."""
    named = slots(criterion.when_not_met)
    places = [place for place, fact in enumerate(criterion.facts) if fact.name in named]
    seen: Counter[str] = Counter()
    for item in recorded:
        if item.criterion == criterion.id:
            facts = [(criterion.facts[place].says, item.held[place]) for place in places]
            seen[" and ".join(_held(says, held, len(facts) > 1) for says, held in facts)] += item.spells
    return [Value(words, spells) for words, spells in sorted(seen.items(), key=lambda pair: (-pair[1], pair[0]))]


def _held(says: str, held: tuple[str, ...] | None, is_one_of_several: bool) -> str:
    words = "not recorded" if held is None else dotted(" with ".join(held)) or "no code of that kind"
    return f"{says} {words}" if is_one_of_several else words


def without_values(sentence: str) -> str:
    """A criterion's sentence without the value of any one spell: 'the primary diagnosis is not on the list'."""
    for pattern, instead in _WITHOUT_VALUES:
        sentence = pattern.sub(instead, sentence)
    return dotted(sentence)
