"""What a block showed, told by the same evaluator that decides, and what each policy makes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facetwise.clinic.block.blocks import Done, Felt, Judgement, add_block, judge, put_readings
from facetwise.clinic.block.response import Response, Verdict, next_step_of, response
from facetwise.clinic.model.entry_timing import Timing
from facetwise.language.truth import Truth
from facetwise.library import POLICIES, policy
from tests.clinic.patient import AFTERNOON, DAY, DONE, at, without_blocks


def blocked(*scores: tuple[int, object], done: Done = DONE) -> dict[str, Any]:
    document, place = add_block(without_blocks(), done, AFTERNOON)
    felt = [Felt(Decimal(str(score)), minutes) for minutes, score in scores]
    return put_readings(document, place, felt, AFTERNOON, "staff")


def told(document: dict[str, Any], *names: str, today: date = DAY) -> Response:
    return response(document, 0, [policy(name) for name in names] or list(POLICIES.values()), today)


def verdict(document: dict[str, Any], name: str, today: date = DAY) -> Verdict:
    (one,) = told(document, name, today=today).verdicts
    return one


def test_relief_is_of_the_best_score_that_is_held_unrounded_and_unknown_without_a_before_score() -> None:
    seen = told(blocked((15, 1), (30, 3), (60, 3)))
    assert (seen.before, seen.best) == (Decimal(7), Decimal(3)) and seen.computed == Decimal(400) / 7
    assert told(blocked((15, 1), done=replace(DONE, before=None))).computed is None
    assert told(blocked((15, 1), done=replace(DONE, before=Decimal(0)))).computed is None
    assert told(blocked()).best is None


def test_how_many_were_live_filled_in_later_or_of_no_known_time() -> None:
    document = put_readings(blocked((15, 2)), 0, [Felt(Decimal(1), 330)], AFTERNOON, "patient")
    document = put_readings(document, 0, [Felt(Decimal(1), 60, written_at=at(10, 40))], AFTERNOON, "patient")
    assert told(document).counts == {Timing.LIVE: 2, Timing.LATER: 1, Timing.NOT_KNOWN: 0}
    untimed = blocked((15, 2), done=replace(DONE, at=None))
    assert told(untimed).counts[Timing.NOT_KNOWN] == 1 and told(untimed).readings_n == 1


def test_how_long_it_lasted_at_each_percentage_that_a_policy_asks() -> None:
    document = blocked((15, 3), (30, 2), (60, 1), (120, 3), (180, 6), (240, 1))
    by_percent = {lasted.percent: lasted for lasted in told(document).lasted}
    assert set(by_percent) == {50, 60, 75, 80}
    fifty, eighty = by_percent[50], by_percent[80]
    assert (fifty.first, fifty.last, fifty.ended, fifty.hours) == (Decimal(15), Decimal(120), Decimal(180), Decimal(2))
    assert (eighty.first, eighty.last, eighty.ended) == (None, None, None), "one score alone is not held"
    again = told(blocked((15, 1), (30, 6), (60, 1), (120, 1), (180, 6)))
    held = next(lasted for lasted in again.lasted if lasted.percent == 80)
    assert (held.first, held.last, held.ended) == (Decimal(60), Decimal(120), Decimal(180))
    still = next(lasted for lasted in told(blocked((15, 1), (30, 1))).lasted if lasted.percent == 50)
    assert (still.last, still.ended) == (Decimal(30), None), "it may have lasted longer"
    single = next(lasted for lasted in told(blocked((15, 1))).lasted if lasted.percent == 50)
    assert (single.first, single.last, single.ended) == (Decimal(15), Decimal(15), None), "the only one there is"
    never = next(lasted for lasted in told(blocked((15, 6))).lasted if lasted.percent == 50)
    assert (never.first, never.hours) == (None, None)
    assert all(lasted.first is None for lasted in told(blocked((15, 1), done=replace(DONE, before=None))).lasted)


def test_how_long_is_not_told_of_scores_without_their_minute() -> None:
    document = {
        **without_blocks(),
        "blocks": [{"date": "2026-11-20", "before": 7, "after": [{"score": 1}, {"minutes": 15, "score": 1}]}],
    }
    assert told(document).best == 1 and all(lasted.first is None for lasted in told(document).lasted)


def test_each_policy_holds_its_own_percentage_against_the_block() -> None:
    """57 %: enough for 50, not for 60, 75 or 80; without a percentage the clinician is asked."""
    document = blocked((15, 3), (30, 3))
    expected = {
        "hny-2025": Truth.MET,
        "radical-trial": Truth.NOT_MET,
        "tac-victoria": Truth.NOT_MET,
        "medicare-lcd": Truth.NOT_MET,
        "nice-ng59": Truth.UNKNOWN,
    }
    assert {name: verdict(document, name).truth for name in expected} == expected
    assert verdict(document, "hny-2025").reasons == ()
    assert verdict(document, "radical-trial").reasons == (
        "The relief is 57.1 % as computed from the scores: the policy asks for 60 % or more.",
    )
    assert verdict(document, "nice-ng59").reasons == (
        "Not known yet: whether the clinician judges it positive. The policy sets no percentage.",
    )


def test_a_relief_just_under_is_never_shown_as_the_percentage_asked() -> None:
    document = judge(blocked(), 0, Judgement(stated_relief_percent=Decimal("49.99")))
    assert "49.9 % as stated" in verdict(document, "hny-2025").reasons[0]


def test_stated_and_computed_on_both_sides_of_the_percentage_are_both_shown_and_unknown() -> None:
    document = judge(blocked((15, 4), (30, 4)), 0, Judgement(stated_relief_percent=Decimal(80)))
    one = verdict(document, "hny-2025")
    assert one.truth is Truth.UNKNOWN and one.reasons == (
        "The relief is 80 % as stated and 42.8 % as computed from the scores: on both sides of the 50 % that the policy asks for.",
    )


@pytest.mark.parametrize(
    ("done", "name", "said", "reason"),
    [
        (replace(DONE, steroid=True), "bcbs-nd", Truth.NOT_MET, "It held steroid, and the policy takes local"),
        (replace(DONE, steroid=None), "bcbs-nd", Truth.UNKNOWN, "Not known yet: Did the block hold steroid?"),
        (replace(DONE, kind="intra-articular"), "hny-2025", Truth.NOT_MET, "It is not of the kind that the policy"),
        (replace(DONE, kind=None), "hny-2025", Truth.UNKNOWN, "Not known yet: Was the block a medial branch block"),
        (replace(DONE, region="cervical"), "hny-2025", Truth.NOT_MET, "It was done in another region"),
        (replace(DONE, levels=("L1/2",)), "hny-2025", Truth.NOT_MET, "It was done at other levels"),
        (replace(DONE, sides=("right",)), "hny-2025", Truth.NOT_MET, "It was done on another side"),
        (replace(DONE, before=None), "hny-2025", Truth.UNKNOWN, "Not known yet: the relief. The policy asks for 50 %"),
    ],
)
def test_why_a_block_does_not_qualify_is_said(done: Done, name: str, said: Truth, reason: str) -> None:
    one = verdict(blocked((15, 1), (30, 1), done=done), name)
    assert one.truth is said and any(told.startswith(reason) for told in one.reasons), one.reasons


def test_a_block_grows_too_old_where_the_policy_asks_for_a_recent_one() -> None:
    """Six months, the day itself included."""
    document = blocked((15, 1), (30, 1))
    assert verdict(document, "hny-2025", today=date(2027, 5, 20)).truth is Truth.MET
    late = verdict(document, "hny-2025", today=date(2027, 5, 21))
    assert late.truth is Truth.NOT_MET and late.reasons == ("It is more than 6 months old.",)


def test_an_injection_into_the_joint_shortly_before_is_named() -> None:
    document = blocked((15, 1), (30, 1))
    injected = {"date": "2026-11-01", "kind": "intra-articular", "region": "lumbar"}
    one = verdict({**document, "blocks": [*document["blocks"], injected]}, "bcbs-nd")
    assert one.reasons == ("It was done within 28 days after an injection into the joint.",)


def test_every_policy_says_why_in_words_whatever_is_known_of_the_block() -> None:
    for done in (Done(date=DAY), DONE, replace(DONE, steroid=True, kind="intra-articular", region="knee")):
        for scores in ((), ((15, 7), (30, 7)), ((15, 0), (30, 0))):
            for one in told(blocked(*scores, done=done)).verdicts:
                assert (one.truth is Truth.MET) == (not one.reasons), (one.policy.id, one.reasons)


def test_steroid_sedation_volume_and_agent_are_flagged_where_somebody_minds_with_the_place() -> None:
    flagged = replace(DONE, steroid=True, sedation=True, volume_ml=Decimal("1.1"), agent=None)
    found = told(blocked(done=flagged)).flags
    assert {flag.about for flag in found} == {"steroid", "sedation", "volume", "agent"}
    steroid = [flag.says for flag in found if flag.about == "steroid"]
    assert any("bcbs-nd takes blocks with local anaesthetic only" in says for says in steroid)
    assert not any("hny-2025" in says for says in steroid), "it minds no steroid"
    assert [flag.says for flag in found if flag.about == "volume"][1].startswith("More than 1 ml")
    assert all(flag.cite.place for flag in found)


def test_nothing_is_flagged_where_nobody_minds_and_what_is_not_known_is_not_taken_for_no() -> None:
    assert [flag.about for flag in told(blocked(), "hny-2025").flags] == []
    unknown = told(blocked(done=Done(date=DAY)), "hny-2025", "radical-trial").flags
    assert [flag.about for flag in unknown] == ["steroid", "sedation"]
    assert "is not known" in unknown[0].says and "is not known" in unknown[1].says


@pytest.mark.parametrize(("volume", "n"), [("0.5", 0), ("0.6", 1), ("1", 1), ("1.01", 2)])
def test_volume_is_flagged_over_half_a_millilitre_and_again_over_one(volume: str, n: int) -> None:
    found = told(blocked(done=replace(DONE, volume_ml=Decimal(volume))), "hny-2025").flags
    assert len([flag for flag in found if flag.about == "volume"]) == n


def test_what_follows_changes_with_the_entry() -> None:
    one = policy("hny-2025")
    assert next_step_of(without_blocks(), one, DAY).id == "diagnostic-block"
    assert next_step_of(blocked(), one, DAY).id == "collect-evidence"
    assert next_step_of(blocked((15, 1), (30, 1)), one, DAY).id == "offer-denervation"
    assert next_step_of(blocked((15, 6), (30, 6)), one, DAY).id == "not-supported"


def test_a_block_dated_after_the_day_asked_is_not_judged() -> None:
    early = told(blocked((15, 1), (30, 1)), today=DAY - timedelta(days=1))
    assert early.unseen and early.verdicts == () and early.computed is None


@given(st.lists(st.integers(0, 10), min_size=1, max_size=6))
def test_how_long_is_told_where_and_only_where_the_relief_by_the_scores_reaches_it(scores: list[int]) -> None:
    seen = told(
        blocked(*((minutes, score) for minutes, score in zip((15, 30, 60, 120, 180, 240), scores, strict=False)))
    )
    assert seen.computed is not None
    for lasted in seen.lasted:
        assert (lasted.first is not None) == (seen.computed >= lasted.percent)
