"""Information: every stage, region and situation opens with every sentence's source; the clinic's pick is what is read."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from itertools import product
from typing import Any

import pytest

from facetwise.clinic.accounts.users import Role
from facetwise.clinic.demo.clinic import made_up_clinic
from facetwise.clinic.letters.leaflet_choice import region_of, situation_of
from facetwise.information.content import conflicts
from facetwise.information.leaflet import compose
from facetwise.information.model.sentence import Stage
from facetwise.information.model.situation import Region
from facetwise.information.positions import ClinicChoices
from facetwise.language.truth import Truth
from facetwise.web.staff.information_page import HOW_READ, STAGES, leaflet_for, made_for
from tests.clinic.pdf_reading import is_accessible, title_of
from tests.web.conftest import Clinic

FLAGS: tuple[bool | None, ...] = (True, False, None)
NAMES = {"lumbar": Region.LUMBAR, "cervical": Region.NECK}


def record(region: str, thinner: bool | None, drives: bool | None, sedation: bool | None) -> dict[str, Any]:
    conditions = {} if thinner is None else {"anticoagulant": thinner}
    told = {"drives": drives, "sedation_planned": sedation}
    clinic = {name: value for name, value in told.items() if value is not None}
    return {
        "schema": "facetwise.record/1",
        "id": "p",
        "request": {"region": region},
        "conditions": conditions,
        "clinic": clinic,
    }


@pytest.mark.parametrize("stage", list(STAGES), ids=lambda stage: stage.value)
def test_every_situation_is_handed_the_text_that_is_composed_for_it(stage: Stage) -> None:
    """27 situations of two regions, unknown among each; every source of every sentence is listed with how far it was read."""
    for name, thinner, drives, sedation in product(NAMES, FLAGS, FLAGS, FLAGS):
        document = record(name, thinner, drives, sedation)
        made = leaflet_for(document, stage, ClinicChoices())
        assert made.leaflet == compose(stage, situation_of(document, NAMES[name]))
        assert made.leaflet is not None and made.region is NAMES[name]
        numbers = {source.number for source in made.sources}
        for section in made.leaflet.sections:
            for line in section.lines:
                assert line.references and {reference.number for reference in line.references} <= numbers
        places = {(source.number, place.says) for source in made.sources for place in source.places}
        assert places == {(r.number, r.place) for s in made.leaflet.sections for it in s.lines for r in it.references}


def test_not_recorded_stays_unknown_and_a_complete_list_makes_silence_no() -> None:
    nothing = situation_of(record("lumbar", None, None, None), Region.LUMBAR)
    assert {nothing.blood_thinner, nothing.drives, nothing.sedation} == {Truth.UNKNOWN}
    whole = {**record("lumbar", None, None, None), "complete": ["conditions"]}
    assert situation_of(whole, Region.LUMBAR).blood_thinner is Truth.NOT_MET
    assert "We do not know if you take a blood thinner, so it covers both." in made_for(nothing)
    told_no = made_for(situation_of(record("lumbar", False, False, None), Region.LUMBAR))
    assert (
        "Our notes say that you take no blood thinner." in told_no and "Our notes say that you do not drive." in told_no
    )


def test_without_a_region_the_reader_says_which_and_of_others_there_is_no_text() -> None:
    unknown = {"schema": "facetwise.record/1"}
    assert region_of(unknown) is None and leaflet_for(unknown, Stage.WHOLE, ClinicChoices()).leaflet is None
    asked = leaflet_for(unknown, Stage.WHOLE, ClinicChoices(), Region.NECK)
    assert asked.leaflet is not None and asked.region is Region.NECK
    other = leaflet_for(record("thoracic", None, None, None), Stage.WHOLE, ClinicChoices(), Region.NECK)
    assert other.leaflet is None and other.elsewhere
    nearest = leaflet_for(record("thoracic", None, None, None), Stage.WHOLE, ClinicChoices(), Region.LUMBAR)
    assert nearest.leaflet is not None and nearest.elsewhere, "the nearest, when asked for, with its warning"
    own = leaflet_for(record("lumbar", None, None, None), Stage.WHOLE, ClinicChoices(), Region.NECK)
    assert own.region is Region.LUMBAR  # what is recorded is not asked again


@pytest.fixture
def patients(clinic: Clinic) -> Clinic:
    """The clinic with the patients of the demonstration."""
    clinic.state.store.add_all(made_up_clinic(clinic.state.today(), 4), "test")
    return clinic


def shown(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


@pytest.mark.parametrize("stage", list(STAGES), ids=lambda stage: stage.value)
@pytest.mark.parametrize("patient", ["karl-thinner", "jaya-necksby"])
def test_every_page_shows_every_sentence_and_every_source(patients: Clinic, patient: str, stage: Stage) -> None:
    """To staff, on paper and by the patient's own link."""
    document = patients.state.store.get(patient).document
    made = leaflet_for(document, stage, ClinicChoices())
    assert made.leaflet is not None
    browser = patients.as_(Role.READER)
    staff = f"/patients/{patient}/information"
    pages = [
        browser.get(f"{staff}?stage={stage.value}"),
        browser.get(f"{staff}/{stage.value}"),
        patients.browser().get(f"{patients.link(patient)}/information/{stage.value}"),
    ]
    for answer in pages:
        text = shown(answer.text)
        assert answer.status_code == 200 and made.leaflet.title in text
        text = text.split("Tell us if any of this is wrong.")[1]
        for section in made.leaflet.sections:
            assert section.heading in text
            for line in section.lines:
                for number in {reference.number for reference in line.references}:
                    assert f"[{number}]" in text.split(line.says, 1)[1][:200], line.id
        for source in made.sources:
            assert f'id="source-{source.number}"' in answer.text and source.title in text
            assert not source.read or source.read in HOW_READ.values()
            assert all(place.says in text for place in source.places)
        assert "21 November 2026" in text and "20 November 2027" in text and "No clinician has reviewed it yet" in text
        assert "No funding by makers" in text


