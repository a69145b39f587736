"""Everything that the commissioner's report shows of some activity, from one pass over it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from facetwise.compile.duckdb.engine import Engine
from facetwise.count.count import count_all
from facetwise.count.diff import Difference
from facetwise.count.failed_values import FailedValues, Recorded
from facetwise.count.query import CountQuery, names_absent
from facetwise.count.results import CountResult, DiffResult
from facetwise.library import DEFAULT, DEFINITIONS
from facetwise.spells.dimensions import dimensions_named
from facetwise.spells.reading.activity import open_activity

DIMENSIONS = ("provider", "year")


@dataclass(frozen=True)
class Absent:
    """A dimension that the data cannot be counted by, and the column names looked for in vain."""

    dimension: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Overview:
    """One definition counted, its siblings beside it, and where they part.

    others: in the order of the library; differences: main against each of them, in the same order.
    recorded: what was recorded where one criterion of main alone failed.
    """

    main: CountResult
    others: tuple[CountResult, ...]
    differences: tuple[DiffResult, ...]
    recorded: tuple[Recorded, ...]
    absent: tuple[Absent, ...]


def overview(
    inputs: tuple[str | Path, ...],
    layout: str = "auto",
    threads: int = 2,
    on_rows: Callable[[int], None] | None = None,
) -> Overview:
    """The default definition and its siblings over the inputs, by provider and year where the data has them.

    Errors: InputError, UsageError, EngineError.
    """
    opened = open_activity(inputs, layout)
    looked_for = {dimension: names_absent(opened, dimension) for dimension in dimensions_named(DIMENSIONS)}
    siblings = tuple(definition for definition in DEFINITIONS.values() if definition is not DEFAULT)
    values = FailedValues(DEFAULT)
    differences = [Difference(DEFAULT, sibling) for sibling in siblings]

    def tell(engine: Engine) -> None:
        values.add(engine)
        for difference in differences:
            difference.add(engine)

    question = CountQuery(
        inputs=inputs,
        definitions=(DEFAULT, *siblings),
        layout=layout,
        dimensions=tuple(dimension for dimension, names in looked_for.items() if not names),
        threads=threads,
        on_judged=tell,
        carried=values.carried,
        on_rows=on_rows,
    )
    main, *others = count_all(question)
    return Overview(
        main=main,
        others=tuple(others),
        differences=tuple(difference.result(main.input) for difference in differences),
        recorded=values.found(),
        absent=tuple(Absent(dimension.id, names) for dimension, names in looked_for.items() if names),
    )
