"""Every definition of the library, by id."""

from types import MappingProxyType

from facetwise.errors import UsageError, nearest
from facetwise.guidance import any_v48, ebi_2k, ebi_2k_listed, ebi_2k_null_diagnoses, nhp_data_2026, nhp_sql_2024
from facetwise.language.definition import Definition

DEFAULT = ebi_2k.DEFINITION

_ALL: tuple[Definition, ...] = (
    ebi_2k.DEFINITION,
    ebi_2k_null_diagnoses.DEFINITION,
    ebi_2k_listed.DEFINITION,
    nhp_sql_2024.DEFINITION,
    nhp_data_2026.DEFINITION,
    any_v48.DEFINITION,
)
DEFINITIONS = MappingProxyType({definition.id: definition for definition in _ALL})


def definition(name: str) -> Definition:
    """The definition of that id. Errors: UsageError with the nearest known id."""
    if name not in DEFINITIONS:
        raise UsageError(f"There is no definition '{name}'." + nearest(name, DEFINITIONS))
    return DEFINITIONS[name]
