"""What holds the next step, and what outranks every policy: in words, with the place each rests on.

They inform: none names a day to stop a medicine, none clears anybody.
"""

from __future__ import annotations

from dataclasses import dataclass

from facetwise.guidance.sources import NICE_NG59, RADICAL
from facetwise.language.citation import Cite, Read, Source

HWE = Source(
    id="hwe",
    title="Injections and radiofrequency denervation for non-specific back pain, v1.1",
    publisher="Hertfordshire and West Essex Integrated Care Board",
    version="1.1, read in November 2026",
    url="https://hweclinicalguidance.nhs.uk/clinical-policies/injections-and-radiofrequency-denervation-for-non-specific-back-pain/",
    read=Read.PARTIAL,
)
LLR = Source(
    id="llr",
    title="Policy for medial branch block and facet joint injection (ARP 71)",
    publisher="Leicester, Leicestershire and Rutland Integrated Care Board",
    version="review 2026, read in November 2026",
    url="https://leicesterleicestershireandrutland.icb.nhs.uk/policy-for-medical-branch-block-and-facet-joint-injection/",
    read=Read.PRIMARY,
)
ASRA = Source(
    id="asra-2019",
    title="Updates to the ASRA guidelines for interventional pain procedures",
    publisher="American Society of Regional Anesthesia and Pain Medicine",
    version="27 August 2019",
    url="https://www.asra.com",
    read=Read.PRIMARY,
)
ASPN = Source(
    id="aspn-2023",
    title="Guideline on radiofrequency ablation and implanted electrical devices, Journal of Pain Research 16:3693",
    publisher="American Society of Pain and Neuroscience",
    version="2023",
    url="https://doi.org/10.2147/JPR.S419594",
    read=Read.PARTIAL,
)
SAFETY_NOTES = Source(
    id="facetwise-safety-notes",
    title="Facetwise, notes on safety and technique",
    publisher="Facetwise",
    version="November 2026",
    url="urn:x-facetwise:safety-notes",
    read=Read.SECONDARY,
)
GLOS = Source(
    id="g-care-glos",
    title="G-care pathway: spinal red flags",
    publisher="NHS Gloucestershire",
    version="undated, read in November 2026",
    url="https://g-care.glos.nhs.uk/pathway/72/resource/3",
    read=Read.PRIMARY,
)


@dataclass(frozen=True)
class Caution:
    """A condition that holds or outranks the next step: its id in the record, what is to be done, how it is asked."""

    id: str
    says: str
    ask: str
    cite: Cite


_LISTED = "listed as a contraindication by a secondary source"

SAFETY = (
    Caution(
        "pacemaker",
        "A pacemaker: ask the device clinic and the operator before any radiofrequency current.",
        "Does the patient have a pacemaker?",
        Cite(RADICAL, "exclusion: pacemaker or defibrillator"),
    ),
    Caution(
        "icd",
        "An implanted defibrillator: ask the device clinic and the operator.",
        "Does the patient have an implanted defibrillator?",
        Cite(HWE, "contraindications"),
    ),
    Caution(
        "neurostimulator",
        "A neurostimulator, pump or brain stimulator: ask its maker and the team that implanted it before any radiofrequency current.",
        "Does the patient have a neurostimulator, pump or deep brain stimulator?",
        Cite(ASPN, "abstract"),
    ),
    Caution(
        "anticoagulant",
        "A blood thinner: record which, why it is taken and kidney function, and ask its prescriber. Nobody stops it by themselves.",
        "Does the patient take a blood thinner (anticoagulant or antiplatelet)?",
        Cite(ASRA, "thoracolumbar facet procedures, and patients not stopping by themselves"),
    ),
    Caution(
        "bleeding_disorder",
        "A bleeding disorder: hold until the operator and haematology have advised.",
        "Does the patient have a bleeding disorder?",
        Cite(SAFETY_NOTES, f"bleeding disorder: {_LISTED}"),
    ),
    Caution(
        "pregnant",
        "Pregnancy: hold. The procedure is guided by X-ray, and the trial of it excludes pregnancy.",
        "Is the patient pregnant, or could be?",
        Cite(RADICAL, "exclusion: pregnancy"),
    ),
    Caution(
        "local_infection",
        "Infection at the site: hold until it is clear.",
        "Is there infection of the skin or tissue where the needle would go?",
        Cite(SAFETY_NOTES, f"infection: {_LISTED}"),
    ),
    Caution(
        "systemic_infection",
        "A systemic infection: hold until it is clear.",
        "Does the patient have an infection now (fever, being treated)?",
        Cite(SAFETY_NOTES, f"infection: {_LISTED}"),
    ),
    Caution(
        "allergy",
        "An allergy that matters (local anaesthetic, contrast, latex, skin preparation, steroid): the operator chooses around it first.",
        "Is the patient allergic to local anaesthetic, contrast, latex, skin preparation or steroid?",
        Cite(SAFETY_NOTES, f"allergy: {_LISTED}"),
    ),
    Caution(
        "cannot_lie_prone",
        "The patient cannot lie prone: the operator reviews whether and how it can be done.",
        "Is the patient unable to lie on their front for up to an hour?",
        Cite(LLR, "unsuitable for denervation"),
    ),
    Caution(
        "lumbar_metalwork",
        "Metalwork in the lumbar spine: ask at which level, and have the operator review it.",
        "Is there metalwork in the lumbar spine?",
        Cite(RADICAL, "exclusion: metalwork"),
    ),
    Caution(
        "fusion_at_level",
        "A fusion at the level to be treated: ask the operator. Several policies do not pay for it there.",
        "Is the level to be treated fused?",
        Cite(SAFETY_NOTES, "metalwork and fusion: policies of the United States"),
    ),
)

