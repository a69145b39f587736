"""What a row is about, and the units numbers are held in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Grain(Enum):
    """What one row of facts is about. Facts of unlike grains never meet in one definition."""

    SPELL = "spell"
    PATIENT = "patient"


class Unit(Enum):
    """Units that numbers are held in. Numbers of unlike units cannot be compared."""

    YEARS = "years"
    MONTHS = "months"
    WEEKS = "weeks"
    DAYS = "days"
    PERCENT = "percent"
    POINTS = "points"
    LEVELS = "levels"


@dataclass(frozen=True)
class Quantity:
    """A number with its unit."""

    value: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.value} {self.unit.value}"


def years(value: int) -> Quantity:
    """So many completed years."""
    return Quantity(value, Unit.YEARS)


def months(value: int) -> Quantity:
    """So many calendar months."""
    return Quantity(value, Unit.MONTHS)


def weeks(value: int) -> Quantity:
    """So many weeks of seven days."""
    return Quantity(value, Unit.WEEKS)


def percent(value: int) -> Quantity:
    """So many percent."""
    return Quantity(value, Unit.PERCENT)


def points(value: int) -> Quantity:
    """So many points of a scale."""
    return Quantity(value, Unit.POINTS)


def levels(value: int) -> Quantity:
    """So many levels (joints)."""
    return Quantity(value, Unit.LEVELS)
