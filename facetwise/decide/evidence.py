"""One fact that a finding rests on, with its value, its day and its place in the record."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from facetwise.decide.fact_labels import UNITS


class Evidence(NamedTuple):
    """One fact that was looked at. `place` is where it stands: 'scores[0]', 'pain.since'."""

    fact: str
    value: object
    day: date | None
    place: str

    @property
    def unit(self) -> str:
        return UNITS.get(self.fact, "")

    def to_json(self) -> dict[str, Any]:
        """The JSON that stands under `because`: docs/reference/json.md."""
        told: dict[str, Any] = {"fact": self.fact, "value": plain(self.value)}
        if self.unit:
            told["unit"] = self.unit
        return {**told, "date": self.day.isoformat() if self.day else None, "from": self.place}


def plain(value: object) -> Any:
    """A recorded value as JSON has it."""
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case date():
            return value.isoformat()
        case tuple():
            return [plain(inner) for inner in value]
        case _:
            return value
