"""A decision as FHIR R4: no fault, nothing lost, the same Bundle for the same decision."""

from __future__ import annotations

import itertools
import json
from decimal import Decimal
from typing import Any

import fhirkit
import pytest

from facetwise.errors import InputError
from facetwise.record.fhir.export_decision import BASE, to_fhir

Json = dict[str, Any]
OUTCOMES = ("meets", "does-not-meet", "cannot-tell")
TRUTHS = ("met", "not-met", "unknown", "not-applicable")
STEPS = [
    "urgent-referral",
    "resolve-hold",
    "out-of-scope",
    "conservative-care",
    "specialist-assessment",
    "diagnostic-block",
    "second-diagnostic-block",
    "no-further-intervention",
    "collect-evidence",
    "wait",
    "offer-denervation",
    "repeat-denervation",
    "not-supported",
]
CITE = {"source": "nice-ng59", "place": "1.3.2", "url": "https://www.nice.org.uk/guidance/ng59", "read": "primary"}
EVIDENCE = [
    {"fact": "pain_score", "value": 6, "unit": "/10", "date": "2026-10-01", "from": "scores[0]"},
    {"fact": "relief_percent", "value": Decimal("79.60"), "unit": "%", "date": "2026-09-01", "from": "blocks[0]"},
    {"fact": "axial", "value": True, "unit": None, "date": None, "from": "pain.axial"},
    {"fact": "region", "value": "lumbar", "from": "request.region"},
    {"fact": "since", "value": None},
    {"fact": "levels", "value": ["L4/5", "L5/S1"], "from": "request.levels"},
]


def faults(resource: Json) -> list[str]:
    """What fhirkit-rs finds wrong in an R4 resource, warnings too."""
    return [str(issue) for issue in fhirkit.validate(resource)]


def decision(outcome: str, truths: tuple[str, ...], step: str, **more: object) -> Json:
    return {
        "schema": "facetwise.decision/1", "record": "p1", "policy": "nice-ng59", "version": "2020-12-11",
        "as_of": "2026-11-20", "outcome": outcome,
        "holds": [{"id": "pacemaker", "says": "Ask the device clinic & the operator <first>.", "cite": CITE},
                  {"id": "anticoagulant", "says": "Ask the prescriber.", "cite": {}}],
        "findings": [
            {"criterion": f"criterion-{n}", "says": f"Criterion {n} holds", "truth": truth, "because": EVIDENCE[n:], "cite": CITE}
            for n, truth in enumerate(truths)
        ],
        "missing": [{"fact": "block_response", "ask": "What share of the pain went?", "criteria": ["criterion-0", "criterion-1"]},
                    {"fact": "allergy", "ask": "Any allergy?", "criteria": []}],
        "next_step": {"id": step, "says": f"Next: {step}.", "because": ["criterion-0"]},
        "earliest": "2027-01-31" if step == "wait" else None, **more,
    }  # fmt: skip


CASES = [
    decision(outcome, TRUTHS, step) for outcome, step in itertools.product(OUTCOMES, STEPS)
] + [
    decision("meets", ("met",), "offer-denervation", holds=[], missing=[]),
    decision("cannot-tell", (), "collect-evidence", holds=[], missing=[]),
    decision("cannot-tell", ("unknown",), "collect-evidence", version="as seen, undated", record="file 1.json:3"),
    {"schema": "facetwise.decision/1", "policy": "p", "as_of": "2026-11-20", "outcome": "meets"},
]  # fmt: skip


@pytest.mark.parametrize("given", CASES, ids=lambda d: f"{d['outcome']} {d.get('next_step', {}).get('id', 'bare')}")
def test_no_fault_is_found_by_fhirkit(given: Json) -> None:
    """In the Bundle as made, and once more through its JSON."""
    made = to_fhir(given)
    assert made["type"] == "collection"
    assert faults(made) == []
    for entry in made["entry"]:  # type: ignore[attr-defined]
        assert faults(entry["resource"]) == []


