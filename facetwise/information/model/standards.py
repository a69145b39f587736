"""What makes the text a decision aid: the twelve IPDAS minimum standards, and where each is held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from facetwise.information.model.sentence import BRAN, Stage, Topic

REVIEWED = date(2026, 11, 21)
NEXT_REVIEW = date(2027, 11, 20)
CHECKER = (
    "Facetwise, against the five sources. No clinician has reviewed it yet: a clinic does so before it hands it out."
)
UPDATES = "Read again against its sources each year, and when one of them changes."
FUNDING = "Written for the Facetwise project. No funding by makers of devices or medicines is recorded."
DECISION_STAGES = (Stage.BEFORE_PROCEDURE, Stage.WHOLE)


@dataclass(frozen=True)
class Standard:
    """One minimum standard: what it asks, how it is met, and the sections that hold it."""

    id: str
    asks: str
    says: str
    topics: tuple[Topic, ...] = ()


IPDAS = (
    Standard("condition", "The health condition is described", "Pain from facet joints", (Topic.WHAT_IT_IS, Topic.WHO)),
    Standard(
        "decision",
        "The decision is named",
        "Whether to have radiofrequency denervation, as against other care or nothing",
        (Topic.BENEFITS, Topic.NOTHING),
    ),
    Standard(
        "options",
        "The options are described",
        "The procedure, other care, doing nothing",
        (Topic.ALTERNATIVES, Topic.NOTHING),
    ),
    Standard("positive", "Positive features are described", "Benefits", (Topic.BENEFITS,)),
    Standard("negative", "Negative features are described", "Risks", (Topic.RISKS,)),
    Standard(
        "what-it-is-like",
        "What it is like to live through is described",
        "The day, the first day, what to expect",
        (Topic.THE_DAY, Topic.FIRST_DAY, Topic.EXPECTED),
    ),
    Standard("equal-detail", "Options are told in equal detail", "Four sections within 30 per cent in length", BRAN),
    Standard("citations", "Evidence is cited", "Every sentence is numbered to its sources"),
    Standard("date", "The date is given", f"Written {REVIEWED.isoformat()}; read again by {NEXT_REVIEW.isoformat()}"),
    Standard("update-policy", "How it is kept up to date is told", UPDATES),
    Standard("uncertainty", "The level of uncertainty is told", "What is not known", (Topic.NOT_KNOWN, Topic.HOW_LONG)),
    Standard("funding", "Who paid is told", FUNDING),
)
