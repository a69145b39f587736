"""What the library's definitions say, kept in an extract beside the spells, so that a question need not judge again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing

import pyarrow as pa

from facetwise.compile.duckdb.engine import CANDIDATE, Engine, because_column, fingerprint, verdict_columns
from facetwise.guidance.codelists import DENERVATION_FAMILY
from facetwise.language.definition import Definition
from facetwise.library import DEFINITIONS
from facetwise.spells.reading.extract import Verdicts


def of_the_library(threads: int) -> Verdicts:
    """The verdicts of every definition of the library, with whether a spell is a candidate."""
    definitions = tuple(DEFINITIONS.values())
    columns = [(CANDIDATE, pa.bool_())]
    for definition in definitions:
        *truths, words = verdict_columns(definition)
        columns += [*((name, pa.bool_()) for name in truths), (words, pa.string())]

    def of(spells: pa.Table) -> pa.Table:
        with closing(Engine(threads)) as engine:
            engine.judge(definitions, spells, DENERVATION_FAMILY, words=True)
            return engine.select("*")

    marks = {definition.id: fingerprint(definition, DENERVATION_FAMILY) for definition in definitions}
    return Verdicts(pa.schema(columns), marks, of)


def still_valid(marks: Mapping[str, str], definitions: Sequence[Definition]) -> tuple[Definition, ...]:
    """Those of some definitions whose verdicts an extract with these marks holds, as they mean today."""
    return tuple(d for d in definitions if marks.get(d.id) == fingerprint(d, DENERVATION_FAMILY))


def columns(definitions: Sequence[Definition], words: bool) -> tuple[str, ...]:
    """The columns of an extract that hold the verdicts of some definitions."""
    names = [name for d in definitions for name in verdict_columns(d) if words or name != because_column(d)]
    return (CANDIDATE, *names)
