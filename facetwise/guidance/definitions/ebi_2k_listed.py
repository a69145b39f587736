"""`ebi-2k-listed`: the rule with every denervation code that its page lists, used or not."""

from dataclasses import replace

from facetwise.guidance import codelists, sources
from facetwise.guidance.definitions import ebi_2k
from facetwise.language import activity
from facetwise.language.citation import Cite
from facetwise.language.definition import Criterion, Status

_LISTED_ALONE = ebi_2k.dominant_or_lost(codelists.LUMBAR_RFD, codelists.LUMBAR_RFD) | ebi_2k.dominant_or_lost(
    codelists.NERVE_ROOT_RFD, codelists.NERVE_ROOT_RFD
)
_WITH_Y114 = ebi_2k.dominant_or_lost(
    codelists.LUMBAR_DENERVATION_NEC, codelists.LUMBAR_DENERVATION_NEC
) & activity.procedures.any_in(codelists.THERMAL_DESTRUCTION)

DENERVATION = Criterion(
    id="denervation",
    says="The dominant procedure is V48.5, V48.7, A57.2 or A57.3, or V48.6 with Y11.4 among the procedures",
    met_when=_LISTED_ALONE | _WITH_Y114,
    cite=Cite(sources.EBI_2K, "code definitions, procedure codes", "secondary to V486"),
    when_not_met="the dominant procedure is {dominant_procedure}, not a listed denervation (V486 needs Y114 beside it)",
    when_unknown="the dominant procedure is missing beside a listed denervation, or V486 stands without procedures",
    when_missing="no dominant procedure is recorded, and no listed denervation is among the procedures",
)

DEFINITION = replace(
    ebi_2k.DEFINITION,
    id="ebi-2k-listed",
    title="The national counting rule, with every denervation code that its page lists",
    status=Status.BOUND,
    criteria=(DENERVATION, *ebi_2k.DEFINITION.criteria[1:]),
    notes=("A57.2 and A57.3 are procedures on a spinal nerve root, which is not the medial branch.",),
)
