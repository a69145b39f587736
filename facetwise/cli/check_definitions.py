"""Faults of the library: what `facetwise check` looks for in its definitions."""

from __future__ import annotations

from collections.abc import Sequence

from facetwise.decide.evaluate_spell import evaluate
from facetwise.guidance.codelists import CODE_LISTS
from facetwise.guidance.sources import SOURCES
from facetwise.language.definition import Definition
from facetwise.language.possible_truths import possible_truths
from facetwise.language.truth import Truth, all_of


def check_definitions(definitions: Sequence[Definition]) -> tuple[list[str], list[str]]:
    """What is wrong with the library, and what was looked at."""
    faults = [fault for definition in definitions for fault in _faults(definition)]
    criteria = sum(len(definition.criteria) for definition in definitions)
    summary = [
        f"{len(definitions)} definitions, {criteria} criteria, {len(CODE_LISTS)} code lists, {len(SOURCES)} sources",
        "code systems: every list is asked of a field that holds its system (checked when a definition is built)",
        "citations: every criterion cites a place in a source of the library",
        "reach: every criterion can be met, and can fail",
        "the empty row: no definition counts it",
    ]
    return faults, summary


def _faults(definition: Definition) -> list[str]:
    faults = []
    if definition.source not in SOURCES:
        faults.append(
            f"'{definition.id}' rests on '{definition.source.id}', which is not in guidance/sources.py. Add it."
        )
    for criterion in definition.criteria:
        possible = possible_truths(criterion.met_when)
        if criterion.cite.source not in SOURCES:
            faults.append(
                f"'{definition.id}' '{criterion.id}' cites '{criterion.cite.source.id}', which is not in the library."
            )
        if Truth.MET not in possible:
            faults.append(f"'{definition.id}' '{criterion.id}' can never be met. Look at its test.")
        if Truth.NOT_MET not in possible:
            faults.append(f"'{definition.id}' '{criterion.id}' can never fail. Look at its test, or leave it out.")
    if all_of(evaluate(criterion.met_when, lambda fact: None) for criterion in definition.criteria) is Truth.MET:
        faults.append(f"'{definition.id}' counts a row in which nothing is recorded. Look at its criteria.")
    return faults
