"""`tac-victoria`: the Transport Accident Commission of Victoria, Australia."""

from datetime import date

from facetwise.guidance import requirements as need
from facetwise.language.citation import Cite, Read, Source
from facetwise.language.definition import Status
from facetwise.language.policy import Example, Policy
from facetwise.language.units import months

SOURCE = Source(
    id="tac-victoria",
    title="Radiofrequency denervation (RFD)",
    publisher="Transport Accident Commission, Victoria",
    version="undated, read in November 2026",
    url="https://www.tac.vic.gov.au",
    read=Read.PRIMARY,
)

POLICY = Policy(
    id="tac-victoria",
    title="TAC Victoria: radiofrequency denervation",
    version="undated",
    steward="Transport Accident Commission, Victoria",
    status=Status.IN_USE,
    source=SOURCE,
    checker="the authors of Facetwise in November 2026, not yet by a clinician",
    next_review=date(2027, 11, 20),
    criteria=(
        need.chronic(Cite(SOURCE, "criteria: duration"), more_than=months(3)),
        need.pain_score(Cite(SOURCE, "criteria: pain score")),
        need.conservative_care(Cite(SOURCE, "criteria: conservative care")),
        need.blocks(
            "blocks",
            "Two medial branch blocks on different days, each with 75 % relief or more",
            2,
            need.MEDIAL_BRANCH & need.AT_THE_PLACE,
            need.relief(75),
            Cite(SOURCE, "criteria: positive blocks"),
        ),
    ),
    examples=(
        Example("the example patient", (), "meets"),
        Example("a score of 4.9", ("pain_score=4.9",), "does-not-meet", "pain-score", "not-met"),
        Example(
            "pain for three months to the day is not more",
            ("pain.since=2026-08-20",),
            "does-not-meet",
            "chronic",
            "not-met",
        ),
    ),
    notes=(
        "Relief is to agree with the half-life of the agent: the record holds the hours, and the clinician judges.",
    ),
)
