"""The command that shows what Facetwise does, on data that it makes itself."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from facetwise.cli.terminal import counts
from facetwise.cli.terminal.decision import render_decisions
from facetwise.count.count import count_all
from facetwise.count.query import CountQuery
from facetwise.count.results import CountResult
from facetwise.decide.decision import Decision, decide
from facetwise.errors import UsageError
from facetwise.guidance.example_patient import AS_OF, example_patient
from facetwise.library import DEFAULT, POLICIES
from facetwise.pages.decision_page import write_page
from facetwise.record.files import ReadRecord
from facetwise.record.parse import record_of
from facetwise.record.what_if import what_if
from facetwise.report.html import write_report
from facetwise.spells.dimensions import dimensions_named
from facetwise.spells.synthetic.synth import write_synthetic

_SPELLS, _SEED = 20_000, 2


def demo(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write into.")] = Path(
        "facetwise-demo"
    ),
) -> None:
    """Make synthetic hospital activity and patients, and show what Facetwise does with them.

    It needs no data: it makes the activity and the patients, counts and decides, writes both as pages, and ends.
    """
    made = make_demo(out)
    console = counts.terminal()
    console.print(counts.render_count(made.result))
    sys.stdout.write("\n")
    console.print(render_decisions(made.decisions))
    sys.stdout.write(
        f"\nActivity: {made.activity}\nReport:   {made.report}\nPatients: {made.patients}\nDecision: {made.page}\n"
    )


@dataclass(frozen=True)
class Demo:
    """What the demonstration made."""

    activity: Path
    report: Path
    result: CountResult
    patients: Path
    page: Path
    decisions: tuple[Decision, ...]


def make_demo(folder: Path) -> Demo:
    """Synthetic activity, its count and its report in a folder."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file, and demo writes into a folder. Name another.")
    folder.mkdir(parents=True, exist_ok=True)
    activity, page = folder / "activity.csv", folder / "report.html"
    write_synthetic(_SPELLS, _SEED, activity, folder / "truth.csv")
    question = CountQuery((activity,), (DEFAULT,), dimensions=dimensions_named(("year",)))
    result = count_all(question, reasons=folder / "reasons.csv").results[0]
    write_report((activity,), page)
    patients, decision_page = folder / "patients.ndjson", folder / "decision.html"
    documents = _patients()
    patients.write_text("".join(json.dumps(document) + "\n" for document in documents), encoding="utf-8")
    read = ReadRecord("one-block", record_of(documents[1], "one-block"), documents[1])
    decisions = tuple(decide(read.record, policy, AS_OF) for policy in POLICIES.values())
    write_page(decisions, read, decision_page)
    return Demo(activity, page, result, patients, decision_page, decisions)


def _patients() -> list[dict[str, Any]]:
    """Made-up patients: two good blocks; one block of 55 % after five months; a pacemaker; nothing known."""
    one_block = (
        "pain.since=2026-06-20",
        "care[0].from=2026-06-25",
        "care[0].to=2026-10-02",
        'scores=[{"date": "2026-10-20", "scale": "NRS", "value": 6, "context": "usual"}]',
        'blocks=[{"date": "2026-10-06", "kind": "medial-branch-block", "region": "lumbar", "levels": ["L4/5"], '
        '"sides": ["left"], "steroid": false, "stated_relief_percent": 55, "positive": true}]',
    )
    told: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("two-blocks", ()),
        ("one-block", one_block),
        ("pacemaker", ("pacemaker=true",)),
    )
    made = [{**what_if(example_patient(), changes, AS_OF), "id": name} for name, changes in told]
    return [*made, {"schema": "facetwise.record/1", "id": "nothing-known"}]
