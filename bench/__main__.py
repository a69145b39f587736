"""`make bench`: speed as ratios in one run, on one file of synthetic spells, two threads, process start included.

python -m bench [--spells N] [--records N] [--rounds R]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import facetwise
from bench import decide, nation
from bench.floor import FLOORS
from facetwise.library import DEFINITIONS

DATA = Path("bench-data")
THREADS = "2"
FACETWISE = [sys.executable, "-m", "facetwise"]


def peak_and_seconds(command: list[str]) -> tuple[float, float]:
    """Wall seconds of a command, and the most memory it held, in megabytes."""
    environment = {**os.environ, "POLARS_MAX_THREADS": THREADS}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as it is for a user: modules are compiled once
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment)
    assert process.stderr
    said = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(command)} failed: {said}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def commands(file: Path) -> dict[str, list[str]]:
    """What is measured, by name."""
    count = [*FACETWISE, "count", str(file), "--threads", THREADS, "--format", "json"]
    reasons = ["--by", "provider,month", "--reasons", str(DATA / "reasons.csv")]
    every = [part for name in DEFINITIONS for part in ("--definition", name)]
    return {
        "published filter, count only": [sys.executable, "-m", "bench.published", str(file), THREADS],
        "count with groups and reasons": [*count, *reasons],
        "six definitions, with the same": [*count, *every, *reasons],
        "extract": [*FACETWISE, "extract", str(file), "--out", str(DATA / "extract.parquet"), "--threads", THREADS],
        "ebi-2k, count only": count,
        "ebi-2k on Spark": [*count, "--engine", "spark", "--conf", "spark.driver.memory=2g"],
        "semi-joins in PySpark": [sys.executable, "-m", "bench.pyspark_usual", str(file), THREADS],
        "published filter in Polars": [sys.executable, "-m", "bench.polars_filter", str(file)],
        **{f"floor: {name}": [sys.executable, "-m", "bench.floor", str(file), THREADS, name] for name in FLOORS},
    }


def made(spells: int) -> Path:
    """The file of that many synthetic spells, written once."""
    file = DATA / f"spells-{spells}.parquet"
    if not file.exists():
        DATA.mkdir(exist_ok=True)
        print(f"writing {spells:,} synthetic spells to {file}", flush=True)
        subprocess.run([*FACETWISE, "synth", "--spells", str(spells), "--seed", "7", "--out", str(file)], check=True)
    return file


def asked(question: Callable[[], object], rounds: int) -> float:
    """Median seconds of a question asked in this process."""
    question()
    spent = []
    for _ in range(rounds):
        start = time.perf_counter()
        question()
        spent.append(time.perf_counter() - start)
    return median(spent)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--spells", type=int, default=10_000_000)
    parser.add_argument("--records", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    file, quarter = made(given.spells), made(given.spells // 4)
    # First, while this process is small: what it holds counts for those that it starts.
    nation.report(
        {n: made(n) for n in (given.spells // 16, given.spells // 4, given.spells)}, DATA, THREADS, 1, peak_and_seconds
    )
    measured = commands(file)
    spent: dict[str, list[tuple[float, float]]] = {name: [] for name in measured}
    for _ in range(given.rounds):  # in turns, so that a noisy minute falls on all alike
        for name, command in measured.items():
            spent[name].append(peak_and_seconds(command))
    seconds = {name: median(second for second, _ in runs) for name, runs in spent.items()}
    base = seconds["published filter, count only"]
    print(
        f"\n{given.spells:,} spells, {file.stat().st_size / 1e6:,.0f} MB Parquet (zstd), {THREADS} threads, median of {given.rounds}\n"
    )
    print(f"{'':34}{'seconds':>9}{'published / this':>18}{'peak MB':>9}")
    for name, runs in spent.items():
        print(f"{name:34}{seconds[name]:9.2f}{base / seconds[name]:18.2f}{max(peak for _, peak in runs):9.0f}")
    whole = seconds["ebi-2k, count only"]
    spark, polars = seconds["semi-joins in PySpark"] / whole, seconds["published filter in Polars"] / whole
    print(
        f"\nebi-2k is {spark:.1f} times as fast as semi-joins in PySpark (bar: 5), {polars:.2f} times as fast as Polars"
    )
    one, six = seconds["count with groups and reasons"], seconds["six definitions, with the same"]
    print(f"\nsix definitions cost {six / one:.2f} times one (bar: under 1.5)")
    quarter_seconds = median(
        peak_and_seconds(commands(quarter)["count with groups and reasons"])[0] for _ in range(given.rounds)
    )
    print(f"four times the rows cost {one / quarter_seconds:.2f} times the seconds (bar: 4)")
    extract = str(DATA / "extract.parquet")
    questions: dict[str, Callable[[str], object]] = {
        "count": lambda source: facetwise.count(source),
        "count by provider and month": lambda source: facetwise.count(source, by="provider,month"),
        "count by year, with reasons": lambda source: facetwise.count(source, by="year", reasons=True),
        "diff with nhp-sql-2024": lambda source: facetwise.diff(source, "ebi-2k", "nhp-sql-2024"),
    }
    print("\nasked in a process that is up, of the file and of the extract (bar: 50)")
    for name, question in questions.items():
        whole = asked(lambda question=question: question(str(file)), 1)  # type: ignore[misc]
        part = asked(lambda question=question: question(extract), 9)  # type: ignore[misc]
        print(f"{name:34}{whole:9.2f} s{part * 1000:9.1f} ms{whole / part:9.0f} times")
    decide.report(given.records)


if __name__ == "__main__":
    main()
