"""`nice-ng59`: the national guideline. Section 1.3 was read through others, and each place says so."""

from datetime import date

from facetwise.guidance import requirements as need
from facetwise.guidance.sources import NICE_NG59 as SOURCE
from facetwise.language.citation import Cite, Read
from facetwise.language.definition import Status
from facetwise.language.policy import Example, Policy
from facetwise.language.units import months

POLICY = Policy(
    id="nice-ng59",
    title="NICE NG59: radiofrequency denervation for chronic low back pain",
    version="2020-12-11",
    steward="National Institute for Health and Care Excellence",
    status=Status.IN_USE,
    source=SOURCE,
    checker="the authors of Facetwise in November 2026, not yet by a clinician",
    next_review=date(2027, 11, 20),
    valid_from=date(2016, 11, 30),
    criteria=(
        need.adult(16, Cite(SOURCE, "title and scope")),
        need.lumbar(Cite(SOURCE, "1.3.2", read_as=Read.SECONDARY)),
        need.chronic(
            Cite(SOURCE, "1.3.3, with chronic as three months or more", read_as=Read.SECONDARY), at_least=months(3)
        ),
        need.conservative_care(Cite(SOURCE, "1.3.2, first condition", read_as=Read.SECONDARY)),
        need.facet_source(Cite(SOURCE, "1.3.2, second condition", read_as=Read.SECONDARY)),
        need.pain_score(Cite(SOURCE, "1.3.2, third condition", read_as=Read.SECONDARY), at_referral=True),
        need.positive_block(Cite(SOURCE, "1.3.3", read_as=Read.SECONDARY)),
    ),
    examples=(
        Example("the example patient", (), "meets"),
        Example("18 years old is inside this guideline", ("age=18",), "meets"),
        Example("15 years old", ("age=15",), "does-not-meet", "adult", "not-met"),
        Example("physiotherapy helped", ("care[0].outcome=helped",), "does-not-meet", "conservative-care", "not-met"),
    ),
    notes=(
        "The guideline sets no percentage for a positive block, no number of blocks and no rule on repeats.",
        "Imaging is not a prerequisite for denervation (1.3.4, wording not verified) and is never asked for here.",
        "Its research recommendation names 16 months of relief as where it pays: a statement on cost, not a rule on repeats.",
        "It supersedes CG88 of 2009, whose advice not to refer is still served on some pages.",
    ),
)
