"""What an answer says: outcome, next step, what is missing, the day it changes, and what contradicts itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from facetwise.decide.decision import Decision, Outcome, decide
from facetwise.decide.next_step import SAYS
from facetwise.guidance.example_patient import AS_OF, example_patient
from facetwise.guidance.safety import RED_FLAGS, SAFETY
from facetwise.language.policy import Policy
from facetwise.library import POLICIES
from facetwise.record.parse import record_of
from facetwise.record.what_if import what_if

EVERY = list(POLICIES.values())
ONE_BLOCK = (
    'blocks=[{"date": "2026-09-03", "kind": "medial-branch-block", "region": "lumbar", "steroid": false, '
    '"stated_relief_percent": 85, "positive": true}]'
)


def answer(policy: str, *changes: str, as_of: date = AS_OF, document: dict[str, Any] | None = None) -> Decision:
    base = example_patient() if document is None else document
    return decide(record_of(what_if(base, changes, as_of), "somebody"), POLICIES[policy], as_of)


def truths(decision: Decision) -> dict[str, str]:
    return {finding.criterion.id: finding.says for finding in decision.findings}


@pytest.mark.parametrize("policy", EVERY, ids=lambda policy: policy.id)
def test_the_empty_record_meets_no_policy_and_everything_is_asked(policy: Policy) -> None:
    decision = answer(policy.id, document={})
    assert decision.outcome is Outcome.CANNOT_TELL
    assert set(truths(decision).values()) == {"unknown"}
    asked = {missing.fact for missing in decision.missing}
    assert {caution.id for caution in (*RED_FLAGS, *SAFETY)} <= asked
    named = {criterion for missing in decision.missing for criterion in missing.criteria}
    assert named == {criterion.id for criterion in policy.criteria}
    assert decision.next_step.id == "collect-evidence" and decision.earliest is None


@pytest.mark.parametrize("policy", EVERY, ids=lambda policy: policy.id)
def test_the_examples_of_a_policy_hold(policy: Policy) -> None:
    for example in policy.examples:
        decision = answer(policy.id, *example.changes)
        assert decision.outcome.value == example.outcome, example.says
        if example.criterion:
            assert truths(decision)[example.criterion] == example.truth, example.says


def test_the_patient_of_the_dossier_gets_a_different_answer_from_each_policy() -> None:
    """NRS 6, five months' pain, failed physiotherapy, one block with 55 %: dossier, end of part B."""
    patient = (
        "pain.since=2026-06-20",
        'scores=[{"date": "2026-10-20", "scale": "NRS", "value": 6, "context": "usual"}]',
        ONE_BLOCK.replace("85", "55"),
    )
    said = {policy.id: answer(policy.id, *patient) for policy in EVERY}
    assert said["nice-ng59"].outcome is Outcome.MEETS
    assert truths(said["hny-2025"])["chronic"] == "not-met"
    assert said["hny-2025"].next_step.id == "wait" and said["hny-2025"].earliest == date(2026, 12, 20)
    assert truths(said["radical-trial"])["single-block"] == "not-met"
    assert truths(said["medicare-lcd"])["blocks"] == "not-met"
    assert said["dutch-nva"].outcome is Outcome.MEETS


