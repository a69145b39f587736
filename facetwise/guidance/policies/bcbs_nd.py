"""`bcbs-nd`: Blue Cross Blue Shield of North Dakota."""

from datetime import date

from facetwise.guidance import requirements as need
from facetwise.language import patient as p
from facetwise.language.citation import Cite, Read, Source
from facetwise.language.definition import Status
from facetwise.language.policy import Example, Policy
from facetwise.language.units import months

SOURCE = Source(
    id="bcbs-nd",
    title="Radiofrequency facet denervation",
    publisher="Blue Cross Blue Shield of North Dakota",
    version="undated, read in November 2026",
    url="https://www.bcbsnd.com",
    read=Read.PRIMARY,
)

POLICY = Policy(
    id="bcbs-nd",
    title="Blue Cross Blue Shield of North Dakota: radiofrequency facet denervation",
    version="undated",
    steward="Blue Cross Blue Shield of North Dakota",
    status=Status.IN_USE,
    source=SOURCE,
    checker="the authors of Facetwise in November 2026, not yet by a clinician",
    next_review=date(2027, 11, 20),
    criteria=(
        need.region(
            "region",
            "The cervical or lumbar region is asked for",
            p.region.is_one_of("cervical", "lumbar"),
            Cite(SOURCE, "criteria: region"),
        ),
        need.is_not_so(
            "no-fusion", "No fusion at the level", Cite(SOURCE, "criteria: fusion"), p.CONDITIONS["fusion_at_level"]
        ),
        need.is_not_so(
            "no-radiculopathy", "No radicular pain", Cite(SOURCE, "criteria: non-radicular pain"), p.radicular
        ),
        need.conservative_care(Cite(SOURCE, "criteria: conservative care"), months(3)),
        need.blocks(
            "blocks",
            "Two medial branch blocks on different days, local anaesthetic only, each with 50 % relief or more, "
            "neither within 28 days after an intra-articular injection",
            2,
            need.MEDIAL_BRANCH & need.AT_THE_PLACE & need.LOCAL_ANAESTHETIC_ONLY & need.NO_JOINT_INJECTION_IN_28_DAYS,
            need.relief(50),
            Cite(SOURCE, "criteria: blocks"),
        ),
        need.repeat_interval(6, Cite(SOURCE, "repeat"), of=need.OF_A_LEVEL_AND_SIDE),
    ),
    examples=(
        Example("the example patient", (), "meets"),
        Example("the knee", ("request.region=knee",), "does-not-meet", "region", "not-met"),
        Example("steroid in one of the blocks", ("blocks[0].steroid=true",), "does-not-meet", "blocks", "not-met"),
    ),
    notes=(
        "Relief is to last as long as the agent does (bupivacaine three hours longer than lidocaine): the record holds the hours, and the clinician judges.",
    ),
)
