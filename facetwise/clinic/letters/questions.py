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
    return tuple(question.says for question in section.lines) if section else ()


def put_questions(document: Mapping[str, Any], text: str, began_with: str = "") -> dict[str, Any]:
    """The record with the patient's own questions, one a line. Errors: InputError.

    shown: the questions that the form began with; one that is there now and was not among them was written elsewhere
    meanwhile, and stays.
    """
    questions, began, clinic = _lines(text), _lines(began_with), clinic_of(document)
    meanwhile = tuple(question for question in clinic.questions if question not in began and question not in questions)
    questions = (*questions, *meanwhile)
    if len(questions) > MOST or any(len(question) > _LONGEST for question in questions):
        raise InputError(f"Write at most {MOST} questions, each of at most {_LONGEST} characters, one a line.")
    return with_clinic(document, clinic.model_copy(update={"questions": questions}))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(question for question in map(line, text.splitlines()) if question)
