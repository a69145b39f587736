"""`australia-mbs`: the Australian Medicare Benefits Schedule, items 39110 to 39119."""

from datetime import date

from facetwise.guidance import requirements as need
from facetwise.language.citation import Cite, Read, Source
from facetwise.language.definition import Status
from facetwise.language.policy import Example, Policy

SOURCE = Source(
    id="australia-mbs",
    title="Medicare Benefits Schedule, items 39110, 39111, 39116 to 39119",
    publisher="Australian Government, Department of Health",
    version="1 March 2022, amended 11 April 2022",
    url="https://www9.health.gov.au/mbs",
    read=Read.PRIMARY,
)

POLICY = Policy(
    id="australia-mbs",
    title="Australian Medicare Benefits Schedule: denervation of facet joints",
    version="2022-04-11",
    steward="Australian Government, Department of Health",
    status=Status.IN_USE,
    source=SOURCE,
    checker="the authors of Facetwise in November 2026, not yet by a clinician",
    next_review=date(2027, 11, 20),
    valid_from=date(2022, 3, 1),
    criteria=(need.session_cap_per_level(3, Cite(SOURCE, "item text: attendances for a joint in twelve months")),),
    notes=(
        "Thermal is the first choice: a preference, not a bar.",
        "The names of the joints are to be recorded.",
        "The schedule says what is paid, not who benefits: it asks nothing of the pain or of blocks.",
    ),
    examples=(
        Example("the example patient", (), "meets"),
        Example(
            "a fourth attendance at one level in twelve months",
            (
                'denervations=[{"date": "2026-01-10", "region": "lumbar", "levels": ["L4/5"]}, {"date": "2026-05-10", "region": "lumbar", "levels": ["L4/5"]}, {"date": "2026-09-10", "region": "lumbar", "levels": ["L4/5"]}]',
            ),
            "does-not-meet",
            "session-cap",
            "not-met",
        ),
    ),
)
