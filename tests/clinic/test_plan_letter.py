"""The patient's plan: plain words for every answer, only days that the record holds, and no medicine stopped."""

from __future__ import annotations

import re
import warnings
from datetime import date
from typing import Any

import pytest

from facetwise.clinic.demo.clinic import CASES, made_up_clinic
from facetwise.clinic.letters.patient_plan import ASKED, HOLDS, NEXT, WHO, plan_letter
from facetwise.clinic.pathway.status import listed
from facetwise.decide.decision import decide
from facetwise.decide.next_step import SAYS
from facetwise.guidance.safety import SAFETY
from facetwise.information.content import red_flags
from facetwise.language.patient import CONDITIONS
from facetwise.library import POLICIES
from facetwise.record.parse import record_of

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it asks setuptools for its own folder in the old way
    import textstat

TODAY = date(2026, 11, 20)
OWN = "nice-ng59"
CLINIC = {document["id"]: document for document in made_up_clinic(TODAY, 4)}
EMPTY: dict[str, Any] = {"schema": "facetwise.record/1"}


@pytest.mark.parametrize("patient", [story.id for story in CASES])
def test_the_plan_follows_the_pathway_and_the_decision(patient: str) -> None:
    """The step, who holds it and the day are those of the list; holds and questions are decide's."""
    letter, comes = plan_letter(CLINIC[patient], OWN, TODAY), listed(CLINIC[patient], OWN, TODAY).next
    answer = decide(record_of(CLINIC[patient], patient), letter.decision.policy, TODAY)
    assert letter.decision == answer and letter.next == NEXT[comes.step] and letter.who == WHO[comes.holder]
    assert letter.holds == tuple(HOLDS[hold.id] for hold in answer.holds)
    if comes.stage != "ended":
        assert len(letter.to_ask) + letter.others == len(answer.missing)
    assert letter.warning_signs == red_flags()


def test_every_step_hold_and_question_has_plain_words() -> None:
    made = {listed(document, OWN, TODAY).next.step for document in CLINIC.values()}
    begun = {"planned": TODAY.isoformat(), "started": f"{TODAY}T09:00:00+00:00"}
    letter = plan_letter({"id": "p", "clinic": {"procedures": [begun]}}, OWN, TODAY)
    assert letter.next == "Your heat treatment was begun. The clinic writes down how it went."
    assert set(SAYS) | made <= set(NEXT)
    assert set(HOLDS) == {caution.id for caution in SAFETY} and set(ASKED) == set(CONDITIONS)


def test_the_words_read_easily() -> None:
    """Flesch-Kincaid 6 or lower, as the core of the leaflets."""
    for words in (NEXT, HOLDS):
        assert textstat.flesch_kincaid_grade(" ".join(words.values())) <= 6
        assert [says for says in words.values() if textstat.flesch_kincaid_grade(says) > 9] == []


def test_nobody_is_told_to_stop_a_medicine_and_nobody_is_called_eligible() -> None:
    told = " ".join((*NEXT.values(), *HOLDS.values(), *WHO.values()))
    assert "eligible" not in told
    assert re.findall(r"[^.]*\bstop\b[^.]*\.", told) == [" Do not stop it on your own."]


def test_days_are_the_records_own_and_what_is_past_is_not_to_come() -> None:
    for document in CLINIC.values():
        letter = plan_letter(document, OWN, TODAY)
        held = set(re.findall(r"\d{4}-\d{2}-\d{2}", repr(document)))
        assert {told.day.isoformat() for told in (*letter.dates, *letter.done)} <= held
        assert all(told.day <= TODAY for told in letter.done)
    assert plan_letter(CLINIC["omar-yesterly"], OWN, TODAY).dates == ()
    booked = plan_letter(CLINIC["olga-largeprint"], OWN, TODAY)
    assert [(told.says, told.day) for told in booked.dates] == [("Heat treatment of the nerves", date(2026, 11, 25))]
    assert booked.head.large and booked.when == "Booked for 25 November 2026"
    assert plan_letter(CLINIC["elsie-waiting"], OWN, TODAY).when == "It was due by 16 November 2026"


def test_of_an_empty_record_everything_is_still_to_be_asked_and_no_day_is_named() -> None:
    letter = plan_letter(EMPTY, OWN, TODAY)
    assert len(letter.to_ask) == len(CONDITIONS) and letter.others > 0
    assert letter.when == "" and not letter.dates and not letter.done and not letter.holds
    assert letter.next == NEXT["collect-evidence"] and {told.says for told in letter.head.about} == {"not recorded"}


def test_the_policy_is_named_with_whatever_it_says() -> None:
    for policy in POLICIES:
        document = {**CLINIC["noel-ready"], "clinic": {"policy": policy}}
        assert plan_letter(document, OWN, TODAY).decision.policy.id == policy


def test_a_day_that_is_past_is_no_date_to_come() -> None:
    """The usual look that nobody made is told as what comes next, not among the days ahead."""
    past = {"id": "f1", "denervation": 0, "due": "2026-11-19", "name": "6 weeks"}
    looks = [
        past,
        {**past, "id": "f2", "due": "2026-11-20"},
        {**past, "id": "f3", "due": "2026-11-19", "done": "2026-11-19"},
    ]
    document = {**EMPTY, "denervations": [{"date": "2026-10-08"}], "clinic": {"follow_ups": looks}}
    assert [told.day for told in plan_letter(document, OWN, TODAY).dates] == [TODAY]


def test_a_warning_sign_that_nobody_has_seen_to_stands_first_and_nothing_agreed_stands_before_it() -> None:
    """Held by the clinician and due at once, whatever the plan says; a plan of its own changes that in no way."""
    alert = {"id": "a1", "at": "2026-11-20T08:10:00+00:00", "signs": ["cauda-equina"], "where": "the diary"}
    plan = {"holder": "patient", "due": "2027-11-20"}
    ready = CLINIC["noel-ready"]
    letter = plan_letter({**ready, "clinic": {**ready["clinic"], "alerts": [alert], "plan": plan}}, OWN, TODAY)
    assert letter.head.warned[0].call == "Call 999 or go to A&E now." and letter.next == NEXT["see-to-alert"]
    assert (letter.who, letter.when) == ("Your clinician", "Due by 20 November 2026")
    assert plan_letter(ready, OWN, TODAY).head.warned == ()


def test_an_urgent_referral_is_never_told_as_the_patients_or_as_due_in_a_year() -> None:
    """Whatever was agreed before it came up."""
    ready = CLINIC["noel-ready"]
    plan = {"holder": "patient", "due": "2027-11-20"}
    flagged = {**ready, "conditions": {**ready["conditions"], "fracture": True}}
    letter = plan_letter({**flagged, "clinic": {**ready["clinic"], "plan": plan}}, OWN, TODAY)
    assert letter.next == NEXT["urgent-referral"]
    assert letter.who == "Your clinician" and "2027" not in letter.when
