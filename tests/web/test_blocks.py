"""The pages of a block for staff: what is typed is kept, what follows is said, and nothing is taken for no."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from facetwise.clinic.accounts.users import Role
from facetwise.clinic.block.blocks import Felt, put_readings, sheet_of
from facetwise.clinic.model.clinic_record import clinic_of
from facetwise.guidance.example_patient import example_patient
from facetwise.record.field_types import LEVELS
from tests.web.conftest import Browser, Clinic

BASE = "/patients/example/blocks"
BLOCK: dict[str, Any] = {
    **{"date-day": "20", "date-month": "11", "date-year": "2026", "at": "8.00", "kind": "medial-branch-block"},
    **{"region": "lumbar", "levels": ["L4/5"], "sides": ["left"], "agent": "bupivacaine", "volume_ml": "0,5"},
    **{"steroid": "no", "sedation": "no", "before": "7", "nerves": "L3 medial branch, L4 medial branch"},
    **{"target": "low back, left", "movement": "bending back"},
}


def add_patient(clinic: Clinic, **changes: Any) -> None:
    document = {**example_patient(), "blocks": [], "clinic": {"policy": "hny-2025"}, **changes}
    clinic.state.store.add(document, "test")


def held(clinic: Clinic) -> Any:
    return clinic.state.store.get("example").document


def words(text: str) -> str:
    """A page as it is read: without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_a_block_is_recorded_its_scores_follow_and_the_next_step_is_said(clinic: Clinic, clinician: Browser) -> None:
    add_patient(clinic)
    answer = clinician.send(f"{BASE}/new", f"{BASE}/new", **BLOCK)
    assert answer.headers["location"] == f"{BASE}/0?was=diagnostic-block"
    block = held(clinic)["blocks"][0]
    assert (block["volume_ml"], block["levels"], block["steroid"]) == (Decimal("0.5"), ["L4/5"], False)
    assert sheet_of(clinic_of(held(clinic)), 0).nerves == ("L3 medial branch", "L4 medial branch")
    scores = {"score-15": "2", "score-30": "1", "before": "7"}
    answer = clinician.send(f"{BASE}/0", f"{BASE}/0/readings", **scores)
    assert answer.headers["location"] == f"{BASE}/0?was=collect-evidence"
    shown = words(clinician.get(answer.headers["location"]).text)
    assert "The next step is now: The policy is met: the clinician may offer the denervation." in shown
    assert "It was: Collect what is missing first." in shown
    assert "71.4 % relief by the scores: from 7 before to 2" in shown
    assert clinic.state.store.faults() == ()


def test_the_form_has_the_fields_that_are_read(clinic: Clinic, clinician: Browser) -> None:
    add_patient(clinic)
    names = set(re.findall(r'name="([^"]+)"', clinician.get(f"{BASE}/new").text))
    assert set(BLOCK) <= names
    clinician.send(f"{BASE}/new", f"{BASE}/new", **BLOCK)
    names = set(re.findall(r'name="([^"]+)"', clinician.get(f"{BASE}/0").text))
    assert {"before", "score-15", "score-1440", "other-at", "other-score", "positive", "prolonged", "stated"} <= names


def test_a_block_of_which_only_the_day_is_known_holds_nothing_else(clinic: Clinic, clinician: Browser) -> None:
    add_patient(clinic, request={})
    clinician.send(f"{BASE}/new", f"{BASE}/new", **{name: BLOCK[name] for name in BLOCK if "date" in name})
    assert held(clinic)["blocks"] == [{"date": "2026-11-20"}]
    shown = words(clinician.get(f"{BASE}/0").text)
    assert "steroid not known" in shown and "sedation not known" in shown
    assert "enter the time of the block first" in shown and "No score after the block yet." in shown


