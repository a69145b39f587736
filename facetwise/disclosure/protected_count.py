"""Counts as they may leave: the answer of a count by a disclosure profile, in every format."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from facetwise.count.results import CountResult, InputSummary
from facetwise.disclosure.count_tables import (
    ROWS,
    SET_ASIDE,
    SPELLS,
    USED,
    count_tables,
    counted,
    named_notes,
    not_counted,
    set_aside_by,
    unknown,
)
from facetwise.disclosure.protect import Profile, protect
from facetwise.disclosure.protected_tables import (
    ProtectedInput,
    ProtectedNumber,
    ProtectedTable,
    ProtectedTables,
    plain,
    records,
    records_or_star,
)
from facetwise.language.definition import Definition


def protected_input(summary: InputSummary, released: ProtectedTables) -> ProtectedInput:
    """What became of the rows, from the numbers that are released."""
    numbers = released.figures
    return ProtectedInput(
        files=summary.files,
        layout=summary.layout,
        rows=numbers[ROWS],
        used=numbers[USED],
        spells=numbers[SPELLS],
        set_aside=tuple((reason, numbers[set_aside_by(reason)]) for reason, _ in summary.set_aside),
        aside=numbers[SET_ASIDE],
        table=released.table("rows"),
    )


@dataclass(frozen=True)
class ProtectedCount:
    """One definition's count, protected. It holds no number that is not shown."""

    definition: Definition
    profile: Profile
    is_national: bool
    engine: str
    notes: tuple[str, ...]
    dimensions: tuple[str, ...]
    counted: ProtectedNumber
    not_counted: ProtectedNumber
    unknown: ProtectedNumber
    input: ProtectedInput
    flow: ProtectedTable
    near_misses: ProtectedTable
    by: ProtectedTable | None

    def to_json(self) -> dict[str, Any]:
        """The JSON of docs/reference/json.md; '*' where a number is hidden."""
        return {
            "schema": "facetwise.count/1",
            "definition": self.definition.id,
            "version": self.definition.version,
            "engine": self.engine,
            "disclosure": self.profile.id,
            **({"national": True} if self.is_national else {}),
            "input": self.input.to_json(),
            "flow": [{**row, "remaining": row["met"]} for row in records(self.flow)],
            "counted": plain(self.counted),
            "not_counted": plain(self.not_counted),
            "unknown": plain(self.unknown),
            "near_misses": self._misses(),
            "by": records_or_star(self.by) if self.by else [],
            "notes": list(self.notes),
        }

    def _misses(self) -> list[dict[str, Any]] | str:
        told = records_or_star(self.near_misses)
        if isinstance(told, str):
            return told
        return [{**row, "failed": row["failed"].split(), "unknown": row["unknown"].split()} for row in told]

    @property
    def main_table(self) -> ProtectedTable:
        """The counts by group where groups were asked for, else the flow."""
        return self.by or self.flow

    def __repr__(self) -> str:
        return (
            f"{self.definition.id} on {self.input.spells:,} spells: {self.counted:,} counted, "
            f"{self.not_counted:,} not counted, {self.unknown:,} unknown"
        )


def protect_counts(
    results: Iterable[CountResult], profile: Profile, is_national: bool = False
) -> tuple[ProtectedCount, ...]:
    """The counts of one input by a profile, protected together. Errors: UsageError."""
    held = list(results)
    released = protect(count_tables(held), profile, is_national)
    return tuple(_one(result, profile, is_national, released) for result in held)


def together(counts: Iterable[ProtectedCount], as_text: bool) -> pa.Table:
    """The tables of one or several counts; of several, under a column that names each definition."""
    held = list(counts)
    made = [one.main_table.to_text() if as_text else one.main_table.to_arrow() for one in held]
    if len(held) == 1:
        return made[0]
    named = [
        table.add_column(0, "definition", pa.array([one.definition.id] * table.num_rows, pa.string()))
        for one, table in zip(held, made, strict=True)
    ]
    return pa.concat_tables([table.replace_schema_metadata(None) for table in named], promote_options="default")


def _one(result: CountResult, profile: Profile, is_national: bool, released: ProtectedTables) -> ProtectedCount:
    d, figures = result.definition, released.figures
    return ProtectedCount(
        definition=d,
        profile=profile,
        is_national=is_national,
        engine=result.engine,
        notes=tuple(released.fill(note) for note in named_notes("note", result.notes, result.input)[0]),
        dimensions=result.dimensions,
        counted=figures[counted(d)],
        not_counted=figures[not_counted(d)],
        unknown=figures[unknown(d)],
        input=protected_input(result.input, released),
        flow=released.table(f"flow-{d.id}"),
        near_misses=released.table(f"near-misses-{d.id}"),
        by=released.table(f"by-{d.id}") if result.dimensions else None,
    )
