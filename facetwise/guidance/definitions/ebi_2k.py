"""`ebi-2k`: the national counting rule, as the programme's page gives it since December 2023.

What the published script flags on the system it was written for is what this definition counts. Where the script loses
a row to a NULL without a word, the row is unknown here.
"""

from datetime import date

from facetwise.guidance import codelists, sources
from facetwise.language import activity
from facetwise.language.citation import Cite
from facetwise.language.codes import CodeList
from facetwise.language.definition import Criterion, Definition, Status
from facetwise.language.expressions import Test
from facetwise.language.units import years

LABEL = "2K_RFD_back"


def dominant_or_lost(codes: CodeList, among: CodeList) -> Test:
    """The dominant procedure is one of `codes`.

    Unknown where the dominant procedure is missing while a code of `among` is one of the spell's procedures; missing
    with no such code, or with the procedures not recorded, it is not met.
    """
    dominant, procedures = activity.dominant_procedure, activity.procedures
    could_be = dominant.is_recorded() | (procedures.is_recorded() & procedures.any_in(among))
    return dominant.is_in(codes) & could_be


DENERVATION = Criterion(
    id="denervation",
    says="The dominant procedure is radiofrequency denervation of lumbar or unspecified facet joints (V48.5, V48.7)",
    met_when=dominant_or_lost(codelists.LUMBAR_RFD, codelists.LUMBAR_RFD),
    cite=Cite(sources.EBI_2K, "code script, line 1", "V485"),
    when_not_met="the dominant procedure is {dominant_procedure}, not V485 or V487",
    when_unknown="the dominant procedure is missing, though V485 or V487 is among the procedures",
    when_missing="no dominant procedure is recorded, and neither V485 nor V487 is among the procedures",
)
SITE = Criterion(
    id="site",
    says="A lumbar site code stands among the procedures (Z67.5, Z67.6, Z67.7, Z99.3)",
    met_when=activity.procedures.any_in(codelists.LUMBAR_SITES),
    cite=Cite(sources.EBI_2K, "code script, lines 2 and 3", "der_procedure_all"),
    when_not_met="no site code (Z675, Z676, Z677 or Z993) among the procedures ({procedures})",
    when_unknown="no procedures are recorded, so no site can be seen",
)
DIAGNOSIS = Criterion(
    id="diagnosis",
    says="The primary diagnosis is back pain or a disc disorder (M51.2, M51.8, M51.9, M54.5, M54.9)",
    met_when=activity.primary_diagnosis.is_in(codelists.BACK_PAIN),
    cite=Cite(sources.EBI_2K, "code script, line 4", "spell_primary_diagnosis"),
    when_not_met="the primary diagnosis is {primary_diagnosis}, which is not on the list",
    when_unknown="the primary diagnosis is missing",
)
ADULT = Criterion(
    id="adult",
    says="Aged 19 to 120 at the start of the spell, or else at the activity date",
    met_when=activity.age.between(years(19), years(120)),
    cite=Cite(sources.EBI_2K, "code script, line 5", "between 19 AND 120"),
    when_not_met="the age is under 19 (at the start {age_at_start}, at the activity date {age_at_activity})",
    when_unknown="the age is missing or invalid",
)
NOT_EMERGENCY = Criterion(
    id="not-emergency",
    says="The admission method is not an emergency (does not begin with 2)",
    met_when=~activity.admission_method.begins_with("2"),
    cite=Cite(sources.EBI_2K, "code script, line 6", "Admission_Method not like"),
    when_not_met="the admission method is {admission_method}, an emergency",
    when_unknown="the admission method is missing",
)
NO_MALIGNANCY = Criterion(
    id="no-malignancy",
    says="No cancer code among the diagnoses (C00 to C99, D00 to D09, D37 to D48)",
    met_when=~activity.diagnoses.any_in(codelists.MALIGNANCY),
    cite=Cite(sources.EBI_2K, "code definitions, cancer exclusion", "C00-C99, D00-D09 and D37-D48"),
    when_not_met="a cancer code is among the diagnoses {diagnoses}",
    when_unknown="no diagnoses are recorded, so cancer cannot be ruled out",
)
NOT_PRIVATE = Criterion(
    id="not-private",
    says="The administrative category is not private (02)",
    met_when=~activity.administrative_category.is_one_of("02"),
    cite=Cite(sources.EBI_2K, "code definitions, private exclusion", "Administrative_Category<>"),
    when_not_met="the administrative category is {administrative_category}, private",
    when_unknown="the administrative category is missing",
)

DEFINITION = Definition(
    id="ebi-2k",
    title="Lumbar radiofrequency facet joint denervation, the national counting rule",
    version="2023-12",
    published=date(2023, 12, 1),
    steward="Academy of Medical Royal Colleges",
    status=Status.IN_USE,
    source=sources.EBI_2K,
    label=LABEL,
    criteria=(DENERVATION, SITE, DIAGNOSIS, ADULT, NOT_EMERGENCY, NO_MALIGNANCY, NOT_PRIVATE),
    notes=(
        "It counts activity. Pain scores, blocks and earlier care are not in hospital activity, so it cannot say whether a "
        "procedure was in policy.",
        "The site may stand in any position of any episode; it is not tied to the denervation.",
        "The cancer exclusion is a counting rule over every diagnosis, not a statement about treatment.",
    ),
    valid_from=date(2023, 12, 1),
)
