"""One test or more of every kind that a policy may put to a patient, at the borders where their answers change."""

from __future__ import annotations

from facetwise.language import patient as p
from facetwise.language.events import (
    Always,
    AtLeast,
    AtLeastAgo,
    AtLeastAtOneLevel,
    Chosen,
    CompletedYears,
    CountOf,
    Decided,
    IsAfterAgo,
    IsComplete,
    IsTrue,
    Lasted,
    LatestMeets,
    MoreThanAgo,
    Near,
    OnRecord,
    ReliefAtLeast,
    ReliefLasts,
    SameText,
    Shares,
    WithinLast,
)
from facetwise.language.expressions import All, AnyOf, Between, IsRecorded, Not, OneOf, Test
from facetwise.language.units import Quantity, Unit, months, percent, points, weeks

SCORES, CARE, BLOCKS, DONE = (Chosen(events, Always()) for events in p.EVENTS)
INJECTIONS = Chosen(p.blocks, p.block_kind.is_one_of("intra-articular"))
HERE = Chosen(p.denervations, SameText(p.denervation_region, p.region) & Shares(p.denervation_sides, p.sides, True))
SIDED = Chosen(p.blocks, Shares(p.block_sides, p.sides, False))
USUAL = Chosen(p.scores, p.score_context.is_one_of("usual"))
LONG_CARE = Chosen(p.care, Lasted(p.care_from, p.care_to, weeks(12)) & p.care_outcome.is_one_of("failed"))
RELIEVED = Chosen(p.blocks, ReliefAtLeast(percent(80)))
LATE = Chosen(p.denervations, IsAfterAgo(p.denervation_date, months(12)))
YEARS = CompletedYears(p.pain_since)
SPANS = (months(3), months(12), months(16), weeks(4), Quantity(14, Unit.DAYS))
DAYS = (p.born, p.pain_since)
AGO = tuple(
    kind(day, span) for kind in (AtLeastAgo, MoreThanAgo, WithinLast, IsAfterAgo) for day in DAYS for span in SPANS
)
IN_DAYS = tuple(
    AtLeast(1, Chosen(p.denervations, kind(p.denervation_date, span)))
    for kind in (AtLeastAgo, MoreThanAgo, WithinLast, IsAfterAgo)
    for span in SPANS
)

EVERY_TEST: tuple[Test, ...] = (
    *AGO,
    *IN_DAYS,
    Always(),
    *(IsTrue(flag) for flag in (p.axial, p.radicular, p.facet_suspected, *p.CONDITIONS.values())),
    *(IsRecorded(v) for v in (p.born, p.age, p.levels, p.levels_n, p.sides, p.region, p.axial, p.hads_depression)),
    *(OneOf(p.region, options) for options in (("lumbar",), ("cervical", "thoracic"))),
    SameText(p.region, p.technique),
    Shares(p.levels, p.sides, True),
    Shares(p.sides, p.sides, False),
    *(Between(p.age, Quantity(low, Unit.YEARS), Quantity(99, Unit.YEARS)) for low in (16, 18, 19, 40)),
    Between(YEARS, Quantity(1, Unit.YEARS), Quantity(2, Unit.YEARS)),
    *(Between(CountOf(p.levels), Quantity(n, Unit.LEVELS), Quantity(n, Unit.LEVELS)) for n in (1, 2, 3)),
    Between(p.hads_depression, points(0), points(10)),
    Between(p.hads_depression, points(15), points(30)),
    *(IsComplete(events) for events in p.EVENTS),
    *(OnRecord(chosen) for chosen in (SCORES, CARE, BLOCKS, DONE, HERE, SIDED, RELIEVED)),
    *(AtLeast(n, chosen) for n in (1, 2, 3) for chosen in (SCORES, CARE, BLOCKS, DONE, HERE, SIDED, LONG_CARE)),
    *(AtLeast(1, Chosen(p.blocks, ReliefAtLeast(percent(n)))) for n in (50, 60, 75, 80)),
    *(AtLeast(2, BLOCKS, days_apart) for days_apart in (2, 13, 14, 15, 16)),
    *(AtLeast(2, chosen, 14) for chosen in (SIDED, RELIEVED)),
    *(AtLeastAtOneLevel(n, DONE, p.denervation_levels, p.levels) for n in (1, 2, 3)),
    AtLeastAtOneLevel(2, BLOCKS, p.block_levels, p.levels),
    AtLeastAtOneLevel(2, HERE, p.denervation_levels, p.levels),
    *(LatestMeets(USUAL, p.score_of_ten.between(points(low), points(10))) for low in (4, 5, 6, 10)),
    *(LatestMeets(SCORES, p.score_of_ten.between(points(low), points(15))) for low in (0, 5, 10)),
    LatestMeets(RELIEVED, IsTrue(p.block_positive)),
    LatestMeets(SIDED, IsTrue(p.block_positive), otherwise=IsTrue(p.axial)),
    LatestMeets(LATE, SameText(p.denervation_region, p.region), otherwise=Always()),
    *(
        ReliefLasts(DONE, percent(n), span, adl)
        for n in (50, 80)
        for span in (months(6), weeks(12))
        for adl in (True, False)
    ),
    ReliefLasts(HERE, percent(50), months(6), True),
    *(
        AtLeast(1, Chosen(p.blocks, Near(p.block_date, INJECTIONS, first, last)))
        for first in (-28, -1, 0, 1)
        for last in (None, -27, -1, 0, 28)
    ),
    *(AtLeast(1, Chosen(p.blocks, Near(p.block_date, chosen, -400, 0))) for chosen in (DONE, HERE, SIDED, SCORES)),
    Near(p.pain_since, DONE, 0, 90),
    Near(p.pain_since, LATE, 0, None),
    Decided(AtLeast(1, RELIEVED), Not(OnRecord(BLOCKS))),
    Decided(IsTrue(p.axial), IsTrue(p.radicular)),
    All((IsTrue(p.axial), AtLeast(1, HERE))),
    AnyOf((IsTrue(p.radicular), AtLeast(2, SIDED), Not(IsTrue(p.axial)))),
    Not(AtLeast(1, Chosen(p.denervations, Always() & Near(p.denervation_date, LATE, 1, 400)))),
)
