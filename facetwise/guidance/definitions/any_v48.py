"""`any-v48`: radiofrequency denervation of lumbar facet joints in any position: an upper bound for `ebi-2k`."""

from datetime import date

from facetwise.guidance import codelists, sources
from facetwise.language import activity
from facetwise.language.citation import Cite
from facetwise.language.definition import Criterion, Definition, Status

_DOMINANT, _PROCEDURES = activity.dominant_procedure, activity.procedures

DENERVATION = Criterion(
    id="denervation",
    says="V48.5 or V48.7 stands in any position, as the dominant procedure or among the procedures",
    met_when=(_DOMINANT.is_recorded() & _DOMINANT.is_in(codelists.LUMBAR_RFD))
    | (_PROCEDURES.is_recorded() & _PROCEDURES.any_in(codelists.LUMBAR_RFD)),
    cite=Cite(sources.OPCS_TITLES, "V48.5 and V48.7"),
    when_not_met="neither V485 nor V487 is the dominant procedure ({dominant_procedure}) or among the procedures ({procedures})",
    when_unknown="the procedures cannot be read",
    when_missing="no procedure is recorded",
)

DEFINITION = Definition(
    id="any-v48",
    title="Any radiofrequency denervation of lumbar or unspecified facet joints",
    version="1",
    published=date(2026, 11, 21),
    steward="Facetwise",
    status=Status.BOUND,
    source=sources.OPCS_TITLES,
    criteria=(DENERVATION,),
    notes=(
        "An upper bound: no site, diagnosis, age, admission or category is asked. What it counts does not carry the "
        "programme's label, 2K_RFD_back.",
    ),
)
