"""The sources that the library cites, each in the version that was read."""

from facetwise.language.citation import Read, Source

EBI_2K = Source(
    id="ebi-2k",
    title="EBI 2K, Lumbar radiofrequency facet joint denervation",
    publisher="Academy of Medical Royal Colleges, Evidence-Based Interventions programme",
    version="December 2023",
    url="https://ebi.aomrc.org.uk/interventions/lumbar-radiofrequency-facet-joint-denervation/",
    read=Read.PRIMARY,
)
EBI_CODING = Source(
    id="ebi-coding",
    title="EBI coding page",
    publisher="Academy of Medical Royal Colleges, Evidence-Based Interventions programme",
    version="undated, read in November 2026",
    url="https://www.aomrc.org.uk/ebi/ebi-coding/",
    read=Read.PARTIAL,
)
NHP_SQL = Source(
    id="nhp-sql",
    title="nhp_sql, ip_evidence_based_interventions_msk.sql",
    publisher="The Strategy Unit",
    version="2024 (commit f60257a)",
    url="https://github.com/The-Strategy-Unit/nhp_sql",
    read=Read.PRIMARY,
)
NHP_DATA = Source(
    id="nhp-data",
    title="nhp_data, evidence_based_interventions_msk.py",
    publisher="The Strategy Unit",
    version="2026 (commit cff9dde)",
    url="https://github.com/The-Strategy-Unit/nhp_data",
    read=Read.PARTIAL,
)
OPCS_TITLES = Source(
    id="opcs-4-titles",
    title="OPCS-4 code titles with national counts",
    publisher="NHS England, as compiled by opencodecounts",
    version="2012/13 to 2021/22",
    url="https://digital.nhs.uk/data-and-information/publications/statistical/hospital-admitted-patient-care-activity",
    read=Read.PRIMARY,
)
NICE_NG59 = Source(
    id="nice-ng59",
    title="NICE guideline NG59, Low back pain and sciatica in over 16s",
    publisher="National Institute for Health and Care Excellence",
    version="30 November 2016, updated 11 December 2020",
    url="https://www.nice.org.uk/guidance/ng59/chapter/Recommendations",
    read=Read.PARTIAL,
)
RADICAL = Source(
    id="radical-trial",
    title="RADICAL, ISRCTN16473239, NIHR127457",
    publisher="University of Bristol and partners",
    version="trial registration and site page, read in November 2026",
    url="https://www.isrctn.com/ISRCTN16473239",
    read=Read.PRIMARY,
)

SOURCES = (EBI_2K, EBI_CODING, NHP_SQL, NHP_DATA, OPCS_TITLES)
