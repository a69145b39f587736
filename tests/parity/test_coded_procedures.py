"""The clinic's "would it count" is the count's own answer: the same row through SQL."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facetwise.clinic.procedure.would_it_count import CodedSpell, answer
from facetwise.compile.duckdb.engine import Engine, outcome_column, truth_column
from facetwise.guidance.codelists import DENERVATION_FAMILY
from facetwise.language.truth import Truth
from facetwise.library import DEFINITIONS
from facetwise.spells.spell import table_of
from tests.parity import generators

ENGINE = Engine()
CODED = st.builds(
    CodedSpell,
    opcs=st.lists(st.sampled_from(generators.PROCEDURE_CODES), max_size=5).map(tuple),
    icd10=st.lists(st.sampled_from(generators.DIAGNOSIS_CODES), max_size=3).map(tuple),
    is_suggested=st.booleans(),
    age=st.none() | st.integers(0, 121),
    admission_method=st.none() | st.sampled_from(generators.METHODS),
    administrative_category=st.none() | st.sampled_from(generators.CATEGORIES),
)


@settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(many=st.lists(CODED, min_size=100, max_size=100))
def test_the_answer_of_the_clinic_is_the_answer_of_the_count(many: list[CodedSpell]) -> None:
    """Every definition, criterion by criterion, with what is not recorded among the rows."""
    spells = [held.spell() for held in many]
    ENGINE.judge(tuple(DEFINITIONS.values()), table_of(spells), DENERVATION_FAMILY, ())
    for spell, row in zip(spells, ENGINE.select("*").to_pylist(), strict=True):
        for definition in DEFINITIONS.values():
            said = answer(definition, spell)
            assert said.outcome is Truth.of(row[outcome_column(definition)])
            for item in said.criteria:
                assert item.truth is Truth.of(row[truth_column(definition, item.criterion.id)])
