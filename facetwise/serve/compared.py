"""The definitions compared: how they differ in words, and by which criteria they part."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from facetwise.language.definition import Definition
from facetwise.measure.result import CountResult, DiffResult


@dataclass(frozen=True)
class Parted:
    """The criterion that left out most of the spells that only the other counts."""

    criterion: str
    spells: int


@dataclass(frozen=True)
class Sibling:
    """A definition beside the main one.

    main_leaves_out_by: by what the main one mostly leaves out the spells that only this one counts; it_leaves_out_by:
    the reverse.
    """

    result: CountResult
    differs: str
    both: int
    only_it: int
    only_main: int
    main_leaves_out_by: Parted | None
    it_leaves_out_by: Parted | None


def sibling(result: CountResult, difference: DiffResult) -> Sibling:
    """One sibling's count and its difference from the main definition."""
    main, other = difference.definitions
    return Sibling(
        result=result,
        differs=differs(main, other),
        both=difference.both,
        only_it=difference.only_b,
        only_main=difference.only_a,
        main_leaves_out_by=_most(difference, other.id),
        it_leaves_out_by=_most(difference, main.id),
    )


def _most(difference: DiffResult, only: str) -> Parted | None:
    """Among the spells that only this definition counts, the other's criterion that left most of them out."""
    seen: Counter[str] = Counter()
    for parting in difference.parted_by:
        if parting.only == only:
            seen.update(dict.fromkeys(parting.criteria, parting.spells))
    if not seen:
        return None
    criterion, spells = min(seen.items(), key=lambda item: (-item[1], item[0]))
    return Parted(criterion, spells)


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
