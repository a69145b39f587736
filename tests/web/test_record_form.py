"""The forms of facts: nothing that was typed is lost in silence, and nothing that was not typed is changed."""

from __future__ import annotations

from typing import Any

import pytest

from facetwise.clinic.accounts.users import Role
from facetwise.clinic.demo.clinic import made_up_clinic
from facetwise.clinic.model.spinal_levels import OF_REGION, levels_of, misplaced
from facetwise.clinic.pathway.worklist import WorklistLine
from facetwise.guidance.example_patient import example_patient
from facetwise.record.field_types import LEVELS
from tests.web.conftest import Browser, Clinic
from tests.web.forms_shown import form_of

RECORD = "/patients/example/record"


def add(to: Clinic, **changes: Any) -> None:
    to.state.store.add({**example_patient(), **changes}, "test")


def held(clinic: Clinic) -> Any:
    return clinic.state.store.get("example").document


def sent(browser: Browser, page: str, to: str, **typed: Any) -> Any:
    """Send the form of a page as it is shown, but for what is typed."""
    return browser.client.post(to, data={**form_of(browser.get(page).text, to), **typed})


def line(clinic: Clinic) -> WorklistLine:
    found = clinic.state.pathway.of("example")
    assert found is not None
    return found


def day(name: str, on: str) -> dict[str, str]:
    year, month, number = on.split("-")
    return {f"{name}-day": number, f"{name}-month": month, f"{name}-year": year}


def test_a_record_that_is_saved_untouched_is_not_changed(clinic: Clinic, clinician: Browser) -> None:
    """Whatever the order in which it was written, and whichever parts it has."""
    ordered = {"region": "lumbar", "levels": ["L5/S1", "T12/L1", "L4/5"], "sides": ["right", "left"]}
    records: list[dict[str, Any]] = [
        {"id": "empty"},
        {"id": "levels", "request": ordered, "complete": ["care", "blocks"], "pain": {}},
        {"id": "none", "request": {"levels": []}, "conditions": {"hads_depression": 6.5}},
        *made_up_clinic(clinic.state.today(), 3, 12),
    ]
    for document in records:
        clinic.state.store.add(document, "test")
    for stored in clinic.state.store.all():
        page = f"/patients/{stored.id}/record"
        answer = sent(clinician, page, page)
        assert answer.status_code == 303, stored.id
        assert clinic.state.store.get(stored.id).version == 1, stored.id


def test_joints_where_two_regions_meet_are_of_both_and_what_is_held_is_always_offered() -> None:
    assert {"T12/L1", "L1/2"} <= set(OF_REGION["lumbar"]) and "C7/T1" not in OF_REGION["lumbar"]
    assert {"T12/L1", "C7/T1"} <= set(OF_REGION["thoracic"]) and "C7/T1" in OF_REGION["cervical"]
    assert set().union(*OF_REGION.values()) == set(LEVELS)
    assert levels_of("lumbar", ["C2/3"]) == ("C2/3", *OF_REGION["lumbar"])
    assert levels_of(None) == levels_of("knee") == LEVELS
    assert misplaced("lumbar", ["T12/L1"]) is None and misplaced(None, ["C2/3"]) is None
    assert misplaced("cervical", ["C2/3", "L4/5"]) == (
        "L4/5 is no joint of the cervical spine. Change the levels, or the region"
    )