RED_FLAGS = (
    Caution(
        "cauda_equina_signs",
        "Signs of cauda equina syndrome (bladder, bowel, saddle numbness): emergency route now.",
        "Any new trouble with bladder or bowel, or numbness around the seat?",
        Cite(GLOS, "red flags"),
    ),
    Caution(
        "suspected_cancer",
        "Suspected cancer: urgent referral before anything else.",
        "Is cancer suspected as the cause of the pain?",
        Cite(NICE_NG59, "1.1.1", read_as=Read.PRIMARY),
    ),
    Caution(
        "spinal_infection",
        "Suspected infection of the spine: urgent referral before anything else.",
        "Is an infection of the spine suspected?",
        Cite(NICE_NG59, "1.1.1", read_as=Read.PRIMARY),
    ),
    Caution(
        "fracture",
        "A suspected fracture: urgent referral before anything else.",
        "Is a fracture of the spine suspected?",
        Cite(GLOS, "red flags"),
    ),
    Caution(
        "progressive_neurological_deficit",
        "Weakness or numbness that is getting worse: urgent referral before anything else.",
        "Is there weakness or numbness in the legs or arms that is getting worse?",
        Cite(HWE, "exclusions: neurological deficit"),
    ),
)

BMJ_2025 = Source(
    id="bmj-2025",
    title="Commonly used interventional procedures for non-cancer chronic spine pain: a clinical practice guideline",
    publisher="BMJ Rapid Recommendations, BMJ 2025;388:e079970",
    version="2025",
    url="https://doi.org/10.1136/bmj-2024-079970",
    read=Read.PRIMARY,
)
CG88 = Source(
    id="nice-cg88-2009",
    title="NICE guideline CG88, Low back pain (superseded by NG59 in 2016)",
    publisher="National Institute for Health and Care Excellence",
    version="2009, superseded",
    url="https://gpcpd.heiw.wales/clinical/low-back-pain/physical-therapies-nice/",
    read=Read.SECONDARY,
)


@dataclass(frozen=True)
class Position:
    """What another text says of the procedure as a whole. superseded: it is no longer in force, and is shown as such."""

    id: str
    says: str
    cite: Cite
    superseded: bool = False


CONTRARY = Position(
    "bmj-2025",
    "A strong recommendation against radiofrequency ablation of joints for chronic axial spine pain of three months or more; "
    "34 societies asked for its retraction. It conflicts with NICE NG59: both are shown, neither is preferred.",
    Cite(BMJ_2025, "recommendations"),
)
SUPERSEDED = Position(
    "nice-cg88-2009",
    "Advised in 2009 not to refer for radiofrequency facet joint denervation. Superseded by NG59 in 2016, and still served on some pages.",
    Cite(CG88, "physical therapies page", read_as=Read.SECONDARY),
    superseded=True,
)
POSITIONS = (CONTRARY, SUPERSEDED)
SOURCES = (HWE, LLR, ASRA, ASPN, SAFETY_NOTES, GLOS, BMJ_2025, CG88)
