"""CSV as people write it: blanks in the header, line breaks inside values, old line ends, marks that never close."""

from __future__ import annotations

from pathlib import Path

import pytest

import facetwise
from facetwise.errors import InputError
from facetwise.spells.reading import raw_files
from tests.command import counted
from tests.spells.activity_files import HEAD, counted_rows, write


@pytest.mark.parametrize(
    "head", [HEAD.replace(",", ", "), HEAD.replace(",", " ,\t"), ", ".join(f'"{name}"' for name in HEAD.split(","))]
)
def test_blanks_around_the_names_of_a_header_do_not_matter(tmp_path: Path, head: str) -> None:
    assert counted(write(tmp_path / "a.csv", counted_rows(3), head))["counted"] == 3


def noted(key: int, note: str) -> str:
    return f'{counted_rows(1, start=key)[0]},"{note}"'


def test_line_breaks_inside_a_value_that_nobody_needs_are_read(tmp_path: Path) -> None:
    """Over 4 MB, so that values straddle the blocks a file is read in."""
    rows = [noted(key, f'first line {key}\nsecond ""line""\r\n\nthird') for key in range(1, 60_001)]
    path = write(tmp_path / "a.csv", rows, HEAD + ",Note")
    assert path.stat().st_size > 1.5 * raw_files.BLOCK
    answer = counted(path)
    assert (answer["counted"], answer["input"]["rows"]) == (60_000, 60_000)


@pytest.mark.parametrize("place", [2, 30_000])
def test_a_value_longer_than_a_block_is_read(tmp_path: Path, place: int) -> None:
    """Rows before it, a ragged one among them, are read once."""
    rows = [noted(key, "x") for key in range(1, 30_002)]
    rows[place - 1] = noted(place, "many lines\n" * 500_000)
    rows[0] = "1,ragged"
    answer = counted(write(tmp_path / "a.csv", rows, HEAD + ",Note"))
    assert (answer["counted"], answer["input"]["rows"]) == (30_000, 30_001)


@pytest.mark.parametrize("rows_after", [3, 70_000])
@pytest.mark.parametrize("rows_before", [1, 70_000])
def test_a_mark_that_is_never_closed_costs_the_rows_after_it_wherever_it_stands(
    tmp_path: Path, rows_before: int, rows_after: int
) -> None:
    bare = [row.replace('"', "").replace("V485,Z675", "V485").replace("M545 ,E119", "M545") for row in counted_rows(1)]
    many = [bare[0].replace("1,9001", f"{key},9001", 1) for key in range(1, rows_before + rows_after + 2)]
    many[rows_before] = many[rows_before].replace("||V485", '"||V485')
    path = write(tmp_path / "a.csv", many)
    answer = counted(path)
    assert (answer["input"]["rows"], answer["input"]["used"]) == (rows_before + rows_after + 1, rows_before)


def test_a_value_beyond_any_length_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_files, "LONGEST", raw_files.BLOCK)
    path = write(tmp_path / "a.csv", [*counted_rows(2), noted(3, "x\n" * raw_files.BLOCK)])
    with pytest.raises(InputError, match=r"a\.csv cannot be read past row 2: .* Is a mark never closed\?"):
        facetwise.count(path)


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
@pytest.mark.parametrize("last", ["", "\r"])
def test_line_ends_of_every_kind_are_read(tmp_path: Path, end: str, last: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes((end.join([HEAD, *counted_rows(3), "4,ragged"]) + (last and end)).encode())
    answer = counted(path)
    assert (answer["counted"], answer["input"]["rows"]) == (3, 4)
