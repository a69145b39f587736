"""Sections of the commissioner's report: tables with what is said of them, and the picture that shows one of them.

A section is made of true numbers, and nothing shows it: `board.protected` makes it a ProtectedSection, together with all others,
since they share numbers. Sentences name a number between braces, '{ebi-2k counted}', and get it as it may be shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from facetwise.disclosure.protected_tables import ProtectedTable
from facetwise.disclosure.tables import LinkedTables


class Marks(Enum):
    """How a picture draws: a bar a row from left to right, a column a year, or a point a row between the lines of a funnel."""

    BARS = "bars"
    YEARS = "years"
    FUNNEL = "funnel"


@dataclass(frozen=True)
class Panel:
    """One frame of a picture with its own scale. title: what is drawn, and its unit; columns: of the table."""

    title: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Picture:
    """What to draw of which table.

    along: the column of its rows' names; most: how many rows at most, from the first; without: rows that have no place in it;
    lines: the table of a funnel's lines. instead: what to say where there is nothing to draw.
    """

    table: str
    title: str
    along: str
    marks: Marks
    panels: tuple[Panel, ...]
    most: int = 20
    without: tuple[str, ...] = ()
    lines: str = ""
    instead: str = ""


@dataclass(frozen=True)
class Section:
    """A section before it is protected. says: before the tables; `linked` holds the tables and what ties their numbers.

    notes: what to know of the data before its numbers are read. ask: what a board may ask of whom, for the first page.
    of_shown: a further sentence, and what to ask, told by the tables as they are shown: what is hidden in one is not told there.
    is_of_doubtful_dates: one of its notes says that a date of the data may be mistyped, so that years need a caution.
    """

    id: str
    title: str
    says: tuple[str, ...]
    linked: LinkedTables
    picture: Picture | None = None
    notes: tuple[str, ...] = ()
    ask: str = ""
    of_shown: Callable[[Sequence[ProtectedTable]], tuple[str, str]] | None = None
    is_of_doubtful_dates: bool = False


@dataclass(frozen=True)
class ProtectedSection:
    """A section as it may leave."""

    id: str
    title: str
    says: tuple[str, ...]
    tables: tuple[ProtectedTable, ...]
    picture: Picture | None
    notes: tuple[str, ...] = ()
    ask: str = ""
    is_of_doubtful_dates: bool = False

    def table(self, name: str) -> ProtectedTable:
        return next(table for table in self.tables if table.id == name)
