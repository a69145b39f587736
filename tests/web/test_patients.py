"""The list and the page of a patient: what is shown is what decides, and what is answered is what is kept."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest

from facetwise.clinic.accounts.users import Role
from facetwise.clinic.demo.clinic import made_up_clinic
from facetwise.clinic.model.clinic_record import clinic_of
from facetwise.decide.decision import decide
from facetwise.guidance.example_patient import example_patient
from facetwise.library import POLICIES
from facetwise.record.field_types import LEVELS
from facetwise.record.parse import record_of
from tests.web.conftest import Browser, Clinic
from tests.web.forms_shown import form_of


def test_an_empty_clinic_says_so_and_a_patient_that_is_added_is_listed(clinician: Browser) -> None:
    assert "There is no patient yet" in clinician.get("/").text
    answer = clinician.send("/patients/new", "/patients/new", name="Ann Other", region="lumbar")
    assert answer.status_code == 303
    shown = clinician.get("/").text
    assert "Ann Other" in shown and "Information and choice" in shown and "Collect what is missing first." in shown


def test_what_the_page_says_is_what_decide_says_of_the_exported_record(
    clinic: Clinic, clinician: Browser, tmp_path: Path
) -> None:
    """`facetwise decide` on the exported record gives the answer that the page shows, for every made-up patient."""
    for document in made_up_clinic(clinic.state.today(), 3, 12):
        clinic.state.store.add(document, "test")
    for stored in clinic.state.store.all():
        exported = tmp_path / f"{stored.id}.json"
        exported.write_text(clinician.get(f"/patients/{stored.id}/record.json").text, encoding="utf-8")
    day = clinic.state.today().isoformat()
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "facetwise",
            "decide",
            *map(str, sorted(tmp_path.glob("*.json"))),
            "--as-of",
            day,
            "--format",
            "json",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    for decision in json.loads(ran.stdout):
        shown = clinician.get(f"/patients/{decision['record']}/policies").text
        own = shown.split(f'id="{decision["policy"]}"')[1].split("</details>")[0]
        for finding in decision["findings"]:
            row = own.split(finding["says"].replace("'", "&#39;"))[1].split("</tr>")[0]
            assert f"fw-tag--{finding['truth']}" in row, (decision["record"], decision["policy"], finding)
        line = shown.split(f'href="#{decision["policy"]}"')[1].split("</tr>")[0]
        assert decision["next_step"]["says"].replace("'", "&#39;") in line


def test_the_form_asks_exactly_the_missing_facts_and_an_answer_changes_the_next_step(
    clinic: Clinic, clinician: Browser
) -> None:
    document = example_patient()
    document["assessment"].pop("facet_suspected")
    clinic.state.store.add(document, "test")
    page = clinician.get("/patients/example").text
    assert 'name="assessment-facet_suspected"' in page and 'name="pain-since-day"' not in page
    answer = clinician.send("/patients/example", "/patients/example/facts", **{"assessment-facet_suspected": "no"})
    assert answer.status_code == 303
    assert clinic.state.store.get("example").document["assessment"]["facet_suspected"] is False


def test_what_is_unknown_is_asked_even_where_another_criterion_is_not_met(clinic: Clinic, clinician: Browser) -> None:
    """No answer could change the outcome today; a form that left it out would look as if all were known."""
    document = example_patient() | {"care": [], "complete": ["blocks"], "blocks": []}
    clinic.state.store.add(document, "test")
    page = clinician.get("/patients/example").text
    assert 'name="care-new-kind"' in page and "it could not change these answers today" in page


def test_only_a_clinician_lifts_a_hold_or_a_red_flag(clinic: Clinic, clinician: Browser) -> None:
    document = example_patient()
    document["conditions"] |= {"pacemaker": True, "suspected_cancer": True}
    clinic.state.store.add(document, "test")
    coordinator = clinic.as_(Role.COORDINATOR)
    page = "/patients/example/record"
    for answer in ({"conditions-pacemaker": "no"}, {"conditions-suspected_cancer": ""}):
        kept = {"conditions-pacemaker": "yes", "conditions-suspected_cancer": "yes", **answer}
        assert coordinator.send(page, page, **kept).status_code == 403
    assert clinic.state.store.get("example").version == 1
    assert clinician.send(page, page, **{"conditions-suspected_cancer": "yes"}).status_code == 303
    assert "pacemaker" not in clinic.state.store.get("example").document["conditions"]


def test_a_question_left_at_not_known_stays_unknown_and_is_never_no(clinic: Clinic, clinician: Browser) -> None:
    clinician.send("/patients/new", "/patients/new", name="Ann Other", region="lumbar")
    patient = next(clinic.state.store.all()).id
    clinician.send(f"/patients/{patient}", f"/patients/{patient}/facts", **{"conditions-pacemaker": "yes"})
    assert clinic.state.store.get(patient).document["conditions"] == {"pacemaker": True}


def test_saying_that_every_safety_question_was_asked_answers_the_rest_with_no(
    clinic: Clinic, clinician: Browser
) -> None:
    clinician.send("/patients/new", "/patients/new", name="Ann Other", region="lumbar")
    patient = next(clinic.state.store.all()).id
    answers = {"conditions-pacemaker": "yes", "all_safety_asked": "yes"}
    clinician.send(f"/patients/{patient}", f"/patients/{patient}/facts", **answers)
    held = clinic.state.store.get(patient).document["conditions"]
    assert held["pacemaker"] is True and held["cauda_equina_signs"] is False and len(held) == 17
    assert "hads_depression" not in held


def test_a_wrong_answer_is_shown_again_with_what_was_typed(clinic: Clinic, clinician: Browser) -> None:
    clinician.send("/patients/new", "/patients/new", name="Ann Other", region="lumbar")
    patient = next(clinic.state.store.all()).id
    typed = {"scores-new-value": "seven", "pain-since-day": "31", "pain-since-month": "2", "pain-since-year": "2026"}
    answer = clinician.send(f"/patients/{patient}", f"/patients/{patient}/facts", **typed)
    assert answer.status_code == 422 and "There is a problem" in answer.text
    assert 'value="seven"' in answer.text and "such as 20 11 2026" in answer.text
    assert clinic.state.store.get(patient).version == 1


def test_a_later_save_is_refused_with_both_versions_and_nothing_is_lost(clinic: Clinic) -> None:
    clinic.state.store.add(example_patient(), "test")
    one, other = clinic.as_(Role.CLINICIAN), clinic.as_(Role.COORDINATOR)
    opened = one.get("/patients/example/record").text
    other.send("/patients/example/details", "/patients/example/details", name="First Saved")
    hidden = {"csrf": opened.split('name="csrf" value="')[1].split('"')[0], "version": "1"}
    refused = one.client.post("/patients/example/record", data={**hidden, "pain-rating": "severe"})
    assert refused.status_code == 409
    assert "Somebody else saved" in refused.text and "coordinator" in refused.text
    assert "First Saved" in refused.text and "severe" in refused.text
    assert clinic_of(clinic.state.store.get("example").document).name == "First Saved"


def test_what_the_patient_writes_meanwhile_never_refuses_a_save_and_is_kept(clinic: Clinic) -> None:
    clinic.state.store.add(example_patient(), "test")
    entry = {"id": "e1", "felt_at": "2026-11-20T09:00:00+00:00", "entered_at": "2026-11-20T09:01:00+00:00", "score": 4}
    clinic.state.store.change("example", lambda d: {**d, "clinic": {"diary": [entry]}}, "patient:x")
    saved = clinic.state.store.save("example", {**example_patient(), "sex": "male"}, 1, "ann")
    assert saved.document["sex"] == "male" and saved.document["clinic"]["diary"] == [entry]


def test_a_form_that_was_open_while_the_patient_wrote_is_saved(clinic: Clinic, clinician: Browser) -> None:
    """The whole way, by the pages: the form was made from the version before the diary's entry."""
    clinic.state.store.add(example_patient(), "test")
    opened = clinician.get("/patients/example/details").text
    link = clinic.link("example")
    wrote = clinic.browser().post(f"{link}/diary", data={"id": "e1", "when": "now", "score": "4"})
    assert wrote.status_code == 303
    hidden = {"csrf": re.findall(r'name="csrf" value="([^"]*)"', opened)[-1], "version": "1"}
    saved = clinician.client.post("/patients/example/details", data={**hidden, "name": "Ann", "phone": "01632 960002"})
    assert saved.status_code == 303
    held = clinic_of(clinic.state.store.get("example").document)
    assert held.phone == "01632 960002" and len(held.diary) == 1


