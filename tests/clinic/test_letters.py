"""Letters: what a policy says in them is what decide says, and nothing is said that the record does not hold."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

import pytest

from facetwise.clinic.demo.clinic import CASES, made_up_clinic
from facetwise.clinic.follow_up.alerts import POINTS_TO
from facetwise.clinic.letters.letters import TRUTHS, PriorApproval, Referral, prior_approval, referral
from facetwise.clinic.letters.phrases import NEEDS
from facetwise.clinic.model.dates_text import MONTHS
from facetwise.decide.decision import Decision, decide
from facetwise.errors import InputError, UsageError
from facetwise.information.content import red_flags
from facetwise.language.patient import RED_FLAGS, SAFETY
from facetwise.library import POLICIES
from facetwise.record.parse import record_of

TODAY = date(2026, 11, 20)
CLINIC = {document["id"]: document for document in made_up_clinic(TODAY, 4)}
PATIENTS = [story.id for story in CASES]
EMPTY: dict[str, Any] = {"schema": "facetwise.record/1"}


def words(part: object) -> Iterable[str]:
    """Every text of a letter that is about the patient: the policy's own words are not."""
    if isinstance(part, Decision):
        return
    if isinstance(part, str):
        yield part
    elif isinstance(part, tuple):
        for inner in part:
            yield from words(inner)
    elif is_dataclass(part) and not isinstance(part, type):
        for field in fields(part):
            if field.name not in ("asks", "place", "read", "contrary", "id", "not_met", "unknown"):
                yield from words(getattr(part, field.name))


def dates_in(texts: Iterable[str]) -> set[str]:
    found = re.findall(rf"(\d+) ({'|'.join(MONTHS)}) (\d{{4}})", " ".join(texts))
    return {date(int(year), MONTHS.index(month) + 1, int(day)).isoformat() for day, month, year in found}


@pytest.mark.parametrize("patient", PATIENTS)
def test_the_prior_approval_summary_says_what_decide_says(patient: str) -> None:
    """For every policy: outcome, each criterion with its evidence, what is missing, the version."""
    record = record_of(CLINIC[patient], patient)
    for policy in POLICIES.values():
        letter, answer = prior_approval(CLINIC[patient], policy.id, TODAY), decide(record, policy, TODAY)
        assert letter.decision == answer
        assert [(row.id, row.truth) for row in letter.criteria] == [
            (finding.criterion.id, TRUTHS[finding.truth]) for finding in answer.findings
        ]
        assert [len(row.evidence) for row in letter.criteria] == [len(finding.because) for finding in answer.findings]
        assert list(letter.missing) == [missing.ask for missing in answer.missing]
        assert letter.contrary.id == "bmj-2025"


@pytest.mark.parametrize("patient", PATIENTS)
def test_no_date_stands_in_a_letter_that_the_record_does_not_hold(patient: str) -> None:
    document = CLINIC[patient]
    held = set(re.findall(r"\d{4}-\d{2}-\d{2}", repr(document))) | {TODAY.isoformat()}
    for letter in (
        referral(document, "nice-ng59", TODAY),
        *(prior_approval(document, name, TODAY) for name in POLICIES),
    ):
        assert dates_in(words(letter)) <= held


def test_of_an_empty_record_everything_is_not_recorded_and_nothing_is_denied() -> None:
    """Unknown is never no: neither a condition nor a block is said to be absent."""
    letter = referral(EMPTY, "nice-ng59", TODAY)
    facts = {told.name: told.says for part in letter.parts for told in part.facts}
    named = {name: facts.pop(name) for name in ("Present", "Asked, and not present", "Not recorded")}
    assert set(facts.values()) == {"not recorded"} and {told.says for told in letter.head.about} == {"not recorded"}
    assert named["Present"] == named["Asked, and not present"] == "none recorded"
    assert (
        all("whether there was any is not known" in note for note in letter.open_lists) and len(letter.open_lists) == 3
    )
    assert letter.history == () and letter.agreed == () and letter.head.needs == ()
    summary = prior_approval(EMPTY, "hny-2025", TODAY)
    assert {row.truth for row in summary.criteria} == {"cannot be told"} and summary.attached == ()
    assert summary.outcome == "Cannot be told: something is not recorded"


