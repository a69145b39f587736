"""What a patient's pages do when something is wrong: the database, the link, the clock, a score that stands already."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from facetwise.clinic.accounts.users import Role
from facetwise.clinic.follow_up.alerts import open_alerts
from facetwise.clinic.model.clinic_record import clinic_of
from facetwise.clinic.store.database import Database
from facetwise.clinic.store.settings import Settings
from facetwise.web.patient import forms
from tests.web.conftest import Clinic
from tests.web.test_blocks import words
from tests.web.test_my_pages import SHEET, TODAY_BLOCK, Phone

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
FORMS = ("/diary", "/block/0", "/questions", "/help")


@pytest.fixture
def phone(clinic: Clinic) -> Phone:
    return Phone(clinic, blocks=[TODAY_BLOCK], clinic={"sheets": [SHEET], "name": "Ann Other"})


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "_PATIENCE_S", 0.2)


def tick(phone: Phone, form: str) -> tuple[int, str]:
    answer = phone._client.post(phone.path + form, data={"id": "x", "score": "7", "signs": "cauda-equina"})
    return answer.status_code, answer.text


def says_whom_to_call(text: str) -> bool:
    links = all(f'href="tel:{number}"' in text for number in ("111", "999"))
    return "<h1>Call 999 or go to A&amp;E now.</h1>" in text and links


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.usefixtures("impatient")
def test_a_ticked_sign_says_whom_to_call_while_the_database_is_locked(phone: Phone, form: str) -> None:
    database: Database = phone.clinic.state.database
    with database.writing():
        status, text = tick(phone, form)
    assert status == 503 and says_whom_to_call(text) and "The clinic could NOT be told." in text


@pytest.mark.parametrize("form", FORMS)
def test_a_ticked_sign_says_whom_to_call_when_the_link_has_ended_or_never_was(phone: Phone, form: str) -> None:
    phone.clinic.clock.move(days=31)
    status, text = tick(phone, form)
    assert status == 410 and says_whom_to_call(text) and "The clinic could NOT be told." in text
    assert phone.path not in text, "an ended link leads nowhere"
    answer = phone._client.post("/my/" + "A" * 43 + form, data={"signs": "infection"})
    assert answer.status_code == 404 and "could NOT be told" in answer.text and "Get medical help now" in answer.text
    assert open_alerts(phone.document) == ()


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_ticked_sign_says_whom_to_call_when_the_database_is_gone(phone: Phone, tmp_path: Path) -> None:
    """Not even the settings can be read: the unit's number is missing, 111 and 999 are not."""
    phone.get("/diary")
    phone.clinic.state.database.close()
    phone.clinic.clock.move(minutes=1)
    (tmp_path / "clinic.db").write_bytes(b"no database" * 1000)
    for left in tmp_path.glob("clinic.db-*"):
        left.unlink()
    status, text = tick(phone, "/diary")
    assert status == 503 and says_whom_to_call(text) and "The clinic could NOT be told." in text


def test_111_and_999_are_always_there_and_the_unit_where_it_can_be_called(phone: Phone) -> None:
    for number, link in (
        ("", None),
        ("01632 960 000", "tel:01632960000"),
        ("+44 1632 960000", "tel:+441632960000"),
        ("ask for Ann", None),
        ("01632960000;ext=1", None),
    ):
        phone.clinic.state.kept_settings.put(Settings(unit_phone=number), "test")
        for path in ("", "/help"):
            text = phone.get(path).text
            assert 'href="tel:111"' in text and 'href="tel:999"' in text
            found = set(re.findall(r'href="(tel:[^"]+)"', text)) - {"tel:111", "tel:999"}
            assert found == ({link} if link else set()), number
            assert number in text


def test_the_rest_that_is_sent_after_the_call_is_of_when_it_was_written(phone: Phone) -> None:
    answer = phone.send("/diary", score="7", when="now", signs="infection")
    rest = {name: unescape(value) for name, value in _HIDDEN.findall(answer.text.partition("data-rest")[2])}
    wrote_at = phone.clinic.state.now()
    phone.clinic.clock.move(hours=3)
    assert phone._client.post(phone.path + "/diary", data=rest).status_code == 303
    (entry,) = clinic_of(phone.document).diary
    assert (entry.felt_at, entry.entered_at, entry.received_at) == (wrote_at, wrote_at, phone.clinic.state.now())


def test_a_score_that_stands_in_the_record_without_a_sheet_is_not_written_over(clinic: Clinic) -> None:
    block = {**TODAY_BLOCK, "after": [{"minutes": 60, "score": 1}]}
    phone = Phone(clinic, blocks=[block], clinic={})
    assert 'id="line-60"' not in phone.get("/block/0").text and "1 (from the clinic)" in words(
        phone.get("/block/0").text.replace('<span class="fw-soft">', "").replace("</span>", "")
    )
    refused = phone.send("/block/0", score="8", line="60")
    assert refused.status_code == 422 and "There is a score for that time already" in refused.text
    assert phone.send("/block/0", score="3", line="120").status_code == 303
    assert phone.document["blocks"][0]["after"] == [{"minutes": 60, "score": 1}, {"minutes": 120, "score": 3}]


