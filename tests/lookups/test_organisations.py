"""Trusts, sites and boards by dated inputs: England's own files, and small ones that say one thing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from facetwise.errors import FacetwiseError, InputError, UsageError
from facetwise.lookups.commissioning_boards import Boards, financial_year
from facetwise.lookups.organisations import Successors, trust_of
from tests.shared import shared

DAY = date(2024, 4, 1)


def written(folder: Path, *lines: str, name: str = "given.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def successors(folder: Path, *lines: str) -> Successors:
    return Successors.read(written(folder, "old_code,new_code,date", *lines))


def trusts() -> Successors:
    return Successors.read(shared("data", "population_geography", "trust_successors.csv"))


def lookup(name: str) -> Path:
    return shared("data", "population_geography", name)


def test_a_merged_trust_is_counted_under_the_one_that_stands() -> None:
    """England's register: RBZ into RH8 on 2022-04-01."""
    assert trusts().at(date(2022, 4, 1), ["RBZ", "R0A"]).codes == {"RBZ": "RH8", "R0A": "R0A"}


def test_a_trust_that_was_split_stays_as_it_is_and_is_said() -> None:
    """RW6 (Pennine Acute) went to RM3 and to R0A on 2021-10-01."""
    found = trusts().at(DAY, ["RW6"])
    assert found.codes == {"RW6": "RW6"}
    assert found.splits == {"RW6": ("R0A", "RM3")}
    assert found.notes == (
        "RW6 stays as it is: it was split between R0A and RM3, and its spells cannot be told apart.",
    )


def test_a_successor_after_the_day_is_not_applied_and_is_said() -> None:
    found = trusts().at(date(2022, 3, 31), ["RBZ"])
    assert found.codes == {"RBZ": "RBZ"}
    assert found.notes == ("After 2022-03-31, and so not applied: RBZ into RH8 (2022-04-01).",)


def test_chains_are_followed_as_far_as_the_day_reaches(tmp_path: Path) -> None:
    held = successors(tmp_path, "RA1,RB1,2010-04-01", "RB1,RC1,2015-04-01", "RC1,RD1,2030-04-01")
    assert held.at(date(2012, 1, 1), ["RA1"]).codes == {"RA1": "RB1"}
    assert held.at(date(2015, 4, 1), ["RA1", "RB1", "RC1"]).codes == {"RA1": "RC1", "RB1": "RC1", "RC1": "RC1"}


def test_a_chain_that_ends_in_a_split_stops_before_it(tmp_path: Path) -> None:
    held = successors(tmp_path, "RA1,RB1,2010-04-01", "RB1,RC1,2015-04-01", "RB1,RD1,2015-04-01")
    found = held.at(DAY, ["RA1"])
    assert found.codes == {"RA1": "RB1"}
    assert found.splits == {"RB1": ("RC1", "RD1")}


def test_a_code_that_was_given_out_again_is_not_carried_back(tmp_path: Path) -> None:
    """RB1 passed to RC1 before RA1 passed to a new RB1."""
    held = successors(tmp_path, "RB1,RC1,2000-04-01", "RA1,RB1,2010-04-01")
    assert held.at(DAY, ["RA1", "RB1"]).codes == {"RA1": "RB1", "RB1": "RC1"}


def test_every_trust_of_the_register_comes_to_one_that_stands_or_was_split() -> None:
    held = trusts()
    found = held.at(DAY, held.steps)
    for code in held.steps:
        end = found.codes[code]
        assert end in found.splits or not held.steps.get(end, ()), code


@pytest.mark.parametrize(
    ("code", "trust"),
    [
        ("R0A01", "R0A"),
        ("NT301", "NT3"),
        ("R0A", "R0A"),
        ("8A123", "8A123"),  # begins with 8: holds no other
        ("89999", "89999"),
        ("A1B2C", "A1B2C"),  # the shape of codes given out since October 2020
    ],
)
def test_a_site_belongs_to_its_trust_as_hes_has_it(code: str, trust: str) -> None:
    """HES Technical Output Specification 1.15, PROCODE and PROCODE3."""
    assert trust_of(code) == trust


def test_sites_are_carried_only_when_asked(tmp_path: Path) -> None:
    held = successors(tmp_path, "RBZ,RH8,2022-04-01")
    assert held.at(DAY, ["RBZ12"]).codes == {"RBZ12": "RBZ12"}
    assert held.at(DAY, ["RBZ12"], sites_to_trusts=True).codes == {"RBZ12": "RH8"}
    either = held.at(DAY, ["R1H2A"], sites_to_trusts=True)
    assert either.notes == ("R1H2A: a site or an organisation of its own, by its shape; left as it is.",)


def test_sub_boards_come_to_their_boards_by_either_kind_of_code() -> None:
    found = Boards.read(lookup("sicbl22_to_icb22_lookup.csv"))
    assert found.year == "2022/23"
    told = found.of({"02P": 6, "E38000006": 3, "QF7": 1}, ["2022/23"])
    assert told.codes == {"02P": "QF7", "E38000006": "QF7", "QF7": "QF7"}
    assert told.missing == ()
    assert told.notes == (
        "Commissioners by sicbl22_to_icb22_lookup.csv, a lookup for 2022/23: 0 of 10 spells have one that it lacks.",
    )


def test_a_board_change_of_2024_stands_in_the_lookup_of_2024_alone() -> None:
    """70F (West Sussex) kept its code; its office code of 2022 is not in the lookup of 2024."""
    before, after = (Boards.read(lookup(f"sicbl{year}_to_icb{year}_lookup.csv")) for year in ("22", "24"))
    assert "E38000248" in before.boards and "E38000248" not in after.boards
    assert (before.boards["70F"], after.boards["70F"]) == ("QNX", "QNX")


