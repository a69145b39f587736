"""A reader who wants to know a hidden number: solves everything that is published, together, by integer programming.

It takes the side of the reader where there is doubt: it knows which stars stand for 1 to 7 and which were hidden for another's
sake, but in a column where noughts are hidden too; and that a star is 1 at least, there as well where rows are listed for it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from facetwise.disclosure.protect import HES_2018
from facetwise.disclosure.protected_tables import HIDDEN, ProtectedTables
from facetwise.disclosure.tables import LinkedTables, Role

_MOST = 10**6


def recoverable(linked: LinkedTables, told: ProtectedTables, is_national: bool = False) -> dict[str, int]:
    """The hidden numbers from 1 to 7 that have one value alone, with it."""
    return {name: least for name, least, most in ranges(linked, told, is_national) if least == most}


def ranges(linked: LinkedTables, told: ProtectedTables, is_national: bool = False) -> Iterator[tuple[str, int, int]]:
    """The least and most of each hidden number from 1 to 7."""
    values = linked.values()
    low, high = _known(linked, told, values, is_national)
    place = {name: number for number, name in enumerate(values)}
    entries: list[tuple[int, int, int]] = []
    extra = len(values)
    unlisted = _unlisted(linked, told)
    for row, item in enumerate(linked.sums):
        entries += [(row, place[name], n) for name, n in ((item.total, -1), *item.weighted)]
        if unlisted & set(item.parts):  # rows that are not shown: who is to say that these are all
            entries.append((row, extra, 1))
            extra += 1
    lows, highs = np.zeros(extra), np.full(extra, float(_MOST))
    for name, number in place.items():
        lows[number], highs[number] = low[name], high[name]
    rows, columns, times = zip(*entries, strict=True)
    tied = coo_array((times, (rows, columns)), shape=(len(linked.sums), extra)).tocsr()
    asked = [n for n, figure in told.figures.items() if figure is HIDDEN and 1 <= values[n] <= 7]
    least, most = np.array(list(values.values())), np.array(list(values.values()))
    for name in asked:
        for sign in (1, -1):
            if least[place[name]] < most[place[name]]:
                break
            aim = np.zeros(extra)
            aim[place[name]] = sign
            found = milp(aim, constraints=LinearConstraint(tied, 0, 0), bounds=Bounds(lows, highs), integrality=1)
            way = np.rint(found.x).astype(int)
            assert not np.any(tied @ way)
            least, most = np.minimum(least, way[: len(values)]), np.maximum(most, way[: len(values)])
        yield name, int(least[place[name]]), int(most[place[name]])


def _unlisted(linked: LinkedTables, told: ProtectedTables) -> set[str]:
    """Numbers that stand in rows of tables that are not shown alone."""
    shown: set[str] = set()
    withheld: set[str] = set()
    for table in linked.tables:
        into = withheld if told.table(table.id).is_withheld else shown
        into.update(name for column in table.columns for name in column.cell_ids)
    return withheld - shown


def _known(
    linked: LinkedTables, told: ProtectedTables, values: dict[str, int], is_national: bool
) -> tuple[dict[str, int], dict[str, int]]:
    exact = frozenset(linked.shown()) - linked.local() if is_national else frozenset()
    low, high = dict.fromkeys(values, 0), dict.fromkeys(values, _MOST)
    blurred: set[str] = set()
    seen = set(linked.text_numbers)
    listed = {name for name, table in linked.known_positive if not told.table(table).is_withheld}
    if any(told.figures[name] is HIDDEN and not value for name, value in linked.text_numbers.items()):
        blurred |= seen
    for table in linked.tables:
        if told.table(table.id).is_withheld:
            continue
        for column in (column for column in table.columns if column.role is Role.COUNT):
            names = {n for n, v in zip(column.cell_ids, column.values, strict=True) if v is not None}
            seen |= names
            listed |= names if column.row_implies_positive else set()
            blurred |= names if any(told.figures[n] is HIDDEN and not values[n] for n in names) else set()
    for name, figure in told.figures.items():
        if figure is not HIDDEN:
            low[name], high[name] = (values[name],) * 2 if name in exact else HES_2018.bounds_of_shown(values[name])
        elif name in seen and name not in blurred:
            low[name], high[name] = (1, 7) if 1 <= values[name] <= 7 and name not in exact else (1, _MOST)
    for name in listed:
        low[name] = max(low[name], 1)
    return low, high
