"""A conflict of the sources: every position, and what a clinic may pick for its patients."""

from __future__ import annotations

from dataclasses import dataclass

from facetwise.errors import PolicyError, UsageError, nearest
from facetwise.information.model.sentence import Sentence
from facetwise.information.model.statement import Statement
from facetwise.language.citation import Cite


@dataclass(frozen=True)
class Position:
    """What one source says on it, in words for the clinician, and where. silent: the place is where the source does not say it."""

    says: str
    statements: tuple[Statement, ...] = ()
    also: tuple[Cite, ...] = ()
    silent: bool = False

    @property
    def cites(self) -> tuple[Cite, ...]:
        return (*(statement.cite for statement in self.statements), *self.also)

    def __post_init__(self) -> None:
        if not self.cites:
            raise PolicyError(
                f"The position '{self.says}' has no place. Name its statements, or the lines that are silent."
            )


@dataclass(frozen=True)
class Option:
    """Advice that a clinic may pick: how the clinician reads it, and the sentences that the patient then reads."""

    id: str
    says: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Conflict:
    """A point on which the sources differ, or on which only one of them speaks.

    options: the first is the cautious default; where it is the only one, the clinic has no choice.
    why: why the default is the cautious one. fixed: sentences for every option.
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
