"""What only a clinician may write."""

from __future__ import annotations

from typing import Any

import pytest

from facetwise.clinic.model.clinician_only import judgements


@pytest.mark.parametrize(
    ("before", "after", "n"),
    [
        ({}, {"conditions": {"pacemaker": True}}, 0),
        ({"conditions": {"pacemaker": False}}, {"conditions": {"pacemaker": True}}, 0),
        ({}, {"conditions": {"pacemaker": False}}, 0),
        ({"conditions": {"pacemaker": True}}, {"conditions": {"pacemaker": False}}, 1),
        ({"conditions": {"pacemaker": True}}, {"conditions": {}}, 1),
        ({"conditions": {"fracture": True, "icd": True}}, {}, 2),
        ({"blocks": [{}]}, {"blocks": [{"positive": True}]}, 1),
        ({"blocks": [{}]}, {"blocks": [{"positive": False, "prolonged": True}]}, 2),
        ({"blocks": [{"positive": True}]}, {"blocks": [{"positive": True, "steroid": False}]}, 0),
        ({}, {"blocks": [{"positive": True}]}, 1),
        ({"blocks": [{"positive": True}]}, {"blocks": []}, 0),
    ],
)
def test_a_hold_that_goes_and_a_block_that_is_judged_are_a_clinician_s(
    before: dict[str, Any], after: dict[str, Any], n: int
) -> None:
    """Unknown is on both sides: a hold that becomes unknown is lifted as well."""
    assert len(judgements(before, after)) == n
