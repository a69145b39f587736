"""A key that repeats is always found, whatever its type, order and file; a key that does not is never refused."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

import facetwise
from facetwise.errors import InputError
from tests.spells.activity_files import COUNTED, typed, write


@pytest.mark.parametrize("kind", ["uint8", "uint32", "uint64", "int8", "int64"])
def test_a_repeat_among_whole_numbers_of_any_width_is_found(tmp_path: Path, kind: str) -> None:
    """Unsigned differences wrap round: 5, 3, 5 must not look ascending."""
    keys = pa.array([5, 3, 5, 2, 5], pa.type_for_alias(kind))
    with pytest.raises(InputError, match=r"APCS_Ident is not unique: 1 value occurs more than once \(5\)"):
        facetwise.count(typed(tmp_path / "u.parquet", APCS_Ident=keys))
    ends = pa.array([5, 3, 255 if kind != "int8" else 127, 2, 0], pa.type_for_alias(kind))
    assert facetwise.count(typed(tmp_path / "v.parquet", APCS_Ident=ends)).counted == 5


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    return typed(tmp_path / "odd.parquet", APCS_Ident=pa.array([1, 3, 5, 7, 9], pa.int64()))


def keyed(path: Path, *keys: str) -> Path:
    return write(path, [COUNTED.format(key=key) for key in keys])


def test_a_repeat_across_files_is_found_whatever_blanks_are_around_it(odd: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"1 value occurs more than once \(5\)"):
        facetwise.count([odd, keyed(tmp_path / "a.csv", "2", "5 ")])


def test_rows_without_a_key_are_no_repeats_of_each_other(odd: Path, tmp_path: Path) -> None:
    """NULL and blanks are no keys, in the second look at keys as in the first."""
    told = facetwise.count([odd, keyed(tmp_path / "a.csv", "2", "NULL", "NULL", " ", " ", "4")])
    assert (told.counted, told.input.set_aside) == (7, (("APCS_Ident is missing", 4),))


def test_a_row_that_was_set_aside_repeats_no_key(odd: Path, tmp_path: Path) -> None:
    """Its key, 5, stands in the other file."""
    commissioners = pa.array(["Q39", "Q39", "Q\x0139", "Q39", "Q39"])
    other = typed(
        tmp_path / "even.parquet",
        APCS_Ident=pa.array([2, 4, 5, 8, 10], pa.int64()),
        Der_Commissioner_Code=commissioners,
    )
    for inputs in ([odd, other], [other, odd]):
        told = facetwise.count(inputs)
        assert (told.counted, told.input.set_aside) == (9, (("Der_Commissioner_Code holds a control character", 1),))
