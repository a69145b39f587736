"""The values that a record may hold, each checked as strictly as it is written."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DECIMALS, _DIGITS = 18, 9
LEVELS = (
    *(f"C{n}/{n + 1}" for n in range(1, 7)),
    "C7/T1",
    *(f"T{n}/{n + 1}" for n in range(1, 12)),
    "T12/L1",
    *(f"L{n}/{n + 1}" for n in range(1, 5)),
    "L5/S1",
)


def fault(kind: str, words: str) -> PydanticCustomError:
    """A fault of a value in words that never repeat the value."""
    return PydanticCustomError(kind, words)


def day(value: object) -> date:
    """A date written year-month-day."""
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise fault("day", "is no date. Write it as 2026-11-20")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise fault("day", "is a date that does not exist. Check the day and the month") from error


def number(value: object) -> Decimal:
    """A number as it was written, without the rounding of binary fractions."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise fault("number", "is no number. Write it without quotation marks")
    number = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        raise fault("number", "is no finite number")
    if number and (number.adjusted() > _DIGITS or number.adjusted() < -_DECIMALS or number != round(number, _DECIMALS)):
        raise fault("number", f"has more than {_DECIMALS} decimals or is too large. Round it as it was measured")
    return number


def flag(value: object) -> bool:
    """True or false, not 0, 1 or 'yes'."""
    if not isinstance(value, bool):
        raise fault("flag", "is neither true nor false. Leave it out where it is not known")
    return value


def text(value: object) -> str:
    """Some text."""
    if not isinstance(value, str):
        raise fault("text", "is no text. Put it in quotation marks")
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in value):
        raise fault("text", "holds a control character or half a character. Write it anew")
    return value


def _one_or_many(value: object) -> object:
    if isinstance(value, str) or not isinstance(value, list | tuple):
        raise fault("list", "is no list. Write it in square brackets")
    return value


Day = Annotated[date, BeforeValidator(day), WithJsonSchema({"type": "string", "format": "date"})]
Number = Annotated[Decimal, BeforeValidator(number), WithJsonSchema({"type": "number"})]
Percent = Annotated[
    Decimal,
    BeforeValidator(number),
    Field(ge=-1000, le=100),
    WithJsonSchema({"type": "number", "minimum": -1000, "maximum": 100}),
]
Positive = Annotated[Decimal, BeforeValidator(number), Field(ge=0), WithJsonSchema({"type": "number", "minimum": 0})]
OfTen = Annotated[
    Decimal,
    BeforeValidator(number),
    Field(ge=0, le=10),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 10}),
]
Flag = Annotated[bool, BeforeValidator(flag), WithJsonSchema({"type": "boolean"})]
Text = Annotated[str, BeforeValidator(text), WithJsonSchema({"type": "string"})]
Many = BeforeValidator(_one_or_many)
