"""Criteria and definitions: cited, versioned, checked when they are built."""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from datetime import date
from enum import Enum

from facetwise.errors import PolicyError, nearest
from facetwise.language.citation import Cite, Source
from facetwise.language.expressions import Fact, LastEpisode, Test, Value, facts_of
from facetwise.language.units import Grain

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Status(Enum):
    """What standing a definition has."""

    IN_USE = "in use"
    AS_EXECUTED = "reproduced as it executes"
    BOUND = "a bound, for comparison"
    SUPERSEDED = "superseded"


@dataclass(frozen=True)
class Criterion:
    """One requirement: what it says, when it is met, and where that is written.

    `when_not_met` and `when_unknown` say why in words; {fact_name} stands for the recorded value of a fact, and
    {fact_name_last_episode} for its last episode. `when_missing` says it instead of `when_not_met`, where it is given and
    nothing that `when_not_met` speaks of is recorded.
    """

    id: str
    says: str
    met_when: Test
    cite: Cite
    when_not_met: str
    when_unknown: str
    when_missing: str = ""

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise PolicyError(
                f"'{self.id}' is no criterion id. Use lower-case words joined by hyphens: 'no-malignancy'."
            )
        for field in ("says", "when_not_met", "when_unknown"):
            if not getattr(self, field).strip():
                raise PolicyError(f"The criterion '{self.id}' has no {field}. Say it in plain words.")
        if not isinstance(self.met_when, Test):
            raise PolicyError(f"The criterion '{self.id}' has no test. met_when is a test such as fact.is_in(codes).")
        if not isinstance(self.cite, Cite):
            raise PolicyError(f"The criterion '{self.id}' cites nothing. Give it a Cite(source, place).")
        known = self.spoken
        for words in (self.when_not_met, self.when_unknown):
            for name in slots(words):
                if name not in known:
                    raise PolicyError(
                        f"The criterion '{self.id}' speaks of {{{name}}}, a fact that its test does not read."
                        + nearest(name, known)
                    )

    @property
    def facts(self) -> tuple[Fact, ...]:
        return facts_of(self.met_when)

    @property
    def spoken(self) -> dict[str, Value]:
        """What its words may speak of, by slot: the facts that its test reads, and their last episodes."""
        last = (part for part in self.met_when.walk() if isinstance(part, LastEpisode))
        return {**{fact.name: fact for fact in self.facts}, **{f"{part.of.name}_last_episode": part for part in last}}


def slots(words: str) -> tuple[str, ...]:
    """The {fact_name} slots of a sentence, in order."""
    return tuple(name for _, name, _, _ in string.Formatter().parse(words) if name)


@dataclass(frozen=True)
class Definition:
    """A counting definition: a row is counted when every criterion is met, in the order they are listed.

    published: the day; the year alone where no day is known.
    """

    id: str
    title: str
    version: str
    published: date | int
    steward: str
    status: Status
    source: Source
    criteria: tuple[Criterion, ...]
    label: str = ""
    notes: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise PolicyError(f"'{self.id}' is no definition id. Use lower-case words joined by hyphens: 'ebi-2k'.")
        for field in ("title", "version", "steward"):
            if not getattr(self, field).strip():
                raise PolicyError(f"The definition '{self.id}' has no {field}. Every definition names it.")
        if not self.criteria:
            raise PolicyError(f"The definition '{self.id}' has no criteria and would count everything. Give it one.")
        self._refuse_twins()
        self._refuse_two_grains()

    def _refuse_twins(self) -> None:
        ids = [criterion.id for criterion in self.criteria]
        for name in ids:
            if ids.count(name) > 1:
                raise PolicyError(f"The definition '{self.id}' has two criteria '{name}'. Rename one.")

    def _refuse_two_grains(self) -> None:
        grains = {fact.grain for criterion in self.criteria for fact in criterion.facts}
        if len(grains) > 1:
            named = " and ".join(sorted(grain.value for grain in grains))
            raise PolicyError(f"The definition '{self.id}' mixes facts about a {named}. Make one definition of each.")

    @property
    def grain(self) -> Grain:
        return self.criteria[0].facts[0].grain

    @property
    def facts(self) -> tuple[Fact, ...]:
        return tuple(dict.fromkeys(fact for criterion in self.criteria for fact in criterion.facts))

    def criterion(self, name: str) -> Criterion:
        """The criterion of that id. Errors: PolicyError, with the nearest known id."""
        for criterion in self.criteria:
            if criterion.id == name:
                return criterion
        raise PolicyError(
            f"The definition '{self.id}' has no criterion '{name}'." + nearest(name, [c.id for c in self.criteria])
        )
