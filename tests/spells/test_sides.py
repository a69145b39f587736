"""Several APCS and Der files at once: each side alike, or a refusal that names the file and the column."""

from __future__ import annotations

from pathlib import Path

import pytest

import facetwise
from facetwise.errors import InputError
from tests.spells.activity_files import HEAD, counted_rows, write
from tests.spells.test_layouts import APCS_HEAD, DER_HEAD, parted


def test_a_column_that_one_of_several_files_lacks_is_named(tmp_path: Path) -> None:
    """Whichever comes first."""
    rows, more = counted_rows(2), counted_rows(2, start=3)
    (apcs, der), (apcs2, der2) = parted(rows), parted(more)
    main, other = write(tmp_path / "m1.csv", apcs, APCS_HEAD), write(tmp_path / "d1.csv", der, DER_HEAD)
    short_main = write(tmp_path / "m2.csv", apcs2, APCS_HEAD.replace("Der_Diagnosis_All", "Der_Diagnosis"))
    no_method = write(tmp_path / "m3.csv", apcs2, APCS_HEAD.replace("Admission_Method", "Method"))
    short_der = write(tmp_path / "d2.csv", der2, DER_HEAD.replace("Spell_Primary_Diagnosis", "Diagnosis"))
    whole_der = write(tmp_path / "d3.csv", der2, DER_HEAD)
    for inputs, file, column in (
        ([main, short_main, other, whole_der], short_main, "Der_Diagnosis_All"),
        ([main, no_method, other, whole_der], no_method, "Admission_Method"),
        ([main, other, short_der], short_der, "Spell_Primary_Diagnosis"),
    ):
        for ordered in (inputs, inputs[::-1]):
            with pytest.raises(InputError, match=rf"{file} has no column for .*Looked for {column}"):
                facetwise.count(ordered)


def test_a_whole_file_beside_parted_ones_is_refused(tmp_path: Path) -> None:
    whole = write(tmp_path / "w.csv", counted_rows(2), HEAD)
    apcs, der = parted(counted_rows(2, start=3))
    main, other = write(tmp_path / "m.csv", apcs, APCS_HEAD), write(tmp_path / "d.csv", der, DER_HEAD)
    with pytest.raises(InputError, match="has no column for"):
        facetwise.count([whole, main, other])
