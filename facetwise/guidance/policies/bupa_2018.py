"""`bupa-2018`: Bupa's page for patients."""

from datetime import date

from facetwise.guidance import requirements as need
from facetwise.language.citation import Cite, Read, Source
from facetwise.language.definition import Status
from facetwise.language.policy import Example, Policy

SOURCE = Source(
    id="bupa-2018",
    title="Radiofrequency denervation",
    publisher="Bupa",
    version="reviewed August 2018, next review was due August 2021",
    url="https://www.bupa.co.uk",
    read=Read.PRIMARY,
)

POLICY = Policy(
    id="bupa-2018",
    title="Bupa: radiofrequency denervation, page for patients",
    version="2018-08",
    steward="Bupa",
    status=Status.IN_USE,
    source=SOURCE,
    checker="the authors of Facetwise in November 2026, not yet by a clinician",
    next_review=date(2027, 11, 20),
    valid_from=date(2018, 8, 1),
    valid_to=date(2021, 8, 31),
    criteria=(
        need.severity(Cite(SOURCE, "line 20", "moderate to severe neck or back pain that starts in your facet joints")),
        need.conservative_care(Cite(SOURCE, "line 20", "only suggest it as an option if other treatments haven")),
        need.positive_block(
            Cite(SOURCE, "line 22", "had a facet joint injection or medial branch block first"),
            kind=need.EITHER_KIND,
            says="A facet joint injection or a medial branch block judged positive by the clinician",
        ),
    ),
    examples=(
        Example("the example patient", (), "meets"),
        Example(
            "a facet joint injection judged positive will do",
            ('blocks=[{"date": "2026-09-03", "kind": "intra-articular", "region": "lumbar", "positive": true}]',),
            "meets",
        ),
        Example("mild pain", ("pain_rating=mild",), "does-not-meet", "severity", "not-met"),
    ),
    notes=(
        "A page for patients, past its own review date.",
        "It takes a facet joint injection as a test, which the national guidance no longer does.",
    ),
)
