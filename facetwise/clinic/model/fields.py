"""What a form asks: each field described once, for the page that draws it and for whoever reads the answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class FieldKind(Enum):
    """How a field is answered. GROUP: by the fields in it, together; LINK: on a page of its own."""

    FLAG = "flag"
    DAY = "day"
    TIME = "time"
    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    TEXT = "text"
    TICK = "tick"
    GROUP = "group"
    LINK = "link"


@dataclass(frozen=True)
class Field:
    """One question of a form.

    key: where the answer goes, 'conditions.pacemaker', 'blocks.0.steroid', or what it adds, 'scores.new'.
    what: the answer as an error names it, 'Enter {what}'. is_past: a day that cannot be in the future.
    empty, default: the words of a choice that is not made, and the value that it then has.
    is_small, is_folded: drawn in small letters; behind a heading that opens. page: where a link leads, for the patient.
    """

    key: str
    label: str
    kind: FieldKind
    choices: tuple[str, ...] = ()
    what: str = ""
    hint: str = ""
    low: float = 0
    high: float = 10
    longest: int = 200
    unit: str = ""
    width: int = 0
    is_required: bool = False
    is_past: bool = False
    empty: str = "Not known"
    default: str | None = None
    suggestions: tuple[str, ...] = ()
    is_small: bool = False
    is_folded: bool = False
    parts: tuple[Field, ...] = ()
    page: str = ""

    @property
    def id(self) -> str:
        """The key as a name of HTML: 'blocks-0-steroid'."""
        return self.key.replace(".", "-")

    @property
    def name(self) -> str:
        """The last step of the key: 'steroid'."""
        return self.key.rpartition(".")[2]

    @property
    def adds(self) -> bool:
        """Whether an answer adds to the record, and so never replaces what it holds."""
        return self.kind in (FieldKind.GROUP, FieldKind.LINK, FieldKind.TICK)
