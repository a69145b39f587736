"""`dutch-nva`: the Dutch guideline of the society of anaesthesiology."""

from datetime import date

from facetwise.guidance import requirements as need
from facetwise.language.citation import Cite, Read, Source
from facetwise.language.definition import Status
from facetwise.language.policy import Example, Policy

SOURCE = Source(
    id="dutch-nva",
    title="Guideline on spinal low back pain: invasive treatment of facet pain",
    publisher="Nederlandse Vereniging voor Anesthesiologie",
    version="undated, read in November 2026",
    url="https://richtlijnendatabase.nl",
    read=Read.PRIMARY,
)

POLICY = Policy(
    id="dutch-nva",
    title="Dutch guideline: invasive treatment of facet pain",
    version="as seen 2026",
    steward="Nederlandse Vereniging voor Anesthesiologie",
    status=Status.IN_USE,
    source=SOURCE,
    checker="the authors of Facetwise in November 2026, not yet by a clinician",
    next_review=date(2027, 11, 20),
    criteria=(
        need.conservative_care(Cite(SOURCE, "facet pain: treatment")),
        need.positive_block(Cite(SOURCE, "facet pain: diagnostic block")),
        need.thermal(Cite(SOURCE, "facet pain: pulsed not recommended")),
    ),
    examples=(
        Example("the example patient", (), "meets"),
        Example("pulsed radiofrequency", ("technique=pulsed",), "does-not-meet", "thermal", "not-met"),
    ),
    notes=(
        "A second block is called not useful.",
        "Whether it is reimbursed is not settled here.",
    ),
)
