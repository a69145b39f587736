"""Codes suggested from what was done, and whether a spell with them would be counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from facetwise.clinic.model.clinic_record import Procedure
from facetwise.clinic.procedure.suggested_codes import ICD10, OPCS, diagnoses, differs, suggested, wanting
from facetwise.clinic.procedure.would_it_count import DefinitionAnswer, answers, coded, codes_in
from facetwise.errors import InputError
from facetwise.guidance.codelists import BACK_PAIN
from facetwise.language.citation import Read
from facetwise.language.codes import CodeSystem
from facetwise.language.truth import Truth
from facetwise.library import DEFAULT, DEFINITIONS
from tests.clinic.test_lesions import row
from tests.shared import shared

BORN, DAY = date(1970, 5, 1), date(2026, 11, 20)
LOW = (row("L3"), row("L4"), row("L5"))


def procedure(nerves: Sequence[dict[str, Any]] = LOW, **more: Any) -> Procedure:
    held = {"planned": DAY, "technique": "thermal", "guidance": "fluoroscopy", "nerves": list(nerves), **more}
    return Procedure.model_validate({name: value for name, value in held.items() if value is not None})


def both(*nerves: str) -> list[dict[str, Any]]:
    return [row(nerve, side) for side in ("left", "right") for nerve in nerves]


@pytest.mark.parametrize(
    ("nerves", "more", "codes"),
    [
        (LOW, {}, "V485 V552 Y534 Z675 Z676 Z943"),
        ((row("L3"), row("L4")), {}, "V485 V551 Y534 Z675 Z943"),
        ((row("L4", "right"), row("L5", "right")), {"guidance": "ct"}, "V485 V551 Y533 Z676 Z942"),
        (both("L2", "L3", "L4", "L5"), {"guidance": "ultrasound"}, "V485 V553 Y532 Z675 Z676 Z941"),
        (LOW, {"technique": "cooled"}, "V485 V552 Y534 Z675 Z676 Z943"),
        (LOW, {"technique": "pulsed"}, "V486 V552 Y534 Z675 Z676 Z943"),
        (LOW, {"technique": None}, "V552 Y534 Z675 Z676 Z943"),
        (LOW, {"guidance": None}, "V485 V552 Z675 Z676 Z943"),
        ((row("third occipital nerve"),), {}, "V481 V551 Y534 Z673 Z943"),
        ((row("T1"), row("T2")), {}, "V483 V551 Y534 Z674 Z943"),
        ((row("T11"), row("T12"), row("L1")), {}, "V483 V485 V552 Y534 Z674 Z675 Z943"),
        ((row("L3"),), {}, ""),
        ((row("L3"), row("L4", lesion=None)), {}, ""),
        ((), {}, ""),
    ],
)  # fmt: skip
def test_the_codes_say_what_was_done_and_nothing_that_was_not_written_down(
    nerves: Sequence[dict[str, Any]], more: dict[str, Any], codes: str
) -> None:
    """Without a technique no operation is guessed; where no joint is whole there is nothing to code."""
    found = suggested(procedure(nerves, **more))
    assert " ".join(item.code for item in found) == codes
    assert all(item.why and item.cites and item.title and item.system is CodeSystem.OPCS4 for item in found)


RIGHT = (row("L4", "right"), row("L5", "right"))
BOTH = (*RIGHT, row("L4"), row("L5"))
SUPPORT = "so they support no code of an operation."


@pytest.mark.parametrize(
    ("nerves", "opcs", "told"),
    [
        # (nerves, codes chosen, (only suggested, only chosen, what it says)); None: nothing differs
        (LOW, "", None),
        (LOW, "V485 V552 Y534 Z675 Z676 Z943", None),
        (LOW, "Z943 Z676 Z675 Y534 V552 V485", None),
        (LOW, "V4850 V552 Y534 Z675 Z676 Z943", None),
        (LOW, "V485 V552 Y534 Z675 Z943", ("Z676", "", "")),
        (LOW, "V485 V552 Y534 Z675 Z676 Z943 Y811", ("", "Y811", "")),
        (RIGHT, "V485 V551 Y534 Z676 Z943",
         ("Z942", "Z943", "The codes chosen say left; the nerves say right.")),
        (RIGHT, "V485 V551 Y534 Z676 Z941",
         ("Z942", "Z941", "The codes chosen say both sides; the nerves say right.")),
        (BOTH, "V485 V551 Y534 Z676 Z942",
         ("Z941", "Z942", "The codes chosen say right; the nerves say both sides.")),
        ((row("L4", "right"),), "V485 Z943",
         ("", "V485 Z943", "The codes chosen say left; the nerves say right. "
                           f"As the nerves stand, no joint has all its nerves treated, {SUPPORT}")),
        ((row("L4", lesion=None),), "V485 Z943",
         ("", "V485 Z943", f"As the nerves stand, no lesion is written down, {SUPPORT}")),
    ],
)  # fmt: skip
def test_where_chosen_codes_are_not_those_of_the_nerves_is_said(
    nerves: Sequence[dict[str, Any]], opcs: str, told: tuple[str, str, str] | None
) -> None:
    """Each way, and the side in words; the order alone is a coder's choice and no difference."""
    found = differs(procedure(nerves, opcs=opcs.split()))
    assert (found and (" ".join(found.only_suggested), " ".join(found.only_chosen), found.says)) == told


