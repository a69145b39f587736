"""What a form sent, read field by field, and what was wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, assert_never

from facetwise.clinic.model.fields import Field, FieldKind
from facetwise.errors import InputError

_LONGEST_VERSION = 10
_TRUE, _FALSE = "yes", "no"


@dataclass(frozen=True)
class SentForm:
    """A form as it was sent: every field with its values, in order."""

    fields: Mapping[str, tuple[str, ...]]

    def one(self, name: str) -> str:
        """The value of a field without the blanks around it; '' when it was not sent."""
        values = self.fields.get(name)
        return values[-1].strip() if values else ""

    def many(self, name: str) -> tuple[str, ...]:
        """Every value of a field, such as of ticked boxes."""
        return tuple(value.strip() for value in self.fields.get(name, ()) if value.strip())

    def has(self, name: str) -> bool:
        """Whether the field was sent with something in it."""
        return bool(self.one(name))

    def secret(self, name: str) -> str:
        """The value of a field to the letter, such as of a password."""
        return self.fields.get(name, ("",))[-1]

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

    @contextmanager
    def catch(self, name: str) -> Iterator[None]:
        """A block whose InputError becomes the fault of a field."""
        try:
            yield
        except InputError as error:
            self.add(name, str(error))

    def __bool__(self) -> bool:
        return bool(self.by_field)

    def of(self, name: str) -> dict[str, str] | None:
        """A component's errorMessage; None where the field is right."""
        return {"text": self.by_field[name]} if name in self.by_field else None

    def summary(self) -> dict[str, object]:
        """The component for the top of the page."""
        listed = [{"text": says, "href": f"#{name}"} for name, says in self.by_field.items()]
        return {"titleText": "There is a problem", "errorList": listed}


def version_of(sent: SentForm) -> int:
    """The version of the patient that the form was made of; 0, which no patient has, for what is no version."""
    text = sent.one("version")
    return int(text) if text.isascii() and text.isdigit() and len(text) < _LONGEST_VERSION else 0


def read(asked: Field, sent: SentForm, faults: Faults, today: date) -> Any:
    """The answer to a field: bool, date, time, Decimal, str, list, or a group's dict; None where there is none.

    A wrong or missing answer becomes a fault.
    """
    answer = _read(asked, sent, faults, today)
    if answer is None and asked.is_required and asked.id not in faults.by_field:
        faults.add(asked.id, f"Enter {asked.what}")
    return asked.default if answer is None else answer


def read_all(fields: Iterable[Field], sent: SentForm, faults: Faults, today: date) -> dict[str, Any]:
    """The answer to each field by its key."""
    return {asked.key: read(asked, sent, faults, today) for asked in fields}


def _read(asked: Field, sent: SentForm, faults: Faults, today: date) -> Any:
    match asked.kind:
        case FieldKind.FLAG:
            return {_TRUE: True, _FALSE: False}.get(sent.one(asked.id))
        case FieldKind.TICK:
            return sent.has(asked.id) or None
        case FieldKind.DAY:
            return _day(asked, sent, faults, today)
        case FieldKind.CHOICES:
            return _choices(asked, sent, faults)
        case FieldKind.GROUP:
            return _group(asked, sent, faults, today)
        case FieldKind.TIME | FieldKind.NUMBER | FieldKind.CHOICE | FieldKind.TEXT:
            text = " ".join(sent.one(asked.id).split())
            return _OF_TEXT[asked.kind](asked, text, faults) if text else None
        case FieldKind.LINK:
            return None
        case never:
            assert_never(never)


def _day(asked: Field, sent: SentForm, faults: Faults, today: date) -> date | None:
    """The day in three fields: id-day, id-month and id-year."""
    parts = [sent.one(f"{asked.id}-{part}") for part in ("year", "month", "day")]
    if not any(parts):
        return None
    try:
        year, month, day = (int(part) for part in parts)
        if year < 1900:
            raise ValueError
        answer = date(year, month, day)
    except ValueError:
        faults.add(asked.id, f"Enter {asked.what} as a day, a month and a year, such as 20 11 2026")
        return None
    if asked.is_past and answer > today:
        faults.add(asked.id, f"This day is in the future. Check {asked.what}, the year above all")
        return None
    return answer


