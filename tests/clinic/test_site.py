"""A wrong side or level: said where a procedure is not where the request or the blocks are, and only there."""

from __future__ import annotations

from typing import Any

import pytest

from facetwise.clinic.model.clinic_record import Procedure
from facetwise.clinic.procedure.checklist import rows
from facetwise.clinic.procedure.site_check import elsewhere, too_early, would_be_elsewhere
from facetwise.record.parse import part_of, record_of
from tests.clinic.test_lesions import row
from tests.clinic.test_procedure import NOW, TODAY

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


REQUESTED = "The day of the procedure is before the request of 1 October 2026. Check the day."
BLOCKED = "The day of the procedure is before every block of its place, the first on 3 September 2026. Check the day."


@pytest.mark.parametrize(
    ("day", "blocks", "more", "says"),
    [
        ("2026-11-06", [BLOCK], {}, []),
        ("2026-10-01", [BLOCK], {}, []),
        ("2026-09-30", [BLOCK], {}, [REQUESTED]),
        ("2026-09-03", [BLOCK], {}, [REQUESTED]),
        ("2026-06-11", [BLOCK], {}, [REQUESTED, BLOCKED]),
        ("2026-06-11", [BLOCK, {**BLOCK, "date": "2026-10-05"}], {}, [REQUESTED, BLOCKED]),
        ("2026-06-11", [BLOCK, {**BLOCK, "date": "2026-05-05"}], {}, [REQUESTED]),
        ("2026-06-11", [BLOCK, {**BLOCK, "date": "2026-05-05", "sides": ["right"]}], {}, [REQUESTED, BLOCKED]),
        ("2026-06-11", [BLOCK, {"levels": ["L4/5"]}], {}, [REQUESTED]),
        ("2026-06-11", [], {}, [REQUESTED]),
        ("2026-06-11", [BLOCK], {"started": "2026-06-11T09:00:00+00:00"}, []),
        ("2026-06-11", [BLOCK], {"started": None}, []),
        (None, [BLOCK], {}, []),
    ],
)  # fmt: skip
def test_a_day_before_the_request_or_every_block_there_is_said(
    day: str | None, blocks: list[dict[str, Any]], more: dict[str, Any], says: list[str]
) -> None:
    """06 typed for 11. What came after it was begun, as for a repeat, says nothing; a block without a day could be before."""
    asked = {**REQUEST, "date": "2026-10-01"}
    record = record_of({"schema": "facetwise.record/1", "request": asked, "blocks": blocks}, "p")
    given = {"planned": day, "started": NOW, "nerves": rows(["L4/5"], ["left"]), **more}
    held = part_of(Procedure, {name: value for name, value in given.items() if value is not None}, "it")
    assert [item.says for item in too_early(record, held)] == says


def test_a_day_typed_too_early_hides_no_wrong_side() -> None:
    record = record_of({"schema": "facetwise.record/1", "request": {**REQUEST, "date": "2026-10-01"}}, "p")
    given = {"planned": "2026-06-11", "started": NOW, "nerves": rows(["L4/5"], ["right"])}
    assert [item.where for item in elsewhere(record, part_of(Procedure, given, "it"))] == ["right side"]
