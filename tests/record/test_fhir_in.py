"""What is taken from FHIR and what is not: hand-made resources, one promise a test."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from facetwise.errors import InputError
from facetwise.record.fhir.import_bundle import ReadPatient, fhir_documents, from_fhir, is_fhir, parse_fhir
from tests.record.record_shape import faults, reached

LOINC, SCT = "http://loinc.org", "http://snomed.info/sct"
Json = dict[str, Any]


def concept(system: str, code: str, display: str = "") -> Json:
    return {"coding": [{"system": system, "code": code} | ({"display": display} if display else {})]}


def status(code: str) -> Json:
    return concept("http://terminology.hl7.org/CodeSystem/condition-clinical", code)


def score(id_: str, value: object, day: object = "2026-10-01T08:00:00+01:00", **more: object) -> Json:
    return {
        "resourceType": "Observation", "id": id_, "status": "final", "code": concept(LOINC, "72514-3"),
        "subject": {"reference": "Patient/p1"}, "effectiveDateTime": day, "valueQuantity": {"value": value}, **more,
    }  # fmt: skip


def condition(system: str, code: str, display: str = "", **more: object) -> Json:
    return {
        "resourceType": "Condition", "id": "c1", "clinicalStatus": status("active"), "subject": {"reference": "Patient/p1"},
        "code": concept(system, code, display), "onsetDateTime": "2026-01-10", **more,
    }  # fmt: skip


def done(system: str, *codes: str, **more: object) -> Json:
    return {
        "resourceType": "Procedure", "id": "d1", "status": "completed", "subject": {"reference": "Patient/p1"},
        "code": {"coding": [{"system": system, "code": code} for code in codes]}, "performedDateTime": "2024-05-01", **more,
    }  # fmt: skip


def medicine(name: str, **more: object) -> Json:
    return {
        "resourceType": "MedicationRequest", "id": "m1", "status": "active", "intent": "order",
        "subject": {"reference": "Patient/p1"}, "medicationCodeableConcept": {"text": name}, **more,
    }  # fmt: skip


PATIENT: Json = {"resourceType": "Patient", "id": "p1", "birthDate": "1970-05-01", "gender": "female"}
OPCS, CPT, CM = "https://fhir.nhs.uk/Id/opcs-4", "http://www.ama-assn.org/go/cpt", "http://hl7.org/fhir/sid/icd-10-cm"
ICD = "http://hl7.org/fhir/sid/icd-10"


def bundle(*resources: Json, **more: object) -> Json:
    return {"resourceType": "Bundle", "entry": [{"resource": one} for one in resources], **more}


def read(*resources: Json) -> ReadPatient:
    (patient,) = from_fhir([bundle(PATIENT, *resources)])
    assert faults(patient.record) == []
    for path in patient.origins:
        assert reached(patient.record, path) is not None
    return patient


def conditions(*resources: Json) -> object:
    return read(*resources).record.get("conditions")


def test_a_bundle_without_a_type_with_nulls_and_empty_lists_is_read() -> None:
    sloppy = score("o1", 6) | {"category": [], "component": [None], "note": None, "performer": [{}]}
    patient = read(sloppy, condition(SCT, "279039007") | {"code": {"coding": [None], "text": None}})
    assert patient.record == {
        "schema": "facetwise.record/1", "id": "p1", "born": "1970-05-01", "sex": "female",
        "scores": [{"date": "2026-10-01", "scale": "NRS", "value": 6, "context": "usual"}],
    }  # fmt: skip
    assert patient.origins == {
        "born": "Patient/p1.birthDate", "sex": "Patient/p1.gender", "scores[0]": "Observation/o1.valueQuantity",
    }  # fmt: skip
    assert patient.not_understood == ("1 Condition resource with codes not known here: no code",)


@pytest.mark.parametrize("kind", ["collection", "searchset", "transaction", "batch", "document"])
def test_any_type_of_bundle_is_read(kind: str) -> None:
    (patient,) = from_fhir([bundle(PATIENT, score("o1", 6), type=kind)])
    assert patient.record["scores"]


def test_a_history_is_refused_since_it_holds_superseded_versions() -> None:
    with pytest.raises(InputError, match="Bundle is of type history"):
        list(from_fhir([bundle(PATIENT, type="history")]))


def test_urn_references_of_a_transaction_find_their_patient() -> None:
    entries = [
        {"fullUrl": "urn:uuid:o", "resource": score("", 6) | {"subject": {"reference": "urn:uuid:p"}, "id": None}},
        {"fullUrl": "urn:uuid:p", "resource": {"resourceType": "Patient", "birthDate": "1970-05-01"}},
    ]
    (patient,) = from_fhir([{"resourceType": "Bundle", "type": "transaction", "entry": entries}])
    assert patient.record["born"] == "1970-05-01"
    assert patient.origins["scores[0]"] == "urn:uuid:o.valueQuantity"


def test_a_deleting_entry_is_no_evidence() -> None:
    entries = [{"resource": PATIENT}, {"resource": score("o1", 6), "request": {"method": "DELETE"}}]
    (patient,) = from_fhir([{"resourceType": "Bundle", "entry": entries}])
    assert "scores" not in patient.record


def test_two_patients_of_one_bundle_are_two_records_and_share_nothing() -> None:
    other = {"reference": "Patient/p2"}
    both = bundle(PATIENT, {"resourceType": "Patient", "id": "p2"}, score("o1", 6), score("o2", 3, subject=other),
                  medicine("warfarin", subject=other), score("o3", 9, subject=None))  # fmt: skip
    first, second = from_fhir([both])
    assert [first.record["id"], second.record["id"]] == ["p1", "p2"]
    assert [s["value"] for s in first.record["scores"]] == [6]  # type: ignore[attr-defined]
    assert [s["value"] for s in second.record["scores"]] == [3]  # type: ignore[attr-defined]
    assert "conditions" not in first.record
    assert second.record["conditions"] == {"anticoagulant": True}
    assert "Resources that name no patient (1), where several patients are here: not used" in first.not_understood


def test_the_same_id_on_two_servers_is_two_people() -> None:
    entries = [
        {"fullUrl": f"https://{host}/Patient/1", "resource": {"resourceType": "Patient", "id": "1", "gender": sex}}
        for host, sex in (("a.org", "female"), ("b.org", "male"))
    ]
    for host, value in (("a.org", 3), ("b.org", 6)):
        sent = score(f"o-{host}", value, subject={"reference": "Patient/1"})
        entries.append({"fullUrl": f"https://{host}/Observation/o-{host}", "resource": sent})
    first, second = from_fhir([{"resourceType": "Bundle", "entry": entries}])
    assert [s["value"] for s in first.record["scores"]] == [3]  # type: ignore[attr-defined]
    assert [s["value"] for s in second.record["scores"]] == [6]  # type: ignore[attr-defined]
    assert (second.record["sex"], second.record["id"]) == ("male", "https://b.org/Patient/1")


def test_a_reference_to_another_server_is_not_the_patient_of_this_one() -> None:
    elsewhere = score("o1", 6, subject={"reference": "https://b.org/Patient/p1"})
    entries = [{"fullUrl": "https://a.org/Patient/p1", "resource": PATIENT}, {"resource": elsewhere}]
    first, second = from_fhir([{"resourceType": "Bundle", "entry": entries}])
    assert (first.record["born"], "scores" in first.record) == ("1970-05-01", False)
    assert "born" not in second.record and second.record["scores"]


@pytest.mark.parametrize(
    "subject",
    [{"reference": "Patient/p1/_history/3"}, {"reference": "https://a.org/fhir/Patient/p1"},
     {"reference": "Patient?identifier=nhs|9"}, {"identifier": {"system": "nhs", "value": "9"}}],
)  # fmt: skip
def test_every_way_to_name_the_patient_finds_them(subject: Json) -> None:
    known = PATIENT | {"identifier": [{"system": "nhs", "value": "9"}]}
    (patient,) = from_fhir([bundle(known, score("o1", 6, subject=subject))])
    assert patient.record["scores"]


def test_a_resource_about_a_group_or_a_device_is_nobodys() -> None:
    patient = read(score("o1", 6, subject={"reference": "Group/p1"}), {"resourceType": "Device", "status": "active",
                   "type": concept(SCT, "14106009", "Cardiac pacemaker")})  # fmt: skip
    assert set(patient.record) == {"schema", "id", "born", "sex"}


def test_a_single_resource_is_a_record_with_what_it_says() -> None:
    (patient,) = from_fhir([score("o1", 6)])
    assert patient.record["id"] == "p1"
    (patient,) = from_fhir([score("o1", 6, subject=None)])
    assert "id" not in patient.record and patient.record["scores"]
    (patient,) = from_fhir([PATIENT])
    assert patient.record == {"schema": "facetwise.record/1", "id": "p1", "born": "1970-05-01", "sex": "female"}


def test_a_resource_without_a_patient_is_of_the_only_one_and_that_is_said() -> None:
    patient = read(score("o1", 6, subject=None))
    assert patient.record["scores"]
    assert "Resources that name no patient (1) are taken as of the only patient here." in patient.notes


def test_numbers_keep_every_digit() -> None:
    text = json.dumps(score("o1", 0)).replace('"value": 0', '"value": 1.2425038394168295123')
    (patient,) = from_fhir([parse_fhir(text, "o1.json")])
    assert patient.record["scores"][0]["value"] == Decimal("1.2425038394168295123")  # type: ignore[index]


@pytest.mark.parametrize("partial", ["2026", "2026-10"])
def test_a_year_or_a_month_is_never_made_a_day(partial: str) -> None:
    patient = read(score("o1", 6, partial), condition(SCT, "279039007", onsetDateTime=partial),
                   done(OPCS, "V485", performedDateTime=partial))  # fmt: skip
    (born,) = from_fhir([PATIENT | {"birthDate": partial}])
    assert "born" not in born.record
    assert set(patient.record) == {"schema", "id", "born", "sex", "denervations"}
    assert patient.record["denervations"] == [{"region": "lumbar", "technique": "thermal"}]
    assert patient.not_understood == (
        "Observation/o1.effectiveDateTime is a year or a month only: the pain score is left out",
        "Condition/c1.onsetDateTime is a year or a month only: pain.since is not taken from it",
        "Procedure/d1.performedDateTime is a year or a month only: its date is left out",
    )


@pytest.mark.parametrize(
    ("written", "day"),
    [("2026-10-01", "2026-10-01"), ("2026-10-01T23:59:59-11:00", "2026-10-01"), ("2026-10-01T00:30:00+14:00", "2026-10-01"),
     ("2026-10-01T10:00:00Z", "2026-10-01"), ("2026-10-01T10:00:00.055+00:00", "2026-10-01")],
)  # fmt: skip
def test_the_day_is_the_local_one_as_written(written: str, day: str) -> None:
    assert read(score("o1", 6, written)).record["scores"][0]["date"] == day  # type: ignore[index]


def test_a_period_within_a_day_dates_and_a_longer_one_does_not() -> None:
    within = {"start": "2024-05-01T09:00:00Z", "end": "2024-05-01T09:30:00Z"}
    longer = {"start": "2024-05-01", "end": "2024-05-03"}
    assert read(done(OPCS, "V485", performedPeriod=within)).record["denervations"][0]["date"] == "2024-05-01"  # type: ignore[index]
    patient = read(done(OPCS, "V485", performedPeriod=longer))
    assert "date" not in patient.record["denervations"][0]  # type: ignore[index]
    assert "more than one day" in patient.not_understood[0]


@pytest.mark.parametrize("wrong", ["entered-in-error", "cancelled", "registered", "preliminary", "unknown", ""])
def test_an_observation_that_is_not_final_is_no_score(wrong: str) -> None:
    patient = read(score("o1", 6, status=wrong))
    assert "scores" not in patient.record
    assert any("1 Observation resource not taken as evidence: status" in line for line in patient.not_understood)


@pytest.mark.parametrize("wrong", ["not-done", "entered-in-error", "in-progress", "preparation", "stopped", "unknown"])
def test_a_procedure_that_was_not_completed_is_no_denervation(wrong: str) -> None:
    assert "denervations" not in read(done(OPCS, "V485", status=wrong)).record


def test_conditions_that_are_refuted_resolved_or_ended_are_no_evidence_and_never_a_no() -> None:
    def pacemaker(**more: object) -> Json:
        return condition(SCT, "441509002", "Cardiac pacemaker in situ", **more)

    assert conditions(pacemaker()) == {"pacemaker": True}
    for verified in ("refuted", "entered-in-error"):
        wrong = read(pacemaker(verificationStatus=status(verified)))
        assert "conditions" not in wrong.record
        assert not [note for note in wrong.notes if "pacemaker" in note], "what was withdrawn is no clue either"
    for clinical in ("inactive", "remission", "resolved"):
        assert conditions(pacemaker(clinicalStatus=status(clinical))) is None
    assert conditions(pacemaker(abatementDateTime="2020-01-01")) is None


@pytest.mark.parametrize("more", [{"clinicalStatus": None}, {"verificationStatus": status("provisional")}])
def test_a_condition_of_unsaid_status_or_unconfirmed_is_noted_and_left_unknown(more: Json) -> None:
    patient = read(condition(SCT, "77386006", "Pregnancy", **more))
    assert "conditions" not in patient.record
    assert any("bears on conditions.pregnant" in note for note in patient.notes)


def test_a_code_whose_own_display_names_something_else_is_not_believed() -> None:
    patient = read(condition(SCT, "441509002", "Fear of heights"))
    assert "conditions" not in patient.record
    assert any("its display names something else" in note for note in patient.notes)


def test_only_medicines_that_are_being_taken_hold() -> None:
    assert conditions(medicine("Apixaban 5 MG Oral Tablet")) == {"anticoagulant": True}
    for more in ({"status": "stopped"}, {"status": "completed"}, {"status": "on-hold"}, {"status": "entered-in-error"},
                 {"intent": "proposal"}, {"intent": "plan"}, {"doNotPerform": True}):  # fmt: skip
        assert conditions(medicine("Apixaban 5 MG Oral Tablet", **more)) is None, more
    assert conditions(medicine("Simvastatin 10 MG")) is None


def test_clopidogrel_holds_as_a_blood_thinner() -> None:
    """The question that the condition stands for asks of anticoagulants and antiplatelets alike."""
    assert conditions(medicine("Clopidogrel 75 MG Oral Tablet")) == {"anticoagulant": True}


def test_aspirin_and_a_heparin_are_asked_about_and_not_called_anticoagulants() -> None:
    for name in ("Aspirin 75 MG Oral Tablet", "Heparin sodium flush"):
        patient = read(medicine(name))
        assert "conditions" not in patient.record
        assert any("conditions.anticoagulant" in note for note in patient.notes)


def test_a_medicine_by_reference_is_looked_up_also_when_it_is_contained_or_comes_later() -> None:
    warfarin = {"resourceType": "Medication", "id": "w", "code": concept("http://www.whocc.no/atc", "B01AA03")}
    by = medicine("", medicationCodeableConcept=None, medicationReference={"reference": "Medication/w"})
    patient = read(by, warfarin)
    assert patient.origins["conditions.anticoagulant"] == "MedicationRequest/m1.medicationReference"
    within = by | {"medicationReference": {"reference": "#w"}, "contained": [warfarin]}
    assert conditions(within) == {"anticoagulant": True}
    gone = read(by)
    assert "conditions" not in gone.record
    assert gone.not_understood[0].startswith(
        "MedicationRequest/m1.medicationReference names a Medication that is not here"
    )


def test_an_observation_within_a_report_is_read_and_one_of_a_withdrawn_report_is_not() -> None:
    inner = score("in", 7, subject=None)
    report = {"resourceType": "DiagnosticReport", "id": "r", "status": "final", "subject": {"reference": "Patient/p1"},
              "contained": [inner]}  # fmt: skip
    assert read(report).origins["scores[0]"] == "DiagnosticReport/r#in.valueQuantity"
    assert "scores" not in read(report | {"status": "entered-in-error"}).record


def test_a_contained_patient_is_the_patient() -> None:
    sent = score("o1", 6, subject={"reference": "#me"}) | {"contained": [PATIENT | {"id": "me"}]}
    (patient,) = from_fhir([sent])
    assert (patient.record["born"], patient.record["id"]) == ("1970-05-01", "me")


def test_pain_scores_in_components_and_as_integers_are_read() -> None:
    part = {"code": concept(LOINC, "72514-3"), "valueInteger": 4}
    panel = score("o1", 1) | {"code": concept(LOINC, "999-9"), "component": [part], "valueQuantity": None}
    patient = read(panel)
    assert patient.origins["scores[0]"] == "Observation/o1.component[0].valueInteger"


@pytest.mark.parametrize(
    "more",
    [{"valueQuantity": {"value": 6, "comparator": ">"}}, {"valueQuantity": None}, {"effectiveDateTime": None},
     {"bodySite": concept(SCT, "72696002", "Knee")}, {"valueQuantity": None, "valueString": "six"}],
)  # fmt: skip
def test_a_score_that_is_not_a_plain_dated_number_of_the_spine_is_left_out_and_named(more: Json) -> None:
    patient = read(score("o1", 6, **more))
    assert "scores" not in patient.record
    assert patient.not_understood[0].startswith("Observation/o1")


def test_a_visual_analogue_score_without_a_scale_is_a_clue() -> None:
    patient = read(score("o1", 60) | {"code": concept(LOINC, "38214-3")})
    assert "scores" not in patient.record
    assert any("does not fix a 0 to 10 scale" in note for note in patient.notes)


@pytest.mark.parametrize(
    ("codes", "expected"),
    [(["V48.5"], {"region": "lumbar", "technique": "thermal"}), (["V486"], {"region": "lumbar"}),
     (["V486", "Y114"], {"region": "lumbar", "technique": "thermal"}), (["V487"], {"technique": "thermal"}),
     (["V487", "Z67.6", "Z941"], {"region": "lumbar", "sides": ["left", "right"], "technique": "thermal"}),
     (["V481"], {"region": "cervical", "technique": "thermal"}), (["V489"], {})],
)  # fmt: skip
def test_opcs_denervations_say_what_their_codes_say(codes: list[str], expected: Json) -> None:
    assert read(done(OPCS, *codes)).record["denervations"] == [{"date": "2024-05-01"} | expected]


@pytest.mark.parametrize(
    ("code", "expected"), [("64635", {"region": "lumbar"}), ("64633", {}), ("64625", {"region": "sacroiliac"})]
)
def test_cpt_denervations_name_no_technique(code: str, expected: Json) -> None:
    assert read(done(CPT, code)).record["denervations"] == [{"date": "2024-05-01"} | expected]


def test_a_block_has_no_technique() -> None:
    assert read(done(OPCS, "V544", "Y114")).record["blocks"] == [{"date": "2024-05-01"}]


@pytest.mark.parametrize("death", [{"deceasedBoolean": True}, {"deceasedDateTime": "2026-01"}])
def test_a_death_is_noted(death: Json) -> None:
    (patient,) = from_fhir([PATIENT | death])
    assert f"The patient is recorded as dead (Patient/p1.{next(iter(death))})." in patient.notes
    (alive,) = from_fhir([PATIENT | {"deceasedBoolean": False}])
    assert not [note for note in alive.notes if "dead" in note]


@pytest.mark.parametrize(("system", "code"), [(OPCS, "A573"), (OPCS, "W903"), (CPT, "64999"), (SCT, "395219008")])
def test_procedures_that_may_be_something_else_are_noted_only(system: str, code: str) -> None:
    patient = read(done(system, code))
    assert set(patient.record) == {"schema", "id", "born", "sex"}
    assert any(code in note for note in patient.notes)


@pytest.mark.parametrize(("system", "code", "expected"), [(CPT, "64493", {"region": "lumbar"}), (OPCS, "V544", {})])
def test_a_block_has_no_kind_and_no_result_since_no_code_gives_them(system: str, code: str, expected: Json) -> None:
    patient = read(done(system, code))
    assert patient.record["blocks"] == [{"date": "2024-05-01"} | expected]
    assert any("a block whose kind and result no code gives" in note for note in patient.notes)


def test_regions_that_disagree_are_left_out_and_said() -> None:
    """In either order: which code stands first says nothing."""
    for codes in (("V481", "V485"), ("V485", "V481")):
        patient = read(done(OPCS, *codes))
        assert patient.record["denervations"] == [{"date": "2024-05-01", "technique": "thermal"}]
        assert any("coded with several regions: its region is left out" in line for line in patient.not_understood)


def test_a_body_site_gives_region_and_side() -> None:
    sites = [concept(SCT, "122496007", "Lumbar spine"), concept(SCT, "7771000", "Left")]
    patient = read(done(OPCS, "V487", bodySite=sites))
    assert patient.record["denervations"] == [
        {"date": "2024-05-01", "region": "lumbar", "sides": ["left"], "technique": "thermal"}
    ]


@pytest.mark.parametrize(
    ("codes", "sites"),
    [(["V485", "V481"], []), (["V481", "V485"], []), (["V487"], [("122496007", "Lumbar"), ("122494005", "Cervical")])],
)
def test_regions_that_disagree_are_left_out_and_named(codes: list[str], sites: list[tuple[str, str]]) -> None:
    """Of two regions neither is the right one: the first must not win by its place in the list."""
    patient = read(done(OPCS, *codes, bodySite=[concept(SCT, code, name) for code, name in sites]))
    assert patient.record["denervations"] == [{"date": "2024-05-01", "technique": "thermal"}]
    assert any(
        line.endswith("is coded with several regions: its region is left out") for line in patient.not_understood
    )


def test_the_region_of_the_procedure_outranks_that_of_its_site() -> None:
    patient = read(done(OPCS, "V485", bodySite=[concept(SCT, "122494005", "Cervical spine")]))
    assert patient.record["denervations"] == [{"date": "2024-05-01", "region": "lumbar", "technique": "thermal"}]


def test_icd_10_codes_are_read_with_and_without_dots_and_below_their_category() -> None:
    assert read(condition(CM, "M54.59")).record["pain"] == {"since": "2026-01-10"}
    assert read(condition(ICD, "M544")).record["pain"] == {"since": "2026-01-10", "radicular": True}
    assert read(condition(CM, "M54.17")).record["pain"] == {"radicular": True}
    assert "pain" not in read(condition(CM, "M47.816")).record
    assert conditions(condition(CM, "Z95.810")) == {"icd": True}
    assert conditions(condition(ICD, "D68.2")) == {"bleeding_disorder": True}
    assert conditions(condition(ICD, "D68.3")) is None
    assert conditions(condition(ICD, "G83.4")) == {"cauda_equina_signs": True}
    assert conditions(condition(ICD, "S32.0")) == {"fracture": True}
    assert conditions(condition(CM, "S32.010D")) is None
    assert conditions(condition(ICD, "C50.9")) is None
    assert conditions(condition(CM, "C79.51")) == {"suspected_cancer": True}


def test_the_code_of_one_system_is_not_looked_up_in_another() -> None:
    assert "denervations" not in read(done(ICD, "V485")).record
    assert "pain" not in read(condition(OPCS, "M545")).record


def test_pain_of_two_regions_is_dated_only_where_a_request_names_one() -> None:
    neck = condition(ICD, "M54.2") | {"id": "c2", "onsetDateTime": "2020-03-01"}
    undecided = read(condition(ICD, "M54.5"), neck)
    assert "pain" not in undecided.record
    assert any(line.startswith("pain.since is left out: pain of several regions") for line in undecided.not_understood)
    asked = read(condition(ICD, "M54.5"), neck, request(OPCS, "V485"))
    assert asked.record["pain"] == {"since": "2026-01-10"}


def request(system: str, code: str, **more: object) -> Json:
    return {
        "resourceType": "ServiceRequest", "id": "s1", "status": "active", "intent": "order", "authoredOn": "2026-11-20",
        "subject": {"reference": "Patient/p1"}, "code": concept(system, code), **more,
    }  # fmt: skip


def test_a_request_is_there_only_when_a_denervation_is_asked_for() -> None:
    patient = read(request(OPCS, "V485"))
    assert patient.record["request"] == {"date": "2026-11-20", "region": "lumbar", "technique": "thermal"}
    assert patient.origins["request"] == "ServiceRequest/s1"
    assert "request" not in read(request(CPT, "64493")).record
    for more in ({"status": "revoked"}, {"status": "completed"}, {"doNotPerform": True}, {"intent": "directive"}):
        assert "request" not in read(request(OPCS, "V485", **more)).record


def test_the_latest_of_several_requests_is_the_request() -> None:
    patient = read(request(OPCS, "V485"), request(CPT, "64633", id="s2", authoredOn="2026-12-01"))
    assert patient.record["request"] == {"date": "2026-12-01"}
    assert any("ServiceRequest/s1 is a denervation request too" in note for note in patient.notes)


def test_care_counts_only_with_a_reason_in_the_spine() -> None:
    span = {"start": "2026-02-01", "end": "2026-05-01"}
    physio = done(SCT, "91251008", performedDateTime=None, performedPeriod=span)
    assert "care" not in read(physio).record
    course = [{"kind": "physiotherapy", "from": "2026-02-01", "to": "2026-05-01", "outcome": "unknown"}]
    assert read(physio | {"reasonCode": [concept(ICD, "M54.5")]}).record["care"] == course
    linked = physio | {"reasonReference": [{"reference": "Condition/c1"}]}
    assert read(linked, condition(SCT, "279039007")).record["care"] == course
    assert "care" not in read(linked, condition(SCT, "279039007", verificationStatus=status("refuted"))).record
    assert "care" not in read(linked, condition(SCT, "239873007", "Osteoarthritis of knee")).record
    plan = {"resourceType": "CarePlan", "id": "k", "status": "active", "subject": {"reference": "Patient/p1"}, "period": span,
            "category": [concept(SCT, "91251008")], "addresses": [{"reference": "Condition/c1"}]}  # fmt: skip
    assert read(plan, condition(SCT, "279039007")).record["care"] == [course[0] | {"outcome": "ongoing"}]


def test_allergies_to_what_the_procedure_uses_hold_and_others_do_not() -> None:
    def allergy(name: str, **more: object) -> Json:
        return {"resourceType": "AllergyIntolerance", "id": "a1", "clinicalStatus": status("active"),
                "patient": {"reference": "Patient/p1"}, "code": {"text": name}, **more}  # fmt: skip

    assert conditions(allergy("Lidocaine")) == {"allergy": True}
    assert conditions(allergy("Peanut")) is None
    assert conditions(allergy("Lidocaine", verificationStatus=status("refuted"))) is None
    assert conditions(allergy("Lidocaine", type="intolerance")) is None
    none = read(allergy("", code=concept(SCT, "716186003", "No known allergy")))
    assert "conditions" not in none.record
    assert any("bears on conditions.allergy" in note for note in none.notes)


def test_only_an_active_device_is_taken_as_implanted() -> None:
    def device(state: str | None) -> Json:
        return {"resourceType": "Device", "id": "x", "status": state, "patient": {"reference": "Patient/p1"},
                "type": concept(SCT, "72506001", "Implantable defibrillator")}  # fmt: skip

    assert conditions(device("active")) == {"icd": True}
    for state in ("inactive", "entered-in-error", "unknown", None):
        assert conditions(device(state)) is None


@pytest.mark.parametrize(
    ("sent", "message"),
    [(score("o1", 11), "Observation/o1.valueQuantity.value is outside 0 to 10, the scale of its code. Correct it where it was recorded."),
     (score("o1", -1), "Observation/o1.valueQuantity.value is outside 0 to 10, the scale of its code. Correct it where it was recorded."),
     (score("o1", "six"), "Observation/o1.valueQuantity.value is text, where FHIR R4 has a number. Send the resource as R4 JSON."),
     (score("o1", True), "Observation/o1.valueQuantity.value is true or false, where FHIR R4 has a number. Send the resource as R4 JSON."),
     (score("o1", 6, "2026-02-30"), "Observation/o1.effectiveDateTime is a day that no calendar has. Correct it where it was recorded."),
     (score("o1", 6, "yesterday"), "Observation/o1.effectiveDateTime is not a FHIR date. Write 2026-11-20, or an instant such as 2026-11-20T09:30:00+00:00."),
     (score("o1", 6, 2026), "Observation/o1.effectiveDateTime is a number, where FHIR R4 has text. Send the resource as R4 JSON."),
     (score("o1", 6) | {"code": "72514-3"}, "Observation/o1.code is text, where FHIR R4 has an object. Send the resource as R4 JSON."),
     (score("o1", 6) | {"code": {"coding": ["x"]}}, "Observation/o1.code.coding[0] is text, where FHIR R4 has an object. Send the resource as R4 JSON.")],
)  # fmt: skip
def test_bad_values_are_refused_with_their_place_and_never_shown(sent: Json, message: str) -> None:
    with pytest.raises(InputError) as refused:
        list(from_fhir([bundle(PATIENT, sent)]))
    assert str(refused.value) == message


def test_one_id_with_two_contents_is_refused_and_with_one_content_is_read_once() -> None:
    assert len(read(score("o1", 6), score("o1", 6)).record["scores"]) == 1  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"Observation/o1\.valueQuantity is there twice with different content"):
        read(score("o1", 6), score("o1", 7))
    with pytest.raises(InputError, match="are of one patient and differ"):
        read(PATIENT | {"birthDate": "1971-05-01"})


def test_a_patient_with_a_fault_is_set_aside_whole_and_the_others_are_read() -> None:
    said: list[str] = []
    other = score("o2", 3, subject={"reference": "Patient/p2"})
    sent = [PATIENT, {"resourceType": "Patient", "id": "p2"}, score("o1", 11), other, "no resource"]
    (patient,) = from_fhir(sent, set_aside=said.append)
    assert patient.record["id"] == "p2"
    assert said == [
        "This is no FHIR resource: a resource is a JSON object that names its resourceType.",
        "Patient p1 is set aside. Observation/o1.valueQuantity.value is outside 0 to 10, the scale of its code. "
        "Correct it where it was recorded.",
    ]


def test_bundles_come_out_one_by_one_before_the_next_is_taken() -> None:
    taken: list[int] = []

    def many() -> Any:
        for number in range(3):
            taken.append(number)
            yield bundle(PATIENT)

    assert next(from_fhir(many())).record["id"] == "p1"
    assert taken == [0]


def test_what_is_no_fhir_or_nobodys_is_refused() -> None:
    assert is_fhir(PATIENT) and not is_fhir({"schema": "facetwise.record/1"}) and not is_fhir([PATIENT])
    document: object
    for document in ([], "x", None, 5, {}, {"resourceType": 5}):
        with pytest.raises(InputError, match="This is no FHIR resource"):
            list(from_fhir([document]))
    for nobody in (bundle(), {"resourceType": "Organization", "id": "o"}, {"resourceType": "Bundle", "entry": None}):
        with pytest.raises(InputError, match="about a patient"):
            list(from_fhir([nobody]))


@pytest.mark.parametrize(
    ("text", "message"),
    [("{", "x.json is not JSON: Expecting property name enclosed in double quotes at line 1, column 2. Correct it, or send it again."),
     ("<Patient/>", "x.json is XML. Of FHIR's formats JSON is read: ask the sender for application/fhir+json."),
     ('{"a": NaN}', "x.json holds a number that JSON does not allow. Correct it, or send it again."),
     ("[" * 100_000, "x.json is nested too deeply to be a FHIR resource. Send the resource itself."),
     (b"\xff\xfe", "x.json is not UTF-8 text. FHIR JSON is UTF-8.")],
)  # fmt: skip
def test_what_is_no_json_is_refused_in_words(text: str | bytes, message: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_fhir(text, "x.json")
    assert str(refused.value) == message


def test_a_bad_line_of_a_bulk_file_is_named_by_its_number(tmp_path: Path) -> None:
    (tmp_path / "Patient.000.ndjson").write_text(json.dumps(PATIENT) + "\n\n{oops\n")
    with pytest.raises(InputError, match=r"Patient\.000\.ndjson line 3 is not JSON"):
        list(from_fhir(fhir_documents(tmp_path)))
    said: list[str] = []
    assert len(list(from_fhir(fhir_documents(tmp_path, said.append), set_aside=said.append))) == 1
    assert len(said) == 1


def test_a_broken_gzip_or_a_missing_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json.gz").write_bytes(b"\x1f\x8bnothing")
    for name in ("a.json.gz", "b.json"):
        with pytest.raises(InputError, match=f"{name} cannot be read"):
            list(fhir_documents(tmp_path / name))


def test_one_page_of_a_search_is_said_to_be_one_page() -> None:
    page = bundle(PATIENT, type="searchset", link=[{"relation": "next", "url": "https://a.org/2"}])
    (patient,) = from_fhir([page])
    assert patient.not_understood == ("Bundle is one page of several: what the other pages hold is not known here.",)


def test_the_later_score_of_a_day_stands_later_whatever_its_id() -> None:
    for early, late in (("a", "z"), ("z", "a")):
        first = score(early, 3) | {"effectiveDateTime": "2026-10-01T09:00:00Z"}
        second = score(late, 7) | {"effectiveDateTime": "2026-10-01T20:00:00Z"}
        held = read(first, second).record["scores"]
        assert [entry["value"] for entry in held] == [3, 7]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("site", "kept"),
    [
        ({"coding": []}, True),
        ({"text": "lower back"}, True),
        (
            {"coding": [{"system": "http://snomed.info/sct", "code": "37822005", "display": "Lumbar region of back"}]},
            True,
        ),
        (
            {
                "coding": [{"system": "http://snomed.info/sct", "code": "7771000", "display": "Left"}],
                "text": "left knee",
            },
            False,
        ),
        ({"text": "knee"}, False),
    ],
)
def test_a_score_is_kept_unless_its_site_is_another_than_the_spine(site: dict[str, object], kept: bool) -> None:
    assert bool(read(score("s", 6) | {"bodySite": site}).record.get("scores")) is kept
