"""What `facetwise decide` does: one patient, or many, against one policy, several, or all."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from facetwise.cli import output
from facetwise.cli.messages import note
from facetwise.cli.terminal.counts import terminal
from facetwise.cli.terminal.decision import render_decisions, render_what_if
from facetwise.clock import today
from facetwise.decide.decision import Decision, decide_as_of
from facetwise.decide.evidence import plain
from facetwise.decide.record_as_of import record_as_of
from facetwise.decide.summary import changes as changed_between
from facetwise.errors import InputError, UsageError, nearest
from facetwise.language.policy import Policy
from facetwise.library import POLICIES, policy
from facetwise.pages.decision_page import write_page
from facetwise.record.fhir.export_decision import to_fhir
from facetwise.record.files import ReadRecord, Refused, read_records
from facetwise.record.parse import record_of
from facetwise.record.what_if import what_if

_FORMATS = ("table", "json", "csv", "parquet", "fhir")


@dataclass(frozen=True)
class DecidedRecord:
    """One record with its decisions, and those of the same record with facts put otherwise."""

    read: ReadRecord
    decisions: tuple[Decision, ...]
    otherwise: tuple[Decision, ...] = ()

    def to_json(self, changes: Sequence[str]) -> Iterator[dict[str, Any]]:
        """The JSON of each decision; a fact that came from FHIR names its resource and element."""
        for number, decision in enumerate(self.decisions):
            if self.otherwise:
                yield what_if_json(decision, self.otherwise[number], changes)
                continue
            document = decision.to_json()
            for finding in document["findings"]:
                for item in finding["because"]:
                    item["from"] = origin(item["from"], self.read) or item["from"]
            if self.read.origins or self.read.not_understood:
                document["fhir"] = {
                    "found": events_n(self.read),
                    "notes": list(self.read.notes),
                    "not_understood": list(self.read.not_understood),
                }
            yield document


def events_n(read: ReadRecord) -> dict[str, int]:
    """How many events of each list were read."""
    record = read.record
    lists = {"scores": record.scores, "care": record.care, "blocks": record.blocks, "denervations": record.denervations}
    return {name: len(events) for name, events in lists.items()}


def score_summary(read: ReadRecord) -> str:
    """'12 pain scores, from 2011-03-01 to 2020-09-20'."""
    days = sorted(score.date for score in read.record.scores if score.date)
    when = f", from {days[0].isoformat()} to {days[-1].isoformat()}" if days else ""
    return f"{len(read.record.scores)} pain scores{when}"


def origin(place: str, read: ReadRecord) -> str | None:
    """The FHIR resource and element behind a place of the record: of the place itself, or of what holds it."""
    while place:
        if place in read.origins:
            return read.origins[place]
        place = place.rpartition(".")[0]
    return None


def what_if_json(before: Decision, after: Decision, changes: Sequence[str]) -> dict[str, Any]:
    """The decision with facts put otherwise, and what that changed."""
    return {
        **after.to_json(),
        "record": before.record,
        "what_if": {
            "changes": list(changes),
            "before": {
                "outcome": before.outcome.value,
                "next_step": before.next_step.id,
                "earliest": before.earliest.isoformat() if before.earliest else None,
            },
            "changed": [asdict(change) for change in changed_between(before, after)],
        },
    }


def decide_and_write(
    records: Sequence[str],
    policies: Sequence[str],
    as_of: str | None,
    changes: Sequence[str],
    format_: str | None,
    out: Path | None,
) -> None:
    """What `facetwise decide` does: every record that could be read, decided, in the chosen form or as a page."""
    form = _format_named(format_)
    if out is not None and out.suffix.lower() != ".html":
        raise UsageError(f"The page is HTML and {out} does not end in .html. Name it so.")
    chosen = tuple(dict.fromkeys(policy(name) for name in policies)) if policies else tuple(POLICIES.values())
    answered = _decided_records(records, chosen, _day(as_of), changes)
    if out is not None:
        _write_page(list(answered), out)
        return
    _write(form, answered, changes, len(chosen))


def _format_named(given: str | None) -> str:
    if given == "fhir":
        return "fhir"
    if given is not None and given not in _FORMATS:
        raise UsageError(f"There is no format '{given}'." + nearest(given, _FORMATS))
    return str(output.format_named(given).value)


def _day(given: str | None) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError as error:
        raise UsageError(f"--as-of '{given}' is no date. Write it as 2026-11-20.") from error


def _decided_records(
    names: Sequence[str], policies: Sequence[Policy], as_of: date | None, changes: Sequence[str]
) -> Iterator[DecidedRecord]:
    """Every record that could be read, decided; the others are named on standard error. Errors: when none could be."""
    read_n, refused = 0, 0
    for item in read_records(names, sys.stdin.buffer):
        if isinstance(item, Refused):
            refused += 1
            note(f"Set aside: {item.why if item.name in item.why else f'{item.name}: {item.why}'}")
            continue
        read_n += 1
        yield _decide_record(item, policies, as_of, changes)
    if refused:
        note(f"{refused:,} of {read_n + refused:,} records set aside.")
    if not read_n:
        raise InputError(
            "None of the records could be read. The faults are named above." if refused else "There is no record."
        )


def _decide_record(
    item: ReadRecord, policies: Sequence[Policy], as_of: date | None, changes: Sequence[str]
) -> DecidedRecord:
    day = as_of or item.record.request.date or today()
    name = item.record.id or item.name
    seen = record_as_of(item.record, day)
    decisions = tuple(decide_as_of(seen, one, name) for one in policies)
    if not changes:
        return DecidedRecord(item, decisions)
    changed = record_as_of(
        record_of(what_if(item.document, changes, day), f"the record with {', '.join(changes)}"), day
    )
    supposed = f"{name}, if {' and '.join(changes)}"  # a supposition never looks like an answer
    return DecidedRecord(item, decisions, tuple(decide_as_of(changed, one, supposed) for one in policies))


def _write_page(answered: Sequence[DecidedRecord], out: Path) -> None:
    if len(answered) != 1:
        raise UsageError(f"A page is about one patient and {len(answered)} were read. Name one record.")
    write_page(answered[0].otherwise or answered[0].decisions, answered[0].read, out)
    note(f"Page: {out}")


def _write(form: str, answered: Iterable[DecidedRecord], changes: Sequence[str], policies_n: int) -> None:
    match form:
        case "table":
            for number, answer in enumerate(answered):
                if number:
                    sys.stdout.write("\n")
                _print_tables(answer, changes)
        case "json":
            _write_json((document for answer in answered for document in answer.to_json(changes)), policies_n == 1)
        case "fhir":
            _write_fhir(answered)
        case _:
            rows = [row for answer in answered for row in _rows(answer)]
            made = pa.Table.from_pylist(rows, schema=_COLUMNS)
            output.write_answer(output.Format(form), lambda: "", lambda: rows, lambda: made)


def _write_fhir(answered: Iterable[DecidedRecord]) -> None:
    """One collection Bundle with the resources of every decision, each once."""
    bundles: list[dict[str, Any]] = [to_fhir(document) for answer in answered for document in _as_json(answer)]
    whole = dict(bundles[0])
    entries: list[dict[str, Any]] = [entry for bundle in bundles for entry in bundle["entry"]]
    whole["entry"] = list({entry["fullUrl"]: entry for entry in entries}.values())
    sys.stdout.write(json.dumps(whole, ensure_ascii=False, default=plain) + "\n")


def _as_json(answer: DecidedRecord) -> Iterator[dict[str, Any]]:
    return (one.to_json() for one in answer.otherwise) if answer.otherwise else answer.to_json(())


def _print_tables(answer: DecidedRecord, changes: Sequence[str]) -> None:
    console = terminal()
    if answer.otherwise:
        console.print(render_what_if(answer.decisions, answer.otherwise, changes))
        return
    console.print(render_decisions(answer.decisions))
    seen = (score_summary(answer.read),) if answer.read.record.scores and answer.read.origins else ()
    for head, lines in (("From FHIR", (*seen, *answer.read.notes)), ("Not understood", answer.read.not_understood)):
        for line in lines:
            console.print(f"{head}: {line}", style="dim", highlight=False, markup=False)


def _write_json(documents: Iterator[dict[str, Any]], one_policy: bool) -> None:
    """One object for one record and one policy, else a list, written as it comes."""
    indent = 1 if sys.stdout.isatty() else None
    first = next(documents, None)
    second = next(documents, None)
    if first is not None and second is None and one_policy:
        sys.stdout.write(json.dumps(first, ensure_ascii=False, indent=indent, default=plain) + "\n")
        return
    sys.stdout.write("[")
    written = (item for item in (first, second) if item is not None)
    for number, item in enumerate(_chained(written, documents)):
        sys.stdout.write((",\n" if number else "") + json.dumps(item, ensure_ascii=False, indent=indent, default=plain))
    sys.stdout.write("]\n")


def _chained(*parts: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for part in parts:
        yield from part


_COLUMNS = pa.schema(
    [
        (name, pa.string())
        for name in ("record", "policy", "as_of", "outcome", "next_step", "earliest", "criterion", "truth")
    ]
)


def _rows(answer: DecidedRecord) -> Iterator[dict[str, str | None]]:
    for decision in answer.otherwise or answer.decisions:
        for finding in decision.findings:
            yield {
                "record": decision.record,
                "policy": decision.policy.id,
                "as_of": decision.as_of.isoformat(),
                "outcome": decision.outcome.value,
                "next_step": decision.next_step.id,
                "earliest": decision.earliest.isoformat() if decision.earliest else None,
                "criterion": finding.criterion.id,
                "truth": finding.says,
            }
