"""What the changes between two documents promise: exactly the way there, and exactly the way back."""

from __future__ import annotations

import json
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from facetwise.clinic.store.json_diff import MisfitError, applied, canonical, changes_of, changes_text, undone
from facetwise.errors import InputError

SEED = 20261121
NAMES = ("a", "b.c", "d[0]", "", "é", "a.b", "0")
SCALARS = (None, True, False, 0, 1, 1.0, -0.0, 0.1, 6.5, 1e22, 12345678901234567890, "", "1", "b.c", "ill\u0000")


def text_of(document: Any) -> str:
    return json.dumps(document, sort_keys=True)


def made(rng: Random, depth: int) -> Any:
    """A document of any shape; the deeper, the likelier a value."""
    kind = rng.randrange(4) if depth else 3
    if kind == 0:
        return {name: made(rng, depth - 1) for name in rng.sample(NAMES, rng.randrange(5))}
    if kind in (1, 2):
        return [made(rng, depth - 1) for _ in range(rng.randrange(6))]
    return rng.choice(SCALARS)


def altered(rng: Random, document: Any) -> Any:
    """The document with something put in, taken out, moved or replaced, here and there, or all of it another."""
    if rng.random() < 0.06 or not isinstance(document, dict | list):
        return made(rng, 3) if rng.random() < 0.5 else document
    if isinstance(document, dict):
        kept = {name: altered(rng, held) for name, held in document.items() if rng.random() < 0.85}
        return {**kept, rng.choice(NAMES): made(rng, 2)} if rng.random() < 0.3 else kept
    held = [altered(rng, one) if rng.random() < 0.3 else one for one in document if rng.random() < 0.85]
    for _ in range(rng.choice((0, 0, 1, 2))):
        held.insert(rng.randrange(len(held) + 1), made(rng, 2))
    if rng.random() < 0.1:
        rng.shuffle(held)
    return held


def pairs() -> list[tuple[Any, Any]]:
    rng = Random(SEED)
    first = [made(rng, 4) for _ in range(2_000)]
    return [(one, altered(rng, one) if rng.random() < 0.85 else made(rng, 4)) for one in first]


def test_of_2_000_pairs_the_changes_lead_from_each_document_to_the_other_and_back() -> None:
    """Null, lists in lists, empty lists, 1 beside 1.0 and true, names with dots and brackets; the text decides."""
    changed_n = 0
    for before, after in pairs():
        one, other = text_of(before), text_of(after)
        text = changes_text(one, other)
        assert text_of(applied(json.loads(one), text)) == other
        assert text_of(undone(json.loads(other), text)) == one
        assert (text == "[]") == (one == other)
        changed_n += one != other
    assert changed_n > 1_000


def test_a_document_that_comes_or_goes_is_one_change() -> None:
    added, removed = changes_text(None, '{"a":1}'), changes_text('{"a":1}', None)
    assert added == '[{"after":{"a":1},"place":[]}]' and removed == '[{"before":{"a":1},"place":[]}]'
    assert undone({"a": 1}, added) is applied({"a": 1}, removed)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({}, {"x": None}, [(("x",), "added")]),
        ({"x": None}, {}, [(("x",), "removed")]),
        ({"x": None}, {"x": 0}, [(("x",), "replaced")]),
        ({"x": 1}, {"x": 1.0}, [(("x",), "replaced")]),
        ({"x": 1}, {"x": True}, [(("x",), "replaced")]),
        ({"x": []}, {}, [(("x",), "removed")]),
        ({"x": ["a", "b"]}, {"x": ["b"]}, [(("x",), "replaced")]),
        ({"x": [{"n": 1}, {"n": 2}]}, {"x": [{"n": 1}, {"n": 3}, {"n": 2}]}, [(("x", 1), "added")]),
        ({"x": [{"n": 1}, {"n": 2}, {"n": 3}]}, {"x": [{"n": 3}]}, [(("x", 1), "removed"), (("x", 0), "removed")]),
        ({"x": [{"n": 1}, {"n": 1}]}, {"x": [{"n": 1}]}, [(("x", 1), "removed")]),
        ({"x": [{"n": 1, "m": 2}]}, {"x": [{"n": 1, "m": 3}]}, [(("x", 0, "m"), "replaced")]),
        ({"x": []}, {"x": [{}]}, [(("x", 0), "added")]),
    ],
)
def test_a_change_names_the_place_and_no_more(before: Any, after: Any, told: list[tuple[Any, str]]) -> None:
    """One put into the middle of a list is one change; a list of plain values is one value."""
    changes = changes_of(changes_text(text_of(before), text_of(after)))
    kinds = ["before" in it.to_json() for it in changes], ["after" in it.to_json() for it in changes]
    names = {(False, True): "added", (True, False): "removed", (True, True): "replaced"}
    assert [(it.place, names[kind]) for it, kind in zip(changes, zip(*kinds, strict=True), strict=True)] == told


@pytest.mark.parametrize(
    "other",
    [{"x": 2}, {"x": True}, {}, {"x": {}}, [], 1, None, {"x": 1, "list": [{"n": 1}, {"n": 1}]}, {"x": 1, "list": 5}],
)
def test_changes_put_to_another_document_are_refused(other: Any) -> None:
    text = changes_text('{"list":[{"n":1},{"n":2}],"x":1}', '{"list":[{"n":1},{"n":3}],"x":5}')
    with pytest.raises(MisfitError, match="not those of this record"):
        applied(other, text)


@pytest.mark.parametrize("place", [[0], [-1], [2], ["x", 0], ["list", "0"], ["list", 3], ["list", -1]])
def test_a_place_that_cannot_be_there_is_refused(place: list[str | int]) -> None:
    """A position from the end, or past it, is no place."""
    with pytest.raises(MisfitError):
        applied({"list": [{}, {}], "x": 1}, json.dumps([{"place": place, "after": 1}]))


def test_one_number_has_one_text_however_it_was_written() -> None:
    written: list[object] = [7, 7.0, Decimal("7"), Decimal("7.00"), Decimal("7E0")]
    assert {canonical({"n": value}) for value in written} == {'{"n":7}'}
    assert canonical([0.1, Decimal("0.10"), -0.0, 1e22, None, True]) == "[0.1,0.1,0,10000000000000000000000,null,true]"
    for told in (canonical({"n": 6.5, "b": [1.0]}), canonical(SCALARS)):
        assert canonical(json.loads(told)) == told == canonical(json.loads(told, parse_float=Decimal))
    with pytest.raises(InputError, match="more digits than can be kept"):
        canonical({"n": Decimal("0.12345678901234567890")})
