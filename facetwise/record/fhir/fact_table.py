"""What a code may tell: the kinds of fact that the code table gives, and how sure the mapping itself is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from facetwise.record.fhir.element import Element


class System(Enum):
    """The code systems that are read. The value is the name people use."""

    SNOMED = "SNOMED CT"
    LOINC = "LOINC"
    ICD10 = "ICD-10"
    ICD10CM = "ICD-10-CM"
    OPCS4 = "OPCS-4"
    CPT = "CPT"
    RXNORM = "RxNorm"
    ATC = "ATC"
    NAME = "name"

    @property
    def by_prefix(self) -> bool:
        """Whether a row's code takes every code below it (S32.0 takes S32.01)."""
        return self in (System.ICD10, System.ICD10CM, System.OPCS4, System.ATC)


SYSTEM_URIS = {
    "http://snomed.info/sct": System.SNOMED,
    "urn:oid:2.16.840.1.113883.6.96": System.SNOMED,
    "http://loinc.org": System.LOINC,
    "urn:oid:2.16.840.1.113883.6.1": System.LOINC,
    "http://hl7.org/fhir/sid/icd-10": System.ICD10,
    "http://hl7.org/fhir/sid/icd-10-uk": System.ICD10,
    "https://fhir.nhs.uk/id/icd-10": System.ICD10,
    "urn:oid:2.16.840.1.113883.6.3": System.ICD10,
    "http://hl7.org/fhir/sid/icd-10-cm": System.ICD10CM,
    "urn:oid:2.16.840.1.113883.6.90": System.ICD10CM,
    "https://fhir.nhs.uk/id/opcs-4": System.OPCS4,
    "https://fhir.hl7.org.uk/id/opcs-4": System.OPCS4,
    "http://fhir.hl7.org.uk/codesystem/opcs-4": System.OPCS4,
    "https://fhir.hl7.org.uk/codesystem/opcs-4": System.OPCS4,
    "http://www.ama-assn.org/go/cpt": System.CPT,
    "urn:oid:2.16.840.1.113883.6.12": System.CPT,
    "http://www.nlm.nih.gov/research/umls/rxnorm": System.RXNORM,
    "http://www.whocc.no/atc": System.ATC,
}


class Of(Enum):
    """Which resources a row is looked up for: a code means one thing in a Condition and another in a Procedure."""

    OBSERVATION = "Observation"
    FINDING = "Condition"
    DEVICE = "Device"
    MEDICINE = "medicine"
    SUBSTANCE = "AllergyIntolerance"
    PROCEDURE = "Procedure, ServiceRequest, CarePlan"
    SITE = "body site, with a procedure"


class Checked(Enum):
    """How far the code's meaning was checked before it was put into the table."""

    RELEASE = "its title was read in a published list of the code system"
    SAMPLE = "seen with this meaning in synthetic records"
    SECONDARY = "from secondary sources; not checked against a release of the code system"


@dataclass(frozen=True)
class Score:
    """A pain score from 0 to 10."""

    scale: str
    context: str


@dataclass(frozen=True)
class Flag:
    """A condition of the record that is present when the resource says that it is so now."""

    condition: str
    passing: bool = False


@dataclass(frozen=True)
class Clue:
    """Something that bears on a fact and does not settle it: the fact stays unknown, and the note says so."""

    fact: str
    why: str


@dataclass(frozen=True)
class Pain:
    """Pain of one region of the spine. `since`: its onset is the onset of that pain. `radicular`: the code says so."""

    region: str
    since: bool = True
    radicular: bool = False


@dataclass(frozen=True)
class Denervation:
    """A denervation of facet joints (or of the sacroiliac joint). What the code leaves open is None."""

    region: str | None = None
    technique: str | None = None


@dataclass(frozen=True)
class Block:
    """An injection of a facet joint or of its nerves; no code says which of the two."""

    region: str | None = None


@dataclass(frozen=True)
class Care:
    """A course of conservative care, once a reason ties it to pain of the spine."""

    kind: str


@dataclass(frozen=True)
class Place:
    """Where or how a procedure was done: a companion of its code."""

    region: str | None = None
    sides: tuple[str, ...] = ()
    technique: str | None = None


Fact = Score | Flag | Clue | Pain | Denervation | Block | Care | Place


@dataclass(frozen=True)
class Row:
    """One line of the table.

    codes: parted by blanks; ICD-10, OPCS-4 and ATC codes take every code below them, without their dots.
    words: where the sender's own display has none of them, the code is not believed (a guard for unchecked ids).
    doubt: what could mislead, or why the row is no stronger.
    """

    of: Of
    systems: tuple[System, ...]
    codes: str
    fact: Fact
    source: str
    checked: Checked
    doubt: str = ""
    words: str = ""


@dataclass(frozen=True)
class Coded:
    """A coding as it was sent."""

    system: System | None
    uri: str
    code: str
    display: str
    path: str

    @property
    def described(self) -> str:
        """'LOINC 72514-3', or the address of a system that is not known here."""
        name = self.system.value if self.system else self.uri or "no code system"
        return f"{name} {self.code or 'without a code'}"


@dataclass(frozen=True)
class Match:
    """A row that took a coding. `believed` is false where the coding's own display names something else."""

    row: Row
    coded: Coded
    believed: bool


class CodeTable:
    """Rows, found by resource kind, system and code. The longest code that fits wins."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = tuple(rows)
        self._found: dict[tuple[Of, System], dict[str, Row]] = {}
        for row in self.rows:
            for system in row.systems:
                self._found.setdefault((row.of, system), {}).update(dict.fromkeys(row.codes.lower().split(), row))

    def match(self, of: Of, coded: Coded) -> Match | None:
        """The row for a coding, None when there is none."""
        if coded.system is None or not coded.code:
            return None
        rows = self._found.get((of, coded.system), {})
        code = _plain(coded.code, coded.system)
        lengths = range(len(code), 0, -1) if coded.system.by_prefix else (len(code),)
        for length in lengths:
            row = rows.get(code[:length])
            if row:
                return Match(row, coded, _agrees(row, coded.display))
        return None

    def named(self, of: Of, coded: Coded) -> Match | None:
        """The row that a whole word of the display names: 'Warfarin Sodium 5 MG Oral Tablet'."""
        rows = self._found.get((of, System.NAME), {})
        for word in re.findall(r"[a-z]+", coded.display.lower()):
            if word in rows:
                return Match(rows[word], coded, True)
        return None


def codings(concept: Element) -> tuple[Coded, ...]:
    """The codings of a CodeableConcept; its text stands as the display of a coding without a code."""
    found = [
        Coded(
            SYSTEM_URIS.get(_uri(coding.text("system"))),
            coding.text("system"),
            coding.text("code"),
            coding.text("display") or concept.text("text"),
            concept.path,
        )
        for coding in concept.each("coding")
    ]
    if concept.text("text"):
        found.append(Coded(None, "", "", concept.text("text"), concept.path))
    return tuple(found)


def _uri(written: str) -> str:
    return written.lower().rstrip("/").partition("|")[0]


def _plain(code: str, system: System) -> str:
    return re.sub(r"[.\s†*]", "", code).lower() if system.by_prefix else code.strip().lower()


def _agrees(row: Row, display: str) -> bool:
    return not (row.words and display) or any(word in display.lower() for word in row.words.split())