def test_what_a_code_waits_for_is_said() -> None:
    assert wanting(procedure(technique=None, guidance=None)) == (
        "The technique is not recorded: thermal and other radiofrequency have different codes.",
        "The image guidance is not recorded.",
        "No diagnosis is chosen. Choose the one in the notes.",
    )
    assert wanting(procedure(icd10=["M545"])) == ()


def test_every_suggested_title_is_that_of_the_release() -> None:
    """The titles stand word for word in the national publications' list."""
    text = shared("data", "hes_aggregates", "opcs4_code_titles_from_hes.csv").read_text(encoding="utf-8")
    titles = dict(line.split(",", 1) for line in text.splitlines())
    for name, title in OPCS.items():
        assert titles[name].strip('"').startswith(title), name


def test_the_diagnoses_of_the_national_list_are_offered_and_what_is_unverified_says_so() -> None:
    offered = diagnoses(procedure())
    assert {item.code for item in offered} >= BACK_PAIN.fours
    for item in offered:
        assert ("Not on" in item.why) is not BACK_PAIN.holds(item.code)
        assert (item.cites[0].read is Read.UNVERIFIED) is not BACK_PAIN.holds(item.code)
    assert {item.code for item in diagnoses(procedure((row("third occipital nerve"),)))} == {"M549", "M478", "M479"}
    assert set(ICD10) == {item.code for item in offered}


FULL = {"icd10": ["M545"], "admission_method": "11", "administrative_category": "01"}


def national(made: Procedure, born: date | None = BORN) -> DefinitionAnswer:
    found = answers(made, born)
    assert [item.definition.id for item in found] == list(DEFINITIONS)
    assert found[0].definition is DEFAULT
    return found[0]


@pytest.mark.parametrize(
    ("more", "born", "outcome", "decided"),
    [
        ({}, BORN, Truth.MET, None),
        ({"icd10": None}, BORN, Truth.UNKNOWN, "diagnosis"),
        ({"icd10": ["M478"]}, BORN, Truth.NOT_MET, "diagnosis"),
        ({"icd10": ["M545", "C509"]}, BORN, Truth.NOT_MET, "no-malignancy"),
        ({"opcs": ["V485", "Y534"]}, BORN, Truth.NOT_MET, "site"),
        ({"opcs": ["A573", "Z676"]}, BORN, Truth.NOT_MET, "denervation"),
        ({"technique": "pulsed"}, BORN, Truth.NOT_MET, "denervation"),
        ({"technique": None}, BORN, Truth.NOT_MET, "denervation"),
        ({"admission_method": "21"}, BORN, Truth.NOT_MET, "not-emergency"),
        ({"admission_method": None}, BORN, Truth.UNKNOWN, "not-emergency"),
        ({"administrative_category": "02"}, BORN, Truth.NOT_MET, "not-private"),
        ({"administrative_category": None}, BORN, Truth.UNKNOWN, "not-private"),
        ({}, None, Truth.UNKNOWN, "adult"),
        ({}, date(2008, 11, 20), Truth.NOT_MET, "adult"),
        ({}, date(2007, 11, 20), Truth.MET, None),
        ({"icd10": ["M478"], "admission_method": None}, BORN, Truth.NOT_MET, "diagnosis"),
    ],
)
def test_the_national_rule_answers_for_the_spell_as_coded(
    more: dict[str, Any], born: date | None, outcome: Truth, decided: str | None
) -> None:
    """Not met decides before unknown; what is not recorded is unknown, never either side."""
    answer = national(procedure(**{**FULL, **more}), born)
    assert answer.outcome is outcome
    assert (answer.decided_by.criterion.id if answer.decided_by else None) == decided


def test_a_procedure_of_which_nothing_is_written_down_is_counted_by_nobody() -> None:
    for answer in answers(Procedure(), None):
        assert answer.outcome is not Truth.MET


def test_no_code_at_all_is_not_recorded_and_never_none() -> None:
    """An empty list of diagnoses would rule out cancer."""
    held = national(Procedure(), BORN)
    told = {item.criterion.id: item.truth for item in held.criteria}
    assert {told[name] for name in ("site", "diagnosis", "no-malignancy")} == {Truth.UNKNOWN}