def test_every_condition_is_present_absent_or_not_recorded_and_a_whole_list_makes_silence_absence() -> None:
    some = {**EMPTY, "conditions": {"pacemaker": True, "icd": False}}
    for document, absent in ((some, {"an implanted defibrillator"}), ({**some, "complete": ["conditions"]}, None)):
        told = [part for part in referral(document, "nice-ng59", TODAY).parts if part.facts[0].name == "Present"]
        said = {fact.name: fact.says.split("; ") for part in told[1:] for fact in part.facts}
        assert said["Present"] == ["a pacemaker"]
        if absent:
            assert set(said["Asked, and not present"]) == absent and len(said["Not recorded"]) == len(SAFETY) - 2
        else:
            assert len(said["Asked, and not present"]) == len(SAFETY) - 1
            assert said["Not recorded"] == ["every one is recorded"]
        assert len(told) == 2 and len(RED_FLAGS) == 5


def test_a_complete_and_empty_list_says_none() -> None:
    letter = referral({**EMPTY, "complete": ["blocks", "care", "denervations"]}, "nice-ng59", TODAY)
    assert letter.open_lists == (
        "The list of care tried is complete: none.",
        "The list of diagnostic blocks is complete: none.",
        "The list of denervations is complete: none.",
    )


@pytest.mark.parametrize("kind", ["referral", "prior-approval"])
def test_needs_stand_on_every_letter_and_large_print_is_chosen_by_itself(kind: str) -> None:
    def letter(document: dict[str, Any]) -> Referral | PriorApproval:
        is_referral = kind == "referral"
        return referral(document, "nice-ng59", TODAY) if is_referral else prior_approval(document, "nice-ng59", TODAY)

    head = letter(CLINIC["olga-largeprint"]).head
    assert head.needs == ("Large print, 18 point", "Hearing", "A carer or supporter") and head.large
    assert head.needs_note == "Letters to her daughter as well" and head.needs_reviewed == date(2026, 9, 23)
    assert not letter(CLINIC["noel-ready"]).head.large
    for need, said in NEEDS.items():
        assert said in letter({**EMPTY, "clinic": {"needs": [need]}}).head.needs


def test_only_what_is_there_is_attached_and_what_was_written_down_late_is_said() -> None:
    assert prior_approval(CLINIC["femi-latterly"], "hny-2025", TODAY).attached == (
        "Score sheet of the block of 17 November 2026: 8 scores, 8 of them filled in later",
        "Time line of scores, care, blocks, denervations and relief",
    )
    assert prior_approval(CLINIC["ada-firstly"], "hny-2025", TODAY).attached == ()
    diary = prior_approval(CLINIC["percy-soreham"], "hny-2025", TODAY).attached[0]
    assert diary == "Pain diary: 7 entries, from 16 November 2026 to 20 November 2026 (printed from its own page)"


def test_a_sheet_that_is_attached_is_there_score_by_score() -> None:
    letter = prior_approval(CLINIC["femi-latterly"], "hny-2025", TODAY)
    assert [(it.after, it.score, it.late) for it in letter.sheets[0].readings[:4]] == [
        ("15 minutes", "5", True),
        ("30 minutes", "4", True),
        ("1 hour", "3", True),
        ("2 hours", "3", True),
    ]
    assert letter.sheets[0].day == date(2026, 11, 17)
    live = prior_approval(CLINIC["gina-twice"], "hny-2025", TODAY).sheets[0]
    assert not any(it.late for it in live.readings) and len(live.readings) == 10


def test_the_governing_policy_is_the_patients_own_and_else_the_clinics() -> None:
    assert referral(CLINIC["gina-twice"], "nice-ng59", TODAY).decision.policy.id == "medicare-lcd"
    assert referral(CLINIC["noel-ready"], "hny-2025", TODAY).decision.policy.id == "hny-2025"


def test_what_comes_after_the_day_of_the_letter_is_not_in_it() -> None:
    document = {**EMPTY, "blocks": [{"date": "2026-12-01", "stated_relief_percent": 80}]}
    assert referral(document, "nice-ng59", TODAY).history == ()


def test_a_letter_about_no_record_or_by_no_policy_is_refused_in_words() -> None:
    with pytest.raises(InputError, match=r"conditions\.pacemaker is neither true nor false"):
        referral({**EMPTY, "conditions": {"pacemaker": "no"}}, "nice-ng59", TODAY)
    with pytest.raises(UsageError, match="There is no policy 'hny-2052'"):
        prior_approval(EMPTY, "hny-2052", TODAY)


