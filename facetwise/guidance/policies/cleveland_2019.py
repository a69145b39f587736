"""`cleveland-2019`: Cleveland Clinic's page for patients."""

from datetime import date

from facetwise.guidance import requirements as need
from facetwise.language.citation import Cite, Read, Source
from facetwise.language.definition import Status
from facetwise.language.policy import Example, Policy
from facetwise.language.units import weeks

SOURCE = Source(
    id="cleveland-2019",
    title="Radiofrequency denervation, health library",
    publisher="Cleveland Clinic",
    version="last reviewed 30 January 2019",
    url="https://my.clevelandclinic.org",
    read=Read.PRIMARY,
)

POLICY = Policy(
    id="cleveland-2019",
    title="Cleveland Clinic: radiofrequency denervation, page for patients",
    version="2019-01-30",
    steward="Cleveland Clinic",
    status=Status.IN_USE,
    source=SOURCE,
    checker="the authors of Facetwise in November 2026, not yet by a clinician",
    valid_from=date(2019, 1, 30),
    next_review=date(2027, 11, 20),
    criteria=(
        need.chronic(Cite(SOURCE, "line 6", "chronic if it lasts for more than 12 weeks"), more_than=weeks(12)),
        need.blocks(
            "blocks",
            "Two sets of diagnostic blocks on different days, local anaesthetic only, judged favourable by the clinician",
            2,
            need.MEDIAL_BRANCH & need.AT_THE_PLACE & need.LOCAL_ANAESTHETIC_ONLY,
            need.JUDGED_POSITIVE,
            Cite(SOURCE, "line 32", "two sets of diagnostic blocks, using local anesthetic only"),
        ),
    ),
    examples=(
        Example("the example patient", (), "meets"),
        Example(
            "pain for twelve weeks to the day is not more",
            ("pain.since=2026-08-28",),
            "does-not-meet",
            "chronic",
            "not-met",
        ),
        Example(
            "one set of blocks only",
            (
                'blocks=[{"date": "2026-09-03", "kind": "medial-branch-block", "region": "lumbar", "steroid": false, "stated_relief_percent": 90, "positive": true}]',
            ),
            "does-not-meet",
            "blocks",
            "not-met",
        ),
    ),
    notes=(
        "A page for patients, not a rule of payment.",
        "It says that imaging is typically ordered, which NICE NG59 does not ask for.",
    ),
)
