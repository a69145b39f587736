"""`medicare-lcd`: the United States Medicare contractors' family of local coverage determinations."""

from datetime import date

from facetwise.guidance import requirements as need
from facetwise.language import patient as p
from facetwise.language.citation import Cite, Read, Source
from facetwise.language.definition import Status
from facetwise.language.events import Chosen
from facetwise.language.policy import BlockRule, Example, Kind, Policy, PolicyCriterion
from facetwise.language.units import months

SOURCE = Source(
    id="medicare-lcd",
    title="Facet Joint Interventions for Pain Management (L38801, L38841, L34892, L38765 and family), as told by contractors' checklists",
    publisher="Medicare administrative contractors",
    version="2023 to 2026, read in November 2026",
    url="https://www.cms.gov/medicare-coverage-database/view/lcd.aspx?lcdid=38801",
    read=Read.PARTIAL,
)
RULE = BlockRule(2, Chosen(p.blocks, need.MEDIAL_BRANCH & need.AT_THE_PLACE), need.relief(80), days_apart=14)
BLOCKS = PolicyCriterion(
    "blocks",
    "Two medial branch blocks, each with 80 % relief or more, at least 14 days apart",
    Kind.BLOCK,
    RULE.test(),
    Cite(
        SOURCE, "ablation: two blocks, as summarised; contractor page (Noridian): second block", read_as=Read.SECONDARY
    ),
    block=RULE,
)

POLICY = Policy(
    id="medicare-lcd",
    title="Medicare: facet joint interventions (ablation)",
    version="2026",
    steward="Medicare administrative contractors",
    status=Status.IN_USE,
    source=SOURCE,
    checker="the authors of Facetwise in November 2026, not yet by a clinician",
    next_review=date(2027, 11, 20),
    criteria=(
        need.chronic(
            Cite(SOURCE, "prior authorisation page of one contractor (NGS): general", read_as=Read.PRIMARY),
            at_least=months(3),
        ),
        need.is_so(
            "axial",
            "The pain is mainly axial",
            p.axial,
            Cite(SOURCE, "contractor page (NGS): general", read_as=Read.PRIMARY),
        ),
        need.is_not_so(
            "no-radiculopathy",
            "No untreated radicular pain",
            Cite(SOURCE, "contractor page (NGS): general", read_as=Read.PRIMARY),
            p.radicular,
        ),
        need.severity(Cite(SOURCE, "contractor page (NGS): general", read_as=Read.PRIMARY)),
        need.conservative_care(Cite(SOURCE, "contractor page (NGS): general", read_as=Read.PRIMARY)),
        BLOCKS,
        need.at_most_levels(
            2, Cite(SOURCE, "levels, as summarised and in a contractor's checklist (Palmetto)", read_as=Read.SECONDARY)
        ),
        need.thermal(Cite(SOURCE, "technique, as summarised", read_as=Read.SECONDARY)),
        need.repeat_relief(
            50, months(6), Cite(SOURCE, "repeat ablation, as summarised", read_as=Read.SECONDARY), daily_activities=True
        ),
        need.session_cap(2, Cite(SOURCE, "sessions in twelve months, as summarised", read_as=Read.SECONDARY)),
        need.diagnosis_still_current(
            24,
            RULE,
            Cite(SOURCE, "contractor's checklist (Palmetto, October 2023), and as summarised", read_as=Read.SECONDARY),
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
        Example("three levels", ('request.levels=["L3/4", "L4/5", "L5/S1"]',), "does-not-meet", "levels", "not-met"),
        Example(
            "a repeat after 25 months with blocks done again",
            (
                'denervations=[{"date": "2024-10-01", "region": "lumbar", "levels": ["L4/5"], "sides": ["left"], "relief": [{"date": "2025-05-01", "percent": 70, "adl_percent": 60}]}]',
            ),
            "meets",
            "diagnosis-still-current",
            "met",
        ),
    ),
    notes=(
        "The full text of the determinations was not read: the criteria are those of contractors' pages and checklists.",
        "On a diagnosis gone stale one contractor says two years or more, another more than two: the day itself is taken as still current.",
        "Hospital outpatient care asks for prior authorisation since 1 July 2023.",
    ),
)