def test_the_patient_is_handed_the_text_for_where_they_stand_and_can_read_every_other(patients: Clinic) -> None:
    for patient, title in (
        ("percy-soreham", "After radiofrequency denervation (low back)"),
        ("elsie-waiting", "Before your test block (low back)"),
        ("jaya-necksby", "Before radiofrequency denervation (neck)"),
        ("ravi-better", "Follow-up, and having it again (low back)"),
        ("ada-firstly", "Radiofrequency denervation, from the first question to follow-up (low back)"),
    ):
        link = patients.link(patient)
        text = patients.browser().get(f"{link}/information").text
        assert f"<h1>{title}</h1>" in text and "Get help now" in text
        for stage in STAGES:
            assert f'href="{link}/information/{stage.value}"' in text


def test_after_the_block_and_until_it_is_judged_the_text_opens_with_what_to_do_after_it(patients: Clinic) -> None:
    """On paper for staff as well; the warning signs stay first, and what was before the block is still there."""
    link, today = patients.link("elsie-waiting"), patients.state.today()

    def change(**parts: Any) -> str:
        patients.state.store.change("elsie-waiting", lambda held: {**held, **parts}, "test")
        return patients.browser().get(f"{link}/information").text

    block = {"date": str(today - timedelta(days=2)), "region": "lumbar"}
    after = change(blocks=[block])
    assert "<h1>After your test block (low back)</h1>" in after and "Before your test block" not in after
    headings = re.findall(r'<h2 id="([^"]+)"', after.partition('class="fw-leaflet"')[2])
    assert headings[:2] == ["red-flags", "block-after"] and "preparing" in headings
    paper = patients.as_(Role.READER).get("/patients/elsie-waiting/information/before-block").text
    assert "After your test block (low back)" in paper
    judged = change(blocks=[{**block, "positive": False}])
    assert "After your test block" not in judged
    booked = {**patients.state.store.get("elsie-waiting").document["clinic"], "block_booked": str(today)}
    again = change(blocks=[block], clinic=booked)
    assert "<h1>Before your test block (low back)</h1>" in again, "a further block is booked"


def test_a_patient_without_a_region_is_asked_which_and_one_of_another_region_is_told(patients: Clinic) -> None:
    patients.state.store.add({"schema": "facetwise.record/1", "id": "nowhere"}, "test")
    link, browser = patients.link("nowhere"), patients.browser()
    asked = browser.get(f"{link}/information").text
    assert "Where is the pain?" in asked and "?region=neck" in asked
    assert "(neck)" in browser.get(f"{link}/information/aftercare?region=neck").text
    elsewhere = browser.get(f"{patients.link('jonah-midback')}/information").text
    assert "There is no text for this part of the body." in elsewhere
    staff = patients.as_(Role.READER)
    assert staff.get("/patients/nowhere/information/whole.pdf").status_code != 200
    assert staff.get("/patients/nowhere/information/whole.pdf?region=neck").status_code == 200


