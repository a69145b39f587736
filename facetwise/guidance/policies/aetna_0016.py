"""`aetna-0016`: Aetna. Read through summaries."""

from datetime import date

from facetwise.guidance import requirements as need
from facetwise.language import patient as p
from facetwise.language.citation import Cite, Read, Source
from facetwise.language.definition import Status
from facetwise.language.policy import Example, Policy
from facetwise.language.units import months, weeks

SOURCE = Source(
    id="aetna-0016",
    title="Aetna CPB 0016, back pain: invasive procedures",
    publisher="Aetna",
    version="effective 1 January 2026",
    url="https://d3rx.com/coverage/aetna/back-pain-invasive-procedures-cpb-0016",
    read=Read.SECONDARY,
)

POLICY = Policy(
    id="aetna-0016",
    title="Aetna CPB 0016: radiofrequency ablation of facet joints",
    version="2026-01-01",
    steward="Aetna",
    status=Status.IN_USE,
    source=SOURCE,
    checker="the authors of Facetwise in November 2026, not yet by a clinician",
    next_review=date(2027, 11, 20),
    valid_from=date(2026, 1, 1),
    criteria=(
        need.chronic(Cite(SOURCE, "facet block: duration"), at_least=months(3)),
        need.is_so(
            "limits-daily-life", "The pain limits daily life", p.limits_daily_life, Cite(SOURCE, "facet block: signs")
        ),
        need.conservative_care(Cite(SOURCE, "facet block: conservative care"), weeks(6)),
        need.blocks(
            "blocks",
            "Two medial branch blocks on different days, each with 80 % relief or more",
            2,
            need.MEDIAL_BRANCH & need.AT_THE_PLACE,
            need.relief(80),
            Cite(SOURCE, "ablation: blocks"),
        ),
        need.is_not_so(
            "no-fusion", "No fusion at the level", Cite(SOURCE, "ablation: fusion"), p.CONDITIONS["fusion_at_level"]
        ),
        need.at_most_levels(3, Cite(SOURCE, "levels")),
    ),
    examples=(
        Example("the example patient", (), "meets"),
        Example(
            "daily life is not limited",
            ("pain_limits_daily_life=false",),
            "does-not-meet",
            "limits-daily-life",
            "not-met",
        ),
        Example("care for five weeks", ("care[0].from=2026-03-16",), "does-not-meet", "conservative-care", "not-met"),
    ),
    notes=("The clause on ablation was not read in its primary text.",),
)
