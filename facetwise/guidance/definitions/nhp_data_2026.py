"""`nhp-data-2026`: the successor of nhp_sql, as it executes: it looks for procedure sites among diagnoses.

The code searches the diagnoses for Z67.5 to Z67.7 and Z99.3. In ICD-10 only Z99.3 exists, dependence on a wheelchair, so
the list here is an ICD-10 list of its own; an OPCS-4 list against diagnoses does not build.
"""

from dataclasses import replace

from facetwise.guidance import codelists, sources
from facetwise.guidance.definitions import ebi_2k, nhp_sql_2024
from facetwise.language import activity
from facetwise.language.citation import Cite
from facetwise.language.definition import Criterion, Definition, Status

_PLACE = "_radio_frequency_denervation"
_DIAGNOSES = activity.diagnoses.last_episode()

SITE = Criterion(
    id="site",
    says="Z99.3 stands among the diagnoses of the last episode (in ICD-10: dependence on a wheelchair)",
    met_when=_DIAGNOSES.is_recorded() & _DIAGNOSES.any_in(codelists.SITES_READ_AS_ICD10),
    cite=Cite(sources.NHP_DATA, f"{_PLACE}, the diagnosis filter"),
    when_not_met="no Z993 among the last episode's diagnoses ({diagnoses_last_episode}), where the code looks for the site",
    when_unknown="the diagnoses of the last episode cannot be read",
    when_missing="the last episode has no diagnosis, where the code looks for the site",
)

DEFINITION = Definition(
    id="nhp-data-2026",
    title="nhp_data's radio-frequency denervation, as it executes",
    version="cff9dde",
    published=2026,
    steward="The Strategy Unit",
    status=Status.AS_EXECUTED,
    source=sources.NHP_DATA,
    label=ebi_2k.LABEL,
    criteria=(
        replace(nhp_sql_2024.DENERVATION, cite=Cite(sources.NHP_DATA, f"{_PLACE}, the procedure filter")),
        SITE,
        replace(ebi_2k.DIAGNOSIS, cite=Cite(sources.NHP_DATA, f"{_PLACE}, the primary diagnosis filter")),
        replace(ebi_2k.ADULT, cite=Cite(sources.NHP_DATA, f"{_PLACE}, the age filter")),
        replace(ebi_2k.NOT_EMERGENCY, cite=Cite(sources.NHP_DATA, "the helper that drops admission methods 2")),
        replace(nhp_sql_2024.NO_MALIGNANCY, cite=Cite(sources.NHP_DATA, "the helper that drops cancer diagnoses")),
    ),
    notes=(
        "Only a spell whose last episode also codes dependence on a wheelchair can be counted.",
        "Private patients stay in: the filter is commented out in the source.",
    ),
)
