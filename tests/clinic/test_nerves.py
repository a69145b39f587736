"""The map of joints and nerves, there and back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facetwise.clinic.model.nerves import (
    NERVES,
    SOURCES,
    SUPPLY,
    Extent,
    Treated,
    denervated,
    joints_of,
    nerves_of,
    region_of,
    supply,
)
from facetwise.errors import InputError
from facetwise.record.field_types import LEVELS

TABLE = """
    C2/3   | third occipital nerve
    C3/4   | C3 medial branch, C4 medial branch
    C6/7   | C6 medial branch, C7 medial branch
    C7/T1  | C7 medial branch, C8 medial branch
    T1/2   | C8 medial branch, T1 medial branch
    T2/3   | T1 medial branch, T2 medial branch
    T11/12 | T10 medial branch, T11 medial branch
    T12/L1 | T11 medial branch, T12 medial branch
    L1/2   | T12 medial branch, L1 medial branch
    L3/4   | L2 medial branch, L3 medial branch
    L4/5   | L3 medial branch, L4 medial branch
    L5/S1  | L4 medial branch, L5 dorsal ramus
"""
SIDES = st.sampled_from(("left", "right"))
ROWS = st.builds(Treated, st.sampled_from(NERVES), SIDES, st.sampled_from((True, False, None)))


@pytest.mark.parametrize("row", [line for line in TABLE.splitlines() if line.strip()])
def test_each_joint_is_served_by_the_nerves_that_the_sources_name(row: str) -> None:
    """L4/5 by the L3 and L4 medial branches, L5/S1 by L4 and the L5 dorsal ramus; and so up to the neck."""
    joint, nerves = (cell.strip() for cell in row.split("|"))
    assert ", ".join(supply(joint).nerves) == nerves


def test_every_joint_of_a_record_has_its_nerves_but_the_one_that_has_none() -> None:
    assert set(LEVELS) - set(SUPPLY) == {"C1/2"}
    with pytest.raises(InputError) as refused:
        supply("C1/2")
    assert str(refused.value) == (
        "C1/2 is served by no medial branch, so none can be treated for it. Choose C2/3 or a joint below."
    )


def test_every_joint_says_where_its_nerves_are_written_and_mid_thoracic_ones_who_doubts_it() -> None:
    assert all(held.cites for held in SUPPLY.values())
    assert [joint for joint, held in SUPPLY.items() if held.doubt] == ["T4/5", "T5/6", "T6/7", "T7/8", "T8/9", "T9/10"]
    assert all(source.url.startswith("https://") for source in SOURCES)


def test_a_joint_belongs_to_the_region_of_its_upper_vertebra() -> None:
    assert [region_of(joint) for joint in ("C7/T1", "T12/L1", "L5/S1")] == ["cervical", "thoracic", "lumbar"]


def test_two_joints_share_the_nerve_between_them() -> None:
    assert nerves_of(["L5/S1", "L4/5"]) == ("L3 medial branch", "L4 medial branch", "L5 dorsal ramus")
    assert joints_of("L4 medial branch") == ("L4/5", "L5/S1")


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([("L3 medial branch", "left", True), ("L4 medial branch", "left", True)],
         {"L3/4": Extent.PARTLY, "L4/5": Extent.WHOLE, "L5/S1": Extent.PARTLY}),
        ([("L4 medial branch", "left", True), ("L5 dorsal ramus", "left", True)],
         {"L4/5": Extent.PARTLY, "L5/S1": Extent.WHOLE}),
        ([("L3 medial branch", "left", True), ("L4 medial branch", "left", None)],
         {"L3/4": Extent.PARTLY, "L4/5": Extent.CANNOT_TELL, "L5/S1": Extent.CANNOT_TELL}),
        ([("L3 medial branch", "left", True), ("L4 medial branch", "left", False)],
         {"L3/4": Extent.PARTLY, "L4/5": Extent.PARTLY}),
        ([("third occipital nerve", "left", True)], {"C2/3": Extent.WHOLE}),
        ([("third occipital nerve", "left", None)], {"C2/3": Extent.CANNOT_TELL}),
        ([("L4 medial branch", "left", False)], {}),
        ([], {}),
    ],
)  # fmt: skip
def test_a_joint_is_denervated_when_all_its_nerves_were_treated(
    rows: list[tuple[str, str, bool | None]], told: dict[str, Extent]
) -> None:
    """One of two is partly; a lesion that nobody wrote down is not known; a nerve left alone is not treated."""
    found = denervated(Treated(*row) for row in rows)
    assert {item.joint: item.extent for item in found} == told


def test_both_nerves_on_opposite_sides_denervate_nothing_whole() -> None:
    found = denervated([Treated("L3 medial branch", "left", True), Treated("L4 medial branch", "right", True)])
    assert {item.extent for item in found} == {Extent.PARTLY}


def test_a_nerve_that_was_moved_and_lesioned_again_counts_once_as_treated() -> None:
    twice = [Treated("third occipital nerve", "left", False), Treated("third occipital nerve", "left", True)]
    assert [item.extent for item in denervated(twice)] == [Extent.WHOLE]


def test_a_nerve_off_the_map_is_refused_with_the_nearest_name() -> None:
    """Never one of another vertebra: T5 is not meant by somebody who writes L5."""
    with pytest.raises(InputError) as refused:
        denervated([Treated("L5 medial branch", "left", True)])
    assert str(refused.value) == "That nerve is not on the map. Did you mean 'L5 dorsal ramus'?"


@settings(max_examples=200, deadline=None, derandomize=True)
@given(joints=st.sets(st.sampled_from(sorted(SUPPLY))), side=SIDES)
def test_treating_every_nerve_of_some_joints_denervates_at_least_those(joints: set[str], side: str) -> None:
    """There and back: the joints asked for, and whichever lie between them with both nerves treated."""
    found = denervated(Treated(nerve, side, True) for nerve in nerves_of(joints))
    whole = {item.joint for item in found if item.extent is Extent.WHOLE}
    assert joints <= whole
    assert all(set(supply(joint).nerves) <= set(nerves_of(joints)) for joint in whole)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(rows=st.lists(ROWS, max_size=12), more=ROWS)
def test_one_more_treated_nerve_never_takes_a_joint_away(rows: list[Treated], more: Treated) -> None:
    before = {(item.joint, item.side) for item in denervated(rows) if item.extent is Extent.WHOLE}
    after = denervated([*rows, Treated(more.nerve, more.side, True)])
    assert before <= {(item.joint, item.side) for item in after if item.extent is Extent.WHOLE}
