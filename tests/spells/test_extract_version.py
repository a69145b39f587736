"""An extract of an earlier version is refused: what it holds was read by other rules."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import facetwise
from facetwise.errors import InputError
from facetwise.spells.reading.raw_files import EXTRACT_KEY
from tests.spells.activity_files import counted_rows, write


def test_an_extract_of_an_earlier_version_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "x.parquet"
    facetwise.extract(write(tmp_path / "a.csv", counted_rows(3)), out)
    held, told = pq.read_table(out), dict(pq.ParquetFile(out).metadata.metadata)
    contents = {**json.loads(told[EXTRACT_KEY]), "schema": "facetwise.extract/2"}
    with pq.ParquetWriter(out, held.schema.remove_metadata()) as writer:
        writer.write_table(held)
        writer.add_key_value_metadata({EXTRACT_KEY.decode(): json.dumps(contents)})
    with pytest.raises(
        InputError, match=r"is a facetwise\.extract/2; this version reads facetwise\.extract/4\. Extract again"
    ):
        facetwise.count(out)
