"""Disclosure control: tables as they may leave, by a named profile.

| true number | hes-2018 shows | so a reader knows |
|---|---|---|
| 0 | 0 | 0 |
| 1 to 7 | * | 1 to 7 |
| 8 to 12 | 10 | 8 to 12 |
| 13 to 17 | 15 | 13 to 17 |
| a total | the rounded sum of the true numbers | as above |
| hidden for another's sake | * | 1 or more; nothing in a column where noughts are hidden too |

What that leaves to be worked out: eight hidden parts under a total of 8 (shown 10) are one each, and a hidden part beside a
national total that is not rounded may be the rest of it. So numbers are let out one after another, the headline first and
the finest last (see `releasing`), and none is by which a number from 1 to 7, shown or left over between shown ones, could be
narrowed to one value. Numbers of one name in two tables are one number and hidden in both.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from facetwise.disclosure.bound_propagation import Bounds
from facetwise.disclosure.protected_tables import HIDDEN, Figure, Released, released
from facetwise.disclosure.secondary_suppression import Releasing
from facetwise.disclosure.tables import Sheet
from facetwise.errors import UsageError, nearest
from facetwise.language.citation import Cite, Read, Source

HES_DISCLOSURE = Source(
    id="hes-disclosure-2018",
    title="Disclosure control methodology for Hospital Episode Statistics and Emergency Care Data Set",
    publisher="NHS Digital, now NHS England",
    version="from September 2018",
    url="https://digital.nhs.uk/data-and-information/data-tools-and-services/data-services/hospital-episode-statistics/"
    "change-to-disclosure-control-methodology-for-hes-and-ecds-from-september-2018",
    read=Read.PARTIAL,
)


@dataclass(frozen=True)
class Profile:
    """A rule of disclosure. hides: counts from 1 to this are hidden; to_nearest: the others are rounded to it."""

    id: str
    says: str
    hides: int
    to_nearest: int
    cite: Cite | None = None

    @property
    def is_open(self) -> bool:
        """Whether everything is shown as it is."""
        return not self.hides and self.to_nearest == 1

    def shows(self, count: int) -> Figure:
        """A count as the rule alone has it."""
        if 1 <= count <= self.hides:
            return HIDDEN
        return (count + self.to_nearest // 2) // self.to_nearest * self.to_nearest

    def told(self, count: int) -> Bounds:
        """The least and most that a reader of the rule's number can take it for."""
        figure = self.shows(count)
        if not isinstance(figure, int):
            return 1, self.hides
        if not figure:
            return 0, 0
        return max(self.hides + 1, figure - self.to_nearest // 2), figure + (self.to_nearest - 1) // 2


HES_2018 = Profile(
    id="hes-2018",
    says="Counts of 1 to 7 are hidden, others are rounded to the nearest 5, and totals are rounded sums.",
    hides=7,
    to_nearest=5,
    cite=Cite(HES_DISCLOSURE, "counts below national level"),
)
NONE = Profile(id="none", says="Nothing is hidden and nothing is rounded.", hides=0, to_nearest=1)
PROFILES = MappingProxyType({profile.id: profile for profile in (HES_2018, NONE)})


def profile_named(name: str) -> Profile:
    """The profile of that name. Errors: UsageError with the nearest known name."""
    if name not in PROFILES:
        raise UsageError(f"There is no disclosure profile '{name}'." + nearest(name, PROFILES))
    return PROFILES[name]


def protect(sheet: Sheet, profile: Profile, is_national: bool = False) -> Released:
    """The tables of a sheet as they may leave.

    is_national: the whole is the nation, so that its numbers stand as they are; those of its parts do not.
    Errors: UsageError for sums that do not add up.
    """
    values, shown = sheet.values(), sheet.shown()
    if profile.is_open:
        return released(sheet, shown, profile.id, True, is_national)
    exact = frozenset(shown) - sheet.local() if is_national else frozenset()
    let_out = Releasing(sheet, values, shown, exact, profile.hides, profile.told).done()
    figures = {
        name: HIDDEN if name in let_out.hidden else value if name in exact else profile.shows(value)
        for name, value in shown.items()
    }
    return released(sheet, figures, profile.id, False, is_national, let_out.withheld, exact)
