"""`nhp-sql-2024`: a public re-implementation, as it executes. It works on one episode: the last of the spell."""

from dataclasses import replace

from facetwise.guidance import codelists, sources
from facetwise.guidance.definitions import ebi_2k
from facetwise.language import activity
from facetwise.language.citation import Cite
from facetwise.language.definition import Criterion, Definition, Status

_PLACE = "radio_frequency_denervation"
_PROCEDURES = activity.procedures.last_episode()
_DIAGNOSES = activity.diagnoses.last_episode()

DENERVATION = Criterion(
    id="denervation",
    says="The first procedure of the last episode is V48.5 or V48.7",
    met_when=_PROCEDURES.is_recorded() & _PROCEDURES.first_code().is_in(codelists.LUMBAR_RFD),
    cite=Cite(sources.NHP_SQL, f"{_PLACE}, first EXISTS"),
    when_not_met="the last episode does not begin with V485 or V487 (its procedures: {procedures_last_episode})",
    when_unknown="the procedures of the last episode cannot be read",
    when_missing="the last episode has no procedure",
)
SITE = Criterion(
    id="site",
    says="A lumbar site code stands among the procedures of the last episode",
    met_when=_PROCEDURES.is_recorded() & _PROCEDURES.any_in(codelists.LUMBAR_SITES),
    cite=Cite(sources.NHP_SQL, f"{_PLACE}, second EXISTS"),
    when_not_met="no site code in the last episode (its procedures: {procedures_last_episode})",
    when_unknown="the procedures of the last episode cannot be read",
    when_missing="the last episode has no procedure",
)
DIAGNOSIS = Criterion(
    id="diagnosis",
    says="The first diagnosis of the last episode is M51.8, M51.9, M54.5 or M54.9",
    met_when=_DIAGNOSES.is_recorded() & _DIAGNOSES.first_code().is_in(codelists.BACK_PAIN_WITHOUT_M512),
    cite=Cite(sources.NHP_SQL, f"{_PLACE}, third EXISTS"),
    when_not_met="the last episode's first diagnosis is not M518, M519, M545 or M549 (its diagnoses: {diagnoses_last_episode})",
    when_unknown="the diagnoses of the last episode cannot be read",
    when_missing="the last episode has no diagnosis",
)
ELECTIVE = Criterion(
    id="elective",
    says="The admission method begins with 1",
    met_when=activity.admission_method.begins_with("1"),
    cite=Cite(sources.NHP_SQL, f"{_PLACE}, WHERE"),
    when_not_met="the admission method is {admission_method}, which does not begin with 1",
    when_unknown="the admission method is missing",
)
NO_MALIGNANCY = Criterion(
    id="no-malignancy",
    says="No cancer code among the diagnoses of the last episode",
    met_when=~(_DIAGNOSES.is_recorded() & _DIAGNOSES.any_in(codelists.MALIGNANCY)),
    cite=Cite(sources.NHP_SQL, f"{_PLACE}, NOT EXISTS"),
    when_not_met="a cancer code is in the last episode (its diagnoses: {diagnoses_last_episode})",
    when_unknown="the diagnoses of the last episode cannot be read",
)

DEFINITION = Definition(
    id="nhp-sql-2024",
    title="nhp_sql's radio_frequency_denervation, as it executes",
    version="f60257a",
    published=2024,
    steward="The Strategy Unit",
    status=Status.AS_EXECUTED,
    source=sources.NHP_SQL,
    label=ebi_2k.LABEL,
    criteria=(
        DENERVATION,
        SITE,
        DIAGNOSIS,
        replace(ebi_2k.ADULT, cite=Cite(sources.NHP_SQL, f"{_PLACE}, WHERE")),
        ELECTIVE,
        NO_MALIGNANCY,
    ),
    notes=("Without M51.2, without the private exclusion, and elective admissions only.",),
)
