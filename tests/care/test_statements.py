"""Every statement of the five sources is carried, or left out with a reason, and is where it says."""

from pathlib import Path

import pytest

from facetwise.errors import PolicyError
from facetwise.information.content import statements
from facetwise.information.model.statement import Statement, StatementType
from facetwise.information.sources import BUPA
from tests.care import material
from tests.care.written import Coverage, as_markdown, coverage, every_sentence, is_rule

COVERAGE = coverage()


def test_the_table_has_the_164_atoms_of_the_dossier_and_no_other() -> None:
    assert len(material.dossier_atoms()) == 164
    assert set(statements()) == set(material.dossier_atoms())


@pytest.mark.parametrize("row", COVERAGE, ids=lambda row: row.statement.id)
def test_every_statement_is_carried_or_left_out_with_a_reason(row: Coverage) -> None:
    assert row.is_carried != bool(row.left_out)


@pytest.mark.parametrize("row", COVERAGE, ids=lambda row: row.statement.id)
def test_every_rule_that_a_statement_names_exists(row: Coverage) -> None:
    assert row.rules == row.statement.by


def test_only_provenance_noise_and_a_national_count_are_left_out() -> None:
    left_out = {row.statement.id for row in COVERAGE if row.left_out}
    assert left_out == {"B1", "B56", "B57", "B58", "C35", "E29", "M30", "S4", "S11"}
    assert {
        row.statement.id for row in COVERAGE if row.left_out and row.statement.type is not StatementType.PROVENANCE
    } == {"S4"}


def test_every_red_flag_aftercare_and_side_effect_is_told_to_patients() -> None:
    told = {"RED", "AFT", "SE", "PREP", "PROC", "OUT", "DEC", "ALT"}
    assert not [c.statement.id for c in COVERAGE if c.statement.type.value in told and not c.sentences]


@pytest.mark.parametrize("found", statements().values(), ids=lambda found: found.id)
def test_a_statement_quotes_a_line_that_it_names(found: Statement) -> None:
    text = material.lines(found.source.id)
    assert any(found.quote in text[number - 1] for number in material.numbers_of(found.place))
    assert found.type.value in material.dossier_atoms()[found.id].split("/")


def test_the_reviewed_table_is_the_one_computed() -> None:
    """Run python -m tests.care.written after a change, and read what changed."""
    assert Path("docs/reference/atoms.md").read_text(encoding="utf-8") == as_markdown()


def test_a_statement_is_not_both_carried_and_left_out() -> None:
    with pytest.raises(PolicyError, match=r"B0 is carried by bupa-2018/severity and left out as well\. Choose one\."):
        Statement(
            BUPA, "B0", StatementType.PROVENANCE, "Something", "line 1", "Radio", ("bupa-2018/severity",), "noise"
        )


@pytest.mark.parametrize("name", ["bupa-2018/none", "no-policy/severity", "codes:NONE", "mayo-2024/stops"])
def test_a_rule_that_does_not_exist_is_none(name: str) -> None:
    assert not is_rule(name)


def test_sentence_ids_are_told_apart() -> None:
    ids = [sentence.id for sentence in every_sentence()]
    assert sorted(set(ids)) == sorted(ids)
