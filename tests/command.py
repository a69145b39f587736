"""The command line run in the process of the tests: a new interpreter for each run costs seconds.

It is the whole command, from its words to what stands in both streams and its exit code. What only a process of its own
shows (encodings of streams, broken pipes, Ctrl-C, what is imported) is tested by processes: tests/cli/test_streams.py,
tests/cli/test_startup.py.
"""

from __future__ import annotations

import io
import json
import os
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from facetwise.cli.main import main


@dataclass(frozen=True)
class Done:
    """What a run of the command left: its exit code, and what it wrote."""

    returncode: int
    stdout: str
    stderr: str


def run(*words: str | Path, given: str = "") -> Done:
    """Runs `facetwise` with these words. given: what it finds on standard input."""
    out, err, sent = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(3))
    sent.buffer.write(given.encode())
    sent.seek(0)
    code = 0
    before = dict(os.environ)
    named = patch("sys.argv", ["facetwise", *map(str, words)])
    with redirect_stdout(out), redirect_stderr(err), patch("sys.stdin", sent), named:
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
    assert dict(os.environ) == before, "The command changed the environment of what runs after it."
    return Done(code, _text(out), _text(err))


def counted(*arguments: str | Path) -> dict[str, Any]:
    """The JSON of a count, in which every row and every spell is accounted for."""
    done = run("count", *arguments, "--format", "json")
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    told = answer["input"]
    assert told["rows"] == told["used"] + sum(item["rows"] for item in told["set_aside"])
    assert answer["counted"] + answer["not_counted"] + answer["unknown"] == told["spells"]
    return answer


def refused(code: int, *arguments: str | Path) -> str:
    """The one line with which a command refuses."""
    done = run(*arguments)
    assert done.returncode == code, (done.returncode, done.stderr)
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    return done.stderr


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    written = stream.buffer
    assert isinstance(written, io.BytesIO)
    return written.getvalue().decode()
