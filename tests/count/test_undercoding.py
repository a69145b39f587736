"""Undercoding: every change is made and judged again, by both evaluators, and what coding cannot mend is never offered."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import closing
from dataclasses import fields, replace
from pathlib import Path

import pytest

from facetwise.compile.duckdb.engine import CANDIDATE, Engine, outcome_column
from facetwise.count.count import count_all
from facetwise.count.extract import extract
from facetwise.count.query import CountQuery
from facetwise.count.undercoding import undercoding
from facetwise.count.undercoding_changes import QUESTION, Kind, changes_of, is_candidate, repairs
from facetwise.decide.evaluate_spell import judge
from facetwise.guidance import codelists
from facetwise.guidance.codelists import DENERVATION_FAMILY
from facetwise.language.truth import Truth
from facetwise.library import DEFINITIONS
from facetwise.spells.spell import Spell, table_of
from facetwise.spells.synthetic.synth import write_synthetic
from tests.parity import generators
from tests.spells.activity_files import counted_rows, write

EBI = DEFINITIONS["ebi-2k"]
NEVER = ("any-v48",)  # whose only criterion is met wherever a code that could be moved is recorded
CODING = {"denervation": Kind.DOMINANT_PROCEDURE, "site": Kind.SUPPLEMENTARY, "diagnosis": Kind.PRIMARY_DIAGNOSIS}


def near(**over: object) -> Spell:
    """A spell that ebi-2k counts, unless told otherwise."""
    held = {
        **{"spell_id": "1", "age_at_start": 50, "admission_method": "11", "administrative_category": "01"},
        **{"dominant_procedure": "V485", "primary_diagnosis": "M545"},
        **{"procedures": (("V485", "Z675"),), "diagnoses": (("M545",),)},
    }
    return Spell(**{**held, **over})  # type: ignore[arg-type]


def drawn(number: int) -> list[Spell]:
    """Spells that ebi-2k counts but for up to three facts, by a seeded draw from what the parity tests generate."""
    draw = random.Random(number)
    procedures, diagnoses = generators.PROCEDURE_CODES, generators.DIAGNOSIS_CODES

    def episodes(codes: tuple[str, ...]) -> object:
        made = tuple(tuple(draw.choice(codes) for _ in range(draw.randrange(4))) for _ in range(draw.randrange(4)))
        return draw.choice((made, made, made, None))

    choices: dict[str, Callable[[], object]] = {
        "age_at_start": lambda: draw.choice((None, *generators.AGES)),
        "admission_method": lambda: draw.choice((None, *generators.METHODS)),
        "administrative_category": lambda: draw.choice((None, *generators.CATEGORIES)),
        "dominant_procedure": lambda: draw.choice((None, "-", *procedures)),
        "primary_diagnosis": lambda: draw.choice((None, *diagnoses)),
        "procedures": lambda: episodes(procedures),
        "diagnoses": lambda: episodes(diagnoses),
    }
    changed = (draw.sample(sorted(choices), draw.randrange(4)) for _ in range(1_500))
    return [near(**{name: choices[name]() for name in names}) for names in changed]


def kinds(spell: Spell, name: str = "ebi-2k") -> list[Kind]:
    return [change.kind for change in repairs(DEFINITIONS[name], spell)]


@pytest.mark.parametrize("name", DEFINITIONS)
def test_a_spell_with_its_change_made_is_counted_by_both_evaluators(name: str) -> None:
    definition = DEFINITIONS[name]
    changed = []
    for spell in drawn(1):
        for change in repairs(definition, spell):
            made = change.made(spell)
            assert made is not None
            assert judge(definition, spell).outcome is not Truth.MET
            assert judge(definition, made).outcome is Truth.MET
            assert sum(getattr(spell, f.name) != getattr(made, f.name) for f in fields(Spell)) == 1
            changed.append(made)
    assert bool(changed) is (name not in NEVER)
    with closing(Engine()) as engine:
        engine.judge((definition,), table_of(changed), DENERVATION_FAMILY)
        counted = engine.select(f'"{outcome_column(definition)}" AS counted')["counted"]
        assert counted.to_pylist() == [True] * len(changed)


def test_no_change_adds_a_procedure_or_takes_anything_away() -> None:
    for definition in DEFINITIONS.values():
        for spell in drawn(2):
            for change in repairs(definition, spell):
                made = change.made(spell)
                assert made is not None
                before, after = ({c for e in one.procedures or () for c in e} for one in (spell, made))
                assert before <= after
                assert all(code[0] in "YZ" for code in after - before)
                if made.dominant_procedure != spell.dominant_procedure:
                    assert made.dominant_procedure in before
                if change.kind is not Kind.PRIMARY_DIAGNOSIS:
                    assert (made.diagnoses, made.primary_diagnosis) == (spell.diagnoses, spell.primary_diagnosis)


def test_every_spell_that_one_matter_of_coding_keeps_out_is_found() -> None:
    """Worked apart from the criteria of ebi-2k: nothing but the truths, and where V485 and V487 stand."""
    for spell in drawn(3):
        truths = judge(EBI, spell).truths
        failed = [c.id for c, truth in zip(EBI.criteria, truths, strict=True) if truth is not Truth.MET]
        lumbar = [c for e in spell.procedures or () for c in e if c[:4] in ("V485", "V487")]
        expected = []
        if failed == ["denervation"]:
            expected = [Kind.DOMINANT_PROCEDURE] if lumbar else []
        elif len(failed) == 1 and failed[0] in CODING:
            expected = [CODING[failed[0]]]
        assert kinds(spell) == expected


def test_what_each_criterion_could_ask_of_a_coder_is_as_reviewed() -> None:
    """Age, admission, category and the absence of cancer are not coding omissions."""
    named = {c.id for d in DEFINITIONS.values() for c in d.criteria if changes_of(c)}
    assert named == {"denervation", "site", "diagnosis"}
    assert [change.says for change in changes_of(EBI.criterion("site"))] == [
        "a code of how or where: Z675, Z676, Z677 or Z993"
    ]
    assert changes_of(DEFINITIONS["nhp-data-2026"].criterion("site")) == ()  # a diagnosis that the patient may not have


@pytest.mark.parametrize(
    ("spell", "change", "instead", "elsewhere"),
    [
        (near(procedures=(("V485", "Z676"), ("Y114",)), dominant_procedure="V485", primary_diagnosis="M4786"), Kind.PRIMARY_DIAGNOSIS, "M478", True),
        (near(primary_diagnosis=None), Kind.PRIMARY_DIAGNOSIS, "not recorded", True),
        (near(primary_diagnosis="M4786", diagnoses=(("M4786",),)), Kind.PRIMARY_DIAGNOSIS, "M478", False),
        (near(procedures=(("V485",),)), Kind.SUPPLEMENTARY, "no code of that kind", False),
        (near(procedures=(("V485", "Z678", "Z943"),)), Kind.SUPPLEMENTARY, "Z678 Z943", False),
        (near(procedures=None), Kind.SUPPLEMENTARY, "not recorded", False),
        (near(dominant_procedure="W903"), Kind.DOMINANT_PROCEDURE, "W903", True),
        (near(dominant_procedure=None), Kind.DOMINANT_PROCEDURE, "not recorded", True),
    ],
)  # fmt: skip
def test_a_near_miss_tells_its_change_and_what_is_recorded_instead(
    spell: Spell, change: Kind, instead: str, elsewhere: bool
) -> None:
    (found,) = repairs(EBI, spell)
    assert (found.kind, found.instead(spell), found.is_recorded_elsewhere(spell)) == (change, instead, elsewhere)


@pytest.mark.parametrize(
    "spell",
    [
        near(),  # counted already
        near(age_at_start=17),
        near(age_at_start=None),
        near(admission_method="21"),
        near(administrative_category="02"),
        near(diagnoses=(("M545", "C509"),)),
        near(procedures=(("V485",),), primary_diagnosis="M4786"),  # two changes
        near(procedures=(("V485",),), admission_method=None),  # one change, and something unknown besides
        near(dominant_procedure="A573", procedures=(("A573", "Z675"),)),  # no such denervation is recorded
        near(dominant_procedure="V486", procedures=(("V486", "Z675"),)),
    ],
)
def test_what_one_change_in_coding_cannot_mend_is_not_offered(spell: Spell) -> None:
    assert kinds(spell) == []


def test_a_definition_that_reads_the_first_code_asks_for_the_order() -> None:
    """nhp-sql-2024 reads the last episode, and its first codes."""
    spell = near(procedures=(("X1",), ("Z675", "V487")), diagnoses=(("M545",), ("M545",)))
    (change,) = repairs(DEFINITIONS["nhp-sql-2024"], spell)
    made = change.made(spell)
    assert made is not None and made.procedures == (("X1",), ("V487", "Z675"))
    assert change.instead(spell) == "Z675"


def test_what_a_criterion_forbids_is_never_asked_for() -> None:
    forbidding = replace(EBI.criterion("site"), met_when=~EBI.criterion("site").met_when)
    assert changes_of(forbidding) == ()


def test_a_spell_that_either_of_two_changes_would_mend_stands_in_both_rows_and_is_one(tmp_path: Path) -> None:
    """V48.6 without Y11.4, and V48.5 beside it: the code of how, or the other as the dominant procedure."""
    row = counted_rows(1)[0].replace("||V485,Z675", "||V486,V485,Z675").replace(",V485,M545", ",V486,M545")
    found = undercoding((write(tmp_path / "activity.csv", [row]),), DEFINITIONS["ebi-2k-listed"])
    assert [(r.change.partition(":")[0], r.spells) for r in found.rows] == [
        ("a code of how or where", 1),
        ("the dominant procedure", 1),
    ]
    assert (found.repairable, found.several) == (1, 1)
    assert found.notes[-1] == "1 spells would count after either of two or more changes, and stand in the rows of each."


def test_a_code_of_how_makes_a_listed_denervation_count() -> None:
    spell = near(dominant_procedure="V486", procedures=(("V486", "Z675"),))
    assert kinds(spell, "ebi-2k-listed") == [Kind.SUPPLEMENTARY]


def test_spells_of_each_change_are_those_of_the_near_misses(tmp_path: Path) -> None:
    """Of the whole file, and of its extract."""
    path = tmp_path / "activity.parquet"
    write_synthetic(30_000, 5, path, None)
    (counted,) = count_all(CountQuery((path,), (EBI,))).results
    found = undercoding((path,))
    alone = dict.fromkeys(CODING, 0)
    for miss in counted.near_misses:
        names = (*miss.failed, *miss.unknown)
        if len(names) == 1 and names[0] in alone:
            alone[names[0]] += miss.spells
    told = {name: sum(row.spells for row in found.rows if row.criterion == name) for name in CODING}
    assert (told["site"], told["diagnosis"]) == (alone["site"], alone["diagnosis"])
    assert 0 < told["denervation"] <= alone["denervation"]
    assert found.repairable == sum(told.values())
    assert (found.counted, found.candidates) == (
        counted.counted,
        counted.counted + sum(miss.spells for miss in counted.near_misses),
    )
    kept = tmp_path / "kept.parquet"
    extract((path,), kept)
    assert undercoding((kept,)).rows == found.rows


def test_a_candidate_is_what_the_count_calls_one() -> None:
    spells = drawn(4)
    with closing(Engine()) as engine:
        engine.judge((EBI,), table_of(spells), DENERVATION_FAMILY)
        assert engine.select(CANDIDATE)[CANDIDATE].to_pylist() == [is_candidate(spell) for spell in spells]


def test_rows_stand_by_provider_and_year_with_what_is_recorded_instead(tmp_path: Path) -> None:
    rows = counted_rows(6)
    rows[0] = rows[0].replace("V485,Z675", "V485")
    rows[1] = rows[1].replace("V485,Z675", "V485").replace("2018-05-01,2018-05-01", "2019-05-01,2019-05-01")
    rows[2] = rows[2].replace(",V485,M545", ",V485,M4786")
    rows[3] = rows[3].replace("R0A", "").replace(",V485,M545", ",V485,M4786")
    found = undercoding((write(tmp_path / "activity.csv", rows),))
    told = [(r.provider, r.year, r.criterion, r.was, r.instead, r.spells) for r in found.rows]
    assert told == [
        ("R0A", "2018/19", "diagnosis", "not-met", "M478", 1),
        ("R0A", "2018/19", "site", "not-met", "no code of that kind", 1),
        ("R0A", "2019/20", "site", "not-met", "no code of that kind", 1),
        ("unknown", "2018/19", "diagnosis", "not-met", "M478", 1),
    ]
    assert (found.candidates, found.counted, found.repairable, found.several) == (6, 2, 4, 0)
    assert QUESTION in found.notes
    assert found.to_arrow()["spells"].to_pylist() == [1, 1, 1, 1]
    assert found.to_json()["coding"][3] == {"criterion": "adult", "changes": []}


def test_lists_that_hold_more_than_how_and_where_are_never_added_from() -> None:
    for listed in codelists.CODE_LISTS:
        if listed.fours | listed.categories <= {"Z675", "Z676", "Z677", "Z993", "Y114"}:
            continue
        for definition in DEFINITIONS.values():
            changes = [change for criterion in definition.criteria for change in changes_of(criterion)]
            assert not any(c.kind is Kind.SUPPLEMENTARY and c.codes == listed for c in changes)
