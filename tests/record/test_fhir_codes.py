"""The code table: visible, sourced, honest about what was checked, and pointing only at facts that the record has."""

from __future__ import annotations

import csv
import re

import pytest

from facetwise.record.fhir.codes import CODES, ROWS
from facetwise.record.fhir.fact_table import (
    SYSTEM_URIS,
    Block,
    Care,
    Checked,
    Clue,
    Coded,
    CodeTable,
    Denervation,
    Flag,
    Of,
    Pain,
    Place,
    Row,
    System,
)
from tests.record.record_shape import FLAGS, RECORD, REGIONS
from tests.shared import shared


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.systems[0].value} {row.codes.split()[0]}")
def test_every_row_names_its_source_and_a_fact_that_the_record_has(row: Row) -> None:
    assert row.source
    match row.fact:
        case Flag(condition):
            assert condition in FLAGS
        case Clue(fact):
            assert fact.removeprefix("conditions.") in FLAGS or fact.split(".")[0] in RECORD
        case Pain(region) | Denervation(region) | Block(region) | Place(region):
            assert region is None or region in REGIONS
        case Care(kind):
            assert kind in {"physiotherapy", "exercise"}


def test_no_code_stands_in_two_rows_of_one_kind() -> None:
    keys = [(row.of, system, code) for row in ROWS for system in row.systems for code in row.codes.lower().split()]
    assert len(keys) == len(set(keys))


def test_every_snomed_row_that_sets_a_fact_is_held_to_its_display_and_none_claims_a_release() -> None:
    snomed = [row for row in ROWS if System.SNOMED in row.systems]
    assert all(row.words for row in snomed if not isinstance(row.fact, Clue))
    assert all(row.checked is not Checked.RELEASE for row in snomed)


def test_opcs_codes_said_to_be_checked_are_in_the_published_titles() -> None:
    """And the titles say what the row says: cervical, thoracic, lumbar; radiofrequency controlled thermal."""
    with shared("data", "hes_aggregates", "opcs4_code_titles_from_hes.csv").open(encoding="utf-8-sig") as file:
        titles = {row["opcs4_code"]: row["description"] for row in csv.DictReader(file)}
    for row in ROWS:
        if row.checked is not Checked.RELEASE:
            continue
        for code in row.codes.split():
            below = [title for known, title in titles.items() if known.startswith(code)]
            assert below, code
            if isinstance(row.fact, Denervation):
                (title,) = below
                assert "enervation of spinal facet joint" in title
                named = re.search("cervical|thoracic|lumbar", title)
                assert (named[0] if named else None) == row.fact.region
                assert ("thermal" in title) == (row.fact.technique == "thermal")


def test_cpt_codes_stand_without_descriptors() -> None:
    """CPT is copyright of the American Medical Association."""
    for row in ROWS:
        if System.CPT in row.systems:
            assert not row.words


def test_a_site_adds_rows_of_its_own() -> None:
    own = Row(
        Of.PROCEDURE, (System.SNOMED,), "999000", Denervation("lumbar", "thermal"), "our trust", Checked.SECONDARY
    )
    coded = Coded(System.SNOMED, "http://snomed.info/sct", "999000", "", "Procedure/1.code")
    assert CODES.match(Of.PROCEDURE, coded) is None
    found = CodeTable((*ROWS, own)).match(Of.PROCEDURE, coded)
    assert found and found.row is own


def test_the_longest_code_wins() -> None:
    """D68.3 is a clue within D68; M54.16 says more than nothing."""
    for code, fact in (("D68.32", Clue), ("D68.2", Flag), ("M80.08XA", Clue)):
        found = CODES.match(Of.FINDING, Coded(System.ICD10CM, "", code, "", ""))
        assert found and isinstance(found.row.fact, fact), code


def test_addresses_of_code_systems_are_lower_case_as_they_are_compared() -> None:
    assert all(uri == uri.lower() for uri in SYSTEM_URIS)
