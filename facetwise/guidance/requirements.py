"""The requirements that published policies share, each as the test it comes to.

A policy's file names the numbers and the place; what a requirement means is said once, here.
"""

from __future__ import annotations

from facetwise.language import patient as p
from facetwise.language.citation import Cite
from facetwise.language.events import (
    Always,
    AtLeast,
    AtLeastAgo,
    AtLeastAtOneLevel,
    Chosen,
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
from facetwise.language.expressions import FlagFact, Test
from facetwise.language.policy import BlockRule, Kind, PolicyCriterion
from facetwise.language.units import Quantity, levels, months, percent, points, years

_OLDEST, _TEN = 150, 10


def adult(at_least: int, cite: Cite) -> PolicyCriterion:
    """Aged so many completed years or over."""
    test = p.age.between(years(at_least), years(_OLDEST))
    return PolicyCriterion("adult", f"Aged {at_least} or over", Kind.SCOPE, test, cite)


def region(name: str, says: str, test: Test, cite: Cite) -> PolicyCriterion:
    """The region asked for is one that the policy speaks of."""
    return PolicyCriterion(name, says, Kind.SCOPE, test, cite)


def lumbar(cite: Cite) -> PolicyCriterion:
    """The lumbar facet joints are asked for."""
    return region("lumbar", "The lumbar region is asked for", p.region.is_one_of("lumbar"), cite)


def thermal(cite: Cite) -> PolicyCriterion:
    """A thermal technique; cooled is thermal."""
    test = p.technique.is_one_of("thermal", "cooled")
    return PolicyCriterion("thermal", "Thermal radiofrequency, not pulsed", Kind.SCOPE, test, cite)


def chronic(cite: Cite, at_least: Quantity | None = None, more_than: Quantity | None = None) -> PolicyCriterion:
    """Pain for a span: at least so long, or longer than that."""
    if at_least is not None:
        test: Test = AtLeastAgo(p.pain_since, at_least)
        return PolicyCriterion("chronic", f"Pain for at least {at_least}", Kind.DURATION, test, cite)
    assert more_than is not None
    test = MoreThanAgo(p.pain_since, more_than)
    return PolicyCriterion("chronic", f"Pain for more than {more_than}", Kind.DURATION, test, cite)


def severity(cite: Cite) -> PolicyCriterion:
    """Pain rated moderate or severe."""
    test = p.rating.is_one_of("moderate", "severe")
    return PolicyCriterion("severity", "Pain rated moderate or severe", Kind.BAR, test, cite)


def is_so(name: str, says: str, fact: FlagFact, cite: Cite, kind: Kind = Kind.BAR) -> PolicyCriterion:
    """Something recorded as true."""
    return PolicyCriterion(name, says, kind, IsTrue(fact), cite)


def is_not_so(name: str, says: str, cite: Cite, *facts: FlagFact) -> PolicyCriterion:
    """Nothing of the kind, recorded as false."""
    first, *others = (~IsTrue(fact) for fact in facts)
    test: Test = first
    for other in others:
        test = test & other
    return PolicyCriterion(name, says, Kind.BAR, test, cite)


def facet_source(cite: Cite) -> PolicyCriterion:
    """A clinician suspects the facet joints."""
    says = "A clinician thinks that the facet joints are the main source of pain"
    return is_so("facet-source", says, p.facet_suspected, cite, Kind.ASSESSMENT)


def pain_score(cite: Cite, at_least: int = 5, at_referral: bool = False) -> PolicyCriterion:
    """A score out of ten: the latest usual one, or where the policy speaks of referral the latest at referral."""
    enough = p.score_of_ten.between(points(at_least), points(_TEN))
    usual = LatestMeets(_scores("usual"), enough)
    test = LatestMeets(_scores("referral"), enough, otherwise=usual) if at_referral else usual
    says = f"A pain score of {at_least} or more out of ten" + (" at referral" if at_referral else "")
    return PolicyCriterion("pain-score", says, Kind.BAR, test, cite)


def _scores(context: str) -> Chosen:
    pain = p.score_scale.is_one_of("NRS", "VAS", "VAS100")
    return Chosen(p.scores, pain & p.score_context.is_one_of(context))


def at_most_levels(most: int, cite: Cite) -> PolicyCriterion:
    """At most so many joints asked for."""
    test = p.levels_n.between(levels(1), levels(most))
    return PolicyCriterion("levels", f"At most {most} levels", Kind.BAR, test, cite)


# Conservative care

_FAILED = p.care_outcome.is_one_of("failed", "not-tolerated", "contraindicated")


def care_failed() -> Test:
    """At least one course failed, was not tolerated or is contraindicated, and none helped."""
    helped = OnRecord(Chosen(p.care, p.care_outcome.is_one_of("helped")))
    any_course = OnRecord(Chosen(p.care, Always()))
    return Decided(
        met_when=OnRecord(Chosen(p.care, _FAILED)) & ~helped,
        not_met_when=helped | (IsComplete(p.care) & ~any_course),
    )


def conservative_care(cite: Cite, for_span: Quantity | None = None) -> PolicyCriterion:
    """Conservative care failed, where asked for so long; a contraindicated course is of any length."""
    test, says = care_failed(), "Conservative care has not worked"
    if for_span is not None:
        tried = p.care_outcome.is_one_of("failed", "not-tolerated") & Lasted(p.care_from, p.care_to, for_span)
        long_enough = AtLeast(1, Chosen(p.care, tried | p.care_outcome.is_one_of("contraindicated")))
        test = test & Decided(met_when=long_enough, not_met_when=~long_enough & OnRecord(Chosen(p.care, _FAILED)))
        says = f"Conservative care for at least {for_span} has not worked"
    return PolicyCriterion("conservative-care", says, Kind.CONSERVATIVE_CARE, test, cite)


# Blocks

MEDIAL_BRANCH = p.block_kind.is_one_of("medial-branch-block")
EITHER_KIND = p.block_kind.is_one_of("medial-branch-block", "intra-articular")
LOCAL_ANAESTHETIC_ONLY = ~IsTrue(p.block_steroid)
SAME_REGION = SameText(p.block_region, p.region)
AT_THE_PLACE = (
    SAME_REGION & Shares(p.block_levels, p.levels, where_named=True) & Shares(p.block_sides, p.sides, where_named=True)
)
NO_JOINT_INJECTION_IN_28_DAYS = ~Near(
    p.block_date, Chosen(p.blocks, p.block_kind.is_one_of("intra-articular") & SAME_REGION), first=-28, last=-1
)
JUDGED_POSITIVE = IsTrue(p.block_positive)


def relief(at_least: int) -> Test:
    """So many percent of relief, stated or computed."""
    return ReliefAtLeast(percent(at_least))


def blocks(
    name: str, says: str, n: int, conditions: Test, response: Test, cite: Cite, days_apart: int = 1
) -> PolicyCriterion:
    """At least n blocks that meet the conditions and the response, on different days or so many days apart."""
    rule = BlockRule(n, Chosen(p.blocks, conditions), response, days_apart)
    return PolicyCriterion(name, says, Kind.BLOCK, rule.test(), cite, block=rule)


def positive_block(cite: Cite, kind: Test = MEDIAL_BRANCH, says: str = "") -> PolicyCriterion:
    """At least one block that the clinician judged positive: the policy sets no percentage."""
    text = says or "At least one medial branch block judged positive by the clinician (the policy sets no percentage)"
    return blocks("positive-block", text, 1, kind & AT_THE_PLACE, JUDGED_POSITIVE, cite)


_LATER_BLOCK = Near(p.block_date, Chosen(p.blocks, MEDIAL_BRANCH & SAME_REGION), first=1, last=None)
PROLONGED = AtLeast(1, Chosen(p.blocks, MEDIAL_BRANCH & SAME_REGION & IsTrue(p.block_prolonged) & ~_LATER_BLOCK))

# Earlier denervations

OF_THE_REGION: Test = SameText(p.denervation_region, p.region)
OF_A_LEVEL_AND_SIDE: Test = (
    OF_THE_REGION
    & Shares(p.denervation_levels, p.levels, where_named=False)
    & Shares(p.denervation_sides, p.sides, where_named=False)
)


def denervations(where: Test) -> Chosen:
    """Earlier denervations."""
    return Chosen(p.denervations, where)


def repeat_interval(at_least: int, cite: Cite, of: Test = OF_THE_REGION) -> PolicyCriterion:
    """So many months since the last denervation of the region, or of a requested level and side."""
    too_recent = denervations(of & IsAfterAgo(p.denervation_date, months(at_least)))
    where = "" if of is OF_THE_REGION else " of the same level and side"
    says = f"At least {at_least} months since the last denervation{where}"
    return PolicyCriterion(
        "repeat-interval", says, Kind.TIME, too_recent.none(), cite, applies_when=AtLeast(1, denervations(of))
    )


def repeat_relief(at_least: int, for_span: Quantity, cite: Cite, daily_activities: bool = False) -> PolicyCriterion:
    """The last denervation gave so much relief for so long."""
    what = "of pain or daily activities" if daily_activities else "of pain"
    says = f"At least {at_least} % relief {what} for {for_span} after the last denervation"
    test = ReliefLasts(denervations(OF_THE_REGION), percent(at_least), for_span, daily_activities)
    applies = AtLeast(1, denervations(OF_THE_REGION))
    return PolicyCriterion("repeat-relief", says, Kind.BAR, test, cite, applies_when=applies)


def session_cap(most: int, cite: Cite) -> PolicyCriterion:
    """At most so many sessions of the region in twelve months, the requested one counted."""
    says = f"At most {most} sessions in twelve months, this one counted"
    over = AtLeast(most, denervations(OF_THE_REGION & IsAfterAgo(p.denervation_date, months(12))))
    return PolicyCriterion("session-cap", says, Kind.TIME, ~over, cite)


def session_cap_per_level(most: int, cite: Cite) -> PolicyCriterion:
    """At most so many attendances at any requested level in twelve months, the requested one counted."""
    recent = denervations(OF_THE_REGION & IsAfterAgo(p.denervation_date, months(12)))
    over = AtLeastAtOneLevel(most, recent, p.denervation_levels, p.levels)
    says = f"At most {most} attendances in twelve months at any level asked for, this one counted"
    return PolicyCriterion("session-cap", says, Kind.TIME, ~over, cite)


def diagnosis_still_current(within: int, again: BlockRule, cite: Cite) -> PolicyCriterion:
    """The last denervation lies within so many months, or the blocks were done again after it."""
    recent = AtLeast(1, denervations(OF_THE_REGION & WithinLast(p.denervation_date, months(within))))
    after_it = ~Near(p.block_date, denervations(OF_THE_REGION), first=0, last=None)
    rule = BlockRule(again.n, Chosen(p.blocks, again.conditions.where & after_it), again.response, again.days_apart)
    return PolicyCriterion(
        "diagnosis-still-current",
        f"The last denervation is within {within} months, or the blocks were done again after it",
        Kind.BLOCK,
        recent | rule.test(),
        cite,
        applies_when=AtLeast(1, denervations(OF_THE_REGION)),
        block=rule,
    )
