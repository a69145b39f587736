"""What pandas makes of a column of whole numbers with a blank in it: 2 becomes 2.0. A private patient stays private."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

import facetwise
from facetwise.errors import InputError
from facetwise.spells.layouts import SUS_APCS
from facetwise.spells.normalise.columns import canonical
from tests.command import counted
from tests.spells.activity_files import counted_rows, typed, write
from tests.spells.test_layouts import APCS_HEAD, DER_HEAD, parted


def test_a_private_patient_is_private_after_pandas_has_written_the_file(tmp_path: Path) -> None:
    """The columns read without types, as they come: 01 is 1 for pandas, and 1.0 beside a blank."""
    rows = [*counted_rows(1), counted_rows(1, start=2)[0].replace(",11,01,", ",11,02,"), counted_rows(1, start=3)[0]]
    rows[2] = rows[2].replace(",11,01,", ",11,,")
    frame = pd.read_csv(write(tmp_path / "a.csv", rows))
    frame.to_csv(tmp_path / "b.csv", index=False)
    assert ",2.0," in (tmp_path / "b.csv").read_text(encoding="utf-8")
    frame.to_parquet(tmp_path / "b.parquet")
    for name in ("a.csv", "b.csv", "b.parquet"):
        answer = counted(tmp_path / name)
        assert (answer["counted"], answer["not_counted"], answer["unknown"]) == (1, 1, 1), name


@pytest.mark.parametrize("written", ["2", "02", "2.0", "02.0", " 2.0 "])
def test_every_way_of_writing_category_2_is_private(tmp_path: Path, written: str) -> None:
    path = write(tmp_path / "a.csv", [counted_rows(1)[0].replace(",11,01,", f",11,{written},")])
    assert counted(path)["flow"][-1]["not_met"] == 1


def test_a_key_written_as_1_0_is_the_key_1(tmp_path: Path) -> None:
    apcs, der = parted(counted_rows(3))
    main = write(tmp_path / "apcs.csv", apcs, APCS_HEAD)
    other = write(tmp_path / "der.csv", [row.replace(",", ".0,", 1) for row in der], DER_HEAD)
    assert facetwise.count([main, other]).counted == 3
    first = typed(tmp_path / "a.parquet", APCS_Ident=pa.array([1, 3, 5, 7, 9]))
    second = typed(tmp_path / "b.parquet", APCS_Ident=pa.array(["2.0", "5.0", "6", "8", "10"]))
    with pytest.raises(InputError, match=r"more than once \(5\)"):
        facetwise.count([first, second])


def test_identifiers_are_trimmed_as_any_text_is() -> None:
    column = SUS_APCS.columns[0]
    raw = pa.array([" 1.0 ", "\u00a0a b\u00a0c ", "1.0a", "-1.0", "1.00", "x.0", "10.0", "0", None])
    expected = ["1", "a b c", "1.0a", "-1", "1.00", "x.0", "10", "0", None]
    assert canonical(raw, column).to_pylist() == expected
    assert canonical(raw.dictionary_encode(), column).to_pylist() == expected
    assert canonical(pa.array([None, "&", "null", " "]), column).to_pylist() == [None] * 4
