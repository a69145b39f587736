"""Synthetic spells in the sus-apcs layout with the known answer beside each."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from facetwise.errors import InputError, UsageError
from facetwise.spells.synthetic.background import (
    COMMISSIONERS,
    FIRST_DAY,
    NO_AGE,
    PROVIDERS,
    UNKNOWN_DAY,
    Background,
    background,
    chance,
)
from facetwise.spells.synthetic.codes import Flags, Integers
from facetwise.spells.synthetic.files import ENDINGS, TableFile
from facetwise.spells.synthetic.planted import FIRST_SCENARIO, KINDS, Planted, people, plant, planted_kinds, quotas
from facetwise.spells.synthetic.scenarios import CRITERIA, DEFINITIONS, SCENARIOS

CHUNK_SPELLS = 250_000

SPELL_SCHEMA = pa.schema(
    [
        ("APCS_Ident", pa.int64()),
        ("Der_Pseudo_NHS_Number", pa.int64()),
        ("Der_Provider_Code", pa.string()),
        ("Der_Commissioner_Code", pa.string()),
        ("Admission_Date", pa.date32()),
        ("Discharge_Date", pa.date32()),
        ("Age_At_Start_of_Spell_SUS", pa.int32()),
        ("Der_Age_at_CDS_Activity_Date", pa.int32()),
        ("Admission_Method", pa.string()),
        ("Administrative_Category", pa.string()),
        ("Der_Procedure_All", pa.string()),
        ("Der_Diagnosis_All", pa.string()),
        ("Spell_Dominant_Procedure", pa.string()),
        ("Spell_Primary_Diagnosis", pa.string()),
    ]
)
TRUTH_SCHEMA = pa.schema(
    [
        ("spell_id", pa.int64()),
        *((name, pa.string()) for name in ("scenario", *DEFINITIONS, *(f"ebi-2k:{name}" for name in CRITERIA))),
    ]
)

_FIRST_SPELL_ID = 4_000_000_001
_TRUTHS = {"+": "met", "-": "not-met", "?": "unknown"}
_OUTCOMES = {"+": "counted", "-": "not-counted", "?": "unknown"}
# Patients' keys: a number n becomes (n x stride + start) mod modulus; the two are coprime, so no two patients share a key.
_KEY_STRIDE, _KEY_START, _KEY_MODULUS, _KEY_LEAST = 982_451_653, 123_456_789, 8_999_999_993, 1_000_000_000


@dataclass(frozen=True)
class SynthSummary:
    """What was written. planted: (scenario, spells), background left out; counted: (definition, spells counted)."""

    spells: int
    planted: tuple[tuple[str, int], ...]
    counted: tuple[tuple[str, int], ...]
    files: tuple[Path, ...]


def write_synthetic(
    spells: int,
    seed: int,
    out: Path,
    truth: Path | None = None,
    progress: Callable[[int], None] | None = None,
    *,
    denervations: int | None = None,
    providers: int = len(PROVIDERS),
) -> SynthSummary:
    """Writes so many synthetic spells in the sus-apcs layout to `out` and, one row a spell, their answers to `truth`.

    The spells: background that no definition counts; blocks, injections and fusions; and spells made from
    `scenarios.SCENARIOS`, which meet, narrowly miss or cannot be judged. Their shares are England's of 2018/19
    in a large file; a small one is denser and, from as many spells as there are scenarios, holds each at least once
    (see `planted.scenarios_n`). Admissions from April 2016 to March 2019; about 1 in 1,000 has an unknown date.
    truth: spell_id, scenario, the outcome under each definition, and the truth of each ebi-2k criterion, the last NULL
    for spells that are not made from a scenario. denervations: how many spells are made from the scenarios, if not as many
    as that. providers: at how many of the providers, the largest first. Same spells and seed, same values, on any machine. Memory does not
    grow with the size. progress is told the spells written so far.
    Errors: InputError for a path that cannot be written; UsageError for an ending other than .parquet, .csv or .csv.gz, a
    negative number or seed, or one path for both files.
    """
    _check(spells, seed, out, truth)
    _check_numbers(spells, denervations, providers)
    counts = quotas(spells, denervations)
    with ExitStack() as files:
        spell_file = files.enter_context(TableFile(out, SPELL_SCHEMA))
        truth_file = files.enter_context(TableFile(truth, TRUTH_SCHEMA)) if truth is not None else None
        for number, first in enumerate(range(0, spells, CHUNK_SPELLS)):
            end = min(first + CHUNK_SPELLS, spells)
            rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, number])))
            kinds, columns = _chunk(rng, counts, first, end, providers)
            spell_file.write(columns)
            if truth_file is not None:
                truth_file.write([columns[0], *(words.take(pa.array(kinds)) for words in _truth_words())])
            if progress is not None:
                progress(end)
    return _summary(spells, counts, out, truth)


def _check(spells: int, seed: int, out: Path, truth: Path | None) -> None:
    for name, number in (("spells", spells), ("seed", seed)):
        if number < 0:
            raise UsageError(f"{name} is {number}, and cannot be less than 0. Give 0 or a positive whole number.")
    for path in (out, truth):
        if path is None:
            continue
        if not path.name.lower().endswith(ENDINGS):
            raise UsageError(
                f"{path} does not say by its ending how to write it. Use a name that ends in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}."
            )
        if not path.parent.is_dir():
            raise InputError(f"{path} cannot be written: there is no folder {path.parent}. Make it first.")
        if path.is_dir():
            raise InputError(f"{path} is a folder, so no file can be written there. Use another name.")
    if truth is not None and truth.resolve() == out.resolve():
        raise UsageError(f"{out} is given both for the spells and for their answers. Give two names.")


def _check_numbers(spells: int, denervations: int | None, providers: int) -> None:
    if denervations is not None and not 0 <= denervations <= spells:
        raise UsageError(f"denervations is {denervations}, of {spells} spells in all. Give 0 to {spells}.")
    if not 1 <= providers <= len(PROVIDERS):
        raise UsageError(f"providers is {providers}. Give 1 to {len(PROVIDERS)}.")


def _summary(spells: int, counts: Integers, out: Path, truth: Path | None) -> SynthSummary:
    planted = tuple((name, int(n)) for name, n in zip(KINDS[1:], counts[1:], strict=True) if n)
    made = counts[FIRST_SCENARIO:].tolist()
    counted = tuple(
        (definition, sum(n for scenario, n in zip(SCENARIOS, made, strict=True) if scenario.outcomes[place] == "+"))
        for place, definition in enumerate(DEFINITIONS)
    )
    return SynthSummary(spells, planted, counted, tuple(path for path in (out, truth) if path is not None))


@cache
def _truth_words() -> tuple[Any, ...]:
    """The truth file's columns after the first, as one word for each kind of spell."""
    open_n = FIRST_SCENARIO
    outcomes = [
        ["not-counted"] * open_n + [_OUTCOMES[scenario.outcomes[place]] for scenario in SCENARIOS]
        for place in range(len(DEFINITIONS))
    ]
    criteria = [
        [None] * open_n + [_TRUTHS[scenario.criteria[place]] for scenario in SCENARIOS]
        for place in range(len(CRITERIA))
    ]
    return tuple(pa.array(words, pa.string()) for words in (KINDS, *outcomes, *criteria))


