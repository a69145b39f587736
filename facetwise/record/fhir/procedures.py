"""Procedures, plans of care and requests in FHIR as denervations, blocks, care and a request of the record."""

from __future__ import annotations

from facetwise.record.fhir.case import CodedCare, Entry
from facetwise.record.fhir.element import Element, Precision, When
from facetwise.record.fhir.fact_table import Block, Care, Clue, Denervation, Match, Of, Pain, Place, codings
from facetwise.record.fhir.resources import (
    Reader,
    Reading,
    read_allergy,
    read_condition,
    read_device,
    read_medicine,
    read_observation,
    read_patient,
    within_a_day,
)

_REQUESTED = frozenset({"draft", "active", "on-hold"})
_INTENDED = frozenset(
    {"proposal", "plan", "order", "original-order", "reflex-order", "filler-order", "instance-order", "option"}
)


def read_procedure(reading: Reading) -> None:
    """Completed denervations, blocks and sessions of care."""
    resource = reading.resource
    status = resource.text("status")
    if status != "completed":
        return reading.not_evidence(status or "not given")
    matches = _believed(reading, resource.child("code"))
    entry, path = _details(reading, matches), f"{resource.path}.code"
    kinds = [match.row.fact for match in matches]
    if any(isinstance(fact, Denervation | Block) for fact in kinds):
        when = _performed(resource)
        entry = ({"date": when.day} if when.day else {}) | entry
        if when.day is None:
            reading.left_out(when, "its date is left out")
        if any(isinstance(fact, Denervation) for fact in kinds):
            reading.case.denervations.append((entry, path))
        else:
            entry.pop("technique", None)
            reading.case.blocks.append((entry, path))
            reading.case.notes.append(f"{path} is a block whose kind and result no code gives: ask for both.")
    for fact in kinds:
        if isinstance(fact, Care):
            _care(reading, fact, resource, "performedPeriod", "unknown")
            break
    return None


def _believed(reading: Reading, concept: Element) -> list[Match]:
    """The procedure rows that may set a fact. Places, sides and techniques among the codes are no unknown codes."""
    site_codes = [coded for coded in codings(concept) if reading.codes.match(Of.SITE, coded)]
    if site_codes and not any(reading.codes.match(Of.PROCEDURE, coded) for coded in codings(concept)):
        reading.case.unknown(reading.kind, site_codes[0].described)
        return []
    return [match for match in reading.matches(Of.PROCEDURE, concept) if reading.settled(match)]


def _details(reading: Reading, matches: list[Match]) -> Entry:
    """The region, sides and technique: from the procedure's codes, else from site codes; conflicting values are left out."""
    resource = reading.resource
    places = _places(reading)
    regions: set[str] = set()
    techniques: set[str] = set()
    for match in matches:
        fact = match.row.fact
        if isinstance(fact, Denervation | Block) and fact.region:
            regions.add(fact.region)
        if isinstance(fact, Denervation) and fact.technique:
            techniques.add(fact.technique)
    regions = regions or {place.region for place in places if place.region}
    techniques = techniques or {place.technique for place in places if place.technique}
    entry: Entry = {}
    if len(regions) == 1:
        entry["region"] = regions.pop()
    elif regions:
        reading.case.left_out.append(f"{resource.path} is coded with several regions: its region is left out")
    if sides := {side for place in places for side in place.sides}:
        entry["sides"] = [side for side in ("left", "right") if side in sides]
    if len(techniques) == 1:
        entry["technique"] = techniques.pop()
    return entry


def _places(reading: Reading) -> list[Place]:
    """The places of the site codes that may set a fact, beside the procedure's own code or as its body site."""
    places = []
    for concept in (reading.resource.child("code"), *reading.resource.each("bodySite")):
        for coded in codings(concept):
            match = reading.codes.match(Of.SITE, coded)
            if match and match.believed and isinstance(match.row.fact, Place):
                places.append(match.row.fact)
    return places


def _performed(resource: Element) -> When:
    if resource.child("performedPeriod"):
        return within_a_day(resource.child("performedPeriod"))
    return resource.when("performedDateTime")


def _care(reading: Reading, fact: Care, timed: Element, period: str, outcome: str) -> None:
    resource, course = reading.resource, {"kind": fact.kind}
    span, day = timed.child(period), timed.when("performedDateTime")
    for name, when in (("from", span.when("start") if span else day), ("to", span.when("end") if span else day)):
        if when.day:
            course[name] = when.day
        elif when.precision is Precision.PARTIAL:
            reading.left_out(when, "it is left out of a course of care")
    reasons = [*resource.each("reasonReference"), *resource.each("addresses")]
    coded = [coded for concept in resource.each("reasonCode") for coded in codings(concept)]
    tied = any(
        isinstance(match.row.fact, Pain) for one in coded if (match := reading.codes.match(Of.FINDING, one))
    )  # fmt: skip
    references = tuple(reading.absolute(reason.text("reference")) for reason in reasons if reason.text("reference"))
    reading.case.care.append(CodedCare({**course, "outcome": outcome}, resource.path, references, tied))


def read_care_plan(reading: Reading) -> None:
    """Physiotherapy and exercise that is under way or done, from a plan's category and activities."""
    resource = reading.resource
    status = resource.text("status")
    if status not in ("active", "completed"):
        return reading.not_evidence(status or "not given")
    concepts = list(resource.each("category"))
    for activity in resource.each("activity"):
        detail = activity.child("detail")
        if detail.text("status") in ("in-progress", "completed"):
            concepts.append(detail.child("code"))
    kinds: dict[Care, None] = {}
    for coded in [coded for concept in concepts for coded in codings(concept)]:
        match = reading.codes.match(Of.PROCEDURE, coded)
        if match and match.believed and isinstance(match.row.fact, Care):
            kinds[match.row.fact] = None
    for fact in kinds:
        _care(reading, fact, resource, "period", "ongoing" if status == "active" else "unknown")
    if not kinds:
        first = [coded.described for concept in concepts for coded in codings(concept) if coded.code]
        reading.case.unknown(reading.kind, first[0] if first else "no code")
    return None


def read_request(reading: Reading) -> None:
    """A request for a denervation: its date, and region, sides and technique where they are coded."""
    resource = reading.resource
    status, intent = resource.text("status"), resource.text("intent")
    if resource.flag("doNotPerform") or status not in _REQUESTED or intent not in _INTENDED:
        reason = (
            "do not perform" if resource.flag("doNotPerform") else f"{status or 'not given'}, intent {intent or '-'}"
        )
        return reading.not_evidence(reason)
    matches = [match for match in reading.matches(Of.PROCEDURE, resource.child("code"))
               if isinstance(match.row.fact, Denervation | Clue) and reading.settled(match)]  # fmt: skip
    if not matches:
        return None
    asked_on = resource.when("authoredOn")
    entry: Entry = {"date": asked_on.day} if asked_on.day else {}
    if asked_on.day is None:
        reading.left_out(asked_on, "the request has no date")
    reading.case.requests.append((entry | _details(reading, matches), resource.path))
    return None


READERS: dict[str, Reader] = {
    "Patient": read_patient,
    "Observation": read_observation,
    "Condition": read_condition,
    "Procedure": read_procedure,
    "CarePlan": read_care_plan,
    "MedicationRequest": read_medicine,
    "MedicationStatement": read_medicine,
    "AllergyIntolerance": read_allergy,
    "Device": read_device,
    "ServiceRequest": read_request,
}
