"""The page of what follows a denervation."""

from __future__ import annotations

from typing import Any

import pytest

from facetwise.clinic.accounts.users import Role
from facetwise.clinic.demo.clinic import made_up_clinic
from facetwise.clinic.model.clinic_record import clinic_of
from facetwise.decide.decision import decide
from facetwise.guidance.example_patient import example_patient
from facetwise.library import POLICIES
from tests.web.conftest import START, Browser, Clinic
from tests.web.forms_shown import form_of

HERE = "/patients/example/follow-up"
DONE = {"date": "2026-01-20", "region": "lumbar", "levels": ["L4/5"], "sides": ["left"], "technique": "thermal"}


@pytest.fixture
def treated(clinic: Clinic) -> Clinic:
    document = example_patient()
    document["blocks"][1]["date"] = "2026-11-19"
    clinic.state.store.add({**document, "denervations": [DONE]}, "test")
    return clinic


def day(name: str, written: str) -> dict[str, str]:
    year, month, number = written.split("-")
    return {f"{name}-day": number, f"{name}-month": month, f"{name}-year": year}


def read(browser: Browser, on: str, percent: str, **more: str) -> Any:
    return browser.send(HERE, HERE, of="0", act="read", percent=percent, **day("read", on), **more)


def relief(clinic: Clinic) -> list[dict[str, Any]]:
    return list(clinic.state.store.get("example").document["denervations"][0].get("relief", []))


def test_nobody_treated_is_nothing_to_follow_up(clinic: Clinic, clinician: Browser) -> None:
    clinic.state.store.add({**example_patient(), "denervations": []}, "test")
    shown = clinician.get(HERE)
    assert shown.status_code == 200 and "nothing to follow up" in shown.text and "Record a reading" not in shown.text


def test_looks_are_planned_moved_dropped_and_added(treated: Clinic, clinician: Browser) -> None:
    assert "Plan the usual ones" in clinician.get(HERE).text
    assert clinician.send(HERE, HERE, of="0", act="plan").status_code == 303
    assert "20 July 2026" in clinician.get(HERE).text and "Plan the usual ones" not in clinician.get(HERE).text
    assert clinician.send(HERE, HERE, of="0", act="move", look="f2", **day("move-f2", "2026-05-04")).status_code == 303
    assert clinician.send(HERE, HERE, of="0", act="drop", look="f1").status_code == 303
    added = clinician.send(HERE, HERE, of="0", act="add", name="9 months", **day("due", "2026-10-20"))
    assert added.status_code == 303
    looks = clinic_of(treated.state.store.get("example").document).follow_ups
    assert [(look.name, look.due.isoformat()) for look in looks] == [
        ("3 months", "2026-05-04"),
        ("6 months", "2026-07-20"),
        ("9 months", "2026-10-20"),
        ("12 months", "2027-01-20"),
    ]


def test_readings_are_drawn_told_and_judged(treated: Clinic, clinician: Browser) -> None:
    clinician.send(HERE, HERE, of="0", act="plan")
    assert "No relief has been recorded yet." in clinician.get(HERE).text
    assert read(clinician, "2026-03-03", "80", look="f1", adl_percent="70").status_code == 303
    shown = clinician.get(HERE).text
    assert "Still relieved on the last reading" in shown and "<svg" in shown and 'style="' not in shown
    assert read(clinician, "2026-08-20", "45,5").status_code == 303
    ended = clinician.get(HERE).text
    assert "Relief of half the pain has ended." in ended and "from 3 March 2026 to 20 August 2026: 170 days" in ended
    assert "under 50 on 20 Aug 2026" in ended and "45.5 %" in ended
    assert [reading["percent"] for reading in relief(treated)] == [80, 45.5]
    back = clinician.send(HERE, HERE, of="0", act="take-back", **day("taken", "2026-08-20"))
    assert back.status_code == 303 and len(relief(treated)) == 1


def test_what_the_page_shows_is_what_a_browser_sends_back(treated: Clinic, clinician: Browser) -> None:
    """A reading of today by the form as it stands, and a look moved to the day it has already."""
    clinician.send(HERE, HERE, of="0", act="plan")
    before = clinic_of(treated.state.store.get("example").document).follow_ups
    shown = clinician.get(HERE).text
    assert clinician.client.post(HERE, data=form_of(shown, HERE, "move-f2-day")).status_code == 303
    assert clinic_of(treated.state.store.get("example").document).follow_ups == before
    sent = {**form_of(clinician.get(HERE).text, HERE, "percent"), "percent": "60"}
    assert clinician.client.post(HERE, data=sent).status_code == 303
    assert relief(treated) == [{"date": "2026-11-20", "percent": 60}]
    assert clinic_of(treated.state.store.get("example").document).follow_ups[0].done is not None


