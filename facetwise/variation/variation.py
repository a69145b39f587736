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
from facetwise.statistics.overdispersion import Overdispersion
from facetwise.statistics.rates import Estimate, byar, dsr, isr, wilson
from facetwise.variation.counts_by_place import EMPTY_COUNTS, By, CountsByPlace, Months, PlaceCounts, count_by_place
from facetwise.variation.place_funnels import Counts, code_of, in_ratio_funnel, in_share_funnel
from facetwise.variation.results import UNKNOWN_PLACE, Measured, Place, Variation

OWN_TOTAL = "the input's own total"
_OUTER = 0.998
_WHOLE = 0.9
_STANDARD = "Expected at the rates of {}; standardised by the European Standard Population 2013."
_NO_DIRECT = "No direct rate stands for fewer than ten counted spells, or where nobody lives in one of the age bands."


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
    references = beside or ReferenceFiles()
    _refuse_mismatch(by, references)
    ages, covers = references.populations is not None, references.covers
    pair = (definition, denominator)
    counted = count_by_place(
        inputs, pair, by, layout=layout, threads=threads, by_age=ages, covers=covers, on_rows=on_rows
    )
    counts, notes = _standing(counted, by, references)
    standing = tuple(notes)
    in_scope = {place: of_place for place, of_place in counts.items() if _has_spells(of_place)}
    places, share_funnel = _shares(counts, in_scope, definition is not denominator, references.level)
    ratio_funnel = None
    if references.populations is not None:
        people, of_people = _people(counted, counts, in_scope, references.populations)
        places, ratio_funnel, of_rates = _with_rates(places, counts, people, references)
        notes += [*of_people, *of_rates]
    return Variation(
        definition=definition,
        denominator=denominator,
        by=by,
        input=counted.input,
        months=_months(counted),
        years=counted.years,
        span=counted.span,
        reference=_reference_name(references),
        places=tuple(places),
        share_funnel=share_funnel,
        ratio_funnel=ratio_funnel,
        notes=(*counted.notes, *notes, *_caveats(counted, definition, denominator, counts, in_scope), COVERAGE),
        standing=standing,
        is_carried=references.carries,
    )


def _shares(
    counts: Counts, in_scope: Counts, has_share: bool, level: float | None
) -> tuple[list[Place], Overdispersion | None]:
    """The places with their shares, and where each lies in the funnel. has_share: two definitions are compared."""
    places = [_share(place, of_place, has_share) for place, of_place in sorted(in_scope.items(), key=_order)]
    return in_share_funnel(places, counts, level) if has_share else (places, None)


def _has_spells(counts: PlaceCounts) -> bool:
    return bool(counts.total.denominator_n or counts.total.counted or counts.total.unknown)


def _with_rates(
    places: list[Place], counts: Counts, people: Mapping[str | None, Sequence[float]], references: ReferenceFiles
) -> tuple[list[Place], Overdispersion | None, tuple[str, ...]]:
    """The places with their rates and where each lies among the ratios, the funnel, and what to say of the rates."""
    reference = (references.reference or _own_total(counts, people)).checked()
    rated = [_rates(place, counts[code_of(place)], people.get(code_of(place)), reference) for place in places]
    rated, funnel = in_ratio_funnel(rated, counts, references.level)
    refused = any(place.crude and not (place.dsr and place.dsr.value is not None) for place in rated)
    return rated, funnel, (_STANDARD.format(reference.name), *([_NO_DIRECT] if refused else []))


def _reference_name(references: ReferenceFiles) -> str | None:
    if references.populations is None:
        return None
    return references.reference.name if references.reference else OWN_TOTAL


def _refuse_mismatch(by: By, references: ReferenceFiles) -> None:
    if by not in ("provider", "commissioner"):
        raise UsageError(f"Places cannot be by '{by}'. Give provider or commissioner.")
    if by == "provider" and references.boards is not None:
        raise UsageError("A lookup of boards is for commissioners, and places are by provider. Leave it out.")
    if by == "commissioner" and (
        references.successors is not None or references.at is not None or references.sites_to_trusts
    ):
        raise UsageError("Successors and sites are of providers, and places are by commissioner. Leave them out.")
    if references.at is not None and references.successors is None and not references.sites_to_trusts:
        raise UsageError("A day says which successors stand, and no file of successors is given. Give it.")
    if references.reference is not None and references.populations is None:
        raise UsageError("A reference gives expected rates, and rates need populations. Give them too.")


