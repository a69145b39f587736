"""The spec tables hold in every evaluator, and the documentation is what they say."""

from pathlib import Path

import pytest

from facetwise.compile.duckdb.engine import Engine, truth_column
from facetwise.decide.evaluate_spell import evaluate
from facetwise.guidance.codelists import DENERVATION_FAMILY
from facetwise.language.truth import Truth
from facetwise.library import DEFINITIONS
from facetwise.spells.spell import table_of
from tests.spec.reading import as_markdown, cells, spells_in
from tests.spec.tables import SPECS, Spec

ENGINE = Engine()


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.definition}:{spec.criterion}")
def test_the_table_holds_in_the_plain_evaluator_and_in_sql(spec: Spec) -> None:
    """Unknown and the boundary on each side are among the rows."""
    definition = DEFINITIONS[spec.definition]
    test = definition.criterion(spec.criterion).met_when
    spells = spells_in(spec)
    expected = [row[-1] for row in cells(spec)[1]]
    assert [evaluate(test, spell).value for spell in spells] == expected
    ENGINE.judge((definition,), table_of(spells), DENERVATION_FAMILY)
    column = truth_column(definition, spec.criterion)
    assert [Truth.of(row[column]).value for row in ENGINE.select("*").to_pylist()] == expected


def test_every_criterion_of_the_default_definition_has_a_table() -> None:
    told = {spec.criterion for spec in SPECS if spec.definition == "ebi-2k"}
    assert told == {criterion.id for criterion in DEFINITIONS["ebi-2k"].criteria}


def test_the_documentation_is_what_the_tables_say() -> None:
    """Run python -m tests.spec.write after a change."""
    assert Path("docs/reference/spec.md").read_text(encoding="utf-8") == as_markdown()