def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(clinic: Clinic, clinician: Browser) -> None:
    add_patient(clinic)
    wrong = {**BLOCK, "date-month": "13", "before": "11", "volume_ml": "much", "target": "left <b>hip</b>"}
    answer = clinician.send(f"{BASE}/new", f"{BASE}/new", **wrong)
    assert answer.status_code == 422 and "There is a problem" in answer.text
    for field in ("date", "before", "volume_ml"):
        assert f'href="#{field}"' in answer.text and f'id="{field}-error"' in answer.text
    assert 'value="bupivacaine"' in answer.text and 'value="much"' in answer.text
    assert "left &lt;b&gt;hip&lt;/b&gt;" in answer.text and "<b>hip" not in answer.text
    assert held(clinic)["blocks"] == []
    future = clinician.send(f"{BASE}/new", f"{BASE}/new", **{**BLOCK, "date-day": "21"})
    assert future.status_code == 422 and "is in the future" in future.text


def test_scores_of_the_paper_sheet_are_by_staff_now_and_an_emptied_one_goes(clinic: Clinic, clinician: Browser) -> None:
    add_patient(clinic)
    clinician.send(f"{BASE}/new", f"{BASE}/new", **BLOCK)
    clinician.send(f"{BASE}/0", f"{BASE}/0/readings", **{"score-15": "3", "score-30": "2", "before": "7"})
    clinic.clock.move(hours=1)
    other = {"score-15": "", "score-30": "2", "before": "7", "other-at": "09:10", "other-score": "4"}
    assert clinician.send(f"{BASE}/0", f"{BASE}/0/readings", **other).status_code == 303
    first, second = sheet_of(clinic_of(held(clinic)), 0).readings
    assert (first.minutes, second.minutes) == (Decimal(30), Decimal(70))
    assert (first.by, second.by) == ("staff", "staff")
    assert second.entered_at == clinic.state.now() != first.entered_at
    shown = words(clinician.get(f"{BASE}/0").text)
    assert "filled in later" in shown and "1 hour 10 minutes" in shown


def test_a_score_to_come_or_over_ten_is_refused_and_stays_typed(clinic: Clinic, clinician: Browser) -> None:
    add_patient(clinic)
    clinician.send(f"{BASE}/new", f"{BASE}/new", **BLOCK)
    over = clinician.send(f"{BASE}/0", f"{BASE}/0/readings", **{"score-15": "12"})
    assert over.status_code == 422 and 'href="#score-15"' in over.text and 'value="12"' in over.text
    future = clinician.send(f"{BASE}/0", f"{BASE}/0/readings", **{"score-480": "2"})
    assert future.status_code == 422 and "is in the future" in future.text and 'value="2"' in future.text
    assert "after" not in held(clinic)["blocks"][0]


def test_a_fault_in_one_form_empties_no_other(clinic: Clinic, clinician: Browser) -> None:
    add_patient(clinic)
    clinician.send(f"{BASE}/new", f"{BASE}/new", **BLOCK)
    clinician.send(f"{BASE}/0", f"{BASE}/0/judgement", positive="yes", stated="80")
    faulty = clinician.send(f"{BASE}/0", f"{BASE}/0/readings", **{"score-15": "12"})
    assert faulty.status_code == 422 and 'name="stated" type="text" value="80"' in faulty.text
    wrong = clinician.send(f"{BASE}/0", f"{BASE}/0/judgement", positive="no", stated="180")
    assert wrong.status_code == 422 and 'value="180"' in wrong.text and 'href="#stated"' in wrong.text


