"""Which text a patient is handed: the situation that the record tells of, and the stage at which they stand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from facetwise.clinic.model.clinic_record import clinic_of
from facetwise.information.model.sentence import Stage
from facetwise.information.model.situation import Region, Situation
from facetwise.language.truth import Truth
from facetwise.record.parse import record_of

_REGIONS = {"lumbar": Region.LUMBAR, "cervical": Region.NECK}
_STAGES = {
    "information": Stage.WHOLE,
    "work-up": Stage.WHOLE,
    "block": Stage.BEFORE_BLOCK,
    "preparation": Stage.BEFORE_PROCEDURE,
    "recovery": Stage.AFTERCARE,
    "follow-up": Stage.FOLLOW_UP,
    "repeat": Stage.FOLLOW_UP,
    "ended": Stage.WHOLE,
}


def region_of(document: Mapping[str, Any]) -> Region | None:
    """Where the procedure is asked for; None where that is not recorded, or is a place that no source tells of."""
    record = record_of(document, "the record")
    return _REGIONS.get(record.request.region or "")


def is_elsewhere(document: Mapping[str, Any]) -> bool:
    """A region is recorded, and none of the sources tells of it."""
    region = record_of(document, "the record").request.region
    return region is not None and region not in _REGIONS


def situation_of(document: Mapping[str, Any], region: Region) -> Situation:
    """The patient as far as the text differs; what is not recorded stays unknown, and the text speaks to both."""
    record, clinic = record_of(document, "the record"), clinic_of(document)
    whole = "conditions" in record.complete
    thinner = record.conditions.anticoagulant
    return Situation(
        region,
        blood_thinner=_truth(False if thinner is None and whole else thinner),
        drives=_truth(clinic.drives),
        sedation=_truth(clinic.sedation_planned),
    )


def stage_for(pathway_stage: str) -> Stage:
    """The text for somebody at that stage of the pathway; the whole one where the stage is none of them."""
    return _STAGES.get(pathway_stage, Stage.WHOLE)


def is_block_done(document: Mapping[str, Any], today: date) -> bool:
    """The latest block was done and is not judged, and none is booked for a later day: the patient is after it."""
    record, booked = record_of(document, "the record"), clinic_of(document).block_booked
    treated = max((done.date for done in record.denervations if done.date and done.date <= today), default=date.min)
    past = [block for block in record.blocks if block.date and treated < block.date <= today]
    if not past:
        return False
    latest = max(past, key=lambda block: block.date or date.min)
    judged = (latest.positive, latest.prolonged, latest.stated_relief_percent)
    return judged == (None, None, None) and not (booked and latest.date and booked > latest.date)


def _truth(flag: bool | None) -> Truth:
    return Truth.UNKNOWN if flag is None else Truth.of(flag)
