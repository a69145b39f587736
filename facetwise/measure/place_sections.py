"""The report's sections on places and on coding, before they are protected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from facetwise.measure.counted_tables import counted, of_group, unknown
from facetwise.measure.disclosure import Profile
from facetwise.measure.funnels import funnel_limits
from facetwise.measure.overdispersion import inflated_limits
from facetwise.measure.sections import Marks, Panel, Picture, Section
from facetwise.measure.tabled import Column, Rank, Role, Sheet, Sum, Table, counts, words
from facetwise.measure.undercoded import Undercoding
from facetwise.measure.variation_result import Place, Variation

REPAIRABLE = "repairable"
_PLACES, _LINES = "variation", "variation-limits"
_POSITIONS = {
    "below-99.8": "below 99.8 %",
    "below-95": "below 95 %",
    "within": "within",
    "above-95": "above 95 %",
    "above-99.8": "above 99.8 %",
}


def variation_section(found: Variation | None, why_none: str, profile: Profile) -> Section:
    """The share that is counted of the widest definition's spells, by provider, in a funnel."""
    title = "Where practice or coding varies"
    if found is None:
        return Section("variation", title, (why_none,), Sheet())
    d, of = found.definition, found.denominator
    held = tuple(place for place in found.places if place.asked)
    if not held:
        return Section("variation", title, ("There is nothing to compare between providers.",), Sheet())
    tied = "place" if found.is_carried else "provider"
    names = [{tied: place.place} for place in held]
    asked = [(of_group(counted(of), name), place.asked) for name, place in zip(names, held, strict=True)]
    own = [(of_group(counted(d), name), place.counted) for name, place in zip(names, held, strict=True)]
    perhaps = [(of_group(unknown(d), name), place.unknown) for name, place in zip(names, held, strict=True)]
    columns = (
        words("provider", "Provider", [place.place for place in held]),
        counts("asked", f"Spells of {of.id}", asked, is_local=True, is_listed=True),
        counts("counted", f"Counted by {d.id}", own, is_local=True),
        counts("unknown", "Unknown", perhaps, is_local=True),
        Column("share", "Share counted (%)", Role.SHARE, (None,) * len(held), of=("counted", "asked")),
        # Of the share, not of its counts alone: a share may be hidden where both of them are shown.
        Column("in_funnel", "In the funnel", Role.JUDGEMENT, tuple(map(_position, held)), of=("share",)),
    )
    title_of = f"Of the spells with V48.5 or V48.7, the share that {d.id} counts"
    table = Table(_PLACES, title_of, columns, "asked", rank=Rank.PLACES)
    sums = (Sum(counted(of), tuple(name for name, _ in asked)),)
    outside = sum(place.share_funnel is not None and "99.8" in place.share_funnel.position for place in held)
    says = (
        f"Providers differ in whom they treat, in what they do, and most of all in how they code: this is the share of their "
        f"spells with V48.5 or V48.7 that {d.id} counts. A share is a question and no verdict.",
        f"{outside:,} of {len(held):,} providers {'lies' if outside == 1 else 'lie'} outside the 99.8 % limits about the share of all. {_method(found)}",
        *found.standing,
    )
    limits = _limits(found, held, profile, (counted(d), counted(of)))
    totals = {name: sum(n for _, n in named) for name, named in ((counted(d), own), (counted(of), asked))}
    drawn = Picture(
        _PLACES,
        f"Share of spells with V48.5 or V48.7 that {d.id} counts, by provider and its size",
        "provider",
        Marks.FUNNEL,
        (Panel("Share counted (%)", ("asked", "share")),),
        lines=_LINES,
        instead="No funnel is drawn: no provider has so many spells that its share can be shown.",
    )
    ask = (
        "Some providers lie outside the funnel of the share counted: the first question is how they code, the second whom they treat."
        if outside
        else ""
    )
    return Section("variation", title, says, Sheet((table, limits), sums, unshown=totals), drawn, ask=ask)


def _position(place: Place) -> str:
    return "" if place.share_funnel is None else _POSITIONS[place.share_funnel.position]


def _method(found: Variation) -> str:
    funnel = found.share_funnel
    if funnel is None or not funnel.is_inflated:
        return "The limits are exact binomial ones: 95 and 99.8 %."
    exact = sum("99.8" in place.share_funnel.exact for place in found.places if place.share_funnel)
    return (
        "Providers differ more than chance alone has it, so the limits are widened for that (Spiegelhalter's additive "
        f"model, winsorised). By the exact binomial limits alone {exact:,} would lie outside."
    )


