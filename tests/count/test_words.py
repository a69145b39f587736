"""The words of a reason show what the test looked at, and read well where nothing is recorded."""

from __future__ import annotations

import pytest

from facetwise.decide.evaluate_spell import judge
from facetwise.language.truth import Truth
from facetwise.library import DEFINITIONS
from facetwise.spells.spell import Spell

LAST = Spell(
    "1",
    admission_method="11",
    age_at_start=50,
    primary_diagnosis="M545",
    procedures=(("V485", "Z675"), ("E851", "Y532")),
    diagnoses=(("M545", "Z993"), ("I10X", "C509")),
)
EMPTY = Spell("2", procedures=((), ()), diagnoses=None)


def reason(name: str, criterion: str, spell: Spell) -> str:
    judged = judge(DEFINITIONS[name], spell)
    place = [c.id for c in DEFINITIONS[name].criteria].index(criterion)
    assert judged.truths[place] is Truth.NOT_MET
    return next(part for part in judged.because.split("; ") if part.startswith(f"{criterion}: "))


@pytest.mark.parametrize(
    ("name", "criterion", "words"),
    [
        (
            "nhp-sql-2024",
            "denervation",
            "the last episode does not begin with V485 or V487 (its procedures: E851 Y532)",
        ),
        ("nhp-sql-2024", "site", "no site code in the last episode (its procedures: E851 Y532)"),
        (
            "nhp-sql-2024",
            "diagnosis",
            "the last episode's first diagnosis is not M518, M519, M545 or M549 (its diagnoses: I10X C509)",
        ),
        ("nhp-sql-2024", "no-malignancy", "a cancer code is in the last episode (its diagnoses: I10X C509)"),
        (
            "nhp-data-2026",
            "denervation",
            "the last episode does not begin with V485 or V487 (its procedures: E851 Y532)",
        ),
        (
            "nhp-data-2026",
            "site",
            "no Z993 among the last episode's diagnoses (I10X C509), where the code looks for the site",
        ),
        ("nhp-data-2026", "no-malignancy", "a cancer code is in the last episode (its diagnoses: I10X C509)"),
    ],
)
def test_what_is_asked_of_the_last_episode_shows_the_last_episode(name: str, criterion: str, words: str) -> None:
    """The first episode has every code that would be met."""
    assert reason(name, criterion, LAST) == f"{criterion}: {words}"


@pytest.mark.parametrize(
    ("name", "criterion", "words"),
    [
        (
            "ebi-2k",
            "denervation",
            "no dominant procedure is recorded, and neither V485 nor V487 is among the procedures",
        ),
        (
            "ebi-2k-listed",
            "denervation",
            "no dominant procedure is recorded, and no listed denervation is among the procedures",
        ),
        ("ebi-2k", "site", "no site code (Z675, Z676, Z677 or Z993) among the procedures (none)"),
        (
            "any-v48",
            "denervation",
            "neither V485 nor V487 is the dominant procedure (not recorded) or among the procedures (none)",
        ),
        ("nhp-sql-2024", "denervation", "the last episode has no procedure"),
        ("nhp-sql-2024", "diagnosis", "the last episode has no diagnosis"),
        ("nhp-data-2026", "site", "the last episode has no diagnosis, where the code looks for the site"),
    ],
)
def test_words_read_well_where_nothing_is_recorded(name: str, criterion: str, words: str) -> None:
    assert reason(name, criterion, EMPTY) == f"{criterion}: {words}"


def test_nothing_recorded_at_all_is_said_so() -> None:
    assert reason("any-v48", "denervation", Spell("3")) == "denervation: no procedure is recorded"
