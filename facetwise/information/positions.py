"""The clinic's choice on each point where the five sources differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from facetwise.errors import UsageError, nearest
from facetwise.information.content import conflicts
from facetwise.information.model.position import Conflict, Option


def conflict(name: str) -> Conflict:
    """The conflict of that id. Errors: UsageError, with the nearest known id."""
    if name not in conflicts():
        raise UsageError(f"There is no conflict '{name}'." + nearest(name, conflicts()))
    return conflicts()[name]


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
        """The option that the patient reads on that conflict."""
        return conflict(name).option(dict(self.picked).get(name, conflict(name).default.id))
