"""The headers of every answer, and how often a patient's form is taken."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from starlette.applications import Starlette

from facetwise.guidance.example_patient import example_patient
from facetwise.web.frame.security_headers import Guard
from tests.web.conftest import Clinic


@pytest.mark.parametrize(("https", "hsts"), [(True, "max-age=31536000"), (False, None)])
@pytest.mark.parametrize(("host", "status"), [("clinic.example", 404), ("evil.example", 421)])
def test_every_answer_has_the_headers_that_bind_a_browser(
    https: bool, hsts: str | None, host: str, status: int
) -> None:
    """Also one that refuses. Only a clinic behind HTTPS may tell a browser to ask for nothing else."""
    browser = TestClient(Guard(Starlette(), frozenset({"clinic.example"}), https), base_url=f"http://{host}")
    answer = browser.get("/")
    assert answer.status_code == status
    assert answer.headers.get("strict-transport-security") == hsts
    bound = {name: answer.headers[name] for name in ("permissions-policy", "x-content-type-options", "x-frame-options")}
    assert bound == {
        "permissions-policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
    }
    assert answer.headers["referrer-policy"] == "same-origin" and answer.headers["cache-control"] == "no-store"


def test_sixty_forms_a_minute_are_taken_under_one_link(clinic: Clinic) -> None:
    """Another patient's link is not held up by them."""
    clinic.state.store.add(example_patient(), "test")
    clinic.state.store.add({**example_patient(), "id": "other"}, "test")
    one, other = clinic.link("example"), clinic.link("other")
    phone = clinic.browser()
    answers = [phone.post(f"{one}/diary", data={}).status_code for _ in range(62)]
    assert 429 not in answers[:60] and answers[60:] == [429, 429]
    assert phone.post(f"{other}/diary", data={}).status_code == answers[0]
    assert phone.get(one).status_code == 200
