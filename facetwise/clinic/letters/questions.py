"""Questions to ask at the clinic: those of the leaflet for this patient, and the patient's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from facetwise.clinic.follow_up.diary import line
from facetwise.clinic.model.clinic_record import clinic_of, with_clinic
from facetwise.errors import InputError
from facetwise.information.leaflet import compose
from facetwise.information.model.sentence import Stage, Topic
from facetwise.information.model.situation import Region, Situation
from facetwise.information.positions import ClinicChoices

MOST = 30
_LONGEST = 500


def leaflet_questions(document: Mapping[str, Any], choices: tuple[tuple[str, str], ...] = ()) -> tuple[str, ...]:
    """The questions that the leaflet suggests. choices: what the clinic picked where the sources differ."""
    region = (document.get("request") or {}).get("region")
    about = Situation(Region.NECK if region == "cervical" else Region.LUMBAR)
    section = compose(Stage.WHOLE, about, ClinicChoices(choices)).section(Topic.QUESTIONS)
    return tuple(said.says for said in section.lines) if section else ()


def put_questions(document: Mapping[str, Any], text: str, shown: str = "") -> dict[str, Any]:
    """The record with the patient's own questions, one a line. Errors: InputError.

    shown: the questions that the form began with; one that is there now and was not among them was written elsewhere
    meanwhile, and stays.
    """
    asked, began, clinic = _lines(text), _lines(shown), clinic_of(document)
    meanwhile = tuple(said for said in clinic.questions if said not in began and said not in asked)
    asked = (*asked, *meanwhile)
    if len(asked) > MOST or any(len(said) > _LONGEST for said in asked):
        raise InputError(f"Write at most {MOST} questions, each of at most {_LONGEST} characters, one a line.")
    return with_clinic(document, clinic.model_copy(update={"questions": asked}))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(said for said in map(line, text.splitlines()) if said)
