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
_NAMESPACE = uuid5(NAMESPACE_URL, BASE)
_OUTCOMES = {"meets": "Meets the policy", "does-not-meet": "Does not meet the policy", "cannot-tell": "Cannot be told"}
_DECIDES = "This informs; the clinician decides. Unknown is never taken as no."

Fields = dict[str, object]


@dataclass(frozen=True)
class _Decision:
    """A decision's JSON with typed getters, the ids of the resources built from it, and the patient's reference."""

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
    source = _Decision(decision, str(uuid5(_NAMESPACE, f"{patient}\n{written}")), subject)
    bodies = [
        ("guidance", _guidance(source)),
        ("parameters", _parameters(source)),
        ("steps", _steps(source)),
        (
            "step",
            _words(source, _coded(f"{BASE}:next-step", source.next_step.get("id") or "none"), _step_says(source))
            | _urgent(source),
        ),
        *(
            (f"ask-{number}", _words(source, _coded(f"{BASE}:fact", item.get("fact")), _ask(item)))
            for number, item in enumerate(source.each("missing"))
        ),
        ("outcome", _outcome(source)),
        *((f"finding-{number}", _finding(source, item)) for number, item in enumerate(source.each("findings"))),
        *((f"hold-{number}", _hold(source, item)) for number, item in enumerate(source.each("holds"))),
        ("policy", _policy(source)),
    ]
    entries = [
        {
            "fullUrl": f"urn:uuid:{source.id(role)}",
            "resource": {"resourceType": body["resourceType"], "id": source.id(role)} | body,
        }
        for role, body in bodies
    ]
    return {"resourceType": "Bundle", "id": source.id("bundle"), "type": "collection", "entry": entries}


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


def _guidance(source: _Decision) -> Fields:
    unknown = source.text("outcome") == "cannot-tell"
    missing: list[Fields] = [
        {
            "type": "Observation",
            "subjectCodeableConcept": _coded("http://hl7.org/fhir/resource-types", "Patient"),
            "codeFilter": [{"path": "code", "code": [{"system": f"{BASE}:fact", "code": _token(item.get("fact"))}]}],
        }
        for item in source.each("missing")
    ]
    return {
        "resourceType": "GuidanceResponse",
        "moduleCanonical": _canonical(source),
        "status": "data-required" if unknown else "data-requested" if missing else "success",
        "subject": source.subject,
        "occurrenceDateTime": source.text("as_of"),
        "note": [{"text": _DECIDES}],
        "outputParameters": source.link("parameters"),
        "result": source.link("steps"),
    } | _unless_empty(dataRequirement=missing)


def _parameters(source: _Decision) -> Fields:
    values: list[Fields] = [
        {"name": "record", "valueString": source.text("record") or "unnamed"},
        {"name": "policy", "valueString": source.text("policy")},
        {"name": "as-of", "valueDate": source.text("as_of")},
        {"name": "outcome", "valueCode": source.text("outcome")},
    ]
    if source.text("version"):
        values.append({"name": "version", "valueString": source.text("version")})
    if source.next_step.get("id"):
        values.append({"name": "next-step", "valueCode": _token(source.next_step["id"])})
    if source.text("earliest"):
        values.append({"name": "earliest", "valueDate": source.text("earliest")})
    for item in source.each("missing"):
        part: list[Fields] = [{"name": "fact", "valueCode": _token(item.get("fact"))}]
        part += [{"name": "ask", "valueString": str(item["ask"])}] if item.get("ask") else []
        part += [{"name": "criterion", "valueCode": _token(id_)} for id_ in _list(item.get("criteria"))]
        values.append({"name": "missing", "part": part})
    return {"resourceType": "Parameters", "parameter": values}


def _steps(source: _Decision) -> Fields:
    step = source.next_step
    first: Fields = {
        "title": _step_says(source),
        "code": [_coded(f"{BASE}:next-step", step.get("id") or "none")],
        "resource": source.link("step"),
    }
    if step.get("id") == "wait" and source.text("earliest"):
        first["timingDateTime"] = source.text("earliest")
    asks: list[Fields] = [
        {
            "title": f"Find out: {item.get('fact')}",
            "description": _ask(item),
            "code": [_coded(f"{BASE}:fact", item.get("fact"))],
            "resource": source.link(f"ask-{number}"),
        }
        for number, item in enumerate(source.each("missing"))
    ]
    return {
        "resourceType": "RequestGroup",
        "instantiatesCanonical": [_canonical(source)],
        "status": "active",
        "intent": "proposal",
        **_urgent(source),
        "subject": source.subject,
        **_unless_empty(reasonCode=[source.criterion(id_) for id_ in _list(step.get("because"))]),
        "note": [{"text": _DECIDES}],
        "action": [first, *asks],
    }


