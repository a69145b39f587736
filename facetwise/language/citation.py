"""Sources and citations: no claim without a place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from facetwise.errors import PolicyError


class Read(Enum):
    """How much of the primary text was read before it was cited."""

    PRIMARY = "primary"
    PARTIAL = "partial"
    SECONDARY = "secondary"
    UNVERIFIED = "unverified"


@dataclass(frozen=True)
class Source:
    """A document or program that a definition rests on, in the version that was read."""

    id: str
    title: str
    publisher: str
    version: str
    url: str
    read: Read

    def __post_init__(self) -> None:
        for field in ("id", "title", "publisher", "version", "url"):
            if not getattr(self, field).strip():
                raise PolicyError(f"The source '{self.id or self.title}' has no {field}. Every source names it.")


@dataclass(frozen=True)
class Cite:
    """A place in a source. `quote` is a short phrase, found word for word in the source.

    read_as: how far this place was read, where that is not how far the source was.
    """

    source: Source
    place: str
    quote: str = ""
    read_as: Read | None = None

    @property
    def read(self) -> Read:
        """How far the primary text of this place was read."""
        return self.read_as or self.source.read

    def __post_init__(self) -> None:
        if not self.place.strip():
            raise PolicyError(f"A citation of '{self.source.id}' names no place in it. Say where: a section, a line.")

    def described(self) -> str:
        """'EBI 2K, code script (December 2023)'."""
        return f"{self.source.title}, {self.place} ({self.source.version})"
