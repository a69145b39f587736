"""Writes docs/reference/atoms.md, the reviewed table of atoms: python -m tests.care.written"""

from pathlib import Path

from facetwise.information.atoms import Carriage, carriages

_HEAD = """# Where every statement of the five sources went

Computed from the patient information, the policies and the code lists (`python -m tests.care.written`); the tests hold it.
A statement (atom) is carried by sentences that patients read, by the conflicts shown to clinicians (D1 to D32), by rules of the
library, or left out with a reason. {carried} of {every} are carried, {left_out} are left out.

| atom | type | what it says, in our words | place | sentences | conflicts | rules, or why it is left out |
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
