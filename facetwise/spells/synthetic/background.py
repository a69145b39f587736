"""Background spells by the chunk: every column drawn at once, none of them a spell that any definition counts."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from facetwise.spells.synthetic.codes import (
    DIAGNOSES,
    PROCEDURES,
    STYLE_PADDED,
    TABLE_SIZE,
    Flags,
    Integers,
    drawing_table,
    forms,
    tokens,
    zipf,
)

FIRST_DAY = date(2016, 4, 1)
DAYS = (date(2019, 4, 1) - FIRST_DAY).days
NO_AGE = -1
INVALID_AGE = 999
UNKNOWN_DAY = (date(1801, 1, 1) - FIRST_DAY).days

PROVIDERS = tuple(f"R{digit}{letter}" for digit in "2345679" for letter in "ABCDEFGHJKLMNPQRTVWXYZ")[:150]
COMMISSIONERS = tuple(f"Q{number:02d}" for number in range(1, 43))
METHODS = ("11", "12", "13", "21", "22", "23", "24", "28", "2A", "2B", "2C", "2D", "31", "32", "81", "82", "83", None)
CATEGORIES = ("01", "02", "03", "04", None)

_METHOD_WEIGHTS = (200, 350, 100, 220, 30, 5, 10, 20, 40, 5, 3, 10, 20, 5, 10, 15, 2, 25)
_CATEGORY_WEIGHTS = (940, 25, 4, 2, 29)
_STAY_WEIGHTS = (
    560,
    150,
    70,
    45,
    30,
    22,
    18,
    15,
    12,
    10,
    9,
    8,
    7,
    6,
    5,
    4,
    4,
    3,
    3,
    3,
    2,
    2,
    2,
    2,
    1,
    1,
    1,
    1,
    1,
    1,
    2,
)
# Spells by age in 2018, tens of years from 0: many births, then more with each decade up to the eighties.
_DECADE_WEIGHTS = (90, 45, 80, 95, 85, 110, 130, 160, 125, 45, 4, 1)
_PROCEDURES_PER_SPELL = (0, 500, 265, 130, 60, 28, 12, 5)  # given any; mean 1.9
_FURTHER_DIAGNOSES = (183, 733, 1465, 1954, 1954, 1563, 1042, 595, 298, 132, 53, 19, 6, 3)  # Poisson, mean 4
_STYLE_WEIGHTS = (1_996, 2, 2)  # plain, lower, dotted
_SHARES = (0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 5)
_INFANT_DAYS = (1, 7, 29, 91, 182, 273)  # up to which the age codes 7001 to 7006 reach; 7007 from there


@dataclass(frozen=True)
class Background:
    """A chunk before spells are planted in it; one value a spell.

    patient: a number of the pool. born, admitted: days from FIRST_DAY. start_age,
    activity_age: NO_AGE where missing. The rest are Arrow arrays.
    """

    patient: Integers
    born: Integers
    admitted: Integers
    stay: Integers
    start_age: Integers
    activity_age: Integers
    provider: Integers
    commissioner: Integers
    method: Any
    category: Any
    procedures: Any
    diagnoses: Any
    dominant: Any
    primary: Any


@dataclass(frozen=True)
class _Tables:
    procedure: Integers
    diagnosis: Integers
    procedures_n: Integers
    diagnoses_n: Integers
    style: Integers
    day: Integers
    stay: Integers
    method: Integers
    category: Integers
    birth_year: Integers
    procedure_tokens: Any
    diagnosis_tokens: Any
    procedure_forms: Any
    diagnosis_forms: Any


@cache
def _tables() -> _Tables:
    first_weekday = FIRST_DAY.weekday()
    days = [10 if (first_weekday + day) % 7 < 5 else 4 for day in range(DAYS)]
    years = [weight * (12 if year == 0 else 1) for weight in _DECADE_WEIGHTS for year in range(10)]
    styles = np.array([0, 2, 3], dtype=np.int32)[drawing_table(_STYLE_WEIGHTS)]
    return _Tables(
        procedure=drawing_table(zipf(len(PROCEDURES))),
        diagnosis=drawing_table(zipf(len(DIAGNOSES))),
        procedures_n=drawing_table(_PROCEDURES_PER_SPELL),
        diagnoses_n=1 + drawing_table(_FURTHER_DIAGNOSES),
        style=styles,
        day=drawing_table(days),
        stay=drawing_table(_STAY_WEIGHTS),
        method=drawing_table(_METHOD_WEIGHTS),
        category=drawing_table(_CATEGORY_WEIGHTS),
        birth_year=drawing_table(years),
        procedure_tokens=tokens(PROCEDURES),
        diagnosis_tokens=tokens(DIAGNOSES),
        procedure_forms=forms(PROCEDURES),
        diagnosis_forms=forms(DIAGNOSES),
    )


@cache
def _provider_table(providers_n: int) -> Integers:
    return drawing_table([10**6 // (rank + 40) for rank in range(providers_n)])


@cache
def _serves() -> Integers:
    """For each provider 16 draws of a commissioner: three to six of them, the first ones oftenest."""
    slots = []
    for provider in range(len(PROVIDERS)):
        near, home = 3 + provider % 4, provider * len(COMMISSIONERS) // len(PROVIDERS)
        slots.append([(home + share % near) % len(COMMISSIONERS) for share in _SHARES])
    return np.array(slots, dtype=np.int64)


def chance(rng: np.random.Generator, n: int, in_ten_thousand: int) -> Flags:
    """True for about that many of each ten thousand."""
    return np.asarray(rng.integers(0, TABLE_SIZE, n, dtype=np.uint16) < in_ten_thousand * TABLE_SIZE // 10_000)


def _drawn(rng: np.random.Generator, table: Integers, n: int) -> Integers:
    return table[rng.integers(0, TABLE_SIZE, n, dtype=np.uint16)]


def scattered(numbers: Integers, salt: int) -> Integers:
    """Sixteen bits for each number, the same wherever it turns up: a patient's date of birth hangs on the patient."""
    mixed = (numbers.astype(np.uint64) + np.uint64(salt)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return (mixed >> np.uint64(48)).astype(np.int64)


def born_on(patients: Integers) -> Integers:
    """Dates of birth, as days from FIRST_DAY, for patients of all ages."""
    years = _tables().birth_year[scattered(patients, 1)]
    born: Integers = DAYS - years * 1461 // 4 - scattered(patients, 2) * 365 // TABLE_SIZE
    return born


def age_on(day: Integers, born: Integers) -> Integers:
    """Completed years, to within a day; under one year the infants' codes 7001 to 7007. Someone born later was born on the day."""
    lived = np.maximum(day - born, 0)
    infant = 7001 + np.searchsorted(_INFANT_DAYS, lived, side="right")
    ages: Integers = np.where(lived < 366, infant, np.minimum(lived * 4 // 1461, 120))
    return ages


def _joined(words: Any, entries: Integers, lengths: Integers, missing: Flags) -> Any:
    offsets = np.zeros(len(lengths) + 1, dtype=np.int32)
    np.cumsum(lengths, out=offsets[1:])
    lists = pa.ListArray.from_arrays(pa.array(offsets), words.take(pa.array(entries)), mask=pa.array(missing))
    return pc.binary_join(lists, "")


def _recorded(
    rng: np.random.Generator, table: Integers, words: Any, lengths: Integers, padded: int, missing: Flags
) -> tuple[Any, Integers, Integers]:
    """The code strings, and the entries among `forms` of each spell's first and last code (spells with codes only)."""
    n, total = len(lengths), int(lengths.sum())
    code = _drawn(rng, table, total)
    style = _drawn(rng, _tables().style, n)
    style[(style == 0) & chance(rng, n, padded)] = STYLE_PADDED
    last = np.cumsum(lengths) - 1
    first = last - lengths + 1
    has = lengths > 0
    style_of = np.repeat(style, lengths)
    style_of[last[has & (style == STYLE_PADDED)]] = 0
    opens = np.repeat(chance(rng, n, 1_300), lengths)
    opens[opens] = chance(rng, int(opens.sum()), 3_300)
    opens[first[has]] = True
    alone = np.where(style == STYLE_PADDED, 0, style)
    entries = code * 8 + opens * np.int32(4) + style_of
    strings = _joined(words, entries, lengths, missing)
    return strings, code[first[has]] * 4 + alone[has], code[last[has]] * 4 + alone[has]


def _singled_out(rng: np.random.Generator, words: Any, has: Flags, first: Integers, last: Integers, null: int) -> Any:
    """One code a spell: mostly the first, sometimes the last, NULL where there is none and in `null` of 10,000."""
    picked = np.zeros(len(has), dtype=np.int64)
    picked[has] = np.where(chance(rng, len(first), 600), last, first)
    return words.take(pa.array(picked, mask=~has | chance(rng, len(has), null)))


def _procedures(rng: np.random.Generator, n: int) -> tuple[Any, Any]:
    tables = _tables()
    has = chance(rng, n, 6_500)
    lengths = np.where(has, _drawn(rng, tables.procedures_n, n), 0)
    strings, first, last = _recorded(rng, tables.procedure, tables.procedure_tokens, lengths, 400, ~has)
    dash = np.where(~has & chance(rng, n, 300), rng.integers(1, 3, n), 0)
    words = tables.procedure_tokens.take(pa.array(len(tables.procedure_tokens) - dash[dash > 0]))
    strings = pc.replace_with_mask(strings, pa.array(dash > 0), words)
    return strings, _singled_out(rng, tables.procedure_forms, has, first, last, 300)


def _diagnoses(rng: np.random.Generator, n: int) -> tuple[Any, Any]:
    tables = _tables()
    lengths = _drawn(rng, tables.diagnoses_n, n)
    missing = chance(rng, n, 200)
    strings, first, last = _recorded(rng, tables.diagnosis, tables.diagnosis_tokens, lengths, 3_000, missing)
    return strings, _singled_out(rng, tables.diagnosis_forms, np.ones(n, dtype=np.bool_), first, last, 250)


def background(rng: np.random.Generator, n: int, pool: int, providers_n: int = len(PROVIDERS)) -> Background:
    """A chunk of n spells of patients 0 to pool - 1. About 1 in 50 of each field that may be missing is."""
    tables = _tables()
    patient = rng.integers(0, pool, n)
    admitted = _drawn(rng, tables.day, n)
    born = born_on(patient)
    start_age = age_on(admitted, born)
    activity_age = age_on(admitted + chance(rng, n, 800), born)
    start_age[chance(rng, n, 5)] = INVALID_AGE
    start_age[chance(rng, n, 200)] = NO_AGE
    activity_age[chance(rng, n, 200)] = NO_AGE
    provider = _drawn(rng, _provider_table(providers_n), n)
    commissioner = _serves()[provider, rng.integers(0, 16, n)]
    commissioner = np.where(chance(rng, n, 500), rng.integers(0, len(COMMISSIONERS), n), commissioner)
    method = pa.array(METHODS).take(pa.array(_drawn(rng, tables.method, n)))
    category = pa.array(CATEGORIES).take(pa.array(_drawn(rng, tables.category, n)))
    stay = _drawn(rng, tables.stay, n)
    procedures, dominant = _procedures(rng, n)
    diagnoses, primary = _diagnoses(rng, n)
    return Background(
        patient=patient,
        born=born,
        admitted=admitted,
        stay=stay,
        start_age=start_age,
        activity_age=activity_age,
        provider=provider,
        commissioner=commissioner,
        method=method,
        category=category,
        procedures=procedures,
        diagnoses=diagnoses,
        dominant=dominant,
        primary=primary,
    )
