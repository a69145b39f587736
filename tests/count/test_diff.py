"""What the difference of two definitions says, by the plain evaluator."""

from collections import Counter
from pathlib import Path

import pyarrow.csv as pa_csv
import pytest

import facetwise
from facetwise.decide.evaluate_spell import judge
from facetwise.errors import UsageError
from facetwise.language.truth import Truth
from facetwise.library import DEFINITIONS
from tests.count.conftest import Made
from tests.count.test_count import all_spells


@pytest.mark.parametrize(
    "pair", [("ebi-2k", "nhp-sql-2024"), ("nhp-data-2026", "ebi-2k"), ("ebi-2k-listed", "any-v48")]
)
def test_partings_are_those_of_the_plain_evaluator(made: Made, pair: tuple[str, str]) -> None:
    a, b = (DEFINITIONS[name] for name in pair)
    both, partings = 0, Counter[tuple[str, tuple[str, ...]]]()
    for spell in all_spells(made.activity):
        in_a, in_b = (judge(definition, spell) for definition in (a, b))
        counted_a, counted_b = (each.outcome is Truth.MET for each in (in_a, in_b))
        both += counted_a and counted_b
        if counted_a != counted_b:
            only, other, truths = (a, b, in_b.truths) if counted_a else (b, a, in_a.truths)
            left_out = tuple(c.id for c, t in zip(other.criteria, truths, strict=True) if t is not Truth.MET)
            partings[only.id, left_out] += 1
    result = facetwise.diff(made.activity, *pair)
    assert result.both == both
    assert {(p.only, p.criteria): p.spells for p in result.disagreements} == partings
    assert result.only_a == sum(n for (only, _), n in partings.items() if only == a.id)
    assert result.only_b == sum(n for (only, _), n in partings.items() if only == b.id)
    assert all(len(p.examples) == min(5, p.spells) for p in result.disagreements)


def test_the_reasons_hold_every_spell_that_differs(made: Made, tmp_path: Path) -> None:
    path = tmp_path / "reasons.csv"
    result = facetwise.diff(made.activity, "ebi-2k", "nhp-sql-2024", reasons=path)
    rows = pa_csv.read_csv(path).to_pylist()
    assert len(rows) == result.only_a + result.only_b
    assert Counter(row["counted_by"] for row in rows) == {"ebi-2k": result.only_a, "nhp-sql-2024": result.only_b}


def test_the_json_is_the_contracts(made: Made) -> None:
    told = facetwise.diff(made.activity, "ebi-2k", "any-v48").to_json()
    assert list(told)[:6] == ["schema", "definitions", "both", "only_a", "only_b", "parted_by"]
    assert told["schema"] == "facetwise.diff/1"
    assert list(told["parted_by"][0]) == ["only", "criteria", "spells", "examples"]


def test_one_definition_twice_is_refused(made: Made) -> None:
    with pytest.raises(UsageError, match="needs two definitions"):
        facetwise.diff(made.activity, "ebi-2k", "ebi-2k")
