"""Spec tables read into spells, and printed as documentation."""

from __future__ import annotations

import pyarrow as pa

from facetwise.spells.layouts import STAGED
from facetwise.spells.normalise.columns import canonical, complete
from facetwise.spells.spell import Spell, spells_of
from tests.spec.tables import SPECS, Spec

HEADING = """# Counting criteria, row by row

For a reviewer who needs the exact meaning. Each row gives the facts of a spell and what the criterion then is. A blank is not recorded. The tests run
every row by the plain evaluator and by SQL. `python -m tests.spec.write` writes this page from `tests/spec/tables.py`.
"""


def cells(spec: Spec) -> tuple[list[str], list[list[str]]]:
    """The head and the rows of a spec's table; the last column is the truth."""
    lines = [line for line in spec.table.strip("\n").splitlines() if line.strip()]
    parted = []
    for line in lines:
        facts, _, truth = line.rpartition(" || ")
        parted.append([*(cell.strip() for cell in facts.split(" | ")), truth.strip()])
    return parted[0], parted[1:]


def spells_in(spec: Spec) -> list[Spell]:
    """The rows as spells, through the normaliser that every file goes through."""
    head, rows = cells(spec)
    columns = {column.canonical: column for column in STAGED.columns}
    held = {"spell_id": pa.array([str(place) for place in range(len(rows))])}
    for place, name in enumerate(head[:-1]):
        raw = pa.array([row[place] or None for row in rows], pa.string())
        held[name] = canonical(raw, columns[name])
    return spells_of(complete(held, len(rows)))


def as_markdown() -> str:
    """docs/reference/spec.md."""
    parts = [HEADING]
    for spec in SPECS:
        head, rows = cells(spec)
        parts.append(f"\n## `{spec.definition}`: `{spec.criterion}`\n\n{spec.says[0].upper()}{spec.says[1:]}.\n")
        lines = [
            head,
            ["---"] * len(head),
            *([f"`{cell}`" if cell else "" for cell in row[:-1]] + row[-1:] for row in rows),
        ]
        parts.append(
            "\n".join("| " + " | ".join(cell.replace("||", "\\|\\|") for cell in line) + " |" for line in lines)
        )
        parts.append("")
    return "\n".join(parts)