def _words(source: _Decision, kind: Fields, words: str) -> Fields:
    return {
        "resourceType": "CommunicationRequest",
        "status": "active",
        "category": [kind],
        "subject": source.subject,
        "about": [source.link("outcome")],
        "payload": [{"contentString": words}],
    }


def _urgent(source: _Decision) -> Fields:
    return {"priority": "urgent"} if source.next_step.get("id") == "urgent-referral" else {}


def _step_says(source: _Decision) -> str:
    return str(source.next_step.get("says") or source.next_step.get("id") or "No next step is given.")


def _ask(missing: Mapping[str, object]) -> str:
    return str(missing.get("ask") or "") or "Ask, and record the answer."


def _outcome(source: _Decision) -> Fields:
    outcome = source.text("outcome")
    members: list[Fields] = [source.link(f"finding-{number}") for number, _ in enumerate(source.each("findings"))]
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": _coded(f"{BASE}:question", "outcome", f"Outcome under {source.text('policy')}"),
        "subject": source.subject,
        "effectiveDateTime": source.text("as_of"),
        "valueCodeableConcept": _coded(f"{BASE}:outcome", outcome, _OUTCOMES[outcome]),
        "note": [{"text": _DECIDES}],
    } | _unless_empty(hasMember=members)


def _finding(source: _Decision, finding: Mapping[str, object]) -> Fields:
    cite = _cite(finding)
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": source.criterion(finding.get("criterion"), finding.get("says")),
        "subject": source.subject,
        "effectiveDateTime": source.text("as_of"),
        "valueCodeableConcept": _coded(f"{BASE}:truth", finding.get("truth") or "unknown"),
    } | _unless_empty(
        note=[{"text": _cited(cite)}] if cite else [],
        component=[_evidence(item) for item in _objects(finding.get("because"))],
    )


def _evidence(because: Mapping[str, object]) -> Fields:
    fact, value, unit = because.get("fact"), because.get("value"), because.get("unit")
    body: Fields = {"code": _coded(f"{BASE}:fact", fact)}
    extensions: list[Fields] = []
    if because.get("date"):
        extensions.append({"url": f"{BASE}:evidence-date", "valueDate": str(because["date"])})
    if because.get("from"):
        extensions.append({"url": f"{BASE}:evidence-from", "valueString": str(because["from"])})
    if isinstance(value, bool):
        body["valueBoolean"] = value
    elif isinstance(value, int | float | Decimal):
        body["valueQuantity"] = {"value": value} | ({"unit": str(unit)} if unit else {})
    elif value in (None, "", [], {}):
        body["dataAbsentReason"] = _coded("http://terminology.hl7.org/CodeSystem/data-absent-reason", "unknown")
    else:
        body["valueString"] = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return ({"extension": extensions} if extensions else {}) | body


def _hold(source: _Decision, hold: Mapping[str, object]) -> Fields:
    cite = _cite(hold)
    says = str(hold.get("says") or hold.get("id") or "A safety condition is present.")
    return {
        "resourceType": "DetectedIssue",
        "status": "final",
        "code": _coded(f"{BASE}:hold", hold.get("id"), says),
        "patient": source.subject,
        "identifiedDateTime": source.text("as_of"),
        "detail": f"{says} [{_cited(cite)}]" if cite else says,
        **({"reference": cite["url"]} if cite.get("url") else {}),
    }


def _policy(source: _Decision) -> Fields:
    actions: list[Fields] = [
        {
            "title": str(finding.get("says") or finding.get("criterion")),
            "code": [source.criterion(finding.get("criterion"))],
        } | _unless_empty(documentation=_documentation(_cite(finding)))
        for finding in source.each("findings")
    ]  # fmt: skip
    return {
        "resourceType": "PlanDefinition",
        "url": source.policy,
        **({"version": source.text("version")} if source.text("version") else {}),
        "name": "Policy_" + re.sub(r"[^A-Za-z0-9]+", "_", source.text("policy")),
        "title": source.text("policy"),
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


def _cite(item: Mapping[str, object]) -> dict[str, str]:
    cite = item.get("cite")
    return {str(name): str(text) for name, text in cite.items() if text} if isinstance(cite, Mapping) else {}


def _cited(cite: Mapping[str, str]) -> str:
    where = ", ".join(cite[name] for name in ("source", "place", "url") if cite.get(name))
    return f"{where} (read: {cite['read']})" if cite.get("read") else where or "source not given"


def _canonical(source: _Decision) -> str:
    return source.policy + (f"|{quote(source.text('version'), safe='')}" if source.text("version") else "")


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
