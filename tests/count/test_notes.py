"""Notes that an answer carries about what the data lacks."""

from __future__ import annotations

from pathlib import Path

import facetwise
from tests.spells.activity_files import HEAD, counted_rows, write


def without_activity_age(folder: Path) -> Path:
    head = HEAD.replace("Der_Age_at_CDS_Activity_Date,", "")
    rows = [row.replace(",50,50,", ",50,") for row in counted_rows(4)]
    rows[1:3] = [row.replace(",50,", ",,") for row in rows[1:3]]
    rows.append(rows[1].replace("2,9001", "5,9001", 1).replace("V485", "W371"))
    return write(folder / "a.csv", rows, head)


def test_ages_unknown_for_want_of_a_column_are_said_so_in_the_whole_and_in_an_extract(tmp_path: Path) -> None:
    path, extract = without_activity_age(tmp_path), tmp_path / "extract.parquet"
    facetwise.extract(path, extract)
    for source in (path, extract):
        told = facetwise.count(source)
        assert (told.counted, told.unknown) == (2, 2)
        assert told.notes[0] == (
            "There is no column Der_Age_at_CDS_Activity_Date: the ages of 2 spells with a denervation code, whose age at the "
            "start is not recorded, are unknown."
        )


def test_no_note_where_the_column_is_there_or_not_needed(tmp_path: Path) -> None:
    whole = write(tmp_path / "whole.csv", [row.replace(",50,50,", ",,50,") for row in counted_rows(2)])
    assert not [note for note in facetwise.count(whole).notes if "Activity_Date" in note]
    path = without_activity_age(tmp_path)
    assert not [note for note in facetwise.count(path, "any-v48").notes if "Activity_Date" in note]
