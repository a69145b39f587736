"""The mark of a block: it lasts, and no block ever bears that of another."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

from facetwise.clinic.block.blocks import add_block, change_block
from facetwise.clinic.model.block_ids import marks, place_of
from facetwise.clinic.pathway.missing_answers import without_event
from tests.clinic.patient import AFTERNOON, DONE, without_blocks


def test_each_recorded_block_has_a_mark_of_its_own_that_moves_with_it() -> None:
    """Also where two are alike in all that is recorded of them."""
    one, _ = add_block(without_blocks(), DONE, AFTERNOON)
    two, _ = add_block(one, DONE, AFTERNOON + timedelta(minutes=1))
    first, second = marks(two)
    assert first != second
    left = without_event(two, "blocks", 0)
    assert marks(left) == (second,) and place_of(left, first) is None


def test_a_correction_leaves_the_mark() -> None:
    """A block from elsewhere has none kept, and keeps the one that was made of it when it is first corrected."""
    other = {"date": "2026-11-20", "region": "lumbar", "levels": ["L3/4"], "sides": ["right"]}
    document = {**without_blocks(), "blocks": [other]}
    (mark,) = marks(document)
    for done in (replace(DONE, at=time(9, 40)), replace(DONE, levels=("L5/S1",), sides=("right",))):
        document = change_block(document, 0, done, AFTERNOON)
        assert marks(document) == (mark,)


def test_of_two_that_are_alike_and_from_elsewhere_neither_takes_the_mark_of_the_other() -> None:
    document = {**without_blocks(), "blocks": [{"date": "2026-11-20"}, {"date": "2026-11-20"}]}
    held = marks(document)
    assert len(set(held)) == 2
    assert not set(held) & set(marks(without_event(document, "blocks", 0)))


def test_no_mark_is_found_where_none_was_given() -> None:
    assert place_of({**without_blocks(), "blocks": [{}]}, "") is None