def _time(asked: Field, text: str, faults: Faults) -> time | None:
    try:
        return time.fromisoformat(text.replace(".", ":").zfill(5))
    except ValueError:
        faults.add(asked.id, f"Enter {asked.what} as hours and minutes, such as 09:30")
        return None


def _number(asked: Field, text: str, faults: Faults) -> Decimal | None:
    try:
        number = Decimal(text.replace(",", "."))
        if not number.is_finite() or not asked.low <= number <= asked.high or number != round(number, 3):
            raise ValueError
        return number
    except (InvalidOperation, ValueError):
        faults.add(asked.id, f"Enter {asked.what} as a number from {asked.low:g} to {asked.high:g}")
        return None


def _text(asked: Field, text: str, faults: Faults) -> str | None:
    if len(text) > asked.longest:
        what = f"{asked.what[:1].upper()}{asked.what[1:]}"
        faults.add(asked.id, f"{what} is longer than {asked.longest} characters. Make it shorter")
        return None
    return text


def _choice(asked: Field, text: str, faults: Faults) -> str | None:
    if text not in asked.choices:
        faults.add(asked.id, f"Choose {asked.what} from the list")
    return text


_OF_TEXT: Mapping[FieldKind, Callable[[Field, str, Faults], Any]] = {
    FieldKind.TIME: _time,
    FieldKind.NUMBER: _number,
    FieldKind.CHOICE: _choice,
    FieldKind.TEXT: _text,
}


def _choices(asked: Field, sent: SentForm, faults: Faults) -> list[str] | None:
    chosen = sent.many(asked.id)
    if any(choice not in asked.choices for choice in chosen):
        faults.add(asked.id, "Choose from the list")
    return [choice for choice in asked.choices if choice in chosen] or None


def _group(asked: Field, sent: SentForm, faults: Faults, today: date) -> dict[str, Any] | None:
    """The answers of its fields by their names; None where nothing in it was filled in."""
    if not any(sent.has(name) for part in asked.parts for name in _sent_names(part)):
        return None
    answers = {part.name: read(part, sent, faults, today) for part in asked.parts}
    return {name: answer for name, answer in answers.items() if answer is not None}


def _sent_names(asked: Field) -> tuple[str, ...]:
    if asked.kind is FieldKind.DAY:
        return tuple(f"{asked.id}-{part}" for part in ("day", "month", "year"))
    return (asked.id,)


def form_values(fields: Iterable[Field], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The values that the fields show for answers by key, the reverse of `read_all`."""
    values: dict[str, Any] = {}
    for asked in fields:
        values |= _shown(asked, answers.get(asked.key))
    return values


def _shown(asked: Field, answer: Any) -> dict[str, Any]:
    match asked.kind:
        case FieldKind.FLAG:
            return {asked.id: flag_value(answer if isinstance(answer, bool) else None)}
        case FieldKind.TICK:
            return {asked.id: _TRUE if answer else ""}
        case FieldKind.DAY:
            return day_values(asked.id, date.fromisoformat(answer) if isinstance(answer, str) else answer)
        case FieldKind.CHOICES:
            return {asked.id: list(answer or ())}
        case FieldKind.GROUP | FieldKind.LINK:
            return {}
        case FieldKind.TIME if isinstance(answer, datetime):
            return {asked.id: f"{answer:%H:%M}"}
        case _ if isinstance(answer, Decimal):
            return {asked.id: f"{answer.normalize():f}"}
        case _:
            return {asked.id: "" if answer is None else str(answer)}


def sent_values(sent: SentForm, *lists: str) -> dict[str, Any]:
    """What was typed, as the form shows it again. lists: fields whose values are many, however many were sent."""
    values = {name: list(sent.many(name)) for name, sent_n in sent.fields.items() if len(sent_n) > 1}
    return {**sent.values, **values, **{name: list(sent.many(name)) for name in lists}}


def day_values(name: str, day: date | None) -> dict[str, str]:
    """The three fields of a day."""
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)} if day else {}


def flag_value(flag: bool | None) -> str:
    """The value of the radio button for a flag."""
    return "" if flag is None else _TRUE if flag else _FALSE
