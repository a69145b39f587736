"""The decision as one self-contained page that prints on two sides: the answer on the first, what it rests on after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from facetwise.decide.decision import Decision, Finding, Outcome
from facetwise.errors import InputError
from facetwise.guidance.safety import CONTRARY, POSITIONS
from facetwise.language.patient import CONDITIONS
from facetwise.language.truth import Truth
from facetwise.record.files import ReadRecord
from facetwise.serve.shown_decision import OUTCOMES, READ, in_words

IN_FULL = 3
_WORDS = {Truth.MET: "met", Truth.NOT_MET: "not met", Truth.UNKNOWN: "unknown", None: "does not apply"}


@dataclass(frozen=True)
class Ask:
    """One thing to ask or record, and the policies that wait for it."""

    ask: str
    policies: tuple[str, ...]


def write_page(decisions: Sequence[Decision], read: ReadRecord, out: Path) -> None:
    """Write the page about one patient. Errors: InputError where the file cannot be written."""
    if not out.parent.is_dir():
        raise InputError(f"{out} cannot be written: there is no folder {out.parent}. Make it, or name another.")
    out.write_text(rendered(decisions, read), encoding="utf-8")


def rendered(decisions: Sequence[Decision], read: ReadRecord) -> str:
    """The page as text."""
    environment = Environment(
        loader=PackageLoader("facetwise.serve", "pages"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    first = decisions[0]
    return environment.get_template("decision.html").render(
        decisions=decisions,
        first=first,
        in_full=len(decisions) <= IN_FULL,
        asks_first=_asks(decisions, before_any_block=True),
        asks=_asks(decisions, before_any_block=False),
        every=len(decisions),
        facts=_facts(decisions),
        outcomes=OUTCOMES,
        kinds={Outcome.MEETS: "meets", Outcome.DOES_NOT_MEET: "fails", Outcome.CANNOT_TELL: "unknown"},
        words=_WORDS,
        caveats=READ,
        in_words=in_words,
        why=_why,
        contrary=CONTRARY,
        positions=POSITIONS,
        read=read,
        notes=_notes(decisions),
        sources=tuple(dict.fromkeys(d.policy.source for d in decisions)),
    )


def _asks(decisions: Sequence[Decision], before_any_block: bool) -> tuple[Ask, ...]:
    asks: dict[str, list[str]] = {}
    for decision in decisions:
        for missing in decision.missing:
            if (missing.fact in CONDITIONS) is before_any_block:
                asks.setdefault(missing.ask, []).append(decision.policy.id)
    return tuple(Ask(ask, tuple(policies)) for ask, policies in asks.items())


def _facts(decisions: Sequence[Decision]) -> tuple[str, ...]:
    """Everything on record that some policy looked at, once."""
    told = (in_words(item) for decision in decisions for finding in decision.findings for item in finding.because)
    return tuple(dict.fromkeys(told))


def _why(decision: Decision, sought: str) -> tuple[Finding, ...]:
    return tuple(finding for finding in decision.findings if finding.says == sought)


def _notes(decisions: Sequence[Decision]) -> tuple[str, ...]:
    """What the answers say beyond their policies' own notes, each once, with the policies where not all say it."""
    said: dict[str, list[str]] = {}
    for decision in decisions:
        for note in decision.notes:
            if note not in decision.policy.notes:
                said.setdefault(note, []).append(decision.policy.id)
    return tuple(
        note if len(policies) == len(decisions) else f"{', '.join(policies)}: {note}" for note, policies in said.items()
    )
