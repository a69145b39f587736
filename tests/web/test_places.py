"""Changes as they are read: in the history, on the page of a conflict, in the security log."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from facetwise.clinic.accounts.users import Role, User
from facetwise.clinic.store.json_diff import changes_between
from facetwise.guidance.example_patient import example_patient
from facetwise.web.frame.change_text import differences
from tests.web.conftest import PASSWORD, Browser, Clinic


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({}, {"sex": "male"}, [("sex", "", "male")]),
        ({"clinic": {"drives": False}}, {"clinic": {"drives": True}}, [("clinic.drives", "no", "yes")]),
        ({"clinic": {"drives": False}}, {"clinic": {}}, [("clinic.drives", "no", "")]),
        (
            {"clinic": {"needs": ["email"]}},
            {"clinic": {"needs": ["email", "bsl"]}},
            [("clinic.needs", "email", "email, bsl")],
        ),
        (
            {"scores": [{"value": 7}, {"value": 6}]},
            {"scores": [{"value": 7}, {"value": 3.5, "context": "now"}, {"value": 6}]},
            [("scores[1].value", "", "3.5"), ("scores[1].context", "", "now")],
        ),
        ({"scores": [{"value": 7}]}, {"scores": [{"value": 8}]}, [("scores[0].value", "7", "8")]),
        ({"scores": [{"value": 7}]}, {}, [("scores[0].value", "7", "")]),
        ({}, {"scores": []}, []),
        ({"drives": None}, {"drives": False}, [("drives", "not known", "no")]),
        (
            {"choices": [["D16", "a"]]},
            {"choices": [["D16", "b"], ["D17", "c"]]},
            [("choices[0]", "D16, a", "D16, b"), ("choices[1]", "", "D17, c")],
        ),
        ({}, {"clinic": {"choices": [["D16", "a"], ["D17", "c"]]}}, [("clinic.choices", "", "D16 a, D17 c")]),
    ],
)
def test_a_change_is_told_by_its_place_with_before_and_after(before: Any, after: Any, told: list[Any]) -> None:
    """Not known, no and nothing in the list are three things; only what changed is told."""
    shown = differences(changes_between(before, after))
    assert [(it.place, it.before, it.after) for it in shown] == told


def rows(page: str) -> list[str]:
    """The rows of the tables of a page, as they are read."""
    told = re.findall(r"<tr role=\"row\">(.*?)</tr>", page, re.DOTALL)
    return [re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", row))).strip() for row in told]


def test_the_history_and_a_conflict_show_each_place_before_and_after(clinic: Clinic, clinician: Browser) -> None:
    clinic.state.store.add({**example_patient(), "clinic": {"name": "Ann", "phone": "1"}}, "test")
    sent = {"name": "Ann", "phone": "2", "drives": "no"}
    assert clinician.send("/patients/example/details", "/patients/example/details", **sent).status_code == 303
    history = clinician.get("/patients/example/history").text
    latest = history.split("</section>")[0]
    assert "clinician, saved (version 2)" in latest and "clinic.phone 1 2" in rows(latest)
    assert "clinic.drives nothing no" in rows(latest) and not [row for row in rows(latest) if "clinic.name" in row]
    assert "test, added (version 1)" in history and "clinic.name nothing Ann" in rows(history)
    late = clinician.send(
        "/patients/example/details", "/patients/example/details", **{**sent, "phone": "3"}, version="1"
    )
    assert late.status_code == 409 and "clinic.phone 2 3" in rows(late.text)


def test_the_security_log_says_whose_role_changed_and_from_what(clinic: Clinic) -> None:
    administrator = clinic.as_(Role.ADMINISTRATOR)
    person = {"sign_in": "bob", "name": "Bob", "role": "reader", "password": PASSWORD}
    assert administrator.send("/people", "/people", **person).status_code == 303
    clinic.state.people.change(User("bob", "Bob", Role.CLINICIAN), "administrator")
    told = rows(administrator.get("/security").text)
    changed, added = (next(row for row in told if what in row) for what in ("person changed", "person added"))
    assert "sign_in bob" in changed and "clinician (was reader)" in changed and "name Bob" in added
    assert PASSWORD not in administrator.get("/security").text