def test_the_button_of_the_judgement_saves_the_scores_that_are_typed_beside_it(
    clinic: Clinic, clinician: Browser
) -> None:
    """One form holds both, so that it works with scripts off."""
    add_patient(clinic)
    clinician.send(f"{BASE}/new", f"{BASE}/new", **BLOCK)
    shown = clinician.get(f"{BASE}/0").text
    form = shown.partition(f'action="{BASE}/0/readings"')[2].partition("</form>")[0]
    assert 'name="score-15"' in form and 'name="positive"' in form and f'formaction="{BASE}/0/judgement"' in form
    both = {"score-15": "2", "score-30": "1", "before": "8", "positive": "yes", "stated": "80"}
    assert clinician.send(f"{BASE}/0", f"{BASE}/0/judgement", **both).status_code == 303
    block = held(clinic)["blocks"][0]
    assert block["after"] == [{"minutes": 15, "score": 2}, {"minutes": 30, "score": 1}]
    assert (block["before"], block["positive"], block["stated_relief_percent"]) == (8, True, 80)
    wrong = clinician.send(f"{BASE}/0", f"{BASE}/0/judgement", **{**both, "score-15": "12", "positive": "no"})
    assert wrong.status_code == 422 and 'value="12"' in wrong.text and 'href="#score-15"' in wrong.text
    assert 'value="no" checked' in wrong.text and held(clinic)["blocks"][0]["positive"] is True


def test_a_judgement_typed_beside_scores_that_are_saved_stays_typed(clinic: Clinic, clinician: Browser) -> None:
    add_patient(clinic)
    clinician.send(f"{BASE}/new", f"{BASE}/new", **BLOCK)
    both = {"score-15": "2", "positive": "yes", "prolonged": "", "stated": "80", "hours": ""}
    answer = clinician.send(f"{BASE}/0", f"{BASE}/0/readings", **both)
    assert answer.status_code == 200 and "The judgement is typed here, and not saved yet." in words(answer.text)
    assert 'name="stated" type="text" value="80"' in answer.text and "Saved." in words(answer.text)
    block = held(clinic)["blocks"][0]
    assert block["after"] == [{"minutes": 15, "score": 2}] and "positive" not in block
    version = str(clinic.state.store.get("example").version)
    assert f'name="version" value="{version}"' in answer.text
    assert clinician.send(f"{BASE}/0", f"{BASE}/0/judgement", **both).status_code == 303
    assert clinician.send(f"{BASE}/0", f"{BASE}/0/readings", **both).status_code == 303, "nothing is left typed"


def test_a_coordinator_saves_scores_and_no_judgement(clinic: Clinic, clinician: Browser) -> None:
    add_patient(clinic)
    clinician.send(f"{BASE}/new", f"{BASE}/new", **BLOCK)
    coordinator = clinic.as_(Role.COORDINATOR)
    forged = {"score-15": "2", "positive": "yes", "stated": "80"}
    assert coordinator.send(f"{BASE}/0", f"{BASE}/0/judgement", **forged).status_code == 403
    assert "after" not in held(clinic)["blocks"][0]
    assert coordinator.send(f"{BASE}/0", f"{BASE}/0/readings", **forged).status_code == 303
    block = held(clinic)["blocks"][0]
    assert block["after"] == [{"minutes": 15, "score": 2}] and "positive" not in block


def test_only_a_clinician_judges(clinic: Clinic, clinician: Browser) -> None:
    add_patient(clinic)
    clinician.send(f"{BASE}/new", f"{BASE}/new", **BLOCK)
    coordinator = clinic.as_(Role.COORDINATOR)
    assert "Save the judgement" not in coordinator.get(f"{BASE}/0").text
    judgement = {"positive": "yes", "prolonged": "", "stated": "80", "hours": "5"}
    assert coordinator.send(f"{BASE}/0", f"{BASE}/0/judgement", **judgement).status_code == 403
    assert "positive" not in held(clinic)["blocks"][0]
    assert clinician.send(f"{BASE}/0", f"{BASE}/0/judgement", **judgement).status_code == 303
    block = held(clinic)["blocks"][0]
    assert (block["positive"], block["stated_relief_percent"], block["relief_hours"]) == (True, 80, 5)
    assert "prolonged" not in block
    reader = clinic.as_(Role.READER)
    assert "Save the scores" not in reader.get(f"{BASE}/0").text
    assert reader.send(f"{BASE}/0", f"{BASE}/0/readings", **{"score-15": "0"}).status_code == 403


