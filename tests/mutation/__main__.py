"""Runs seeded mutants against the tests of their rooms, two at a time, and says which lived.

python -m tests.mutation [--each N] [--seed S] [--room ROOM]... [--state FILE]

A run that is broken off goes on where it was: what was found of a mutant stands in the state file. Those that
equivalent.toml lists, with the reason why no test could notice them, are not counted as survivors.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from queue import Queue
from random import Random

from tests.mutation.mutants import Mutant, mutants_of

# The tests of each room, the quickest first: a mutant is killed by the first that fails.
ROOMS = {
    "language": ("tests/language", "tests/spec", "tests/habits/test_library.py", "tests/policies", "tests/compile"),
    "decide": ("tests/spec", "tests/policies", "tests/cli/test_decide_command.py", "tests/clinic", "tests/record"),
    "compile": ("tests/spec", "tests/compile", "tests/parity", "tests/audit", "tests/count"),
    "count": ("tests/count", "tests/cli"),
    "disclosure": ("tests/disclosure", "tests/cli/test_disclosure_command.py", "tests/report"),
}
_LEFT_OUT = ("--ignore-glob=*spark*", "--deselect=tests/parity/test_scripts.py", "-m", "not long")
_SECONDS = 300
_WORKERS = 2
_EQUIVALENT = Path(__file__).with_name("equivalent.toml")


def chosen(room: str, each: int, seed: int) -> list[Mutant]:
    """The mutants of a room that a seed draws; the same from one run to the next."""
    files = sorted(path for path in Path("facetwise", room).rglob("*.py") if "spark" not in path.parts)
    every = [mutant for path in files for mutant in mutants_of(path)]
    return sorted(Random(f"{seed} {room}").sample(every, min(each, len(every))))


def verdict(mutant: Mutant, room: str, folder: Path) -> str:
    """killed, survived or timed-out, in a copy of the checkout."""
    at = folder / mutant.path
    source = at.read_bytes()
    at.write_bytes(mutant.apply(source))
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *_LEFT_OUT, *ROOMS[room]]
    try:
        ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return "timed-out"
    finally:
        at.write_bytes(source)
    return "survived" if ended.returncode == 0 else "killed"


def key(mutant: Mutant) -> str:
    """What the state knows a mutant by: a file that was changed since begins anew."""
    return f"{sha256(Path(mutant.path).read_bytes()).hexdigest()[:8]} {mutant.id}"


def copied(folder: Path) -> Path:
    """A copy of the checkout that a mutant may be written into."""
    for name in ("facetwise", "tests", "docs", "bench"):
        shutil.copytree(name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in Path().iterdir():
        if path.is_file():
            shutil.copy(path, folder / path.name)
    return folder


def equivalent() -> set[str]:
    """The ids of the mutants that no test can notice."""
    listed = tomllib.loads(_EQUIVALENT.read_text(encoding="utf-8")) if _EQUIVALENT.exists() else {}
    return {f"{row['path']}: {row['before']} -> {row['after']}" for row in listed.get("mutant", [])}


def is_equivalent(mutant: Mutant, listed: set[str]) -> bool:
    return f"{mutant.path}: {mutant.before} -> {mutant.after}" in listed


def main() -> None:
    """Run what is not known yet; print each survivor, and the share that was killed."""
    parser = argparse.ArgumentParser(description="Seeded mutants against the tests of their rooms.")
    parser.add_argument("--each", type=int, default=40, help="mutants a room (default 40)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--room", action="append", choices=ROOMS, default=None)
    parser.add_argument("--state", type=Path, default=Path("mutation.json"))
    given = parser.parse_args()
    state: dict[str, str] = json.loads(given.state.read_text(encoding="utf-8")) if given.state.exists() else {}
    work = [(room, mutant) for room in given.room or ROOMS for mutant in chosen(room, given.each, given.seed)]
    with tempfile.TemporaryDirectory(prefix="facetwise-mutants-") as scratch:
        run_all([item for item in work if key(item[1]) not in state], state, given.state, Path(scratch))
    listed = equivalent()
    counted = [mutant for _, mutant in work if not is_equivalent(mutant, listed)]
    lived = [mutant for mutant in counted if state[key(mutant)] == "survived"]
    for mutant in lived:
        print(f"survived {mutant.id}")
    killed = len(counted) - len(lived)
    print(f"{killed} of {len(counted)} mutants killed ({100 * killed / max(1, len(counted)):.1f} %)", end="")
    print(f", {len(work) - len(counted)} more listed as equivalent")
    sys.exit(killed < 0.95 * len(counted))


def run_all(work: list[tuple[str, Mutant]], state: dict[str, str], file: Path, scratch: Path) -> None:
    """Find out about each mutant, and write the state after each."""
    folders: Queue[Path] = Queue()
    for number in range(_WORKERS):
        folders.put(copied(scratch / str(number)))
    lock = threading.Lock()

    def one(item: tuple[str, Mutant]) -> None:
        room, mutant = item
        folder = folders.get()
        start = time.monotonic()
        found = verdict(mutant, room, folder)
        folders.put(folder)
        with lock:
            state[key(mutant)] = found
            file.write_text(json.dumps(state, indent=1), encoding="utf-8")
            print(f"{len(state):4} {found:9} {time.monotonic() - start:5.0f} s  {mutant.id}", file=sys.stderr)

    with ThreadPoolExecutor(_WORKERS) as pool:
        list(pool.map(one, work))


if __name__ == "__main__":
    main()
