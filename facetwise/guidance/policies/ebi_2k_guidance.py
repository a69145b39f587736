"""`ebi-2k-guidance`: the national guidance on who may be offered it (the counting rule of the same page is `ebi-2k`)."""

from datetime import date

from facetwise.guidance import requirements as need
from facetwise.guidance.sources import EBI_2K
from facetwise.language.citation import Cite, Read
from facetwise.language.definition import Status
from facetwise.language.policy import Example, Policy
from facetwise.language.units import months

POLICY = Policy(
    id="ebi-2k-guidance",
    title="EBI 2K, lumbar radiofrequency facet joint denervation: guidance",
    version="2023-12",
    steward="Academy of Medical Royal Colleges",
    status=Status.IN_USE,
    source=EBI_2K,
    checker="the authors of Facetwise in November 2026, not yet by a clinician",
    next_review=date(2027, 11, 20),
    valid_from=date(2020, 1, 1),
    stops=need.PROLONGED,
    criteria=(
        need.adult(19, Cite(EBI_2K, "inclusion, first line", "applies to adults aged 19 years and over")),
        need.lumbar(Cite(EBI_2K, "title", "umbar radiofrequency facet joint denervation")),
        need.chronic(Cite(EBI_2K, "recommendation; the number is NG59's", "chronic low back pain"), at_least=months(3)),
        need.conservative_care(Cite(EBI_2K, "summary", "other alternatives have failed")),
        need.facet_source(Cite(EBI_2K, "recommendation", "as an adjunct in the management of chronic low back pain")),
        need.pain_score(
            Cite(EBI_2K, "recommendation: only in accordance with NG59 (1.3.2)", read_as=Read.SECONDARY),
            at_referral=True,
        ),
        need.positive_block(
            Cite(EBI_2K, "recommendation", "a significant but short term improvement in pain symptoms")
        ),
    ),
    examples=(
        Example("the example patient", (), "meets"),
        Example("18 years old", ("age=18",), "does-not-meet", "adult", "not-met"),
        Example("a score of 4 at referral", ("pain_score=4",), "does-not-meet", "pain-score", "not-met"),
        Example(
            "blocks judged negative",
            (
                'blocks=[{"date": "2026-09-03", "kind": "medial-branch-block", "region": "lumbar", "steroid": false, "stated_relief_percent": 80, "positive": false}]',
            ),
            "does-not-meet",
            "positive-block",
            "not-met",
        ),
    ),
    notes=(
        "Best practice guidance, not statutory. Its summary page gives the same criteria under the heading Proposal.",
        "The page gives no number for chronic, for the pain score or for a positive block. Three months and the score of 5 are those of NICE NG59, with which the page asks to accord.",
        "The page says that the best interval before a repeat is not known: it sets none.",
        "Facet joint injections are not a test here: the page asks for medial branch blocks.",
        "Ages 16 to 18 lie outside this guidance and inside NICE NG59.",
    ),
)
