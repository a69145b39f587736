"""Every atom of the five sources: what carries it, computed, or why it is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from facetwise.guidance import codelists
from facetwise.information.leaflet import CHAPTERS
from facetwise.information.model import words
from facetwise.information.model.sentence import Sentence
from facetwise.information.positions import CONFLICTS
from facetwise.information.statements.atom import Atom
from facetwise.information.statements.table import ATOMS
from facetwise.language.codes import CodeList
from facetwise.library import DEFINITIONS, POLICIES


@dataclass(frozen=True)
class Carriage:
    """Where an atom went: sentences for patients, conflicts shown to clinicians, rules of the library; or the reason."""

    atom: Atom
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
    for chapter in CHAPTERS:
        yield from (part for part in chapter.parts if isinstance(part, Sentence))
    for found in CONFLICTS.values():
        yield from found.fixed
        for option in found.options:
            yield from option.sentences
    yield from (term.sentence for term in words.TERMS)


def carriages() -> tuple[Carriage, ...]:
    """One row for each atom, in the order of the sources."""
    sentences = every_sentence()
    return tuple(
        Carriage(
            atom,
            tuple(sentence.id for sentence in sentences if atom.id in sentence.atoms),
            tuple(
                found.id
                for found in CONFLICTS.values()
                if any(atom.id in position.atoms for position in found.positions)
            ),
            tuple(rule for rule in atom.by if is_rule(rule)),
            atom.left_out,
        )
        for atom in ATOMS.values()
    )


def is_rule(name: str) -> bool:
    """It names a criterion ('ebi-2k/adult'), a policy's stop ('ebi-2k-guidance/stops') or a list ('codes:BACK_PAIN')."""
    if name.startswith("codes:"):
        return isinstance(getattr(codelists, name.removeprefix("codes:"), None), CodeList)
    holder, _, criterion = name.partition("/")
    if holder in POLICIES:
        policy = POLICIES[holder]
        stops = {"stops"} if policy.stops else set()
        return criterion in {found.id for found in policy.criteria} | stops
    return holder in DEFINITIONS and criterion in {found.id for found in DEFINITIONS[holder].criteria}