def test_a_lookup_for_the_wrong_year_is_refused() -> None:
    held = Boards.read(lookup("sicbl24_to_icb24_lookup.csv"))
    with pytest.raises(InputError) as refused:
        held.of({"02P": 60, "01C": 30, "01R": 10}, ["2017/18", "2018/19"])
    assert str(refused.value) == (
        "sicbl24_to_icb24_lookup.csv is a lookup for 2024/25, and 40 of 100 spells (40.0%) of 2017/18 to 2018/19 have a "
        "commissioner that is not in it, such as 01C: a lookup for the wrong year, unless the codes are of another kind. "
        "Give the one for the codes that the activity holds."
    )


def test_the_spells_that_a_lookup_lacks_are_always_told() -> None:
    told = Boards.read(lookup("sicbl24_to_icb24_lookup.csv")).of({"02P": 95, "01C": 5}, ["2018/19"])
    assert told.codes["01C"] == "01C"
    assert told.missing == (("01C", 5),)
    assert told.notes == (
        "Commissioners by sicbl24_to_icb24_lookup.csv, a lookup for 2024/25: 5 of 100 spells have one that it lacks.",
        "Not in the lookup, and left as they are: 01C.",
        "The activity is of 2018/19, and boards are those of 2024/25: they may not have stood then.",
    )


def test_a_year_that_the_columns_deny_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        Boards.read(lookup("sicbl22_to_icb22_lookup.csv"), "2018/19")
    assert str(refused.value) == (
        "sicbl22_to_icb22_lookup.csv is a lookup for 2022/23, as its columns say, and 2018/19 was asked for: a lookup for "
        "the wrong year. Give the one for that year."
    )


def test_a_lookup_of_ones_own_says_its_year(tmp_path: Path) -> None:
    path = written(tmp_path, "old_code,new_code", "01A,Q01", "02B,Q01")
    assert Boards.read(path, "2018").boards == {"01A": "Q01", "02B": "Q01"}
    assert financial_year("1999/00".replace("1999", "2099")) == "2099/00"
    with pytest.raises(UsageError, match=r"given\.csv does not say which year it is of\. Name it, as 2022/23\."):
        Boards.read(path)


REFUSALS: list[tuple[tuple[str, ...], Callable[[Path], object], str]] = [
    (
        ("old_code,new_code,date", "RA1,RB1,2010-04-01", "RB1,RC1,2011-04-01", "RC1,RA1,2012-04-01"),
        Successors.read,
        "given.csv goes round in a circle: RA1 into RB1 into RC1 into RA1. Take out the wrong line.",
    ),
    (
        ("old_code,new_code,date", "RA1,RA1,2010-04-01"),
        Successors.read,
        "given.csv goes round in a circle: RA1 into RA1. Take out the wrong line.",
    ),
    (
        ("old_code,new_code,date", "RA1,RB1,01/04/2010"),
        Successors.read,
        "given.csv, line 2: '01/04/2010' is no date. Write it as 2021-10-01.",
    ),
    (
        ("old_code,new_code,date", ",RB1,2010-04-01"),
        Successors.read,
        "given.csv, line 2: a succession without an old or a new code. Give both, or take the line out.",
    ),
    (
        ("old_code,new,date", "RA1,RB1,2010-04-01"),
        Successors.read,
        "given.csv has no column new_code, and a file of successors needs it. Did you mean 'old_code'?",
    ),
    (
        ("old_code,new_code,date", "RA1,RB1"),
        Successors.read,
        "given.csv, line 2: 2 values under a header of 3. Mend the line.",
    ),
    (
        ("old_code,new_code", "01A,Q01", "01A,Q02"),
        lambda path: Boards.read(path, "2018/19"),
        "given.csv, line 3: 01A belongs to Q01 by an earlier line, and here to Q02. Keep one.",
    ),
    (
        ("board,code", "01A,Q01"),
        Boards.read,
        "given.csv is no lookup that can be read: its columns name 0 areas (board and code). Give old_code and new_code, "
        "or two areas as sicbl22_code and icb22_code.",
    ),
    (
        ("sicbl22_code,icb24_code", "01A,Q01"),
        Boards.read,
        "given.csv leads from 2022 to 2024: which year it is of cannot be told. Rename the columns old_code and new_code, "
        "and name the year.",
    ),
    (
        ("old_code,new_code", "01A,Q01"),
        lambda path: Boards.read(path, "2018/20"),
        "'2018/20' is no financial year. Write it as 2022/23.",
    ),
    (("code,code", "1,2"), Boards.read, "given.csv has two columns 'code'. Rename one."),
]


@pytest.mark.parametrize(("lines", "read", "told"), REFUSALS, ids=[told[:40] for _, _, told in REFUSALS])
def test_a_file_that_cannot_be_meant_is_refused_in_words(
    tmp_path: Path, lines: tuple[str, ...], read: Callable[[Path], object], told: str
) -> None:
    with pytest.raises(FacetwiseError) as refused:
        read(written(tmp_path, *lines))
    assert str(refused.value) == told


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"There is no file .*absent\.csv\. Check the path\."):
        Successors.read(tmp_path / "absent.csv")
    (tmp_path / "latin.csv").write_bytes(b"old_code,new_code,date\nR\xe91,RB1,2010-04-01\n")
    with pytest.raises(InputError, match="cannot be read as CSV in UTF-8"):
        Successors.read(tmp_path / "latin.csv")
    with pytest.raises(InputError, match=r"empty\.csv is empty"):
        Successors.read(written(tmp_path, "", name="empty.csv"))
