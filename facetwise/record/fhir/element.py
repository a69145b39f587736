"""One element of a FHIR resource as it was sent: lenient about what is left out, strict about JSON types."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from facetwise.errors import InputError

_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(T[0-9:.,]+(Z|[+-]\d{2}:?\d{2})?)?")
_PARTIAL = re.compile(r"\d{4}(-\d{2})?")
_JSON_NAMES = ((bool, "true or false"), (str, "text"), (int | float | Decimal, "a number"), (list, "a list"))


class Precision(Enum):
    """How much of a date was sent."""

    DAY = "a whole date"
    PARTIAL = "a year or a month only"
    NONE = "no date"


@dataclass(frozen=True)
class When:
    """A date as it was written: the local calendar day of an instant, and never a day made from a year or a month."""

    day: str | None
    precision: Precision
    path: str

    @property
    def fault(self) -> str:
        """What is wrong with the date in words, for the list of what was not understood."""
        return f"{self.path} is {self.precision.value}"


@dataclass(frozen=True)
class Element:
    """The fields of one JSON object and its path, such as 'Observation/abc.valueQuantity'. Absent: no fields.

    null, an empty object and an empty list all mean absent. A field of another JSON type than FHIR gives it is an
    InputError that names the path and never the value.
    """

    fields: Mapping[str, object]
    path: str

    def __bool__(self) -> bool:
        return bool(self.fields)

    def has(self, name: str) -> bool:
        """Whether the field is there with something in it."""
        return self.fields.get(name) not in (None, [], {}, "")

    def text(self, name: str) -> str:
        """The trimmed text of a field; '' when it is absent."""
        value = self.fields.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self._refuse(name, value, "text")
        return value.strip()

    def flag(self, name: str) -> bool:
        """Whether a true-or-false field is there and true."""
        value = self.fields.get(name)
        if value is None:
            return False
        if not isinstance(value, bool):
            raise self._refuse(name, value, "true or false")
        return value

    def number(self, name: str) -> Decimal | None:
        """The number of a field, exactly as it was written where the JSON was read by this package."""
        value = self.fields.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            raise self._refuse(name, value, "a number")
        number = Decimal(str(value))
        if not number.is_finite():
            raise self._refuse(name, value, "a finite number")
        return number

    def child(self, name: str) -> Element:
        """The object in a field; an absent Element where there is none."""
        value = self.fields.get(name)
        path = f"{self.path}.{name}"
        if value is None or value == []:
            return Element({}, path)
        if not isinstance(value, Mapping):
            raise self._refuse(name, value, "an object")
        return Element(value, path)

    def each(self, name: str) -> tuple[Element, ...]:
        """The objects of a list, nulls left out; a lone object counts as a list of one."""
        value = self.fields.get(name)
        if value is None:
            return ()
        if isinstance(value, Mapping):
            return (Element(value, f"{self.path}.{name}"),) if value else ()
        if not isinstance(value, list):
            raise self._refuse(name, value, "a list")
        found = []
        for place, item in enumerate(value):
            if item is None or item == {}:
                continue
            if not isinstance(item, Mapping):
                raise self._refuse(f"{name}[{place}]", item, "an object")
            found.append(Element(item, f"{self.path}.{name}[{place}]"))
        return tuple(found)

    def code(self, name: str) -> str:
        """The first code of a CodeableConcept with one coding that matters, such as a status; '' when absent."""
        for coding in self.child(name).each("coding"):
            if coding.text("code"):
                return coding.text("code")
        return ""

    def when(self, name: str) -> When:
        """The date of a field. InputError for text that is no FHIR date, or a day that no calendar has."""
        path, written = f"{self.path}.{name}", self.text(name)
        if not written:
            return When(None, Precision.NONE, path)
        if _PARTIAL.fullmatch(written):
            return When(None, Precision.PARTIAL, path)
        whole = _DAY.fullmatch(written)
        if not whole:
            raise InputError(
                f"{path} is not a FHIR date. Write 2026-11-20, or an instant such as 2026-11-20T09:30:00+00:00."
            )
        try:
            date.fromisoformat(whole[1])
        except ValueError:
            raise InputError(f"{path} is a day that no calendar has. Correct it where it was recorded.") from None
        return When(whole[1], Precision.DAY, path)

    def _refuse(self, name: str, value: object, wanted: str) -> InputError:
        given = next((word for kind, word in _JSON_NAMES if isinstance(value, kind)), "an object")
        return InputError(f"{self.path}.{name} is {given}, where FHIR R4 has {wanted}. Send the resource as R4 JSON.")
