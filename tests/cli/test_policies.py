"""What `policies` tells, in each format."""

from __future__ import annotations

import io
import json
from typing import Any

import pyarrow.csv as pa_csv
import pytest

from facetwise.guidance.sources import SOURCES
from tests.command import run


def told(*arguments: str) -> Any:
    return json.loads(run("policies", *arguments, "--format", "json").stdout)


def test_sources_are_told_as_sources() -> None:
    found = told("sources")
    assert [source["id"] for source in found][: len(SOURCES)] == [source.id for source in SOURCES]
    assert set(found[0]) == {"id", "title", "publisher", "version", "url", "read"}
    table = run("policies", "sources", "--format", "csv").stdout
    assert table.splitlines()[0] == '"id","title","publisher","version","url","read"'
    assert len(pa_csv.read_csv(io.BytesIO(table.encode())).to_pylist()) == len(found)


@pytest.mark.parametrize(
    ("name", "published"), [("ebi-2k", "2023-12-01"), ("nhp-sql-2024", "2024"), ("nhp-data-2026", "2026")]
)
def test_a_publication_of_which_the_year_alone_is_known_has_no_day(name: str, published: str) -> None:
    assert told("show", name)["published"] == published
    assert f"Published {published}." in run("policies", "show", name, "--format", "table").stdout
    assert f"published {published}," in run("sql", "--definition", name).stdout
