"""What must still be shown: a weaker search, or looser bounds, would only hide more, and be as safe."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from facetwise.disclosure.bound_propagation import UNBOUNDED, Equation, propagate
from facetwise.disclosure.feasibility_audit import Attacker
from facetwise.disclosure.protect import HES_2018, protect
from facetwise.disclosure.protected_tables import HIDDEN, ProtectedTables
from facetwise.disclosure.tables import LinkedTables, SumConstraint, Table, counts, words
from tests.disclosure.attacker import recoverable
from tests.disclosure.test_disclosure import _crossed


def _suppressed(linked: LinkedTables, told: ProtectedTables) -> Iterator[tuple[str, ...]]:
    """What is hidden that the rule alone would show: each number by itself, the zeros of a table together."""
    values = linked.shown()
    hidden = [name for name, figure in told.figures.items() if figure is HIDDEN]
    yield from ((name,) for name in hidden if values[name] > 7)
    for table in linked.tables:
        names = dict.fromkeys(name for column in table.columns for name in column.cell_ids)
        zeros = tuple(name for name in names if name in hidden and not values[name])
        if zeros:
            yield zeros


@pytest.mark.parametrize("seed", range(40))
def test_nothing_is_suppressed_that_could_be_shown(seed: int) -> None:
    """With any one suppression undone, the attacker of these tests recovers a small number."""
    is_national = bool(seed % 2)
    _, _, linked = _crossed(random.Random(seed))
    told = protect(linked, HES_2018, is_national)
    exact = frozenset(linked.shown()) - linked.local() if is_national else frozenset()
    values = linked.shown()
    for names in _suppressed(linked, told):
        also = {name: values[name] if name in exact else HES_2018.rounded(values[name]) for name in names}
        assert recoverable(linked, replace(told, figures={**told.figures, **also}), is_national), (seed, names)


def test_large_parts_of_a_large_total_are_all_shown() -> None:
    """Nothing but the rule's own stars, where these are many: 3,000 groups of 0 to 29."""
    rng = random.Random(1)
    cells = {f"group {n}": rng.randint(0, 29) for n in range(3_000)}
    table = Table("t", "T", (words("g", "G", cells), counts("n", "N", cells.items())))
    linked = LinkedTables((table,), (SumConstraint("all", tuple(cells)),), {"all": sum(cells.values())})
    figures = protect(linked, HES_2018).figures
    assert {name for name, figure in figures.items() if figure is HIDDEN} == {
        n for n, v in cells.items() if 1 <= v <= 7
    }


def test_a_second_table_is_found_where_it_takes_a_search() -> None:
    """Three weighted sums of ten numbers, all known, have several solutions, which no bound and no rounding gives."""
    rng = random.Random(9)
    n, k = rng.choice((8, 10, 12)), rng.choice((1, 2, 3))
    true = [rng.randint(1, 7) for _ in range(n)]
    weights = [tuple(rng.randint(3, 60) for _ in range(n)) for _ in range(k)]
    names = tuple(f"cell {i}" for i in range(n))
    totals = {f"total {j}": sum(a * b for a, b in zip(of, true, strict=True)) for j, of in enumerate(weights)}
    sums = [SumConstraint(total, names, of) for total, of in zip(totals, weights, strict=True)]
    low = np.array([*[1] * n, *totals.values()], np.int64)
    high = np.array([*[7] * n, *totals.values()], np.int64)
    attacker = Attacker(sums, {**dict(zip(names, true, strict=True)), **totals})
    assert (n, k) == (10, 3)
    assert attacker.recoverable_cells(names, low, high) == []


def _propagated(equations: Iterable[Equation], *bounds: tuple[int, int]) -> list[tuple[int, int]]:
    low, high = [least for least, _ in bounds], [most for _, most in bounds]
    propagate(tuple(equations), low, high)
    return list(zip(low, high, strict=True))


def test_bounds_are_drawn_in_from_both_ends() -> None:
    """Of a total by its parts, of parts by the total and the others; rounded inward where a part counts several times."""
    whole = Equation(0, ((1, 1), (2, 1)))
    assert _propagated([whole], (0, UNBOUNDED), (1, 7), (8, 12)) == [(9, 19), (1, 7), (8, 12)]
    assert _propagated([whole], (18, 22), (1, 7), (8, 12)) == [(18, 19), (6, 7), (11, 12)]
    assert _propagated([whole], (0, 10), (1, 7), (8, 12)) == [(9, 10), (1, 2), (8, 9)]
    assert _propagated([Equation(0, ((1, 3),))], (4, 11), (0, 9)) == [(6, 9), (2, 3)]
    assert _propagated([Equation(0, ((1, 2), (2, 1)))], (8, 8), (1, 9), (1, 3)) == [(8, 8), (3, 3), (2, 2)]


def test_what_one_sum_draws_in_is_carried_to_the_next() -> None:
    """Both ways: 0 = 1 + 2, 2 = 3 + 4."""
    chain = (Equation(2, ((3, 1), (4, 1))), Equation(0, ((1, 1), (2, 1))))
    assert _propagated(chain, (9, 9), (1, 7), (0, 99), (1, 7), (0, 0)) == [(9, 9), (2, 7), (2, 7), (2, 7), (0, 0)]
