"""What is written never costs what is read: no output over an input, or over another output; nothing half-written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import facetwise
from facetwise.errors import InputError, UsageError
from tests.command import refused, run
from tests.spells.activity_files import counted_rows, write


@pytest.fixture
def activity(tmp_path: Path) -> Path:
    return write(tmp_path / "a.csv", counted_rows(3))


@pytest.mark.parametrize(
    "arguments",
    [
        ("count", "a.csv", "--reasons", "a.csv"),
        ("count", "a.csv", "--rejects", "a.csv"),
        ("count", "a.csv", "--reasons", "soft.csv"),
        ("count", "a.csv", "--reasons", "hard.csv"),
        ("count", ".", "--rejects", "sub/../a.csv"),
        ("diff", "a.csv", "--definitions", "ebi-2k,any-v48", "--reasons", "a.csv"),
        ("report", "a.csv", "--out", "page.html"),
        ("extract", "a.csv", "--out", "x.parquet", "--rejects", "a.csv"),
    ],
)
def test_an_output_that_is_an_input_is_refused_and_left_alone(
    activity: Path, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By any name: as given, through a folder, a soft or a hard link."""
    monkeypatch.chdir(activity.parent)
    Path("sub").mkdir()
    before = activity.read_bytes()
    if "." not in arguments:
        Path("soft.csv").symlink_to("a.csv")
        os.link("a.csv", "hard.csv")
        os.link("a.csv", "page.html")
    message = refused(2, *arguments)
    assert f"UsageError: {arguments[-2]} {arguments[-1]} is one of the inputs" in message
    assert "Name another file." in message
    assert activity.read_bytes() == before and not Path("x.parquet").exists()


@pytest.mark.parametrize("other", ["s.csv", "./s.csv", "link.csv"])
def test_one_file_for_two_outputs_is_refused(activity: Path, other: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(activity.parent)
    Path("link.csv").symlink_to("s.csv")
    message = refused(2, "count", "a.csv", "--reasons", "s.csv", "--rejects", other)
    assert f"--rejects {other.removeprefix('./')} is the file of --reasons too" in message
    assert not Path("s.csv").exists()


def test_the_python_api_refuses_the_same(activity: Path, tmp_path: Path) -> None:
    before = activity.read_bytes()
    with pytest.raises(UsageError, match="is one of the inputs"):
        facetwise.count(activity, reasons=activity)
    with pytest.raises(UsageError, match="is one of the inputs"):
        facetwise.diff(activity, "ebi-2k", "any-v48", reasons=str(activity))
    assert activity.read_bytes() == before


def test_a_refused_count_leaves_earlier_outputs_as_they_were(activity: Path, tmp_path: Path) -> None:
    """No such input, or keys that repeat: what was written before is not emptied, and nothing half-written stays."""
    earlier = tmp_path / "pre.csv"
    earlier.write_text("kept\n", encoding="utf-8")
    twice = write(tmp_path / "twice.csv", [*counted_rows(3), "4,ragged", *counted_rows(1)])
    for option in ("--reasons", "--rejects"):
        refused(3, "count", tmp_path / "none.csv", option, earlier)
        refused(3, "count", twice, option, earlier)
    assert earlier.read_text(encoding="utf-8") == "kept\n"
    with pytest.raises(InputError, match="not unique"):
        facetwise.count(twice, reasons=tmp_path / "new.csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "pre.csv", "twice.csv"]


def test_an_output_through_a_link_is_written_where_it_points(activity: Path, tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to("target.csv")
    assert run("count", activity, "--reasons", tmp_path / "link.csv").returncode == 0
    assert (tmp_path / "link.csv").is_symlink() and (tmp_path / "target.csv").read_text(encoding="utf-8")
