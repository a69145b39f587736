"""The report's sections on places and on coding, before they are protected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from facetwise import plural
from facetwise.count.undercoding import Undercoding
from facetwise.disclosure.count_tables import counted, of_group, unknown
from facetwise.disclosure.protect import Profile
from facetwise.disclosure.protected_tables import HIDDEN, ProtectedTable
from facetwise.disclosure.tables import Column, LinkedTables, ReleasePriority, Role, SumConstraint, Table, counts, words
from facetwise.report.section import Marks, Panel, Picture, Section
from facetwise.statistics.funnels import funnel_limits
from facetwise.statistics.overdispersion import inflated_limits
from facetwise.variation.results import UNKNOWN_PLACE, Place, Variation

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
        return Section("variation", title, (why_none,), LinkedTables())
    d, of = found.definition, found.denominator
    held = tuple(place for place in found.places if place.asked)
    if not held:
        return Section("variation", title, ("There is nothing to compare between providers.",), LinkedTables())
    tied = "place" if found.is_carried else "provider"
    named = tuple(place for place in held if place.place != UNKNOWN_PLACE)
    names = [{tied: place.place} for place in named]
    asked = [(of_group(counted(of), name), place.asked) for name, place in zip(names, named, strict=True)]
    own = [(of_group(counted(d), name), place.counted) for name, place in zip(names, named, strict=True)]
    perhaps = [(of_group(unknown(d), name), place.unknown) for name, place in zip(names, named, strict=True)]
    columns = (
        words("provider", "Provider", [place.place for place in named]),
        counts("asked", f"Spells of {of.id}", asked, is_local=True, row_implies_positive=True),
        counts("counted", f"Counted by {d.id}", own, is_local=True),
        counts("unknown", "Unknown", perhaps, is_local=True),
        Column("share", "Share counted (%)", Role.SHARE, (None,) * len(named), of=("counted", "asked")),
        # Of the share, not of its counts alone: a share may be hidden where both of them are shown.
        Column("in_funnel", "In the funnel", Role.JUDGEMENT, tuple(map(_position, named)), of=("share",)),
    )
    title_of = f"Of the spells with V48.5 or V48.7, the share that {d.id} counts"
    table = Table(_PLACES, title_of, columns, "asked", priority=ReleasePriority.PLACES)
    says = (
        f"Providers differ in whom they treat, in what they do, and most of all in how they code: this is the share of their "
        f"spells with V48.5 or V48.7 that {d.id} counts. A share is a question and no verdict.",
        *found.standing,
    )
    in_all, sums, slack_cells = _tied(
        (counted(d), counted(of)),
        ([name for name, _ in own], [name for name, _ in asked]),
        held,
        {tied: UNKNOWN_PLACE},
    )
    drawn = Picture(
        _PLACES,
        f"Share of spells with V48.5 or V48.7 that {d.id} counts, by provider and its size",
        "provider",
        Marks.FUNNEL,
        (Panel("Share counted (%)", ("asked", "share")),),
        lines=_LINES,
        instead="No funnel is drawn: no provider has enough spells for its share to be shown.",
    )
    linked = LinkedTables((table, _limits(found, named, profile, in_all)), sums, slack_cells=slack_cells)
    return Section("variation", title, says, linked, drawn, of_shown=partial(_outside, _method(found, profile)))


def _tied(
    whole: tuple[str, str], parts: tuple[list[str], list[str]], held: Sequence[Place], nameless: Mapping[str, str]
) -> tuple[tuple[str, str], tuple[SumConstraint, ...], dict[str, int]]:
    """The names of what all named places come to, of the counted and of those asked, with what ties them to the whole.

    Spells that name no place are in the whole and in no line, so that the funnel is about the share of places alone.
    """
    in_all, sums, slack_cells = [], [], {}
    for name, column, own in zip(whole, ("counted", "asked"), parts, strict=True):
        numbers = [(place.place == UNKNOWN_PLACE, getattr(place, column)) for place in held]
        of_places, elsewhere = f"{name} of named places", of_group(name, nameless)
        in_all.append(of_places)
        sums += [SumConstraint(of_places, tuple(own)), SumConstraint(name, (of_places, elsewhere))]
        slack_cells[name] = sum(n for _, n in numbers)
        slack_cells[of_places] = sum(n for is_nameless, n in numbers if not is_nameless)
        slack_cells[elsewhere] = slack_cells[name] - slack_cells[of_places]
    return (in_all[0], in_all[1]), tuple(sums), slack_cells


def _outside(method: str, shown: Sequence[ProtectedTable]) -> tuple[str, str]:
    """How many places lie outside, of those of which the table shows it."""
    places = [str(cell) for cell in shown[0].column("in_funnel").values if cell is not HIDDEN and cell]
    if not places:
        return "", ""
    outside = sum("99.8" in place for place in places)
    told = plural.pluralise(len(places), "provider whose place", "providers whose place")
    says = (
        f"Of {told} in the funnel is shown, {outside:,} {'lies' if outside == 1 else 'lie'} outside the 99.8 % limits about the "
        f"share of all. {method}"
    )
    ask = "Some providers lie outside the funnel of the share counted: the first question is how they code, the second whom they treat."
    return says, ask if outside else ""


def _position(place: Place) -> str:
    return "" if place.share_funnel is None else _POSITIONS[place.share_funnel.position]


def _method(found: Variation, profile: Profile) -> str:
    funnel = found.share_funnel
    if funnel is None or not funnel.is_inflated:
        return "The limits are exact binomial ones: 95 and 99.8 %."
    exact = sum("99.8" in place.share_funnel.exact for place in found.places if place.share_funnel)
    alone = f" By the exact binomial limits alone {exact:,} would lie outside." if profile.is_open else ""
    return (
        "Providers differ more than chance alone has it, so the limits are widened for that (Spiegelhalter's additive "
        f"model, winsorised).{alone}"
    )


def _limits(found: Variation, held: Sequence[Place], profile: Profile, of: tuple[str, str]) -> Table:
    """The limits that places are held against, about the share of all, at sizes of no provider: they tell nothing of any of them.

    of: the names of the two numbers that the share is of; with either of them the limits are hidden.
    """
    totals = [profile.rounded(sum(getattr(place, name) for place in held)) for name in ("counted", "asked")]
    above, below = totals
    largest = max((place.asked for place in held), default=0)
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
                counts(
                    name,
                    f"Spells {name} of all providers",
                    [(number, sum(getattr(p, name) for p in held))] * len(lines),
                )
                for name, number in zip(("counted", "asked"), of, strict=True)
            ),
            *(
                Column(head, title, Role.RATE, tuple(_rounded(line[place]) for line in lines), of=("counted", "asked"))
                for place, (head, title) in enumerate(zip(heads, titles, strict=True))
            ),
        ),
        on_page=False,
        priority=ReleasePriority.PLACES,
    )


_SIZES = (
    1,
    2,
    3,
    5,
    10,
    15,
    20,
    30,
    40,
    50,
    75,
    100,
    150,
    200,
    300,
    400,
    500,
    750,
    1_000,
    1_500,
    2_000,
    3_000,
    5_000,
    10_000,
)


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
    return Section("coding", "Coding that would repair them", says, _coding_tables(found), ask=ask)


def _coding_tables(found: Undercoding) -> LinkedTables:
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
            counts("spells", "Spells", whole, row_implies_positive=True),
        ),
        most_first="spells",
        priority=ReleasePriority.MISSES,
    )
    places = Table(
        "coding-providers",
        "The same by provider",
        (
            words("provider", "Provider", [provider for provider, _, _ in by_place]),
            words("change", "The change", [change for _, change, _ in by_place]),
            words("was", "What stands there", [_WAS[was] for _, _, was in by_place]),
            counts("spells", "Spells", parts, is_local=True, row_implies_positive=True),
        ),
        most_first="spells",
        priority=ReleasePriority.FINEST,
        on_page=False,
    )
    sums = tuple(
        SumConstraint(name, tuple(changed(held) for held in by_place if held[1:] == key))
        for (name, _), key in zip(whole, by_change, strict=True)
    )
    said = {REPAIRABLE: found.repairable}
    return LinkedTables((table, places), sums, text_numbers=said, lowest_priority=frozenset(said))


def changed(key: tuple[str, ...]) -> str:
    """The name of the number of spells of a change and what it was, of a provider where that stands first."""
    return f"coding {key}"


_WAS = {"not-met": "something else", "unknown": "nothing recorded"}
