"""What each kind of FHIR resource tells of a patient. Only what is confirmed, present and done is evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from facetwise.errors import InputError
from facetwise.record.fhir.case import Case, CodedPain, Entry, ReferencedMedicine
from facetwise.record.fhir.element import Element, Precision, When
from facetwise.record.fhir.fact_table import Clue, Coded, CodeTable, Flag, Match, Of, Pain, Place, Score, codings

_DONE = frozenset({"final", "amended", "corrected"})
_PRESENT = frozenset({"active", "recurrence", "relapse"})
_ORDERED = frozenset({"order", "original-order", "reflex-order", "filler-order", "instance-order"})
_ABATEMENTS = ("abatementDateTime", "abatementAge", "abatementPeriod", "abatementRange", "abatementString")


@dataclass(frozen=True)
class Reading:
    """One resource, the case of the patient that it is about, the code table, and what makes a reference absolute."""

    resource: Element
    case: Case
    codes: CodeTable
    absolute: Callable[[str], str]

    @property
    def kind(self) -> str:
        return self.resource.text("resourceType")

    def matches(self, of: Of, concept: Element) -> list[Match]:
        """The rows for a concept's codings; by name only where no code is known. Unknown codes are counted."""
        sent = codings(concept)
        found = [match for coded in sent if (match := self.codes.match(of, coded))]
        if not found:
            found = [match for coded in sent if (match := self.codes.named(of, coded))][:1]
        if not found:
            self.case.unknown(self.kind, _first(sent))
        return found

    def not_evidence(self, status: str) -> None:
        """Counts the resource as one whose status takes it out of the evidence."""
        self.case.unread[self.kind, f"not taken as evidence: status {status}"] += 1

    def clue(self, match: Match, fact: str, why: str) -> None:
        """Notes a resource that bears on a fact and leaves it unknown."""
        self.case.notes.append(
            f"{match.coded.path} ({match.coded.described}) bears on {fact}: {why}. It is left unknown."
        )

    def settled(self, match: Match) -> bool:
        """Whether a match may set a fact; where it may not, the clue is noted."""
        fact = match.row.fact
        if isinstance(fact, Clue):
            self.clue(match, fact.fact, fact.why)
        elif not match.believed:
            self.clue(match, "the record", "its display names something else than its code is known for")
        else:
            return True
        return False

    def left_out(self, when: When, what: str) -> None:
        self.case.left_out.append(f"{when.fault}: {what}")


def _first(sent: tuple[Coded, ...]) -> str:
    return sent[0].described if sent and sent[0].code else "no code"


def read_patient(reading: Reading) -> None:
    """born (a whole date only), sex (male or female) and the id; a death is noted."""
    resource, case = reading.resource, reading.case
    case.has_patient = True
    case.id = case.id or resource.text("id")
    born = resource.when("birthDate")
    if born.day:
        case.fact("born", born.day, born.path)
    elif born.precision is Precision.PARTIAL:
        reading.left_out(born, "the date of birth is left out")
    sex = resource.text("gender")
    if sex in ("male", "female"):
        case.fact("sex", sex, f"{resource.path}.gender")
    elif sex:
        case.left_out.append(f"{resource.path}.gender is neither male nor female: sex is left out")
    if resource.flag("deceasedBoolean"):
        case.notes.append(f"The patient is recorded as dead ({resource.path}.deceasedBoolean).")
    elif resource.text("deceasedDateTime"):
        case.notes.append(f"The patient is recorded as dead ({resource.path}.deceasedDateTime).")


def read_observation(reading: Reading) -> None:
    """Pain scores, of the resource itself or of its components."""
    resource = reading.resource
    status = resource.text("status")
    if status not in _DONE:
        return reading.not_evidence(status or "not given")
    parts = [part for part in resource.each("component") if _scored(reading, part)]
    for part in parts:
        _read_score(reading, part)
    if parts and not _scored(reading, resource):
        return None
    for match in reading.matches(Of.OBSERVATION, resource.child("code")):
        if reading.settled(match) and isinstance(match.row.fact, Score):
            _read_score(reading, resource)
            break
    return None


