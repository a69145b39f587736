"""What a form sent, read field by field, and what was wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field as dataclass_field
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

    by_field: dict[str, str] = dataclass_field(default_factory=dict)

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


def read(field: Field, sent: SentForm, faults: Faults, today: date) -> Any:
    """The answer to a field: bool, date, time, Decimal, str, list, or a group's dict; None where there is none.

    A wrong or missing answer becomes a fault.
    """
    answer = _read(field, sent, faults, today)
    if answer is None and field.is_required and field.id not in faults.by_field:
        faults.add(field.id, f"Enter {field.what}")
    return field.default if answer is None else answer


def read_all(fields: Iterable[Field], sent: SentForm, faults: Faults, today: date) -> dict[str, Any]:
    """The answer to each field by its key."""
    return {field.key: read(field, sent, faults, today) for field in fields}


def _read(field: Field, sent: SentForm, faults: Faults, today: date) -> Any:
    match field.kind:
        case FieldKind.FLAG:
            return {_TRUE: True, _FALSE: False}.get(sent.one(field.id))
        case FieldKind.TICK:
            return sent.has(field.id) or None
        case FieldKind.DAY:
            return _day(field, sent, faults, today)
        case FieldKind.CHOICES:
            return _choices(field, sent, faults)
        case FieldKind.GROUP:
            return _group(field, sent, faults, today)
        case FieldKind.TIME | FieldKind.NUMBER | FieldKind.CHOICE | FieldKind.TEXT:
            text = " ".join(sent.one(field.id).split())
            return _OF_TEXT[field.kind](field, text, faults) if text else None
        case FieldKind.LINK:
            return None
        case never:
            assert_never(never)


def _day(field: Field, sent: SentForm, faults: Faults, today: date) -> date | None:
    """The day in three fields: id-day, id-month and id-year."""
    parts = [sent.one(f"{field.id}-{part}") for part in ("year", "month", "day")]
    if not any(parts):
        return None
    try:
        year, month, day = (int(part) for part in parts)
        if year < 1900:
            raise ValueError
        answer = date(year, month, day)
    except ValueError:
        faults.add(field.id, f"Enter {field.what} as a day, a month and a year, such as 20 11 2026")
        return None
    if field.is_past and answer > today:
        faults.add(field.id, f"This day is in the future. Check {field.what}, the year above all")
        return None
    return answer


def _time(field: Field, text: str, faults: Faults) -> time | None:
    try:
        return time.fromisoformat(text.replace(".", ":").zfill(5))
    except ValueError:
        faults.add(field.id, f"Enter {field.what} as hours and minutes, such as 09:30")
        return None


def _number(field: Field, text: str, faults: Faults) -> Decimal | None:
    try:
        number = Decimal(text.replace(",", "."))
        if not number.is_finite() or not field.low <= number <= field.high or number != round(number, 3):
            raise ValueError
        return number
    except (InvalidOperation, ValueError):
        faults.add(field.id, f"Enter {field.what} as a number from {field.low:g} to {field.high:g}")
        return None


def _text(field: Field, text: str, faults: Faults) -> str | None:
    if len(text) > field.longest:
        what = f"{field.what[:1].upper()}{field.what[1:]}"
        faults.add(field.id, f"{what} is longer than {field.longest} characters. Make it shorter")
        return None
    return text


def _choice(field: Field, text: str, faults: Faults) -> str | None:
    if text not in field.choices:
        faults.add(field.id, f"Choose {field.what} from the list")
    return text


_OF_TEXT: Mapping[FieldKind, Callable[[Field, str, Faults], Any]] = {
    FieldKind.TIME: _time,
    FieldKind.NUMBER: _number,
    FieldKind.CHOICE: _choice,
    FieldKind.TEXT: _text,
}


def _choices(field: Field, sent: SentForm, faults: Faults) -> list[str] | None:
    chosen = sent.many(field.id)
    if any(choice not in field.choices for choice in chosen):
        faults.add(field.id, "Choose from the list")
    return [choice for choice in field.choices if choice in chosen] or None


def _group(field: Field, sent: SentForm, faults: Faults, today: date) -> dict[str, Any] | None:
    """The answers of its fields by their names; None where nothing in it was filled in."""
    if not any(sent.has(name) for part in field.parts for name in _sent_names(part)):
        return None
    answers = {part.name: read(part, sent, faults, today) for part in field.parts}
    return {name: answer for name, answer in answers.items() if answer is not None}


def _sent_names(field: Field) -> tuple[str, ...]:
    if field.kind is FieldKind.DAY:
        return tuple(f"{field.id}-{part}" for part in ("day", "month", "year"))
    return (field.id,)


def form_values(fields: Iterable[Field], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The values that the fields show for answers by key, the reverse of `read_all`."""
    values: dict[str, Any] = {}
    for field in fields:
        values |= _form_value(field, answers.get(field.key))
    return values


def _form_value(field: Field, answer: Any) -> dict[str, Any]:
    match field.kind:
        case FieldKind.FLAG:
            return {field.id: flag_value(answer if isinstance(answer, bool) else None)}
        case FieldKind.TICK:
            return {field.id: _TRUE if answer else ""}
        case FieldKind.DAY:
            return day_values(field.id, date.fromisoformat(answer) if isinstance(answer, str) else answer)
        case FieldKind.CHOICES:
            return {field.id: list(answer or ())}
        case FieldKind.GROUP | FieldKind.LINK:
            return {}
        case FieldKind.TIME if isinstance(answer, datetime):
            return {field.id: f"{answer:%H:%M}"}
        case _ if isinstance(answer, Decimal):
            return {field.id: f"{answer.normalize():f}"}
        case _:
            return {field.id: "" if answer is None else str(answer)}


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
