"""The plain evaluator of patients: the truth of every kind of test, its evidence, and what is missing."""

from facetwise.decide import evaluate_events, evaluate_values  # they enter what each kind of test means
from facetwise.decide.meaning import evidence, missing_facts, truth
from facetwise.decide.record_as_of import Row

choose, latest_of = evaluate_events.choose, evaluate_events.latest_of
relief_at_least, reliefs = evaluate_values.relief_at_least, evaluate_values.reliefs

__all__ = ["Row", "choose", "evidence", "latest_of", "missing_facts", "relief_at_least", "reliefs", "truth"]
