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
from facetwise.disclosure.protected_tables import HIDDEN, Released
from facetwise.disclosure.tables import Role, Sheet

_MOST = 10**6


def worked_out(sheet: Sheet, told: Released, is_national: bool = False) -> dict[str, int]:
    """The hidden numbers from 1 to 7 that have one value alone, with it."""
    return {name: least for name, least, most in ranges(sheet, told, is_national) if least == most}


def ranges(sheet: Sheet, told: Released, is_national: bool = False) -> Iterator[tuple[str, int, int]]:
    """The least and most of each hidden number from 1 to 7."""
    values = sheet.values()
    low, high = _known(sheet, told, values, is_national)
    place = {name: number for number, name in enumerate(values)}
    entries: list[tuple[int, int, int]] = []
    extra = len(values)
    unlisted = _unlisted(sheet, told)
    for row, item in enumerate(sheet.sums):
        entries += [(row, place[name], n) for name, n in ((item.total, -1), *item.weighted)]
        if unlisted & set(item.parts):  # rows that are not shown: who is to say that these are all
            entries.append((row, extra, 1))
            extra += 1
    lows, highs = np.zeros(extra), np.full(extra, float(_MOST))
    for name, number in place.items():
        lows[number], highs[number] = low[name], high[name]
    rows, columns, times = zip(*entries, strict=True)
    tied = coo_array((times, (rows, columns)), shape=(len(sheet.sums), extra)).tocsr()
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


def _unlisted(sheet: Sheet, told: Released) -> set[str]:
    """Numbers that stand in rows of tables that are not shown alone."""
    shown: set[str] = set()
    withheld: set[str] = set()
    for table in sheet.tables:
        into = withheld if told.table(table.id).is_withheld else shown
        into.update(name for column in table.columns for name in column.quantities)
    return withheld - shown


def _known(
    sheet: Sheet, told: Released, values: dict[str, int], is_national: bool
) -> tuple[dict[str, int], dict[str, int]]:
    exact = frozenset(sheet.shown()) - sheet.local() if is_national else frozenset()
    low, high = dict.fromkeys(values, 0), dict.fromkeys(values, _MOST)
    blurred: set[str] = set()
    seen = set(sheet.said)
    listed = {name for name, table in sheet.listed if not told.table(table).is_withheld}
    if any(told.figures[name] is HIDDEN and not value for name, value in sheet.said.items()):
        blurred |= seen
    for table in sheet.tables:
        if told.table(table.id).is_withheld:
            continue
        for column in (column for column in table.columns if column.role is Role.COUNT):
            names = {n for n, v in zip(column.quantities, column.values, strict=True) if v is not None}
            seen |= names
            listed |= names if column.is_listed else set()
            blurred |= names if any(told.figures[n] is HIDDEN and not values[n] for n in names) else set()
    for name, figure in told.figures.items():
        if figure is not HIDDEN:
            low[name], high[name] = (values[name],) * 2 if name in exact else HES_2018.told(values[name])
        elif name in seen and name not in blurred:
            low[name], high[name] = (1, 7) if 1 <= values[name] <= 7 and name not in exact else (1, _MOST)
    for name in listed:
        low[name] = max(low[name], 1)
    return low, high
