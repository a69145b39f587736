"""The summary of a procedure: its joints, its codes, and the count's own answer."""

from __future__ import annotations

from typing import Any

from facetwise.clinic.model.clinic_record import Procedure
from facetwise.clinic.model.nerves import supply
from facetwise.clinic.procedure.checklist import CHECKS, cleared_in_words, despite_in_words, has_lesions
from facetwise.clinic.procedure.lesions import ALLERGIC, WEAKNESS, asked_for, caveats, counts, extents
from facetwise.clinic.procedure.site_check import elsewhere, too_early
from facetwise.clinic.procedure.suggested_codes import A_CODER_DECIDES, diagnoses, differs, suggested, wanting
from facetwise.clinic.procedure.would_it_count import DefinitionAnswer, answers, coded
from facetwise.clinic.store.patients import Stored
from facetwise.decide.summary import READ
from facetwise.language.codes import dotted
from facetwise.language.truth import Truth

COUNTED = {Truth.MET: "would be counted", Truth.NOT_MET: "would not be counted", Truth.UNKNOWN: "cannot tell"}


def code_values(procedure: Procedure, stored: Stored) -> dict[str, str]:
    """The codes of a procedure as their fields show them."""
    taken = coded(procedure, stored.record.born)
    return {
        "opcs": " ".join(dotted(one) for one in taken.opcs),
        "icd10": " ".join(dotted(one) for one in taken.icd10),
        "admission_method": procedure.admission_method or "",
        "administrative_category": procedure.administrative_category or "",
    }


def summary_of(procedure: Procedure, stored: Stored) -> dict[str, Any]:
    """The summary of a procedure, for its page and for paper."""
    found = answers(procedure, stored.record.born)
    joints = dict.fromkeys(item.joint for item in extents(procedure))
    return {
        "held": procedure,
        "checks": CHECKS,
        "cleared": cleared_in_words(procedure.checklist),
        "despite": despite_in_words(procedure.went_on),
        "caveats": (*too_early(stored.record, procedure), *elsewhere(stored.record, procedure), *caveats(procedure)),
        "was_allergic": ALLERGIC in procedure.events,
        "was_weak": WEAKNESS in procedure.events,
        "may_end": not has_lesions(procedure),
        "extents": extents(procedure),
        "asked_for": asked_for(procedure),
        "counting": counts(procedure),
        "supplies": [supply(joint) for joint in joints],
        "suggestions": suggested(procedure),
        "wanting": wanting(procedure),
        "diagnoses": diagnoses(procedure),
        "differs": differs(procedure),
        "coded": coded(procedure, stored.record.born),
        "national": found[0],
        "others": found[1:],
        "counted": COUNTED,
        "coder": A_CODER_DECIDES,
        "dotted": dotted,
        "reads": READ,
        "repairs": _repairs(found[0]),
    }


def _repairs(answer: DefinitionAnswer) -> list[tuple[str, tuple[str, ...]]]:
    """What stands in the way, with the coding that would repair it."""
    return [(item.why, item.repairs) for item in answer.criteria if item.truth is not Truth.MET]
