"""The command that shows what Facetwise does, on data that it makes itself."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import Annotated, Any

import typer
from rich.text import Text

from facetwise.cli.messages import note
from facetwise.cli.terminal.counts import render_first_rows, table, terminal
from facetwise.count.count import count_all
from facetwise.count.query import CountQuery
from facetwise.count.results import CountResult
from facetwise.decide.decision import Decision, decide
from facetwise.decide.summary import OUTCOMES
from facetwise.errors import UsageError
from facetwise.guidance.example_patient import AS_OF, example_patient
from facetwise.library import DEFAULT, POLICIES
from facetwise.pages.decision_page import write_page
from facetwise.record.files import ReadRecord
from facetwise.record.parse import record_of
from facetwise.record.what_if import what_if
from facetwise.report.html import write_report
from facetwise.report.run_chart_picture import run_chart_svg
from facetwise.spells.dimensions import dimensions_named
from facetwise.spells.synthetic.synth import write_synthetic
from facetwise.variation.monthly_run_chart import charted

# Twelve hospitals of one region with three years of work: enough that little of the report is hidden for small numbers.
_SPELLS, _DENERVATIONS, _PROVIDERS, _SEED = 40_000, 8_000, 12, 2


@dataclass(frozen=True)
class Demo:
    """What the demonstration made: files of a folder, and the answers that they hold."""

    folder: Path
    counted: CountResult
    decisions: tuple[Decision, ...]


def demo(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write into.")] = Path(
        "facetwise-demo"
    ),
) -> None:
    """Make synthetic hospital activity and patients, and show what Facetwise does with them.

    It needs no data: it makes the activity and the patients, counts and decides, writes both as pages, and ends.
    """
    made = make_demo(out)
    _print_count(made.counted)
    _print_decisions(made.decisions)
    sys.stdout.write(_closing(out))


def make_demo(folder: Path) -> Demo:
    """Writes activity, its count, report and run chart, and patients with a decision, into a folder."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file, and demo writes into a folder. Name another.")
    folder.mkdir(parents=True, exist_ok=True)
    activity = folder / "activity.csv"
    note(f"Making {_SPELLS:,} hospital spells, of which {_DENERVATIONS:,} are denervations, at {_PROVIDERS} hospitals.")
    write_synthetic(_SPELLS, _SEED, activity, folder / "truth.csv", denervations=_DENERVATIONS, providers=_PROVIDERS)
    question = CountQuery((activity,), (DEFAULT,), dimensions=dimensions_named(("year",)))
    result = count_all(question, reasons=folder / "reasons.csv").results[0]
    note("Writing the commissioner's report.")
    write_report((activity,), folder / "report.html")
    run_chart = run_chart_svg(charted((activity,), DEFAULT))
    (folder / "run-chart.svg").write_text(run_chart, encoding="utf-8")
    documents = _patients()
    lines = "".join(json.dumps(document) + "\n" for document in documents)
    (folder / "patients.ndjson").write_text(lines, encoding="utf-8")
    read = ReadRecord("one-block", record_of(documents[1], "one-block"), documents[1])
    decisions = tuple(decide(read.record, policy, AS_OF) for policy in POLICIES.values())
    write_page(decisions, read, folder / "decision.html")
    return Demo(folder, result, decisions)


def _print_count(result: CountResult) -> None:
    """The headline, the flow, and the first near misses."""
    flow = [(s.criterion, f"{s.met:,}", f"{s.not_met:,}", f"{s.unknown:,}") for s in result.flow]
    misses = [(", ".join(m.failed) or "-", ", ".join(m.unknown) or "-", f"{m.spells:,}") for m in result.near_misses]
    headline = f"{result.counted:,} counted   {result.not_counted:,} not counted   {result.unknown:,} unknown"
    console = terminal()
    console.print(
        Text(f"Hospital activity: {result.definition.title}", style="bold"),
        Text(headline, style="bold"),
        Text(""),
        table("Spells left after each criterion", ("criterion", "met", "not met", "unknown"), flow, (1, 2, 3)),
        Text(""),
        *render_first_rows("Denervations that just missed", ("failed", "unknown", "spells"), misses[:5], (2,)),
        sep="\n",
    )


def _print_decisions(decisions: tuple[Decision, ...]) -> None:
    """What each policy answers about one patient, and what comes next."""
    rows = [(decision.policy.id, OUTCOMES[decision.outcome], decision.next_step.says) for decision in decisions]
    terminal().print(
        Text(""),
        Text(f"One patient, one block of 55 % relief: what {len(rows)} policies say", style="bold"),
        table("", ("policy", "outcome", "next"), rows),
        sep="\n",
    )


def _closing(folder: Path) -> str:
    """Where everything is, and three things to try next."""
    command = "facetwise" if which("facetwise") else sys.argv[0]
    activity, patients = folder / "activity.csv", folder / "patients.ndjson"
    pages = (
        (folder / "report.html", "the commissioner's report, with its funnel plot"),
        (folder / "run-chart.svg", "the counted spells by month"),
        (folder / "decision.html", "one patient against every policy, with sources"),
    )
    width = max(len(str(path)) for path, _ in pages)
    return "\n".join(
        (
            "",
            "Open in a browser",
            *(f"  {path!s:{width}}  {what}" for path, what in pages),
            "",
            "Try next",
            f"  {command} policies show {DEFAULT.id}",
            f"  {command} diff {activity} --definitions {DEFAULT.id},nhp-data-2026",
            f"  {command} decide {patients} --policy nice-ng59",
            "",
        )
    )


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
    patients: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("two-blocks", ()),
        ("one-block", one_block),
        ("pacemaker", ("pacemaker=true",)),
    )
    made = [{**what_if(example_patient(), changes, AS_OF), "id": name} for name, changes in patients]
    return [*made, {"schema": "facetwise.record/1", "id": "nothing-known"}]