def test_the_judge_itself_finds_faults() -> None:
    """A check that cannot fail proves nothing. It judges structure; codes and rules are judged below."""
    made: Any = to_fhir(CASES[0])
    made["entry"][0]["resource"]["colour"] = "red"
    made["entry"][0]["resource"]["occurrenceDateTime"] = "tomorrow"
    del made["entry"][1]["resource"]["parameter"][0]["name"]
    assert len(faults(made)) == 3


@pytest.mark.parametrize("given", CASES, ids=lambda d: f"{d['outcome']} {d.get('next_step', {}).get('id', 'bare')}")
def test_what_fhirkit_does_not_judge_is_held_too(given: Json) -> None:
    """Required code lists of R4, and the rules rgp-1 (an action has a resource or actions) and obs-6 (value or reason)."""
    allowed = {
        "GuidanceResponse": {"success", "data-requested", "data-required"}, "Observation": {"final"},
        "DetectedIssue": {"final"}, "RequestGroup": {"active"}, "CommunicationRequest": {"active"},
        "PlanDefinition": {"unknown"},
    }  # fmt: skip
    made: Any = to_fhir(given)
    for resource in (entry["resource"] for entry in made["entry"]):
        kind = resource["resourceType"]
        assert kind == "Parameters" or resource["status"] in allowed[kind]
        for action in resource.get("action", []) if kind == "RequestGroup" else []:
            assert ("resource" in action) != ("action" in action)
        for part in resource.get("component", []):
            assert any(name.startswith("value") for name in part) != ("dataAbsentReason" in part)
        for action in resource.get("action", []):
            assert {artifact["type"] for artifact in action.get("documentation", [])} <= {"citation"}


def of_kind(made: Json, kind: str) -> list[Any]:
    return [entry["resource"] for entry in made["entry"] if entry["resource"]["resourceType"] == kind]


def code(concept: Any) -> str:
    return str(concept["coding"][0]["code"])


def evidence(component: Any) -> Json:
    told = {x["url"].split(":")[-1]: x.get("valueDate", x.get("valueString")) for x in component.get("extension", [])}
    quantity = component.get("valueQuantity", {})
    value = quantity.get("value", component.get("valueBoolean", component.get("valueString")))
    return {"fact": code(component["code"]), "value": value, "unit": quantity.get("unit"),
            "date": told.get("evidence-date"), "from": told.get("evidence-from")}  # fmt: skip


def read_back(made: Json) -> Json:
    """The decision as another system finds it in the Bundle."""
    (parameters,) = of_kind(made, "Parameters")
    (steps,) = of_kind(made, "RequestGroup")
    (policy,) = of_kind(made, "PlanDefinition")
    plain: Json = {p["name"]: next(v for k, v in p.items() if k.startswith("value"))
                   for p in parameters["parameter"] if "part" not in p}  # fmt: skip
    parts = [p["part"] for p in parameters["parameter"] if "part" in p]
    cites = {code(a["code"][0]): a["documentation"][0] for a in policy.get("action", []) if "documentation" in a}
    observations = [o for o in of_kind(made, "Observation") if o["code"]["coding"][0]["system"] != f"{BASE}:question"]
    return {
        "plain": plain,
        "findings": [(code(o["code"]), o["code"]["text"], code(o["valueCodeableConcept"]),
                      [evidence(c) for c in o.get("component", [])]) for o in observations],
        "cites": {id_: (d["display"], d["label"], d["url"], d["extension"][0]["valueCode"]) for id_, d in cites.items()},
        "holds": [(code(i["code"]), i["code"]["text"], i.get("reference")) for i in of_kind(made, "DetectedIssue")],
        "missing": [({x["name"]: x.get("valueCode", x.get("valueString")) for x in part if x["name"] != "criterion"},
                     [x["valueCode"] for x in part if x["name"] == "criterion"]) for part in parts],
        "step": (code(steps["action"][0]["code"][0]), steps["action"][0]["title"], [code(c) for c in steps.get("reasonCode", [])]),
    }  # fmt: skip