def test_another_region_keeps_no_level_that_is_not_of_it_and_drops_none_in_silence(
    clinic: Clinic, clinician: Browser
) -> None:
    add(clinic)
    answer = sent(clinician, RECORD, RECORD, **{"request-region": "cervical"})
    assert answer.status_code == 422 and 'href="#request-levels"' in answer.text
    assert 'value="C2/3"' in answer.text and 'value="L4/5" checked' in answer.text
    assert held(clinic)["request"]["region"] == "lumbar"
    right = {"request-region": "cervical", "request-levels": ["C2/3"]}
    assert sent(clinician, RECORD, RECORD, **right).status_code == 303
    assert (held(clinic)["request"]["region"], held(clinic)["request"]["levels"]) == ("cervical", ["C2/3"])


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"care-new-outcome": "failed"}, "care-new-kind"),
        ({"care-new-from-year": "2025"}, "care-new-kind"),
        (day("scores-new-date", "2026-11-01"), "scores-new-value"),
        ({"scores-new-scale": "VAS"}, "scores-new-value"),
        ({"denervations-new-sides": "left"}, "denervations-new-date"),
        ({"denervations-new-levels": "L4/5"}, "denervations-new-date"),
        ({"denervations-new-technique": "thermal"}, "denervations-new-date"),
        ({"denervations-new-region": "lumbar", "denervations-new-levels": "C2/3"}, "denervations-new-levels"),
        ({"denervations-new-region": "lumbar", "denervations-new-levels": "X1"}, "denervations-new-levels"),
    ],
)
def test_what_is_half_filled_in_is_a_fault_and_never_dropped(
    clinic: Clinic, clinician: Browser, typed: dict[str, str], field: str
) -> None:
    add(clinic)
    answer = sent(clinician, RECORD, RECORD, **typed)
    assert answer.status_code == 422 and f'href="#{field}"' in answer.text
    assert clinic.state.store.get("example").version == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (day("born", "2062-01-01"), "born"),
        (day("born", "1899-12-31"), "born"),
        (day("pain-since", "2026-11-21"), "pain-since"),
        ({"scores-new-value": "4", **day("scores-new-date", "2026-11-21")}, "scores-new-date"),
        ({"care-new-kind": "exercise", **day("care-new-from", "2027-01-01")}, "care-new-from"),
        ({"care-new-kind": "exercise", **day("care-new-to", "2027-01-01")}, "care-new-to"),
        ({"denervations-new-region": "lumbar", **day("denervations-new-date", "2026-11-21")}, "denervations-new-date"),
    ],
)
def test_a_day_to_come_is_no_day_of_what_is_past(
    clinic: Clinic, clinician: Browser, typed: dict[str, str], field: str
) -> None:
    add(clinic)
    answer = sent(clinician, RECORD, RECORD, **typed)
    assert answer.status_code == 422 and f'href="#{field}"' in answer.text
    assert clinic.state.store.get("example").version == 1


def test_today_is_a_day_of_what_is_past_and_a_new_patient_is_born_already(clinic: Clinic, clinician: Browser) -> None:
    add(clinic)
    typed = {"scores-new-value": "4", **day("scores-new-date", "2026-11-20")}
    assert sent(clinician, RECORD, RECORD, **typed).status_code == 303
    new = sent(clinician, "/patients/new", "/patients/new", name="Ann", **day("born", "2062-01-01"))
    assert new.status_code == 422 and 'href="#born"' in new.text


@pytest.mark.parametrize("version", ["abc", "", "-1", "²", "9" * 40])
@pytest.mark.parametrize("form", ["record", "details", "facts", "blocks/new", "blocks/0/readings"])
def test_a_version_that_is_none_is_a_save_of_something_else(
    clinic: Clinic, clinician: Browser, form: str, version: str
) -> None:
    add(clinic, assessment={})
    typed = {"name": "Ann", "assessment-facet_suspected": "yes", **day("date", "2026-11-20"), "score-15": "2"}
    answer = clinician.send("/patients/example", f"/patients/example/{form}", **{**typed, "version": version})
    assert answer.status_code == 409, answer.text[:200]
    assert clinic.state.store.get("example").version == 1


def test_what_a_clinician_judges_is_asked_of_clinicians_only(clinic: Clinic, clinician: Browser) -> None:
    block = {"date": "2026-11-01", "kind": "medial-branch-block", "region": "lumbar", "levels": ["L4/5"]}
    add(clinic, blocks=[block], clinic={"policy": "nice-ng59"})
    page, facts, field = "/patients/example", "/patients/example/facts", "blocks-0-positive"
    coordinator = clinic.as_(Role.COORDINATOR)
    assert f'name="{field}"' not in coordinator.get(page).text
    assert "A clinician judges this." in coordinator.get(page).text
    assert coordinator.send(page, facts, **{field: "yes"}).status_code == 403
    assert "positive" not in held(clinic)["blocks"][0]
    assert f'name="{field}"' in clinician.get(page).text
    assert clinician.send(page, facts, **{field: "yes"}).status_code == 303
    assert held(clinic)["blocks"][0]["positive"] is True