def _standing(counted: CountsByPlace, by: By, references: ReferenceFiles) -> tuple[Counts, list[str]]:
    """The counts under the organisations that stand, and what to say of it."""
    codes = [place for place in counted.places if place is not None]
    if by == "commissioner" and references.boards is not None:
        spells = {code: counted.places[code].total.in_scope_n for code in codes}
        boarded = references.boards.of(spells, counted.years)
        return _added(counted.places, boarded.codes), list(boarded.notes)
    if by == "provider" and (references.successors is not None or references.sites_to_trusts):
        at = references.at or counted.last_day
        if at is None:
            raise UsageError("No admission has a date, so the day whose trusts stand is not known. Name it.")
        carried = (references.successors or NO_SUCCESSORS).at(at, codes, references.sites_to_trusts)
        return _added(counted.places, carried.codes), list(carried.notes)
    return counted.places, []


def _added(places: Counts, codes: Mapping[str, str]) -> Counts:
    merged: dict[str | None, PlaceCounts] = {}
    for code, place_counts in places.items():
        target = None if code is None else codes[code]
        merged[target] = merged.get(target, EMPTY_COUNTS) + place_counts
    return merged


def _order(item: tuple[str | None, PlaceCounts]) -> tuple[bool, str]:
    return item[0] is None, item[0] or ""


def _share(code: str | None, place_counts: PlaceCounts, is_share: bool) -> Place:
    total = place_counts.total
    share = None
    if is_share:
        upper = wilson(total.counted_in_denominator + total.unknown_in_denominator, total.denominator_n).value
        share = _measured(lambda level: wilson(total.counted_in_denominator, total.denominator_n, level), upper)
    return Place(code or UNKNOWN_PLACE, total.counted, total.unknown, total.denominator_n, share)


def _measured(estimate: Callable[[float], Estimate], upper: float | None) -> Measured:
    inner, outer = estimate(0.95), estimate(_OUTER)
    return Measured(inner.value, inner.low, inner.high, outer.low, outer.high, None if inner.value is None else upper)


def _people(
    counted: CountsByPlace, counts: Counts, in_scope: Counts, populations: Populations
) -> tuple[dict[str | None, tuple[float, ...]], list[str]]:
    """Person-years by place and age band, and what to say of them. Errors: InputError where they are for other places."""
    span = _years_at_risk(counted)
    for names in populations.areas:
        if len(twins := [code for code in names if code in counts]) > 1:
            raise InputError(
                f"{some(twins)} are one area of {populations.name}, and spells name it both ways. Carry them to one code."
            )
    notes = list(populations.standing_for(counted.years))
    people_of: dict[str | None, tuple[float, ...]] = {
        code: tuple(n * span for n in populations.bands[code])
        for code in counts
        if code is not None and code in populations.bands
    }
    spells = {
        code: place_counts.total.counted + place_counts.total.unknown
        for code, place_counts in in_scope.items()
        if code is not None
    }
    missing = sorted(code for code in spells if code not in people_of)
    lost, whole = sum(spells[code] for code in missing), sum(spells.values())
    if not people_of or (whole and lost / whole > MOST_MISSING):
        raise InputError(
            f"{populations.name} has no people for {some(missing or ['any place of the activity'])}, where {lost:,} of "
            f"{whole:,} counted or unknown spells are: people for the wrong year, or other places. Give people for the "
            "codes in the activity, or a lookup that leads to those codes."
        )
    if missing:
        notes.append(
            f"No people are known for {some(missing)} ({lost:,} of {plural.pluralise(whole, 'spell', 'spells')}): no rate there."
        )
    absent = sum(1 for codes in populations.areas if not people_of.keys() & set(codes))
    if absent:
        name = populations.name
        areas = plural.pluralise(absent, f"area of {name} has", f"areas of {name} have")
        notes.append(f"{areas} no spell of any kind in this data, and no line here.")
    return people_of, notes