def test_the_list_is_narrowed_sorted_searched_and_taken_out_as_csv(clinic: Clinic, clinician: Browser) -> None:
    clinic.state.store.add_all(made_up_clinic(clinic.state.today(), 1), "test")
    every = clinic.state.pathway.counts()
    assert set(every) >= {"information", "work-up", "block", "preparation", "recovery", "follow-up", "repeat", "ended"}
    shown = clinician.get("/?stage=block&sort=name").text
    assert f"<strong>{every['block']}</strong> patients" in shown
    first = clinician.get("/").text
    assert first.index("Alert: ") < first.index("Red flag: ") < first.index("Hold: ")
    assert clinician.get("/?text=zzzz").text.count("fw-row") == 0
    table = clinician.get("/patients.csv?show=overdue").text.splitlines()
    assert len(table) == 1 + every["overdue"] and table[0].startswith("\ufeffpatient,name,stage")


def test_a_line_is_told_anew_on_the_day_on_which_it_changes(clinic: Clinic, clinician: Browser) -> None:
    told = {document["id"]: document for document in made_up_clinic(clinic.state.today(), 1)}
    clinic.state.store.add(told["emil-bookham"], "test")
    assert "The block is booked." in clinician.get("/").text
    clinic.clock.move(days=7)
    assert "The booked block is past: record it." in clinic.as_(Role.CLINICIAN).get("/").text


