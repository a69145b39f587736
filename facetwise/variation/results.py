"""What differs from place to place, as plain values: rates, shares, where each place lies in its funnel, and how it was done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from facetwise import plural
from facetwise.count.results import ExportsTable, InputSummary
from facetwise.language.definition import Definition
from facetwise.statistics.funnels import Limits
from facetwise.statistics.overdispersion import Overdispersion
from facetwise.variation.counts_by_place import By

_ESTIMATE = ("value", "low_95", "high_95", "low_998", "high_998", "if_unknown_counted")
_FUNNEL = ("denominator", "low_95", "high_95", "low_998", "high_998")
UNKNOWN_PLACE = "unknown"


@dataclass(frozen=True)
class Measured:
    """One figure of a place with its limits at 95 and 99.8 %; all None where the method refuses.

    value: of the spells that are counted, and so a lower bound where some are unknown. if_unknown_counted: the same with
    every unknown spell counted: the upper bound; None where some of those cannot be placed in an age band.
    """

    value: float | None
    low_95: float | None
    high_95: float | None
    low_998: float | None
    high_998: float | None
    if_unknown_counted: float | None

    def to_json(self) -> dict[str, float | None]:
        return {name: getattr(self, name) for name in _ESTIMATE}


@dataclass(frozen=True)
class InFunnel:
    """Where a place lies: below-99.8, below-95, within, above-95 or above-99.8; exact, by the exact limits alone.

    if_unknown_counted: where it would lie if every unknown spell of it counted.
    """

    limits: Limits
    position: str
    exact: str
    if_unknown_counted: str

    def to_json(self) -> dict[str, Any]:
        told = dict(zip(_FUNNEL, self.limits, strict=True))
        return {**told, "position": self.position, "exact": self.exact, "if_unknown_counted": self.if_unknown_counted}


@dataclass(frozen=True)
class Place:
    """One place. asked: the spells of the denominator; share: of these, how many the definition counts.

    crude, dsr, isr: per 100,000 people a year, where people were given. ratio: of counted to expected spells. expected: at
    the reference's rates. ageless: counted or unknown spells whose age band is not known, which dsr and isr leave out.
    """

    place: str
    counted: int
    unknown: int
    asked: int
    share: Measured | None = None
    person_years: float | None = None
    ageless: int = 0
    expected: float | None = None
    crude: Measured | None = None
    dsr: Measured | None = None
    isr: Measured | None = None
    ratio: Measured | None = None
    share_funnel: InFunnel | None = None
    ratio_funnel: InFunnel | None = None

    def to_json(self) -> dict[str, Any]:
        told: dict[str, Any] = {"place": self.place}
        for name, value in vars(self).items():
            told[name] = value.to_json() if isinstance(value, Measured | InFunnel) else value
        return told


@dataclass(frozen=True, repr=False)
class Variation(ExportsTable):
    """A definition from place to place. Counts are raw: pass them through disclosure before showing.

    years: the financial years of the activity; months: first and last, as '2018-04'; span: in years, None where no
    admission has a date. is_carried: whether places are those that stand on a day, and standing what is to be known of that.
    reference: whose rates are expected. Places are in the order of their codes, 'unknown' last.
    """

    definition: Definition
    denominator: Definition
    by: By
    input: InputSummary
    months: tuple[str, str] | None
    years: tuple[str, ...]
    span: float | None
    reference: str | None
    places: tuple[Place, ...]
    share_funnel: Overdispersion | None
    ratio_funnel: Overdispersion | None
    notes: tuple[str, ...]
    standing: tuple[str, ...] = ()
    is_carried: bool = False

    def to_json(self) -> dict[str, Any]:
        """Everything, with the method of each funnel."""
        return {
            "schema": "facetwise.variation/1",
            "definition": self.definition.id,
            "version": self.definition.version,
            "denominator": self.denominator.id,
            "by": self.by,
            "input": self.input.to_json(),
            "months": list(self.months) if self.months else None,
            "years": list(self.years),
            "span_years": self.span,
            "reference": self.reference,
            "places": [place.to_json() for place in self.places],
            "funnels": {"share": _funnel_json(self.share_funnel), "ratio": _funnel_json(self.ratio_funnel)},
            "notes": list(self.notes),
        }

    def to_arrow(self) -> pa.Table:
        """One row a place: its counts, then each figure and funnel under its name, such as dsr_low_95, share_position."""
        rows = [dict(_flat(place)) for place in self.places]
        return pa.Table.from_pylist(rows, schema=_SCHEMA)

    @property
    def outside(self) -> tuple[Place, ...]:
        """The places outside the 99.8 % limits of either funnel."""
        return tuple(
            place
            for place in self.places
            if any(found and found.position.endswith("99.8") for found in (place.share_funnel, place.ratio_funnel))
        )

    def __repr__(self) -> str:
        counted = sum(place.counted for place in self.places)
        places = plural.pluralise(len(self.places), "place", "places")
        outside = plural.pluralise(len(self.outside), "place", "places")
        return f"{self.definition.id} in {places}: {counted:,} counted, {outside} outside 99.8 %"


def _funnel_json(found: Overdispersion | None) -> dict[str, Any] | None:
    return None if found is None else {**vars(found), "is_inflated": found.is_inflated}


_WHOLE = ("counted", "unknown", "asked", "ageless")
_MEASURED = ("share", "crude", "dsr", "isr", "ratio")
_SCHEMA = pa.schema(
    [
        ("place", pa.string()),
        *((name, pa.int64()) for name in _WHOLE),
        *((name, pa.float64()) for name in ("person_years", "expected")),
        *((f"{name}_{part}" if part != "value" else name, pa.float64()) for name in _MEASURED for part in _ESTIMATE),
        *(
            (f"{name}_{part}", kind)
            for name in ("share_funnel", "ratio_funnel")
            for part, kind in (
                *((limit, pa.float64()) for limit in _FUNNEL),
                ("position", pa.string()),
                ("exact", pa.string()),
                ("if_unknown_counted", pa.string()),
            )
        ),
    ]
)


def _flat(place: Place) -> Iterator[tuple[str, Any]]:
    for name, value in place.to_json().items():
        if isinstance(value, dict):
            for part, held in value.items():
                yield (name if part == "value" else f"{name}_{part}"), held
        else:
            yield name, value
