"""FHIR R4 as patient records: Bundles, single resources, and folders of bulk NDJSON files."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import NoReturn, TypeGuard

from facetwise.errors import InputError
from facetwise.record.fhir.bundle import ResourceSet, SetAside
from facetwise.record.fhir.case import ReadPatient
from facetwise.record.fhir.codes import CODES
from facetwise.record.fhir.element import Element
from facetwise.record.fhir.fact_table import CodeTable

__all__ = ["ReadPatient", "fhir_documents", "from_fhir", "is_fhir", "parse_fhir"]

_JSON = (".json", ".json.gz")
_LINES = (".ndjson", ".ndjson.gz")


def is_fhir(document: object) -> TypeGuard[Mapping[str, object]]:
    """Whether a JSON document is a FHIR resource: it says its resourceType."""
    return isinstance(document, Mapping) and isinstance(document.get("resourceType"), str)


def from_fhir(
    documents: Iterable[object], *, codes: CodeTable = CODES, set_aside: SetAside | None = None
) -> Iterator[ReadPatient]:
    """Every patient in FHIR R4 documents, one at a time.

    documents: parsed JSON (best by `parse_fhir`, which keeps decimals exact). Each Bundle stands alone and its
    patients come out as soon as it is read; single resources are taken together, as in a bulk export, and their
    patients come out at the end. Of them only the facts are held.
    set_aside: takes the message for each patient with a fault, who is then left out; without it a fault is raised.
    Errors: InputError that names the resource and element, never a patient's value.

    Dates: the calendar day as written, whatever the time zone. A year or a month alone is never made a day: the date
    (of a score: the whole score) is left out and named in `not_understood`. FHIR never gives a "no" and never makes
    a list complete.
    """
    loose = ResourceSet(codes, set_aside)
    singles = bundles = 0
    for document in documents:
        try:
            element = _element(document)
            if element.text("resourceType") == "Bundle":
                bundles += 1
                yield from _bundle(element, codes, set_aside)
            else:
                singles += 1
                loose.take(element)
        except InputError as fault:
            if set_aside is None:
                raise
            set_aside(str(fault))
    found = False
    for patient in loose.patients():
        found = True
        yield patient
    if singles and not found and set_aside is None and not bundles:
        raise InputError(
            "Nothing here is about a patient: no Patient, and no resource that names one or could be read."
        )


def _bundle(bundle: Element, codes: CodeTable, set_aside: SetAside | None) -> Iterator[ReadPatient]:
    together, found = ResourceSet(codes, set_aside), False
    together.take_bundle(bundle)
    for patient in together.patients():
        found = True
        yield patient
    if not found and set_aside is None:
        raise InputError("The Bundle holds nothing about a patient. Send the Patient with their resources as entries.")


def _element(document: object) -> Element:
    if not isinstance(document, Mapping):
        raise InputError("This is no FHIR resource: a resource is a JSON object that names its resourceType.")
    if not is_fhir(document):
        hooks = (
            " It is a CDS Hooks request or answer: send the resources of its prefetch." if _is_hook(document) else ""
        )
        raise InputError(f"This is no FHIR resource: it names no resourceType.{hooks or ' Name its type.'}")
    kind = document["resourceType"]
    return Element(document, f"{kind}/{document['id']}" if isinstance(document.get("id"), str) else str(kind))


def _is_hook(document: Mapping[str, object]) -> bool:
    return bool({"hook", "cards", "services"} & document.keys())


def parse_fhir(text: str | bytes, name: str) -> object:
    """JSON with its decimals exact. `name`: what the message calls the text, such as 'patient.json'.

    Errors: InputError for XML, for anything else that is not JSON, and for JSON nested too deeply to be read.
    """
    try:
        decoded = text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise InputError(f"{name} is not UTF-8 text. FHIR JSON is UTF-8.") from None
    if decoded.lstrip()[:1] == "<":
        raise InputError(f"{name} is XML. Of FHIR's formats JSON is read: ask the sender for application/fhir+json.")
    try:
        parsed: object = json.loads(decoded, parse_float=Decimal, parse_constant=_no_number)
    except RecursionError:
        raise InputError(f"{name} is nested too deeply to be a FHIR resource. Send the resource itself.") from None
    except json.JSONDecodeError as fault:
        raise InputError(
            f"{name} is not JSON: {fault.msg} at line {fault.lineno}, column {fault.colno}. Correct it, or send it again."
        ) from None
    except (ValueError, ArithmeticError):
        raise InputError(f"{name} holds a number that JSON does not allow. Correct it, or send it again.") from None
    return parsed


def _no_number(_: str) -> NoReturn:
    raise ValueError


def fhir_documents(path: Path, set_aside: SetAside | None = None) -> Iterator[object]:
    """The FHIR documents of a file or of a folder: .json and .ndjson, also .gz, one at a time.

    Errors: InputError for a file that cannot be read, for XML, and for a folder that holds none of these; a line of
    an NDJSON file that is not JSON is named by its number, to `set_aside` where that is given.
    """
    if not path.is_dir():
        yield from _in_file(path, set_aside)
        return
    files = sorted(file for file in path.iterdir() if file.is_file() and file.name.lower().endswith((*_JSON, *_LINES)))
    if not files:
        xml = " It holds XML; of FHIR's formats JSON is read." if any(path.glob("*.xml")) else ""
        raise InputError(f"The folder {path.name} holds no .json or .ndjson file.{xml or ' Name the folder of them.'}")
    for file in files:
        yield from _in_file(file, set_aside)


def _in_file(file: Path, set_aside: SetAside | None) -> Iterator[object]:
    opened = gzip.open if file.name.lower().endswith(".gz") else open
    try:
        with opened(file, "rb") as stream:
            if not file.name.lower().endswith(_LINES):
                yield parse_fhir(stream.read(), file.name)
                return
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    yield from _in_line(line, f"{file.name} line {number}", set_aside)
    except (OSError, EOFError, zlib.error) as fault:
        raise InputError(f"{file.name} cannot be read ({type(fault).__name__}). Check the file and its name.") from None


def _in_line(line: bytes, name: str, set_aside: SetAside | None) -> Iterator[object]:
    try:
        yield parse_fhir(line, name)
    except InputError as fault:
        if set_aside is None:
            raise
        set_aside(str(fault))