def test_the_line_of_now_is_that_of_when_it_was_written(phone: Phone) -> None:
    """A page that stood open, and a form that waited, are of their own hour."""
    phone.clinic.clock.move(hours=3, minutes=5)
    sent = {"written_at": "2026-11-20T09:33:00Z", "line": "now"}
    assert phone.send("/block/0", score="5", **sent).status_code == 303
    assert phone.send("/block/0", score="2", line="now").status_code == 303
    assert phone.document["blocks"][0]["after"] == [{"minutes": 60, "score": 5}, {"minutes": 240, "score": 2}]
    before = {**sent, "written_at": "2026-11-20T07:00:00Z"}
    refused = phone.send("/block/0", score="5", **before)
    assert refused.status_code == 422 and "at a time that cannot be right" in refused.text


def test_another_time_asks_for_its_day_once_more_than_one_can_be_meant(phone: Phone) -> None:
    phone.clinic.clock.move(hours=24)
    asked = phone.send("/block/0", score="3", line="other", **{"other-at": "09:05"})
    assert asked.status_code == 422 and 'href="#other-at"' in asked.text and "Give the day too" in asked.text
    assert phone.document["blocks"][0].get("after") is None
    given = {"other-date": "2026-11-21", "other-at": "09:05"}
    assert phone.send("/block/0", score="3", line="other", **given).status_code == 303
    assert phone.document["blocks"][0]["after"][0]["minutes"] == 24 * 60 + 35


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ("/diary", {"when": "now", "felt-time": "07:10"}),
        ("/diary", {"when": "now", "felt-date": "2026-11-19"}),
        ("/block/0", {"line": "now", "other-at": "09:05"}),
    ],
)
def test_a_time_that_was_typed_is_never_thrown_away(phone: Phone, form: str, fields: dict[str, str]) -> None:
    answer = phone.send(form, score="4", **fields)
    assert answer.status_code == 422 and "You chose now, and gave a day or a time as well" in answer.text
    assert all(f'value="{given}"' in answer.text for given in fields.values())
    assert clinic_of(phone.document).diary == ()


def test_digits_that_are_no_number_and_times_out_of_the_calendar_are_refused_quietly(phone: Phone) -> None:
    for days in ("²", "9" * 5000, "-1", "30"):
        assert phone.get(f"/diary?days={days}").status_code == 200
        assert phone.clinic.as_(Role.READER).get(f"/patients/p1/diary?days={days}").status_code == 200
    for written_at in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:00-14:00", "²"):
        for form in ("/diary", "/block/0"):
            assert phone.send(form, score="4", line="now", written_at=written_at).status_code in (303, 422)
        assert phone.send(form, signs="infection", written_at=written_at).status_code == 200


def test_a_text_that_is_too_long_is_asked_for_shorter_beside_its_field(phone: Phone) -> None:
    answer = phone.send("/diary", score="4", notes="x" * 1_001)
    assert (
        answer.status_code == 422 and 'href="#notes"' in answer.text and "longer than 1,000 characters" in answer.text
    )
    assert phone.send("/block/0", score="4", line="15", medicines="x" * 1_001).status_code == 422
    assert phone.send("/diary", score="4", notes="x" * 1_000).status_code == 303


def test_the_patient_takes_an_entry_back_and_the_history_keeps_it(phone: Phone) -> None:
    phone._client.post(phone.path + "/diary", data={"id": "abc", "score": "4"})
    assert "This was a mistake" in phone.get("/diary").text
    sent = {"entry": "abc"}
    assert phone._client.post(phone.path + "/diary/take-back", data=sent).headers["location"].endswith("?taken=1")
    assert clinic_of(phone.document).diary == ()
    assert '"abc"' in str(phone.clinic.state.store.history("p1")[0].changes)
    assert phone._client.post(phone.path + "/diary/take-back", data=sent).status_code == 422


def test_questions_of_two_pages_are_both_kept(phone: Phone) -> None:
    shown = _HIDDEN.findall(phone.get("/questions").text)
    for asked in ("One?", "Two?"):
        assert (
            phone._client.post(phone.path + "/questions", data={**dict(shown), "questions": asked}).status_code == 303
        )
    assert clinic_of(phone.document).questions == ("Two?", "One?")


def test_the_patients_information_comes_in_large_letters_and_says_when_it_is_of_another_place(clinic: Clinic) -> None:
    phone = Phone(clinic, request={"region": "thoracic"})
    none = phone.get("/information").text
    assert "none of them covers the middle of the back" in none and "The nearest is the text for the low back" in none
    near = phone.get("/information?region=lumbar&large=1").text
    assert "No source that we read covers the middle of the back." in near and 'class="fw-large"' in near
    assert "data-print" in near and "?large=1&amp;region=lumbar" in near
    assert 'class="fw-large"' not in phone.get("/information?region=lumbar").text
