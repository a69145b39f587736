"""What an audit refuses or remarks on: files that cannot be linked, dates that cannot be, people in two places."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.audit.test_audit import run
from tests.spells.activity_files import HEAD, write

ROW = '{key},{patient},{provider},Q01,{day},{out},50,50,11,01,"||V485,Z675","||M545",V485,M545'


def row(key: int, day: str = "2018-05-01", patient: str = "a", provider: str = "R0A", out: str = "") -> str:
    return ROW.format(key=key, patient=patient, provider=provider, day=day, out=out or day)


def told(*rows: str, path: Path, more: tuple[object, ...] = ()) -> dict[str, object]:
    code, out, err = run("audit", write(path, rows), "--policy", "hny-2025", "--format", "json", *more)
    assert code == 0, err
    answer: dict[str, object] = json.loads(out)
    return answer


def without(column: str) -> tuple[str, str]:
    """The header and a row without one column."""
    names = HEAD.split(",")
    place = names.index(column)
    values = row(1).split(",", place + 1)
    return ",".join(n for n in names if n != column), ",".join([*values[:place], values[place + 1]])


@pytest.mark.parametrize(
    ("column", "says"),
    [
        ("Der_Pseudo_NHS_Number", "the patient key, so its spells cannot be linked into histories"),
        ("Admission_Date", "the admission date, so its spells cannot be linked into histories"),
    ],
)
def test_without_a_patient_key_or_a_date_nothing_can_be_linked(column: str, says: str, tmp_path: Path) -> None:
    head, line = without(column)
    code, _, err = run("audit", write(tmp_path / "a.csv", [line], head), "--policy", "hny-2025")
    assert code != 0
    assert f"has no column for {says}. Looked for {column}." in err


HES = "EPIKEY,{key},PROCODE3,ADMIDATE,DISDATE,ADMIAGE,STARTAGE,ADMIMETH,ADMINCAT,OPERTN_4_01,DIAG_4_01,SUSSPELLID"
EPISODE = "{key},{person},R0A,2018-05-01,2018-05-01,50,50,11,01,V485,M545,{key}"


def test_files_that_key_their_patients_differently_are_refused(tmp_path: Path) -> None:
    one = write(tmp_path / "1.csv", [EPISODE.format(key=1, person="x")], HES.format(key="PSEUDO_HESID"))
    two = write(tmp_path / "2.csv", [EPISODE.format(key=2, person="y")], HES.format(key="TOKEN_PERSON_ID"))
    code, _, err = run("audit", one, two, "--policy", "hny-2025")
    assert code != 0
    assert "The files key their patients in different columns: PSEUDO_HESID, TOKEN_PERSON_ID." in err


def test_of_two_keys_in_one_file_the_one_that_is_taken_is_named(tmp_path: Path) -> None:
    path = write(
        tmp_path / "1.csv", [EPISODE.format(key=1, person="x,y")], HES.format(key="PSEUDO_HESID,TOKEN_PERSON_ID")
    )
    code, out, err = run("audit", path, "--policy", "hny-2025", "--format", "json")
    assert code == 0, err
    assert any(
        "two patient keys or more (PSEUDO_HESID, TOKEN_PERSON_ID): spells are linked by TOKEN_PERSON_ID" in note
        for note in json.loads(out)["notes"]
    )


def test_a_spell_that_ends_before_it_begins_is_set_aside(tmp_path: Path) -> None:
    answer = told(row(1), row(2, "2018-06-01", out="2018-05-31"), path=tmp_path / "a.csv")
    assert answer["denervations"] == 1
    assert answer["set_aside"] == [{"reason": "discharged before the admission", "spells": 1}]


def test_a_patient_in_two_places_on_one_day_is_remarked_on(tmp_path: Path) -> None:
    """On one day, or where one stay lies within another; a stay that begins when the other has ended is a move."""
    same_day = (row(1), row(2, provider="RJ1"), row(3, patient="b"))
    within = (row(1, out="2018-05-20"), row(2, "2018-05-10", provider="RJ1"), row(3, "2018-06-01", provider="RJ1"))
    moved = (row(1, out="2018-05-20"), row(2, "2018-05-20", provider="RJ1"))
    for number, rows in enumerate((same_day, within)):
        answer = told(*rows, path=tmp_path / f"{number}.csv")
        assert "Patients in the care of two providers at once, by the denervations, blocks and fusions here: 1." in str(
            answer["notes"]
        )
    answer = told(*moved, path=tmp_path / "moved.csv")
    assert "at once" not in str(answer["notes"])


MANY = tuple(row(n, f"201{6 + n % 3}-0{1 + n % 9}-11", patient=f"p{n}") for n in range(1, 60))

NEARLY_ALL = "all but a few denervations lie between 2016-01 and 2018-09."


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (
            (row(1), row(2, "1901-05-01").replace("V485", "W401")),
            "The first admission of the data is of 1901-05-01, but all but a few denervations lie in 2018-05. If",
        ),
        (
            (*MANY, row(99, "1915-07-31").replace("V485", "W401")),
            f"The first admission of the data is of 1915-07-31, but {NEARLY_ALL} If",
        ),
        ((*MANY, row(99, "1915-07-31")), f"The first admission of the data is of 1915-07-31, but {NEARLY_ALL} If"),
        ((*MANY, row(99, "2081-07-31")), f"The last admission of the data is of 2081-07-31, but {NEARLY_ALL} If"),
        (
            (*MANY, row(98, "1915-07-31"), row(99, "2081-07-31")),
            "The first admission of the data is of 1915-07-31 and the last admission of the data is of 2081-07-31, but "
            f"{NEARLY_ALL} If",
        ),
        (
            (row(1), row(2, "2017-01-01", "b"), row(3, "2081-05-01", "c")),
            "The last admission of the data is of 2081-05-01, but all but a few denervations lie in 2018-05. If",
        ),
        (
            (row(1), row(2, "1915-05-01", "b")),
            "The first admission of the data is of 1915-05-01, and England's records of admitted care begin on 1989-04-01. If",
        ),
    ],
    ids=["another spell", "another of many", "a denervation", "one to come", "both ends", "of three", "of two"],
)
def test_a_cover_that_a_mistyped_date_draws_out_is_remarked_on(
    rows: tuple[str, ...], says: str, tmp_path: Path
) -> None:
    """Also where the mistyped date is a denervation's own, and so within their range. Not where the user gives the dates."""
    notes = str(told(*rows, path=tmp_path / "a.csv")["notes"])
    assert says in notes
    assert "give --covers" in notes
    given = told(*rows, path=tmp_path / "b.csv", more=("--covers", "2016-01-01:2018-12-31"))
    assert "give --covers" not in str(given["notes"])


