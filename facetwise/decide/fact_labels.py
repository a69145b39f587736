"""How the facts of a record are called in an answer, in which unit they are shown, and how they are asked for."""

from __future__ import annotations

from functools import cache

from facetwise.guidance.safety import RED_FLAGS, SAFETY

_NAMES = {
    "born": "age",
    "pain.since": "pain_since",
    "pain.rating": "pain_rating",
    "scores": "pain_score",
    "scores.of_ten": "pain_score",
    "care": "conservative_care",
    "blocks": "blocks",
    "blocks.positive": "block_response",
    "blocks.prolonged": "block_prolonged",
    "blocks.relief": "block_relief",
    "denervations": "denervations",
    "denervations.relief": "relief_after_denervation",
}
UNITS = {
    "age": "years",
    "pain_score": "/10",
    "block_relief": "%",
    "relief_after_denervation": "%",
    "levels_n": "levels",
}
_ASKS = {
    "age": "What is the date of birth?",
    "region": "Which region is the denervation asked for?",
    "levels": "Which levels (joints) is it asked for?",
    "sides": "Which sides is it asked for?",
    "technique": "Which technique is planned: thermal, cooled or pulsed?",
    "pain_since": "Since when has the patient had this pain?",
    "pain_axial": "Is the pain mainly axial (in the back or neck itself)?",
    "pain_radicular": "Is there radicular pain (from a nerve root)?",
    "pain_below_knee": "Does the pain go below the knee?",
    "pain_rating": "Does the clinician rate the pain mild, moderate or severe?",
    "pain_limits_daily_life": "Does the pain limit daily life?",
    "pain_score": "What is the usual pain score out of ten (NRS or VAS), and what was it at referral? Give each its date.",
    "facet_suspected": "Does a clinician think that the facet joints are the main source of the pain?",
    "specialist": "Has a pain or spine specialist assessed the patient?",
    "surgery_not_an_option": "Is surgery not an option?",
    "hads_depression": "What is the HADS depression score?",
    "conservative_care": "Which conservative care was tried (physiotherapy, exercise, medicines, ...), from when to when, and how did it turn out?",
    "blocks": "Which diagnostic blocks were done? Record each, and say when the list is complete.",
    "block_response": "Was a diagnostic medial branch block done at the place asked for, and did the clinician judge it positive? Say also when the list of blocks is complete.",
    "block_prolonged": "Was the response to the block prolonged?",
    "block_relief": "Which diagnostic blocks were done, and how much relief did each give: the scores before and after, or the percentage stated? Say also when the list is complete.",
    "block_date": "On which day was the block done?",
    "block_kind": "Was the block a medial branch block or an injection into the joint?",
    "block_region": "In which region was the block?",
    "block_steroid": "Did the block hold steroid?",
    "denervations": "Was there an earlier denervation? Record each with its date, and say when the list is complete.",
    "denervation_date": "On which day was the earlier denervation?",
    "denervation_region": "In which region was the earlier denervation?",
    "denervation_levels": "At which levels was the earlier denervation?",
    "denervation_sides": "On which sides was the earlier denervation?",
    "relief_after_denervation": "How much relief did the last denervation give, and until when? Record readings with their dates, of pain and of daily activities.",
    **{caution.id: caution.ask for caution in (*RED_FLAGS, *SAFETY)},
}
_PREFIXES = ("request.", "conditions.", "assessment.")
_EVENTS = {"blocks.": "block_", "denervations.": "denervation_", "scores.": "score_", "care.": "care_"}


@cache
def name_in_answers(path: str) -> str:
    """How a fact of the record is called in an answer: 'request.region' is 'region', 'blocks.steroid' 'block_steroid'."""
    if path in _NAMES:
        return _NAMES[path]
    if path.startswith(("scores.", "care.")):
        return _NAMES[path.partition(".")[0]]
    for prefix in _PREFIXES:
        if path.startswith(prefix):
            return path.removeprefix(prefix)
    for prefix, name in _EVENTS.items():
        if path.startswith(prefix):
            return name + path.removeprefix(prefix)
    return path.replace(".", "_")


def question_for(name: str) -> str:
    """How a fact is asked for."""
    return _ASKS.get(name, f"Record {name.replace('_', ' ')}.")
