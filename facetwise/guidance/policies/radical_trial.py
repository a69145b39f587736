"""`radical-trial`: who could enter the RADICAL trial. A trial, not a rule of commissioning."""

from datetime import date

from facetwise.guidance import requirements as need
from facetwise.guidance.sources import RADICAL as SOURCE
from facetwise.language import patient as p
from facetwise.language.citation import Cite
from facetwise.language.definition import Status
from facetwise.language.events import Always, AtLeast, Chosen
from facetwise.language.policy import BlockRule, Example, Kind, Policy, PolicyCriterion
from facetwise.language.units import months, points

DONE = Chosen(p.blocks, need.MEDIAL_BRANCH & need.SAME_REGION)
SINGLE = BlockRule(
    1,
    Chosen(p.blocks, need.MEDIAL_BRANCH & need.SAME_REGION & need.LOCAL_ANAESTHETIC_ONLY),
    need.relief(60),
    only=DONE,
)
NOT_SUCH = Chosen(p.blocks, DONE.where & ~(need.LOCAL_ANAESTHETIC_ONLY & need.relief(60)))

POLICY = Policy(
    id="radical-trial",
    title="RADICAL trial: entry criteria",
    version="ISRCTN16473239",
    steward="University of Bristol",
    status=Status.IN_USE,
    source=SOURCE,
    checker="the authors of Facetwise in November 2026, not yet by a clinician",
    next_review=date(2027, 11, 20),
    criteria=(
        need.adult(18, Cite(SOURCE, "inclusion: age")),
        need.lumbar(Cite(SOURCE, "inclusion: low back pain")),
        need.chronic(Cite(SOURCE, "inclusion: duration"), more_than=months(3)),
        need.pain_score(Cite(SOURCE, "inclusion: pain score")),
        PolicyCriterion(
            "single-block",
            "Exactly one medial branch block of the region was done, without steroid and with 60 % relief or more",
            Kind.BLOCK,
            AtLeast(1, DONE) & ~AtLeast(2, DONE) & SINGLE.test() & NOT_SUCH.none(),
            Cite(SOURCE, "inclusion: a single block"),
            block=SINGLE,
        ),
        PolicyCriterion(
            "no-previous-denervation",
            "No earlier radiofrequency denervation",
            Kind.BAR,
            need.denervations(Always()).none(),
            Cite(SOURCE, "exclusion: previous denervation"),
        ),
        need.is_not_so(
            "no-metalwork",
            "No metalwork in the lumbar spine",
            Cite(SOURCE, "exclusion: metalwork"),
            p.CONDITIONS["lumbar_metalwork"],
        ),
        need.is_not_so(
            "no-cardiac-device",
            "No pacemaker or implanted defibrillator",
            Cite(SOURCE, "exclusion: pacemaker or defibrillator"),
            p.CONDITIONS["pacemaker"],
            p.CONDITIONS["icd"],
        ),
        need.is_not_so("not-pregnant", "Not pregnant", Cite(SOURCE, "exclusion: pregnancy"), p.CONDITIONS["pregnant"]),
        PolicyCriterion(
            "mood",
            "A HADS depression score under 15",
            Kind.BAR,
            p.hads_depression.between(points(0), points(14)),
            Cite(SOURCE, "exclusion: HADS-D of 15 or more"),
        ),
    ),
    examples=(
        Example(
            "with a single block of 60 %",
            (
                'blocks=[{"date": "2026-09-03", "kind": "medial-branch-block", "region": "lumbar", "steroid": false, "stated_relief_percent": 60, "positive": true}]',
            ),
            "meets",
        ),
        Example("two blocks were done", (), "does-not-meet", "single-block", "not-met"),
        Example(
            "a HADS depression score of 15",
            (
                'blocks=[{"date": "2026-09-03", "kind": "medial-branch-block", "region": "lumbar", "steroid": false, "stated_relief_percent": 60, "positive": true}]',
                "hads_depression=15",
            ),
            "does-not-meet",
            "mood",
            "not-met",
        ),
    ),
    notes=(
        "A trial, not a commissioning rule. Its results were not found.",
        "Its further exclusions (another diagnosis, lacking capacity, being a prisoner) are not in the record and stay with the clinician.",
        "Two blocks on one day are one, and each part of it must be without steroid and bring the relief.",
    ),
)
