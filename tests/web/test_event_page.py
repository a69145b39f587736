"""An event of the record is corrected where it stands: what was not touched stays, what was emptied is not known."""

from __future__ import annotations

from typing import Any

import pytest

from facetwise.clinic.demo.clinic import made_up_clinic
from facetwise.clinic.follow_up.follow_up import schedule
from facetwise.clinic.model.clinic_record import clinic_of
from facetwise.guidance.example_patient import example_patient
from tests.web.conftest import Browser, Clinic
from tests.web.forms_shown import form_of

RECORD = "/patients/example/record"
RELIEF = [{"date": "2025-06-01", "percent": 80}]


def add(to: Clinic, **changes: Any) -> None:
    to.state.store.add({**example_patient(), **changes}, "test")


def held(clinic: Clinic, name: str) -> Any:
    return clinic.state.store.get("example").document[name]


def sent(browser: Browser, page: str, **typed: Any) -> Any:
    """Send the form of a page as it is shown, but for what is typed."""
    return browser.client.post(page, data={**form_of(browser.get(page).text, page), **typed})


def test_an_undated_denervation_is_dated_and_keeps_its_relief(clinic: Clinic, clinician: Browser) -> None:
    add(clinic, denervations=[{"region": "lumbar", "levels": ["L5/S1", "L4/5"], "relief": RELIEF}])
    page = f"{RECORD}/denervations/0"
    assert f'href="{page}"' in clinician.get(RECORD).text
    day = {"denervations-0-date-day": "1", "denervations-0-date-month": "5", "denervations-0-date-year": "2025"}
    assert sent(clinician, page, **day).status_code == 303
    assert held(clinic, "denervations") == [
        {"date": "2025-05-01", "region": "lumbar", "levels": ["L5/S1", "L4/5"], "relief": RELIEF}
    ]


def test_a_score_and_care_are_corrected_and_what_is_emptied_is_not_known(clinic: Clinic, clinician: Browser) -> None:
    add(clinic, scores=[{"value": 7}, {"date": "2026-11-01", "scale": "NRS", "value": 6, "context": "usual"}])
    assert sent(clinician, f"{RECORD}/scores/0", **{"scores-0-value": "5,5"}).status_code == 303
    assert sent(clinician, f"{RECORD}/scores/1", **{"scores-1-context": ""}).status_code == 303
    assert held(clinic, "scores") == [{"value": 5.5}, {"date": "2026-11-01", "scale": "NRS", "value": 6}]
    assert sent(clinician, f"{RECORD}/care/0", **{"care-0-outcome": "helped"}).status_code == 303
    assert held(clinic, "care")[0] == {**example_patient()["care"][0], "outcome": "helped"}


def test_an_event_that_is_saved_untouched_is_not_changed(clinic: Clinic, clinician: Browser) -> None:
    clinic.state.store.add_all(made_up_clinic(clinic.state.today(), 3, 6), "test")
    for stored in clinic.state.store.all():
        for name in ("scores", "care", "denervations"):
            for place in range(len(stored.document.get(name) or ())):
                page = f"/patients/{stored.id}/record/{name}/{place}"
                if clinician.get(page).status_code == 200:
                    assert sent(clinician, page).status_code == 303, page
        assert clinic.state.store.get(stored.id).version == 1, stored.id


@pytest.mark.parametrize(
    ("event", "typed", "field"),
    [
        ("scores/0", {"scores-0-value": "11"}, "scores-0-value"),
        ("scores/0", {"scores-0-date-year": "2027"}, "scores-0-date"),
        ("care/0", {"care-0-from-year": "2026", "care-0-to-year": "2025"}, "care-0-to"),
        ("denervations/0", {"denervations-0-levels": ["C2/3"]}, "denervations-0-levels"),
        ("denervations/0", {"denervations-0-region": "cervical"}, "denervations-0-levels"),
        ("denervations/0", {"denervations-0-region": "", "denervations-0-levels": []}, "event"),
    ],
)
def test_what_cannot_be_is_a_fault_beside_its_field(
    clinic: Clinic, clinician: Browser, event: str, typed: dict[str, Any], field: str
) -> None:
    care = {"kind": "exercise", "from": "2025-02-01", "to": "2025-05-01"}
    score = {"date": "2026-11-01", "scale": "NRS", "value": 6}
    add(clinic, scores=[score], care=[care], denervations=[{"region": "lumbar", "levels": ["L4/5"]}])
    answer = sent(clinician, f"{RECORD}/{event}", **typed)
    assert answer.status_code == 422 and f'href="#{field}"' in answer.text
    assert clinic.state.store.get("example").version == 1


def test_what_has_a_page_of_its_own_is_changed_there(clinic: Clinic, clinician: Browser) -> None:
    kept = {"procedures": [{"denervation": 0, "planned": "2025-05-01"}]}
    add(clinic, denervations=[{"date": "2025-05-01", "region": "lumbar"}], clinic=kept)
    shown = clinician.get(RECORD).text
    assert 'href="/patients/example/procedures/0"' in shown and 'href="/patients/example/blocks/0/edit"' in shown
    elsewhere = clinician.get(f"{RECORD}/denervations/0")
    assert elsewhere.status_code == 422 and "Change it there" in elsewhere.text
    for path in ("scores/99", "blocks/0", "conditions/0", "care/-1", "care/x"):
        assert clinician.get(f"{RECORD}/{path}").status_code in (404, 422), path


def test_correcting_the_day_of_a_denervation_moves_the_usual_looks_and_is_refused_after_a_reading(
    clinic: Clinic, clinician: Browser
) -> None:
    document = {
        "id": "p",
        "denervations": [{"date": "2026-09-01", "region": "lumbar", "relief": [{"date": "2026-10-13", "percent": 80}]}],
    }
    clinic.state.store.add(schedule(document, 0), "test")
    page = "/patients/p/record/denervations/0"
    day = {"denervations-0-date-day": "1", "denervations-0-date-month": "8", "denervations-0-date-year": "2026"}
    assert clinician.send(page, page, **day, **{"denervations-0-region": "lumbar"}).status_code == 303
    held = clinic_of(clinic.state.store.get("p").document)
    assert next(look.due.isoformat() for look in held.follow_ups) == "2026-09-12"
    late = {**day, "denervations-0-date-day": "1", "denervations-0-date-month": "11"}
    refused = clinician.send(page, page, **late, **{"denervations-0-region": "lumbar"})
    assert refused.status_code == 422 and "A reading of relief is on record before that day" in refused.text
