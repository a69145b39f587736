"""Counted with reasons, audited by every policy, reported: seconds and memory against rows, on a plot of logarithms."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median

import altair as alt
import vl_convert

Measure = Callable[[list[str]], tuple[float, float]]
_PICTURE = Path("time-against-rows.svg")


def commands(file: Path, folder: Path, threads: str) -> dict[str, list[str]]:
    """What is measured, by name."""
    facetwise = [sys.executable, "-m", "facetwise"]
    with_threads = ["--threads", threads]
    reasons = ["--reasons", str(folder / "reasons.csv"), "--format", "json"]
    return {
        "count, with reasons": [*facetwise, "count", str(file), *with_threads, *reasons],
        "audit by one policy": [*facetwise, "audit", str(file), "--policy", "hny-2025", *with_threads, *reasons],
        "audit by sixteen": [*facetwise, "audit", str(file), "--policy", "all", *with_threads, *reasons],
        "report": [*facetwise, "report", str(file), "--out", str(folder / "report.html"), *with_threads],
    }


def report(files: dict[int, Path], folder: Path, threads: str, rounds: int, measure: Measure) -> None:
    """Print seconds, what four times the rows cost, and peak memory; draw them. files: by their number of spells."""
    found: dict[tuple[str, int], tuple[float, float]] = {}
    for spells, file in sorted(files.items()):
        for name, command in commands(file, folder, threads).items():
            runs = [measure(command) for _ in range(rounds)]
            found[name, spells] = median(second for second, _ in runs), max(peak for _, peak in runs)
    sizes = sorted(files)
    print(f"\nagainst rows, {threads} threads, median of {rounds}: seconds (peak MB)")
    print(f"{'':22}" + "".join(f"{spells:>22,}" for spells in sizes))
    for name in dict.fromkeys(name for name, _ in found):
        cells = (f"{found[name, n][0]:.1f} ({found[name, n][1]:.0f})" for n in sizes)
        print(f"{name:22}" + "".join(f"{cell:>22}" for cell in cells))
    worst = max(peak for _, peak in found.values())
    one, every = (found[name, sizes[-1]][0] for name in ("audit by one policy", "audit by sixteen"))
    print(f"peak memory {worst:.0f} MB (bar: 2,000); sixteen policies cost {every / one:.2f} times one")
    (folder / _PICTURE).write_text(_drawn(found), encoding="utf-8")
    print(f"drawn in {folder / _PICTURE}")


def _drawn(found: dict[tuple[str, int], tuple[float, float]]) -> str:
    values = [{"what": name, "spells": n, "seconds": seconds} for (name, n), (seconds, _) in found.items()]
    x = alt.X("spells:Q", title="spells", scale=alt.Scale(type="log"), axis=alt.Axis(format="~s"))
    y = alt.Y("seconds:Q", title="seconds", scale=alt.Scale(type="log"))
    data = alt.Data(values=values)  # type: ignore[no-untyped-call]
    chart = alt.Chart(data).mark_line(point=True).encode(x=x, y=y, color=alt.Color("what:N", title=None))
    svg: str = vl_convert.vegalite_to_svg(
        chart.properties(width=420, height=280).configure(font="sans-serif").to_json()
    )
    return svg
