"""Disclosure control: what a reader who knows the rule and the sums can work out, and what the rule leaves alone.

The rule: NHS Digital, disclosure control methodology for HES and ECDS from September 2018: below national level 1 to 7
become '*', others the nearest 5, totals are summed before they are rounded; national counts, counts of organisations and
standardised rates stay.
"""

from __future__ import annotations

import random
from itertools import product
from pathlib import Path

import pytest

from facetwise.disclosure.protect import HES_2018, NONE, profile_named, protect
from facetwise.disclosure.protected_tables import HIDDEN, ProtectedNumber, ProtectedTables
from facetwise.disclosure.tables import (
    Column,
    LinkedTables,
    Role,
    SumConstraint,
    Table,
    counts,
    sum_with_remainder,
    words,
)
from facetwise.errors import UsageError
from facetwise.report.count_sections import headline_tables, sections
from facetwise.report.overview import overview
from facetwise.spells.synthetic.synth import write_synthetic
from tests.disclosure.attacker import ranges, recoverable

_BEYOND = 40


def _parts(values: dict[str, int], is_local: bool = False) -> Table:
    groups = words("group", "Group", values)
    return Table("parts", "Parts", (groups, counts("spells", "Spells", values.items(), is_local)))


def _whole(values: dict[str, int], is_local: bool = False) -> LinkedTables:
    """Parts beside their total."""
    total = {"total": sum(values.values())}
    return LinkedTables((_parts(values, is_local),), (SumConstraint("total", tuple(values)),), text_numbers=total)


def _shown(linked: LinkedTables, is_national: bool = False) -> dict[str, ProtectedNumber]:
    return dict(protect(linked, HES_2018, is_national).figures)


@pytest.mark.parametrize(
    ("true", "shown"), [(0, 0), (1, HIDDEN), (7, HIDDEN), (8, 10), (12, 10), (13, 15), (17, 15), (1612, 1610)]
)
def test_1_to_7_are_hidden_and_others_go_to_the_nearest_5(true: int, shown: ProtectedNumber) -> None:
    assert HES_2018.rounded(true) == shown
    low, high = HES_2018.bounds_of_shown(true)
    assert low <= true <= high


def test_a_total_is_the_rounded_sum_of_the_true_numbers() -> None:
    """8 and 8 and 8 are 10 each, and 25 in all: not 30."""
    assert _shown(_whole({"a": 8, "b": 8, "c": 8})) == {"a": 10, "b": 10, "c": 10, "total": 25}


def test_a_hidden_number_beside_rounded_ones_needs_no_more_hidden() -> None:
    """13 - 10 is anything from 1 to 7: the rounding covers it."""
    assert _shown(_whole({"a": 3, "b": 10, "c": 0})) == {"a": HIDDEN, "b": 10, "c": 0, "total": 15}


def test_hidden_numbers_that_must_be_one_each_take_their_total_along() -> None:
    """Twelve hidden numbers under a 10, which is 12 at most."""
    ones = {f"p{place}": 1 for place in range(12)}
    assert set(_shown(_whole(ones)).values()) == {HIDDEN}
    assert _shown(_whole({**ones, "p0": 2}))["total"] == 15


def test_hidden_numbers_that_must_be_one_each_under_a_hidden_total_take_noughts_along() -> None:
    """Seven hidden numbers under a hidden total, which would be 7: hidden noughts leave open which are small."""
    ones = {f"p{place}": 1 for place in range(7)}
    shown = _shown(_whole({**ones, "none": 0, "too": 0}))
    assert set(shown.values()) == {HIDDEN}


def test_beside_an_exact_total_the_smallest_further_part_is_hidden() -> None:
    """17 less 8 to 12 leaves 5 to 7; 19 less what is shown as 10 leaves the true 7 alone."""
    assert _shown(_whole({"a": 7, "b": 10, "c": 0}, is_local=True), is_national=True) == {
        "a": HIDDEN,
        "b": 10,
        "c": 0,
        "total": 17,
    }
    assert _shown(_whole({"a": 7, "b": 12}, is_local=True), is_national=True) == {"a": HIDDEN, "b": HIDDEN, "total": 19}


def test_a_lone_small_part_of_the_nation_is_not_told_by_the_national_total() -> None:
    """The nation's 3 may stand, and then a provider's noughts must not say whose they are."""
    shown = _shown(_whole({"a": 3, "b": 0, "c": 0}, is_local=True), is_national=True)
    assert shown["a"] is HIDDEN
    assert HIDDEN in (shown["b"], shown["c"], shown["total"])


