"""`evicore-cmm-208`: eviCore, used by Cigna and others. Read through a summary."""

from datetime import date

from facetwise.guidance import requirements as need
from facetwise.language import patient as p
from facetwise.language.citation import Cite, Read, Source
from facetwise.language.definition import Status
from facetwise.language.policy import Example, Policy
from facetwise.language.units import months, weeks

SOURCE = Source(
    id="evicore-cmm-208",
    title="eviCore CMM-208, ablations and denervations",
    publisher="eviCore",
    version="V1.0.2025, 28 February 2025",
    url="https://verity.backworkai.com/policy/EVICORE-CMM-208-ABLAT-DENERV-NERVES_FINAL",
    read=Read.SECONDARY,
)

POLICY = Policy(
    id="evicore-cmm-208",
    title="eviCore CMM-208: ablations and denervations of nerves",
    version="V1.0.2025",
    steward="eviCore",
    status=Status.IN_USE,
    source=SOURCE,
    checker="the authors of Facetwise in November 2026, not yet by a clinician",
    next_review=date(2027, 11, 20),
    valid_from=date(2025, 2, 28),
    criteria=(
        need.chronic(Cite(SOURCE, "criteria: duration"), at_least=months(3)),
        need.conservative_care(Cite(SOURCE, "criteria: conservative care"), weeks(4)),
        need.blocks(
            "blocks",
            "Two medial branch blocks on different days, each with 80 % relief or more",
            2,
            need.MEDIAL_BRANCH & need.AT_THE_PLACE,
            need.relief(80),
            Cite(SOURCE, "criteria: blocks"),
        ),
        need.is_not_so(
            "no-fusion",
            "No fusion at the level",
            Cite(SOURCE, "criteria: unfused segment"),
            p.CONDITIONS["fusion_at_level"],
        ),
        need.at_most_levels(3, Cite(SOURCE, "limits: levels")),
        need.repeat_relief(50, weeks(12), Cite(SOURCE, "repeat: relief")),
        need.repeat_interval(6, Cite(SOURCE, "repeat: interval")),
        need.session_cap(2, Cite(SOURCE, "limits: sessions")),
    ),
    examples=(
        Example("the example patient", (), "meets"),
        Example("a fusion at the level", ("fusion_at_level=true",), "does-not-meet", "no-fusion", "not-met"),
        Example(
            "a repeat after five months",
            (
                'denervations=[{"date": "2026-06-20", "region": "lumbar", "levels": ["L4/5"], "sides": ["left"], "relief": [{"date": "2026-10-01", "percent": 70, "adl_percent": 60}]}]',
            ),
            "does-not-meet",
            "repeat-interval",
            "not-met",
        ),
    ),
)
