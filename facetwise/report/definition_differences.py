"""How definitions differ, in words."""

from __future__ import annotations

from facetwise.language.definition import Definition


def differs(main: Definition, other: Definition) -> str:
    """One sentence on how another definition's criteria differ from the main one's, from the criteria themselves."""
    asked = {criterion.id: criterion for criterion in main.criteria}
    kept = {criterion.id for criterion in other.criteria}
    otherwise = [c for c in other.criteria if c.id in asked and c.met_when != asked[c.id].met_when]
    as_well = [c.id for c in other.criteria if c.id not in asked]
    dropped = [c.id for c in main.criteria if c.id not in kept]
    parts = []
    if otherwise:
        # What one criterion says instead fits in a sentence; what several say stands with the definition.
        instead = f" (“{otherwise[0].says}”)" if len(otherwise) == 1 else ""
        parts.append("puts " + _listed([c.id for c in otherwise]) + " differently" + instead)
    if as_well:
        parts.append("adds " + _listed(as_well))
    if dropped:
        parts.append("leaves out " + _listed(dropped))
    return f"It {_listed(parts) or 'asks the same'}."


def _listed(names: list[str]) -> str:
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1] if names else "") if part)
