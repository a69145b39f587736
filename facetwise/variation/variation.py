"""How a definition's spells differ from place to place: shares, rates, and which places chance alone does not explain."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from facetwise import plural
from facetwise.count.count import COVERAGE
from facetwise.errors import InputError, UsageError
from facetwise.guidance.definitions import any_v48
from facetwise.guidance.standard_population import ESP_2013
from facetwise.language.definition import Definition
from facetwise.lookups.commissioning_boards import MOST_MISSING, Boards
from facetwise.lookups.csv_rows import some
from facetwise.lookups.organisations import NO_SUCCESSORS, Successors
from facetwise.lookups.populations import Populations, Reference
from facetwise.spells.dimensions import DIMENSIONS
from facetwise.statistics.funnels import Kind, Limits, funnel_limits
from facetwise.statistics.overdispersion import Overdispersion, estimate_overdispersion, inflated_limits
from facetwise.statistics.rates import Estimate, byar, dsr, isr, wilson
from facetwise.variation.counts_by_place import NOTHING, By, Months, PlaceCounts, Placed, placed
from facetwise.variation.results import UNKNOWN_PLACE, InFunnel, Measured, Place, Variation

OWN_TOTAL = "the input's own total"
_OUTER = 0.998
_WHOLE = 0.9
_STANDARD = "Expected at the rates of {}; standardised by the European Standard Population 2013."
_NO_DIRECT = "No direct rate stands for fewer than ten counted spells, or where nobody lives in one of the age bands."
Counts = Mapping[str | None, PlaceCounts]


@dataclass(frozen=True)
class ReferenceFiles:
    """What the user gives beside the activity, each of it dated.

    at: the day whose providers stand; the last of the activity unless told. covers: the months that count; else the first
    to the last of the activity. level: as `estimate_overdispersion`.
    """

    successors: Successors | None = None
    at: date | None = None
    sites_to_trusts: bool = False
    boards: Boards | None = None
    populations: Populations | None = None
    reference: Reference | None = None
    covers: Months | None = None
    level: float | None = 0.05

    @property
    def carries(self) -> bool:
        """Whether places are those that stand on a day, not those recorded."""
        return self.successors is not None or self.sites_to_trusts or self.boards is not None


def variation(
    inputs: Sequence[str | Path],
    definition: Definition,
    by: By = "provider",
    beside: ReferenceFiles | None = None,
    *,
    denominator: Definition = any_v48.DEFINITION,
    layout: str = "auto",
    threads: int = 2,
    on_rows: Callable[[int], None] | None = None,
) -> Variation:
    """A definition from place to place: its share of the denominator, and rates where populations are given.

    by: provider or commissioner. Rates are per 100,000 people a year. Errors: InputError (a lookup, or people, for the wrong
    year or the wrong places), UsageError, EngineError.
    """
    given = beside or ReferenceFiles()
    _refuse_mismatch(by, given)
    ages, covers = given.populations is not None, given.covers
    pair = (definition, denominator)
    found = placed(inputs, pair, by, layout=layout, threads=threads, by_age=ages, covers=covers, on_rows=on_rows)
    counts, notes = _standing(found, by, given)
    standing = tuple(notes)
    shown = {place: one for place, one in counts.items() if one.whole.asked or one.whole.counted or one.whole.unknown}
    places = [_share(place, one, definition is not denominator) for place, one in sorted(shown.items(), key=_order)]
    share_funnel = ratio_funnel = None
    if definition is not denominator:
        places, share_funnel = _in_share_funnel(places, counts, given.level)
    if given.populations is not None:
        people, told = _people(found, counts, shown, given.populations)
        places, ratio_funnel, of_rates = _with_rates(places, counts, people, given)
        notes += [*told, *of_rates]
    return Variation(
        definition=definition,
        denominator=denominator,
        by=by,
        input=found.input,
        months=_months(found),
        years=found.years,
        span=found.span,
        reference=_reference_name(given),
        places=tuple(places),
        share_funnel=share_funnel,
        ratio_funnel=ratio_funnel,
        notes=(*found.notes, *notes, *_caveats(found, definition, denominator, counts, shown), COVERAGE),
        standing=standing,
        is_carried=given.carries,
    )


def _with_rates(
    places: list[Place], counts: Counts, people: Mapping[str | None, Sequence[float]], given: ReferenceFiles
) -> tuple[list[Place], Overdispersion | None, tuple[str, ...]]:
    """The places with their rates and where each lies among the ratios, the funnel, and what to say of the rates."""
    reference = (given.reference or _own_total(counts, people)).checked()
    rated = [_rates(place, counts[_code(place)], people.get(_code(place)), reference) for place in places]
    rated, funnel = _in_ratio_funnel(rated, counts, given.level)
    refused = any(place.crude and not (place.dsr and place.dsr.value is not None) for place in rated)
    return rated, funnel, (_STANDARD.format(reference.name), *([_NO_DIRECT] if refused else []))


def _reference_name(given: ReferenceFiles) -> str | None:
    if given.populations is None:
        return None
    return given.reference.name if given.reference else OWN_TOTAL


def _refuse_mismatch(by: By, given: ReferenceFiles) -> None:
    if by not in ("provider", "commissioner"):
        raise UsageError(f"Places cannot be by '{by}'. Give provider or commissioner.")
    if by == "provider" and given.boards is not None:
        raise UsageError("A lookup of boards is for commissioners, and places are by provider. Leave it out.")
    if by == "commissioner" and (given.successors is not None or given.at is not None or given.sites_to_trusts):
        raise UsageError("Successors and sites are of providers, and places are by commissioner. Leave them out.")
    if given.at is not None and given.successors is None and not given.sites_to_trusts:
        raise UsageError("A day says which successors stand, and no file of successors is given. Give it.")
    if given.reference is not None and given.populations is None:
        raise UsageError("A reference gives rates, and no populations are given to hold against it. Give them.")


def _standing(found: Placed, by: By, given: ReferenceFiles) -> tuple[Counts, list[str]]:
    """The counts under the organisations that stand, and what to say of it."""
    codes = [place for place in found.places if place is not None]
    if by == "commissioner" and given.boards is not None:
        spells = {code: found.places[code].whole.looked_at for code in codes}
        boarded = given.boards.of(spells, found.years)
        return _added(found.places, boarded.codes), list(boarded.notes)
    if by == "provider" and (given.successors is not None or given.sites_to_trusts):
        at = given.at or found.last_day
        if at is None:
            raise UsageError("No admission has a date, so the day whose trusts stand is not known. Name it.")
        carried = (given.successors or NO_SUCCESSORS).at(at, codes, given.sites_to_trusts)
        return _added(found.places, carried.codes), list(carried.notes)
    return found.places, []


def _added(places: Counts, codes: Mapping[str, str]) -> Counts:
    held: dict[str | None, PlaceCounts] = {}
    for code, one in places.items():
        under = None if code is None else codes[code]
        held[under] = held.get(under, NOTHING) + one
    return held


def _order(item: tuple[str | None, PlaceCounts]) -> tuple[bool, str]:
    return item[0] is None, item[0] or ""


def _code(place: Place) -> str | None:
    return None if place.place == UNKNOWN_PLACE else place.place


def _share(code: str | None, one: PlaceCounts, is_share: bool) -> Place:
    whole = one.whole
    share = None
    if is_share:
        upper = wilson(whole.counted_in + whole.unknown_in, whole.asked).value
        share = _measured(lambda level: wilson(whole.counted_in, whole.asked, level), upper)
    return Place(code or UNKNOWN_PLACE, whole.counted, whole.unknown, whole.asked, share)


def _measured(estimate: Callable[[float], Estimate], upper: float | None) -> Measured:
    inner, outer = estimate(0.95), estimate(_OUTER)
    return Measured(inner.value, inner.low, inner.high, outer.low, outer.high, None if inner.value is None else upper)


def _people(
    found: Placed, counts: Counts, shown: Counts, populations: Populations
) -> tuple[dict[str | None, tuple[float, ...]], list[str]]:
    """Person-years by place and age band, and what to say of them. Errors: InputError where they are for other places."""
    span = _years_at_risk(found)
    for names in populations.areas:
        if len(twins := [code for code in names if code in counts]) > 1:
            raise InputError(
                f"{some(twins)} are one area of {populations.name}, and spells name it both ways. Carry them to one code."
            )
    notes = list(populations.standing_for(found.years))
    known: dict[str | None, tuple[float, ...]] = {
        code: tuple(n * span for n in populations.bands[code])
        for code in counts
        if code is not None and code in populations.bands
    }
    spells = {code: one.whole.counted + one.whole.unknown for code, one in shown.items() if code is not None}
    missing = sorted(code for code in spells if code not in known)
    lost, whole = sum(spells[code] for code in missing), sum(spells.values())
    if not known or (whole and lost / whole > MOST_MISSING):
        raise InputError(
            f"{populations.name} has no people for {some(missing or ['any place of the activity'])}, where {lost:,} of "
            f"{whole:,} counted or unknown spells are: people for the wrong year, or other places. Give those of the codes "
            "that the activity holds, or a lookup that leads to them."
        )
    if missing:
        notes.append(
            f"No people are known for {some(missing)} ({lost:,} of {plural.pluralise(whole, 'spell', 'spells')}): no rate there."
        )
    absent = sum(1 for codes in populations.areas if not known.keys() & set(codes))
    if absent:
        name = populations.name
        areas = plural.pluralise(absent, f"area of {name} has", f"areas of {name} have")
        notes.append(f"{areas} no spell of any kind in this data, and no line here.")
    return known, notes


def _years_at_risk(found: Placed) -> float:
    """How many years the counts are of. Errors: InputError where the activity does not tell.

    A file of one year also holds those who were admitted years before and left in it. Spells like the ones counted are
    short: where their months come to much less than those of all admissions, the file is not whole before them.
    """
    if found.span is None or found.months is None:
        raise InputError(
            "No admission has a date, so how long the people were at risk is not known. Rates cannot be given."
        )
    first, last = found.found_in or found.months
    if not found.is_asked and (last - first + 1) < _WHOLE * (found.months[1] - found.months[0] + 1):
        months, (begun, ended) = _months(found), (DIMENSIONS["month"].label(month) for month in (first, last))
        raise InputError(
            f"Admissions run from {' to '.join(months or ())}, and the spells counted from {begun} to {ended}: which months "
            "the activity holds whole cannot be told, and a rate is of those. Name them, as --covers 2018-04:2019-03."
        )
    return found.span


def _own_total(counts: Counts, people: Mapping[str | None, Sequence[float]]) -> Reference:
    """The counts and person-years of every place whose people are known, by age band."""
    events = [[tally.counted for tally in counts[code].bands] for code in people]
    return Reference(
        OWN_TOTAL,
        tuple(float(sum(band)) for band in zip(*events, strict=True)),
        tuple(sum(band) for band in zip(*people.values(), strict=True)),
    )


def _rates(place: Place, one: PlaceCounts, people: Sequence[float] | None, reference: Reference) -> Place:
    ageless = one.ageless.counted + one.ageless.unknown
    if people is None:
        return replace(place, ageless=ageless)
    counted = [float(tally.counted) for tally in one.bands]
    more = [float(tally.counted + tally.unknown) for tally in one.bands]
    can_place = not ageless
    whole, expected = sum(people), _expected(people, reference)
    upper = byar(one.whole.counted + one.whole.unknown, whole).value
    direct = all(number > 0 for number in people)

    def indirect(events: float, level: float = 0.95, multiplier: float = 100_000) -> Estimate:
        return isr(events, people, reference.counts, reference.people, level, multiplier)

    crude_rate = sum(reference.counts) / sum(reference.people)
    of_one = 1 / crude_rate if crude_rate else 0.0
    return replace(
        place,
        ageless=ageless,
        person_years=whole,
        expected=expected,
        crude=_measured(lambda level: byar(one.whole.counted, whole, level), upper),
        dsr=_measured(
            lambda level: dsr(counted, people, ESP_2013, level),
            dsr(more, people, ESP_2013).value if can_place else None,
        )
        if direct
        else None,
        isr=_measured(lambda level: indirect(sum(counted), level), indirect(sum(more)).value if can_place else None),
        ratio=_measured(
            lambda level: indirect(sum(counted), level, of_one),
            indirect(sum(more), multiplier=of_one).value if can_place else None,
        ),
    )


def _expected(people: Sequence[float], reference: Reference) -> float:
    strata = zip(people, reference.counts, reference.people, strict=True)
    return sum(number * counted / whole for number, counted, whole in strata)


def _in_share_funnel(
    places: list[Place], counts: Counts, level: float | None
) -> tuple[list[Place], Overdispersion | None]:
    """Each place with somebody asked in the funnel of shares about the share of all of them; 'unknown' is no place."""
    held = {p.place: counts[_code(p)].whole for p in places if p.place != UNKNOWN_PLACE and p.asked}
    asked = sum(tally.asked for tally in held.values())
    if not asked:
        return places, None
    target = sum(tally.counted_in for tally in held.values()) / asked
    events = {name: (tally.counted_in, tally.counted_in + tally.unknown_in) for name, tally in held.items()}
    found, inside = _funnel(target, events, {name: tally.asked for name, tally in held.items()}, "proportion", level)
    return [replace(place, share_funnel=inside.get(place.place)) for place in places], found


def _in_ratio_funnel(
    places: list[Place], counts: Counts, level: float | None
) -> tuple[list[Place], Overdispersion | None]:
    """Each place with anything expected in the funnel of counted over expected, about 1."""
    expected = {p.place: p.expected for p in places if p.expected}
    if not expected:
        return places, None
    events = {}
    for name in expected:
        bands = counts[name].bands
        counted = sum(tally.counted for tally in bands)
        events[name] = counted, counted + sum(tally.unknown for tally in bands)
    found, inside = _funnel(1, events, expected, "ratio", level)
    return [replace(place, ratio_funnel=inside.get(place.place)) for place in places], found


def _funnel(
    target: float,
    events: Mapping[str, tuple[int, int]],
    denominators: Mapping[str, float],
    kind: Kind,
    level: float | None,
) -> tuple[Overdispersion, dict[str, InFunnel]]:
    """The overdispersion of the places, and where each lies. events: counted, and counted with the unknown ones."""
    sizes = [denominators[name] for name in events]
    found = estimate_overdispersion(target, [counted for counted, _ in events.values()], sizes, kind, level=level)
    exact = funnel_limits(target, sizes, kind)
    wide = inflated_limits(found, sizes)
    inside = {
        name: InFunnel(
            limits, *(position(n / limits[0], by) for n, by in ((low, limits), (low, narrow), (high, limits)))
        )
        for (name, (low, high)), limits, narrow in zip(events.items(), wide, exact, strict=True)
    }
    return found, inside


def position(value: float, limits: Limits) -> str:
    """Where a value lies: below-99.8, below-95, within, above-95 or above-99.8; on a limit is within it."""
    _, low_95, high_95, low_998, high_998 = limits
    if low_95 is None or high_95 is None or low_998 is None or high_998 is None:
        raise UsageError("A funnel has no limits where nobody was asked. Leave the place out.")
    if value < low_95:
        return "below-99.8" if value < low_998 else "below-95"
    if value > high_95:
        return "above-99.8" if value > high_998 else "above-95"
    return "within"


def _months(found: Placed) -> tuple[str, str] | None:
    label = DIMENSIONS["month"].label
    return None if found.months is None else (label(found.months[0]), label(found.months[1]))


def _caveats(
    found: Placed, definition: Definition, denominator: Definition, counts: Counts, shown: Counts
) -> list[str]:
    """What a reader of the figures has to know."""
    told = []
    months = _months(found)
    if months:
        told.append(f"Admissions of {months[0]} to {months[1]}: {found.span:.2f} years.")
    if found.is_asked:
        told.append(
            f"Left out: {plural.pluralise(found.outside, 'counted or unknown spell', 'counted or unknown spells')} of other months, and "
            f"{found.dateless:,} without an admission date."
        )
    elif found.dateless:
        told.append(
            f"{plural.pluralise(found.dateless, 'counted or unknown spell has', 'counted or unknown spells have')} no admission date, "
            "and are counted all the same."
        )
    beyond = sum(one.whole.counted - one.whole.counted_in for one in counts.values())
    if beyond and definition is not denominator:
        told.append(
            f"{plural.pluralise(beyond, 'counted spell is', 'counted spells are')} not in the denominator ({denominator.id}), and in no share."
        )
    lacking = counts.get(None, NOTHING).whole
    if lacking.counted or lacking.unknown:
        told.append(
            f"Spells that name no place, and are in no funnel: {lacking.counted:,} counted, {lacking.unknown:,} unknown."
        )
    if len(counts) > len(shown):
        hidden = plural.pluralise(len(counts) - len(shown), "place has", "places have")
        told.append(f"{hidden} no such spell, and no line here.")
    if any(one.whole.unknown for one in counts.values()):
        told.append(
            "A figure is a lower bound where spells are unknown; beside it stands the one with all of them counted."
        )
    told.append(
        "By chance alone, of a hundred places five lie outside the 95 % limits, and one in five hundred outside 99.8 %."
    )
    return told
