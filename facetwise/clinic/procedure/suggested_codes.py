"""Codes suggested for a denervation, each with its reason and its place. A coder decides; the notes are what is coded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from types import MappingProxyType

from facetwise.clinic.model.clinic_record import Procedure
from facetwise.clinic.model.nerves import Extent, region_of
from facetwise.clinic.procedure.lesions import extents
from facetwise.guidance import codelists
from facetwise.guidance.safety import SAFETY_NOTES
from facetwise.guidance.sources import EBI_2K, OPCS_TITLES
from facetwise.language.citation import Cite, Read
from facetwise.language.codes import CodeSystem

A_CODER_DECIDES = "Suggested from what is recorded. A coder decides, from the notes and the national coding rules."


class Use(Enum):
    """What a code says of the procedure, in the order in which the codes are suggested."""

    OPERATION = "the operation"
    METHOD = "how it was done"
    LEVELS = "how many joints"
    GUIDANCE = "image guidance"
    SITE = "which joints"
    SIDE = "which side"
    DIAGNOSIS = "the diagnosis"


@dataclass(frozen=True)
class Suggestion:
    """One code: its system and title, why it is suggested, and where it is written."""

    code: str
    system: CodeSystem
    title: str
    use: Use
    why: str
    cites: tuple[Cite, ...]


CODING_NOTES = replace(SAFETY_NOTES, id="facetwise-coding-notes", title="Facetwise, notes on coding")
_TITLE = Cite(OPCS_TITLES, "code titles")
_PAGE = Cite(EBI_2K, "code definitions, procedure codes")
_NOTES = Cite(CODING_NOTES, "OPCS-4: levels of spine and image control, after NICE coding notes")
_ON_THE_PAGE = (codelists.LUMBAR_RFD, codelists.LUMBAR_SITES, codelists.LUMBAR_DENERVATION_NEC)
_SIDE = Cite(CODING_NOTES, "OPCS-4: laterality", read_as=Read.UNVERIFIED)
_BACK_PAIN = Cite(EBI_2K, "code definitions, diagnosis codes")
_ARTHROSIS = Cite(CODING_NOTES, "ICD-10: what facet arthropathy usually gets", read_as=Read.UNVERIFIED)

OPCS = MappingProxyType(
    {
        "V481": "Radiofrequency controlled thermal denervation of spinal facet joint of cervical vertebra",
        "V482": "Denervation of spinal facet joint of cervical vertebra NEC",
        "V483": "Radiofrequency controlled thermal denervation of spinal facet joint of thoracic vertebra",
        "V484": "Denervation of spinal facet joint of thoracic vertebra NEC",
        "V485": "Radiofrequency controlled thermal denervation of spinal facet joint of lumbar vertebra",
        "V486": "Denervation of spinal facet joint of lumbar vertebra NEC",
        "V551": "One level of spine",
        "V552": "Two levels of spine",
        "V553": "Greater than two levels of spine",
        "Y532": "Approach to organ under ultrasonic control",
        "Y533": "Approach to organ under computed tomography scan control",
        "Y534": "Approach to organ under fluoroscopic control",
        "Z673": "Cervical intervertebral joint",
        "Z674": "Thoracic intervertebral joint",
        "Z675": "Lumbar intervertebral joint",
        "Z676": "Lumbosacral joint",
        "Z941": "Bilateral operation",
        "Z942": "Right sided operation",
        "Z943": "Left sided operation",
    }
)
ICD10 = MappingProxyType(
    {
        "M545": ("Low back pain", ("lumbar",), _BACK_PAIN),
        "M549": ("Dorsalgia, unspecified", ("lumbar", "thoracic", "cervical"), _BACK_PAIN),
        "M512": ("Other specified intervertebral disc displacement", ("lumbar",), _BACK_PAIN),
        "M518": ("Other specified intervertebral disc disorders", ("lumbar",), _BACK_PAIN),
        "M519": ("Intervertebral disc disorder, unspecified", ("lumbar",), _BACK_PAIN),
        "M478": ("Other spondylosis (facet arthropathy)", ("lumbar", "thoracic", "cervical"), _ARTHROSIS),
        "M479": ("Spondylosis, unspecified", ("lumbar", "thoracic", "cervical"), _ARTHROSIS),
    }
)
_THERMAL = MappingProxyType({"cervical": "V481", "thoracic": "V483", "lumbar": "V485"})
_NEC = MappingProxyType({"cervical": "V482", "thoracic": "V484", "lumbar": "V486"})
_IMAGE = MappingProxyType({"fluoroscopy": "Y534", "ct": "Y533", "ultrasound": "Y532"})
_SEEN_BY = MappingProxyType({"fluoroscopy": "Fluoroscopy", "ct": "CT", "ultrasound": "Ultrasound"})
_SIDED = MappingProxyType({"Z941": "both sides", "Z942": "right", "Z943": "left"})
_SITES = MappingProxyType({"cervical": "Z673", "thoracic": "Z674", "lumbar": "Z675"})


def suggested(procedure: Procedure) -> tuple[Suggestion, ...]:
    """The OPCS-4 codes for a procedure as it is written down, the operation first; none where no joint is whole."""
    joints = _joints(procedure)
    if not joints:
        return ()
    found = [*_operations(procedure, joints), _levels(joints)]
    if procedure.guidance:
        code = _IMAGE[procedure.guidance]
        found.append(_opcs(code, Use.GUIDANCE, f"{_SEEN_BY[procedure.guidance]} is recorded.", _NOTES))
    return (*found, *_sites(joints), *_side(procedure))


@dataclass(frozen=True)
class Differs:
    """Where the codes that a person chose are not those that the nerves suggest.

    only_suggested, only_chosen: the codes that stand on one side alone. says: what that means for the side, or that the
    nerves support no code at all; '' where the side is the same or not coded.
    """

    only_suggested: tuple[str, ...]
    only_chosen: tuple[str, ...]
    says: str


def differs(procedure: Procedure) -> Differs | None:
    """How the codes chosen differ from those suggested; None where none was chosen or they are the same."""
    chosen, found = procedure.opcs, tuple(item.code for item in suggested(procedure))
    only_found = tuple(code for code in found if code not in {one[:4] for one in chosen})
    only_chosen = tuple(code for code in chosen if code[:4] not in found)
    if not chosen or not (only_found or only_chosen):
        return None
    return Differs(only_found, only_chosen, _unlike(procedure, chosen))


def _unlike(procedure: Procedure, chosen: Sequence[str]) -> str:
    sentences = []
    coded = {_SIDED[code[:4]] for code in chosen if code[:4] in _SIDED}
    treated: set[str] = {nerve.side for nerve in procedure.nerves if nerve.lesion}
    done = _whole_sides(procedure) or treated
    if coded and done and coded != {_side_code(done)[1]}:
        sentences.append(f"The codes chosen say {' and '.join(sorted(coded))}; the nerves say {_side_code(done)[1]}.")
    if not _joints(procedure):
        none = "no lesion is written down" if not treated else "no joint has all its nerves treated"
        sentences.append(f"As the nerves stand, {none}, so they support no code of an operation.")
    return " ".join(sentences)


def wanting(procedure: Procedure) -> tuple[str, ...]:
    """What is not written down and a code waits for, in words."""
    sentences = []
    if not _joints(procedure):
        sentences.append("No joint has all its nerves treated, so no operation can be coded from the nerves.")
    if procedure.technique is None:
        sentences.append("The technique is not recorded: thermal and other radiofrequency have different codes.")
    if procedure.guidance is None:
        sentences.append("The image guidance is not recorded.")
    if not procedure.icd10:
        sentences.append("No diagnosis is chosen. Choose the one in the notes.")
    return tuple(sentences)


def diagnoses(procedure: Procedure) -> tuple[Suggestion, ...]:
    """The ICD-10 codes to choose a diagnosis from; none is chosen for anybody."""
    regions = {region_of(joint) for joint in _joints(procedure)} or {
        region_of(j) for n in procedure.nerves for j in n.joints or ()
    }
    return tuple(
        Suggestion(code, CodeSystem.ICD10, title, Use.DIAGNOSIS, _why_diagnosis(cite), (cite,))
        for code, (title, where, cite) in ICD10.items()
        if regions & set(where)
    )


def _why_diagnosis(cite: Cite) -> str:
    if cite is _BACK_PAIN:
        return "On the national counting rule's list. Only where it is the diagnosis in the notes."
    return "What facet arthropathy usually gets. Not on the national counting rule's list."


def _joints(procedure: Procedure) -> tuple[str, ...]:
    whole = (item.joint for item in extents(procedure) if item.extent is Extent.WHOLE)
    return tuple(dict.fromkeys(whole))


def _operations(procedure: Procedure, joints: Sequence[str]) -> list[Suggestion]:
    """One operation a region. Without a technique nobody can tell which code it is."""
    regions = tuple(dict.fromkeys(region_of(joint) for joint in joints))
    match procedure.technique:
        case None:
            return []
        case "pulsed":
            why = (
                "Pulsed radiofrequency is not thermal denervation, so the code of denervation not elsewhere classified."
            )
            return [_opcs(_NEC[region], Use.OPERATION, why) for region in regions]
        case technique:
            why = f"A {technique} radiofrequency lesion at every nerve of the joint."
            return [_opcs(_THERMAL[region], Use.OPERATION, why) for region in regions]


def _levels(joints: Sequence[str]) -> Suggestion:
    code = {1: "V551", 2: "V552"}.get(len(joints), "V553")
    return _opcs(code, Use.LEVELS, f"Denervated: {', '.join(joints)}. Levels are counted as joints.", _NOTES)


def _sites(joints: Sequence[str]) -> list[Suggestion]:
    held: dict[str, list[str]] = {}
    for joint in joints:
        held.setdefault("Z676" if joint == "L5/S1" else _SITES[region_of(joint)], []).append(joint)
    return [_opcs(code, Use.SITE, f"For {', '.join(of)}.") for code, of in held.items()]


def _side(procedure: Procedure) -> list[Suggestion]:
    sides = _whole_sides(procedure)
    code, _ = _side_code(sides)
    why = f"Denervated on the {' and the '.join(sorted(sides))}."
    return [_opcs(code, Use.SIDE, why, _SIDE)]


def _whole_sides(procedure: Procedure) -> set[str]:
    return {item.side for item in extents(procedure) if item.extent is Extent.WHOLE}


def _side_code(sides: set[str]) -> tuple[str, str]:
    """The code of these sides, and the side in words."""
    code = "Z941" if len(sides) == 2 else "Z942" if sides == {"right"} else "Z943"
    return code, _SIDED[code]


def _opcs(code: str, use: Use, why: str, *more: Cite) -> Suggestion:
    listed = (_PAGE,) if any(codes.holds(code) for codes in _ON_THE_PAGE) else ()
    return Suggestion(code, CodeSystem.OPCS4, OPCS[code], use, why, (_TITLE, *listed, *more))