def test_the_pdf_is_accessible_titled_and_in_18_point_where_it_is_needed(patients: Clinic) -> None:
    browser = patients.as_(Role.READER)
    small = browser.get("/patients/noel-ready/information/aftercare.pdf")
    large = browser.get("/patients/olga-largeprint/information/aftercare.pdf")
    for answer in (small, large):
        assert answer.headers["content-type"] == "application/pdf" and is_accessible(answer.content)
        assert title_of(answer.content).startswith("After radiofrequency denervation (low back)")
    paper = 'class="fw-sheet fw-sheet--large"'
    assert paper in browser.get("/patients/olga-largeprint/information/aftercare").text
    assert paper not in browser.get("/patients/noel-ready/information/aftercare").text


def test_all_32_points_stand_with_every_position_its_place_and_what_the_patient_reads(patients: Clinic) -> None:
    text = patients.as_(Role.CLINICIAN).get("/information/choices").text
    words = shown(text)
    assert len(conflicts()) == 32
    for point in conflicts().values():
        own = shown(text.split(f'aria-labelledby="{point.id}"')[1].split("</section>")[0])
        assert point.title in own and point.why in own
        for position in point.positions:
            assert position.says in own
            for cite in position.cites:
                assert cite.place in own and (not cite.quote or cite.quote in own), (point.id, cite)
        for option in point.options:
            assert option.says in own
            assert all(sentence.says in own for sentence in option.sentences), (point.id, option.id)
    assert "careful default" in words


def test_what_the_clinic_picks_is_what_every_patient_reads_and_the_default_can_be_had_back(patients: Clinic) -> None:
    browser, link = patients.as_(Role.CLINICIAN), patients.link("percy-soreham")
    point = next(it for it in conflicts().values() if it.id == "D16")
    other = point.options[1]
    before = patients.browser().get(f"{link}/information/aftercare").text
    answer = browser.send("/information/choices", "/information/choices", conflict="D16", option=other.id)
    assert answer.status_code == 303 and answer.headers["location"] == "/information/choices?saved=D16#D16"
    after = shown(patients.browser().get(f"{link}/information/aftercare").text)
    assert all(sentence.says in after for sentence in other.sentences if sentence.is_for(Stage.AFTERCARE, situation_of(patients.state.store.get("percy-soreham").document, Region.LUMBAR)))  # fmt: skip
    assert after != shown(before) and patients.state.settings().choices == (("D16", other.id),)
    browser.send("/information/choices", "/information/choices", conflict="D16", option=point.default.id)
    assert patients.state.settings().choices == ()
    assert shown(patients.browser().get(f"{link}/information/aftercare").text) == shown(before)


def test_only_clinicians_and_administrators_pick_and_only_what_there_is(patients: Clinic) -> None:
    for role, status in ((Role.READER, 403), (Role.COORDINATOR, 403), (Role.ADMINISTRATOR, 303)):
        browser = patients.as_(role)
        assert browser.get("/information/choices").status_code == 200
        token = re.findall(r'name="csrf" value="([^"]*)"', browser.get("/").text)[0]
        sent = {"csrf": token, "conflict": "D16", "option": conflicts()["D16"].options[1].id}
        assert browser.client.post("/information/choices", data=sent).status_code == status, role
    clinician = patients.as_(Role.CLINICIAN)
    for conflict, option in (("D99", "x"), ("D16", "no-such"), ("", "")):
        answer = clinician.send("/information/choices", "/information/choices", conflict=conflict, option=option)
        assert answer.status_code not in (200, 303, 500), (conflict, option)
    assert clinician.client.post("/information/choices", data={"conflict": "D16", "option": "x"}).status_code == 403
    assert dict(patients.state.settings().choices) == {"D16": conflicts()["D16"].options[1].id}


def test_a_stage_that_is_none_is_refused_with_the_nearest(patients: Clinic) -> None:
    answer = patients.as_(Role.READER).get("/patients/noel-ready/information/aftercar")
    assert answer.status_code not in (200, 500) and "aftercare" in answer.text