def test_a_cover_that_the_denervations_fill_is_not_remarked_on(tmp_path: Path) -> None:
    """Few of them years apart, and many over three years."""
    few = (row(1, "2010-05-01"), row(2, "2013-05-01"), row(3, "2018-05-01"))
    for number, rows in enumerate((MANY, few, few[:1])):
        assert "--covers" not in str(told(*rows, path=tmp_path / f"{number}.csv")["notes"])


def test_a_dash_is_no_patient_key(tmp_path: Path) -> None:
    answer = told(row(1), row(2, patient="-"), path=tmp_path / "a.csv")
    assert answer["set_aside"] == [{"reason": "no patient key", "spells": 1}]


def test_a_file_without_denervations_has_nothing_to_judge(tmp_path: Path) -> None:
    answer = told(row(1).replace("V485", "W401"), path=tmp_path / "a.csv")
    assert answer["denervations"] == answer["patients"] == 0
    assert answer["outcomes"] == {"meets": 0, "does-not-meet": 0, "cannot-tell": 0}
    assert answer["repeats"]["median_months_to_next"] is None  # type: ignore[index]
    assert told(path=tmp_path / "b.csv")["covers"] == [None, None]


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--covers", "2020-04-01:2019-03-31", "The covered dates end on 2019-03-31, before they begin on 2020-04-01"),
        ("--covers", "2019", "--covers is '2019'. Give two dates"),
        ("--complete", "block", "no kind of event that data can hold whole. Did you mean 'blocks'?"),
        ("--of", "any-v49", "There is no definition 'any-v49'. Did you mean 'any-v48'?"),
        ("--policy", "ebi-2k", "'ebi-2k' is a counting definition: it says nothing of one patient."),
        ("--policy", "bmj-2025", "'bmj-2025' is no policy but a contrary recommendation: it asks for no criteria"),
        ("--policy", "hny-2026", "There is no policy 'hny-2026'. Did you mean 'hny-2025'?"),
    ],
)
def test_wrong_use_is_refused_in_words(option: str, value: str, says: str, tmp_path: Path) -> None:
    code, _, err = run("audit", write(tmp_path / "a.csv", [row(1)]), "--policy", "hny-2025", option, value)
    assert code != 0
    assert says in err


