"""A definition that cannot mean what it says is refused when it is built, with a message that says what to do."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from facetwise.errors import PolicyError
from facetwise.guidance import codelists
from facetwise.guidance.definitions import ebi_2k
from facetwise.guidance.sources import EBI_2K
from facetwise.language import activity
from facetwise.language.citation import Cite
from facetwise.language.codes import CodeList, CodeSystem
from facetwise.language.expressions import All, Between, FirstRecorded, NumberFact
from facetwise.language.units import Grain, Quantity, Unit, years

DAYS_OLD = NumberFact("days_old", "the age in days", Grain.SPELL, Unit.DAYS, 0, 50_000)
OF_A_PATIENT = NumberFact("age", "the patient's age", Grain.PATIENT, Unit.YEARS, 0, 120)


def opcs(codes: str, release: str = "4.10") -> CodeList:
    return CodeList.of("test", CodeSystem.OPCS4, release, codes)


REFUSED: list[tuple[str, Callable[[], object], str]] = [
    (
        "the nhp-data-2026 mistake: site codes among diagnoses",
        lambda: activity.diagnoses.any_in(codelists.LUMBAR_SITES),
        "'lumbar sites' looks for OPCS-4 codes (Z675, ...) in diagnoses, which holds ICD-10. "
        "Use an ICD-10 list, or procedures.",
    ),
    (
        "the same through the last episode",
        lambda: activity.diagnoses.last_episode().any_in(codelists.LUMBAR_SITES),
        "'lumbar sites' looks for OPCS-4 codes (Z675, ...) in diagnoses, which holds ICD-10. "
        "Use an ICD-10 list, or procedures.",
    ),
    (
        "a diagnosis list asked of a procedure",
        lambda: activity.dominant_procedure.is_in(codelists.BACK_PAIN),
        "'back pain diagnoses of 2K' looks for ICD-10 codes (M512, ...) in dominant_procedure, which holds OPCS-4. "
        "Use an OPCS-4 list, or diagnoses.",
    ),
    (
        "unlike units",
        lambda: activity.age.between(years(19), Quantity(120, Unit.DAYS)),
        "'age_at_start' is in years and is held against 120 days. Give the bound in years.",
    ),
    (
        "a number that stands in for one of another unit",
        lambda: FirstRecorded(activity.age_at_start, DAYS_OLD),
        "'age_at_start' is in years and 'days_old' in days. One can stand in for the other only in the same unit.",
    ),
    (
        "bounds the wrong way round",
        lambda: Between(activity.age, years(120), years(19)),
        "No 'age_at_start' is between 120 years and 19 years. Swap the bounds.",
    ),
    ("an and of nothing", lambda: All(()), "All of no tests says nothing. Give it at least one test."),
    (
        "a criterion without words",
        lambda: replace(ebi_2k.SITE, says=" "),
        "The criterion 'site' has no says. Say it in plain words.",
    ),
    (
        "a criterion that cites nothing",
        lambda: replace(ebi_2k.SITE, cite=None),  # type: ignore[arg-type]
        "The criterion 'site' cites nothing. Give it a Cite(source, place).",
    ),
    (
        "a criterion id that is none",
        lambda: replace(ebi_2k.SITE, id="Site Code"),
        "'Site Code' is no criterion id. Use lower-case words joined by hyphens: 'no-malignancy'.",
    ),
    (
        "words about a fact that is not read",
        lambda: replace(ebi_2k.SITE, when_not_met="{procedure}"),
        "The criterion 'site' speaks of {procedure}, a fact that its test does not read. Did you mean 'procedures'?",
    ),
    (
        "a citation without a place",
        lambda: Cite(EBI_2K, ""),
        "A citation of 'ebi-2k' names no place in it. Say where: a section, a line.",
    ),
    (
        "a definition without criteria",
        lambda: replace(ebi_2k.DEFINITION, criteria=()),
        "The definition 'ebi-2k' has no criteria and would count everything. Give it one.",
    ),
    (
        "two criteria of one name",
        lambda: replace(ebi_2k.DEFINITION, criteria=(ebi_2k.SITE, ebi_2k.SITE)),
        "The definition 'ebi-2k' has two criteria 'site'. Rename one.",
    ),
    (
        "facts about spells and about patients together",
        lambda: replace(
            ebi_2k.DEFINITION,
            criteria=(
                ebi_2k.SITE,
                replace(
                    ebi_2k.ADULT,
                    met_when=OF_A_PATIENT.between(years(19), years(120)),
                    when_not_met="too young",
                ),
            ),
        ),
        "The definition 'ebi-2k' mixes facts about a patient and spell. Make one definition of each.",
    ),
    ("an empty code list", lambda: opcs(" "), "The code list 'test' is empty. Give it at least one OPCS-4 code."),
    (
        "a code list without a release",
        lambda: opcs("V485", release=""),
        "The code list 'test' names no release of OPCS-4. Say which, as '4.10'.",
    ),
    (
        "a LIKE class for a code",
        lambda: opcs("Z67[567]"),
        "'Z67[567]' in the code list 'test' is not a code. Write a category (C50), a four-character code (V485), "
        "or a range of categories within one letter (C00-C99), upper case and without dots.",
    ),
]


@pytest.mark.parametrize(("build", "message"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_it_is_refused_with_what_was_given_why_and_what_to_do(build: Callable[[], object], message: str) -> None:
    """The whole message, so that it stays one that a person can act on."""
    with pytest.raises(PolicyError) as refused:
        build()
    assert str(refused.value) == message


def test_a_list_takes_codes_below_its_categories_and_fifth_characters() -> None:
    malignancy = codelists.MALIGNANCY
    assert [malignancy.holds(code) for code in ("C00", "C509", "C99", "D099", "D37", "D48X")] == [True] * 6
    assert [malignancy.holds(code) for code in ("D10", "D36", "D49", "B99", "C5", "")] == [False] * 6
    assert codelists.LUMBAR_RFD.holds("V4851")
