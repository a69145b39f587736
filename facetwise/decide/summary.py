"""What several answers about one record come to, for the terminal and the page alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from facetwise.decide.decision import Decision, Outcome
from facetwise.decide.evidence import Evidence, plain
from facetwise.language.citation import Read
from facetwise.language.patient import CONDITIONS
from facetwise.language.truth import Truth

TRUTHS = {Truth.MET: "met", Truth.NOT_MET: "not met", Truth.UNKNOWN: "unknown", None: "does not apply"}


_ONE = {"scores": "score", "care": "care", "blocks": "block", "denervations": "denervation"}
_PLACE = re.compile(rf"\b({'|'.join(_ONE)})\[(\d+)\]")


@dataclass(frozen=True)
class Ask:
    """One thing to ask or record, and the policies that wait for it."""

    ask: str
    policies: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """A criterion whose truth is another when some facts are put otherwise."""

    criterion: str
    before: str
    after: str


def asks(decisions: Sequence[Decision]) -> tuple[tuple[str, tuple[Ask, ...]], ...]:
    """What is to be asked before any block or procedure, then what could change an answer: each under its heading."""
    asked = {missing.fact: missing.ask for decision in decisions for missing in decision.missing}
    waiting = _by_policy((missing.fact, decision) for decision in decisions for missing in decision.missing)
    return tuple(
        (head, tuple(Ask(asked[fact], named) for fact, named in waiting.items() if (fact in CONDITIONS) is first))
        for head, first in (
            ("To ask before any block or procedure", True),
            ("What to record: it could change the answer", False),
        )
    )


def notes(decisions: Sequence[Decision]) -> tuple[str, ...]:
    """What answers say beyond their policies' own notes, each once, with the policies where not all say it."""
    said = _by_policy((n, decision) for decision in decisions for n in decision.notes if n not in decision.policy.notes)
    return tuple(
        note if len(named) == len(decisions) else f"{', '.join(named)}: {note}" for note, named in said.items()
    )


def placed(said: str) -> str:
    """The same with 'block 1' where it says blocks[0], for those who read no JSON."""
    return _PLACE.sub(lambda found: f"{_ONE[found[1]]} {int(found[2]) + 1}", said)


def changes(before: Decision, after: Decision) -> tuple[Change, ...]:
    """The criteria that are judged otherwise."""
    pairs = zip(before.findings, after.findings, strict=True)
    return tuple(Change(new.criterion.id, old.says, new.says) for old, new in pairs if old.says != new.says)


def _by_policy(said: Iterable[tuple[str, Decision]]) -> dict[str, tuple[str, ...]]:
    held: dict[str, list[str]] = {}
    for what, decision in said:
        held.setdefault(what, []).append(decision.policy.id)
    return {what: tuple(named) for what, named in held.items()}


OUTCOMES = {
    Outcome.MEETS: "meets the policy",
    Outcome.DOES_NOT_MEET: "does not meet the policy",
    Outcome.CANNOT_TELL: "cannot be told",
}


READ = {
    Read.PRIMARY: "",
    Read.PARTIAL: "from a text read in part",
    Read.SECONDARY: "from a secondary source",
    Read.UNVERIFIED: "not verified",
}


def in_words(item: Evidence) -> str:
    """'pain score 6/10 on 2026-10-01'."""
    value = plain(item.value)
    if isinstance(value, float) and value != round(value, 2):
        value = f"{value:.3f}"
    shown = {True: "yes", False: "no", None: "not recorded"}.get(value, value) if not isinstance(value, list) else value
    text = ", ".join(value) if isinstance(value, list) else str(shown)
    unit = item.unit if item.unit in ("/10", "%", "") else f" {item.unit}"
    when = f" on {item.day.isoformat()}" if item.day else ""
    return f"{item.fact.replace('_', ' ')} {text}{unit}{when}"