def _chunk(
    rng: np.random.Generator, counts: Integers, first: int, end: int, providers_n: int
) -> tuple[Integers, list[Any]]:
    """The kind of each spell from first to end - 1, and the columns of SPELL_SCHEMA."""
    spells, rows = int(counts.sum()), end - first
    pool = max(1, spells * 55 // 100)
    chunk = background(rng, rows, pool, providers_n)
    planted = plant(rng, planted_kinds(counts, first, end), rows)
    people(rng, chunk, planted, pool + first)
    kinds = np.zeros(rows, dtype=np.int64)
    kinds[planted.at] = planted.kind
    identifiers = _FIRST_SPELL_ID + np.arange(first, end, dtype=np.int64)
    key = _KEY_LEAST + (chunk.patient * _KEY_STRIDE + _KEY_START) % _KEY_MODULUS
    return kinds, [
        pa.array(identifiers),
        pa.array(key, mask=chance(rng, rows, 150)),
        _named(PROVIDERS, chunk.provider, chance(rng, rows, 100)),
        _named(COMMISSIONERS, chunk.commissioner, chance(rng, rows, 150)),
        *_dates(rng, chunk),
        *(pa.array(ages.astype(np.int32), mask=ages == NO_AGE) for ages in (chunk.start_age, chunk.activity_age)),
        *_texts(chunk, planted),
    ]


def _named(names: tuple[str, ...], places: Integers, missing: Flags) -> Any:
    return pa.array(names).take(pa.array(places, mask=missing))


def _dates(rng: np.random.Generator, chunk: Background) -> tuple[Any, ...]:
    """Admission and discharge; an unknown admission is NULL or the layout's 1 January 1801."""
    rows, offset = len(chunk.admitted), FIRST_DAY.toordinal() - date(1970, 1, 1).toordinal()
    admitted = np.where(chance(rng, rows, 5), UNKNOWN_DAY, chunk.admitted)
    discharged = chunk.admitted + chunk.stay
    return tuple(
        pa.array((days + offset).astype(np.int32), mask=chance(rng, rows, missing)).cast(pa.date32())
        for days, missing in ((admitted, 5), (discharged, 200))
    )


def _texts(chunk: Background, planted: Planted) -> list[Any]:
    """Method, category, procedures, diagnoses, dominant procedure and primary diagnosis, with the planted spells' own."""
    mask = np.zeros(len(chunk.admitted), dtype=np.bool_)
    mask[planted.at] = True
    in_order = pa.array(np.argsort(planted.at))
    replaced = (
        (chunk.method, planted.method),
        (chunk.category, planted.category),
        (chunk.procedures, planted.procedures),
        (chunk.diagnoses, planted.diagnoses),
        (chunk.dominant, planted.dominant),
        (chunk.primary, planted.primary),
    )
    return [
        pc.replace_with_mask(column, pa.array(mask), pa.array(own, pa.string()).take(in_order))
        for column, own in replaced
    ]