def test_a_block_that_is_changed_keeps_its_scores(clinic: Clinic, clinician: Browser) -> None:
    add_patient(clinic)
    clinician.send(f"{BASE}/new", f"{BASE}/new", **BLOCK)
    clinician.send(f"{BASE}/0", f"{BASE}/0/readings", **{"score-15": "3"})
    assert 'value="L4/5" checked' in clinician.get(f"{BASE}/0/edit").text
    assert clinician.send(f"{BASE}/0/edit", f"{BASE}/0/edit", **{**BLOCK, "steroid": "yes"}).status_code == 303
    block = held(clinic)["blocks"][0]
    assert block["steroid"] is True and block["after"] == [{"minutes": 15, "score": 3}]
    shown = words(clinician.get(f"{BASE}/0").text)
    assert "This block held steroid: bcbs-nd takes blocks with local anaesthetic only." in shown


def test_a_save_over_what_the_patient_sent_meanwhile_is_refused_with_both(clinic: Clinic, clinician: Browser) -> None:
    add_patient(clinic)
    clinician.send(f"{BASE}/new", f"{BASE}/new", **BLOCK)
    version = clinic.state.store.get("example").version
    now = clinic.state.now()
    clinic.state.store.change(
        "example", lambda d: put_readings(d, 0, [Felt(Decimal(4), 15)], now, "patient"), "patient:x"
    )
    answer = clinician.send(f"{BASE}/0", f"{BASE}/0/readings", **{"score-15": "3", "version": str(version)})
    assert answer.status_code == 409
    assert held(clinic)["blocks"][0]["after"] == [{"minutes": 15, "score": 4}]


def test_a_second_press_is_said_to_be_ones_own_and_another_persons_save_theirs(
    clinic: Clinic, clinician: Browser
) -> None:
    add_patient(clinic)
    version = str(clinic.state.store.get("example").version)
    assert clinician.send(f"{BASE}/new", f"{BASE}/new", **BLOCK).status_code == 303
    again = clinician.send(f"{BASE}/new", f"{BASE}/new", **BLOCK, version=version)
    assert again.status_code == 409 and len(held(clinic)["blocks"]) == 1
    shown = words(again.text)
    assert "You saved this already, in another page or by a second press" in shown and "Somebody else" not in shown
    other = clinic.as_(Role.COORDINATOR).send(f"{BASE}/new", f"{BASE}/new", **BLOCK, version=version)
    assert other.status_code == 409 and "Somebody else saved" in other.text
    edited = {"score-15": "4"}
    assert clinic.as_(Role.COORDINATOR).send(f"{BASE}/0", f"{BASE}/0/readings", **edited).status_code == 303
    between = clinician.send(f"{BASE}/0", f"{BASE}/0/readings", **{"score-15": "4", "version": version})
    assert between.status_code == 409 and "Somebody else saved" in between.text


def test_the_paper_sheet_names_the_lines_as_the_form_does(clinic: Clinic, clinician: Browser) -> None:
    add_patient(clinic)
    clinician.send(f"{BASE}/new", f"{BASE}/new", **BLOCK)
    page, sheet = clinician.get(f"{BASE}/0").text, clinician.get(f"{BASE}/0/sheet").text
    fields = re.findall(r'<input class="[^"]*" id="([a-z]+[^"]*)" name="(?:score-\d+|before|other-\w+)"', page)
    assert len(fields) == 14 and set(fields) == set(re.findall(r'<td id="([^"]+)"', sheet))
    assert 'class="fw-large"' in clinician.get(f"{BASE}/0/sheet?large=1").text and 'class="fw-large"' not in sheet


def test_a_block_that_is_not_there_is_said_so(clinic: Clinic, clinician: Browser) -> None:
    add_patient(clinic)
    for path in (f"{BASE}/0", f"{BASE}/0/edit", f"{BASE}/0/sheet", f"{BASE}/x"):
        assert clinician.get(path).status_code in (404, 422), path
    assert clinician.send("/patients/example", f"{BASE}/5/readings", **{"score-15": "3"}).status_code in (404, 422)


