"""Resources with shared references: which patient each is about, and what a reference points to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from facetwise.errors import InputError
from facetwise.record.fhir.case import Case, ReadPatient, build_record
from facetwise.record.fhir.element import Element
from facetwise.record.fhir.fact_table import CodeTable, Of, Pain, codings
from facetwise.record.fhir.procedures import READERS
from facetwise.record.fhir.resources import Reading, take_medicine

_HISTORY = re.compile(r"/_history/[^/]*$")
_TYPED = re.compile(r"(?:^|/)([A-Z][A-Za-z]+)/([A-Za-z0-9.-]{1,64})$")
_REPORTED = ("final", "amended", "corrected", "appended")
_DEPTH = 5
_NOBODY = ""
SetAside = Callable[[str], None]


class ResourceSet:
    """Resources that share their references: one Bundle, or all the files of a bulk export.

    Only what was found is kept, never the resources. Patients come out when everything was taken in, since a
    reference may point forward. A patient with a fault is set aside whole (`set_aside`), or the fault is raised.
    """

    def __init__(self, codes: CodeTable, set_aside: SetAside | None) -> None:
        self._codes, self._set_aside = codes, set_aside
        self._cases: dict[str, Case] = {}
        self._aliases: dict[str, str] = {}
        self._by_id: dict[str, set[str]] = {}
        self._spinal: set[str] = set()
        self._medications: dict[str, Element] = {}
        self._others: set[str] = set()
        self._notes: list[str] = []

    def take_bundle(self, bundle: Element, depth: int = 0) -> None:
        """Takes every entry. A missing type is no fault; superseded versions (type history) are refused."""
        if bundle.text("type") == "history":
            raise InputError(f"{bundle.path} is of type history: it holds superseded versions. Send a searchset.")
        if depth > _DEPTH:
            raise InputError(f"{bundle.path}: Bundles lie more than {_DEPTH} deep in one another. Send them apart.")
        for link in bundle.each("link"):
            if link.text("relation") == "next":
                self._notes.append(
                    f"{bundle.path} is one page of several: what the other pages hold is not known here."
                )
        for entry in bundle.each("entry"):
            resource = entry.child("resource")
            if not resource or entry.child("request").text("method") == "DELETE":
                continue
            if resource.text("resourceType") == "Bundle":
                self.take_bundle(resource, depth + 1)
            else:
                self.take(resource, entry.text("fullUrl"))

    def take(self, resource: Element, url: str = "") -> None:
        """Takes one resource. `url`: its fullUrl in a Bundle."""
        kind, id_ = resource.text("resourceType"), resource.text("id")
        if not kind:
            raise InputError(f"{resource.path} has no resourceType, so it is no FHIR resource. Name its type.")
        path = f"{kind}/{id_}" if id_ else url or f"{kind} ({resource.path})"
        sent = Element(resource.fields, path)
        base = url.removesuffix(f"/{kind}/{id_}") if url.startswith("http") else ""
        key = self._subject(sent, kind, url, base)
        try:
            self._take(sent, kind, url, base, key)
        except InputError as fault:
            if self._set_aside is None:
                raise
            self._case(key or _NOBODY).fault = str(fault)

    def _take(self, sent: Element, kind: str, url: str, base: str, key: str | None) -> None:
        names = {_absolute(sent.path, base, ""), url or sent.path}
        if kind == "Patient":
            self._name(sent, url or sent.path, names)
        elif url:
            self._others.add(url)
        self._keep(sent, kind, names)
        self._contained(sent, kind, base, key)
        reader = READERS.get(kind)
        if key is None:
            return
        case = self._case(key)
        if reader:
            case.taken += 1
            reader(self._reading(sent, key, base, sent.path))
        elif key != _NOBODY:
            case.unread[kind, "of a kind that is not read"] += 1

    def _subject(self, sent: Element, kind: str, url: str, base: str) -> str | None:
        """Where the patient's case is kept; '' for no patient named, None for a resource about something else."""
        if kind == "Patient":
            return url or sent.path
        whom = next((field for name in ("subject", "patient") for field in _one(sent, name)), None)
        reference = whom.text("reference") if whom else ""
        if whom is None or not (reference or whom.child("identifier")):
            return None if kind == "Device" else _NOBODY  # a device of nobody is the clinic's own
        if not reference:
            identifier = whom.child("identifier")
            return f"Patient?identifier={identifier.text('system')}|{identifier.text('value')}"
        typed = _TYPED.search(_HISTORY.sub("", reference))
        if (whom.text("type") or (typed[1] if typed else "Patient")) != "Patient":
            return None
        return _absolute(reference, base, sent.path)

    def _name(self, patient: Element, key: str, names: set[str]) -> None:
        for identifier in patient.each("identifier"):
            names.add(f"Patient?identifier={identifier.text('system')}|{identifier.text('value')}")
        self._aliases |= dict.fromkeys(names, key)
        if patient.text("id"):
            self._by_id.setdefault(patient.text("id"), set()).add(key)

    def _keep(self, sent: Element, kind: str, names: set[str]) -> None:
        """Keeps what other resources may refer to: medicines, and conditions that are pain of the spine."""
        concept = sent.child("code") if kind in ("Medication", "Condition") else None
        if concept is None:
            return
        coded = codings(concept)
        if kind == "Medication":
            self._medications |= dict.fromkeys(names, concept)
        elif sent.code("verificationStatus") not in ("refuted", "entered-in-error"):
            rows = [match.row for code in coded if (match := self._codes.match(Of.FINDING, code)) and match.believed]
            if any(isinstance(row.fact, Pain) for row in rows):
                self._spinal |= names

    def _contained(self, sent: Element, kind: str, base: str, key: str | None) -> None:
        """Contained patients, medicines and conditions answer to '#id'; contained observations of a report are read."""
        is_report = kind in ("DiagnosticReport", "Observation") and sent.text("status") in _REPORTED
        for inner in sent.each("contained"):
            path, inner_kind = f"{sent.path}#{inner.text('id').lstrip('#')}", inner.text("resourceType")
            resource = Element(inner.fields, path)
            if inner_kind == "Patient" and key == path:
                self._name(resource, path, {path})
                READERS["Patient"](self._reading(resource, path, base, sent.path))
            elif inner_kind in ("Medication", "Condition"):
                self._keep(resource, inner_kind, {path})
            elif inner_kind == "Observation" and is_report and key is not None:
                READERS["Observation"](self._reading(resource, key, base, sent.path))

    def _reading(self, resource: Element, key: str, base: str, container: str) -> Reading:
        return Reading(resource, self._case(key), self._codes, lambda sent: _absolute(sent, base, container))

    def _case(self, key: str) -> Case:
        return self._cases.setdefault(key, Case())

    def patients(self) -> Iterator[ReadPatient]:
        """Every patient, in the order they were first named."""
        joined = self._joined()
        nobody = joined.pop(_NOBODY, Case())
        also = list(self._notes)
        if nobody.taken or nobody.fault:
            if len(joined) == 1:
                only = next(iter(joined.values()))
                only.merge(nobody)
                only.notes.append(
                    f"Resources that name no patient ({nobody.taken}) are taken as of the only patient here."
                )
            elif not joined:
                joined[_NOBODY] = nobody
            else:
                also.append(
                    f"Resources that name no patient ({nobody.taken}), where several patients are here: not used"
                )
        ids = [case.id or _bare(key) for key, case in joined.items()]
        for (key, case), id_ in zip(joined.items(), ids, strict=True):
            case.id = id_ if ids.count(id_) == 1 else key
            try:
                self._settle(case)
                patient = build_record(case, lambda reference: reference in self._spinal, also)
            except InputError as fault:
                if self._set_aside is None:
                    raise
                case.fault = str(fault)
            if not case.fault:
                yield patient
            elif self._set_aside:
                self._set_aside(f"Patient {case.id or '(not named)'} is set aside. {case.fault}")

    def _settle(self, case: Case) -> None:
        for medicine in case.medicines:
            concept = self._medications.get(medicine.reference)
            if concept is None:
                case.left_out.append(f"{medicine.path} names a Medication that is not here: it is not read")
            else:
                order = Element({"resourceType": medicine.kind, "status": medicine.status}, medicine.path)
                take_medicine(Reading(order, case, self._codes, str), Element(concept.fields, medicine.path))

    def _joined(self) -> dict[str, Case]:
        """The cases by person: references to one patient in different spellings become one."""
        tails: dict[str, set[str]] = {}
        for key in self._cases:
            tails.setdefault(_bare(key), set()).add(key)
        joined: dict[str, Case] = {}
        for key, case in self._cases.items():
            if key in self._others:
                continue
            who = self._who(key, tails)
            try:
                joined.setdefault(who, Case()).merge(case)
            except InputError as fault:
                if self._set_aside is None:
                    raise
                joined[who].fault = str(fault)
        return joined

    def _who(self, key: str, tails: Mapping[str, set[str]]) -> str:
        if key in self._aliases or key == _NOBODY or "#" in key:
            return self._aliases.get(key, key)
        same = self._by_id.get(_bare(key), set())
        if len(same) == 1 and not (_is_http(key) and _is_http(next(iter(same)))):
            return next(iter(same))
        far = {other for other in tails.get(_bare(key), set()) if _is_http(other)}
        return next(iter(far)) if not same and len(far) == 1 and not _is_http(key) else key


def _one(sent: Element, name: str) -> tuple[Element, ...]:
    return sent.each(name)[:1]


def _is_http(key: str) -> bool:
    return key.startswith("http")


def _bare(key: str) -> str:
    return "" if "?" in key else re.split(r"[/:]", key)[-1]


def _absolute(reference: str, base: str, container: str) -> str:
    """A reference that means the same everywhere: '#x' with its container, 'Patient/1' with the server it is on."""
    plain = _HISTORY.sub("", reference)
    if plain.startswith("#"):
        return container + plain
    if plain.startswith(("urn:", "http:", "https:")) or "?" in plain or not base:
        return plain
    return f"{base}/{plain}"
