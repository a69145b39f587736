"""No number from 1 to 7 of a whole report, or of a count, can be worked out by a reader who knows the rule and solves everything.

The cases: sessions, patients and repeats say one another; what one change in coding repairs is a near miss that its criterion
alone kept out; a row of near misses stands for one spell at least; denervations judged and set aside are all of a definition.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from facetwise.count.count import count_all
from facetwise.count.query import CountQuery
from facetwise.disclosure.count_tables import count_tables
from facetwise.disclosure.protect import HES_2018, NONE, protect
from facetwise.disclosure.protected_count import protect_counts
from facetwise.disclosure.protected_tables import HIDDEN, ProtectedTables
from facetwise.disclosure.tables import LinkedTables
from facetwise.library import DEFAULT
from facetwise.report.board_report import Board, further_sections, protected, report_tables
from facetwise.report.collect import Findings, findings
from facetwise.report.cross_section_sums import cross_section_sums
from facetwise.spells.dimensions import dimensions_named
from tests.disclosure.attacker import recoverable
from tests.spells.activity_files import write


def _row(
    key: int,
    patient: str,
    provider: str = "R0A",
    day: str = "2018-05-01",
    done: str = "V485,Z675",
    why: str = "M545",
    age: str = "50",
    method: str = "11",
    dominant: str | None = None,
    category: str = "01",
) -> str:
    first = done.split(",")[0] if dominant is None else dominant
    return (
        f'{key},{patient},{provider},Q01,{day},{day},{age},{age},{method},{category},"||{done}","||{why}",{first},{why}'
    )


def _nation(folder: Path) -> Path:
    """118 denervations, one of them repeated at R0A; all three failures of the diagnosis, and the lone unknown age, at R0B."""
    rng = random.Random(3)
    rows: list[str] = []

    groups: tuple[tuple[int, str, dict[str, str]], ...] = (
        *((40, "R0A", {}), (30, "R0B", {}), (30, "R0C", {}), (4, "R0D", {})),
        *((3, "R0B", {"why": "M999"}), (1, "R0B", {"age": ""}), (1, "R0C", {"method": "21"})),
        *((2, "R0A", {"done": "V485,Z843"}), (5, "R0B", {"done": "V485,Z843"}), (3, "R0A", {"done": "V486,Z675"})),
    )
    for number, provider, over in groups:
        for _ in range(number):
            day = f"{rng.choice((2017, 2018))}-{rng.randint(5, 12):02d}-{rng.randint(1, 28):02d}"
            rows.append(_row(len(rows) + 1, f"X{len(rows)}", provider, day, **over))
    rows += [_row(201, "again", day="2018-06-01"), _row(202, "again", day="2018-11-01")]
    return write(folder / "nation.csv", rows)


def _board(folder: Path) -> Path:
    """51 of 55 counted spells at one provider, and seven denervations that are not counted, for six reasons."""
    days = [f"{2015 + n % 5}-{4 + n % 9:02d}-{1 + n % 28:02d}" for n in range(51)]
    rows = [_row(n, f"P{n % 35}", day=day) for n, day in enumerate(days, 1)]
    rows += [_row(60 + n, f"B{n}", "R0B", f"201{6 + n}-06-01") for n in range(3)] + [_row(70, "C1", "R0C")]
    rows += [_row(71, "D1", age="17"), _row(72, "D2", age=""), _row(73, "D3", dominant="")]
    rows += [_row(74, "D4", dominant="V544", done="V544,V485,Z675"), _row(75, "D5", done="V485,Z674")]
    rows += [_row(76, "D6", done="V487"), _row(77, "D7", done="V483,Z673")]
    rows += [_row(80 + n, f"E{n}", done="W371,Z843") for n in range(15)]
    return write(folder / "board.csv", rows)


def _chance(folder: Path, seed: int) -> Path:
    """Some dozens of spells of few patients, failing and lacking this and that."""
    rng = random.Random(seed)
    rows = []
    for key in range(rng.randint(20, 90)):
        day = f"{rng.choice((2016, 2017, 2018))}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
        over = {
            "done": rng.choice(("V485,Z675",) * 6 + ("V487", "V485,Z843", "V486,Z675", "W371")),
            "why": rng.choice(("M545",) * 6 + ("M999", "C795")),
            "age": rng.choice(("50",) * 8 + ("", "17")),
            "method": rng.choice(("11",) * 8 + ("21",)),
        }
        rows.append(_row(key, f"P{rng.randint(0, 40)}", rng.choice(("R0A", "R0A", "R0A", "R0B", "R0C")), day, **over))
    return write(folder / "chance.csv", rows)


def _released(found: Findings, is_national: bool) -> tuple[LinkedTables, ProtectedTables]:
    linked = report_tables(found.overview, further_sections(found, HES_2018), cross_section_sums(found))
    return linked, protect(linked, HES_2018, is_national)


def _shown(found: Findings, is_national: bool) -> Board:
    return protected(
        found.overview, HES_2018, is_national, further_sections(found, HES_2018), cross_section_sums(found)
    )


@pytest.mark.parametrize("is_national", [False, True])
@pytest.mark.parametrize("made", [_nation, _board])
def test_no_small_number_of_a_planted_report_can_be_worked_out(
    tmp_path: Path, made: Callable[[Path], Path], is_national: bool
) -> None:
    """Sessions tell repeats, near misses tell coding, listed rows tell noughts."""
    linked, told = _released(findings((made(tmp_path),)), is_national)
    assert not recoverable(linked, told, is_national)


@pytest.mark.parametrize(("category", "what"), [("02", "not met"), ("", "unknown")])
def test_the_last_step_of_the_flow_is_what_its_criterion_alone_keeps_out(
    tmp_path: Path, category: str, what: str
) -> None:
    """The nation is one provider, whose 5 must not be told: one for each criterion, and the last one's stood twice."""
    alone: list[dict[str, str]] = [{"method": "21"}, {"age": "17"}, {"why": "M542"}, {"done": "V485"}]
    rows = [_row(n, f"P{n}", **over) for n, over in enumerate([*alone, {"category": category}, *[{}] * 30], 1)]
    found = findings((write(tmp_path / "ones.csv", rows),))
    last = DEFAULT.criteria[-1].id
    miss = f"ebi-2k near miss {('(' + repr(last) + ',) ()') if what == 'not met' else ('() (' + repr(last) + ',)')}"
    for is_national in (False, True):
        linked, told = _released(found, is_national)
        assert linked.values()[miss] == 1
        assert (told.figures[miss] is HIDDEN) == (told.figures[f"ebi-2k {last} {what}"] is HIDDEN)
        assert not recoverable(linked, told, is_national)


