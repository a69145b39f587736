"""Notes on data: sentences that know their own counts, so that disclosure control changes these and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any, Self


class NoteKind(Enum):
    """What a note is about, for whoever treats some notes differently."""

    DATA = "data"
    DOUBTFUL_DATES = "doubtful-dates"  # the first or the last date of the data may be mistyped


class Note(str):
    """A sentence with its counts filled in; `counts` are those of spells, patients, rows: everything that may be small.

    A note is a string, and is printed and written as one. Numbers that are no such counts (of organisations, of months, in
    dates) belong in the template's own words. `spells`, `rows` and `used` name the numbers of the whole input.
    """

    template: str
    counts: Mapping[str, int]
    kind: NoteKind
    on_page: str

    def __new__(
        cls,
        template: str,
        counts: Mapping[str, int] = MappingProxyType({}),
        kind: NoteKind = NoteKind.DATA,
        on_page: str = "",
    ) -> Self:
        """A note by a template with a field for each count: Note("Patients: {patients_n:,}.", {"patients_n": 7}).

        on_page: the template for a page whose readers type no options, where it is another.
        """
        note = super().__new__(cls, template.format_map(counts))
        note.template, note.counts, note.kind = template, MappingProxyType(dict(counts)), kind
        note.on_page = on_page or template
        return note

    def for_page(self) -> Note:
        """The note for a page whose readers type no options."""
        return Note(self.on_page, self.counts, self.kind)

    def with_names(self, names: Mapping[str, str]) -> str:
        """The sentence with a name between braces for each count."""
        return self.template.format_map({count: _Name(f"{{{names[count]}}}") for count in self.counts})

    def __reduce__(self) -> tuple[Any, ...]:
        return Note, (self.template, dict(self.counts), self.kind, self.on_page)


class _Name(str):
    """A name where a template has a number and how to write it."""

    def __format__(self, spec: str) -> str:
        return str(self)
