"""Every point on which the five sources differ (D1 to D32), and the clinic's pick on each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from facetwise.errors import UsageError, nearest
from facetwise.information.disagreements import after, course, day, offer, outcome, preparing
from facetwise.information.model.position import Conflict, Option

_EVERY = (
    *offer.CONFLICTS,
    *day.CONFLICTS,
    *preparing.CONFLICTS,
    *after.CONFLICTS,
    *course.CONFLICTS,
    *outcome.CONFLICTS,
)
CONFLICTS = MappingProxyType({found.id: found for found in sorted(_EVERY, key=lambda found: int(found.id[1:]))})


def conflict(name: str) -> Conflict:
    """The conflict of that id. Errors: UsageError, with the nearest known id."""
    if name not in CONFLICTS:
        raise UsageError(f"There is no conflict '{name}'." + nearest(name, CONFLICTS))
    return CONFLICTS[name]


@dataclass(frozen=True)
class ClinicChoices:
    """What the clinic advises where the sources differ: picked once, by (conflict, option). The rest is the default."""

    picked: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        names = [name for name, _ in self.picked]
        for name, option in self.picked:
            conflict(name).option(option)
            if names.count(name) > 1:
                raise UsageError(f"'{name}' is picked more than once. The patient reads one text: pick one option.")

    @staticmethod
    def of(options: Mapping[str, str]) -> ClinicChoices:
        """ClinicChoices.of({'D16': 'until-told'}). Errors: UsageError, with the nearest known id."""
        return ClinicChoices(tuple(sorted(options.items())))

    def option(self, name: str) -> Option:
        """What is told on that conflict."""
        return conflict(name).option(dict(self.picked).get(name, conflict(name).default.id))
