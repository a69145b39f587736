"""Undercoding of hospital activity: single changes in coding that would make denervations count, by provider and year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from facetwise.count.results import ExportsTable, InputSummary
from facetwise.count.undercoding_changes import QUESTION, Change, changes_of, is_candidate, repairs
from facetwise.decide.evaluate_spell import judge
from facetwise.guidance.codelists import DENERVATION_FAMILY
from facetwise.language.definition import Definition
from facetwise.language.truth import Truth
from facetwise.library import DEFAULT
from facetwise.spells.dimensions import UNKNOWN, year_of
from facetwise.spells.reading.activity import Account, ReadOptions, open_activity
from facetwise.spells.reading.dispatch import has, read
from facetwise.spells.spell import Spell, spells_of

_NEEDED = ("provider", "admitted")


@dataclass(frozen=True)
class Undercoded:
    """Spells of one provider and year that one change would make count.

    was: not-met or unknown, the criterion as it stands. elsewhere: a code that would do is recorded already, in another
    position. instead: what is recorded where the change would be made.
    """

    provider: str
    year: str
    criterion: str
    change: str
    was: str
    elsewhere: bool
    instead: str
    spells: int


@dataclass(frozen=True, repr=False)
class Undercoding(ExportsTable):
    """Counts are raw: pass them through disclosure before showing.

    candidates: spells with a listed denervation code; of these counted, not_counted and unknown. repairable: those not
    counted or unknown that one change would make count; several: those of them for which more than one change would. rows:
    by provider, year and change; a spell of several stands in each. coding: each criterion, with the changes that it could
    ask for, none where it is not a matter of coding.
    """

    definition: Definition
    input: InputSummary
    candidates: int
    counted: int
    not_counted: int
    unknown: int
    repairable: int
    several: int
    rows: tuple[Undercoded, ...]
    coding: tuple[tuple[str, tuple[str, ...]], ...]
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        whole = ("candidates", "counted", "not_counted", "unknown", "repairable", "several")
        return {
            "schema": "facetwise.undercoding/1",
            "definition": self.definition.id,
            "version": self.definition.version,
            "input": self.input.to_json(),
            **{name: getattr(self, name) for name in whole},
            "rows": [dict(vars(row)) for row in self.rows],
            "coding": [{"criterion": name, "changes": list(changes)} for name, changes in self.coding],
            "notes": list(self.notes),
        }

    def to_arrow(self) -> pa.Table:
        """One row a provider, year, change and what is recorded instead."""
        return pa.Table.from_pylist([dict(vars(row)) for row in self.rows], schema=_SCHEMA)

    def __repr__(self) -> str:
        return (
            f"{self.definition.id}: {self.repairable:,} of {self.not_counted + self.unknown:,} denervations that are not "
            "counted or unknown would count after one change in coding"
        )


_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("provider", "year", "criterion", "change", "was")),
        ("elsewhere", pa.bool_()),
        ("instead", pa.string()),
        ("spells", pa.int64()),
    ]
)


def undercoding(
    inputs: Sequence[str | Path],
    definition: Definition = DEFAULT,
    *,
    layout: str = "auto",
    threads: int = 2,
    on_rows: Callable[[int], None] | None = None,
) -> Undercoding:
    """The denervations that one change in coding would make count. Errors: InputError, UsageError."""
    opened = open_activity(inputs, layout)
    account = Account(opened.names, opened.layout.id)
    facts = tuple(fact.name for fact in definition.facts)
    also = ("procedures", "diagnoses", "primary_diagnosis", "dominant_procedure")  # what changes touch and tell
    reading = ReadOptions(
        keep=DENERVATION_FAMILY,
        columns=frozenset({"spell_id", *_NEEDED, *facts, *also}),
        threads=threads,
        on_rows=on_rows,
    )
    tally = _Tally(definition)
    for piece in read(opened, reading, account, only_first=True):
        for spell in spells_of(piece.spells):
            if is_candidate(spell):
                tally.add(spell)
    absent = [name for name in _NEEDED if not has(opened, name)]
    lacking = [f"There is no column for {name}: it stands as {UNKNOWN}." for name in absent]
    notes = (*account.notes, *lacking, QUESTION, *tally.notes())
    return tally.result(InputSummary.of(account), notes)


class _Tally:
    """Adds up candidate spells by outcome, and those that one change would make count."""

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._outcomes: Counter[Truth] = Counter()
        self._rows: Counter[tuple[str, str, Change, str, bool, str]] = Counter()
        self._repairable = self._several = 0

    def add(self, spell: Spell) -> None:
        judged = judge(self._definition, spell)
        self._outcomes[judged.outcome] += 1
        found = repairs(self._definition, spell)
        self._repairable += bool(found)
        self._several += len(found) > 1
        truths = {c.id: truth for c, truth in zip(self._definition.criteria, judged.truths, strict=True)}
        for change in found:
            was = truths[change.criterion].value
            key = (spell.provider or UNKNOWN, year_of(spell.admitted) if spell.admitted else UNKNOWN, change, was)
            self._rows[*key, change.is_recorded_elsewhere(spell), change.instead(spell)] += 1

    def notes(self) -> tuple[str, ...]:
        if not self._several:
            return ()
        return (
            f"{self._several:,} spells would count after either of two or more changes, and stand in the rows of each.",
        )

    def result(self, summary: InputSummary, notes: tuple[str, ...]) -> Undercoding:
        rows = [
            Undercoded(provider, year, change.criterion, change.says, was, elsewhere, instead, n)
            for (provider, year, change, was, elsewhere, instead), n in self._rows.items()
        ]
        return Undercoding(
            definition=self._definition,
            input=summary,
            candidates=sum(self._outcomes.values()),
            counted=self._outcomes[Truth.MET],
            not_counted=self._outcomes[Truth.NOT_MET],
            unknown=self._outcomes[Truth.UNKNOWN],
            repairable=self._repairable,
            several=self._several,
            rows=tuple(sorted(rows, key=_order)),
            coding=tuple((c.id, tuple(change.says for change in changes_of(c))) for c in self._definition.criteria),
            notes=notes,
        )


def _order(row: Undercoded) -> tuple[object, ...]:
    """By provider and year, 'unknown' last, then most spells first."""
    places = (row.provider == UNKNOWN, row.provider, row.year == UNKNOWN, row.year)
    return (*places, -row.spells, row.criterion, row.change, row.was, row.instead)
