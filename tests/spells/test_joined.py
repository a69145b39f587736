"""APCS with Der: every row of both files is accounted for, and no outcome rests on a row that could not be read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.command import counted
from tests.spells.activity_files import counted_rows, write
from tests.spells.test_layouts import APCS_HEAD, DER_HEAD, parted


def files(folder: Path, der: Sequence[str], rows: int = 5) -> tuple[Path, Path]:
    apcs, _ = parted(counted_rows(rows))
    return write(folder / "apcs.csv", apcs, APCS_HEAD), write(folder / "der.csv", der, DER_HEAD)


def test_a_spell_whose_der_row_cannot_be_read_is_set_aside(tmp_path: Path) -> None:
    """rows = used + set aside speaks of the main file; the rejects hold both rows."""
    der = ["1,V485,M545", "2,V4\x0185,M545", "3,V485,M545", "4,V485,M5\x0145", "5,V485,M545"]
    rejects = tmp_path / "rejects.csv"
    answer = counted(*files(tmp_path, der), "--rejects", rejects)
    assert (answer["counted"], answer["input"]["used"], answer["input"]["spells"]) == (3, 3, 3)
    cannot = "its row in the Der file der.csv cannot be read: "
    assert answer["input"]["set_aside"] == [
        {"reason": cannot + "Spell_Dominant_Procedure holds a control character", "rows": 1},
        {"reason": cannot + "Spell_Primary_Diagnosis holds a control character", "rows": 1},
    ]
    assert not [note for note in answer["notes"] if "Der file" in note]
    written = rejects.read_text(encoding="utf-8")
    assert written.count('der.csv",') == 2 and written.count('apcs.csv",') == 2


def test_der_rows_that_cannot_be_read_and_name_no_spell_are_noted(tmp_path: Path) -> None:
    der = ["1,V485,M545", "2,V485", ",V485,M545", "99,V4\x0185,M545", "4,V485,M545", "5,V485,M545"]
    answer = counted(*files(tmp_path, der))
    assert (answer["counted"], answer["input"]["set_aside"]) == (3, [])
    assert answer["notes"][:3] == [
        "2 spells have no row in the Der file: what it holds is not recorded for them.",
        "2 rows of the Der file cannot be read and do not say whose they are (1: APCS_Ident is missing; 1: the wrong number "
        "of fields): a spell that was theirs is among those without a row.",
        "1 rows of the Der file cannot be read and belong to no spell of the APCS file that is used.",
    ]