def test_a_criterion_that_spells_without_a_denervation_fail_too_is_tied_to_no_near_miss(tmp_path: Path) -> None:
    """A definition may end with the procedure itself: what leaves there is more than its near misses."""
    turned = replace(DEFAULT, criteria=(*DEFAULT.criteria[1:], DEFAULT.criteria[0]))
    rows = [_row(n, f"P{n}", **({"done": "W371,Z675"} if n < 4 else {})) for n in range(20)]
    (result,) = count_all(CountQuery((write(tmp_path / "turned.csv", rows),), (turned,)))
    assert (result.flow[-1].not_met, result.near_misses) == (4, ())
    linked = count_tables([result])
    assert protect(linked, NONE).figures["ebi-2k denervation not met"] == 4
    assert "ebi-2k near miss ('denervation',) ()" not in linked.values()


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 8))])
def test_no_small_number_of_a_report_by_chance_can_be_worked_out(tmp_path: Path, seed: int) -> None:
    """Below national level and at it."""
    found = findings((_chance(tmp_path, seed),))
    for is_national in (False, True):
        linked, told = _released(found, is_national)
        assert not recoverable(linked, told, is_national), (seed, is_national)


def _of(told: Iterable[tuple[object, ...]], *of: str) -> list[object]:
    (row,) = [row for row in told if row[: len(of)] == of]
    return list(row[len(of) :])


def test_the_one_repeat_of_a_nation_is_not_told_of_its_provider(tmp_path: Path) -> None:
    """118 sessions of 117 patients say 1, and a nought at every other provider would say whose."""
    shown = _shown(findings((_nation(tmp_path),)), True)
    tables = {table.id: table for table in shown.tables}
    assert tables["repeats-all"].column("repeated").values == (1,)
    assert tables["repeats-providers"].is_withheld or 0 not in tables["repeats-providers"].column("repeated").values
    assert tables["coding-providers"].is_withheld or tables["coding-changes"].column("spells").values.count(HIDDEN) > 1
    assert shown.figures["ebi-2k counted"] == 106
    flow = [row[1:] for row in tables["flow-ebi-2k"].rows]
    assert flow[2] == (108, 3, 0)


def test_a_report_shows_the_headline_that_a_count_shows(tmp_path: Path) -> None:
    """The same profile, the same data: what a finer table would tell costs that table, not the headline."""
    activity = _board(tmp_path)
    shown = _shown(findings((activity,)), False)
    question = CountQuery((activity,), (DEFAULT,), dimensions=dimensions_named(("provider",)))
    (count,) = protect_counts(count_all(question), HES_2018)
    told = count.to_json()
    names = ("counted", "not counted", "unknown")
    assert [str(shown.figures[f"ebi-2k {name}"]) for name in names] == [
        str(told[name.replace(" ", "_")]) for name in names
    ]
    assert (told["counted"], told["not_counted"]) == (55, 20)
    flow = next(table for table in shown.tables if table.id == "flow-ebi-2k")
    assert count.flow.column("met").values == flow.column("met").values
    by = {row["provider"]: row["counted"] for row in told["by"]}
    providers = next(table for table in shown.tables if table.id == "providers")
    assert _of(providers.rows, "R0A")[0] == by["R0A"] == 50


@pytest.mark.parametrize("is_national", [False, True])
def test_no_small_number_of_a_count_by_provider_can_be_worked_out(tmp_path: Path, is_national: bool) -> None:
    """Of the nation, flow less flow is the rows that are listed, one each."""
    question = CountQuery((_nation(tmp_path),), (DEFAULT,), dimensions=dimensions_named(("provider",)))
    linked = count_tables(count_all(question))
    told = protect(linked, HES_2018, is_national)
    assert not recoverable(linked, told, is_national)


def test_a_change_in_coding_is_tied_to_the_near_misses_it_repairs(tmp_path: Path) -> None:
    """All three failures of the diagnosis are repaired: the line of the change is the near miss of that criterion alone."""
    found = findings((_nation(tmp_path),))
    tied = {
        (item.total, item.parts[0])
        for item in cross_section_sums(found).sums
        if "another primary diagnosis" in item.parts[0]
    }
    assert ("ebi-2k near miss ('diagnosis',) ()", next(part for _, part in tied)) in tied
    assert any(
        item.total == "any-v48 counted" and item.parts[0] == "denervations" for item in cross_section_sums(found).sums
    )
