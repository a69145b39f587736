"""What goes to which stream: answers alone on standard output, in UTF-8 whatever the terminal; the rest on the other."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import run
from tests.spells.activity_files import HEAD, counted_rows, write


@pytest.fixture
def activity(tmp_path: Path) -> Path:
    return write(tmp_path / "a.csv", [*counted_rows(3), "4,ragged", "5,ragged"])


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
@pytest.mark.parametrize("form", ["json", "table", "csv"])
def test_names_of_any_letters_reach_any_stream(tmp_path: Path, encoding: str, form: str) -> None:
    path = write(tmp_path / "Zür\u0142ich-\u533b.csv", [row.replace("R0A", "R\u0142A") for row in counted_rows(2)])
    command = [sys.executable, "-m", "facetwise", "count", str(path), "--by", "provider", "--format", form]
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "COLUMNS": "300"}
    done = subprocess.run(command, capture_output=True, env=environment)
    assert done.returncode == 0, done.stderr
    assert "R\u0142A" in done.stdout.decode("utf-8")
    missing = subprocess.run([*command[:4], str(tmp_path / "\u0142.csv")], capture_output=True, env=environment)
    assert missing.returncode == 3 and "\u0142.csv" in missing.stderr.decode("utf-8")


def test_a_file_name_that_is_no_text_is_refused_in_words(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", counted_rows(1)).rename(tmp_path / os.fsdecode(b"a\xe9.csv"))
    done = run("count", path)
    assert (done.returncode, done.stdout) == (3, "")
    assert r"a\udce9.csv is not UTF-8 text, which files are opened by. Rename it." in done.stderr


def test_a_process_ends_with_the_exit_code_and_the_streams_that_tests_in_one_process_see(tmp_path: Path) -> None:
    """Success, wrong use, no input, and a trail that was changed or cannot be read: what tests.command stands on."""
    (tmp_path / "bad.db").write_bytes(b"no database at all")
    for code, *words in (
        (0, "policies", "show", "nice-ng59", "--format", "json"),
        (2, "count", "a.csv", "--format", "cvs"),
        (3, "count", str(tmp_path / "none.csv")),
        (5, "verify-trail", "--db", f"sqlite:///{tmp_path / 'bad.db'}"),
    ):
        command = [sys.executable, "-m", "facetwise", *map(str, words)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        here = run(*map(str, words))
        assert done.returncode == code, (words, done.stderr)
        assert (here.returncode, here.stdout, here.stderr) == (done.returncode, done.stdout, done.stderr)
        assert bool(done.stdout) == (code == 0) and "Traceback" not in done.stderr


@pytest.mark.parametrize("form", ["json", "csv", "parquet"])
def test_rows_set_aside_are_told_aloud_beside_answers_for_machines(activity: Path, form: str) -> None:
    done = subprocess.run([sys.executable, "-m", "facetwise", "count", activity, "--format", form], capture_output=True)
    assert b"2 of 5 rows were set aside and are in no count: the wrong number of fields (2)." in done.stderr
    assert b"set aside and" not in done.stdout
    told = run("diff", activity, "--definitions", "ebi-2k,any-v48", "--format", "json").stderr
    assert told == "2 of 5 rows were set aside and are in no count: the wrong number of fields (2).\n"
    assert "set aside" not in run("count", activity, "--format", "table").stderr


def test_a_table_for_machines_comes_with_the_outcome_in_words(activity: Path) -> None:
    told = run("count", activity, "--format", "csv").stderr
    assert told.splitlines()[0] == "ebi-2k on 3 spells: 3 counted, 0 not counted, 0 unknown"
    told = run("count", activity, "--format", "csv", "--definition", "any-v48", "--definition", "ebi-2k").stderr
    assert [line.split(" on ")[0] for line in told.splitlines()[:2]] == ["any-v48", "ebi-2k"]
    told = run("diff", activity, "--definitions", "ebi-2k,any-v48", "--format", "csv").stderr
    assert told.startswith("ebi-2k and any-v48: 3 counted by both, 0 by ebi-2k alone, 0 by any-v48 alone\n")
    assert run("count", write(activity, counted_rows(1)), "--format", "json").stderr == ""


def page(path: Path, tmp_path: Path) -> tuple[str, str]:
    out = tmp_path / "r.html"
    done = run("report", path, "--out", out, "--disclosure", "none")
    assert done.returncode == 0, done.stderr
    return out.read_text(encoding="utf-8"), done.stderr


def test_a_report_says_that_rows_set_aside_may_hold_more(tmp_path: Path) -> None:
    rows = [*counted_rows(3), counted_rows(1, start=4)[0].replace(",11,01,", ",,01,"), "5,ragged"]
    text, told = page(write(tmp_path / "a.csv", rows), tmp_path)
    assert "so of the spells that could be read the true count by this rule lies between 3 and 4" in text
    assert "1 row could not be read and may hold more" in text
    assert "1 of 5 rows were set aside and are in no count: the wrong number of fields (1)." in told
    clean, told = page(write(tmp_path / "a.csv", rows[:4]), tmp_path)
    assert "so the true count by this rule lies between 3 and 4" in clean and "may hold more" not in clean
    assert "set aside" not in told


def test_a_report_of_rows_that_nobody_could_read_says_so(tmp_path: Path) -> None:
    """Saved as Latin-1, every row of this file is set aside."""
    path = tmp_path / "a.csv"
    path.write_bytes("\n".join([HEAD, *(row.replace("R0A", "Caf\u00e9") for row in counted_rows(3))]).encode("latin-1"))
    text, _ = page(path, tmp_path)
    assert "Nothing could be read:" in text and "all 3 rows were set aside" in text
    assert "There is nothing to count" not in text
    empty, _ = page(write(path, []), tmp_path)
    assert "There is nothing to count:" in empty and "Nothing could be read" not in empty
