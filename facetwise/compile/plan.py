"""The plan: what every SQL form of a definition computes, before any dialect.

First the values that the tests ask for, each once and under a plain name; then the criteria over those values; then the
outcome. Definitions planned together share their values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from facetwise.language.codes import CodeList
from facetwise.language.definition import Definition
from facetwise.language.expressions import (
    FirstCode,
    FirstRecorded,
    LastEpisode,
    Value,
    name_of,
)
from facetwise.language.possible_truths import possible_truths
from facetwise.language.truth import Truth


@dataclass(frozen=True)
class Plan:
    """Values by their names, in an order in which each needs only those before it, and the definitions over them."""

    values: tuple[tuple[str, Value], ...]
    definitions: tuple[Definition, ...]

    def name(self, value: Value) -> str:
        """The plain name of a value in this plan."""
        return next(name for name, planned in self.values if planned == value)


def plan(*definitions: Definition) -> Plan:
    """The plan of one or more definitions."""
    values: dict[Value, str] = {}
    for definition in definitions:
        for criterion in definition.criteria:
            for part in reversed(criterion.met_when.walk()):
                if isinstance(part, Value):
                    values.setdefault(part, value_name(part))
    ordered = sorted(values.items(), key=lambda item: len(item[0].walk()))
    return Plan(tuple((name, value) for value, name in ordered), definitions)


def value_name(value: Value) -> str:
    """A plain name: 'procedures', 'procedures_last_episode', 'procedures_last_episode_first', 'age_at_start_or_...'."""
    match value:
        case LastEpisode(of=of):
            return f"{value_name(of)}_last_episode"
        case FirstCode(of=of):
            return f"{value_name(of)}_first"
        case FirstRecorded(first=first, second=second):
            return f"{first.name}_or_{second.name}"
        case _:
            return name_of(value)


def columns_needed(definitions: Sequence[Definition]) -> tuple[str, ...]:
    """The canonical columns that definitions read."""
    return tuple(dict.fromkeys(fact.name for definition in definitions for fact in definition.facts))


def can_be_sieved(definition: Definition, codes: CodeList) -> bool:
    """Whether every row without a code of `codes` is sure to be not met at the first criterion.

    Then those rows need no look: they are not counted, and they leave the flow at its first step.
    """
    return possible_truths(definition.criteria[0].met_when, without=codes) == {Truth.NOT_MET}
