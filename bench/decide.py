"""Deciding: one decision in a process that is up, and many records in SQL against one by one.

python -m bench.decide [--records N] [--rounds R]
"""

from __future__ import annotations

import argparse
import time
from datetime import date
from statistics import median

from facetwise.compile.patients.batch import judge_records
from facetwise.decide.decision import decide
from facetwise.library import POLICIES
from facetwise.record.record import Record
from tests.parity.records import records

ALL = tuple(POLICIES.values())
SAMPLE, DIFFERENT = 2_000, 20_000


def decisions(sample: list[tuple[str, Record, date]]) -> dict[str, list[float]]:
    """Milliseconds of each decision, by policy, of records read already."""
    spent: dict[str, list[float]] = {policy.id: [] for policy in ALL}
    for name, record, as_of in sample:
        for policy in ALL:
            start = time.perf_counter()
            decide(record, policy, as_of, name)
            spent[policy.id].append((time.perf_counter() - start) * 1000)
    return spent


def report(n: int, rounds: int) -> None:
    """Measure and print."""
    different = list(records(7, min(n, DIFFERENT)))
    many = [different[place % len(different)] for place in range(n)]
    sample = different[:SAMPLE]
    decisions(sample[:50])
    spent = decisions(sample)
    every = [one for each in spent.values() for one in each]
    print(f"\none decision in a process that is up, median of {len(every):,}: {median(every):.2f} ms (bar: under 1)")
    for name, each in sorted(spent.items(), key=lambda item: -median(item[1])):
        ordered = sorted(each)
        print(
            f"  {name:20}{median(each):8.2f} ms{ordered[len(ordered) * 99 // 100]:8.2f} at 99 %{ordered[-1]:8.2f} worst"
        )
    judge_records(sample, ALL)
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        judge_records(many, ALL)
        taken.append(time.perf_counter() - start)
    one_by_one = sum(every) / 1000 * n / len(sample)
    print(f"\n{n:,} records ({len(different):,} different) against {len(ALL)} policies, median of {rounds}")
    print(f"  in SQL, tables made from records included  {median(taken):9.2f} s")
    print(f"  one by one, scaled from {len(sample):,} of them       {one_by_one:9.2f} s")
    print(f"  ratio {one_by_one / median(taken):.0f} (bar: 20)")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.decide")
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    report(given.records, given.rounds)


if __name__ == "__main__":
    main()
