"""The decision as one self-contained page that prints on two sides: the answer on the first, what it rests on after it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from facetwise.decide.decision import Decision, Finding, Outcome
from facetwise.decide.summary import OUTCOMES, READ, TRUTHS, asks, in_words, notes, placed
from facetwise.guidance.safety import POSITIONS
from facetwise.pages.standalone_html import environment, refuse_no_folder, write
from facetwise.record.files import ReadRecord

IN_FULL = 3


def write_page(decisions: Sequence[Decision], read: ReadRecord, out: Path) -> None:
    """Write the page about one patient. Errors: InputError where the file cannot be written."""
    refuse_no_folder(out)
    write(out, rendered(decisions, read))


def rendered(decisions: Sequence[Decision], read: ReadRecord) -> str:
    """The page as text."""
    first = decisions[0]
    return (
        environment("pages")
        .get_template("decision.html")
        .render(
            decisions=decisions,
            first=first,
            in_full=len(decisions) <= IN_FULL,
            asks=asks(decisions),
            every=len(decisions),
            facts=_facts(decisions),
            outcomes=OUTCOMES,
            kinds={Outcome.MEETS: "meets", Outcome.DOES_NOT_MEET: "fails", Outcome.CANNOT_TELL: "unknown"},
            words=TRUTHS,
            caveats=READ,
            in_words=in_words,
            why=_why,
            positions=POSITIONS,
            read=read,
            notes=[placed(note) for note in notes(decisions)],
            sources=tuple(dict.fromkeys(d.policy.source for d in decisions)),
        )
    )


def _facts(decisions: Sequence[Decision]) -> tuple[str, ...]:
    """Everything on record that some policy looked at, once."""
    told = (in_words(item) for decision in decisions for finding in decision.findings for item in finding.because)
    return tuple(dict.fromkeys(told))


def _why(decision: Decision, sought: str) -> tuple[Finding, ...]:
    return tuple(finding for finding in decision.findings if finding.says == sought)
