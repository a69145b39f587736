"""Which truths a test can take at all, told from the test alone: for sieving rows, and for criteria that never hold.

Nothing is evaluated here. Each value is supposed recorded or not, consistently through the test, and each leaf
answers with the set of truths that it could still take.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from facetwise.language.codes import CodeList
from facetwise.language.expressions import (
    All,
    AnyCodeIn,
    AnyOf,
    Between,
    CodeIn,
    FirstCode,
    FirstRecorded,
    IsRecorded,
    LastEpisode,
    Not,
    Test,
    Value,
)
from facetwise.language.truth import Truth, all_of, any_of

EITHER = frozenset({Truth.MET, Truth.NOT_MET})
NEVER = frozenset({Truth.NOT_MET})
UNKNOWN = frozenset({Truth.UNKNOWN})


def possible_truths(test: Test, without: CodeList | None = None) -> frozenset[Truth]:
    """Every truth that the test could take, for rows that hold no code of `without` (any rows when None).

    A superset: what is not in it cannot happen; what is in it may still not happen.
    """
    truths: set[Truth] = set()
    for supposed in _suppositions(test):
        truths |= _truths(test, supposed, without)
    return frozenset(truths)


def _suppositions(test: Test) -> Iterator[Mapping[Value, bool]]:
    values = tuple(dict.fromkeys(part for part in test.walk() if isinstance(part, Value)))
    for recorded in product((True, False), repeat=len(values)):
        supposed = dict(zip(values, recorded, strict=True))
        if all(_consistent(value, supposed) for value in values):
            yield supposed


def _consistent(value: Value, supposed: Mapping[Value, bool]) -> bool:
    match value:
        case FirstCode(of=LastEpisode() as inner):
            return supposed[value] == supposed[inner]
        case LastEpisode(of=inner) | FirstCode(of=inner):
            return supposed[inner] or not supposed[value]
        case FirstRecorded(first=first, second=second):
            return supposed[value] == (supposed[first] or supposed[second])
        case _:
            return True


def _truths(test: Test, supposed: Mapping[Value, bool], without: CodeList | None) -> frozenset[Truth]:
    match test:
        case All(tests=tests) | AnyOf(tests=tests):
            join = all_of if isinstance(test, All) else any_of
            sets = [_truths(inner, supposed, without) for inner in tests]
            return frozenset(join(combination) for combination in product(*sets))
        case Not(test=inner):
            return frozenset(~truth for truth in _truths(inner, supposed, without))
        case IsRecorded(value=value):
            return frozenset({Truth.of(supposed[value])})
        case CodeIn(value=value, codes=codes) | AnyCodeIn(value=value, codes=codes):
            if not supposed[value]:
                return UNKNOWN
            return NEVER if without is not None and without.covers(codes) else EITHER
        case Between(value=value):
            return EITHER | UNKNOWN if supposed[value] else UNKNOWN
        case _:
            values = [part for part in test.parts() if isinstance(part, Value)]
            return EITHER if all(supposed[value] for value in values) else UNKNOWN
