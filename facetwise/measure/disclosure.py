"""Disclosure control: tables as they may leave, by a named profile.

| true number | hes-2018 shows | so a reader knows |
|---|---|---|
| 0 | 0 | 0 |
| 1 to 7 | * | 1 to 7 |
| 8 to 12 | 10 | 8 to 12 |
| 13 to 17 | 15 | 13 to 17 |
| a total | the rounded sum of the true numbers | as above |
| hidden for another's sake | * | nothing |

What that leaves to be worked out, and what is done: eight hidden parts under a total of 8 (shown 10) are one each, and a
hidden part beside a national total that is not rounded may be the rest of it. So wherever a number from 1 to 7, shown or
left over between shown ones, could be narrowed to one value, by one sum after another or by all together, the smallest
further number tied to it is hidden too, until none can. Numbers of one name in two tables are one number and hidden in both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType

from facetwise.errors import UsageError, nearest
from facetwise.language.citation import Cite, Read, Source
from facetwise.measure.narrowing import UNBOUNDED, Bounds, Ties
from facetwise.measure.shown_tables import HIDDEN, Figure, Released, released
from facetwise.measure.tabled import Sheet

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
    hidden = _Hiding(sheet, profile, values, shown, exact).done()
    figures = {
        name: HIDDEN if name in hidden else value if name in exact else profile.shows(value)
        for name, value in shown.items()
    }
    return released(sheet, figures, profile.id, False, is_national)


_GIVEN_BACK = 12  # how many are tried: each costs a look at everything


class _Hiding:
    """Hides numbers until none from 1 to 7 can be worked out."""

    def __init__(
        self, sheet: Sheet, profile: Profile, values: Mapping[str, int], shown: Mapping[str, int], exact: frozenset[str]
    ) -> None:
        self._values, self._shown, self._exact, self._profile = values, shown, exact, profile
        self._ties = Ties(sheet.sums)
        self._local = sheet.local()
        self._small = {n for n, value in shown.items() if n not in exact and 1 <= value <= profile.hides}
        self._others: set[str] = set()
        self._took_noughts = False
        self._kept = frozenset(n for n, value in values.items() if 1 <= value <= profile.hides and not self._is_open(n))

    def _is_open(self, name: str) -> bool:
        """A number of the nation, or what is left over between such numbers: nobody's secret."""
        if name in self._shown:
            return name in self._exact
        tied = self._ties.names(self._ties.of(name))
        return bool(self._exact) and all(other in self._exact for other in tied if other in self._shown)

    def done(self) -> frozenset[str]:
        """The names of all that is hidden."""
        while revealed := self._revealed():
            touched: set[int] = set()
            for name in revealed:
                places = set(self._ties.of(name))
                if not places & touched:  # what is hidden for one may be enough for its neighbour
                    touched |= self._hide_beside(name)
        self._give_back()
        return frozenset(self._small | self._others)

    def _give_back(self) -> None:
        """Show again what was hidden on the way and turns out to guard nothing, the largest first."""
        if self._took_noughts:  # then nobody is to tell why a number is hidden
            return
        whole = sorted(self._others - self._local - self._small, key=lambda one: (-self._values[one], one))
        for name in whole[:_GIVEN_BACK]:
            self._others.discard(name)
            if self._revealed():
                self._others.add(name)

    def _revealed(self) -> list[str]:
        narrowed = self._ties.narrowed({name: self._bounds(name) for name in self._values})
        alone = sorted(name for name in self._kept if narrowed[name][0] == narrowed[name][1])
        if alone or not self._kept:
            return alone
        # Fetched when it is needed: SciPy takes longer to load than most commands take in all.
        together = import_module("facetwise.measure.worked_out")
        found: list[str] = together.worked_out(self._ties.sums, narrowed, self._values, self._kept)
        return found

    def _bounds(self, name: str) -> Bounds:
        if name in self._others or name not in self._shown:
            return 0, UNBOUNDED
        if name in self._exact:
            return self._values[name], self._values[name]
        return self._profile.told(self._values[name])

    def _hide_beside(self, name: str) -> set[int]:
        """Hide the smallest further number tied to one; the sums looked through."""
        seen: set[int] = set()
        reached = {name}
        while new := {place for one in reached for place in self._ties.of(one)} - seen:
            seen |= new
            tied = self._ties.names(sorted(seen))
            further = [one for one in tied if one in self._shown and one not in self._small | self._others]
            if some := [one for one in further if self._values[one]]:
                self._others.add(min(some, key=lambda one: (one in self._exact, self._values[one], one)))
                return seen
            reached |= set(tied)
        # Nothing but hidden numbers and noughts is tied to it. One nought is hidden as well, and from then on a reader
        # cannot tell which of the hidden numbers are small.
        self._took_noughts = True
        noughts = [one for one in self._ties.names(self._ties.of(name)) if one in self._shown and not self._values[one]]
        self._others |= set(noughts[:1]) | {one for one in self._ties.names(sorted(seen)) if one in self._small}
        self._others.add(name)
        return seen
