"""What a raw value means, by example: the same of plain text, of text met once among many, and of one value alone."""

from collections.abc import Callable
from datetime import date

import pyarrow as pa
import pytest

from facetwise.spells.layouts import HES_APC, SUS_APCS
from facetwise.spells.normalise import parse_value
from facetwise.spells.normalise.columns import canonical, faults
from facetwise.spells.normalise.value_rules import FaultKind

COLUMNS = {column.canonical: column for layout in (HES_APC, SUS_APCS) for column in layout.columns}
MEANINGS: list[tuple[str, str, object]] = [
    ("age_at_start", "6999", 6999),
    ("age_at_start", "7000", 0),
    ("age_at_start", "7007", 0),
    ("age_at_start", "7008", 7008),
    ("age_at_start", "55.0", 55),
    ("age_at_start", "+999999999999999999", 2**31 - 1),
    ("age_at_start", "-999999999999999999", -(2**31) + 1),
    ("age_at_start", "null", None),
    ("admitted", "2018-04-01", date(2018, 4, 1)),
    ("admitted", "2018-04-01T10:00:00Z", date(2018, 4, 1)),
    ("admitted", "20180401", date(2018, 4, 1)),
    ("admitted", "1/4/2018 09:30", date(2018, 4, 1)),
    ("admitted", "1800-01-01", None),
    ("admitted", "1801-01-01", None),
    ("admitted", "1800-01-02", date(1800, 1, 2)),
    ("admitted", " & ", None),
    ("primary_diagnosis", "m54.5", "M545"),
    ("primary_diagnosis", "R69X", "R69X"),
    ("primary_diagnosis", "R69X3", None),
    ("primary_diagnosis", "R69X6", None),
    ("primary_diagnosis", "R69.X8", None),
    ("primary_diagnosis", "R69X7", "R69X7"),
    ("primary_diagnosis", "-", None),
    ("dominant_procedure", "-", "-"),
    ("dominant_procedure", "R69X3", "R69X3"),
    ("dominant_procedure", "v48\u00a05", "V485"),
    ("administrative_category", "2", "02"),
    ("administrative_category", "2.0", "02"),
    ("administrative_category", "02", "02"),
    ("administrative_category", "\u00a0&", None),
    ("patient_id", "17.0", "17"),
    ("patient_id", "-3.0", "-3"),
    ("patient_id", "17.5", "17.5"),
    ("spell", "17.0", "17"),
    ("spell_id", "A1.0", "A1.0"),
    ("admission_method", "11.0", "11.0"),
    ("procedures", "||V48.5,a573||-", [["V485", "A573"], []]),
    ("procedures", "-", [[]]),
    ("procedures", "||&", None),
    ("diagnoses", "-", None),
    ("diagnoses", "M545||-", [["M545"], []]),
]


@pytest.mark.parametrize("name, raw, meaning", MEANINGS)
def test_a_value_means_this_in_every_kind_of_column(name: str, raw: str, meaning: object) -> None:
    column = COLUMNS[name]
    array = pa.array([raw, None])
    for held in (array, array.cast(pa.large_string()), array.dictionary_encode()):
        assert not faults(held.slice(0, 1), column, "x") and canonical(held, column).to_pylist() == [meaning, None]


PLAIN: dict[str, Callable[[str], object]] = {
    "age_at_start": lambda raw: parse_value.age(parse_value.number(raw)),
    "admitted": parse_value.day,
    "primary_diagnosis": parse_value.diagnosis,
    "dominant_procedure": parse_value.code,
    "administrative_category": parse_value.category,
    "admission_method": parse_value.text,
}


@pytest.mark.parametrize("name, raw, meaning", [row for row in MEANINGS if row[0] in PLAIN])
def test_a_single_value_means_the_same(name: str, raw: str, meaning: object) -> None:
    assert PLAIN[name](raw) == meaning


@pytest.mark.parametrize(
    "name, raw",
    [
        ("age_at_start", "1000000000000000000"),
        ("age_at_start", "5.5"),
        ("age_at_start", "fifty"),
        ("admitted", "2018-02-30"),
        ("admitted", "0000-01-01"),
        ("admitted", "2018/04/01"),
        ("admitted", "01-04-2018"),
    ],
)
def test_a_value_of_no_kind_is_a_fault(name: str, raw: str) -> None:
    (fault,) = faults(pa.array([raw]), COLUMNS[name], "Column")
    assert fault.reason == f"Column is not {COLUMNS[name].kind.value}"


def test_a_row_is_rejected_for_its_first_fault_in_the_order_of_the_rules() -> None:
    keys = pa.array(["\ufffd\x01", "\x01", "& "])
    found = [(fault.reason, fault.rows.tolist()) for fault in faults(keys, COLUMNS["spell_id"], "Key")]
    assert found == [
        ("Key is not UTF-8 text", [True, False, False]),
        ("Key holds a control character", [False, True, False]),
        ("Key is missing", [False, False, True]),
    ]
    order = [kind.reason(COLUMNS["spell_id"], "Key") for kind in FaultKind]
    assert [reason for reason, _ in found] == [reason for reason in order if reason != "Key is not an identifier"]
