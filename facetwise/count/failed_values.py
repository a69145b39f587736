"""What was recorded where one criterion alone kept a denervation from being counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from facetwise.compile.duckdb.engine import CANDIDATE, Engine, outcome_column, truth_column
from facetwise.language.codes import CodeList
from facetwise.language.definition import Criterion, Definition
from facetwise.language.expressions import AnyCodeIn, CodeFact, CodesFact, Fact

_COMPARED = 4  # characters of a code that decide membership of a list

Held = tuple[str, ...] | None


@dataclass(frozen=True)
class Recorded:
    """So many spells that failed this criterion and no other, and what they hold in the facts that it reads.

    held: for each fact of the criterion, in order, its value; None where it is not recorded. Of a fact with many codes:
    those on the criterion's list; where it holds none of them, those of the same chapters (first letters), as the codes
    that stand nearest.
    """

    criterion: str
    held: tuple[Held, ...]
    spells: int


class FailedValues:
    """Adds up what was recorded in the single failures of a definition, over one judged table after another."""

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._spells: Counter[tuple[str, tuple[Held, ...]]] = Counter()

    @property
    def carried(self) -> tuple[str, ...]:
        """The canonical columns that a query has to carry for this."""
        return tuple(fact.name for fact in self._definition.facts)

    def add(self, engine: Engine) -> None:
        """Add the batch that the engine evaluated last."""
        definition = self._definition
        truths = [f'"{truth_column(definition, criterion.id)}"' for criterion in definition.criteria]
        where = f'{CANDIDATE} AND NOT "{outcome_column(definition)}"'
        for row in engine.select(", ".join([*truths, *self.carried]), where).to_pylist():
            failed = [c for c in definition.criteria if row[truth_column(definition, c.id)] is not True]
            if len(failed) == 1:
                self._spells[failed[0].id, _values(failed[0], row)] += 1

    def found(self) -> tuple[Recorded, ...]:
        """In the order of the criteria, most spells first."""
        order = {criterion.id: number for number, criterion in enumerate(self._definition.criteria)}
        ordered = sorted(self._spells.items(), key=lambda item: (order[item[0][0]], -item[1], str(item[0][1])))
        return tuple(Recorded(criterion, held, spells) for (criterion, held), spells in ordered)


def _values(criterion: Criterion, row: Mapping[str, Any]) -> tuple[Held, ...]:
    return tuple(_value(criterion, fact, row[fact.name]) for fact in criterion.facts)


def _value(criterion: Criterion, fact: Fact, value: Any) -> Held:
    if value is None:
        return None
    match fact:
        case CodesFact():
            return _nearest({code[:_COMPARED] for code in _codes(value)}, _lists(criterion, fact))
        case CodeFact():
            return (value[:_COMPARED],)
        case _:
            return (str(value),)


def _codes(value: str | list[list[str] | None]) -> list[str]:
    """The codes of a spell: of one text, each after a comma, or of its episodes, as an extract's verdicts leave them."""
    if isinstance(value, str):
        return [code for code in value.split(",") if code]
    return [code for episode in value for code in episode or ()]


def _lists(criterion: Criterion, fact: Fact) -> tuple[CodeList, ...]:
    tests = (part for part in criterion.met_when.walk() if isinstance(part, AnyCodeIn))
    return tuple(test.codes for test in tests if fact in test.value.walk())


def _nearest(codes: set[str], lists: tuple[CodeList, ...]) -> tuple[str, ...]:
    listed = {code for code in codes if any(of.holds(code) for of in lists)}
    chapters = {item[0] for of in lists for item in of.fours | of.categories}
    return tuple(sorted(listed or {code for code in codes if code[0] in chapters}))
