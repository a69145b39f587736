"""`ebi-2k-null-diagnoses`: the arm that the programme's coding page has and its 2K page lost."""

from dataclasses import replace

from facetwise.guidance import sources
from facetwise.guidance.definitions import ebi_2k
from facetwise.language import activity
from facetwise.language.citation import Cite
from facetwise.language.definition import Status

NO_MALIGNANCY = replace(
    ebi_2k.NO_MALIGNANCY,
    says="No cancer code among the diagnoses, or no diagnoses recorded",
    met_when=~activity.diagnoses.is_recorded() | ebi_2k.NO_MALIGNANCY.met_when,
    cite=Cite(sources.EBI_CODING, "cancer exclusion, last line of the block"),
    when_unknown="the diagnoses cannot be read",
)

DEFINITION = replace(
    ebi_2k.DEFINITION,
    id="ebi-2k-null-diagnoses",
    title="The national counting rule, with spells without diagnoses kept in",
    version="2023-12",
    status=Status.BOUND,
    source=sources.EBI_CODING,
    criteria=(*ebi_2k.DEFINITION.criteria[:5], NO_MALIGNANCY, ebi_2k.NOT_PRIVATE),
    notes=("As ebi-2k, but diagnoses that are not recorded meet no-malignancy.",),
)