def test_information_was_talked_through_on_a_day_that_has_come(clinic: Clinic, clinician: Browser) -> None:
    clinic.state.store.add({"id": "p"}, "test")
    page = "/patients/p/details"
    day = {"informed-day": "1", "informed-month": "12", "informed-year": "2026"}
    assert clinician.send(page, page, name="Ann", **day).status_code == 422
    booked = {"block_booked-day": "1", "block_booked-month": "12", "block_booked-year": "2026"}
    assert clinician.send(page, page, name="Ann", **booked).status_code == 303


def test_the_unit_s_telephone_is_a_number_that_can_be_tapped(clinic: Clinic, clinician: Browser) -> None:
    sent = {"unit_name": "The clinic", "policy": "nice-ng59", "policies": "nice-ng59"}
    assert clinician.send("/settings", "/settings", unit_phone="call reception", **sent).status_code == 422
    assert clinician.send("/settings", "/settings", unit_phone="01632 960000", **sent).status_code == 303
    assert clinic.state.settings().unit_phone == "01632 960000"


def test_a_form_that_only_a_clinician_may_save_comes_back_with_what_was_typed(clinic: Clinic) -> None:
    """A coordinator who says that a blood thinner is gone loses nothing of the rest."""
    add(clinic, conditions={"anticoagulant": True})
    coordinator = clinic.as_(Role.COORDINATOR)
    answer = sent(coordinator, RECORD, RECORD, **{"conditions-anticoagulant": "no", "pain-limits_daily_life": "yes"})
    assert answer.status_code == 403 and held(clinic)["conditions"]["anticoagulant"] is True
    assert "Only a clinician may say that this is no longer so: " in answer.text
    assert "blood thinner" in answer.text and "There is a problem" in answer.text
    kept = form_of(answer.text, RECORD)
    assert kept["conditions-anticoagulant"] == ["no"] and kept["pain-limits_daily_life"] == ["yes"]


def test_what_was_agreed_for_a_step_that_is_over_is_shown_apart_until_it_is_said_to_hold(
    clinic: Clinic, clinician: Browser
) -> None:
    add(clinic, blocks=[], complete=["blocks"])
    details = "/patients/example/details"
    sent(clinician, details, details, name="Exa Mple", plan_note="Book a first block", holder="coordinator")
    assert "Book a first block" in line(clinic).says
    clinic.state.store.change("example", lambda document: {**document, "blocks": example_patient()["blocks"]}, "test")
    shown = clinician.get("/patients/example").text
    assert "Agreed for another step: Book a first block" in shown
    assert line(clinic).holder == "clinician"
    sent(clinician, details, details, phone="01632 960111")
    assert "Book a first block" not in line(clinic).says, "saved for something else"
    assert "was agreed for a different step" in clinician.get(details).text
    sent(clinician, details, details, plan_holds="yes")
    assert "Book a first block" in line(clinic).says
    assert "was agreed for a different step" not in clinician.get(details).text


def test_a_form_shown_again_after_a_fault_does_not_overwrite_what_was_saved_meanwhile(
    clinic: Clinic, clinician: Browser
) -> None:
    """Ann opens, Bob saves, Ann's form has a fault: when she mends it, both versions are shown and Bob's stays."""
    add(clinic)
    pages = {
        RECORD: ({"born-year": "nonsense"}, {"pain-limits_daily_life": "no"}),
        "/patients/example/details": ({"name": ""}, {"name": "Ann"}),
    }
    for page, (wrong, right) in pages.items():
        typed = form_of(clinician.get(page).text, page)
        clinic.state.store.change("example", lambda held: {**held, "sex": held["sex"] + "!"}, "bob")
        at_fault = clinician.client.post(page, data={**typed, **wrong})
        assert at_fault.status_code == 422
        again = clinician.client.post(page, data={**form_of(at_fault.text, page), **right, "born-year": "1970"})
        assert again.status_code == 409, page
    assert held(clinic)["sex"].endswith("!!")
