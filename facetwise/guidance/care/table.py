"""The atoms of the five sources by id, and the places of those that a text carries."""

from collections.abc import Iterable
from types import MappingProxyType

from facetwise.errors import PolicyError, nearest
from facetwise.guidance.care import atoms_bupa, atoms_cleveland, atoms_ebi, atoms_ebi_summary, atoms_mayo
from facetwise.guidance.care.atom import Atom
from facetwise.language.citation import Cite

ATOMS = MappingProxyType(
    {
        atom.id: atom
        for atom in (
            *atoms_bupa.ATOMS,
            *atoms_cleveland.ATOMS,
            *atoms_ebi.ATOMS,
            *atoms_mayo.ATOMS,
            *atoms_ebi_summary.ATOMS,
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