def test_another_time_is_of_the_clinics_clock_on_the_night_on_which_it_changes(
    clinic: Clinic, clinician: Browser
) -> None:
    """8 in the morning after 24 October 2026 is 19 hours after 2 in the afternoon: the sheet's own last line."""
    add_patient(clinic)
    clinician.send(f"{BASE}/new", f"{BASE}/new", **{**BLOCK, "date-day": "24", "date-month": "10", "at": "14:00"})
    other = {"other-at": "08:00", "other-score": "4"}
    assert clinician.send(f"{BASE}/0", f"{BASE}/0/readings", **other).status_code == 303
    assert held(clinic)["blocks"][0]["after"] == [{"minutes": 19 * 60, "score": 4}]


def test_a_time_that_is_a_line_already_is_refused_and_nothing_is_lost(clinic: Clinic, clinician: Browser) -> None:
    add_patient(clinic)
    clinician.send(f"{BASE}/new", f"{BASE}/new", **BLOCK)
    both = {"score-15": "2", "other-at": "08:15", "other-score": "8"}
    answer = clinician.send(f"{BASE}/0", f"{BASE}/0/readings", **both)
    assert answer.status_code == 422 and "Two unlike scores were given for 15 minutes" in answer.text
    assert "after" not in held(clinic)["blocks"][0]


def test_an_emptied_score_before_the_block_is_taken_out(clinic: Clinic, clinician: Browser) -> None:
    add_patient(clinic)
    clinician.send(f"{BASE}/new", f"{BASE}/new", **BLOCK)
    assert clinician.send(f"{BASE}/0", f"{BASE}/0/readings", **{"score-15": "2"}).status_code == 303
    assert held(clinic)["blocks"][0]["before"] == 7, "a form without the field says nothing of it"
    assert clinician.send(f"{BASE}/0", f"{BASE}/0/readings", **{"score-15": "2", "before": ""}).status_code == 303
    assert "before" not in held(clinic)["blocks"][0]


def test_while_the_sheet_is_open_the_answer_is_so_far_and_the_next_step_is_that_of_the_list(
    clinic: Clinic, clinician: Browser
) -> None:
    add_patient(clinic)
    clinician.send(f"{BASE}/new", f"{BASE}/new", **BLOCK)
    answer = clinician.send(f"{BASE}/0", f"{BASE}/0/readings", **{"score-15": "6", "before": "7"})
    shown = words(clinician.get(answer.headers["location"]).text)
    line = clinic.state.pathway.of("example")
    assert line is not None and f"The next step is now: {line.says}" in shown
    assert "The sheet is open until 21 November 2026, 08:30: 1 of 11 scores are in" in shown
    assert "So far hny-2025 says: " in shown
    clinic.clock.move(days=2)
    later = words(clinic.as_(Role.CLINICIAN).get(f"{BASE}/0?was=diagnostic-block").text)
    assert "The sheet is open" not in later and "So far" not in later
    assert "The next step is now: The policy does not support it" in later


def test_a_block_is_at_joints_of_its_region_whichever_region_was_asked_for(clinic: Clinic, clinician: Browser) -> None:
    add_patient(clinic)
    shown = clinician.get(f"{BASE}/new").text
    for level in LEVELS:
        assert shown.count(f'name="levels" type="checkbox" value="{level}"') == 1, level
    assert 'value="L4/5" checked' in shown
    wrong = clinician.send(f"{BASE}/new", f"{BASE}/new", **{**BLOCK, "region": "cervical"})
    assert wrong.status_code == 422 and 'href="#levels"' in wrong.text
    assert "L4/5 is no joint of the cervical spine" in wrong.text and 'value="L4/5" checked' in wrong.text
    assert held(clinic)["blocks"] == []
    neck = {**BLOCK, "region": "cervical", "levels": ["C2/3", "C7/T1"]}
    assert clinician.send(f"{BASE}/new", f"{BASE}/new", **neck).status_code == 303