@pytest.mark.parametrize(
    ("more", "criterion", "repairs"),
    [
        ({"opcs": ["V485"]}, "site", ["Z67.5 beside it (Lumbar intervertebral joint). For L4/5.",
                                     "Z67.6 beside it (Lumbosacral joint). For L5/S1."]),
        ({"icd10": ["M478"]}, "diagnosis",
         ["M54.5, M54.9, M51.2, M51.8 or M51.9 as the primary diagnosis, if that is what the notes say"]),
        ({"opcs": ["A573", "Z676"]}, "denervation",
         ["V48.5 as the dominant procedure: a thermal radiofrequency lesion at every nerve of the joint."]),
        ({"technique": "pulsed"}, "denervation", []),
        ({"admission_method": None}, "not-emergency", ["The admission method, where it is elective"]),
        ({"admission_method": "21"}, "not-emergency", []),
        ({"icd10": ["M545", "C509"]}, "no-malignancy", []),
    ],
)  # fmt: skip
def test_a_repair_is_only_what_the_notes_could_support(
    more: dict[str, Any], criterion: str, repairs: list[str]
) -> None:
    """An emergency stays one, a cancer stays one, and pulsed is not coded as thermal so that it counts."""
    answer = national(procedure(**{**FULL, **more}))
    assert {item.criterion.id: list(item.repairs) for item in answer.criteria}[criterion] == repairs


def test_every_repair_told_does_meet_its_criterion_and_a_met_one_has_none() -> None:
    for answer in answers(procedure(), BORN):
        assert all(not item.repairs for item in answer.criteria if item.truth is Truth.MET)
        assert all(item.why for item in answer.criteria if item.truth is not Truth.MET)


def test_codes_are_read_as_the_counting_reads_them() -> None:
    assert codes_in(" v48.5, Y534;Z67.6  v485 ", CodeSystem.OPCS4) == ("V485", "Y534", "Z676")
    assert codes_in("M54.5 I10 R69X6 Z94.3 A17.0+ v01", CodeSystem.ICD10) == (
        "M545",
        "I10",
        "R69X6",
        "Z943",
        "A170+",
        "V01",
    )
    assert codes_in("V485 M47.9 Z94.3", CodeSystem.OPCS4) == ("V485", "M479", "Z943")
    assert codes_in("", CodeSystem.OPCS4) == codes_in("", CodeSystem.ICD10) == ()
    with pytest.raises(InputError) as refused:
        codes_in("V48.5 lumbar", CodeSystem.OPCS4)
    assert str(refused.value) == (
        "One of these is no OPCS-4 code. Write a letter and two or three digits, such as V48.5, parted by commas."
    )


@pytest.mark.parametrize(
    ("text", "system", "says"),
    [
        ("M54.5", CodeSystem.OPCS4, "M54.5 is an ICD-10 code here (Low back pain). Write it among the ICD-10 codes, "
                                    "or choose the OPCS-4 code that is meant."),
        ("V48.5 M54.9", CodeSystem.OPCS4, "M54.9 is an ICD-10 code here (Dorsalgia, unspecified)."),
        ("M47.8", CodeSystem.OPCS4, "M47.8 is an ICD-10 code here"),
        ("M54.5 V48.5", CodeSystem.ICD10, "V48.5 is an OPCS-4 code here (Radiofrequency controlled thermal"),
        ("Z67.6", CodeSystem.ICD10, "Z67.6 is an OPCS-4 code here (Lumbosacral joint)."),
        ("I10", CodeSystem.OPCS4, "One of these is no OPCS-4 code. Write a letter"),
        ("R69X", CodeSystem.OPCS4, "such as V48.5"),
        ("M54.5 54.5", CodeSystem.ICD10, "One of these is no ICD-10 code. Write a letter and two or three digits, such as M54.5"),
    ],
)  # fmt: skip
def test_a_code_of_the_other_system_is_refused_in_words(text: str, system: CodeSystem, says: str) -> None:
    """They look alike; a diagnosis among the procedures would be counted as one."""
    with pytest.raises(InputError) as refused:
        codes_in(text, system)
    assert says in str(refused.value)


def test_every_code_that_is_suggested_or_offered_may_be_written_in_its_own_field() -> None:
    assert codes_in(" ".join(OPCS), CodeSystem.OPCS4) == tuple(OPCS)
    assert codes_in(" ".join(ICD10), CodeSystem.ICD10) == tuple(ICD10)


def test_codes_that_a_person_chose_stand_before_those_suggested() -> None:
    assert coded(procedure(opcs=["V487"]), BORN).opcs == ("V487",)
    assert not coded(procedure(opcs=["V487"]), BORN).is_suggested
    assert coded(procedure(), BORN).is_suggested
    assert coded(procedure(technique=None), BORN).opcs == ()
