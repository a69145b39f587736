"""Kleene's three values."""

import pytest

from facetwise.language.truth import Truth, all_of, any_of

MET, NOT_MET, UNKNOWN = Truth.MET, Truth.NOT_MET, Truth.UNKNOWN


@pytest.mark.parametrize(
    ("one", "other", "both", "either"),
    [
        (MET, MET, MET, MET),
        (MET, NOT_MET, NOT_MET, MET),
        (MET, UNKNOWN, UNKNOWN, MET),
        (NOT_MET, NOT_MET, NOT_MET, NOT_MET),
        (NOT_MET, UNKNOWN, NOT_MET, UNKNOWN),
        (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)
def test_and_and_or_are_kleenes_whatever_the_order(one: Truth, other: Truth, both: Truth, either: Truth) -> None:
    """The tables of Kleene's strong logic."""
    assert one & other is other & one is both
    assert one | other is other | one is either


def test_not_leaves_unknown_unknown() -> None:
    assert [~truth for truth in (MET, NOT_MET, UNKNOWN)] == [NOT_MET, MET, UNKNOWN]


def test_nothing_at_all_meets_an_and_and_fails_an_or() -> None:
    assert (all_of([]), any_of([])) == (MET, NOT_MET)
