"""FHIR made by others: every pain score is found and dated, nothing crashes, nothing is made up."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from facetwise.errors import InputError
from facetwise.record.fhir.import_bundle import ReadPatient, fhir_documents, from_fhir, is_fhir, parse_fhir
from tests.record.record_shape import faults, reached
from tests.shared import shared

BUNDLES, HOOKS = 15, 7


def bundles() -> list[Path]:
    return sorted(shared("data", "fhir", "synthea_chronic_pain").glob("*.json.gz"))


def hooks() -> list[Path]:
    return sorted(shared("data", "fhir", "davinci_crd").glob("CRDServiceRe*.json"))


def check(patient: ReadPatient) -> None:
    """The record is of the contract's shape and every origin names a place in it."""
    assert faults(patient.record) == []
    assert "complete" not in patient.record
    for path, origin in patient.origins.items():
        assert reached(patient.record, path) is not None, path
        assert "/" in origin
    conditions = patient.record.get("conditions", {})
    assert isinstance(conditions, dict)
    assert False not in conditions.values()


def test_every_file_is_read_by_a_test() -> None:
    assert (len(bundles()), len(hooks())) == (BUNDLES, HOOKS)


@pytest.mark.parametrize("number", range(BUNDLES))
def test_every_pain_score_of_a_bundle_is_found_dated_and_exact(number: int) -> None:
    """Counted by a walk of its own over the JSON."""
    path = bundles()[number]
    bundle = json.loads(gzip.decompress(path.read_bytes()), parse_float=Decimal)
    expected = sorted(
        (sent["effectiveDateTime"][:10], sent["valueQuantity"]["value"], f"Observation/{sent['id']}.valueQuantity")
        for sent in (entry["resource"] for entry in bundle["entry"])
        if sent["resourceType"] == "Observation" and sent["code"]["coding"][0]["code"] == "72514-3"
    )
    (patient,) = from_fhir(fhir_documents(path))
    scores: Any = patient.record["scores"]
    found = sorted((s["date"], s["value"], patient.origins[f"scores[{n}]"]) for n, s in enumerate(scores))
    assert found == expected
    assert expected
    assert {(s["scale"], s["context"]) for s in scores} == {("NRS", "usual")}
    check(patient)


def test_the_bundles_hold_277_scores_and_five_people_on_blood_thinners() -> None:
    patients = [patient for path in bundles() for patient in from_fhir(fhir_documents(path))]
    assert sum(len(patient.record["scores"]) for patient in patients) == 277  # type: ignore[arg-type, misc]
    assert sum(patient.record.get("conditions") == {"anticoagulant": True} for patient in patients) == 5


def test_chronic_pain_without_a_place_gives_no_date_of_spinal_pain() -> None:
    """SNOMED CT 82423001 does not say where: these people also have migraine. The clue is noted."""
    for path in bundles():
        (patient,) = from_fhir(fhir_documents(path))
        assert "pain" not in patient.record
        assert any("82423001" in note and "pain.since" in note for note in patient.notes)


def test_stopped_clopidogrel_and_resolved_pregnancy_are_no_evidence() -> None:
    for path in bundles():
        (patient,) = from_fhir(fhir_documents(path))
        assert "pregnant" not in str(patient.record)


def bulk() -> list[ReadPatient]:
    return list(from_fhir(fhir_documents(shared("data", "fhir", "synthea_bulk"))))


def test_the_bulk_folder_holds_13_patients_and_says_that_there_is_no_pain_score() -> None:
    patients = bulk()
    assert len(patients) == 13
    for patient in patients:
        check(patient)
        assert "scores" not in patient.record
        assert any(note.startswith("No pain score is here") for note in patient.notes)
        assert any("with codes not known here" in line for line in patient.not_understood)


def test_chronic_low_back_pain_of_the_bulk_folder_is_dated_by_its_onset() -> None:
    """Two people; each also has neck pain with the same onset, so the date stands without a request."""
    dated = [p for p in bulk() if "pain" in p.record]
    assert sorted(p.record["pain"]["since"] for p in dated) == ["2014-01-31", "2020-09-03"]  # type: ignore[index]
    assert all(".onsetDateTime" in p.origins["pain.since"] for p in dated)


def test_exercise_sessions_without_a_reason_are_no_conservative_care() -> None:
    (patient,) = [p for p in bulk() if str(p.record["id"]).startswith("ca15b832")]
    assert "care" not in patient.record
    assert any(line.startswith("10 courses of physiotherapy or exercise") for line in patient.not_understood)


def test_a_latex_allergy_and_a_sepsis_that_never_ended_are_held_with_their_source() -> None:
    flags = [flag for patient in bulk() for flag in patient.record.get("conditions", {})]  # type: ignore[attr-defined]
    assert sorted(flags) == ["allergy", "systemic_infection", "systemic_infection"]
    sepsis = [note for patient in bulk() for note in patient.notes if "since 1976-01-19 as recorded" in note]
    assert len(sepsis) == 1


def test_suspected_lung_cancer_is_pointed_at_and_not_made_a_spinal_red_flag() -> None:
    (patient,) = [p for p in bulk() if str(p.record["id"]).startswith("129c6ac7")]
    assert "suspected_cancer" not in patient.record.get("conditions", {})  # type: ignore[operator]
    assert any("162573006" in note and "suspected_cancer" in note for note in patient.notes)
    assert any("dead" in note for note in patient.notes)


def test_a_folder_of_xml_is_refused_in_words() -> None:
    folder = shared("data", "fhir", "ukcore")
    with pytest.raises(InputError) as refused:
        list(from_fhir(fhir_documents(folder)))
    assert str(refused.value) == (
        "The folder ukcore holds no .json or .ndjson file. It holds XML; of FHIR's formats JSON is read."
    )


def test_an_xml_file_is_refused_in_words() -> None:
    file = next(shared("data", "fhir", "ukcore").glob("*Patient-Richard*.xml"))
    with pytest.raises(InputError) as refused:
        list(fhir_documents(file))
    assert str(refused.value) == (
        f"{file.name} is XML. Of FHIR's formats JSON is read: ask the sender for application/fhir+json."
    )


def resources(value: object) -> Iterator[object]:
    """Every FHIR resource anywhere in a CDS Hooks request."""
    if is_fhir(value):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from resources(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from resources(inner)


@pytest.mark.parametrize("number", range(HOOKS))
def test_cds_hooks_files_are_refused_whole_and_their_resources_are_read(number: int) -> None:
    path = hooks()[number]
    document = parse_fhir(path.read_bytes(), path.name)
    with pytest.raises(InputError, match="It is a CDS Hooks request or answer: send the resources of its prefetch"):
        list(from_fhir([document]))
    said: list[str] = []
    for patient in from_fhir(resources(document), set_aside=said.append):
        check(patient)
        assert patient.record["id"]
    assert said == []
