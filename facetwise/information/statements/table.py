"""The atoms of the five sources by id, and the places of those that a text carries."""

from collections.abc import Iterable
from types import MappingProxyType

from facetwise.errors import PolicyError, nearest
from facetwise.information.statements import bupa, cleveland, ebi, ebi_summary, mayo
from facetwise.information.statements.atom import Atom
from facetwise.language.citation import Cite

ATOMS = MappingProxyType(
    {
        atom.id: atom
        for atom in (
            *bupa.ATOMS,
            *cleveland.ATOMS,
            *ebi.ATOMS,
            *mayo.ATOMS,
            *ebi_summary.ATOMS,
        )
    }
)


def atom(name: str) -> Atom:
    """The atom of that id. Errors: PolicyError, with the nearest known id."""
    if name not in ATOMS:
        raise PolicyError(f"There is no atom '{name}'." + nearest(name, ATOMS))
    return ATOMS[name]


def cites_of(names: Iterable[str]) -> tuple[Cite, ...]:
    """The places of those atoms, in the order given."""
    return tuple(atom(name).cite for name in names)
