"""`tricare-west`: TRICARE, West Region."""

from datetime import date

from facetwise.guidance import requirements as need
from facetwise.language import patient as p
from facetwise.language.citation import Cite, Read, Source
from facetwise.language.definition import Status
from facetwise.language.policy import Example, Policy
from facetwise.language.units import months

SOURCE = Source(
    id="tricare-west",
    title="Radiofrequency denervation",
    publisher="TRICARE West",
    version="undated, read in November 2026",
    url="https://www.tricare-west.com",
    read=Read.PRIMARY,
)

POLICY = Policy(
    id="tricare-west",
    title="TRICARE West: radiofrequency denervation",
    version="undated",
    steward="TRICARE West",
    status=Status.IN_USE,
    source=SOURCE,
    checker="the authors of Facetwise in November 2026, not yet by a clinician",
    next_review=date(2027, 11, 20),
    criteria=(
        need.region(
            "not-thoracic",
            "The thoracic region is not covered",
            p.region.is_one_of("cervical", "lumbar", "sacroiliac", "knee", "hip", "shoulder"),
            Cite(SOURCE, "limitations: thoracic"),
        ),
        need.is_not_so(
            "no-fusion", "No fusion at the level", Cite(SOURCE, "criteria: fusion"), p.CONDITIONS["fusion_at_level"]
        ),
        need.is_not_so(
            "no-radiculopathy", "The pain does not radiate", Cite(SOURCE, "criteria: non-radiating pain"), p.radicular
        ),
        need.conservative_care(Cite(SOURCE, "criteria: conservative care"), months(3)),
        need.blocks(
            "blocks",
            "At least one medial branch block with 50 % relief or more",
            1,
            need.MEDIAL_BRANCH & need.AT_THE_PLACE,
            need.relief(50),
            Cite(SOURCE, "criteria: block"),
        ),
        need.thermal(Cite(SOURCE, "limitations: pulsed")),
        need.repeat_interval(6, Cite(SOURCE, "repeat"), of=need.OF_A_LEVEL_AND_SIDE),
    ),
    examples=(
        Example("the example patient", (), "meets"),
        Example("the thoracic spine", ("request.region=thoracic",), "does-not-meet", "not-thoracic", "not-met"),
        Example("pulsed radiofrequency", ("technique=pulsed",), "does-not-meet", "thermal", "not-met"),
    ),
)
