"""The made-up clinic: somebody at every stage and with every answer, valid records, the same for the same seed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from time import process_time
from typing import Any, get_args

import pytest

from facetwise.clinic.demo.clinic import CASES, made_up_clinic
from facetwise.clinic.model.clinic_record import Clinic, Need, clinic_of
from facetwise.decide.decision import Decision, Outcome, decide_as_of
from facetwise.decide.next_step import SAYS
from facetwise.decide.record_as_of import record_as_of
from facetwise.library import POLICIES
from facetwise.record.parse import record_of

TODAY = date(2026, 11, 20)
OWN = "nice-ng59"
DAYS = (TODAY, date(2028, 2, 29), date(2027, 1, 1), date(2026, 3, 31))


@cache
def clinic(today: date = TODAY) -> dict[str, dict[str, Any]]:
    return {document["id"]: document for document in made_up_clinic(today, 4)}


def answers(document: dict[str, Any], today: date = TODAY) -> dict[str, Decision]:
    seen = record_as_of(record_of(document, document["id"]), today)
    return {policy.id: decide_as_of(seen, policy, document["id"]) for policy in POLICIES.values()}


def governing(document: dict[str, Any], today: date = TODAY) -> Decision:
    return answers(document, today)[clinic_of(document).policy or OWN]


def test_every_policy_gives_every_outcome_to_somebody() -> None:
    """Unknown among them: cannot-tell is an answer that each policy gives."""
    said = [(name, decision.outcome) for who in clinic().values() for name, decision in answers(who).items()]
    for policy in POLICIES:
        assert {outcome for name, outcome in said if name == policy} == set(Outcome), policy


def test_every_next_step_of_the_contract_is_somebodys_by_the_policy_that_governs_them() -> None:
    assert {governing(document).next_step.id for document in clinic().values()} == set(SAYS)


@pytest.mark.parametrize(
    ("patient", "step", "outcome"),
    [
        ("ada-firstly", "collect-evidence", "cannot-tell"),
        ("ben-halfasked", "collect-evidence", "cannot-tell"),
        ("cleo-betterby", "conservative-care", "does-not-meet"),
        ("cyril-toosoon", "wait", "does-not-meet"),
        ("dora-elsewhere", "specialist-assessment", "does-not-meet"),
        ("dev-mildly", "not-supported", "does-not-meet"),
        ("elsie-waiting", "diagnostic-block", "does-not-meet"),
        ("emil-bookham", "diagnostic-block", "does-not-meet"),
        ("femi-latterly", "collect-evidence", "cannot-tell"),
        ("gina-twice", "second-diagnostic-block", "does-not-meet"),
        ("gus-duetwo", "second-diagnostic-block", "does-not-meet"),
        ("hana-steroyd", "second-diagnostic-block", "does-not-meet"),
        ("hugo-nochange", "not-supported", "does-not-meet"),
        ("ines-lasting", "no-further-intervention", "meets"),
        ("ivor-twotales", "collect-evidence", "cannot-tell"),
        ("jaya-necksby", "offer-denervation", "meets"),
        ("jonah-midback", "out-of-scope", "does-not-meet"),
        ("kezia-young", "out-of-scope", "does-not-meet"),
        ("karl-thinner", "resolve-hold", "does-not-meet"),
        ("lena-pacely", "resolve-hold", "meets"),
        ("mina-urgentley", "urgent-referral", "does-not-meet"),
        ("noel-ready", "offer-denervation", "meets"),
        ("olga-largeprint", "offer-denervation", "meets"),
        ("sana-faded", "wait", "does-not-meet"),
        ("seth-again", "repeat-denervation", "meets"),
        ("tilda-thrice", "wait", "does-not-meet"),
        ("theo-otherside", "collect-evidence", "cannot-tell"),
    ],
)
def test_each_tells_its_story(patient: str, step: str, outcome: str) -> None:
    decision = governing(clinic()[patient])
    assert (decision.next_step.id, decision.outcome.value) == (step, outcome)


def test_every_stage_of_the_pathway_is_there() -> None:
    kept = {name: clinic_of(document) for name, document in clinic().items()}
    records = {name: record_of(document, name) for name, document in clinic().items()}
    assert not kept["ada-firstly"].informed and kept["amos-pondering"].choice == "not-now"
    assert kept["emil-bookham"].block_booked == TODAY + timedelta(days=6)
    sheet = kept["fay-nowadays"].sheets[0]
    assert records["fay-nowadays"].blocks[sheet.block].date == TODAY and len(sheet.readings) == 2
    assert records["fay-nowadays"].blocks[0].positive is None
    assert all(
        (r.entered_at - r.felt_at).total_seconds() > 3600 for r in kept["femi-latterly"].sheets[0].readings if r.felt_at
    )
    assert kept["milo-alarm"].alerts[0].seen_by is None and kept["nora-rungback"].alerts[0].done
    assert kept["olga-largeprint"].procedure_booked == TODAY + timedelta(days=5)
    assert records["percy-soreham"].denervations[0].date == TODAY - timedelta(days=4)
    assert len({entry.felt_at.date() for entry in kept["percy-soreham"].diary}) < len(kept["percy-soreham"].diary)
    due = [look for look in kept["rosa-sixweeks"].follow_ups if look.due < TODAY and look.done is None]
    assert [look.name for look in due] == ["6 weeks"]
    faded = records["sana-faded"].denervations[0].relief or ()
    assert [reading.percent for reading in faded if reading.percent and reading.percent < 50] == [30]
    assert kept["una-content"].plan.ended and kept["viktor-nothanks"].plan.ended
    assert {need for clinic in kept.values() for need in clinic.needs} >= set(get_args(Need)) - {"audio", "email"}


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_records_are_valid_on_any_day_and_hold_no_event_of_the_future(today: date) -> None:
    for document in made_up_clinic(today, 9, 300):
        record, kept = record_of(document, document["id"]), clinic_of(document)
        assert not record_as_of(record, today).later, document["id"]
        assert not [
            d
            for d in governing(document, today).contradictions
            if document["id"] in clinic(today) and "stated" not in d.says
        ]
        assert all(0 <= sheet.block < len(record.blocks) for sheet in kept.sheets)
        assert all(p.denervation is None or p.denervation < len(record.denervations) for p in kept.procedures)
        assert all(look.done is None or look.done <= today for look in kept.follow_ups)
        assert all(entry.felt_at.date() <= today for entry in kept.diary)
        for sheet in kept.sheets:
            told = [(after.minutes, after.score) for after in record.blocks[sheet.block].after or ()]
            assert [(reading.minutes, reading.score) for reading in sheet.readings] == told


@pytest.mark.parametrize("hour", [0, 9, 23])
def test_nothing_was_felt_entered_or_ticked_that_is_still_to_come(hour: int) -> None:
    """A demonstration that is started before breakfast holds no entry of that breakfast."""
    now = datetime(2026, 11, 20, hour, 20, tzinfo=UTC)
    for document in made_up_clinic(TODAY, 4, 300, now):
        kept = clinic_of(document)
        moments = [moment for entry in kept.diary for moment in (entry.felt_at, entry.entered_at)]
        moments += [alert.at for alert in kept.alerts]
        moments += [
            moment for sheet in kept.sheets for it in sheet.readings for moment in (it.felt_at, it.entered_at) if moment
        ]
        assert all(moment <= now for moment in moments), document["id"]


def test_the_block_of_today_follows_the_clock() -> None:
    now = datetime(2026, 11, 20, 0, 20, tzinfo=UTC)
    document = next(d for d in made_up_clinic(TODAY, 4, now=now) if d["id"] == "fay-nowadays")
    readings = Clinic.model_validate(document["clinic"]).sheets[0].readings
    assert readings[-1].entered_at <= now and document["blocks"][0]["date"] == "2026-11-19"


def test_nobody_in_it_could_be_anybody() -> None:
    """Names are invented, telephone numbers are kept for plays and films, addresses lead nowhere."""
    for document in made_up_clinic(TODAY, 1, 500):
        kept = clinic_of(document)
        assert re.fullmatch(r"07700 900\d{3}", kept.phone or "") and (kept.email or "").endswith("@example.org")
        assert re.fullmatch(r"MADE-UP-\d{5}", kept.hospital_number or "") and kept.name


def test_the_same_seed_makes_the_same_clinic_and_another_makes_another() -> None:
    first, again, other = (list(made_up_clinic(TODAY, seed, 120)) for seed in (7, 7, 8))
    assert first == again and first != other and len({document["id"] for document in first}) == 120


def test_twenty_thousand_are_made_in_seconds() -> None:
    """A load test makes them; ten seconds of processor leave room for a slow machine, however busy."""
    began = process_time()
    assert sum(1 for _ in made_up_clinic(TODAY, 2, 20_000)) == 20_000
    assert process_time() - began < 10


def test_the_document_names_each_patient_of_the_demonstration() -> None:
    rows = re.findall(
        r"(?m)^\| ([A-Z]\w+ [A-Z]\w+) \| (.+) \|$", Path("docs/start/clinic.md").read_text(encoding="utf-8")
    )
    assert rows == [(story.name, story.says) for story in CASES]
