"""On which side of its limit a remark about a record lies."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from facetwise.decide.inconsistencies import inconsistencies, warnings
from facetwise.decide.record_as_of import record_as_of
from facetwise.guidance.example_patient import example_patient
from facetwise.record.parse import record_of

TODAY = date(2026, 11, 20)
BLOCK = {"date": "2026-08-03", "kind": "medial-branch-block", "region": "lumbar", "levels": ["L4/5"], "sides": ["left"]}


def remarks(of: Any, **parts: Any) -> list[str]:
    """What is remarked of the example patient with parts of the record put otherwise."""
    document = {**example_patient(), **parts}
    return [found.says for found in of(record_as_of(record_of(document, "the record"), TODAY))]


@pytest.mark.parametrize(("stated", "remarked"), [(68.9, True), (69, False), (70, False), (71, False), (71.1, True)])
def test_relief_stated_within_one_percent_of_the_scores_contradicts_nothing(stated: float, remarked: bool) -> None:
    """10 to 3 is 70 %."""
    block = {**BLOCK, "before": 10, "after": [{"minutes": 60, "score": 3}], "stated_relief_percent": stated}
    assert any(says.startswith("The relief stated") for says in remarks(inconsistencies, blocks=[block])) is remarked


@pytest.mark.parametrize(("volume", "remarked"), [(0.5, False), (1, False), (1.1, True), (5, True)])
def test_a_block_of_more_than_one_ml_is_remarked_on(volume: float, remarked: bool) -> None:
    found = remarks(warnings, blocks=[{**BLOCK, "volume_ml": volume}])
    assert any(says.startswith("A block used more than 1 ml") for says in found) is remarked


@pytest.mark.parametrize(("day", "remarked"), [("2025-11-19", True), ("2025-11-20", False), ("2026-08-01", False)])
def test_scores_older_than_a_year_are_remarked_on(day: str, remarked: bool) -> None:
    scores = [{"date": day, "scale": "NRS", "value": 7, "context": "usual"}]
    assert any(says.startswith("The latest score is of") for says in remarks(warnings, scores=scores)) is remarked
