"""Letters: what a policy says in them is what decide says, and nothing is said that the record does not hold."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

import pytest

from facetwise.clinic.days import MONTHS
from facetwise.clinic.letter_words import NEEDS
from facetwise.clinic.letters import TRUTHS, PriorApproval, Referral, prior_approval, referral
from facetwise.clinic.made_up import STORIES, made_up_clinic
from facetwise.decide.decision import Decision, decide
from facetwise.errors import InputError, UsageError
from facetwise.guidance.library import POLICIES
from facetwise.language.patient import RED_FLAGS, SAFETY
from facetwise.record.reading import record_of

TODAY = date(2026, 11, 20)
CLINIC = {document["id"]: document for document in made_up_clinic(TODAY, 4)}
PATIENTS = [story.id for story in STORIES]
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
