"""Sheets of several blocks: a score goes to the block that its form was drawn for, or to none."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from facetwise.clinic.model.clinic_record import clinic_of
from facetwise.clinic.pathway.missing_answers import without_event
from tests.web.conftest import Browser, Clinic
from tests.web.test_blocks import words
from tests.web.test_my_pages import Phone

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
_DAY = {"date": "2026-11-20", "kind": "medial-branch-block", "region": "lumbar"}
RIGHT, LEFT = {**_DAY, "levels": ["L3/4"], "sides": ["right"]}, {**_DAY, "levels": ["L4/5"], "sides": ["left"]}
AT = {"done_at": "2026-11-20T08:30:00+00:00"}


@pytest.fixture(params=["with ids", "without ids"])
def phone(clinic: Clinic, request: pytest.FixtureRequest) -> Phone:
    """A patient with two blocks of one day. Those that were brought in from elsewhere have no ids of their own."""
    ids = [{"id": "aa"}, {"id": "bb"}] if request.param == "with ids" else [{}, {}]
    sheets = [{"block": place, **AT, **own} for place, own in enumerate(ids)]
    return Phone(clinic, blocks=[RIGHT, LEFT], clinic={"sheets": sheets})


def opened(phone: Phone, path: str) -> dict[str, str]:
    """The hidden fields of a form that stands open."""
    return dict(_HIDDEN.findall(phone.get(path).text))


def send(phone: Phone, path: str, fields: dict[str, str]) -> Any:
    return phone._client.post(phone.path + path, data=fields)


def take_out(phone: Phone, place: int) -> None:
    phone.clinic.state.store.change("p1", lambda held: without_event(held, "blocks", place), "staff")


def test_a_score_for_a_block_that_was_taken_out_lands_on_no_other_and_is_offered_to_the_diary(phone: Phone) -> None:
    sheet = opened(phone, "/block/0")
    take_out(phone, 0)
    answer = send(phone, "/block/0", {**sheet, "score": "9", "line": "now", "medicines": "two <b>tablets"})
    shown = words(answer.text)
    assert answer.status_code == 422 and "The clinic has changed this sheet or taken it away" in shown
    assert "your score was not kept there" in shown and 'value="9" id="score-9" checked' in answer.text
    assert "two &lt;b&gt;tablets" in answer.text and "data-instead" in answer.text
    assert 'name="felt-time" value="09:30"' in answer.text and 'href="' + phone.path + "/block/0" in answer.text
    assert "after" not in phone.document["blocks"][0] and clinic_of(phone.document).diary == ()
    given = {"id": sheet["id"], "score": "9", "when": "earlier", "felt-date": "2026-11-20", "felt-time": "09:30"}
    assert send(phone, "/diary", given).status_code == 303
    (entry,) = clinic_of(phone.document).diary
    assert entry.id == sheet["id"] and entry.score == 9


def test_a_score_goes_with_its_block_to_where_that_stands_now(phone: Phone) -> None:
    sheet = opened(phone, "/block/1")
    take_out(phone, 0)
    answer = send(phone, "/block/1", {**sheet, "score": "4", "line": "now"})
    assert answer.status_code == 303 and answer.headers["location"] == f"{phone.path}/block/0?kept=1"
    (block,) = phone.document["blocks"]
    assert block["sides"] == ["left"] and block["after"] == [{"minutes": 60, "score": 4}]


def test_a_score_that_waited_for_a_network_is_refused_with_when_it_was_written(phone: Phone) -> None:
    sheet = opened(phone, "/block/1")
    take_out(phone, 1)
    phone.clinic.clock.move(hours=5)
    waited = {**sheet, "score": "9", "line": "now", "written_at": "2026-11-20T09:40:00Z"}
    answer = send(phone, "/block/1", waited)
    assert answer.status_code == 422 and 'name="felt-time" value="09:40"' in answer.text
    line = send(phone, "/block/1", {**waited, "line": "30"})
    assert line.status_code == 422 and 'href="#felt-time"' in line.text, "a line of a sheet that is gone tells no time"
    assert "after" not in phone.document["blocks"][0]


def test_what_is_wrong_is_told_on_the_sheet_of_its_block_wherever_that_stands(phone: Phone) -> None:
    sheet = opened(phone, "/block/1")
    take_out(phone, 0)
    answer = send(phone, "/block/1", {**sheet, "line": "now", "medicines": "none"})
    assert answer.status_code == 422 and f'action="{phone.path}/block/0"' in answer.text
    assert unescape(dict(_HIDDEN.findall(answer.text))["block"]) == sheet["block"]


def test_two_open_sheets_are_told_apart_by_their_time_side_and_joint(phone: Phone) -> None:
    target = {"block": 1, **AT, "target": "low back, left <i>"}
    one = {"block": 0, "done_at": "2026-11-20T08:10:00+00:00"}
    phone.clinic.state.store.change("p1", lambda held: {**held, "clinic": {"sheets": [one, target]}}, "test")
    text = phone.get().text
    home = words(text)
    assert "right side of the low back, joint L3/4 Block of 20 November 2026, 08:10." in home
    assert "left side of the low back, joint L4/5 Block of 20 November 2026, 08:30. The pain to score: low back" in home
    assert "left &lt;i&gt;" in text
    assert "20 November 2026, 08:10: right side of the low back, joint L3/4." in words(phone.get("/block/0").text)


def test_a_block_of_which_only_the_day_is_known_is_told_by_its_day(clinic: Clinic) -> None:
    phone = Phone(clinic, blocks=[{"date": "2026-11-20"}], clinic={})
    home = words(phone.get().text)
    assert "Scores after your test block Block of 20 November 2026." in home
    assert "The block of 20 November 2026." in words(phone.get("/block/0").text)


def test_a_form_without_a_mark_of_its_block_is_kept_on_none(phone: Phone) -> None:
    assert send(phone, "/block/0", {"id": "x", "score": "9", "line": "now"}).status_code == 422
    assert all("after" not in block for block in phone.document["blocks"])


def test_a_sheet_that_is_not_there_is_said_in_plain_words(phone: Phone) -> None:
    shown = words(phone.get("/block/7").text)
    assert "the clinic has changed it" in shown and "block 8" not in shown


def test_a_corrected_block_keeps_the_scores_that_are_on_their_way(phone: Phone, clinician: Browser) -> None:
    sheet = opened(phone, "/block/0")
    page = "/patients/p1/blocks/0/edit"
    corrected = {"date-day": "20", "date-month": "11", "date-year": "2026", "at": "08:45", "region": "lumbar"}
    answer = clinician.send(page, page, **corrected, levels=["L5/S1"], sides=["right"])
    assert answer.status_code == 303
    assert send(phone, "/block/0", {**sheet, "score": "4", "line": "now"}).status_code == 303
    assert phone.document["blocks"][0]["after"] == [{"minutes": 30, "score": 4}], "the line that is due now"
