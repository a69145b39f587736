"""The Python API refuses what it is wrongly given, in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import facetwise
from facetwise.errors import UsageError
from tests.spells.activity_files import counted_rows, write


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"threads": 0}, "threads is 0. Give a whole number, 1 or more."),
        ({"threads": None}, "threads is None. Give a whole number, 1 or more."),
        ({"threads": True}, "threads is True. Give a whole number, 1 or more."),
        ({"layout": None}, "layout is None. Give the name of one, or 'auto'."),
        ({"by": None}, "by is None. Give names such as 'provider,year', or a list of them."),
        ({"by": ["year", 1]}, "by is ['year', 1]. Give names such as 'provider,year', or a list of them."),
        ({"reasons": None}, "reasons is None. Give True, False, or a path that ends in .csv or .parquet."),
        ({"definition": None}, "definition is None. Give an id such as 'ebi-2k', a Definition, or a list of them."),
        ({"definition": [None]}, "definition is [None]. Give an id such as 'ebi-2k', a Definition, or a list of them."),
        ({"definition": []}, "No definition was given. Name one, as 'ebi-2k'."),
        ({"inputs": None}, "inputs is None. Give a path, or a list of paths."),
        ({"inputs": [1]}, "inputs is [1]. Give a path, or a list of paths."),
    ],
)
def test_a_wrong_argument_is_refused_in_words(tmp_path: Path, given: dict[str, Any], words: str) -> None:
    right: dict[str, Any] = {"inputs": write(tmp_path / "a.csv", counted_rows(2))}
    with pytest.raises(UsageError) as refusal:
        facetwise.count(**{**right, **given})
    assert str(refusal.value) == words


def test_difference_and_extract_refuse_the_same(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", counted_rows(2))
    for given in ({"threads": 0}, {"layout": None}, {"reasons": None}):
        with pytest.raises(UsageError, match=next(iter(given))):
            facetwise.diff(path, "ebi-2k", "any-v48", **given)
    with pytest.raises(UsageError, match="definition is"):
        facetwise.diff(path, "ebi-2k", None)  # type: ignore[arg-type]
    for given in ({"threads": 0}, {"layout": None}):
        with pytest.raises(UsageError, match=next(iter(given))):
            facetwise.extract(path, tmp_path / "x.parquet", **given)
    with pytest.raises(UsageError, match=r"out is None\. Give a path that ends in \.parquet\."):
        facetwise.extract(path, None)  # type: ignore[arg-type]
