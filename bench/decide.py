"""Deciding: the time of one decision in a process that is up, by policy.

python -m bench.decide [--records N]
"""

from __future__ import annotations

import argparse
import time
from datetime import date
from statistics import median

from facetwise.decide.decision import decide_as_of
from facetwise.decide.record_as_of import record_as_of
from facetwise.library import POLICIES
from facetwise.record.record import Record
from tests.parity.records import records


def decisions(sample: list[tuple[str, Record, date]]) -> dict[str, list[float]]:
    """Milliseconds of each decision, by policy, of records read already; the policies share a record's view."""
    spent: dict[str, list[float]] = {name: [] for name in POLICIES}
    for name, record, as_of in sample:
        seen = record_as_of(record, as_of)
        for policy in POLICIES.values():
            start = time.perf_counter()
            decide_as_of(seen, policy, name)
            spent[policy.id].append((time.perf_counter() - start) * 1000)
    return spent


def report(n: int) -> None:
    """Measure and print."""
    sample = list(records(7, n))
    decisions(sample[:50])
    spent = decisions(sample)
    every = [one for each in spent.values() for one in each]
    print(f"\none decision in a process that is up, median of {len(every):,}: {median(every):.3f} ms (bar: under 1)")
    for name, each in sorted(spent.items(), key=lambda item: -median(item[1])):
        ordered = sorted(each)
        print(
            f"  {name:20}{median(each):8.3f} ms{ordered[len(ordered) * 99 // 100]:8.3f} at 99 %{ordered[-1]:8.3f} worst"
        )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.decide")
    parser.add_argument("--records", type=int, default=2_000)
    report(parser.parse_args().records)


if __name__ == "__main__":
    main()