def _years_at_risk(counted: CountsByPlace) -> float:
    """How many years the counts are of. Errors: InputError where the activity does not tell.

    A file of one year also holds those who were admitted years before and left in it. Spells like the ones counted are
    short: where their months come to much less than those of all admissions, the file is not whole before them.
    """
    if counted.span is None or counted.months is None:
        raise InputError(
            "No admission has a date, so how long the people were at risk is not known. Rates cannot be given."
        )
    first, last = counted.months_in_scope or counted.months
    if not counted.months_chosen and (last - first + 1) < _WHOLE * (counted.months[1] - counted.months[0] + 1):
        months, (begun, ended) = _months(counted), (DIMENSIONS["month"].label(month) for month in (first, last))
        raise InputError(
            f"Admissions run from {' to '.join(months or ())}, and the spells counted from {begun} to {ended}: it is not "
            "clear which months are complete, and a rate needs complete months. Name them, as --covers 2018-04:2019-03."
        )
    return counted.span


def _own_total(counts: Counts, people: Mapping[str | None, Sequence[float]]) -> Reference:
    """The counts and person-years of every place whose people are known, by age band."""
    events = [[tally.counted for tally in counts[code].bands] for code in people]
    return Reference(
        OWN_TOTAL,
        tuple(float(sum(band)) for band in zip(*events, strict=True)),
        tuple(sum(band) for band in zip(*people.values(), strict=True)),
    )


def _rates(place: Place, place_counts: PlaceCounts, people: Sequence[float] | None, reference: Reference) -> Place:
    ageless = place_counts.age_unknown.counted + place_counts.age_unknown.unknown
    if people is None:
        return replace(place, ageless=ageless)
    counted = [float(tally.counted) for tally in place_counts.bands]
    more = [float(tally.counted + tally.unknown) for tally in place_counts.bands]
    can_place = not ageless
    whole, expected = sum(people), _expected(people, reference)
    upper = byar(place_counts.total.counted + place_counts.total.unknown, whole).value
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
        crude=_measured(lambda level: byar(place_counts.total.counted, whole, level), upper),
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


def _months(counted: CountsByPlace) -> tuple[str, str] | None:
    label = DIMENSIONS["month"].label
    return None if counted.months is None else (label(counted.months[0]), label(counted.months[1]))


def _caveats(
    counted: CountsByPlace, definition: Definition, denominator: Definition, counts: Counts, in_scope: Counts
) -> list[str]:
    """What a reader of the figures has to know."""
    notes = []
    months = _months(counted)
    if months:
        notes.append(f"Admissions of {months[0]} to {months[1]}: {counted.span:.2f} years.")
    if counted.months_chosen:
        notes.append(
            f"Left out: {plural.pluralise(counted.outside, 'counted or unknown spell', 'counted or unknown spells')} of other months, and "
            f"{counted.dateless:,} without an admission date."
        )
    elif counted.dateless:
        notes.append(
            f"{plural.pluralise(counted.dateless, 'counted or unknown spell has', 'counted or unknown spells have')} no admission date, "
            "and are counted all the same."
        )
    beyond = sum(
        place_counts.total.counted - place_counts.total.counted_in_denominator for place_counts in counts.values()
    )
    if beyond and definition is not denominator:
        notes.append(
            f"{plural.pluralise(beyond, 'counted spell is', 'counted spells are')} not in the denominator ({denominator.id}), and in no share."
        )
    without_place = counts.get(None, EMPTY_COUNTS).total
    if without_place.counted or without_place.unknown:
        notes.append(
            f"Spells that name no place, and are in no funnel: {without_place.counted:,} counted, {without_place.unknown:,} unknown."
        )
    if len(counts) > len(in_scope):
        hidden = plural.pluralise(len(counts) - len(in_scope), "place has", "places have")
        notes.append(f"{hidden} no such spell, and no line here.")
    if any(place_counts.total.unknown for place_counts in counts.values()):
        notes.append(
            "A figure is a lower bound where spells are unknown; beside it stands the one with all of them counted."
        )
    notes.append(
        "By chance alone, of a hundred places five lie outside the 95 % limits, and one in five hundred outside 99.8 %."
    )
    return notes
