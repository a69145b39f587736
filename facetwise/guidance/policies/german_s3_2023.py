"""`german-s3-2023`: the German S3 guideline."""

from datetime import date

from facetwise.guidance import requirements as need
from facetwise.language.citation import Cite, Read, Source
from facetwise.language.definition import Status
from facetwise.language.policy import Example, Policy
from facetwise.language.units import months

SOURCE = Source(
    id="german-s3-2023",
    title="S3 guideline 151-004, radiofrequency denervation of facet joints and the sacroiliac joint",
    publisher="German scientific medical societies (AWMF)",
    version="July 2023",
    url="https://doi.org/10.1055/a-2150-8610",
    read=Read.PARTIAL,
)

POLICY = Policy(
    id="german-s3-2023",
    title="German S3 guideline 151-004",
    version="2023-07",
    steward="AWMF",
    status=Status.IN_USE,
    source=SOURCE,
    checker="the authors of Facetwise in November 2026, not yet by a clinician",
    next_review=date(2027, 11, 20),
    valid_from=date(2023, 7, 1),
    criteria=(
        need.chronic(
            Cite(SOURCE, "title: chronic; the source gives no number here, three months is borrowed"),
            at_least=months(3),
        ),
        need.blocks(
            "blocks",
            "Two test blocks on different days, each with 50 % relief or more",
            2,
            need.MEDIAL_BRANCH & need.AT_THE_PLACE,
            need.relief(50),
            Cite(SOURCE, "test blocks", read_as=Read.PRIMARY),
        ),
    ),
    examples=(
        Example("the example patient", (), "meets"),
        Example(
            "one block only",
            (
                'blocks=[{"date": "2026-09-03", "kind": "medial-branch-block", "region": "lumbar", "steroid": false, "stated_relief_percent": 90, "positive": true}]',
            ),
            "does-not-meet",
            "blocks",
            "not-met",
        ),
    ),
    notes=(
        "The three months for chronic are borrowed: the source gives no number.",
        "It covers anticoagulants, metal, implants, repeats and sedation too: those parts were not read.",
    ),
)
