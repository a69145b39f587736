"""One file of synthetic spells, with the answers that it was made with, for all the tests of answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq
import pytest

from facetwise.spells.synthetic.synth import SynthSummary, write_synthetic


class Made(NamedTuple):
    activity: Path
    truth: dict[str, dict[str, Any]]
    summary: SynthSummary


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("synthetic")
    activity, truth = folder / "activity.parquet", folder / "truth.parquet"
    summary = write_synthetic(30_000, 11, activity, truth)
    return Made(activity, {str(row["spell_id"]): row for row in pq.read_table(truth).to_pylist()}, summary)
