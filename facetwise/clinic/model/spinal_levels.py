"""Which joints lie in which region. Those where two regions meet lie in both."""

from __future__ import annotations

from collections.abc import Iterable

from facetwise.record.field_types import LEVELS

_MEETING = {"C7/T1": ("cervical", "thoracic"), "T12/L1": ("thoracic", "lumbar")}
OF_REGION = {
    name: tuple(level for level in LEVELS if name in _MEETING.get(level, ()) or level[0] == name[0].upper())
    for name in ("cervical", "thoracic", "lumbar")
}


def levels_of(region: str | None, recorded: Iterable[str] = ()) -> tuple[str, ...]:
    """The joints to choose from: those of the region and those recorded; all where the region has none of its own."""
    of_region = OF_REGION.get(region or "", LEVELS)
    always = set(recorded)
    return tuple(level for level in LEVELS if level in of_region or level in always)


def misplaced(region: str | None, levels: Iterable[str]) -> str | None:
    """Why the joints do not lie in the region; None where they do, or either is not known."""
    wrong = [level for level in levels if level not in OF_REGION.get(region or "", LEVELS)]
    if not wrong:
        return None
    verb = "is no joint" if len(wrong) == 1 else "are no joints"
    return f"{', '.join(wrong)} {verb} of the {region} spine. Change the levels, or the region"
