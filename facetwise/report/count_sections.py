"""The sections that the commissioner's report is made of, before they are protected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from facetwise.count.flow_and_near_misses import NearMiss
from facetwise.count.near_miss_text import in_words, recorded_instead
from facetwise.count.results import CountResult
from facetwise.disclosure import count_tables as named
from facetwise.disclosure.tables import Column, LinkedTables, ReleasePriority, Role, SumConstraint, Table, counts, words
from facetwise.lookups.national_episodes import (
    EPISODES,
    EPISODES_CITE,
    LICENCE,
    PROGRAMME,
    PROGRAMME_CITE,
    PROGRAMME_YEAR,
)
from facetwise.report.comparison_section import compared_section
from facetwise.report.overview import Overview
from facetwise.report.section import Marks, Panel, Picture, Section
from facetwise.spells.dimensions import UNKNOWN

MAY = "counted or unknown"
CANDIDATES = "candidates"
LEFT_OUT = "candidates not counted"
WIDEST = "any-v48"
_NOT_RECORDED = "not recorded"


def headline_tables(result: CountResult) -> LinkedTables:
    """The numbers of the headline, and what ties them to the others."""
    d = result.definition
    missed = [(named.missed(d, miss), miss.spells) for miss in result.near_misses]
    left_out = sum(spells for _, spells in missed)
    lines = (
        ("Spells in this data", (named.SPELLS, result.input.spells)),
        ("Counted: every criterion is met", (named.counted(d), result.counted)),
        ("Not counted: at least one criterion is not met", (named.not_counted(d), result.not_counted)),
        ("Unknown: none fails, and something needed is not recorded", (named.unknown(d), result.unknown)),
        ("Counted and unknown together", (MAY, result.counted + result.unknown)),
        ("Spells with a denervation code of some kind", (CANDIDATES, result.counted + left_out)),
        ("Of these, not counted or unknown", (LEFT_OUT, left_out)),
    )
    sums = (
        SumConstraint(MAY, (named.counted(d), named.unknown(d))),
        SumConstraint(named.SPELLS, (MAY, named.not_counted(d))),
        SumConstraint(CANDIDATES, (named.counted(d), LEFT_OUT)),
        SumConstraint(LEFT_OUT, tuple(name for name, _ in missed)),
    )
    columns = (words("what", "What", [what for what, _ in lines]), counts("spells", "Spells", [n for _, n in lines]))
    own = LinkedTables((Table("headline", "In short", columns, priority=ReleasePriority.HEADLINE),), sums)
    return LinkedTables.of((own, named.outcome_tables(result)))


def flow_section(result: CountResult) -> Section:
    """The inclusion flowchart, with its table."""
    says: tuple[str, ...] = (
        "Each criterion is asked of the spells that met all those above it. What does not go on stands at the side.",
    )
    if sum(step.unknown for step in result.flow) != result.unknown:
        says += (
            "A spell that is unknown at one step may fail a later criterion; it is then not counted. So the unknown of the "
            "steps come to more than the unknown of the headline.",
        )
    return Section("flow", "How the count comes about", says, named.flow_tables(result))


def misses_section(seen: Overview) -> Section:
    """Denervations that were not counted: by one criterion alone, what was recorded there, and every combination."""
    result = seen.main
    d = result.definition
    alone, recorded, sums = _by_one_criterion(seen)
    combinations = Table(
        "near-misses",
        "Every combination; each spell stands in one line",
        (
            counts(
                "spells",
                "Spells",
                [(named.missed(d, miss), miss.spells) for miss in result.near_misses],
                row_implies_positive=True,
            ),
            words("why", "Why", [in_words(d, miss) for miss in result.near_misses]),
            words("outcome", "They are", ["not counted" if miss.failed else "unknown" for miss in result.near_misses]),
        ),
        most_first="spells",
        priority=ReleasePriority.MISSES,
    )
    says: tuple[str, ...] = ("There is no denervation in this data that was left out of the count.",)
    if result.near_misses:
        says = (
            f"{{{LEFT_OUT}}} of {{{CANDIDATES}}} spells with a denervation code (V48, A57.2 or A57.3 in any position) are not "
            "counted, or cannot be judged. Some are rightly left out. Others point to coding worth a look.",
            "The first table has those that one criterion alone keeps out, and what the record would have to hold for them to "
            "be counted: a question for the coders, where that is what was done, and never a reason to code it otherwise.",
        )
    drawn = Picture(
        "one-criterion",
        "Denervations that one criterion alone kept out of the count",
        "criterion",
        Marks.BARS,
        (Panel("Spells, by the criterion that kept them out", ("failed", "unknown")),),
    )
    tables = (alone, recorded, combinations) if result.near_misses else ()
    linked = LinkedTables.of((LinkedTables(tables, sums), named.near_miss_sums(d, result)))
    ask = ""
    if result.unknown:
        ask = (
            f"Spells in which something that the rule needs is not recorded: {{{named.unknown(d)}}}. Which field is it, and who "
            "leaves it blank?"
        )
    return Section("misses", "Denervations that were not counted", says, linked, drawn, ask=ask)


def _by_one_criterion(seen: Overview) -> tuple[Table, Table, tuple[SumConstraint, ...]]:
    d, misses = seen.main.definition, {(miss.failed, miss.unknown): miss for miss in seen.main.near_misses}
    lines, values, sums = [], [], []
    for criterion in d.criteria:
        failed = misses.get(((criterion.id,), ()), NearMiss((criterion.id,), (), 0))
        unknown = misses.get(((), (criterion.id,)), NearMiss((), (criterion.id,), 0))
        if failed.spells or unknown.spells:
            lines.append(
                (criterion, (named.missed(d, failed), failed.spells), (named.missed(d, unknown), unknown.spells))
            )
        instead = recorded_instead(criterion, seen.recorded)
        if sum(instead.values()) == failed.spells and instead:
            parts = [(f"{named.missed(d, failed)} {held}", spells) for held, spells in instead.items()]
            values += [(criterion.id, held, part) for held, part in zip(instead, parts, strict=True)]
            sums.append(SumConstraint(named.missed(d, failed), tuple(name for name, _ in parts)))
    alone = Table(
        "one-criterion",
        "Kept out by one criterion alone, every other being met",
        (
            words("criterion", "Criterion", [criterion.id for criterion, _, _ in lines]),
            counts("failed", "Not met", [failed for _, failed, _ in lines]),
            counts("unknown", "Unknown", [unknown for _, _, unknown in lines]),
            words("counted_if", "Counted if this stands in the record", [criterion.says for criterion, _, _ in lines]),
        ),
        priority=ReleasePriority.MISSES,
    )
    recorded = Table(
        "recorded",
        "What was recorded where one criterion alone was not met",
        (
            words("criterion", "Criterion", [criterion for criterion, _, _ in values]),
            words("recorded", "What was recorded", [held for _, held, _ in values]),
            counts("spells", "Spells", [part for _, _, part in values], row_implies_positive=True),
        ),
        most_first="spells",
        priority=ReleasePriority.FINEST,
    )
    return alone, recorded, tuple(sums)


def _summed(result: CountResult, dimension: str, what: str) -> dict[str, int]:
    sums: dict[str, int] = {}
    for row in result.by:
        sums[row[dimension]] = sums.get(row[dimension], 0) + row[what]
    return sums


def _known(group: str) -> str:
    return _NOT_RECORDED if group == UNKNOWN else group


def years_of(result: CountResult) -> tuple[str, ...]:
    """The financial years in the data, in order; the unknown one last, where anything stands in it."""
    years = {row["year"] for row in result.by}
    shown = {y for y in years if y != UNKNOWN} | {row["year"] for row in result.by if row["counted"] or row["unknown"]}
    return tuple(sorted(shown, key=lambda year: (year == UNKNOWN, year)))


_UNITS = (
    "This data: stays in hospital (spells) by the financial year of admission, April to March. The first and the last year may be "
    "part years.",
    "England: episodes with the code in any position, among a stay's one or more episodes. An episode with both codes stands in "
    "both columns. Episodes and spells are different units, and a national rule asks for more than a code: compare the course of "
    "the lines, not their height.",
)
_PROGRAMME = (
    f"The programme gave {PROGRAMME:,} interventions for {PROGRAMME_YEAR}, before its coding was changed in August 2022 and December "
    f"2023, and does not say how they were counted. In that year England had {EPISODES[PROGRAMME_YEAR].v485:,} episodes with V48.5. "
    "The two figures count different things, and nothing published says where the others went.",
    f"Sources: {EPISODES_CITE.source.title}, {EPISODES_CITE.source.publisher} ({LICENCE}); {PROGRAMME_CITE.source.publisher}, "
    "summary of the intervention.",
)


def trend_section(seen: Overview) -> Section:
    """By financial year, beside the national counts; without a date, the national counts alone."""
    says: tuple[str, ...] = ("The data has no admission date, so counts cannot be given by year.",)
    local: list[Column] = []
    sums: list[SumConstraint] = []
    widest = next(other for other in seen.others if other.definition.id == WIDEST)
    held: set[str] = set()
    if "year" in seen.main.dimensions:
        says, held = _UNITS, {*years_of(seen.main), *years_of(widest)}
    years = tuple(sorted({*EPISODES, *held}, key=lambda year: (year == UNKNOWN, year)))
    for result, what, title in (
        (seen.main, "counted", f"Spells counted by {seen.main.definition.id}"),
        (seen.main, "unknown", "Spells unknown"),
        (widest, "counted", "Spells with V48.5 or V48.7"),
    ):
        if held:
            column, item = _by_year(result, what, title, years)
            local.append(column)
            sums.append(item)
    table = Table(
        "years",
        "By financial year, this data beside England",
        (words("year", "Year", map(_known, years)), *local, *_national(years)),
    )
    drawn = Picture(
        "years",
        "Denervations by financial year",
        "year",
        Marks.YEARS,
        (
            *([Panel("Spells in this data", tuple(c.name for c in local if c.name != "unknown"))] if local else []),
            Panel("Episodes in England", ("england_v485", "england_v487")),
        ),
        most=60,
        without=(_NOT_RECORDED,),
    )
    title = "By financial year, beside England"
    return Section("trend", title, (*says, *_PROGRAMME), LinkedTables((table,), tuple(sums)), drawn)


def _by_year(result: CountResult, what: str, title: str, years: tuple[str, ...]) -> tuple[Column, SumConstraint]:
    whole = named.counted(result.definition) if what == "counted" else named.unknown(result.definition)
    sums = _summed(result, "year", what)
    column = what if result.definition.id != WIDEST else "any_v48"
    made = counts(column, title, [(named.of_group(whole, {"year": year}), sums.get(year)) for year in years])
    return made, _whole_of(whole, "year", {year: n for year, n in sums.items() if year in years})


def _whole_of(whole: str, dimension: str, groups: Mapping[str, int]) -> SumConstraint:
    return SumConstraint(whole, tuple(named.of_group(whole, {dimension: group}) for group in groups))


def _national(years: tuple[str, ...]) -> tuple[Column, ...]:
    held = [EPISODES.get(year) for year in years]
    return (
        Column(
            "england_v485", "Episodes with V48.5, England", Role.PUBLISHED, tuple(h.v485 if h else None for h in held)
        ),
        Column(
            "england_v487", "Episodes with V48.7, England", Role.PUBLISHED, tuple(h.v487 if h else None for h in held)
        ),
        Column(
            "programme",
            "Interventions, as the programme has them",
            Role.PUBLISHED,
            tuple(PROGRAMME if year == PROGRAMME_YEAR else None for year in years),
        ),
    )


_PROVIDERS_DRAWN = Picture(
    "providers",
    "Spells counted and unknown, by provider",
    "provider",
    Marks.BARS,
    (Panel("Spells", ("counted", "unknown")),),
    most=12,
)


def providers_section(seen: Overview) -> Section:
    """By provider, and in files by provider and year."""
    result, title = seen.main, "By provider"
    if "provider" not in result.dimensions:
        return Section(
            "providers", title, ("The data has no provider, so counts cannot be given by provider.",), LinkedTables()
        )
    d, whole = result.definition, {what: _summed(result, "provider", what) for what in ("counted", "unknown")}
    some = sorted(provider for provider in whole["counted"] if whole["counted"][provider] or whole["unknown"][provider])
    empty = len(whole["counted"]) - len(some)
    says = ["Providers differ in size and in how they code: these are counts, not rates, and no judgement of anyone."]
    if empty:
        says.append(
            f"{empty:,} more {'provider has' if empty == 1 else 'providers have'} activity in the data, but nothing counted and nothing unknown."
        )
    names = {"counted": named.counted(d), "unknown": named.unknown(d)}
    columns = [
        counts(
            what,
            what.capitalize(),
            [(named.of_group(name, {"provider": p}), whole[what][p]) for p in some],
            is_local=True,
        )
        for what, name in names.items()
    ]
    table = Table(
        "providers",
        "Most counted first",
        (words("provider", "Provider", map(_known, some)), *columns),
        "counted",
        priority=ReleasePriority.PLACES,
    )
    sums = [_whole_of(names[what], "provider", dict.fromkeys(some, 0)) for what in names]
    by_year = _provider_years(result, some, names) if "year" in result.dimensions else LinkedTables()
    own = LinkedTables((table,) if some else (), tuple(sums))
    linked = LinkedTables.of((own, by_year, _listed(whole, some, names)))
    return Section(
        "providers",
        title,
        tuple(says) if some else ("No provider in this data has anything counted or unknown.",),
        linked,
        _PROVIDERS_DRAWN,
    )


def _listed(whole: Mapping[str, Mapping[str, int]], providers: list[str], names: Mapping[str, str]) -> LinkedTables:
    """A provider stands there for something counted or unknown."""
    together = {p: f"{p} has some" for p in providers}
    return LinkedTables(
        sums=tuple(
            SumConstraint(together[p], tuple(named.of_group(name, {"provider": p}) for name in names.values()))
            for p in providers
        ),
        slack_cells={together[p]: whole["counted"][p] + whole["unknown"][p] for p in providers},
        known_positive=tuple((name, "providers") for name in together.values()),
    )


def _provider_years(result: CountResult, providers: list[str], names: Mapping[str, str]) -> LinkedTables:
    """Providers crossed with years: their numbers add up to those of each provider, and of each year."""
    rows = [row for row in result.by if row["provider"] in providers]
    groups: list[dict[str, Any]] = [{"provider": row["provider"], "year": row["year"]} for row in rows]
    columns = [
        words(name, name.capitalize(), [_known(group[name]) for group in groups]) for name in ("provider", "year")
    ]
    sums = []
    for what, name in names.items():
        cells = [(named.of_group(name, group), row[what]) for group, row in zip(groups, rows, strict=True)]
        columns.append(counts(what, what.capitalize(), cells, is_local=True))
        for dimension in ("provider", "year"):
            parts: dict[str, list[str]] = {}
            for group, (cell, _) in zip(groups, cells, strict=True):
                parts.setdefault(group[dimension], []).append(cell)
            totals = (
                parts if dimension == "provider" else {year: parts[year] for year in parts if year in years_of(result)}
            )
            sums += [
                SumConstraint(named.of_group(name, {dimension: group}), tuple(held)) for group, held in totals.items()
            ]
    return LinkedTables(
        (
            Table(
                "provider-years",
                "By provider and financial year",
                tuple(columns),
                on_page=False,
                priority=ReleasePriority.FINEST,
            ),
        ),
        tuple(sums),
    )


def rows_section(result: CountResult) -> Section:
    """What became of the rows."""
    says = ("Rows read are rows used and rows set aside.",)
    return Section("rows", "What became of the rows", says, named.input_tables(result.input))


def sections(seen: Overview) -> tuple[Section, ...]:
    """The sections that an overview has numbers for."""
    return (
        flow_section(seen.main),
        misses_section(seen),
        providers_section(seen),
        trend_section(seen),
        compared_section(seen),
        rows_section(seen.main),
    )