def test_the_day_of_a_repeat_stands_beside_each_policy_and_the_governing_one_is_named(
    treated: Clinic, clinician: Browser
) -> None:
    """Sixteen months after 20 January 2026 under Humber and North Yorkshire, the block being recent enough then? No."""
    shown = clinician.get(HERE).text.split('id="repeat"')[1]
    first = shown.split("<tbody")[1].split("</tr>")[0]
    assert "governs" in first
    assert shown.count('role="rowheader"') == len({*treated.state.settings().policies, treated.state.settings().policy})


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"percent": ""}, "No relief is entered"),
        ({"percent": "lots"}, "as a number from -1000 to 100"),
        ({"percent": "101"}, "as a number from -1000 to 100"),
        ({"percent": "50", **day("read", "2026-01-19")}, "before the denervation"),
        ({"percent": "50", **day("read", "2026-11-21")}, "still to come"),
        ({"percent": "50", "look": "f77"}, "no such review"),
        ({"percent": "50", "read-day": "x"}, "as a day, a month and a year"),
    ],
)
def test_a_reading_that_cannot_be_is_shown_again(
    treated: Clinic, clinician: Browser, fields: dict[str, str], says: str
) -> None:
    sent = {"of": "0", "act": "read", "note": "typed & kept", **day("read", "2026-06-01"), **fields}
    answer = clinician.send(HERE, HERE, **sent)
    assert answer.status_code == 422 and says in answer.text and 'value="typed &amp; kept"' in answer.text
    assert relief(treated) == []


def test_a_form_that_says_nothing_known_changes_nothing(treated: Clinic, clinician: Browser) -> None:
    assert clinician.send(HERE, HERE, of="0", act="boil").status_code == 400
    assert clinician.send(HERE, HERE, of="7", act="plan").status_code == 422
    assert clinician.send(HERE, HERE, of="x", act="plan").status_code == 422
    assert clinician.get(f"{HERE}?of=7").status_code == 422
    assert treated.state.store.get("example").version == 1


def test_the_diary_suggests_and_stores_nothing(treated: Clinic, clinician: Browser) -> None:
    entry = {"id": "e1", "felt_at": "2026-11-19T09:00:00+00:00", "entered_at": "2026-11-19T09:01:00+00:00", "score": 3}
    scores = [{"date": "2026-01-02", "scale": "NRS", "value": 6, "context": "usual"}]
    document = {**treated.state.store.get("example").document, "scores": scores, "clinic": {"diary": [entry]}}
    treated.state.store.save("example", document, 1, "test")
    assert "The diary suggests about <strong>50 %</strong>" in clinician.get(HERE).text
    assert relief(treated) == []


def test_a_reader_sees_it_and_changes_nothing(treated: Clinic, clinician: Browser) -> None:
    read(clinician, "2026-03-03", "80")
    reader = treated.as_(Role.READER)
    shown = reader.get(HERE).text
    assert "80 %" in shown and "Save the reading" not in shown and "Remove" not in shown
    assert reader.send(HERE, HERE, of="0", act="plan").status_code == 403


def test_everybody_of_the_made_up_clinic_has_a_page(clinic: Clinic, clinician: Browser) -> None:
    for document in made_up_clinic(clinic.state.today(), 1, 40):
        clinic.state.store.add(document, "test")
        shown = clinician.get(f"/patients/{document['id']}/follow-up")
        assert shown.status_code == 200 and 'style="' not in shown.text


def test_an_interval_that_is_over_too_late_for_the_block_is_told_with_what_is_needed_then(
    clinic: Clinic, clinician: Browser
) -> None:
    """Under Humber and North Yorkshire: 16 months after, when the block is older than six."""
    document = {**example_patient(), "denervations": [DONE], "clinic": {"policy": "hny-2025"}}
    clinic.state.store.add(document, "test")
    row = clinician.get(HERE).text.split('id="repeat"')[1].split("<tbody")[1].split("</tr>")[0]
    assert "Not by waiting alone" in row and "The interval is over on <strong>20 May 2027</strong>." in row
    assert "Not met on that day, if nothing else changes: At least one medial branch block" in row
    assert "The next step would then be:" in row and "block" in row.split("The next step would then be:")[1]


def test_the_next_step_is_that_of_the_list_with_the_policys_own_beside_it(treated: Clinic, clinician: Browser) -> None:
    """A look that is due comes first on both; the policy's word is named as the policy's."""
    document = treated.state.store.get("example").document
    asked = {**document["request"], "date": "2025-12-01"}
    held = {"request": asked, "blocks": example_patient()["blocks"], "denervations": [{**DONE, "date": "2026-11-02"}]}
    lately = {**document, **held}
    treated.state.store.save("example", lately, 1, "test")
    clinician.send(HERE, HERE, of="0", act="plan")
    answer = clinician.send(HERE, HERE, of="0", act="move", look="f4", **day("move-f4", "2027-10-01"))
    for path in (HERE, answer.headers["location"]):
        shown = clinician.get(path).text
        line = treated.state.pathway.of("example")
        assert line and line.step == "follow-up" and f"Next step: {line.says}" in shown
        assert "Due 14 December 2026" in shown and "The next step is:" not in shown
        assert (
            f"alone: {decide(treated.state.store.get('example').record, POLICIES['nice-ng59'], START.date()).next_step.says}"
            in shown
        )


def test_a_denervation_without_a_day_leads_to_where_its_day_is_written(clinic: Clinic, clinician: Browser) -> None:
    undated = {name: value for name, value in DONE.items() if name != "date"}
    clinic.state.store.add({**example_patient(), "denervations": [undated]}, "test")
    shown = clinician.get(HERE).text
    assert 'href="/patients/example/record/denervations/0"' in shown and "Plan the usual ones" not in shown
