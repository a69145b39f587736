"""The facts of one patient, by their paths in the record, and the lists of dated events."""

from facetwise.language.events import CompletedYears, CountOf, Events
from facetwise.language.expressions import DayFact, FlagFact, NumberFact, TextFact, TextsFact
from facetwise.language.units import Grain, Unit

_OF = Grain.PATIENT

born = DayFact("born", "the date of birth", _OF)
age = CompletedYears(born)

region = TextFact("request.region", "the region asked for", _OF)
technique = TextFact("request.technique", "the technique asked for", _OF)
levels = TextsFact("request.levels", "the levels asked for", _OF)
sides = TextsFact("request.sides", "the sides asked for", _OF)
levels_n = CountOf(levels)

pain_since = DayFact("pain.since", "when the pain began", _OF)
axial = FlagFact("pain.axial", "whether the pain is mainly axial", _OF)
radicular = FlagFact("pain.radicular", "whether there is radicular pain", _OF)
below_knee = FlagFact("pain.below_knee", "whether the pain goes below the knee", _OF)
rating = TextFact("pain.rating", "how severe the pain is rated", _OF)
limits_daily_life = FlagFact("pain.limits_daily_life", "whether the pain limits daily life", _OF)

facet_suspected = FlagFact(
    "assessment.facet_suspected", "whether a clinician suspects the facet joints as the source", _OF
)
specialist = FlagFact("assessment.specialist", "whether a pain or spine specialist assessed the patient", _OF)
surgery_not_an_option = FlagFact("assessment.surgery_not_an_option", "whether surgery is not an option", _OF)

hads_depression = NumberFact("conditions.hads_depression", "the HADS depression score", _OF, Unit.POINTS, 0, 21)

RED_FLAGS = {
    "cauda_equina_signs": "signs of cauda equina syndrome",
    "suspected_cancer": "suspected cancer",
    "spinal_infection": "spinal infection",
    "fracture": "fracture",
    "progressive_neurological_deficit": "a progressive neurological deficit",
}
SAFETY = {
    "pacemaker": "a pacemaker",
    "icd": "an implanted defibrillator",
    "neurostimulator": "a neurostimulator",
    "anticoagulant": "an anticoagulant or antiplatelet medicine",
    "bleeding_disorder": "a bleeding disorder",
    "pregnant": "pregnancy",
    "local_infection": "infection at the site",
    "systemic_infection": "a systemic infection",
    "allergy": "an allergy to local anaesthetic, contrast, latex, skin preparation or steroid",
    "cannot_lie_prone": "being unable to lie prone",
    "lumbar_metalwork": "metalwork in the lumbar spine",
    "fusion_at_level": "a fusion at the level to be treated",
}
CONDITIONS = {
    name: FlagFact(f"conditions.{name}", f"whether there is {says}", _OF) for name, says in (RED_FLAGS | SAFETY).items()
}

score_date = DayFact("scores.date", "the date of a score", _OF)
score_scale = TextFact("scores.scale", "the scale of a score", _OF)
score_context = TextFact("scores.context", "what a score is of", _OF)
score_of_ten = NumberFact("scores.of_ten", "a pain score out of ten", _OF, Unit.POINTS, 0, 10)
scores = Events("scores", "pain scores", score_date)

care_kind = TextFact("care.kind", "the kind of a course of care", _OF)
care_from = DayFact("care.from", "when a course of care began", _OF)
care_to = DayFact("care.to", "when a course of care ended", _OF)
care_outcome = TextFact("care.outcome", "how a course of care turned out", _OF)
care = Events("care", "courses of care", None)

block_date = DayFact("blocks.date", "the date of a block", _OF)
block_kind = TextFact("blocks.kind", "the kind of a block", _OF)
block_region = TextFact("blocks.region", "the region of a block", _OF)
block_levels = TextsFact("blocks.levels", "the levels of a block", _OF)
block_sides = TextsFact("blocks.sides", "the sides of a block", _OF)
block_steroid = FlagFact("blocks.steroid", "whether a block held steroid", _OF)
block_positive = FlagFact("blocks.positive", "whether the clinician judged a block positive", _OF)
block_prolonged = FlagFact("blocks.prolonged", "whether a block brought a prolonged response", _OF)
blocks = Events("blocks", "diagnostic blocks", block_date)

denervation_date = DayFact("denervations.date", "the date of a denervation", _OF)
denervation_region = TextFact("denervations.region", "the region of a denervation", _OF)
denervation_levels = TextsFact("denervations.levels", "the levels of a denervation", _OF)
denervation_sides = TextsFact("denervations.sides", "the sides of a denervation", _OF)
denervations = Events("denervations", "denervations", denervation_date)

EVENTS = (scores, care, blocks, denervations)
