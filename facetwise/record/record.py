"""The record of one patient, `facetwise.record/1`. Absent is unknown, never "no".

Every part may be absent. Frozen; its JSON Schema comes from the same classes (schema.py).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from facetwise.record.field_types import LEVELS, Day, Flag, Many, Number, OfTen, Percent, Positive, Text, fault

Region = Literal["cervical", "thoracic", "lumbar", "sacroiliac", "knee", "hip", "shoulder"]
Side = Literal["left", "right"]
Technique = Literal["thermal", "pulsed", "cooled"]
Rating = Literal["mild", "moderate", "severe"]
Scale = Literal["NRS", "VAS", "VAS100", "ODI", "NDI"]
Context = Literal["usual", "worst", "referral"]
CareKind = Literal[
    "physiotherapy",
    "exercise",
    "manual-therapy",
    "psychological",
    "medication",
    "weight",
    "pain-programme",
    "injection",
    "other",
]
CareOutcome = Literal["failed", "helped", "ongoing", "not-tolerated", "contraindicated", "unknown"]
BlockKind = Literal["medial-branch-block", "intra-articular"]
Level = Literal[LEVELS]  # type: ignore[valid-type]  # the joints, made by counting
Levels = Annotated[tuple[Level, ...], Many]
Sides = Annotated[tuple[Side, ...], Many]
HIGHEST = {"NRS": 10, "VAS": 10, "VAS100": 100, "ODI": 100, "NDI": 100}


class Part(BaseModel):
    """Something in a record: unknown fields are refused, nothing can be changed."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Request(Part):
    date: Day | None = None
    region: Region | None = None
    levels: Levels | None = None
    sides: Sides | None = None
    technique: Technique | None = None


class Pain(Part):
    since: Day | None = None
    axial: Flag | None = None
    radicular: Flag | None = None
    below_knee: Flag | None = None
    rating: Rating | None = None
    limits_daily_life: Flag | None = None


class Assessment(Part):
    facet_suspected: Flag | None = None
    specialist: Flag | None = None
    surgery_not_an_option: Flag | None = None
    date: Day | None = None


class Score(Part):
    """A score on a named scale: NRS and VAS 0 to 10, VAS100, ODI and NDI 0 to 100."""

    date: Day | None = None
    scale: Scale | None = None
    value: Positive | None = None
    context: Context | None = None

    @model_validator(mode="after")
    def _on_its_scale(self) -> Score:
        highest = HIGHEST.get(self.scale or "", 100)
        if self.value is not None and self.value > highest:
            raise fault("scale", f"has a value over {highest}, the highest of its scale")
        return self


class Care(Part):
    kind: CareKind | None = None
    from_: Day | None = Field(None, alias="from")
    to: Day | None = None
    outcome: CareOutcome | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Care:
        if self.from_ and self.to and self.to < self.from_:
            raise fault("span", "ends before it begins. Check from and to")
        return self


class After(Part):
    minutes: Positive | None = None
    score: OfTen


class Block(Part):
    date: Day | None = None
    kind: BlockKind | None = None
    region: Region | None = None
    levels: Levels | None = None
    sides: Sides | None = None
    agent: Text | None = None
    steroid: Flag | None = None
    sedation: Flag | None = None
    volume_ml: Positive | None = None
    before: OfTen | None = None
    after: Annotated[tuple[After, ...], Many] | None = None
    stated_relief_percent: Percent | None = None
    relief_hours: Positive | None = None
    positive: Flag | None = None
    prolonged: Flag | None = None


class Relief(Part):
    date: Day | None = None
    percent: Percent | None = None
    adl_percent: Percent | None = None


class Denervation(Part):
    date: Day | None = None
    region: Region | None = None
    levels: Levels | None = None
    sides: Sides | None = None
    technique: Technique | None = None
    relief: Annotated[tuple[Relief, ...], Many] | None = None


class Conditions(Part):
    pacemaker: Flag | None = None
    icd: Flag | None = None
    neurostimulator: Flag | None = None
    anticoagulant: Flag | None = None
    bleeding_disorder: Flag | None = None
    pregnant: Flag | None = None
    local_infection: Flag | None = None
    systemic_infection: Flag | None = None
    allergy: Flag | None = None
    cannot_lie_prone: Flag | None = None
    fusion_at_level: Flag | None = None
    lumbar_metalwork: Flag | None = None
    cauda_equina_signs: Flag | None = None
    suspected_cancer: Flag | None = None
    spinal_infection: Flag | None = None
    fracture: Flag | None = None
    progressive_neurological_deficit: Flag | None = None
    hads_depression: Annotated[Number, Field(ge=0, le=21)] | None = None


Complete = Literal["scores", "care", "blocks", "denervations", "conditions"]


class Record(Part):
    schema_: Literal["facetwise.record/1"] = Field("facetwise.record/1", alias="schema")
    id: Text | None = None
    born: Day | None = None
    sex: Text | None = None
    request: Request = Request()
    pain: Pain = Pain()
    assessment: Assessment = Assessment()
    scores: Annotated[tuple[Score, ...], Many] = ()
    care: Annotated[tuple[Care, ...], Many] = ()
    blocks: Annotated[tuple[Block, ...], Many] = ()
    denervations: Annotated[tuple[Denervation, ...], Many] = ()
    conditions: Conditions = Conditions()
    complete: Annotated[tuple[Complete, ...], Many] = ()
    clinic: dict[str, Any] = Field(default_factory=dict)
