"""Planted spells: how many of each kind a file gets, where they lie, and what each holds."""

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import gcd

import numpy as np

from facetwise.spells.synthetic.background import DAYS, NO_AGE, Background, age_on, scattered
from facetwise.spells.synthetic.codes import (
    ACCOMPANYING_PROCEDURES,
    DENERVATION_CODES,
    LISTED_DIAGNOSES,
    LUMBAR_SITES,
    OTHER_DIAGNOSES,
    TABLE_SIZE,
    UNRELATED_PROCEDURES,
    Integers,
)
from facetwise.spells.synthetic.scenarios import ENGLAND_SPELLS, FAMILIES, RELATED, SCENARIOS, Fields

# A spell's kind: 0 background, then the related ones, then the scenarios, in the order of their tables.
FIRST_SCENARIO = 1 + len(RELATED)
KINDS = ("background", *(kind.name for kind in RELATED), *(scenario.name for scenario in SCENARIOS))

# How many spells of a file are made from the scenarios: (spells of the file, of those), with even steps between.
_GROWTH = ((100_000, 2_000), (1_000_000, 10_000), (ENGLAND_SPELLS, sum(FAMILIES.values())))
_BLOCK = 1
_CHOICES = 8
# Days from a block to its denervation, and from a denervation to the patient's next one.
_BLOCK_GAP = (21, 330)
_REPEAT_GAP = (240, 760)
_REPEAT_SALT = 3


@dataclass(frozen=True)
class Planted:
    """A chunk's planted spells, one entry each. at: its row in the chunk. Ages are NO_AGE where missing."""

    at: Integers
    kind: Integers
    procedures: list[str | None]
    diagnoses: list[str | None]
    dominant: list[str | None]
    primary: list[str | None]
    method: list[str | None]
    category: list[str | None]