@pytest.mark.parametrize("given", CASES[:-1], ids=lambda d: f"{d['outcome']} {d['next_step']['id']}")
def test_everything_that_was_decided_is_found_again(given: Json) -> None:
    back = read_back(to_fhir(given))
    plain = {"record": given["record"], "policy": "nice-ng59", "as-of": "2026-11-20", "outcome": given["outcome"],
             "version": given["version"], "next-step": given["next_step"]["id"]}  # fmt: skip
    if given["earliest"]:
        plain["earliest"] = given["earliest"]
    assert back["plain"] == plain

    def kept(because: Json) -> Json:
        value = because["value"]
        return {"fact": because["fact"], "value": json.dumps(value) if isinstance(value, list) else value,
                "unit": because.get("unit"), "date": because.get("date"), "from": because.get("from")}  # fmt: skip

    assert back["findings"] == [
        (f["criterion"], f["says"], f["truth"], [kept(b) for b in f["because"]]) for f in given["findings"]
    ]
    assert back["cites"] == {f["criterion"]: tuple(CITE.values()) for f in given["findings"]}
    assert back["holds"] == [(h["id"], h["says"], h["cite"].get("url")) for h in given["holds"]]
    assert back["missing"] == [({"fact": m["fact"], "ask": m["ask"]}, m["criteria"]) for m in given["missing"]]
    step = given["next_step"]
    assert back["step"] == (step["id"], step["says"], step["because"])


def test_a_decision_that_cannot_be_told_asks_for_data_by_name() -> None:
    (guidance,) = of_kind(to_fhir(decision("cannot-tell", ("unknown",), "collect-evidence")), "GuidanceResponse")
    assert guidance["status"] == "data-required"
    assert [need["codeFilter"][0]["code"][0]["code"] for need in guidance["dataRequirement"]] == [
        "block_response",
        "allergy",
    ]
    (guidance,) = of_kind(to_fhir(decision("meets", ("met",), "offer-denervation", missing=[])), "GuidanceResponse")
    assert guidance["status"] == "success"


def test_references_within_the_bundle_lead_somewhere() -> None:
    made: Any = to_fhir(CASES[0])
    urls = [entry["fullUrl"] for entry in made["entry"]]
    assert len(urls) == len(set(urls))
    named = {part.split('"')[0] for part in json.dumps(made, default=str).split('"reference": "')[1:]}
    assert {name for name in named if name.startswith("urn:uuid:")} <= set(urls)


def test_a_step_is_proposed_and_never_ordered_and_the_urgent_one_is_marked() -> None:
    for given in CASES:
        (steps,) = of_kind(to_fhir(given), "RequestGroup")
        assert steps["intent"] == "proposal"
        assert (steps.get("priority") == "urgent") == (given.get("next_step", {}).get("id") == "urgent-referral")


def test_the_patient_is_the_record_or_the_reference_that_is_given() -> None:
    for patient, subject in (
        (None, {"identifier": {"system": f"{BASE}:record", "value": "p1"}}), ("Patient/123", {"reference": "Patient/123"}),
    ):  # fmt: skip
        made = to_fhir(CASES[0], patient=patient)
        assert faults(made) == []
        subjects = [r.get("subject", r.get("patient")) for r in (e["resource"] for e in made["entry"])]  # type: ignore[attr-defined]
        assert [s for s in subjects if s] == [subject] * (len(subjects) - 2)  # Parameters and PlanDefinition have none


def test_the_same_decision_is_the_same_bundle_and_another_shares_no_id() -> None:
    first, again, other = to_fhir(CASES[0]), to_fhir(dict(CASES[0])), to_fhir(CASES[0] | {"record": "p2"})
    assert first == again
    ids = [{entry["fullUrl"] for entry in made["entry"]} for made in (first, other)]  # type: ignore[attr-defined]
    assert not ids[0] & ids[1]


@pytest.mark.parametrize(
    ("broken", "message"),
    [({}, "This is no decision: its schema is not 'facetwise.decision/1'. Give one object of `facetwise decide`."),
     (CASES[0] | {"as_of": None}, "The decision has no as_of. Give one object of `facetwise decide --format json`, whole."),
     (CASES[0] | {"outcome": "yes"}, "The decision's outcome is none of meets, does-not-meet, cannot-tell. "
      "Give it as `facetwise decide` wrote it.")],
)  # fmt: skip
def test_what_is_no_decision_is_refused(broken: Json, message: str) -> None:
    with pytest.raises(InputError) as refused:
        to_fhir(broken)
    assert str(refused.value) == message
