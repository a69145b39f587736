"""The layouts: episodes grouped into spells with nothing lost, APCS with its Der file, and data made by others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import facetwise
from facetwise.errors import InputError
from facetwise.spells.reading.activity import Account, ReadOptions, open_activity
from facetwise.spells.reading.dispatch import read
from facetwise.spells.spell import Spell, spells_of
from tests.shared import shared
from tests.spells.activity_files import HEAD, counted_rows, write

HES = "EPIKEY,SUSSPELLID,PSEUDO_HESID,PROCODE3,ADMIDATE,DISDATE,EPIORDER,EPISTART,ADMIAGE,STARTAGE,ADMIMETH,ADMINCAT,SEX,OPERTN_4_01,OPERTN_4_02,DIAG_4_01,DIAG_4_02"


def spells(*inputs: Path) -> tuple[dict[str, Spell], Account]:
    opened = open_activity(inputs)
    account = Account(opened.names, opened.layout.id)
    held = [spell for piece in read(opened, ReadOptions(None), account) for spell in spells_of(piece.spells)]
    return {spell.spell_id: spell for spell in held}, account


def test_episodes_of_one_spell_stand_in_their_order(tmp_path: Path) -> None:
    """By SUSSPELLID where it is there; else by patient, provider and day; else each by itself."""
    rows = [
        "12,S1,P1,R0A,2018-05-01,2018-05-04,2,2018-05-02,,51,11,01,1,Y532,-   ,M545,",
        "11,S1,P1,R0A,2018-05-01,1801-01-01,1,2018-05-01,50,50,11,01,1,V485,Z675,M512,E119",
        "21,-1,P2,R0A,2018-06-01,2018-06-01,1,2018-06-01,7001,,21,02,2,&,,R69X6,",
        "31,,P2,R0A,2018-06-01,2018-06-01,2,2018-06-01,,,21,2,2,,,,",
        "41,,,R0B,2018-07-01,,1,,,,,,,-,,C509,",
        "42,,,R0B,2018-07-01,,1,,999,40,,,,,,,",
    ]
    found, account = spells(write(tmp_path / "hes.csv", rows, HES))
    assert (account.rows, account.used, account.spells) == (6, 6, 4)
    first = found["S1"]
    assert first.procedures == (("V485", "Z675"), ("Y532",))
    assert first.diagnoses == (("M512", "E119"), ("M545",))
    assert (first.dominant_procedure, first.primary_diagnosis) == ("V485", "M512")
    assert (first.age_at_start, first.age_at_activity, first.sex) == (50, 50, "1")
    assert str(first.discharged) == "2018-05-04"
    second = found["21"]
    assert (second.age_at_start, second.procedures, second.primary_diagnosis) == (0, None, None)
    assert (second.administrative_category, second.dominant_procedure) == ("02", None)
    assert (found["41"].procedures, found["42"].age_at_start) == (((),), 999)
    assert any("proxy" in note for note in account.notes)
    assert any("2 episodes have neither" in note for note in account.notes)


def test_artificial_hes_is_read_whole_and_counts_nothing() -> None:
    """1,575 rows made by NHS Digital; the proxy for the dominant procedure is named."""
    path = shared("data", "hes_artificial", "artificial_hes_apc_0102_first1575.csv")
    told = facetwise.count(path, by="provider,year,sex,age-band").to_json()
    assert (told["input"]["rows"], told["input"]["used"], told["input"]["layout"]) == (1575, 1575, "hes-apc")
    assert (told["counted"], told["not_counted"] + told["unknown"]) == (0, told["input"]["spells"])
    assert "first procedure recorded" in json.dumps(told["notes"]) and "proxy" in json.dumps(told["notes"])


def test_the_ten_rows_of_another_shape_are_refused_by_their_columns() -> None:
    path = shared("data", "hes_artificial", "cured_hes_apc_synthetic_10rows.csv")
    with pytest.raises(InputError, match="EPIKEY is not unique"):
        facetwise.count(path)


def test_other_hes_data_sets_are_refused_by_the_columns_they_lack() -> None:
    path = shared("data", "hes_artificial", "artificial_hes_op_0304_truncated.csv")
    with pytest.raises(InputError, match=r"no column for the episode's identifier\. Looked for EPIKEY"):
        facetwise.count(path)


def parted(rows: list[str]) -> tuple[list[str], list[str]]:
    """Joined rows as APCS rows and Der rows."""
    whole = [row.rsplit(",", 2) for row in rows]
    return [row[0] for row in whole], [f"{row[0].split(',')[0]},{row[1]},{row[2]}" for row in whole]


APCS_HEAD = HEAD.rsplit(",", 2)[0]
DER_HEAD = "APCS_Ident,Spell_Dominant_Procedure,Spell_Primary_Diagnosis"


def test_apcs_with_its_der_file_equals_the_joined_file(tmp_path: Path) -> None:
    """In either order; a spell without a Der row is kept, and what it holds is not recorded."""
    apcs, der = parted(counted_rows(5))
    main, other = (
        write(tmp_path / "apcs.csv", apcs, APCS_HEAD),
        write(tmp_path / "der.csv", [*der[:4], "99,V485,M545"], DER_HEAD),
    )
    for inputs in ([main, other], [other, main]):
        told = facetwise.count(inputs).to_json()
        assert (told["counted"], told["unknown"], told["input"]["rows"]) == (4, 1, 5)
        assert "1 spells have no row in the Der file" in told["notes"][0]
        assert "1 rows of the Der file belong to no spell" in told["notes"][1]


def test_a_key_twice_on_either_side_of_the_join_is_an_error(tmp_path: Path) -> None:
    apcs, der = parted(counted_rows(3))
    main, other = write(tmp_path / "apcs.csv", apcs, APCS_HEAD), write(tmp_path / "der.csv", der + der[:1], DER_HEAD)
    with pytest.raises(InputError, match=r"der\.csv: APCS_Ident is not unique"):
        facetwise.count([main, other])
    with pytest.raises(InputError, match="no column for the dominant procedure"):
        facetwise.count(main)


def test_folders_globs_and_case_of_columns_do_not_matter(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", counted_rows(2), HEAD.lower())
    write(tmp_path / "b.csv", counted_rows(2, start=3), HEAD.upper())
    for inputs in (tmp_path, tmp_path / "*.csv"):
        assert facetwise.count(inputs).counted == 4


def test_two_layouts_at_once_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", counted_rows(1))
    write(tmp_path / "b.csv", [], HES)
    with pytest.raises(InputError, match="The files are of two layouts"):
        facetwise.count(tmp_path)
