"""Parquet columns of any type: what is set aside depends on the file alone, never on the question; nothing crashes."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

import facetwise
from facetwise.count.results import CountResult, DiffResult
from tests.spells.activity_files import typed

AGE, START = "Age_At_Start_of_Spell_SUS", "Admission_Date"


def set_aside(path: Path, tmp_path: Path) -> dict[str, int]:
    """What is set aside, which is the same whatever is asked, and of an extract."""
    extract = tmp_path / "extract.parquet"
    facetwise.extract(path, extract)
    told: list[CountResult | DiffResult] = [
        facetwise.count(path, "any-v48"),
        facetwise.count(path, "ebi-2k"),
        facetwise.count(path, "any-v48", by="year,provider,age-band"),
        facetwise.count(path, all_spells=True),
        facetwise.count(extract, "any-v48"),
        facetwise.diff(path, "any-v48", "nhp-sql-2024"),
    ]
    (only,) = {result.input.set_aside for result in told}
    for result in told:
        assert result.input.rows == 5 == result.input.used + sum(rows for _, rows in only)
    return dict(only)


@pytest.mark.parametrize(
    ("name", "column", "reason", "rows"),
    [
        (AGE, pa.array([45.5, 50.0, 50.0, float("nan"), None]), "a whole number", 1),
        (AGE, pa.array([Decimal("45.50"), *[Decimal("50.00")] * 4], pa.decimal128(6, 2)), "a whole number", 1),
        (AGE, pa.array([True, None, None, None, False]), "a whole number", 2),
        (AGE, pa.array([date(2018, 4, 1)] * 5), "a whole number", 5),
        (AGE, pa.array(["fifty", *["50"] * 4]).dictionary_encode(), "a whole number", 1),
        ("Discharge_Date", pa.array([True, None, None, None, None]), "a date", 1),
        ("Discharge_Date", pa.array([20180401.0, None, None, None, None]), "a date", 1),
        (START, pa.array([99999999, 20180401, 20180401, 18000101, 0]), "a date", 2),
        (START, pa.array([1.5, *[None] * 4]), "a date", 1),
        (START, pa.array([False] * 5), "a date", 5),
        (START, pa.array([None] * 5), "", 0),
        (START, pa.array([datetime(2018, 4, 1, 9)] * 5, pa.timestamp("us")), "", 0),
    ],
)
def test_a_value_of_the_wrong_type_sets_its_row_aside_whatever_is_asked(
    tmp_path: Path, name: str, column: pa.Array, reason: str, rows: int
) -> None:
    path = typed(tmp_path / "a.parquet", **{name: column})
    assert set_aside(path, tmp_path) == ({f"{name} is not {reason}": rows} if rows else {})


def test_a_control_character_in_a_dictionary_sets_its_row_aside_whatever_is_asked(tmp_path: Path) -> None:
    column = pa.array(["Q\x013", "Q39", "Q39", "Q39", "Q39"]).dictionary_encode()
    path = typed(tmp_path / "a.parquet", Der_Commissioner_Code=column)
    assert set_aside(path, tmp_path) == {"Der_Commissioner_Code holds a control character": 1}


@pytest.mark.parametrize(
    "kind", [pa.string_view(), pa.binary_view(), pa.large_string(), pa.large_binary(), pa.binary()]
)
def test_text_of_every_arrow_kind_is_read(tmp_path: Path, kind: pa.DataType) -> None:
    texts = {"APCS_Ident": ["1", "2", "3", "4", "5"], "Der_Procedure_All": ["||V485,Z675"] * 5, AGE: ["50"] * 5}
    path = typed(tmp_path / "a.parquet", **{name: pa.array(held).cast(kind) for name, held in texts.items()})
    assert set_aside(path, tmp_path) == {}
    assert facetwise.count(path).counted == 5


def test_a_key_that_is_not_a_number_is_missing(tmp_path: Path) -> None:
    path = typed(tmp_path / "a.parquet", APCS_Ident=pa.array([1.0, 2.0, float("nan"), None, 5.0]))
    assert set_aside(path, tmp_path) == {"APCS_Ident is missing": 2}
