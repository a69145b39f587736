"""The rules for raw values, as data: Arrow (columns.py), Spark and the SQL scripts all read them from here.

parse_value.py says in plain Python what one value means; generated data holds the other three to it. A pattern is written
so that Python, Spark and Arrow read it alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from facetwise.spells.layouts import Column, Kind

# Words that stand for a value that is not recorded; & is how HES writes "not known".
MISSING = ("", "&", "NULL")
NOT_KNOWN = "&"
NO_PROCEDURE = "-"
FILLER_DIAGNOSES = ("R69X3", "R69X6", "R69X8")
# Dates that a database writes where none is recorded.
NULL_DATES = (date(1800, 1, 1), date(1801, 1, 1))
# Codes for ages under one year: 7000 is under a day, 7007 is one year less a day.
INFANTS = range(7000, 7008)
# A number beyond this is cut to it: out of every range, and still a 32-bit integer.
LARGEST = 2**31 - 1

NO_BREAK_SPACE = "\u00a0"
# Characters between those of a code that change nothing.
BETWEEN_CODE_CHARACTERS = f" .{NO_BREAK_SPACE}"
EPISODE_SEPARATOR = "||"
CODE_SEPARATOR = ","
UNDECODED = "\ufffd"

WHOLE_NUMBER = "([+-]?[0-9]{1,18})([.]0*)?"
# An identifier as pandas writes it in a column that has a blank: 1.0 for 1.
IDENTIFIER_WITH_POINT = "^(-?[0-9]+)[.]0$"
CATEGORY_WITH_POINT = ".0"
CATEGORY_DIGITS = 2


@dataclass(frozen=True)
class DateFormat:
    """How a date is written: a pattern, and which of its groups are the year, the month and the day."""

    pattern: str
    year: int
    month: int
    day: int

    @property
    def order(self) -> tuple[int, int, int]:
        return self.year, self.month, self.day


DATE_FORMATS = (
    DateFormat("([0-9]{4})-([0-9]{2})-([0-9]{2})([ T][0-9:.+Z ]*)?", 1, 2, 3),
    DateFormat("([0-9]{4})([0-9]{2})([0-9]{2})", 1, 2, 3),
    DateFormat("([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})( [0-9:.]*)?", 3, 2, 1),
)


class FaultKind(Enum):
    """What is wrong with a value, in the order in which a column's first fault is named."""

    NOT_UTF8 = "{name} is not UTF-8 text"
    CONTROL_CHARACTER = "{name} holds a control character"
    NOT_OF_KIND = "{name} is not {kind}"
    MISSING_KEY = "{name} is missing"

    def reason(self, column: Column, name: str) -> str:
        """The reason for which rows are rejected, as users read it. name: the column's own name."""
        return self.value.format(name=name, kind=column.kind.value)


class Reading(Enum):
    """How the text of a value is read."""

    IDENTIFIER = "trimmed, and 1 for 1.0"
    TEXT = "trimmed"
    CATEGORY = "two digits, also where a spreadsheet dropped the zero"
    CODE = "upper case, without blanks and dots"
    CODES = "episodes of codes"
    NUMBER = "a whole number, infants' codes as 0"
    DATE = "a date in one of the formats"


@dataclass(frozen=True)
class ValueRule:
    """How a column's values are read. missing: what is not recorded; for codes, tokens that record nothing.

    dropped: of codes, tokens that are no code (a dash records that nothing was done).
    """

    reading: Reading
    missing: tuple[str, ...] = MISSING
    dropped: tuple[str, ...] = ()


_WITH_DASH = (*MISSING, NO_PROCEDURE)
_BY_KIND = {
    Kind.KEY: ValueRule(Reading.IDENTIFIER),
    Kind.TEXT: ValueRule(Reading.TEXT),
    Kind.CODE: ValueRule(Reading.CODE),
    Kind.CODES: ValueRule(Reading.CODES, _WITH_DASH, _WITH_DASH),
    Kind.NUMBER: ValueRule(Reading.NUMBER),
    Kind.DATE: ValueRule(Reading.DATE),
}
_BY_NAME = {
    "patient_id": ValueRule(Reading.IDENTIFIER),
    "spell": ValueRule(Reading.IDENTIFIER),
    "administrative_category": ValueRule(Reading.CATEGORY),
    "primary_diagnosis": ValueRule(Reading.CODE, (*_WITH_DASH, *FILLER_DIAGNOSES)),
    # A dash says that no procedure was done, so it is recorded.
    "procedures": ValueRule(Reading.CODES, MISSING, _WITH_DASH),
}


def rule_of(column: Column) -> ValueRule:
    """The rule of a canonical column: by its name where it has one of its own, else by its kind."""
    return _BY_NAME.get(column.canonical, _BY_KIND[column.kind])