def test_one_is_told_as_one(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [row(1), row(2, patient="")])
    _, table, _ = run("audit", path, "--policy", "hny-2025", "--format", "table")
    assert "1 denervation of 1 patient\n" in table
    assert "1 denervation set aside: no patient key" in table
    _, _, beside = run("audit", path, "--policy", "hny-2025", "--format", "csv")
    assert "hny-2025 on 1 denervation of 1 patient:" in beside


def test_the_words_beside_a_hidden_number_do_not_tell_that_it_is_one(tmp_path: Path) -> None:
    """Protected, what is remarked on in one patient reads like what is remarked on in seven."""

    def notes(patients: int) -> list[str]:
        twice = [row(2 * n + k, patient=f"p{n}", provider=("R0A", "RJ1")[k]) for n in range(patients) for k in (0, 1)]
        protected = told(*twice, path=tmp_path / f"{patients}.csv", more=("--disclosure", "hes-2018"))
        return [note for note in protected["notes"] if "two providers" in note]  # type: ignore[attr-defined]

    assert notes(1) == notes(7)
    assert "fusions here: *. Their key" in notes(1)[0]


def test_an_audit_without_a_policy_is_refused(tmp_path: Path) -> None:
    code, _, err = run("audit", write(tmp_path / "a.csv", [row(1)]))
    assert code != 0
    assert "No policy is named. Add --policy ID" in err


@pytest.mark.parametrize(
    ("policy", "rows", "outcomes", "again"),
    [
        (
            "hny-2025",
            (row(1, "2018-05-01"), row(2, "2018-05-20")),
            "1 cannot be told   1 does not meet   0 meet every criterion",
            "1 patient had more than one session. The next one: same side 0, other side 0, one side shared 0, cannot tell 1;",
        ),
        (
            "hny-2025",
            (row(1, patient="a"), row(2, patient="b")),
            "2 cannot be told   0 do not meet   0 meet every criterion",
            "0 patients had more than one session. Note:",
        ),
        (
            "australia-mbs",
            (row(1, "2018-05-01", "a"), row(2, "2016-01-01", "b")),
            "1 cannot be told   0 do not meet   1 meets every criterion",
            "0 patients had more than one session. Note:",
        ),
    ],
    ids=["one", "none", "one that meets"],
)
def test_the_table_counts_one_and_many_in_plain_english_and_tells_of_no_next_session_where_there_is_none(
    policy: str, rows: tuple[str, ...], outcomes: str, again: str, tmp_path: Path
) -> None:
    _, out, _ = run("audit", write(tmp_path / "a.csv", rows), "--policy", policy, "--format", "table")
    assert outcomes in out
    assert again in " ".join(out.split())
    assert ("The next one" in out) == ("The next one" in again)
