"""Records out of files: JSON and NDJSON, plain or gzipped, standard input, folders; FHIR among them."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from facetwise.errors import InputError
from facetwise.record.fhir.case import ReadPatient
from facetwise.record.fhir.import_bundle import fhir_documents, from_fhir, is_fhir
from facetwise.record.parse import LARGEST, parsed, record_of
from facetwise.record.record import Record


@dataclass(frozen=True)
class ReadRecord:
    """A record that was read: its name, its JSON; of a FHIR record where each part came from, and what to know of it."""

    name: str
    record: Record
    document: Mapping[str, Any]
    origins: Mapping[str, str] = field(default_factory=dict)
    not_understood: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refused:
    """A record of many that could not be read, and why."""

    name: str
    why: str


def read_records(names: Sequence[str], standard_input: IO[bytes]) -> Iterator[ReadRecord | Refused]:
    """Every record that the names hold, in order. '-' is standard input.

    Errors: InputError for a file that cannot be read at all, and for a bad record where it stands alone in its file.
    """
    for name in names:
        if name == "-":
            yield from _document(standard_input.read(LARGEST + 1), "standard input")
        elif (path := Path(name)).is_dir():
            yield from _folder(path)
        elif not path.is_file():
            raise InputError(f"There is no file {name}. Check the path.")
        elif path.name.lower().removesuffix(".gz").endswith((".ndjson", ".jsonl")):
            yield from _lines(path)
        else:
            yield from _document(_bytes(path), name)


def _folder(path: Path) -> Iterator[ReadRecord | Refused]:
    files = sorted(file for file in path.iterdir() if file.is_file())
    bulk = [file for file in files if file.name.lower().removesuffix(".gz").endswith(".ndjson")]
    if bulk and any(file.name.lower().startswith("patient") for file in bulk):
        yield from _bulk(path)
        return
    plain = [file for file in files if file.name.lower().removesuffix(".gz").endswith((".json", ".ndjson", ".jsonl"))]
    if not plain:
        raise InputError(f"{path} holds no records: no .json, .ndjson or FHIR bulk file. Name the files.")
    for file in plain:
        yield from _set_aside(read_records([str(file)], io.BytesIO()), str(file))


def _bulk(path: Path) -> Iterator[ReadRecord | Refused]:
    """The patients of FHIR bulk files; those with a fault are set aside."""
    faults: list[str] = []
    for patient in from_fhir(fhir_documents(path, faults.append), set_aside=faults.append):
        yield from _set_aside(_of_fhir(patient, str(path)), str(path))
    yield from (Refused(str(path), fault) for fault in faults)


def _set_aside(records: Iterator[ReadRecord | Refused], name: str) -> Iterator[ReadRecord | Refused]:
    try:
        yield from records
    except InputError as error:
        yield Refused(name, str(error))


def _opened(path: Path) -> gzip.GzipFile | io.BufferedReader:
    """A file, unpacked where it is gzipped, whatever its name."""
    with path.open("rb") as probe:
        zipped = probe.read(2) == b"\x1f\x8b"
    return gzip.open(path) if zipped else path.open("rb")


def _bytes(path: Path) -> bytes:
    try:
        with _opened(path) as opened:
            return opened.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path} cannot be read: {str(error) or type(error).__name__}. Copy it again.") from error


def _document(text: bytes, name: str) -> Iterator[ReadRecord | Refused]:
    if not text.strip():
        raise InputError(f"{name} is empty. A record is a JSON object; {{}} is one of which nothing is known.")
    document = parsed(text, name)
    if isinstance(document, list):
        for number, item in enumerate(document, 1):
            yield from _set_aside(_records_of(item, f"{name}, record {number}"), f"{name}, record {number}")
    else:
        yield from _records_of(document, name)


def _records_of(document: Any, name: str) -> Iterator[ReadRecord | Refused]:
    if isinstance(document, Mapping) and is_fhir(document):
        patients = list(from_fhir([document]))
        if not patients:
            raise InputError(f"{name} holds no patient that its resources speak of. Give a Bundle with a Patient.")
        for patient in patients:
            yield from _of_fhir(patient, name)
        return
    yield ReadRecord(name, record_of(document, name), document if isinstance(document, Mapping) else {})


def one_document(document: Mapping[str, Any], name: str) -> ReadRecord:
    """The one record in a JSON document, of a record or of FHIR. Errors: InputError."""
    found = [item for item in _records_of(document, name) if isinstance(item, ReadRecord)]
    if len(found) != 1:
        raise InputError(f"{name} holds {len(found)} patients. Give one.")
    return found[0]


def _of_fhir(patient: ReadPatient, name: str) -> Iterator[ReadRecord]:
    record = record_of(patient.record, f"{name} (patient {patient.record.get('id', '')})")
    yield ReadRecord(record.id or name, record, patient.record, patient.origins, patient.not_understood, patient.notes)


def _lines(path: Path) -> Iterator[ReadRecord | Refused]:
    """One record a line; a line of FHIR is a Bundle or resource of its own."""
    try:
        with _opened(path) as opened:
            number = 0
            while line := opened.readline(LARGEST + 1):
                number += 1
                if number == 1 and b'"resourceType"' in line:
                    yield from _bulk(path)
                    return
                if line.strip():
                    where = f"{path}, line {number}"
                    yield from _set_aside(_line(line, where), where)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(
            f"{path} cannot be read to its end: {str(error) or type(error).__name__}. Copy it again."
        ) from error


def _line(line: bytes, where: str) -> Iterator[ReadRecord | Refused]:
    yield from _records_of(parsed(line, where), where)
