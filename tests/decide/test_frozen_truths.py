"""The plain evaluator gives the truths that were frozen when an independent SQL evaluator gave the same."""

from __future__ import annotations

import pytest

from facetwise.language.expressions import Test
from tests.decide.every_test import EVERY_TEST
from tests.decide.frozen_truths import FILE, lines
from tests.parity.test_policies_agree import concrete

FROZEN = FILE.read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def found() -> dict[str, str]:
    return dict(line.split(" ") for line in lines())


def test_the_truths_of_a_thousand_records_are_those_of_two_evaluators(found: dict[str, str]) -> None:
    """Every criterion of every policy, and tests of every kind. For a new policy or test run python -m tests.decide.frozen_truths."""
    frozen = dict(line.split(" ") for line in FROZEN)
    wrong = {name: place(frozen[name], told) for name, told in found.items() if frozen.get(name) != told}
    assert wrong == {} and frozen.keys() == found.keys()


def place(frozen: str, found: str) -> str:
    """The first record of which the truths differ."""
    number = next(n for n, (one, two) in enumerate(zip(frozen, found, strict=True)) if one != two)
    return f"record {number}: {frozen[number]} was frozen, {found[number]} found"


def test_every_kind_of_test_is_among_them_and_none_always_gives_the_same_answer() -> None:
    """Else agreement would say little."""
    assert concrete(Test) <= {type(part) for test in EVERY_TEST for part in test.walk()}
    constant = {name for name, letters in (line.split(" ") for line in FROZEN) if len(set(letters)) == 1}
    assert {name.partition(":")[2] for name in constant} == {"Always"}
