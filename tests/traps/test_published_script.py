"""Each trap of the published script: what a naive port does with it, and that Facetwise does not.

The naive port is written here, in the engine named; the script itself is never executed.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

import duckdb
import pytest
import sqlglot
from sqlglot.errors import SqlglotError

import facetwise
from facetwise.decide.evaluate_spell import judge
from facetwise.language.truth import Truth
from facetwise.library import DEFAULT, definition
from facetwise.spells.spell import Spell
from tests.shared import shared
from tests.spells.activity_files import counted_rows, write

IN_RULE = Spell(
    "1",
    dominant_procedure="V485",
    procedures=(("V485", "Z675"),),
    primary_diagnosis="M545",
    diagnoses=(("M545",),),
    age_at_start=50,
    admission_method="11",
    administrative_category="01",
)


def changed(**facts: object) -> Spell:
    return Spell(**{**vars(IN_RULE), **facts})


def outcome(spell: Spell) -> Truth:
    return judge(DEFAULT, spell).outcome


def naive(condition: str, **facts: object) -> object:
    """What a condition over some values is in DuckDB."""
    names = ", ".join(f"? AS {name}" for name in facts)
    return duckdb.execute(f"SELECT {condition} FROM (SELECT {names})", list(facts.values())).fetchall()[0][0]


def test_curly_quotes_do_not_parse_in_the_dialect_it_was_written_for() -> None:
    """Trap 1."""
    page = shared("sources", "002_8fcbb7e818b5134a.txt").read_text(encoding="utf-8")
    script = page.split("Code Script")[1].split("Code Definitions")[0]
    with pytest.raises(SqlglotError):
        sqlglot.parse_one(f"SELECT CASE {script} END", read="tsql")


def test_bracket_classes_mean_nothing_outside_sql_server() -> None:
    """Trap 2: the site is lost, and cancer is kept, in silence."""
    assert naive("p LIKE '%Z67[567]%'", p="V485,V551,Y534,Z676") is False
    assert sqlite3.connect(":memory:").execute("SELECT 'V485,Z676' LIKE '%Z67[567]%'").fetchone() == (0,)
    assert naive("d NOT LIKE '%C[0-9][0-9]%'", d="M545,C509") is True
    assert outcome(changed(procedures=(("V485", "Z676"),))) is Truth.MET
    assert outcome(changed(diagnoses=(("M545", "C509"),))) is Truth.NOT_MET


@pytest.mark.parametrize("fact", ["admission_method", "administrative_category", "diagnoses"])
def test_null_drops_no_row_in_silence(fact: str) -> None:
    """Trap 3: NOT LIKE and <> of NULL are not true, so a WHERE clause drops the row."""
    assert naive("coalesce(m NOT LIKE '2%', FALSE)", m=None) is False
    assert outcome(changed(**{fact: None})) is Truth.UNKNOWN


def test_diagnoses_not_recorded_are_an_option_that_is_named() -> None:
    """Traps 4 and 5: the lost OR is a definition of its own, inside its own criterion."""
    without = changed(diagnoses=None)
    option = definition("ebi-2k-null-diagnoses")
    assert (outcome(without), judge(option, without).outcome) == (Truth.UNKNOWN, Truth.MET)
    bypassing = "p IN ('V485') AND d NOT LIKE '%C%' OR d IS NULL"
    assert naive(bypassing, p="W371", d=None) is True
    assert judge(option, changed(diagnoses=None, dominant_procedure="W371")).outcome is Truth.NOT_MET


def test_the_site_is_asked_even_of_v485_and_may_stand_in_any_episode() -> None:
    """Traps 6 and 7: the precedence of the script is right, and so is kept: the site belongs to both codes."""
    assert outcome(changed(procedures=(("V485",),))) is Truth.NOT_MET
    assert outcome(changed(procedures=(("V485",), ("Y532", "Z993")))) is Truth.MET


def test_codes_that_the_page_lists_and_its_script_never_uses_are_not_slipped_in() -> None:
    """Trap 8."""
    for code in ("V486", "A572", "A573"):
        spell = changed(dominant_procedure=code, procedures=((code, "Y114", "Z675"),))
        assert outcome(spell) is Truth.NOT_MET
        assert judge(definition("ebi-2k-listed"), spell).outcome is Truth.MET


def test_a_facet_diagnosis_misses_and_says_so() -> None:
    """Trap 9: M47 is not on the list."""
    assert (
        "the primary diagnosis is M478, which is not on the list"
        in judge(DEFAULT, changed(primary_diagnosis="M478")).because
    )


def test_dots_case_and_position_do_not_lose_a_code(tmp_path: Path) -> None:
    """Trap 10: LEFT('V48.5', 4) is 'V48.', and a lower-case code is another one; the dominant procedure stays a rule."""
    assert naive("left(p, 4) IN ('V485')", p="V48.5") is False
    assert naive("left(p, 4) IN ('V485')", p="v485") is False
    rows = [counted_rows(1)[0].replace("V485", "v48.5").replace("Z675", "z67.5 ")]
    assert facetwise.count(write(tmp_path / "dots.csv", rows)).counted == 1
    assert outcome(changed(dominant_procedure="W371")) is Truth.NOT_MET


def test_infant_codes_and_invalid_ages_are_neither_too_old_nor_replaced(tmp_path: Path) -> None:
    """Traps 11 and 12: ISNULL falls back on NULL alone; 7001 is an infant and 999 no age at all."""
    assert naive("coalesce(a, b) BETWEEN 19 AND 120", a=7001, b=40) is False
    rows = [counted_rows(1, start=n)[0].replace(",50,50,", f",{age},40,") for n, age in ((1, 7001), (2, 999), (3, ""))]
    result = facetwise.count(write(tmp_path / "ages.csv", rows))
    assert (result.counted, result.not_counted, result.unknown) == (1, 1, 1)


@pytest.mark.parametrize(("method", "truth"), [("31", Truth.MET), ("81", Truth.MET), ("2A", Truth.NOT_MET)])
def test_not_an_emergency_is_not_elective(method: str, truth: Truth) -> None:
    """Trap 13."""
    assert outcome(changed(admission_method=method)) is truth


@pytest.mark.parametrize(("category", "truth"), [("02", Truth.NOT_MET), ("03", Truth.MET), ("04", Truth.MET)])
def test_only_02_is_private(category: str, truth: Truth) -> None:
    """Trap 14."""
    assert outcome(changed(administrative_category=category)) is truth


def test_cancer_is_looked_for_among_diagnoses_alone() -> None:
    """Trap 15: a wide LIKE over procedures would take OPCS-4 chapters C and D for cancer."""
    assert naive("p LIKE '%C%'", p="V485,C712") is True
    assert outcome(changed(procedures=(("V485", "Z675", "C712", "D073"),))) is Truth.MET
    assert outcome(changed(diagnoses=(("M545", "Z853"),))) is Truth.MET


def test_excluded_spells_stay_in_the_denominator_of_the_flow(tmp_path: Path) -> None:
    """Trap 16: a WHERE would drop them; the flow shows them at the step where they leave."""
    rows = [*counted_rows(1), counted_rows(1, start=2)[0].replace(",11,01,", ",11,02,")]
    result = facetwise.count(write(tmp_path / "private.csv", rows))
    assert (result.input.spells, result.flow[-1].not_met, result.counted) == (2, 1, 1)


def test_definitions_are_independent_of_each_other_and_of_their_order(tmp_path: Path) -> None:
    """Trap 17: no CASE in which the first match wins."""
    path = write(tmp_path / "a.csv", counted_rows(3))
    assert [r.counted for r in facetwise.count(path, ["any-v48", "ebi-2k"])] == [3, 3]


def test_what_is_not_in_the_data_is_said() -> None:
    """Traps 18 and 20: coverage, and that counted is not in policy."""
    assert any("cannot say whether a procedure was in policy" in note for note in DEFAULT.notes)


def test_a_left_join_multiplies_nothing() -> None:
    """Trap 19: held by the joins of tests/spells/test_layouts.py; a naive join doubles a spell."""
    joined = "SELECT count(*) FROM (VALUES (1)) a(k) LEFT JOIN (VALUES (1), (1)) b(k) ON a.k = b.k"
    assert duckdb.execute(joined).fetchall() == [(2,)]