def test_what_is_left_over_between_two_exact_numbers_is_looked_after_where_it_is_local() -> None:
    """20 of a provider, 18 of them in one way: 2 in another."""
    sums, slack_cells = sum_with_remainder("provider", [("first way", 18)], 20)
    table = Table(
        "t",
        "T",
        (words("what", "What", ["provider", "first way"]), counts("n", "N", [("provider", 20), ("first way", 18)])),
    )
    shown = _shown(LinkedTables((table,), sums, slack_cells=slack_cells))
    assert shown == {"provider": 20, "first way": 20}  # 16 to 24 apart: nothing is told
    assert sum_with_remainder("provider", [("first way", 20)], 20) == ((SumConstraint("provider", ("first way",)),), {})


def test_a_number_in_two_tables_is_hidden_in_both() -> None:
    """One name is one number."""
    first = _parts({"a": 3, "b": 30})
    second = Table("again", "Again", (words("group", "Group", ["a"]), counts("spells", "Spells", [("a", 3)])))
    told = protect(LinkedTables((first, second)), HES_2018)
    assert told.table("again").column("spells").values == (HIDDEN,)
    with pytest.raises(UsageError, match="'a' names two different numbers"):
        protect(LinkedTables((first, _parts({"a": 4}))), HES_2018)


def test_a_share_is_made_of_what_is_shown_and_hidden_with_it() -> None:
    """40 of 81 are 49 %, and 40 of 80 are shown: the true share would tell more. 8 of 12, shown as 10 of 10, are not all.

    None of 30 is hidden with the other shares of so few: else those with none would be the only ones in a funnel.
    """
    table = Table(
        "t",
        "T",
        (
            words("group", "Group", "abcdi"),
            counts("met", "Met", zip("mnopq", (8, 3, 40, 0, 0), strict=True)),
            counts("all", "All", zip("efghj", (12, 20, 81, 0, 30), strict=True)),
            Column("share", "Share", Role.SHARE, (66.7, 15.0, 49.4, None, 0.0), of=("met", "all")),
        ),
    )
    assert protect(LinkedTables((table,)), HES_2018).tables[0].column("share").values == (
        HIDDEN,
        HIDDEN,
        50.0,
        None,
        HIDDEN,
    )
    assert protect(LinkedTables((table,)), NONE).tables[0].column("share").values == (66.7, 15.0, 49.4, None, 0.0)


def test_a_standardised_rate_stays_unless_its_count_is_hidden_or_told_by_it() -> None:
    """Observed over expected times a rate gives the observed back where the expected is known."""
    table = Table(
        "t",
        "T",
        (
            words("group", "Group", "abc"),
            counts("n", "N", zip("xyz", (3, 20, 21), strict=True)),
            Column("rate", "Rate", Role.RATE, (1.5, 10.2, 10.7), of=("n",), known=(None, None, 196.0)),
            Column("trusts", "Trusts", Role.ORGANISATIONS, (1, 2, 3)),
        ),
    )
    told = protect(LinkedTables((table,)), HES_2018).tables[0]
    assert told.column("rate").values == (HIDDEN, 10.2, HIDDEN)
    assert told.column("trusts").values == (1, 2, 3)


def test_rows_stand_in_the_order_of_what_is_shown() -> None:
    """The order of the true numbers would rank the hidden ones."""
    values = {"d": 1, "c": 7, "b": 0, "a": 12, "e": 9}
    (groups, spells) = _parts(values).columns
    told = protect(LinkedTables((Table("t", "T", (groups, spells), most_first="spells"),)), HES_2018).tables[0]
    assert told.rows == (("a", 10), ("e", 10), ("c", HIDDEN), ("d", HIDDEN), ("b", 0))


def test_hidden_is_a_star_in_text_and_null_beside_a_mark_in_arrow() -> None:
    """A file of numbers never takes hidden for nought or for missing."""
    told = protect(LinkedTables((_parts({"a": 3, "b": 30}),)), HES_2018).tables[0]
    assert told.to_text().to_pylist() == [{"group": "a", "spells": "*"}, {"group": "b", "spells": "30"}]
    assert told.to_arrow().to_pydict() == {"group": ["a", "b"], "spells": [None, 30], "spells_hidden": [True, False]}


def test_an_unknown_profile_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError) as error:
        profile_named("hes2018")
    assert str(error.value) == "There is no disclosure profile 'hes2018'. Did you mean 'hes-2018'?"


def test_sums_that_do_not_add_up_are_refused() -> None:
    """Hiding that rests on a wrong sum protects nothing."""
    with pytest.raises(UsageError) as error:
        protect(
            LinkedTables((_parts({"a": 3}),), (SumConstraint("total", ("a",)),), text_numbers={"total": 5}), HES_2018
        )
    assert str(error.value) == ("'total' is not the sum of its parts. Add what is left over to `slack_cells`.")


def _could_be(name: str, value: int, told: ProtectedTables, smalls: set[str], is_blurred: bool) -> range:
    """What one number could be to a reader who even knows which stars are small and which are hidden for another's sake.

    is_blurred: noughts are stars as well.
    """
    figure = told.figures[name]
    if figure is HIDDEN:
        return range(_BEYOND) if is_blurred else range(1, 8) if name in smalls else range(1, _BEYOND)
    low, high = HES_2018.bounds_of_shown(value)
    return range(low, high + 1)


