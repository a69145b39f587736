"""The spell: one row per admitted spell, in the canonical columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from facetwise.language.expressions import Fact

Episodes = tuple[tuple[str, ...], ...]
CODE_LISTS = pa.list_(pa.field("element", pa.list_(pa.field("element", pa.string()))))  # as Parquet names them

SCHEMA = pa.schema(
    [
        ("spell_id", pa.string()),
        ("patient_id", pa.string()),
        ("provider", pa.string()),
        ("commissioner", pa.string()),
        ("admitted", pa.date32()),
        ("discharged", pa.date32()),
        ("age_at_start", pa.int32()),
        ("age_at_activity", pa.int32()),
        ("admission_method", pa.string()),
        ("administrative_category", pa.string()),
        ("dominant_procedure", pa.string()),
        ("primary_diagnosis", pa.string()),
        ("procedures", CODE_LISTS),
        ("diagnoses", CODE_LISTS),
        ("sex", pa.string()),
    ]
)


@dataclass(frozen=True)
class Spell:
    """One spell. None is not recorded; an empty tuple of episodes, or an empty episode, is recorded and empty."""

    spell_id: str
    patient_id: str | None = None
    provider: str | None = None
    commissioner: str | None = None
    admitted: date | None = None
    discharged: date | None = None
    age_at_start: int | None = None
    age_at_activity: int | None = None
    admission_method: str | None = None
    administrative_category: str | None = None
    dominant_procedure: str | None = None
    primary_diagnosis: str | None = None
    procedures: Episodes | None = None
    diagnoses: Episodes | None = None
    sex: str | None = None

    def __call__(self, fact: Fact) -> object:
        """The recorded value of a fact: a spell is a row for the plain evaluator."""
        return getattr(self, fact.name)


def spells_of(table: pa.Table) -> list[Spell]:
    """The rows of a canonical table as spells, in order."""
    rows: list[dict[str, Any]] = table.to_pylist()
    return [Spell(**{name: _frozen(value) for name, value in row.items()}) for row in rows]


def table_of(spells: list[Spell]) -> pa.Table:
    """Spells as a canonical table, in order."""
    return pa.Table.from_pylist([vars(spell) for spell in spells], schema=SCHEMA)


def _frozen(value: Any) -> Any:
    return tuple(tuple(episode) for episode in value) if isinstance(value, list) else value
