"""A key that repeats is always found, whatever its type, order and file; a key that does not is never refused."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

import facetwise
from facetwise.errors import InputError
from tests.spells.activity_files import typed


@pytest.mark.parametrize("kind", ["uint8", "uint32", "uint64", "int8", "int64"])
def test_a_repeat_among_whole_numbers_of_any_width_is_found(tmp_path: Path, kind: str) -> None:
    """Unsigned differences wrap round: 5, 3, 5 must not look ascending."""
    keys = pa.array([5, 3, 5, 2, 5], pa.type_for_alias(kind))
    with pytest.raises(InputError, match=r"APCS_Ident is not unique: 1 value occurs more than once \(5\)"):
        facetwise.count(typed(tmp_path / "u.parquet", APCS_Ident=keys))
    ends = pa.array([5, 3, 255 if kind != "int8" else 127, 2, 0], pa.type_for_alias(kind))
    assert facetwise.count(typed(tmp_path / "v.parquet", APCS_Ident=ends)).counted == 5
