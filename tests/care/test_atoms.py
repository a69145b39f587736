"""Every atom of the five sources is carried, or left out with a reason, and stands where it says."""

from pathlib import Path

import pytest

from facetwise.errors import PolicyError
from facetwise.information.atoms import Carriage, carriages, every_sentence, is_rule
from facetwise.information.statements.atom import META, Atom, lines, place_of
from facetwise.information.statements.sources import BUPA
from facetwise.information.statements.table import ATOMS, atom
from tests.care import material
from tests.care.written import as_markdown

CARRIAGES = carriages()


def test_the_table_holds_the_164_atoms_of_the_dossier_and_no_other() -> None:
    assert len(material.dossier_atoms()) == 164
    assert set(ATOMS) == set(material.dossier_atoms())


@pytest.mark.parametrize("carriage", CARRIAGES, ids=lambda carriage: carriage.atom.id)
def test_every_atom_is_carried_or_left_out_with_a_reason(carriage: Carriage) -> None:
    assert carriage.is_carried != bool(carriage.left_out)


@pytest.mark.parametrize("carriage", CARRIAGES, ids=lambda carriage: carriage.atom.id)
def test_every_rule_that_an_atom_names_exists(carriage: Carriage) -> None:
    assert carriage.rules == carriage.atom.by


def test_only_provenance_noise_and_a_national_count_are_left_out() -> None:
    left_out = {carriage.atom.id for carriage in CARRIAGES if carriage.left_out}
    assert left_out == {"B1", "B56", "B57", "B58", "C35", "E29", "M30", "S4", "S11"}
    assert {carriage.atom.id for carriage in CARRIAGES if carriage.left_out and carriage.atom.type is not META} == {
        "S4"
    }


def test_every_red_flag_aftercare_and_side_effect_is_told_to_patients() -> None:
    told = {"RED", "AFT", "SE", "PREP", "PROC", "OUT", "DEC", "ALT"}
    assert not [c.atom.id for c in CARRIAGES if c.atom.type.value in told and not c.sentences]


@pytest.mark.parametrize("found", ATOMS.values(), ids=lambda found: found.id)
def test_an_atom_quotes_a_line_that_it_names(found: Atom) -> None:
    text = material.lines(found.source.id)
    assert any(found.quote in text[number - 1] for number in found.lines)
    assert found.type.value in material.dossier_atoms()[found.id].split("/")


def test_the_reviewed_table_is_the_one_computed() -> None:
    """Run python -m tests.care.written after a change, and read what changed."""
    assert Path("docs/reference/atoms.md").read_text(encoding="utf-8") == as_markdown()


def test_places_are_told_in_words() -> None:
    assert place_of((42,)) == "line 42"
    assert place_of((4, 9)) == "lines 4 and 9"
    assert place_of(lines(54, 60)) == "lines 54 to 60"
    assert place_of((4, 9, 12)) == "lines 4, 9 and 12"


def test_an_unknown_atom_is_refused_with_the_nearest() -> None:
    with pytest.raises(PolicyError, match=r"There is no atom 'B61'\. Did you mean 'B"):
        atom("B61")


def test_an_atom_is_not_both_carried_and_left_out() -> None:
    with pytest.raises(PolicyError, match="carried by bupa-2018/severity and left out as well"):
        Atom(BUPA, "B0", META, "Something", (1,), "Radio", by=("bupa-2018/severity",), left_out="noise")
    with pytest.raises(PolicyError, match="names no line or quotation"):
        Atom(BUPA, "B0", META, "Something", (), "Radio")


@pytest.mark.parametrize("name", ["bupa-2018/none", "no-policy/severity", "codes:NONE", "mayo-2024/stops"])
def test_a_rule_that_does_not_exist_is_none(name: str) -> None:
    assert not is_rule(name)


def test_sentence_ids_are_told_apart() -> None:
    ids = [sentence.id for sentence in every_sentence()]
    assert sorted(set(ids)) == sorted(ids)
