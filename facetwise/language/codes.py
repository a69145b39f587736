"""Code systems and code lists. A list belongs to one system and one release of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from facetwise.errors import PolicyError


class CodeSystem(Enum):
    """The classifications that hospital activity is coded in. The value is the name people use."""

    OPCS4 = "OPCS-4"
    ICD10 = "ICD-10"

    @property
    def holds(self) -> str:
        return {"OPCS-4": "procedures", "ICD-10": "diagnoses"}[self.value]


_CODE = re.compile(r"[A-Z][0-9][0-9][0-9X]?")
_FOUR = re.compile(r"\b([A-Z]\d\d)([0-9X])\b")
_RANGE = re.compile(r"([A-Z])([0-9][0-9])-([A-Z])([0-9][0-9])")


@dataclass(frozen=True)
class CodeList:
    """Codes of one system and release: four-character codes, three-character categories, or both.

    A four-character code matches a code that begins with it (V485 takes V4851); a category matches every code
    below it (C50 takes C504). Codes are compared as the normaliser leaves them: upper case, no dots, no blanks.
    """

    name: str
    system: CodeSystem
    release: str
    fours: frozenset[str]
    categories: frozenset[str]
    written: tuple[str, ...]

    @classmethod
    def of(cls, name: str, system: CodeSystem, release: str, codes: str) -> CodeList:
        """A list from codes, categories and ranges of categories parted by blanks: 'V485 V487', 'C00-C99 D00-D09'.

        Errors: PolicyError for a code that no release of the two systems could hold, or an empty list.
        """
        written = tuple(codes.split())
        if not written:
            raise PolicyError(f"The code list '{name}' is empty. Give it at least one {system.value} code.")
        if not release:
            raise PolicyError(f"The code list '{name}' names no release of {system.value}. Say which, as '4.10'.")
        fours: set[str] = set()
        categories: set[str] = set()
        for item in written:
            (fours if len(item) == 4 else categories).update(_expand(name, item))
        return cls(name, system, release, frozenset(fours), frozenset(categories), written)

    def holds(self, code: str) -> bool:
        """Whether a normalised code is on the list."""
        return code[:4] in self.fours or code[:3] in self.categories

    def covers(self, other: CodeList) -> bool:
        """Whether every code that `other` takes is taken by this list too."""
        return (
            self.system is other.system
            and other.categories <= self.categories
            and all(self.holds(code) for code in other.fours)
        )

    def described(self) -> str:
        """The list as its author wrote it: 'V485, V487'."""
        return ", ".join(self.written)


def _expand(name: str, item: str) -> list[str]:
    if _CODE.fullmatch(item):
        return [item]
    span = _RANGE.fullmatch(item)
    if span and span[1] == span[3] and span[2] <= span[4]:
        return [f"{span[1]}{number:02d}" for number in range(int(span[2]), int(span[4]) + 1)]
    raise PolicyError(
        f"'{item}' in the code list '{name}' is not a code. Write a category (C50), a four-character code (V485), "
        "or a range of categories within one letter (C00-C99), upper case and without dots."
    )


def dotted(words: str) -> str:
    """Four-character codes as they are printed: 'V48.5' for 'V485'."""
    return _FOUR.sub(lambda found: found[0] if found[2] == "X" else f"{found[1]}.{found[2]}", words)
