"""Keys that ascend cost nothing to watch; one that repeats is found all the same, at every seam."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from facetwise.spells.reading.unique_keys import UniqueKeyCheck


@pytest.mark.parametrize(
    ("batches", "repeated"),
    [
        ([[1, 2, 3], [4, 5]], ()),
        ([[1, 2, 2]], ("2",)),
        ([[1, 1]], ("1",)),
        ([[3, 2, 2, 1]], ("2",)),
    ],
)
def test_neighbours_that_are_equal_are_a_repeat(batches: list[list[int]], repeated: tuple[str, ...]) -> None:
    check = UniqueKeyCheck()
    for keys in batches:
        check.add(pa.array(keys, pa.int64()), np.zeros(len(keys), bool))
    assert check.is_sure
    assert check.repeats() == (len(repeated), repeated)
    check.close()


@pytest.mark.parametrize(("second", "sure"), [([3, 4], False), ([4, 5], True)])
def test_spans_that_share_a_key_need_a_second_look(second: list[int], sure: bool) -> None:
    check = UniqueKeyCheck()
    for keys in ([1, 2, 3], second):
        check.add(pa.array(keys, pa.int64()), np.zeros(len(keys), bool))
    assert check.is_sure is sure
    check.close()
