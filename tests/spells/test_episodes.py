"""Episodes grouped into spells: dates as dates, codes as codes, and no outcome for a spell that cannot be read whole."""

from __future__ import annotations

from pathlib import Path

import pytest

import facetwise
from facetwise.spells.normalise.batches import Reject
from facetwise.spells.reading.activity import Account, ReadOptions, open_activity
from facetwise.spells.reading.dispatch import read
from facetwise.spells.spell import Spell, spells_of
from tests.spells.activity_files import write

HEAD = "EPIKEY,SUSSPELLID,PSEUDO_HESID,PROCODE3,ADMIDATE,DISDATE,EPIORDER,EPISTART,ADMIAGE,ADMIMETH,ADMINCAT,DOMPROC"
CODES = "OPERTN_4_01,OPERTN_4_02,DIAG_4_01,DIAG_4_02"
DEFAULTS = {
    "SUSSPELLID": "S1",
    "PSEUDO_HESID": "P1",
    "PROCODE3": "R0A",
    "ADMIDATE": "2018-04-01",
    "DISDATE": "2018-04-02",
    "EPIORDER": "1",
    "EPISTART": "2018-04-01",
    "ADMIAGE": "50",
    "ADMIMETH": "11",
    "ADMINCAT": "01",
    "OPERTN_4_01": "V485",
    "OPERTN_4_02": "Z675",
    "DIAG_4_01": "M545",
}


def episodes(path: Path, *rows: dict[str, str], without: str = "") -> Path:
    """A HES file of episodes that differ from the defaults; without: a column left out."""
    head = [name for name in f"{HEAD},{CODES}".split(",") if name != without]
    held = [{"EPIKEY": str(key), **DEFAULTS, **row} for key, row in enumerate(rows, 1)]
    return write(path, [",".join(row.get(name, "") for name in head) for row in held], ",".join(head))


def read_all(path: Path) -> tuple[list[Spell], Account, list[Reject]]:
    rejects: list[Reject] = []
    opened = open_activity([path])
    account = Account(opened.names, opened.layout.id)
    pieces = read(opened, ReadOptions(None, on_reject=rejects.append), account)
    return [spell for piece in pieces for spell in spells_of(piece.spells)], account, rejects


def test_unknown_dates_stand_alone_as_blanks_do(tmp_path: Path) -> None:
    for unknown in ("1800-01-01", "01/01/1801", ""):
        row = {"SUSSPELLID": "", "ADMIDATE": unknown}
        assert [s.spell_id for s in read_all(episodes(tmp_path / "a.csv", row, row))[0]] == ["1", "2"], unknown


def test_one_day_written_in_two_ways_is_one_admission(tmp_path: Path) -> None:
    days = [{"SUSSPELLID": "", "ADMIDATE": day} for day in ("2018-04-01", "01/04/2018", "20180401", "2018-04-02")]
    assert [len(s.procedures or ()) for s in read_all(episodes(tmp_path / "a.csv", *days))[0]] == [3, 1]


def test_episodes_without_an_order_stand_in_the_order_of_their_dates(tmp_path: Path) -> None:
    """As text, 30/03 would come after 01/04, and 28/04 be the latest discharge."""
    rows = [
        {"EPISTART": "01/04/2018", "DISDATE": "02/05/2018", "OPERTN_4_01": "E851"},
        {"EPISTART": "30/03/2018", "DISDATE": "28/04/2018"},
    ]
    (spell,), _, _ = read_all(episodes(tmp_path / "a.csv", *rows, without="EPIORDER"))
    assert spell.procedures == (("V485", "Z675"), ("E851", "Z675"))
    assert (spell.dominant_procedure, str(spell.discharged)) == ("V485", "2018-05-02")


@pytest.mark.parametrize("written", ["NULL", "null", " & ", "-", "", " "])
def test_the_proxy_is_the_first_procedure_recorded(tmp_path: Path, written: str) -> None:
    rows = [{"OPERTN_4_01": written, "OPERTN_4_02": "v48.5"}]
    (spell,), account, _ = read_all(episodes(tmp_path / "a.csv", *rows))
    assert spell.dominant_procedure == "V485"
    assert account.notes[0].startswith("The dominant procedure is not in this data for 1 of 1 spells:")


def test_a_dash_says_nothing_where_another_episode_names_the_dominant_procedure(tmp_path: Path) -> None:
    """Spells are counted in the note, not episodes."""
    rows = [
        {"DOMPROC": "-", "OPERTN_4_01": "-", "OPERTN_4_02": ""},
        {"DOMPROC": "V487", "EPIORDER": "2"},
        {"SUSSPELLID": "S2", "DOMPROC": "-"},
        {"SUSSPELLID": "S3"},
        {"SUSSPELLID": "S3", "EPIORDER": "2"},
    ]
    found, account, _ = read_all(episodes(tmp_path / "a.csv", *rows))
    assert [spell.dominant_procedure for spell in found] == ["V487", "-", "V485"]
    assert "is not in this data for 1 of 3 spells" in account.notes[0]


def test_no_outcome_is_told_of_a_spell_with_an_episode_that_cannot_be_read(tmp_path: Path) -> None:
    """It could hold the cancer code. By SUSSPELLID, or by patient, provider and day."""
    rows = [
        {},
        {"EPIORDER": "two"},
        {"SUSSPELLID": "", "ADMIMETH": "1\x011"},
        {"SUSSPELLID": ""},
        {"SUSSPELLID": "S3"},
    ]
    path = episodes(tmp_path / "a.csv", *rows)
    found, account, rejects = read_all(path)
    assert [spell.spell_id for spell in found] == ["S3"]
    assert (account.rows, account.used, account.spells) == (5, 1, 1)
    assert account.set_aside == {
        "EPIORDER is not a whole number": 1,
        "ADMIMETH holds a control character": 1,
        "another episode of its spell cannot be read": 2,
    }
    assert sorted((reject.line, reject.reason[:7]) for reject in rejects) == [
        (2, "another"), (3, "EPIORDE"), (4, "ADMIMET"), (5, "another"),
    ]  # fmt: skip
    assert "EPIKEY=1,SUSSPELLID=S1" in next(reject.row for reject in rejects if reject.line == 2)
    told = facetwise.count(path, reasons=True)
    assert told.counted + told.not_counted + told.unknown == 1


def test_an_episode_whose_spell_cannot_be_told_is_noted(tmp_path: Path) -> None:
    rows = [{"SUSSPELLID": "S\x011"}, {}, {"SUSSPELLID": "", "ADMIDATE": "soon"}]
    path = episodes(tmp_path / "a.csv", *rows)
    path.write_text(path.read_text(encoding="utf-8") + "too,few\n", encoding="utf-8")
    found, account, _ = read_all(path)
    assert (len(found), account.rows, account.used) == (1, 4, 1)
    assert (
        "3 episodes that cannot be read do not say which spell they belong to: a spell that was theirs is judged by its "
        "other episodes." in account.notes
    )
