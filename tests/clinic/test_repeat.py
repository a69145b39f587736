"""When a repeat becomes possible under each policy: decide's own words, put side by side."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from facetwise.clinic.follow_up.repeat import Repeat, RepeatWhen, repeats
from facetwise.decide.decision import Outcome, decide
from facetwise.guidance.example_patient import AS_OF, example_patient
from facetwise.library import POLICIES
from facetwise.record.parse import record_of

TREATED = {
    "date": "2026-01-20",
    "region": "lumbar",
    "levels": ["L4/5"],
    "sides": ["left"],
    "technique": "thermal",
}


def patient(relief: list[dict[str, Any]] | None = None, **conditions: Any) -> dict[str, Any]:
    made = example_patient()
    held = {name: value for name, value in {**made["conditions"], **conditions}.items() if value is not None}
    entry = {**TREATED, **({"relief": relief} if relief else {})}
    return {**made, "denervations": [entry], "conditions": held}


def under(document: dict[str, Any], policy: str, today: date = AS_OF) -> Repeat:
    return {one.policy.id: one for one in repeats(document, tuple(POLICIES.values()), "hny-2025", today)}[policy]


def test_an_interval_gives_the_day_on_which_it_has_passed() -> None:
    """Humber and North Yorkshire: sixteen calendar months after the last, if the block is recent enough then."""
    found = under(patient(), "hny-2025")
    assert found.when is RepeatWhen.NOT_BY_TIME  # the blocks are older than six months by then
    assert found.over and found.over.as_of == date(2027, 5, 20)
    assert found.against_then == (
        "At least one medial branch block with 50 % relief or more, within the last 6 months",
    )
    assert found.over.next_step.id == "diagnostic-block" and found.asked_then == ()
    unsure = {**patient(), "complete": [name for name in patient()["complete"] if name != "blocks"]}
    found = under(unsure, "hny-2025")
    assert found.against_then == () and [ask for ask in found.asked_then if "block" in ask], (
        "older than six months then"
    )
    recent = patient()
    recent["blocks"][1]["date"] = "2026-11-20"
    found = under(recent, "hny-2025")
    assert (found.when, found.possible_on, found.over) == (RepeatWhen.FROM, date(2027, 5, 20), None)
    assert found.binds


def test_a_reading_of_relief_is_asked_for_and_decides() -> None:
    assert under(patient(), "medicare-lcd").when is RepeatWhen.CANNOT_TELL
    assert "relief_after_denervation" in {item.fact for item in under(patient(), "medicare-lcd").missing}
    good = [{"date": "2026-07-20", "percent": 60}]
    assert under(patient(good), "medicare-lcd").when is RepeatWhen.NOW
    short = [{"date": "2026-06-20", "percent": 40, "adl_percent": 40}]
    assert under(patient(short), "medicare-lcd").when is RepeatWhen.NOT_BY_TIME


@pytest.mark.parametrize("said", [True, None])
def test_a_hold_or_something_not_asked_comes_first_though_the_policy_is_met(said: bool | None) -> None:
    found = under(patient(anticoagulant=said), "nice-ng59")
    assert (found.when, found.decision.outcome) == (RepeatWhen.FIRST, Outcome.MEETS)


def test_the_policy_that_governs_stands_first_and_alone_binds() -> None:
    found = repeats(patient(), tuple(POLICIES.values()), "hny-2025", AS_OF)
    assert [one.policy.id for one in found if one.binds] == ["hny-2025"] == [found[0].policy.id]
    assert [one.policy.id for one in found[1:]] == [name for name in POLICIES if name != "hny-2025"]


@pytest.mark.parametrize("policy", POLICIES.values(), ids=lambda policy: policy.id)
def test_on_the_day_told_the_policy_is_met_and_on_the_day_before_it_is_not(policy: Any) -> None:
    """The date is decide's own, over every week of two years after the denervation."""
    document = patient([{"date": "2026-04-20", "percent": 70}])
    record = record_of(document, "p")
    for week in range(0, 104, 4):
        today = date(2026, 1, 20) + timedelta(weeks=week)
        found = repeats(document, (policy,), policy.id, today)[0]
        if found.possible_on is None:
            assert found.when in (RepeatWhen.CANNOT_TELL, RepeatWhen.NOT_BY_TIME)
            continue
        assert found.possible_on >= today
        if found.when is RepeatWhen.FROM:
            seen_today = found.decision.earliest
            assert seen_today == found.possible_on > today
            assert decide(record, policy, today).outcome is not Outcome.MEETS


def test_a_record_of_which_nothing_is_known_becomes_possible_under_no_policy() -> None:
    for found in repeats({"schema": "facetwise.record/1"}, tuple(POLICIES.values()), "hny-2025", AS_OF):
        assert found.possible_on is None and found.when in (RepeatWhen.CANNOT_TELL, RepeatWhen.NOT_BY_TIME)


def test_the_day_of_an_interval_is_decides_own_and_none_is_told_where_the_interval_is_not_what_is_missing() -> None:
    """Not met on the day before it; over already, not told or not asked by the policy: no day."""
    record = record_of(patient(), "p")
    for policy in POLICIES.values():
        found = under(patient(), policy.id)
        if found.over is None:
            continue
        day = found.over.as_of
        truth = [
            {one.criterion.id: one.says for one in decide(record, policy, on).findings}["repeat-interval"]
            for on in (day - timedelta(days=1), day)
        ]
        assert truth == ["not-met", "met"] and found.over == decide(record, policy, day)
    assert under(patient(), "hny-2025", date(2027, 5, 20)).over is None
    assert under({"schema": "facetwise.record/1"}, "hny-2025").over is None