@pytest.mark.parametrize(
    ("policy", "changes", "step"),
    [
        ("nice-ng59", ("cauda_equina_signs=true", "pacemaker=true", "age=15"), "urgent-referral"),
        ("nice-ng59", ("pacemaker=true", "age=15"), "resolve-hold"),
        ("nice-ng59", ("age=15", "care[0].outcome=helped"), "out-of-scope"),
        ("ebi-2k-guidance", ("blocks[1].prolonged=true", "care[0].outcome=helped"), "no-further-intervention"),
        ("nice-ng59", ("blocks[1].prolonged=true",), "offer-denervation"),
        ("ebi-2k-guidance", ("blocks[0].prolonged=true",), "offer-denervation"),
        ("ebi-2k-guidance", ("blocks[0].prolonged=true", "blocks[0].date=2026-09-03"), "no-further-intervention"),
        ("ebi-2k-guidance", ("blocks[1].prolonged=true", "blocks[0].date=2026-09-03"), "no-further-intervention"),
        ("radical-trial", (ONE_BLOCK.replace("false", "true", 1),), "not-supported"),
        ("nice-ng59", ("care[0].outcome=helped", "pain.since=2026-10-01"), "conservative-care"),
        ("nice-ng59", ("pain.since=2026-10-01", "facet_suspected=false"), "wait"),
        ("nice-ng59", ("facet_suspected=false", "pain_score=2"), "specialist-assessment"),
        ("nice-ng59", ("pain_score=2", "blocks=[]"), "not-supported"),
        ("nice-ng59", ("blocks[0].positive=false", "blocks[1].positive=false"), "not-supported"),
        ("nice-ng59", ("blocks=[]",), "diagnostic-block"),
        ("nice-ng59", ("blocks=[]", "fracture=null"), "collect-evidence"),
        ("medicare-lcd", (ONE_BLOCK,), "second-diagnostic-block"),
        ("medicare-lcd", (ONE_BLOCK, "icd=null"), "collect-evidence"),
        ("medicare-lcd", ("blocks[0].date=2026-08-21",), "second-diagnostic-block"),
        ("medicare-lcd", ("blocks[0].stated_relief_percent=60", "blocks[0].before=null"), "not-supported"),
        ("bcbs-nd", ("blocks[0].steroid=true", "blocks[1].steroid=true"), "diagnostic-block"),
        ("hny-2025", ("blocks[0].date=2026-04-01", "blocks[1].date=2026-05-19"), "diagnostic-block"),
        ("hny-2025", ('denervations=[{"date": "2026-01-01", "region": "lumbar"}]',), "wait"),
        ("hny-2025", ("pain_rating=null",), "collect-evidence"),
        ("nice-ng59", ("pregnant=null",), "collect-evidence"),
        ("nice-ng59", (), "offer-denervation"),
        ("nice-ng59", ('denervations=[{"date": "2022-01-01", "region": "lumbar"}]',), "repeat-denervation"),
        ("nice-ng59", ('denervations=[{"date": "2022-01-01", "region": "cervical"}]',), "offer-denervation"),
    ],
)
def test_the_next_step_is_the_first_line_of_the_table_that_applies(
    policy: str, changes: tuple[str, ...], step: str
) -> None:
    """Contract, section 3: each row beside one below it that would apply too."""
    assert answer(policy, *changes).next_step.id == step


def test_every_next_step_of_the_contract_has_words() -> None:
    assert len(SAYS) == 13 and all(words.endswith(".") for words in SAYS.values())


def test_a_hold_changes_the_next_step_and_never_the_outcome() -> None:
    for policy in EVERY:
        if "no-cardiac-device" in {criterion.id for criterion in policy.criteria}:
            continue
        free = answer(policy.id)
        held = answer(policy.id, "pacemaker=true")
        assert held.outcome is free.outcome and held.next_step.id == "resolve-hold"
        assert [hold.id for hold in held.holds] == ["pacemaker"]


def test_missing_names_only_what_could_change_the_outcome() -> None:
    """Of a policy that is surely not met, no fact of its criteria could; red flags and safety are asked all the same."""
    unknown = answer("hny-2025", "pain_rating=null")
    assert [(missing.fact, missing.criteria) for missing in unknown.missing] == [("pain_rating", ("severity",))]
    sure = answer("hny-2025", "pain_rating=null", "pain.since=2026-10-01", "allergy=null")
    assert [(missing.fact, missing.criteria) for missing in sure.missing] == [("allergy", ())]
    incomplete = answer("medicare-lcd", ONE_BLOCK, 'complete=["care"]', document={**example_patient(), "complete": []})
    facts = {missing.fact: missing.criteria for missing in incomplete.missing}
    assert facts["blocks"] == ("blocks", "diagnosis-still-current")
    unnamed = 'denervations=[{"date": "2026-01-10", "region": "lumbar"}, {"date": "2026-03-10", "region": "lumbar"}, {"date": "2026-05-10", "region": "lumbar"}]'
    assert [missing.fact for missing in answer("australia-mbs", unnamed).missing] == ["denervation_levels"]
    assert "session-cap" in facts["denervations"]


