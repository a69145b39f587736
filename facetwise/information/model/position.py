"""A conflict of the sources: every position, and what a clinic may pick for its patients."""

from __future__ import annotations

from dataclasses import dataclass

from facetwise.errors import PolicyError, UsageError, nearest
from facetwise.information.model.sentence import Sentence
from facetwise.information.statements.atom import place_of
from facetwise.information.statements.table import cites_of
from facetwise.language.citation import Cite, Source


@dataclass(frozen=True)
class Position:
    """What one source says on it, in words for the clinician, and where. silent: the place is where it is not said."""

    says: str
    atoms: tuple[str, ...] = ()
    also: tuple[Cite, ...] = ()
    silent: bool = False

    @property
    def cites(self) -> tuple[Cite, ...]:
        return (*cites_of(self.atoms), *self.also)

    def __post_init__(self) -> None:
        if not self.cites:
            raise PolicyError(f"The position '{self.says}' has no place. Name the atoms, or the lines that are silent.")


def silent(source: Source, *numbers: int) -> Position:
    """A source that does not speak of it where it would."""
    return Position("Does not speak of it.", also=(Cite(source, place_of(numbers)),), silent=True)


@dataclass(frozen=True)
class Option:
    """Advice that a clinic may pick: how the clinician reads it, and the sentences that the patient then reads."""

    id: str
    says: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Conflict:
    """A point on which the sources differ, or on which only one of them speaks.

    options: the first is the cautious default; where it is the only one, nothing narrower may be told.
    why: why the default is the cautious one. fixed: sentences shown whatever is picked.
    own_words: words that only this conflict's sentences may use, so that nothing else speaks against the pick.
    """

    id: str
    title: str
    why: str
    positions: tuple[Position, ...]
    options: tuple[Option, ...]
    fixed: tuple[Sentence, ...] = ()
    own_words: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.positions) < 2 or not self.options:
            raise PolicyError(f"The conflict {self.id} needs two positions and an option.")

    @property
    def default(self) -> Option:
        return self.options[0]

    def option(self, name: str) -> Option:
        """The option of that id. Errors: UsageError, with the nearest known id."""
        for option in self.options:
            if option.id == name:
                return option
        raise UsageError(
            f"The conflict {self.id} ({self.title}) has no option '{name}'."
            + nearest(name, [option.id for option in self.options])
        )
