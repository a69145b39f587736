"""Every definition and every policy of the library, by id."""

from collections.abc import Sequence
from types import MappingProxyType

from facetwise.errors import UsageError, nearest
from facetwise.guidance.definitions import (
    any_v48,
    ebi_2k,
    ebi_2k_listed,
    ebi_2k_null_diagnoses,
    nhp_data_2026,
    nhp_sql_2024,
)
from facetwise.guidance.policies import (
    aetna_0016,
    australia_mbs,
    bcbs_nd,
    bupa_2018,
    cleveland_2019,
    dutch_nva,
    ebi_2k_guidance,
    evicore_cmm_208,
    german_s3_2023,
    hny_2025,
    mayo_2024,
    medicare_lcd,
    nice_ng59,
    radical_trial,
    tac_victoria,
    tricare_west,
)
from facetwise.guidance.safety import CONTRARY
from facetwise.language.definition import Definition
from facetwise.language.policy import Policy

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


_POLICIES: tuple[Policy, ...] = (
    ebi_2k_guidance.POLICY,
    nice_ng59.POLICY,
    hny_2025.POLICY,
    radical_trial.POLICY,
    medicare_lcd.POLICY,
    evicore_cmm_208.POLICY,
    aetna_0016.POLICY,
    bcbs_nd.POLICY,
    tricare_west.POLICY,
    tac_victoria.POLICY,
    german_s3_2023.POLICY,
    dutch_nva.POLICY,
    australia_mbs.POLICY,
    cleveland_2019.POLICY,
    bupa_2018.POLICY,
    mayo_2024.POLICY,
)
POLICIES = MappingProxyType({policy.id: policy for policy in _POLICIES})


def policy(name: str) -> Policy:
    """The policy of that id. Errors: UsageError with the nearest known id."""
    if name not in POLICIES:
        if name == CONTRARY.id:
            raise UsageError(
                f"'{name}' is no policy but a contrary recommendation: it asks for no criteria, and stands beside every answer of "
                f"`decide`. Name a policy: {', '.join(POLICIES)}."
            )
        counts = f" '{name}' is a counting definition: it says nothing of one patient." if name in DEFINITIONS else ""
        raise UsageError(f"There is no policy '{name}'.{counts}" + nearest(name, POLICIES))
    return POLICIES[name]


def policies_named(names: str | Policy | Sequence[str | Policy] | None) -> tuple[Policy, ...]:
    """One policy or several, by id or as they are, each once; every one where none is given. Errors: UsageError."""
    if names is None:
        return tuple(POLICIES.values())
    many = (names,) if isinstance(names, str | Policy) else tuple(names)
    return tuple(dict.fromkeys(item if isinstance(item, Policy) else policy(item) for item in many))
