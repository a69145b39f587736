"""Writes docs/reference/atoms.md, the reviewed table of atoms: python -m tests.care.written"""

from pathlib import Path

from facetwise.information.atoms import Carriage, carriages

_HEAD = """# Statements of the sources

For a reviewer of the text for patients. The library began with 5 public documents. Each thing that they say is a statement (atom). It is in
sentences that patients read, in the points of difference shown to clinicians (D1 to D32), in rules of the library, or left out with a reason.
{carried} of {every} are used, {left_out} are left out. `python -m tests.care.written` writes this page; the tests compare it.

| statement | type | what it says, in our words | place | sentences | differences | rules, or why it is left out |
| --- | --- | --- | --- | --- | --- | --- |
"""


def as_markdown() -> str:
    rows = carriages()
    carried = sum(row.is_carried for row in rows)
    head = _HEAD.format(carried=carried, every=len(rows), left_out=len(rows) - carried)
    return head + "".join(_row(row) for row in rows)


def _row(row: Carriage) -> str:
    atom = row.atom
    cells = (
        atom.id,
        atom.type.value,
        atom.says,
        f"{atom.source.id}, {atom.cite.place}",
        ", ".join(row.sentences),
        ", ".join(row.conflicts),
        ", ".join(row.rules) or row.left_out,
    )
    return f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    Path("docs/reference/atoms.md").write_text(as_markdown(), encoding="utf-8")
