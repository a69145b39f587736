"""What a form sent, and what was wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

LONGEST = 2_000
_LONGEST_VERSION = 10
_TRUE, _FALSE = "yes", "no"


@dataclass(frozen=True)
class SentForm:
    """A form as it was sent: every field with its values, in order."""

    fields: Mapping[str, tuple[str, ...]]

    def one(self, name: str) -> str:
        """The value of a field without the blanks around it; '' when it was not sent."""
        held = self.fields.get(name)
        return held[-1].strip() if held else ""

    def many(self, name: str) -> tuple[str, ...]:
        """Every value of a field, such as of ticked boxes."""
        return tuple(value.strip() for value in self.fields.get(name, ()) if value.strip())

    def has(self, name: str) -> bool:
        """Whether the field was sent with something in it."""
        return bool(self.one(name))

    @property
    def values(self) -> dict[str, str]:
        """One value a field, to show the form again."""
        return {name: self.one(name) for name in self.fields}


@dataclass
class Faults:
    """What was wrong with a form, by field, in the order of the form."""

    by_field: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, says: str) -> None:
        """Note the first fault of a field."""
        self.by_field.setdefault(name, says)

    def __bool__(self) -> bool:
        return bool(self.by_field)

    def of(self, name: str) -> dict[str, str] | None:
        """As a component's errorMessage; None where the field is right."""
        return {"text": self.by_field[name]} if name in self.by_field else None

    def summary(self) -> dict[str, object]:
        """As the component for the top of the page."""
        listed = [{"text": says, "href": f"#{name}"} for name, says in self.by_field.items()]
        return {"titleText": "There is a problem", "errorList": listed}


def version_of(sent: SentForm) -> int:
    """The version of the patient that the form was made of; 0, which no patient has, for what is none."""
    given = sent.one("version")
    return int(given) if given.isascii() and given.isdigit() and len(given) < _LONGEST_VERSION else 0


def day_of(
    sent: SentForm, name: str, faults: Faults, what: str, needed: bool = False, latest: date | None = None
) -> date | None:
    """The day in three fields, name-day, name-month and name-year; None where none was given or it is wrong.

    latest: today, of what is past by its nature.
    """
    parts = [sent.one(f"{name}-{part}") for part in ("year", "month", "day")]
    if not any(parts):
        if needed:
            faults.add(name, f"Give {what}")
        return None
    try:
        year, month, day = (int(part) for part in parts)
        if year < 1900:
            raise ValueError
        given = date(year, month, day)
    except ValueError:
        faults.add(name, f"Give {what} as a day, a month and a year, such as 20 11 2026")
        return None
    if latest is not None and given > latest:
        faults.add(name, f"This day has not come yet. Check {what}, the year above all")
        return None
    return given


def day_fields(name: str, held: date | None) -> dict[str, str]:
    """The three fields of a day that is held already."""
    if held is None:
        return {}
    return {f"{name}-day": str(held.day), f"{name}-month": str(held.month), f"{name}-year": str(held.year)}


def moment_of(
    sent: SentForm, name: str, zone: ZoneInfo, faults: Faults, what: str, needed: bool = False
) -> datetime | None:
    """The local time in a field for the day (date as 2026-11-20) and one for the time: name-date and name-time."""
    on, at = sent.one(f"{name}-date"), sent.one(f"{name}-time")
    if not on and not at:
        if needed:
            faults.add(name, f"Give {what}")
        return None
    try:
        return datetime.combine(date.fromisoformat(on), time.fromisoformat(at), zone)
    except ValueError:
        faults.add(name, f"Give {what} as a day and a time, such as 20/11/2026 and 14:30")
        return None


def number_of(
    sent: SentForm, name: str, low: float, high: float, faults: Faults, what: str, needed: bool = False
) -> Decimal | None:
    """A number between two bounds; None where none was given or it is wrong."""
    given = sent.one(name)
    if not given:
        if needed:
            faults.add(name, f"Give {what}")
        return None
    try:
        number = Decimal(given.replace(",", "."))
        if not number.is_finite() or not low <= number <= high or number != round(number, 3):
            raise ValueError
        return number
    except (InvalidOperation, ValueError):
        faults.add(name, f"Give {what} as a number from {low:g} to {high:g}")
        return None


def flag_of(sent: SentForm, name: str) -> bool | None:
    """Yes, no, or not known."""
    return {_TRUE: True, _FALSE: False}.get(sent.one(name))


def flag_value(held: bool | None) -> str:
    """The value of the radio button for what is held."""
    return "" if held is None else _TRUE if held else _FALSE


def text_of(sent: SentForm, name: str, faults: Faults, what: str, longest: int = LONGEST) -> str | None:
    """Some text, line ends as spaces; None where none was given."""
    given = " ".join(sent.one(name).split())
    if len(given) > longest:
        faults.add(name, f"{what} is longer than {longest} letters. Write it shorter")
        return None
    return given or None


def choice_of(sent: SentForm, name: str, choices: tuple[str, ...], faults: Faults, what: str) -> str | None:
    """One of the choices; None where none was made."""
    given = sent.one(name)
    if given and given not in choices:
        faults.add(name, f"Choose {what} from the list")
        return None
    return given or None