def _scored(reading: Reading, part: Element) -> bool:
    return _score_of(reading, part) is not None


def _score_of(reading: Reading, part: Element) -> Score | None:
    for coded in codings(part.child("code")):
        match = reading.codes.match(Of.OBSERVATION, coded)
        if match and isinstance(match.row.fact, Score):
            return match.row.fact
    return None


def _read_score(reading: Reading, part: Element) -> None:
    score, when = _score_of(reading, part), observed(reading.resource)
    path, value = _value(part)
    if score is None:
        return
    if value is None:
        reading.case.left_out.append(f"{part.path} is a pain score without a plain number: it is left out")
    elif not _of_spine(reading):
        reading.case.left_out.append(
            f"{part.path} is a pain score of a body site that is not the spine: it is left out"
        )
    elif when.day is None:
        reading.left_out(when, "the pain score is left out")
    else:
        if not 0 <= value <= 10:
            raise InputError(
                f"{path}.value is outside 0 to 10, the scale of its code. Correct it where it was recorded."
            )
        entry: Entry = {"date": when.day, "scale": score.scale, "value": _number(value), "context": score.context}
        reading.case.scores.append((entry, path))
        moment = reading.resource.text("effectiveDateTime") or reading.resource.text("effectiveInstant")
        reading.case.moments[path] = moment


def _value(part: Element) -> tuple[str, Decimal | None]:
    quantity = part.child("valueQuantity")
    if quantity and not quantity.text("comparator"):
        return quantity.path, quantity.number("value")
    return f"{part.path}.valueInteger", None if quantity else part.number("valueInteger")


def _number(value: Decimal) -> int | Decimal:
    return int(value) if value == value.to_integral_value() else value


def _of_spine(reading: Reading) -> bool:
    """No site, or one of the spine by its code or its words; a side alone is no site."""
    site = reading.resource.child("bodySite")
    named = codings(site) if site else ()
    return not named or any(_names_spine(reading, coded) for coded in named)


def _names_spine(reading: Reading, coded: Coded) -> bool:
    match = reading.codes.match(Of.SITE, coded)
    if match is not None and isinstance(match.row.fact, Place) and match.row.fact.region is not None:
        return True
    words = coded.display.lower()
    return any(part in words for part in ("back", "spin", "lumb", "thorac", "cervic", "neck"))


def observed(resource: Element) -> When:
    """The day of an observation: its effective date, instant, or a period within one day. Never `issued`."""
    for name in ("effectiveDateTime", "effectiveInstant"):
        if resource.text(name):
            return resource.when(name)
    if resource.child("effectivePeriod"):
        return within_a_day(resource.child("effectivePeriod"))
    return resource.when("effectiveDateTime")


def within_a_day(period: Element) -> When:
    """The day of a period that begins and ends on one day, or has no end."""
    start, end = period.when("start"), period.when("end")
    if start.day and end.precision is not Precision.NONE and end.day != start.day:
        return When(
            None, Precision.PARTIAL if end.day is None else Precision.NONE, f"{period.path} (more than one day)"
        )
    return start


def read_condition(reading: Reading) -> None:
    """Conditions that are present now, and pain of the spine with its onset."""
    resource = reading.resource
    verified, clinical = resource.code("verificationStatus"), resource.code("clinicalStatus")
    if verified in ("refuted", "entered-in-error"):
        return reading.not_evidence(verified)
    matches = reading.matches(Of.FINDING, resource.child("code"))
    ended = next((name for name in _ABATEMENTS if resource.has(name)), None)
    if matches and (ended or (clinical and clinical not in _PRESENT)):
        return reading.not_evidence(f"{clinical or 'ended'} (no longer present)")
    for match in matches:
        fact = match.row.fact
        if not reading.settled(match):
            continue
        if not clinical or verified not in ("", "confirmed"):
            why = f"it is {verified}, not confirmed" if clinical else "it does not say whether it is still present"
            reading.clue(match, _about(fact), why)
        elif isinstance(fact, Flag):
            _present(reading, fact, match)
        elif isinstance(fact, Pain):
            _pain(reading, fact, match)
    return None


