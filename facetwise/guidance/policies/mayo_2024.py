"""`mayo-2024`: Mayo Clinic's page for patients."""

from datetime import date

from facetwise.guidance import requirements as need
from facetwise.language import patient as p
from facetwise.language.citation import Cite, Read, Source
from facetwise.language.definition import Status
from facetwise.language.events import IsTrue
from facetwise.language.policy import Example, Kind, Policy, PolicyCriterion

SOURCE = Source(
    id="mayo-2024",
    title="Radiofrequency neurotomy",
    publisher="Mayo Clinic",
    version="last updated 6 April 2024",
    url="https://www.mayoclinic.org",
    read=Read.PRIMARY,
)

POLICY = Policy(
    id="mayo-2024",
    title="Mayo Clinic: radiofrequency neurotomy, page for patients",
    version="2024-04-06",
    steward="Mayo Clinic",
    status=Status.IN_USE,
    source=SOURCE,
    checker="the authors of Facetwise in November 2026, not yet by a clinician",
    next_review=date(2027, 11, 20),
    valid_from=date(2024, 4, 6),
    criteria=(
        PolicyCriterion(
            "conservative-care",
            "Medicines or physical therapy have not worked, or surgery is not an option",
            Kind.CONSERVATIVE_CARE,
            need.care_failed() | IsTrue(p.surgery_not_an_option),
            Cite(SOURCE, "line 19", "improved with medications or physical therapy, or when surgery isn"),
        ),
        need.is_so(
            "specialist",
            "A pain specialist assessed the patient",
            p.specialist,
            Cite(SOURCE, "line 19", "provider who specializes in treating pain"),
            Kind.ASSESSMENT,
        ),
        need.is_not_so(
            "not-below-knee",
            "The pain does not go below the knee",
            Cite(SOURCE, "line 24", "but not below the knee"),
            p.below_knee,
        ),
        need.positive_block(
            Cite(SOURCE, "line 47", "injected into the precise spots where the radiofrequency needles go")
        ),
    ),
    examples=(
        Example("the example patient", (), "meets"),
        Example("pain below the knee", ("pain_below_knee=true",), "does-not-meet", "not-below-knee", "not-met"),
        Example(
            "care helped, and surgery is not an option",
            ("care[0].outcome=helped", "surgery_not_an_option=true"),
            "meets",
            "conservative-care",
            "met",
        ),
    ),
    notes=("A page for patients, not a rule of payment.",),
)
