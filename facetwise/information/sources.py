"""Sources that the text for patients cites, beside those of the library."""

from types import MappingProxyType

from facetwise.guidance import safety, sources
from facetwise.guidance.policies import bupa_2018, cleveland_2019, hny_2025, mayo_2024
from facetwise.guidance.sources import EBI_2K
from facetwise.language.citation import Cite, Read, Source

BUPA = bupa_2018.SOURCE
CLEVELAND = cleveland_2019.SOURCE
MAYO = mayo_2024.SOURCE
EBI_SUMMARY = Source(
    id="ebi-2k-summary",
    title="2K, Lumbar radiofrequency facet joint denervation, summary of the intervention",
    publisher="Academy of Medical Royal Colleges, Evidence-Based Interventions programme",
    version="undated",
    url="https://ebi.aomrc.org.uk/interventions/lumbar-radiofrequency-facet-joint-denervation/",
    read=Read.PRIMARY,
)
CHESTERFIELD = Source(
    id="chesterfield-cauda-equina",
    title="Cauda equina syndrome: warning signs",
    publisher="Chesterfield Royal Hospital NHS Foundation Trust",
    version="as seen November 2026, undated",
    url="https://chesterfieldroyal.nhs.uk/all-services-and-wards/physiotherapy-services/musculoskeletal-and-rheumatology-services/cauda-equina",
    read=Read.PARTIAL,
)
CAUTIOUS = Source(
    id="facetwise-cautious",
    title="Facetwise: cautious advice where the sources differ or are silent",
    publisher="Facetwise",
    version="November 2026, an inference of the project",
    url="https://github.com/facetwise/facetwise",
    read=Read.UNVERIFIED,
)
CLINIC = Source(
    id="clinic-advice",
    title="The advice that your own clinic picked",
    publisher="Your clinic",
    version="as the clinic picked it",
    url="https://github.com/facetwise/facetwise",
    read=Read.PRIMARY,
)
SOURCES = (EBI_SUMMARY, CHESTERFIELD, CAUTIOUS, CLINIC)
FIVE = (BUPA, CLEVELAND, EBI_2K, MAYO, EBI_SUMMARY)
_LIBRARY = (*sources.SOURCES, sources.NICE_NG59, hny_2025.SOURCE, *safety.SOURCES)
BY_ID = MappingProxyType({source.id: source for source in (*_LIBRARY, *FIVE, *SOURCES)})


def cautious(point: str) -> Cite:
    """Our own inference on a conflict or a point: shown as such, never as a source's."""
    return Cite(CAUTIOUS, f"cautious advice on {point}")


def clinic(conflict: str) -> Cite:
    """The clinic's own pick on a conflict."""
    return Cite(CLINIC, f"choice {conflict}")
