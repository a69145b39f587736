"""The demonstration: the main job with nothing to prepare."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from facetwise.errors import UsageError
from facetwise.guidance.library import DEFAULT
from facetwise.measure.ask import Question
from facetwise.measure.count import count_all
from facetwise.measure.result import CountResult
from facetwise.serve.report import write_report
from facetwise.spells.groups import dimensions_named
from facetwise.spells.synth import write_synthetic

_SPELLS, _SEED = 20_000, 2


@dataclass(frozen=True)
class Demo:
    """What the demonstration made."""

    activity: Path
    report: Path
    result: CountResult


def make_demo(folder: Path) -> Demo:
    """Synthetic activity, its count and its report in a folder."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file, and demo writes into a folder. Name another.")
    folder.mkdir(parents=True, exist_ok=True)
    activity, page = folder / "activity.csv", folder / "report.html"
    write_synthetic(_SPELLS, _SEED, activity, folder / "truth.csv")
    question = Question((activity,), (DEFAULT,), dimensions=dimensions_named(("year",)))
    result = count_all(question, reasons=folder / "reasons.csv").results[0]
    write_report((activity,), page)
    return Demo(activity, page, result)