def scenarios_n(spells: int) -> int:
    """How many spells of a file are made from the scenarios: the more, the larger the file.

    Up to 100,000 spells 2 in 100, with room for four of each scenario where that is no more than a tenth of the file, and
    for one of each wherever they fit. At a million 1 in 100, and from England's 17 million a year on England's share of
    2018/19, about 13 in 10,000.
    """
    if spells >= ENGLAND_SPELLS:
        return sum(FAMILIES.values()) * spells // ENGLAND_SPELLS
    for (fewer, least), (more, most) in pairwise(_GROWTH):
        if fewer <= spells < more:
            return least + (most - least) * (spells - fewer) // (more - fewer)
    roomy = min(4 * len(SCENARIOS), spells // 10)
    one_each = len(SCENARIOS) if spells >= len(SCENARIOS) else spells // 2
    return max(spells // 50, roomy, one_each)


def quotas(spells: int, denervations: int | None = None) -> Integers:
    """How many spells of each kind a file gets; they sum to `spells`.

    The related kinds are as frequent as in England, or in a small file a quarter as many as the scenarios where that is more.
    denervations: how many are made from the scenarios instead of scenarios_n.
    """
    planted = scenarios_n(spells) if denervations is None else denervations
    related = [
        min((spells - planted) // 10, max(kind.england * spells // ENGLAND_SPELLS, planted // 4)) for kind in RELATED
    ]
    counts = [*related, *_shared_out(planted)]
    return np.array([spells - sum(counts), *counts], dtype=np.int64)


def _shared_out(total: int) -> list[int]:
    """`total` among the scenarios: one of each where they fit, the rest by England's figures and the table's weights."""
    within: dict[str, int] = {}
    for scenario in SCENARIOS:
        within[scenario.family] = within.get(scenario.family, 0) + scenario.weight
    one_each = int(total >= len(SCENARIOS))
    rest, edges = total - one_each * len(SCENARIOS), [0]
    for scenario in SCENARIOS:
        edges.append(edges[-1] + FAMILIES[scenario.family] * 10**6 * scenario.weight // within[scenario.family])
    bounds = [edge * rest // edges[-1] for edge in edges]
    return [one_each + end - start for start, end in pairwise(bounds)]


def planted_kinds(counts: Integers, first: int, end: int) -> Integers:
    """The kinds of the spells planted among spells first to end - 1 of the file, in no order; background is left out.

    Over consecutive stretches they add up to `counts`, and each kind is spread evenly: the planted spells are taken
    with a stride near the golden section, prime to their number.
    """
    spells, planted = int(counts.sum()), int(counts[1:].sum())
    numbers = np.arange(first * planted // spells, end * planted // spells, dtype=np.int64)
    stride = max(1, planted * 618 // 1000)
    while gcd(stride, planted) > 1:
        stride += 1
    return 1 + np.searchsorted(np.cumsum(counts[1:]), numbers * stride % max(planted, 1), side="right")


@cache
def _made(kind: int) -> Fields:
    if kind >= FIRST_SCENARIO:
        return SCENARIOS[kind - FIRST_SCENARIO].made
    return Fields(primary="{m}", methods=("11", "11", "11", "12", "13", "21"), categories=("01", "01", "01", "02"))


def _filled(template: str | None, words: dict[str, str]) -> str | None:
    return None if template is None else template.format_map(words)


def plant(rng: np.random.Generator, kinds: Integers, rows: int) -> Planted:
    """The planted spells of a chunk of so many rows, at rows drawn for them."""
    draws = rng.integers(0, 2**20, (len(kinds), _CHOICES + 4)).tolist()
    made = Planted(rng.permutation(rows)[: len(kinds)].astype(np.int64), kinds, [], [], [], [], [], [])
    for kind, draw in zip(kinds.tolist(), draws, strict=True):
        code, accompanying, unrelated, site, diagnosis, method, category, others_n, *others = draw
        fields = _made(kind)
        codes = RELATED[kind - 1].dominant if kind < FIRST_SCENARIO else DENERVATION_CODES
        chosen = dict.fromkeys(OTHER_DIAGNOSES[other % len(OTHER_DIAGNOSES)] for other in others[: others_n % 5])
        words = {
            "d": codes[code % len(codes)],
            "p": ACCOMPANYING_PROCEDURES[accompanying % len(ACCOMPANYING_PROCEDURES)],
            "x": UNRELATED_PROCEDURES[unrelated % len(UNRELATED_PROCEDURES)],
            "s": LUMBAR_SITES[site % len(LUMBAR_SITES)],
            "m": LISTED_DIAGNOSES[diagnosis % len(LISTED_DIAGNOSES)],
            "o": "".join(f",{other}" for other in chosen),
        }
        made.procedures.append(_filled(fields.procedures, words))
        made.diagnoses.append(_filled(fields.diagnoses, words))
        made.dominant.append(_filled(fields.dominant, words))
        made.primary.append(_filled(fields.primary, words))
        made.method.append(fields.methods[method % len(fields.methods)])
        made.category.append(fields.categories[category % len(fields.categories)])
    return made


def people(rng: np.random.Generator, chunk: Background, planted: Planted, first_patient: int) -> None:
    """Gives the planted spells their patients, dates and ages, in the chunk's own columns.

    Each has a patient of its own, first_patient onwards. Among denervations with ages by date of birth, one in five is
    the same patient's second, eight to twenty-five months after the first; up to six in ten follow a block by three weeks
    to eleven months, where that is within the file's years.
    """
    m = len(planted.at)
    chunk.patient[planted.at] = first_patient + planted.at
    chunk.stay[planted.at] = 0
    years = 25 + rng.integers(0, 32, m) + rng.integers(0, 32, m)
    chunk.born[planted.at] = chunk.admitted[planted.at] - years * 1461 // 4 - rng.integers(2, 360, m)
    fixed = np.array([_made(kind).ages is not None for kind in planted.kind.tolist()], dtype=np.bool_)
    facet = np.array([kind >= FIRST_SCENARIO and _is_facet(kind) for kind in planted.kind.tolist()], dtype=np.bool_)
    linked = planted.at[facet & ~fixed]
    pairs = len(linked) // 5
    _repeat(rng, chunk, linked[:pairs], linked[pairs : 2 * pairs])
    blocks = planted.at[planted.kind == _BLOCK]
    treated = np.concatenate([linked[:pairs], linked[2 * pairs :]])
    blocked = min(len(blocks), len(treated) * 6 // 10)
    _precede(rng, chunk, blocks[:blocked], treated[len(treated) - blocked :])
    chunk.start_age[planted.at] = chunk.activity_age[planted.at] = age_on(
        chunk.admitted[planted.at], chunk.born[planted.at]
    )
    for at, kind in zip(planted.at[fixed].tolist(), planted.kind[fixed].tolist(), strict=True):
        start, activity = _made(kind).ages or (None, None)
        chunk.start_age[at] = NO_AGE if start is None else start
        chunk.activity_age[at] = NO_AGE if activity is None else activity


def _is_facet(kind: int) -> bool:
    return SCENARIOS[kind - FIRST_SCENARIO].family == "facet"


def _repeat(rng: np.random.Generator, chunk: Background, first: Integers, second: Integers) -> None:
    """Makes each `second` denervation the same patient's as the `first`, with a gap between them.

    The first is anywhere from which the second is still within the file's years, so that no month has more than its share.
    """
    days = rng.integers(*_REPEAT_GAP, len(first))
    chunk.admitted[first] = scattered(first, _REPEAT_SALT) * (DAYS - days) // TABLE_SIZE
    chunk.admitted[second] = chunk.admitted[first] + days
    _same_person(chunk, first, second)


def _precede(rng: np.random.Generator, chunk: Background, blocks: Integers, treated: Integers) -> None:
    """Makes each block one of the treated patient's, before the denervation. Those before the file's years stay apart."""
    admitted = chunk.admitted[treated] - rng.integers(*_BLOCK_GAP, len(blocks))
    within = admitted >= 0
    chunk.admitted[blocks[within]] = admitted[within]
    _same_person(chunk, treated[within], blocks[within])


def _same_person(chunk: Background, one: Integers, other: Integers) -> None:
    """Gives the `other` spells the patient, provider and commissioner of the `one`."""
    for column in (chunk.patient, chunk.born, chunk.provider, chunk.commissioner):
        column[other] = column[one]
