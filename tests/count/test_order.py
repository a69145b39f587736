"""Rows come out in the order of the files, every time, from the whole and from its extract."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

import facetwise
from tests.spells.activity_files import HEAD, counted_rows, typed, write

ROWS = 6_000


def test_reasons_and_examples_are_in_the_order_of_the_files_every_time(tmp_path: Path) -> None:
    """Eight runs over many row groups and threads; a private patient in every third row parts the definitions."""
    keys = [str(ROWS - row if row % 2 else row) for row in range(1, ROWS + 1)]
    categories = ["02" if row % 3 == 0 else "01" for row in range(ROWS)]
    whole = typed(tmp_path / "a.parquet", ROWS, APCS_Ident=pa.array(keys), Administrative_Category=pa.array(categories))
    pq.write_table(pq.read_table(whole), whole, row_group_size=700)
    part = tmp_path / "extract.parquet"
    facetwise.extract(whole, part)
    expected = [key for key, category in zip(keys, categories, strict=True) if category == "02"]
    for source in [whole, part] * 4:
        parted = facetwise.diff(source, "ebi-2k", "any-v48", reasons=True)
        assert parted.reasons is not None and parted.reasons["spell_id"].to_pylist() == expected
        assert [list(p.examples) for p in parted.disagreements] == [expected[:5]]
        told = facetwise.count(source, reasons=True)
        assert told.reasons is not None and told.reasons["spell_id"].to_pylist() == keys


def test_verdicts_in_an_extract_stand_beside_their_own_spells(tmp_path: Path) -> None:
    categories = pa.array(["02" if row % 7 == 0 else "01" for row in range(ROWS)])
    whole = typed(tmp_path / "a.parquet", ROWS, Administrative_Category=categories)
    part = tmp_path / "extract.parquet"
    for _ in range(4):
        facetwise.extract(whole, part)
        held = pq.read_table(part)
        assert held["ebi-2k="].to_pylist() == [category == "01" for category in categories.to_pylist()]


def test_joined_spells_are_in_the_order_of_the_main_files(tmp_path: Path) -> None:
    rows = [row.rsplit(",", 2) for row in counted_rows(50)[::-1]]
    main = write(tmp_path / "apcs.csv", [row[0] for row in rows], HEAD.rsplit(",", 2)[0])
    der = write(
        tmp_path / "der.csv",
        [f"{key},V485,M545" for key in range(1, 51)],
        "APCS_Ident,Spell_Dominant_Procedure,Spell_Primary_Diagnosis",
    )
    told = facetwise.count([der, main], reasons=True)
    assert told.reasons is not None and told.reasons["spell_id"].to_pylist() == [str(key) for key in range(50, 0, -1)]


def test_grouped_spells_are_in_the_order_of_their_first_rows(tmp_path: Path) -> None:
    head = "EPIKEY,SUSSPELLID,EPIORDER,ADMIAGE,ADMIMETH,ADMINCAT,OPERTN_4_01,OPERTN_4_02,DIAG_4_01"
    rows = [f"{key},S{60 - key // 2},{key % 2},50,11,01,V485,Z675,M545" for key in range(40)]
    told = facetwise.count(write(tmp_path / "hes.csv", rows, head), reasons=True)
    assert told.reasons is not None and told.reasons["spell_id"].to_pylist() == [f"S{60 - n}" for n in range(20)]
