"""A decision as FHIR R4: a collection Bundle that another system can read without knowing this package.

What carries what:
- PlanDefinition: the policy in its version, one action a criterion with its citation.
- Observation, one a finding: the criterion (code), its truth (value), the evidence (components), the citation (note).
- Observation of the outcome, with the findings as its members.
- DetectedIssue, one a hold, and its source as `reference`.
- RequestGroup: the next step as a proposal, and one action a missing fact that says what to ask. Each action points to
  a CommunicationRequest with its words: nothing in the Bundle is an order.
- Parameters: outcome, next step, earliest date, and each missing fact with the criteria that wait for it.
- GuidanceResponse ties them together: data-required where the outcome cannot be told, and one DataRequirement a
  missing fact.
Ids are uuid5 of the decision itself, so the same decision gives the same Bundle; no clock is read. The patient is
named by the record's id as an identifier, or by the reference that the caller gives.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import quote
from uuid import NAMESPACE_URL, UUID, uuid5

from facetwise.errors import InputError

BASE = "urn:x-facetwise"
_SCHEMA = "facetwise.decision/1"
_ROOM = uuid5(NAMESPACE_URL, BASE)
_OUTCOMES = {"meets": "Meets the policy", "does-not-meet": "Does not meet the policy", "cannot-tell": "Cannot be told"}
_DECIDES = "This informs; the clinician decides. Unknown is never taken as no."

Fields = dict[str, object]


@dataclass(frozen=True)
class _Decision:
    """A decision's JSON with typed getters, the ids of what is made of it, and how the patient is named."""

    json: Mapping[str, object]
    key: str
    subject: Fields

    def text(self, name: str) -> str:
        return str(self.json.get(name) or "")

    def each(self, name: str) -> list[Mapping[str, object]]:
        return _objects(self.json.get(name))

    @property
    def policy(self) -> str:
        return f"{BASE}:policy:{quote(self.text('policy'), safe='')}"

    @property
    def next_step(self) -> Mapping[str, object]:
        step = self.json.get("next_step")
        return step if isinstance(step, Mapping) else {}

    def id(self, role: str) -> str:
        return str(uuid5(UUID(self.key), role))

    def link(self, role: str) -> Fields:
        return {"reference": f"urn:uuid:{self.id(role)}"}

    def criterion(self, id_: object, says: object = None) -> Fields:
        return _coded(f"{self.policy}:criterion", id_, says)


def to_fhir(decision: Mapping[str, object], *, patient: str | None = None) -> dict[str, object]:
    """A `facetwise.decision/1` object as an R4 collection Bundle (JSON; numbers stay as they were given).

    patient: a reference such as 'Patient/123' to put in place of the record's id.
    Errors: InputError when it is no such object, or has no policy, outcome or as_of.
    """
    _check(decision)
    subject: Fields = {"reference": patient} if patient else {
        "identifier": {"system": f"{BASE}:record", "value": str(decision.get("record") or "unnamed")}
    }  # fmt: skip
    written = json.dumps(decision, sort_keys=True, ensure_ascii=False, default=str)
    given = _Decision(decision, str(uuid5(_ROOM, f"{patient}\n{written}")), subject)
    made = [
        ("guidance", _guidance(given)),
        ("parameters", _parameters(given)),
        ("steps", _steps(given)),
        (
            "step",
            _words(given, _coded(f"{BASE}:next-step", given.next_step.get("id") or "none"), _step_says(given))
            | _urgent(given),
        ),
        *(
            (f"ask-{place}", _words(given, _coded(f"{BASE}:fact", one.get("fact")), _ask(one)))
            for place, one in enumerate(given.each("missing"))
        ),
        ("outcome", _outcome(given)),
        *((f"finding-{place}", _finding(given, one)) for place, one in enumerate(given.each("findings"))),
        *((f"hold-{place}", _hold(given, one)) for place, one in enumerate(given.each("holds"))),
        ("policy", _policy(given)),
    ]
    entries = [
        {
            "fullUrl": f"urn:uuid:{given.id(role)}",
            "resource": {"resourceType": body["resourceType"], "id": given.id(role)} | body,
        }
        for role, body in made
    ]
    return {"resourceType": "Bundle", "id": given.id("bundle"), "type": "collection", "entry": entries}


