"""Wrong use: one message that says what was given, why it is refused and what to do, and exit code 2 (or 3 for files)."""

from __future__ import annotations

from pathlib import Path

import pytest

import facetwise
from tests.command import refused, run
from tests.spells.activity_files import counted_rows, write
from tests.spells.test_layouts import HES


@pytest.fixture
def activity(tmp_path: Path) -> Path:
    return write(tmp_path / "a.csv", counted_rows(3))


@pytest.fixture
def extract(activity: Path, tmp_path: Path) -> Path:
    out = tmp_path / "extract.parquet"
    facetwise.extract(activity, out)
    return out


def test_an_unknown_format_suggests_the_nearest(activity: Path) -> None:
    for command in (("count", activity), ("diff", activity, "--definitions", "ebi-2k,any-v48"), ("policies",)):
        assert "There is no format 'jsn'. Did you mean 'json'?" in refused(2, *command, "--format", "jsn")


@pytest.mark.parametrize("names", [("x.xlsx",), ("x.csv", "t.json")])
def test_an_ending_that_synth_cannot_write_is_wrong_use(tmp_path: Path, names: tuple[str, ...]) -> None:
    out, *truth = (tmp_path / name for name in names)
    message = refused(2, "synth", "--spells", "10", "--out", out, *(part for t in truth for part in ("--truth", t)))
    assert f"UsageError: {truth[0] if truth else out} does not say by its ending how to write it." in message


@pytest.mark.parametrize("name", ["r.pdf", "r", "r.csv"])
def test_a_report_is_a_page(activity: Path, tmp_path: Path, name: str) -> None:
    message = refused(2, "report", activity, "--out", tmp_path / name)
    assert "A report is an HTML page" in message and not (tmp_path / name).exists()


def test_all_spells_without_reasons_is_wrong_use(activity: Path) -> None:
    message = refused(2, "count", activity, "--all-spells")
    assert (
        message
        == "UsageError: --all-spells says which rows --reasons writes, and no --reasons FILE is given. Add it.\n"
    )


def test_rejects_of_an_extract_are_refused(extract: Path, tmp_path: Path) -> None:
    message = refused(2, "count", extract, "--rejects", tmp_path / "r.csv")
    assert message == (
        f"UsageError: {extract} is an extract: the rows set aside were written when it was made, if they were asked for, "
        "and are not in it. Ask the whole activity.\n"
    )
    assert not (tmp_path / "r.csv").exists()


def test_an_extract_of_another_layout_than_asked_is_refused(extract: Path) -> None:
    message = refused(2, "count", extract, "--layout", "hes-apc")
    assert f"{extract} is an extract of sus-apcs, and hes-apc was asked for. Leave --layout out." in message
    assert run("count", extract, "--layout", "sus-apcs").returncode == 0


def test_demo_into_a_file_is_refused(activity: Path) -> None:
    before = activity.read_bytes()
    assert f"{activity} is a file, and demo writes into a folder. Name another." in refused(
        2, "demo", "--out", activity
    )
    assert activity.read_bytes() == before


def test_pipes_and_devices_are_said_to_be_no_files() -> None:
    for given in ("/dev/null", "/dev/stdin"):
        assert f"{given} is not a file, and is read more than once. Write it to a file first." in refused(
            3, "count", given
        )


def test_noise_is_never_printed(tmp_path: Path) -> None:
    path = tmp_path / "noise.csv"
    path.write_bytes(b"\x1b[31mred\x07,\x7f\xc2\x9b," + b"x" * 300 + b"\n1,2,3\n")
    message = refused(3, "count", path)
    assert message.rstrip("\n").isprintable() and len(message) < 400
    assert "is of no layout" in message or "are of no layout" in message


def test_the_layout_named_for_a_file_is_believed(tmp_path: Path) -> None:
    path = write(tmp_path / "hes.csv", ["1" + "," * HES.count(",")], HES)
    assert "no column for" in refused(3, "count", path, "--layout", "sus-apcs")