def _about(fact: object) -> str:
    return f"conditions.{fact.condition}" if isinstance(fact, Flag) else "pain"


def _present(reading: Reading, fact: Flag, match: Match) -> None:
    reading.case.flag(fact.condition, match.coded.path)
    if fact.passing:
        since = reading.resource.when("onsetDateTime").day
        known = f", since {since} as recorded" if since else ""
        reading.case.notes.append(
            f"conditions.{fact.condition} is active in {reading.resource.path}{known}: check that it still is."
        )


def _pain(reading: Reading, fact: Pain, match: Match) -> None:
    onset = reading.resource.when("onsetDateTime")
    if onset.precision is Precision.NONE and reading.resource.child("onsetPeriod"):
        onset = reading.resource.child("onsetPeriod").when("start")
    if fact.since and onset.day is None:
        reading.left_out(onset, "pain.since is not taken from it")
    reading.case.pains.append(CodedPain(fact, onset.day, onset.path, match.coded.path))


def read_medicine(reading: Reading) -> None:
    """Anticoagulants that are being taken: active orders (not proposals) and active statements."""
    resource = reading.resource
    status = resource.text("status") or "not given"
    if resource.flag("doNotPerform"):
        return reading.not_evidence("do not perform")
    if status in ("entered-in-error", "cancelled", "draft", "not-taken", "intended", "unknown", "not given"):
        return reading.not_evidence(status)
    if reading.kind == "MedicationRequest" and resource.text("intent") not in _ORDERED:
        return reading.not_evidence(f"{status}, intent {resource.text('intent') or 'not given'}")
    named = resource.child("medicationCodeableConcept")
    reference = resource.child("medicationReference").text("reference")
    if named:
        take_medicine(reading, named)
    elif reference:
        path, where = f"{resource.path}.medicationReference", reading.absolute(reference)
        reading.case.medicines.append(ReferencedMedicine(where, path, reading.kind, status))
    else:
        reading.case.unknown(reading.kind, "no code")
    return None


def take_medicine(reading: Reading, concept: Element) -> None:
    """Reads the codes of a medicine, its own or those of the Medication that it refers to."""
    status = reading.resource.text("status")
    for match in reading.matches(Of.MEDICINE, concept)[:1]:
        if status != "active":
            reading.not_evidence(f"{status} (no longer taken, or paused)")
        elif reading.settled(match) and isinstance(match.row.fact, Flag):
            reading.case.flag(match.row.fact.condition, match.coded.path)


def read_allergy(reading: Reading) -> None:
    """Confirmed, active allergies to what the procedure uses."""
    resource = reading.resource
    verified, clinical = resource.code("verificationStatus"), resource.code("clinicalStatus")
    if verified in ("refuted", "entered-in-error") or clinical in ("inactive", "resolved"):
        return reading.not_evidence(verified if verified in ("refuted", "entered-in-error") else clinical)
    for match in reading.matches(Of.SUBSTANCE, resource.child("code")):
        if not reading.settled(match) or not isinstance(match.row.fact, Flag):
            continue
        if clinical != "active" or verified not in ("", "confirmed") or resource.text("type") == "intolerance":
            reading.clue(match, "conditions.allergy", "it is not an active and confirmed allergy")
        else:
            reading.case.flag("allergy", match.coded.path)
    return None


def read_device(reading: Reading) -> None:
    """Implanted devices that are active."""
    resource = reading.resource
    status = resource.text("status")
    if status in ("inactive", "entered-in-error"):
        return reading.not_evidence(status)
    for match in reading.matches(Of.DEVICE, resource.child("type")):
        if not reading.settled(match) or not isinstance(match.row.fact, Flag):
            continue
        if status == "active":
            reading.case.flag(match.row.fact.condition, match.coded.path)
        else:
            reading.clue(match, f"conditions.{match.row.fact.condition}", "it does not say that it is in use")
    return None


Reader = Callable[[Reading], None]
