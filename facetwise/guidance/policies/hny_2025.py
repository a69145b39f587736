"""`hny-2025`: Humber and North Yorkshire."""

from datetime import date

from facetwise.guidance import requirements as need
from facetwise.language import patient as p
from facetwise.language.citation import Cite, Read, Source
from facetwise.language.definition import Status
from facetwise.language.events import WithinLast
from facetwise.language.policy import Example, Policy
from facetwise.language.units import months

SOURCE = Source(
    id="hny-2025",
    title="Lumbar radiofrequency policy",
    publisher="Humber and North Yorkshire Integrated Care Board",
    version="created 12 June 2025",
    url="https://hnyppr.org.uk/fi/web/hull/w/lumbar-radiofrequency-policy",
    read=Read.PRIMARY,
)

POLICY = Policy(
    id="hny-2025",
    title="Humber and North Yorkshire: lumbar radiofrequency denervation",
    version="2025-06-12",
    steward="Humber and North Yorkshire Integrated Care Board",
    status=Status.IN_USE,
    source=SOURCE,
    checker="the authors of Facetwise in November 2026, not yet by a clinician",
    next_review=date(2027, 10, 31),
    valid_from=date(2025, 6, 12),
    criteria=(
        need.lumbar(Cite(SOURCE, "title")),
        need.chronic(Cite(SOURCE, "criteria: duration"), at_least=months(6)),
        need.severity(Cite(SOURCE, "criteria: moderate to severe on a recognised scale")),
        need.conservative_care(Cite(SOURCE, "criteria: alternatives tried or not indicated")),
        need.blocks(
            "positive-block",
            "At least one medial branch block with 50 % relief or more, within the last 6 months",
            1,
            need.MEDIAL_BRANCH & need.AT_THE_PLACE & WithinLast(p.block_date, months(6)),
            need.relief(50),
            Cite(SOURCE, "criteria: response to the block"),
        ),
        need.repeat_interval(16, Cite(SOURCE, "repeat procedure")),
    ),
    examples=(
        Example("the example patient", (), "meets"),
        Example("pain for five months", ("pain.since=2026-06-20",), "does-not-meet", "chronic", "not-met"),
        Example(
            "49 % relief",
            (
                'blocks=[{"date": "2026-09-03", "kind": "medial-branch-block", "region": "lumbar", "steroid": false, "stated_relief_percent": 49, "positive": true}]',
            ),
            "does-not-meet",
            "positive-block",
            "not-met",
        ),
        Example(
            "15 months after the last denervation",
            (
                'denervations=[{"date": "2025-08-20", "region": "lumbar", "levels": ["L4/5"], "sides": ["left"], "relief": [{"date": "2026-03-01", "percent": 70, "adl_percent": 60}]}]',
            ),
            "does-not-meet",
            "repeat-interval",
            "not-met",
        ),
    ),
    notes=("The date was seen on the sister page on injections.",),
)