def _check(decision: Mapping[str, object]) -> None:
    if decision.get("schema") != _SCHEMA:
        raise InputError(f"This is no decision: its schema is not '{_SCHEMA}'. Give one object of `facetwise decide`.")
    for name in ("policy", "outcome", "as_of"):
        if not isinstance(decision.get(name), str) or not decision[name]:
            raise InputError(f"The decision has no {name}. Give one object of `facetwise decide --format json`, whole.")
    if decision["outcome"] not in _OUTCOMES:
        raise InputError(
            f"The decision's outcome is none of {', '.join(_OUTCOMES)}. Give it as `facetwise decide` wrote it."
        )


def _guidance(given: _Decision) -> Fields:
    unknown = given.text("outcome") == "cannot-tell"
    missing: list[Fields] = [
        {
            "type": "Observation",
            "subjectCodeableConcept": _coded("http://hl7.org/fhir/resource-types", "Patient"),
            "codeFilter": [{"path": "code", "code": [{"system": f"{BASE}:fact", "code": _token(one.get("fact"))}]}],
        }
        for one in given.each("missing")
    ]
    return {
        "resourceType": "GuidanceResponse",
        "moduleCanonical": _canonical(given),
        "status": "data-required" if unknown else "data-requested" if missing else "success",
        "subject": given.subject,
        "occurrenceDateTime": given.text("as_of"),
        "note": [{"text": _DECIDES}],
        "outputParameters": given.link("parameters"),
        "result": given.link("steps"),
    } | _unless_empty(dataRequirement=missing)


def _parameters(given: _Decision) -> Fields:
    values: list[Fields] = [
        {"name": "record", "valueString": given.text("record") or "unnamed"},
        {"name": "policy", "valueString": given.text("policy")},
        {"name": "as-of", "valueDate": given.text("as_of")},
        {"name": "outcome", "valueCode": given.text("outcome")},
    ]
    if given.text("version"):
        values.append({"name": "version", "valueString": given.text("version")})
    if given.next_step.get("id"):
        values.append({"name": "next-step", "valueCode": _token(given.next_step["id"])})
    if given.text("earliest"):
        values.append({"name": "earliest", "valueDate": given.text("earliest")})
    for one in given.each("missing"):
        part: list[Fields] = [{"name": "fact", "valueCode": _token(one.get("fact"))}]
        part += [{"name": "ask", "valueString": str(one["ask"])}] if one.get("ask") else []
        part += [{"name": "criterion", "valueCode": _token(id_)} for id_ in _list(one.get("criteria"))]
        values.append({"name": "missing", "part": part})
    return {"resourceType": "Parameters", "parameter": values}


def _steps(given: _Decision) -> Fields:
    step = given.next_step
    first: Fields = {
        "title": _step_says(given),
        "code": [_coded(f"{BASE}:next-step", step.get("id") or "none")],
        "resource": given.link("step"),
    }
    if step.get("id") == "wait" and given.text("earliest"):
        first["timingDateTime"] = given.text("earliest")
    asks: list[Fields] = [
        {
            "title": f"Find out: {one.get('fact')}",
            "description": _ask(one),
            "code": [_coded(f"{BASE}:fact", one.get("fact"))],
            "resource": given.link(f"ask-{place}"),
        }
        for place, one in enumerate(given.each("missing"))
    ]
    return {
        "resourceType": "RequestGroup",
        "instantiatesCanonical": [_canonical(given)],
        "status": "active",
        "intent": "proposal",
        **_urgent(given),
        "subject": given.subject,
        **_unless_empty(reasonCode=[given.criterion(id_) for id_ in _list(step.get("because"))]),
        "note": [{"text": _DECIDES}],
        "action": [first, *asks],
    }


def _words(given: _Decision, kind: Fields, words: str) -> Fields:
    return {
        "resourceType": "CommunicationRequest",
        "status": "active",
        "category": [kind],
        "subject": given.subject,
        "about": [given.link("outcome")],
        "payload": [{"contentString": words}],
    }


def _urgent(given: _Decision) -> Fields:
    return {"priority": "urgent"} if given.next_step.get("id") == "urgent-referral" else {}


def _step_says(given: _Decision) -> str:
    return str(given.next_step.get("says") or given.next_step.get("id") or "No next step is given.")


def _ask(missing: Mapping[str, object]) -> str:
    return str(missing.get("ask") or "") or "Ask, and record the answer."


def _outcome(given: _Decision) -> Fields:
    outcome = given.text("outcome")
    members: list[Fields] = [given.link(f"finding-{place}") for place, _ in enumerate(given.each("findings"))]
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": _coded(f"{BASE}:question", "outcome", f"Outcome under {given.text('policy')}"),
        "subject": given.subject,
        "effectiveDateTime": given.text("as_of"),
        "valueCodeableConcept": _coded(f"{BASE}:outcome", outcome, _OUTCOMES[outcome]),
        "note": [{"text": _DECIDES}],
    } | _unless_empty(hasMember=members)


