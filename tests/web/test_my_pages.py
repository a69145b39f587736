"""The patient's own pages: what is written is kept once, a warning sign stops everything, a link opens one patient."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import httpx2
import pytest

from facetwise.clinic.accounts.users import Role
from facetwise.clinic.follow_up.alerts import open_alerts
from facetwise.clinic.model.clinic_record import clinic_of
from facetwise.guidance.example_patient import example_patient
from facetwise.information.content import red_flags
from tests.web.conftest import Browser, Clinic
from tests.web.test_blocks import words

_HIDDEN = re.compile(r'name="(id|block)" value="([^"]+)"')
TODAY_BLOCK = {"date": "2026-11-20", "kind": "medial-branch-block", "region": "lumbar", "before": 7}
SHEET = {"block": 0, "done_at": "2026-11-20T08:30:00+00:00"}


class Phone:
    """A patient with a link, and no account."""

    def __init__(self, at: Clinic, **changes: Any) -> None:
        at.state.store.add({**example_patient(), "id": "p1", **changes}, "test")
        self.clinic = at
        self.path = at.link("p1")
        self._client = at.browser()

    def get(self, path: str = "") -> httpx2.Response:
        return self._client.get(self.path + path)

    def send(self, path: str, **fields: str | list[str]) -> httpx2.Response:
        """Open the page and send its form."""
        hidden = dict(_HIDDEN.findall(self.get(path).text))
        assert "id" in hidden
        return self._client.post(self.path + path, data={**hidden, **fields})

    @property
    def document(self) -> Any:
        return self.clinic.state.store.get("p1").document


@pytest.fixture
def phone(clinic: Clinic) -> Phone:
    return Phone(clinic, blocks=[TODAY_BLOCK], clinic={"sheets": [SHEET], "name": "Ann Other"})


def test_an_entry_needs_a_score_and_nothing_else(phone: Phone) -> None:
    missing = phone.send("/diary")
    assert missing.status_code == 422 and 'href="#score"' in missing.text
    assert phone.send("/diary", score="4", when="now").status_code == 303
    (entry,) = clinic_of(phone.document).diary
    assert entry.score == 4 and entry.felt_at == entry.entered_at == phone.clinic.state.now()
    assert entry.place is None and entry.by == "patient"
    assert phone.clinic.state.store.history("p1")[0].who.startswith("patient:")


def test_an_entry_of_earlier_is_of_the_clinics_clock_and_marked_for_the_clinic(phone: Phone) -> None:
    fields = {"when": "earlier", "felt-date": "2026-11-19", "felt-time": "21:15", "doing": "stairs"}
    assert phone.send("/diary", score="6", **fields).status_code == 303
    assert "filled in later" in words(phone.clinic.as_(Role.READER).get("/patients/p1/diary").text)
    assert clinic_of(phone.document).diary[0].felt_at.isoformat() == "2026-11-19T21:15:00+00:00"
    wrong = phone.send("/diary", score="6", when="earlier", **{"felt-time": ""}, notes="I fell asleep")
    assert wrong.status_code == 422 and 'href="#felt-time"' in wrong.text and "I fell asleep" in wrong.text
    assert 'value="6" id="score-6" checked' in wrong.text


def test_a_form_sent_twice_is_kept_once(phone: Phone) -> None:
    for _ in range(2):
        answer = phone._client.post(phone.path + "/diary", data={"id": "abc", "score": "4"})
        assert answer.headers["location"] == f"{phone.path}/diary?kept=abc"
    assert len(clinic_of(phone.document).diary) == 1
    assert "Saved: 4" in words(phone.get("/diary?kept=abc").text)


def test_an_entry_that_waited_on_the_telephone_says_so_to_the_clinic(phone: Phone, clinician: Browser) -> None:
    phone.send("/diary", score="4", when="now", written_at="2026-11-20T07:00:00.000Z")
    (entry,) = clinic_of(phone.document).diary
    assert entry.felt_at.isoformat() == "2026-11-20T07:00:00+00:00" and entry.received_at == phone.clinic.state.now()
    assert "waited for a network until 20 November 2026, 09:30" in words(clinician.get("/patients/p1/diary").text)
    assert phone.send("/diary", score="4", written_at="yesterday").status_code == 422


@pytest.mark.parametrize("form", ["/diary", "/block/0", "/questions", "/help"])
def test_a_ticked_sign_stops_every_form_says_whom_to_call_and_tells_the_clinic(phone: Phone, form: str) -> None:
    before = phone.document
    answer = phone.send(
        form, score="9", line="now", questions="Why?", notes="kept?", signs=["infection", "cauda-equina"]
    )
    shown = words(answer.text)
    assert answer.status_code == 200 and "<h1>Call 999 or go to A&amp;E now.</h1>" in answer.text
    assert red_flags()[0].ask in shown and "The clinic has been told." in shown
    (alert,) = open_alerts(phone.document)
    assert alert.signs == ("cauda-equina", "infection")
    after = {**phone.document, "clinic": {**phone.document["clinic"]}}
    del after["clinic"]["alerts"]
    assert after == before, "nothing else was kept"
    if form != "/help":
        assert 'value="Why?"' in answer.text or 'value="9"' in answer.text, "it is shown again"
    listed = phone.clinic.as_(Role.READER).get("/").text
    assert "warning sign" in listed


def test_every_page_of_the_patient_carries_the_warning_signs(phone: Phone) -> None:
    for path in ("", "/diary", "/block/0", "/questions", "/help"):
        shown = phone.get(path).text
        for flag in red_flags():
            assert flag.sentence.says.replace("&", "&amp;") in shown, path


def test_a_sign_that_the_form_does_not_have_any_more_still_says_whom_to_call(phone: Phone, clinician: Browser) -> None:
    """A form from before a sign was renamed; and the clinic sees which it was."""
    answer = phone.send("/diary", score="4", signs="<b>saddle")
    assert answer.status_code == 200 and "<h1>Call 999 or go to A&amp;E now.</h1>" in answer.text
    assert [alert.signs for alert in open_alerts(phone.document)] == [("<b>saddle",)]
    assert clinic_of(phone.document).diary == ()
    shown = clinician.get("/patients/p1/alerts")
    assert shown.status_code == 200 and "no longer on the list: &lt;b&gt;saddle" in shown.text


def test_an_alert_is_seen_to_by_a_named_person_and_leaves_the_head_of_the_list(
    phone: Phone, clinician: Browser
) -> None:
    phone.send("/help", signs="infection")
    alert = open_alerts(phone.document)[0]
    page = "/patients/p1/alerts"
    empty = clinician.send(page, page, alert=alert.id, done=" ")
    assert empty.status_code == 422 and f'href="#done-{alert.id}"' in empty.text
    key, names = f"found-{alert.id}-", ["local_infection", "systemic_infection"]
    said: dict[str, str | list[str]] = {"alert": alert.id, "done": "Called: <b>seen</b> in A&E.", "asked": names}
    half = clinician.send(page, page, **{**said, f"{key}local_infection": "confirmed"})
    assert half.status_code == 422 and f'href="#{key}systemic_infection"' in half.text
    assert re.search(f'name="{key}local_infection" type="radio" value="confirmed" checked', half.text)
    assert clinician.send(page, page, **{**said, "asked": []}).status_code == 422, (
        "a form that leaves the questions out"
    )
    both = {f"{key}local_infection": "confirmed", f"{key}systemic_infection": "not-known"}
    assert clinician.send(page, page, **{**said, **both}).status_code == 303
    assert phone.document["conditions"].get("local_infection") is True
    assert "systemic_infection" not in phone.document["conditions"]
    assert open_alerts(phone.document) == ()
    shown = clinician.get(page).text
    assert "Closed by The clinician" in shown and "&lt;b&gt;seen" in shown
    assert clinic_of(phone.document).alerts[0].seen_by == "The clinician"
    reader = phone.clinic.as_(Role.READER)
    assert reader.send(page, page, alert=alert.id, done="x").status_code == 403


def test_only_a_clinician_rules_a_sign_out_and_a_coordinator_notes_the_call(phone: Phone, clinician: Browser) -> None:
    phone.send("/help", signs="cauda-equina")
    alert = open_alerts(phone.document)[0]
    page, key = "/patients/p1/alerts", f"found-{alert.id}-cauda_equina_signs"
    coordinator = phone.clinic.as_(Role.COORDINATOR)
    shown = coordinator.get(page).text
    assert key not in shown and "Only a clinician confirms a sign or rules it out" in shown
    forged = {"alert": alert.id, "done": "Fine.", "asked": "cauda_equina_signs", key: "ruled-out"}
    assert coordinator.send(page, page, **forged).status_code == 403
    assert open_alerts(phone.document) == (alert,)
    assert coordinator.send(page, f"{page}/call", alert=alert.id, done="No answer at 14:10.").status_code == 303
    assert len(open_alerts(phone.document)) == 1
    assert "The coordinator: No answer at 14:10." in clinician.get(page).text
    assert key in clinician.get(page).text


def test_the_score_that_is_due_is_offered_and_kept_live(phone: Phone) -> None:
    phone.clinic.clock.move(minutes=2)
    shown = words(phone.get("/block/0").text)
    assert "Due now: your score at 1 hour (09:30)." in shown
    assert "Your score at 1 hour is due now." in words(phone.get().text)
    assert phone.send("/block/0", score="2", line="60", medicines="none\r\nat all").status_code == 303
    (sheet,) = clinic_of(phone.document).sheets
    assert [(int(r.minutes), r.by) for r in sheet.readings] == [(60, "patient")] and sheet.medicines == "none at all"
    assert phone.document["blocks"][0]["after"] == [{"minutes": 60, "score": 2}]
    assert "The next score is at 10:30 (2 hours)." in words(phone.get("/block/0").text)


def test_a_score_at_another_time_becomes_minutes_and_what_stands_is_not_written_over(phone: Phone) -> None:
    assert phone.send("/block/0", score="3", line="other", **{"other-at": "09:05"}).status_code == 303
    assert phone.send("/block/0", score="3", line="now").status_code == 303
    assert [one["minutes"] for one in phone.document["blocks"][0]["after"]] == [35, 60]
    again = phone.send("/block/0", score="8", line="60")
    assert again.status_code == 422 and "There is a score for that time already" in again.text
    assert phone.send("/block/0", score="3", line="60").status_code == 303, "the same again changes nothing"
    for line in ("120", "", "other", "²", "9" * 5000, "0"):
        assert phone.send("/block/0", score="3", line=line).status_code == 422
    assert len(phone.document["blocks"][0]["after"]) == 2


def test_without_the_time_of_the_block_the_lines_of_the_sheet_are_offered(clinic: Clinic) -> None:
    phone = Phone(clinic, blocks=[TODAY_BLOCK], clinic={})
    assert "Choose a line of the sheet" in phone.get("/block/0").text
    assert phone.send("/block/0", score="3", line="30").status_code == 303
    assert phone.send("/block/0", score="3", line="now").status_code == 422
    (reading,) = clinic_of(phone.document).sheets[0].readings
    assert reading.felt_at is None


def test_a_sheet_closes_a_week_after_its_block(phone: Phone) -> None:
    phone.clinic.clock.move(days=7)
    assert phone.send("/block/0", score="3", line="15").status_code == 303
    phone.clinic.clock.move(days=1)
    assert "This sheet is closed" in phone.get("/block/0").text and 'name="score"' not in phone.get("/block/0").text
    late = phone._client.post(phone.path + "/block/0", data={"id": "x", "score": "3", "line": "30"})
    assert late.status_code == 422 and len(phone.document["blocks"][0]["after"]) == 1
    assert phone.get("/block/7").status_code in (404, 422)


def test_the_patients_diary_comes_as_csv_and_on_paper(phone: Phone) -> None:
    phone.send("/diary", score="4", notes="=1+1")
    answer = phone.get("/diary.csv")
    assert (
        answer.headers["content-type"].startswith("text/csv") and "attachment" in answer.headers["content-disposition"]
    )
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0]["score"] == "4" and rows[0]["notes"] == "'=1+1"
    assert "1 entry" in phone.get("/diary/print").text
    assert 'class="fw-large"' in phone.get("/diary/print?large=1").text


def test_questions_of_the_leaflet_stand_there_and_the_patients_own_are_kept(phone: Phone, clinician: Browser) -> None:
    assert "How likely is it to work for me, and for how long?" in phone.get("/questions").text
    assert phone.send("/questions", questions="May I drive?\r\n\r\n<i>Who</i> does it?").status_code == 303
    assert clinic_of(phone.document).questions == ("May I drive?", "<i>Who</i> does it?")
    assert "&lt;i&gt;Who" in phone.get("/questions").text
    assert "May I drive?" in clinician.get("/patients/p1/diary").text
    assert phone.send("/questions", questions="x" * 501).status_code == 422


def test_a_link_that_never_was_or_has_ended_opens_and_keeps_nothing(phone: Phone) -> None:
    other = phone._client
    for path in ("", "/diary", "/block/0", "/questions", "/help", "/diary.csv", "/diary/print"):
        assert other.get("/my/" + "A" * 43 + path).status_code == 404
    phone.clinic.clock.move(days=31)
    for path in ("", "/diary", "/block/0", "/diary.csv"):
        assert phone.get(path).status_code == 410
    assert other.post(phone.path + "/diary", data={"id": "a", "score": "1"}).status_code == 410
    assert clinic_of(phone.document).diary == ()


def test_what_comes_next_is_said_in_plain_words(clinic: Clinic) -> None:
    booked = {"block_booked": "2026-12-01", "follow_ups": []}
    shown = words(Phone(clinic, blocks=[], clinic=booked).get().text)
    assert "Your test block is booked for 1 December 2026." in shown


def test_a_score_typed_by_staff_and_one_by_the_patient_stand_on_one_sheet(phone: Phone, clinician: Browser) -> None:
    phone.send("/block/0", score="3", line="15")
    base = "/patients/p1/blocks/0"
    clinician.send(base, f"{base}/readings", **{"score-15": "3", "score-30": "1", "before": "7"})
    readings = clinic_of(phone.document).sheets[0].readings
    assert [(int(r.minutes), r.by) for r in readings] == [(15, "patient"), (30, "staff")]
