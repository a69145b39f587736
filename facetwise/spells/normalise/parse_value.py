"""The meaning of one recorded text as a number, a date, a code: plain Python that the whole-column engines must equal."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from facetwise.spells.normalise.value_rules import (
    DATE_FORMATS,
    FILLER_DIAGNOSES,
    INFANTS,
    LARGEST,
    MISSING,
    NO_PROCEDURE,
    NULL_DATES,
    WHOLE_NUMBER,
)

_NUMBER = re.compile(WHOLE_NUMBER)
_DATES = tuple((re.compile(written.pattern), written.order) for written in DATE_FORMATS)


class NotOfTypeError(ValueError):
    """The value is not of its column's type."""

    def __init__(self) -> None:
        super().__init__("a value is not of its column's type")


def text(value: str) -> str | None:
    """Trimmed, and None where nothing is left, or NULL or & (not known) is written out."""
    trimmed = value.replace("\u00a0", " ").strip(" ")
    return None if trimmed.upper() in MISSING else trimmed


def number(value: str) -> int | None:
    """A whole number, None where missing. Far beyond any range it is cut to one still out of range."""
    trimmed = text(value)
    if trimmed is None:
        return None
    matched = _NUMBER.fullmatch(trimmed)
    if not matched:
        raise NotOfTypeError
    return max(-LARGEST, min(LARGEST, int(matched[1])))


def day(value: str) -> date | None:
    """A date from 2018-04-01, 2018-04-01 00:00:00, 20180401 or 01/04/2018; None where missing or a null date."""
    trimmed = text(value)
    if trimmed is None:
        return None
    for pattern, (year, month, day_) in _DATES:
        if matched := pattern.fullmatch(trimmed):
            try:
                found = date(int(matched[year]), int(matched[month]), int(matched[day_]))
            except ValueError as error:
                raise NotOfTypeError from error
            return None if found in NULL_DATES else found
    raise NotOfTypeError


def age(value: int | None) -> int | None:
    """Completed years: the infant codes 7000 to 7007 are 0; anything else stays, valid or not."""
    return 0 if value in INFANTS else value


@lru_cache(maxsize=65_536)
def code(value: str) -> str | None:
    """A code: upper case, no blanks, no dots; None where missing or not known."""
    bare = _bare(value)
    return None if bare in MISSING else bare


def _bare(value: str) -> str:
    return value.replace("\u00a0", "").replace(" ", "").replace(".", "").upper()


def diagnosis(value: str) -> str | None:
    """A diagnosis code; None for the fillers that stand for a missing or invalid one."""
    bare = code(value)
    return None if bare is None or bare in FILLER_DIAGNOSES or bare == NO_PROCEDURE else bare


def category(value: str) -> str | None:
    """A two-character category; a leading zero that a spreadsheet dropped is put back.

    Beside a blank pandas writes 2.0 for 02. Read as another category, it would count private patients in silence.
    """
    trimmed = text(value.replace(".0", ""))
    return trimmed.zfill(2) if trimmed is not None and trimmed.isdigit() else trimmed


def episodes(value: str | None, *, dash_is_none: bool) -> tuple[tuple[str, ...], ...] | None:
    """The codes of '||E851,T124||Y532', one tuple an episode; None where nothing at all is recorded.

    A dash says that no procedure was done, so it records an empty episode; & and blanks record nothing.
    """
    if value is None:
        return None
    parts = _bare(value).split("||")
    if len(parts) > 1 and not parts[0]:
        parts = parts[1:]
    codes = [[bare for token in part.split(",") if (bare := code(token))] for part in parts]
    known = any(bare != NO_PROCEDURE or dash_is_none for episode in codes for bare in episode)
    if not known:
        return None
    return tuple(tuple(bare for bare in episode if bare != NO_PROCEDURE) for episode in codes)