def test_every_change_stands_in_the_history(clinic: Clinic, clinician: Browser) -> None:
    clinic.state.store.add(example_patient(), "test")
    clinician.send("/patients/example/details", "/patients/example/details", name="Ann Other", phone="01632 960001")
    shown = clinician.get("/patients/example/history").text
    assert "clinic.phone" in shown and "01632 960001" in shown and "clinician, saved (version 2)" in shown


def test_a_field_is_drawn_with_every_choice_that_it_has(clinic: Clinic, clinician: Browser) -> None:
    """Fields are drawn once and kept: the kept one is what the components draw."""
    clinic.state.store.add({"id": "p"}, "test")
    first, again = (clinician.get("/patients/p/record").text for _ in range(2))
    shown = [re.sub(r'name="csrf" value="[^"]*"', "", text) for text in (first, again)]
    assert shown[0] == shown[1]
    for level in LEVELS:
        assert f'name="denervations-new-levels" type="checkbox" value="{level}"' in first
    clinician.send("/patients/p/record", "/patients/p/record", **{"pain-rating": "severe", "pain-axial": "yes"})
    held = clinician.get("/patients/p/record").text
    assert '<option value="severe" selected' in held
    assert re.search(r'name="pain-axial" type="radio" value="yes" checked', held)


@pytest.mark.parametrize("asked_on", ["2026-10-01", None])
def test_the_command_on_the_export_page_gives_the_answer_of_the_page_on_any_day(
    clinic: Clinic, clinician: Browser, tmp_path: Path, asked_on: str | None
) -> None:
    """The request's own day is not today's: without --as-of the command would answer for that day."""
    document = example_patient()
    document["request"].pop("date", None)
    if asked_on:
        document["request"]["date"] = asked_on
    clinic.state.store.add(document, "test")
    shown = clinician.get("/patients/example/export").text
    command = unescape(shown.split('<code class="fw-command">')[1].split("</code>")[0])
    assert 'href="/patients/example/export"' in clinician.get("/patients/example").text
    name, *words = shlex.split(command)
    assert name == "facetwise" and words[-2:] == ["--as-of", "2026-11-20"]
    (tmp_path / "example.json").write_text(clinician.get("/patients/example/record.json").text, encoding="utf-8")
    run = [sys.executable, "-m", "facetwise", *words, "--format", "json"]
    ran = subprocess.run(run, capture_output=True, text=True, check=True, cwd=tmp_path)
    held = decide(record_of(document, "it"), POLICIES["nice-ng59"], clinic.state.today())
    answer = json.loads(ran.stdout)
    assert (answer["outcome"], answer["next_step"]["id"]) == (held.outcome.value, held.next_step.id)


def test_the_day_of_the_request_is_shown_and_changed_on_the_record_page(clinic: Clinic, clinician: Browser) -> None:
    clinic.state.store.add(example_patient(), "test")
    here = "/patients/example/record"
    form = form_of(clinician.get(here).text, here)
    assert [form[f"request-date-{part}"] for part in ("day", "month", "year")] == [["20"], ["11"], ["2026"]]
    sent = {**form, "request-date-day": "2"}
    assert clinician.client.post(here, data=sent).status_code == 303
    assert clinic.state.store.get("example").document["request"]["date"] == "2026-11-02"
    emptied = {**form_of(clinician.get(here).text, here), **{f"request-date-{p}": "" for p in ("day", "month", "year")}}
    assert clinician.client.post(here, data=emptied).status_code == 303
    assert "date" not in clinic.state.store.get("example").document["request"]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_there_are_break_no_page(clinic: Clinic, clinician: Browser, day: str) -> None:
    """A year typed with one digit is a date like any other."""
    document = example_patient()
    document["pain"]["since"] = day
    for name in ("scores", "blocks"):
        document[name][0]["date"] = day
    document["care"][0] |= {"from": day, "to": day}
    relief = [{"date": day, "percent": 60}, {"date": "2026-11-01", "percent": 40}]
    document["denervations"] = [{"date": day, "region": "lumbar", "relief": relief}]
    clinic.state.store.add(document, "test")
    base = "/patients/example"
    paths = ("", "/policies", "/follow-up", "/blocks/0", "/record", "/history", "/export")
    for path in (*paths, *(f"/letters/{kind}" for kind in ("prior-approval", "referral", "plan"))):
        assert clinician.get(base + path).status_code == 200, path
    assert clinician.get("/").status_code == 200


def test_pages_name_an_event_as_people_do(clinic: Clinic, clinician: Browser) -> None:
    """'block 1', where JSON says blocks[0]."""
    other = {
        "date": "2026-10-02",
        "kind": "medial-branch-block",
        "region": "lumbar",
        "levels": ["L1/2"],
        "sides": ["right"],
    }
    asked = {"region": "lumbar", "levels": ["L4/5"], "sides": ["left"]}
    clinic.state.store.add({**example_patient(), "request": asked, "blocks": [other]}, "test")
    shown = clinician.get("/patients/example").text
    assert "than the request names (block 1)." in shown and "blocks[0]" not in shown
    assert "Block 1: " in clinician.get("/patients/example/record").text