@pytest.mark.parametrize(
    ("policy", "changes", "day"),
    [
        ("nice-ng59", ("pain.since=2026-11-30",), None),  # dated after the day asked: not looked at
        ("nice-ng59", ("pain.since=2026-11-10",), date(2027, 2, 10)),
        ("nice-ng59", ("pain.since=2026-08-31", "age=15"), date(2027, 11, 20)),
        ("hny-2025", ("pain.since=2026-08-31",), date(2027, 2, 28)),
        ("hny-2025", ("pain.since=2026-11-01",), None),  # by then the blocks are over six months old
        ("tac-victoria", ("pain.since=2026-08-20",), date(2026, 11, 21)),
        ("hny-2025", ('denervations=[{"date": "2025-10-31", "region": "lumbar"}]',), date(2027, 2, 28)),
        ("hny-2025", ("pain_rating=mild", "pain.since=2026-08-31"), None),
        ("hny-2025", (), None),
        ("radical-trial", (ONE_BLOCK, "born=2012-02-29"), date(2030, 3, 1)),
        (
            "medicare-lcd",
            (
                'denervations=[{"date": "2026-01-31", "region": "lumbar", "relief": [{"date": "2026-09-01", "percent": 70}]},'
                '{"date": "2025-12-01", "region": "lumbar"}]',
            ),
            date(2026, 12, 1),
        ),
    ],
)
def test_earliest_is_the_first_day_on_which_time_alone_meets_the_policy(
    policy: str, changes: tuple[str, ...], day: date | None
) -> None:
    decision = answer(policy, *changes)
    assert decision.earliest == day
    if day is not None:
        record = record_of(what_if(example_patient(), changes, AS_OF), "somebody")
        assert decide(record, POLICIES[policy], day).outcome is Outcome.MEETS
        before = date.fromordinal(day.toordinal() - 1)
        assert decide(record, POLICIES[policy], before).outcome is not Outcome.MEETS


def test_contradictions_are_shown_and_not_settled() -> None:
    decision = answer("hny-2025", "blocks[0].stated_relief_percent=30", "blocks[1].date=2026-03-01")
    assert [doubt.says for doubt in decision.contradictions] == [
        "The relief stated (30 %) is not the relief computed from the scores (85.7 %)"
    ]
    assert truths(decision)["positive-block"] == "unknown"
    late = answer("nice-ng59", "pain.since=2026-08-10")
    assert [doubt.says for doubt in late.contradictions] == [
        "A course of care began before the pain began (2026-08-10)",
        "A block was done before the pain began (2026-08-10)",
    ]


def test_what_is_dated_after_the_day_asked_is_not_looked_at_and_said() -> None:
    decision = answer("hny-2025", as_of=date(2026, 8, 20))
    assert truths(decision)["positive-block"] == "met"  # the first block alone
    assert any("blocks[1], " in note or "blocks[1]." in note for note in decision.notes)
    assert truths(answer("medicare-lcd", as_of=date(2026, 8, 20)))["blocks"] == "not-met"


def test_a_policy_out_of_its_dates_says_so_and_answers_all_the_same() -> None:
    decision = answer("bupa-2018")
    assert decision.outcome is Outcome.MEETS and any("valid to 2021-08-31" in note for note in decision.notes)


def test_the_contrary_recommendation_stands_beside_every_answer() -> None:
    for policy in EVERY:
        told = answer(policy.id).to_json()
        assert told["contrary"]["id"] == "bmj-2025" and told["contrary"]["cite"]["url"].startswith("https://")


@pytest.mark.parametrize(
    ("changes", "score"),
    [
        ((), "met"),
        (("scores[0].context=worst",), "met"),  # no referral score: the latest usual one
        (("scores[0].value=4",), "not-met"),  # at referral, though the usual one is 6
        (("scores[0].scale=ODI",), "met"),
        (("scores[1].value=4",), "met"),
        (("scores[0].context=null",), "met"),  # whichever it is, both are 5 or more
        (("scores[0].context=null", "scores[0].value=3"), "unknown"),
        (("scores=[]",), "unknown"),
    ],
)
def test_a_referral_score_counts_first_and_the_latest_usual_one_else(changes: tuple[str, ...], score: str) -> None:
    assert truths(answer("nice-ng59", *changes))["pain-score"] == score
