"""Words of letters: facts, evidence and needs as a reader of letters has them. What is not recorded is said to be so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from facetwise.clinic.model.clinic_record import Clinic
from facetwise.clinic.model.dates_text import written
from facetwise.clinic.model.history import NOT_RECORDED, plain_number
from facetwise.decide.evidence import Evidence

NEEDS = {
    "large-print": "Large print, 18 point",
    "easy-read": "Easy read",
    "audio": "Audio",
    "bsl": "British Sign Language",
    "interpreter": "An interpreter",
    "email": "By e-mail",
    "text-message": "By text message",
    "carer": "A carer or supporter",
    "hearing": "Hearing",
}
REGIONS = {
    "cervical": "neck (cervical)",
    "thoracic": "middle of the back (thoracic)",
    "lumbar": "low back (lumbar)",
    "sacroiliac": "sacroiliac joint",
    "knee": "knee",
    "hip": "hip",
    "shoulder": "shoulder",
}
_FACTS = {
    "pain_since": "Pain since",
    "pain_axial": "Pain mainly axial",
    "pain_radicular": "Radicular pain",
    "pain_below_knee": "Pain below the knee",
    "pain_rating": "Pain rated",
    "pain_limits_daily_life": "Limits daily life",
    "pain_score": "Pain score",
    "block_response": "Block judged positive",
    "hads_depression": "HADS depression score",
    "icd": "Implanted defibrillator",
}
_VALUES = {
    "not-tolerated": "not tolerated",
    "medial-branch-block": "medial branch block",
    "intra-articular": "injection into the joint",
}


def value_text(value: object) -> str:
    """'yes', 'no', '20 November 2026', 'left and right', '6.5'; 'not recorded' where there is nothing."""
    match value:
        case None | "" | ():
            return NOT_RECORDED
        case bool():
            return "yes" if value else "no"
        case date():
            return written(value)
        case Decimal():
            return plain_number(value)
        case tuple():
            return _and(str(inner) for inner in value)
        case _:
            return _VALUES.get(str(value), str(value))


def evidence_in_words(item: Evidence) -> str:
    """'Pain score 6/10 (1 October 2026)'."""
    name = _FACTS.get(item.fact, item.fact.replace("_", " ").capitalize())
    unit = item.unit if item.unit in ("/10", "%", "") else f" {item.unit}"
    unit = " %" if unit == "%" else unit
    value = value_text(item.value)
    text = f"{name} {value}" if value == NOT_RECORDED else f"{name} {value}{unit}"
    return f"{text} ({written(item.day)})" if item.day else text


def needs_in_words(clinic: Clinic) -> tuple[str, ...]:
    """How this person is to be written and spoken to, in the order in which it is kept."""
    return tuple(NEEDS[need] for need in clinic.needs)


def wants_large_print(clinic: Clinic) -> bool:
    """Everything printed for this person is in 18 point."""
    return "large-print" in clinic.needs


def _and(parts: Iterable[str]) -> str:
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last
