"""Truths of many records, frozen when two independent evaluators gave the same: one letter a record.

python -m tests.decide.frozen_truths writes them anew, for a new policy or test. A line that changes is a changed meaning.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from facetwise.decide.decision import criterion_truth
from facetwise.decide.evaluate_patient import Row, truth
from facetwise.decide.record_as_of import record_as_of
from facetwise.language.truth import Truth
from facetwise.library import POLICIES
from tests.decide.every_test import EVERY_TEST
from tests.parity.records import records

FILE = Path(__file__).with_name("frozen_truths.txt")
LETTERS = {Truth.MET: "m", Truth.NOT_MET: "n", Truth.UNKNOWN: "u", None: "-"}
POLICY_RECORDS, TEST_RECORDS = 1_000, 300


def lines() -> Iterator[str]:
    """A line a criterion of every policy, then a line a test of EVERY_TEST: its name, and a letter a record."""
    views = [record_as_of(record, as_of) for _, record, as_of in records(11, POLICY_RECORDS)]
    for policy in POLICIES.values():
        for criterion in policy.criteria:
            found = "".join(LETTERS[criterion_truth(criterion, one)] for one in views)
            yield f"{policy.id}:{criterion.id} {found}"
    for number, test in enumerate(EVERY_TEST):
        found = "".join(LETTERS[truth(test, Row(one))] for one in islice(views, TEST_RECORDS))
        yield f"{number}:{type(test).__name__} {found}"


if __name__ == "__main__":
    FILE.write_text("\n".join(lines()) + "\n", encoding="utf-8")