ALERT = {"id": "a1", "at": "2026-11-20T08:10:00+00:00", "signs": ["cauda-equina", "infection"], "where": "the diary"}


def alarmed(**alert: Any) -> dict[str, Any]:
    """Somebody who meets the policy, of whom every condition was asked before a sign was ticked."""
    ready = CLINIC["noel-ready"]
    return {**ready, "clinic": {**ready["clinic"], "alerts": [{**ALERT, **alert}]}}


def conditions_in(letter: Referral) -> dict[str, set[str]]:
    facts = [fact for part in letter.parts for fact in part.facts if part.facts[0].name == "Present"]
    said: dict[str, set[str]] = {}
    for fact in facts:
        said.setdefault(fact.name, set()).update(fact.says.split("; "))
    return said


def test_no_letter_denies_what_the_patient_has_just_ticked() -> None:
    """An open alert stands first on every letter, and no condition that its sign may be of is said to be absent."""
    letter = referral(alarmed(), "nice-ng59", TODAY)
    said = conditions_in(letter)
    ticked = {RED_FLAGS["cauda_equina_signs"], RED_FLAGS["spinal_infection"], SAFETY["local_infection"]}
    assert not said["Asked, and not present"] & ticked and RED_FLAGS["fracture"] in said["Asked, and not present"]
    doubts = said["A warning sign may be of these; nobody has seen to it"]
    assert {f"{name} (sign of 20 November 2026)" for name in ticked} <= doubts
    for head in (letter.head, prior_approval(alarmed(), "nice-ng59", TODAY).head):
        assert [(it.day, it.by_patient, len(it.questions)) for it in head.warned] == [(TODAY, True, 2)]
        assert "bladder or bowels" in head.warned[0].questions[0] and "999" in head.warned[0].call


def test_a_sign_points_to_conditions_that_were_never_asked_too_and_every_sign_points_somewhere() -> None:
    unknown = {**EMPTY, "clinic": {"alerts": [ALERT]}}
    said = conditions_in(referral(unknown, "nice-ng59", TODAY))
    assert RED_FLAGS["cauda_equina_signs"] not in said["Not recorded"]
    assert set(POINTS_TO) == {flag.id for flag in red_flags()}
    assert {name for names in POINTS_TO.values() for name in names} <= {*RED_FLAGS, *SAFETY}


def test_an_alert_that_was_seen_to_is_in_no_letter_and_what_is_recorded_as_present_stays_so() -> None:
    seen = alarmed(seen_by="dr.rao", seen_at="2026-11-20T09:00:00+00:00", done="examined")
    letter = referral(seen, "nice-ng59", TODAY)
    assert (
        letter.head.warned == () and RED_FLAGS["cauda_equina_signs"] in conditions_in(letter)["Asked, and not present"]
    )
    present = alarmed()
    present["conditions"] = {**present["conditions"], "cauda_equina_signs": True}
    assert RED_FLAGS["cauda_equina_signs"] in conditions_in(referral(present, "nice-ng59", TODAY))["Present"]


def test_what_was_agreed_for_later_is_no_answer_to_something_urgent() -> None:
    """Held by the patient, due in a year: said of neither a red flag nor an open alert."""
    plan = {"note": "walks more", "holder": "patient", "due": "2027-11-20"}
    calm = {**CLINIC["noel-ready"], "clinic": {**CLINIC["noel-ready"]["clinic"], "plan": plan}}
    assert [told.name for told in referral(calm, "nice-ng59", TODAY).agreed] == ["Agreed next", "By", "Due"]
    flagged = {**calm, "conditions": {**calm["conditions"], "fracture": True}}
    ticked = {**calm, "clinic": {**calm["clinic"], "alerts": [ALERT]}}
    for document in (flagged, ticked):
        assert [told.name for told in referral(document, "nice-ng59", TODAY).agreed] == ["Agreed next"]


@pytest.mark.parametrize(("volume", "says"), [(0.5, "0.5"), (None, "not recorded")])
def test_the_volume_of_a_block_is_the_one_on_its_form(volume: float | None, says: str) -> None:
    document = CLINIC["gina-twice"]
    blocks = [{**block, "volume_ml": volume} if volume else {**block} for block in document["blocks"]]
    for block in blocks if volume is None else ():
        block.pop("volume_ml", None)
    sheet = prior_approval({**document, "blocks": blocks}, "hny-2025", TODAY).sheets[0]
    assert {told.name: told.says for told in sheet.facts}["Volume for each nerve, mL"] == says