@pytest.mark.parametrize("is_national", [False, True])
@pytest.mark.parametrize("seed", range(150))
def test_no_small_number_of_a_sum_can_be_worked_out(seed: int, is_national: bool) -> None:
    """Every way in which the true numbers could be, counted out: each hidden one from 1 to 7 has two values at least."""
    rng = random.Random(seed)
    values = {name: rng.choice((0, 1, 1, 2, 7, 8, 12, 13)) for name in "abcd"[: rng.randint(1, 4)]}
    told = protect(_whole(values, is_local=True), HES_2018, is_national)
    everything = {**values, "total": sum(values.values())}
    smalls = {name for name, value in everything.items() if 1 <= value <= 7 and told.figures[name] is HIDDEN}
    is_blurred = any(told.figures[name] is HIDDEN for name in values if not values[name])
    ways = [
        dict(zip(values, way, strict=True))
        for way in product(*(_could_be(name, value, told, smalls, is_blurred) for name, value in values.items()))
    ]
    total = _could_be("total", everything["total"], told, smalls, False)
    if is_national and told.figures["total"] is not HIDDEN:
        total = range(everything["total"], everything["total"] + 1)
    possible = [way for way in ways if sum(way.values()) in total or len(total) == _BEYOND]
    assert values in possible
    for name in smalls - {"total"}:
        assert len({way[name] for way in possible}) > 1, (values, dict(told.figures))


def _crossed(rng: random.Random) -> tuple[dict[str, int], dict[str, int], LinkedTables]:
    """Providers by year with both margins and the whole: the numbers of the parts, those of the whole, and the linked."""
    high, wide = rng.randint(2, 5), rng.randint(2, 5)
    cells = {f"{i}.{j}": rng.choice((0, 0, 1, 1, 2, 3, 7, 8, 12, 13, 20)) for i in range(high) for j in range(wide)}
    rows = {f"row {i}": tuple(f"{i}.{j}" for j in range(wide)) for i in range(high)}
    columns = {f"column {j}": tuple(f"{i}.{j}" for i in range(high)) for j in range(wide)}
    sums = [SumConstraint(total, parts) for total, parts in (rows | columns).items()]
    sums += [SumConstraint("whole", tuple(rows)), SumConstraint("whole", tuple(columns))]
    values = dict(cells)
    for item in sums:
        values[item.total] = sum(values[part] for part in item.parts)
    local = {name: value for name, value in values.items() if name in cells or name in rows}
    wholes = {name: value for name, value in values.items() if name not in local}
    tables = tuple(
        Table(name, name, (words("g", "G", held), counts("n", "N", held.items(), name == "local")))
        for name, held in (("local", local), ("wholes", wholes))
    )
    return local, wholes, LinkedTables(tables, tuple(sums))


@pytest.mark.parametrize("seed", range(60))
def test_no_small_number_of_crossed_sums_can_be_worked_out_by_integer_programming(seed: int) -> None:
    """The hiding reasons one sum at a time; the reader of this test solves them all together."""
    local, wholes, linked = _crossed(random.Random(seed))
    is_national = bool(seed % 2)
    told = protect(linked, HES_2018, is_national)
    assert not recoverable(linked, told, is_national), ({**local, **wholes}, dict(told.figures))


@pytest.mark.parametrize("is_national", [False, True])
def test_no_small_number_of_a_whole_report_can_be_worked_out(tmp_path: Path, is_national: bool) -> None:
    """Two numbers of this one can, when its sums are taken one at a time: all of them together say more."""
    write_synthetic(3_000, 7, tmp_path / "activity.csv")
    seen = overview((tmp_path / "activity.csv",))
    linked = LinkedTables.of((headline_tables(seen.main), *(section.linked for section in sections(seen))))
    told = protect(linked, HES_2018, is_national)
    found = list(ranges(linked, told, is_national))
    assert len(found) > 150
    assert not [name for name, least, most in found if least == most]


def test_a_part_that_is_not_the_whole_is_never_said_to_be_all_of_it() -> None:
    """98 of 100 are shown as 100 of 100, which is no 100 %."""
    columns = (
        words("who", "Who", ["nearly all", "all", "none"]),
        counts("part", "Part", [("a", 98), ("b", 100), ("c", 0)]),
        counts("whole", "Whole", [("d", 100), ("e", 100), ("f", 100)]),
        Column("share", "Share", Role.SHARE, (None, None, None), of=("part", "whole")),
    )
    shown = protect(LinkedTables((Table("t", "T", columns),)), HES_2018).table("t")
    assert shown.column("share").values == (HIDDEN, 100.0, 0.0)
    assert protect(LinkedTables((Table("t", "T", columns),)), NONE).table("t").column("share").values[0] == 98.0