def _finding(given: _Decision, finding: Mapping[str, object]) -> Fields:
    cite = _cite(finding)
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": given.criterion(finding.get("criterion"), finding.get("says")),
        "subject": given.subject,
        "effectiveDateTime": given.text("as_of"),
        "valueCodeableConcept": _coded(f"{BASE}:truth", finding.get("truth") or "unknown"),
    } | _unless_empty(
        note=[{"text": _cited(cite)}] if cite else [],
        component=[_evidence(one) for one in _objects(finding.get("because"))],
    )


def _evidence(because: Mapping[str, object]) -> Fields:
    fact, value, unit = because.get("fact"), because.get("value"), because.get("unit")
    body: Fields = {"code": _coded(f"{BASE}:fact", fact)}
    told: list[Fields] = []
    if because.get("date"):
        told.append({"url": f"{BASE}:evidence-date", "valueDate": str(because["date"])})
    if because.get("from"):
        told.append({"url": f"{BASE}:evidence-from", "valueString": str(because["from"])})
    if isinstance(value, bool):
        body["valueBoolean"] = value
    elif isinstance(value, int | float | Decimal):
        body["valueQuantity"] = {"value": value} | ({"unit": str(unit)} if unit else {})
    elif value in (None, "", [], {}):
        body["dataAbsentReason"] = _coded("http://terminology.hl7.org/CodeSystem/data-absent-reason", "unknown")
    else:
        body["valueString"] = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return ({"extension": told} if told else {}) | body


def _hold(given: _Decision, hold: Mapping[str, object]) -> Fields:
    cite = _cite(hold)
    says = str(hold.get("says") or hold.get("id") or "A safety condition is present.")
    return {
        "resourceType": "DetectedIssue",
        "status": "final",
        "code": _coded(f"{BASE}:hold", hold.get("id"), says),
        "patient": given.subject,
        "identifiedDateTime": given.text("as_of"),
        "detail": f"{says} [{_cited(cite)}]" if cite else says,
        **({"reference": cite["url"]} if cite.get("url") else {}),
    }


def _policy(given: _Decision) -> Fields:
    actions: list[Fields] = [
        {
            "title": str(finding.get("says") or finding.get("criterion")),
            "code": [given.criterion(finding.get("criterion"))],
        } | _unless_empty(documentation=_documentation(_cite(finding)))
        for finding in given.each("findings")
    ]  # fmt: skip
    return {
        "resourceType": "PlanDefinition",
        "url": given.policy,
        **({"version": given.text("version")} if given.text("version") else {}),
        "name": "Policy_" + re.sub(r"[^A-Za-z0-9]+", "_", given.text("policy")),
        "title": given.text("policy"),
        "status": "unknown",
    } | _unless_empty(action=actions)


def _documentation(cite: Mapping[str, str]) -> list[Fields]:
    if not cite:
        return []
    body: Fields = {"type": "citation", "citation": _cited(cite)}
    if cite.get("read"):
        body = {"extension": [{"url": f"{BASE}:read", "valueCode": _token(cite["read"])}]} | body
    return [body | {to: cite[name] for to, name in (("label", "place"), ("display", "source"), ("url", "url"))
                    if cite.get(name)}]  # fmt: skip


def _cite(said: Mapping[str, object]) -> dict[str, str]:
    cite = said.get("cite")
    return {str(name): str(text) for name, text in cite.items() if text} if isinstance(cite, Mapping) else {}


def _cited(cite: Mapping[str, str]) -> str:
    where = ", ".join(cite[name] for name in ("source", "place", "url") if cite.get(name))
    return f"{where} (read: {cite['read']})" if cite.get("read") else where or "source not given"


def _canonical(given: _Decision) -> str:
    return given.policy + (f"|{quote(given.text('version'), safe='')}" if given.text("version") else "")


def _coded(system: str, code: object, text: object = None) -> Fields:
    concept: Fields = {"coding": [{"system": system, "code": _token(code)}]}
    return concept | ({"text": str(text)} if text else {})


def _token(code: object) -> str:
    """Text as a FHIR code: one blank at most between words, none at the ends."""
    return " ".join(str(code).split()) if code else "not-given"


def _objects(value: object) -> list[Mapping[str, object]]:
    return [item for item in _list(value) if isinstance(item, Mapping)]


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()


def _unless_empty(**lists: list[Fields]) -> Fields:
    return {name: items for name, items in lists.items() if items}
