"""Writes docs/reference/atoms.md, the reviewed table of statements: python -m tests.care.written"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from facetwise.guidance import codelists
from facetwise.information.content import chapters, conflicts, statements, terms
from facetwise.information.model.sentence import Sentence
from facetwise.information.model.statement import Statement
from facetwise.language.codes import CodeList
from facetwise.library import DEFINITIONS, POLICIES

_HEAD = """# Statements of the sources

For a reviewer of the text for patients. The library began with 5 public documents. Each thing that they say is a statement. It is in
sentences that patients read, in the points of difference shown to clinicians (D1 to D32), in rules of the library, or left out with a reason.
{carried} of {every} are used, {left_out} are left out. `python -m tests.care.written` writes this page; the tests compare it.

| statement | type | what it says, in our words | place | sentences | differences | rules, or why it is left out |
| --- | --- | --- | --- | --- | --- | --- |
"""


@dataclass(frozen=True)
class Coverage:
    """Where a statement went: sentences for patients, conflicts for clinicians, rules of the library; or the reason."""

    statement: Statement
    sentences: tuple[str, ...]
    conflicts: tuple[str, ...]
    rules: tuple[str, ...]
    left_out: str

    @property
    def is_carried(self) -> bool:
        return bool(self.sentences or self.conflicts or self.rules)


def every_sentence() -> tuple[Sentence, ...]:
    """Every sentence that any patient may read, each once."""
    return tuple(dict.fromkeys(_sentences()))


def _sentences() -> Iterator[Sentence]:
    for chapter in chapters():
        yield from (part for part in chapter.parts if isinstance(part, Sentence))
    for conflict in conflicts().values():
        yield from conflict.fixed
        for option in conflict.options:
            yield from option.sentences
    yield from (term.sentence for term in terms())


def coverage() -> tuple[Coverage, ...]:
    """One row for each statement, in the order of the sources."""
    sentences = every_sentence()
    return tuple(
        Coverage(
            statement,
            tuple(sentence.id for sentence in sentences if statement in sentence.statements),
            tuple(
                conflict.id
                for conflict in conflicts().values()
                if any(statement in position.statements for position in conflict.positions)
            ),
            tuple(rule for rule in statement.by if is_rule(rule)),
            statement.left_out,
        )
        for statement in statements().values()
    )


def is_rule(name: str) -> bool:
    """It names a criterion ('ebi-2k/adult'), a policy's stop ('ebi-2k-guidance/stops') or a list ('codes:BACK_PAIN')."""
    if name.startswith("codes:"):
        return isinstance(getattr(codelists, name.removeprefix("codes:"), None), CodeList)
    owner, _, criterion = name.partition("/")
    if owner in POLICIES:
        policy = POLICIES[owner]
        stops = {"stops"} if policy.stops else set()
        return criterion in {found.id for found in policy.criteria} | stops
    return owner in DEFINITIONS and criterion in {found.id for found in DEFINITIONS[owner].criteria}


def as_markdown() -> str:
    rows = coverage()
    carried = sum(row.is_carried for row in rows)
    head = _HEAD.format(carried=carried, every=len(rows), left_out=len(rows) - carried)
    return head + "".join(_row(row) for row in rows)


def _row(row: Coverage) -> str:
    statement = row.statement
    cells = (
        statement.id,
        statement.type.value,
        statement.says,
        f"{statement.source.id}, {statement.place}",
        ", ".join(row.sentences),
        ", ".join(row.conflicts),
        ", ".join(row.rules) or row.left_out,
    )
    return f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    Path("docs/reference/atoms.md").write_text(as_markdown(), encoding="utf-8")
