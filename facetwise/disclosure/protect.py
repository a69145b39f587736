"""Disclosure control: protected tables, by a named profile.

`hes-2018` is NHS Digital's rule for Hospital Episode Statistics of September 2018:

| true number | shown | so a reader knows |
|---|---|---|
| 0 | 0 | 0 |
| 1 to 7 | * | 1 to 7 |
| 8 to 12 | 10 | 8 to 12 |
| 13 to 17 | 15 | 13 to 17 |
| a total | the rounded sum of the true numbers | as above |
| suppressed for another's sake | * | 1 or more; nothing in a column where zeros are hidden too |

The rule alone leaves something to be recovered: eight hidden parts under a total of 8 (shown 10) are one each, and a hidden
part beside a national total that is not rounded may be the rest of it. So what the rule shows is audited whole, and where a
number from 1 to 7, shown or left over between shown ones, would be recoverable, secondary suppressions are added. Numbers of
one name in two tables are one number and hidden in both.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from facetwise.disclosure.protected_tables import HIDDEN, ProtectedNumber, ProtectedTables, apply
from facetwise.disclosure.secondary_suppression import Bounds, SuppressionPlanner
from facetwise.disclosure.tables import LinkedTables
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

    def rounded(self, count: int) -> ProtectedNumber:
        """A count by the rule alone."""
        if 1 <= count <= self.hides:
            return HIDDEN
        return (count + self.to_nearest // 2) // self.to_nearest * self.to_nearest

    def bounds_of_shown(self, count: int) -> Bounds:
        """The least and most that a count may be to a reader who sees what the rule shows of it."""
        shown = self.rounded(count)
        if not isinstance(shown, int):
            return 1, self.hides
        if not shown:
            return 0, 0
        return max(self.hides + 1, shown - self.to_nearest // 2), shown + (self.to_nearest - 1) // 2


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


def protect(linked: LinkedTables, profile: Profile, is_national: bool = False) -> ProtectedTables:
    """Linked tables protected by a profile: the rule first, then secondary suppression.

    is_national: the whole is the nation, so that its numbers stand as they are; those of its parts do not.
    Errors: UsageError for sums that do not add up.
    """
    shown = linked.shown()
    if profile.is_open:
        linked.values()  # refuses wrong sums here as well
        return apply(linked, shown, profile.id, True, is_national)
    exact = frozenset(shown) - linked.local() if is_national else frozenset()
    pattern = SuppressionPlanner(linked, exact, profile.hides, profile.bounds_of_shown).pattern()
    numbers = {
        name: HIDDEN if name in pattern.hidden else value if name in exact else profile.rounded(value)
        for name, value in shown.items()
    }
    return apply(linked, numbers, profile.id, False, is_national, pattern.withheld, exact)