def _limits(found: Variation, held: Sequence[Place], profile: Profile, of: tuple[str, str]) -> Table:
    """The limits that places are held against, about the share of all, at sizes of no provider: they tell nothing of any of them.

    of: the names of the two numbers that the share is of; with either of them the limits are hidden.
    """
    totals = [profile.shows(sum(getattr(place, name) for place in held)) for name in ("counted", "asked")]
    above, below = totals
    largest = max(place.asked for place in held)
    sizes = [size for size in _SIZES if size <= 2 * largest] or [10]
    lines: list[tuple[float | None, ...]] = []
    if isinstance(above, int) and isinstance(below, int) and below:
        share = min(above / below, 1.0)
        limits = funnel_limits(share, sizes, "proportion")
        if found.share_funnel is not None and found.share_funnel.is_inflated:
            limits = inflated_limits(replace(found.share_funnel, target=share), sizes)
        lines = [(100 * share, *(None if v is None else 100 * v for v in limit[1:])) for limit in limits]
    heads = ("target", "low_95", "high_95", "low_998", "high_998")
    titles = ("Share of all (%)", "95 % low", "95 % high", "99.8 % low", "99.8 % high")
    return Table(
        _LINES,
        "Limits of the funnel, by the number of spells",
        (
            Column("size", "Spells", Role.PUBLISHED, tuple(sizes[: len(lines)])),
            *(
                counts(name, f"Spells {name} in all", [(number, sum(getattr(p, name) for p in held))] * len(lines))
                for name, number in zip(("counted", "asked"), of, strict=True)
            ),
            *(
                Column(head, title, Role.RATE, tuple(_rounded(line[place]) for line in lines), of=("counted", "asked"))
                for place, (head, title) in enumerate(zip(heads, titles, strict=True))
            ),
        ),
        on_page=False,
        rank=Rank.PLACES,
    )


_SIZES = (5, 10, 15, 20, 30, 40, 50, 75, 100, 150, 200, 300, 400, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 10_000)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def coding_section(found: Undercoding) -> Section | None:
    """Single changes in coding that would make denervations count; none where there is none."""
    if not found.repairable:
        return None
    says = (
        f"Denervations that {found.definition.id} would count after one change in coding: {{{REPAIRABLE}}}. Each change was made "
        "and judged again. Where one of two changes would do, a spell stands in both lines.",
        "Each is a question for the coder: whether that is what was done and recorded in the notes. It is never an instruction to "
        "code what was not.",
    )
    ask = (
        f"Denervations that {found.definition.id} would count after one change in coding: {{{REPAIRABLE}}}. Are the records right "
        "as they stand? Providers' coders can tell."
    )
    return Section("coding", "Coding that would repair them", says, _coding_sheet(found), ask=ask)


def _coding_sheet(found: Undercoding) -> Sheet:
    by_change: dict[tuple[str, str], int] = {}
    by_place: dict[tuple[str, str, str], int] = {}
    for row in found.rows:
        key = row.change, row.was
        by_change[key] = by_change.get(key, 0) + row.spells
        by_place[(row.provider, *key)] = by_place.get((row.provider, *key), 0) + row.spells
    whole = [(changed((change, was)), spells) for (change, was), spells in by_change.items()]
    parts = [(changed(key), spells) for key, spells in by_place.items()]
    table = Table(
        "coding-changes",
        "Denervations that one change would make count",
        (
            words("change", "The change", [change for change, _ in by_change]),
            words("was", "What stands there", [_WAS[was] for _, was in by_change]),
            counts("spells", "Spells", whole, is_listed=True),
        ),
        most_first="spells",
        rank=Rank.MISSES,
    )
    places = Table(
        "coding-providers",
        "The same by provider",
        (
            words("provider", "Provider", [provider for provider, _, _ in by_place]),
            words("change", "The change", [change for _, change, _ in by_place]),
            words("was", "What stands there", [_WAS[was] for _, _, was in by_place]),
            counts("spells", "Spells", parts, is_local=True, is_listed=True),
        ),
        most_first="spells",
        rank=Rank.FINEST,
        on_page=False,
    )
    sums = tuple(
        Sum(name, tuple(changed(held) for held in by_place if held[1:] == key))
        for (name, _), key in zip(whole, by_change, strict=True)
    )
    said = {REPAIRABLE: found.repairable}
    return Sheet((table, places), sums, said=said, finest=frozenset(said))


def changed(key: tuple[str, ...]) -> str:
    """The name of the number of spells of a change and what it was, of a provider where that stands first."""
    return f"coding {key}"


_WAS = {"not-met": "something else", "unknown": "nothing recorded"}
