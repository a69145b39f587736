"""A wrong side or level: said where a procedure is not where the request or the blocks are, and only there."""

from __future__ import annotations

from typing import Any

import pytest

from facetwise.clinic.kept import Procedure
from facetwise.clinic.procedure import rows
from facetwise.clinic.site import elsewhere, would_be_elsewhere
from facetwise.record.reading import part_of, record_of
from tests.clinic.test_lesions import row
from tests.clinic.test_procedure import TODAY

REQUEST = {"region": "lumbar", "levels": ["L4/5"], "sides": ["left"]}
BLOCK = {"date": "2026-09-03", "levels": ["L4/5"], "sides": ["left"]}


def told(joints: list[str], sides: list[str], request: dict[str, Any], blocks: list[dict[str, Any]]) -> list[str]:
    """The same before it begins and once it is written down."""
    document = {"schema": "facetwise.record/1", "request": request, "blocks": blocks}
    record = record_of(document, "p")
    held = part_of(Procedure, {"planned": TODAY, "nerves": rows(joints, sides)}, "it")
    before = would_be_elsewhere(record, joints, sides, TODAY)
    assert set(before) == set(elsewhere(record, held))
    return [f"{item.where}: {item.says}" for item in before]


NO_BLOCK = "No block on record was there. On record: left L4/5."


@pytest.mark.parametrize(
    ("joints", "sides", "request_held", "blocks", "says"),
    [
        (["L4/5"], ["left"], REQUEST, [BLOCK], []),
        (["L2/3"], ["right"], REQUEST, [BLOCK],
         ["right side: The request is for the left.", "L2/3: The request is for L4/5.", f"L2/3, right: {NO_BLOCK}"]),
        (["L4/5"], ["left", "right"], REQUEST, [BLOCK],
         ["right side: The request is for the left.", f"L4/5, right: {NO_BLOCK}"]),
        (["L4/5"], ["left"], {**REQUEST, "sides": ["right"]}, [BLOCK], ["left side: The request is for the right."]),
        (["L5/S1"], ["left"], {**REQUEST, "levels": ["L5/S1"]}, [BLOCK], [f"L5/S1, left: {NO_BLOCK}"]),
        (["L4/5"], ["left"], {}, [], []),
        (["L4/5"], ["right"], {**REQUEST, "sides": None}, [{"date": "2026-09-03"}], []),
        (["C3/4"], ["left"], {"region": "lumbar"}, [], ["C3/4: The request is for the lumbar region."]),
        (["L4/5"], ["right"], {"date": "2026-11-21", **REQUEST}, [], []),
        (["L4/5"], ["right"], {}, [BLOCK, {**BLOCK, "date": "2026-11-21", "sides": ["right"]}],
         [f"L4/5, right: {NO_BLOCK}"]),
    ],
)  # fmt: skip
def test_a_side_or_joint_that_the_request_or_every_block_does_not_have_is_said(
    joints: list[str],
    sides: list[str],
    request_held: dict[str, Any],
    blocks: list[dict[str, Any]],
    says: list[str],
) -> None:
    """What is not recorded is no difference: it could be the same. What came after the procedure does not count."""
    asked = {name: value for name, value in request_held.items() if value is not None}
    assert sorted(told(joints, sides, asked, blocks)) == sorted(says)


def test_a_nerve_that_was_treated_on_the_other_side_is_said_though_no_joint_is_whole() -> None:
    record = record_of({"schema": "facetwise.record/1", "request": REQUEST, "blocks": [BLOCK]}, "p")
    held = part_of(Procedure, {"planned": TODAY, "nerves": [row("L3"), row("L4"), row("L4", "right")]}, "it")
    assert [item.where for item in elsewhere(record, held)] == ["right side"]
    alone = part_of(Procedure, {"planned": TODAY, "nerves": [row("L4", "right", lesion=None)]}, "it")
    assert elsewhere(record, alone) == ()
