"""The patient's pages on a telephone, in Chromium: nothing is swallowed, nothing is lost, and what is chosen can be seen."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from facetwise.clinic.follow_up.alerts import open_alerts
from facetwise.clinic.follow_up.diary import Wrote, add_entry
from facetwise.clinic.pathway.missing_answers import without_event
from facetwise.clinic.store.patients import Store
from facetwise.errors import EngineError
from tests.browser.telephone import Served, phone, served, until, write
from tests.web.test_my_pages import SHEET, TODAY_BLOCK

__all__ = ["phone", "served"]
_WAITING = "Not sent yet:"


def tick(page: Page) -> None:
    page.get_by_text("Do you have a warning sign? Tick it here").tap()
    page.locator("#signs").check()


def hold(page: Page, entry: dict[str, Any]) -> None:
    """Put an entry among those that wait on the telephone, and open the page anew."""
    page.evaluate("(held) => localStorage.setItem('facetwise-waiting', held)", json.dumps([entry]))
    page.reload()


def test_whom_to_call_shows_while_the_network_hangs_and_a_second_save_is_not_swallowed(
    phone: Page, served: Served
) -> None:
    hanging: list[Route] = []
    phone.route(re.compile("/diary$"), lambda route: hanging.append(route) if route.request.method == "POST" else None)
    write(phone, 3)
    tick(phone)
    write(phone, 7)
    expect(phone.locator("[data-call-words]")).to_contain_text("Call 999 or go to A&E now.", timeout=1_000)
    expect(phone.get_by_text(f"{_WAITING} scores 3, 7.")).to_be_visible(timeout=20_000)
    phone.unroute(re.compile("/diary$"))
    phone.reload()
    expect(phone.get_by_text("2 saved entries have been sent.")).to_be_visible()
    assert len(served.clinic().diary) == 2
    assert len(open_alerts(served.state.store.get("p1").document)) == 1


def test_a_sign_sent_with_a_network_tells_the_clinic_and_keeps_the_score(phone: Page, served: Served) -> None:
    tick(phone)
    write(phone, 6)
    expect(phone.get_by_text("The clinic has been told. Do not wait for it")).to_be_visible()
    expect(phone.get_by_text("Your score has been saved.")).to_be_visible()
    expect(phone.locator("#my-entries")).to_contain_text("6, 20 November 2026")
    expect(phone.get_by_text("No entry yet.")).to_have_count(0)
    expect(phone.locator("[data-call-words]")).to_be_visible()
    assert [entry.score for entry in served.clinic().diary] == [6]
    assert not phone.locator("#signs").is_checked()


def test_where_the_list_cannot_be_had_it_is_said_when_it_shows(phone: Page) -> None:
    tick(phone)
    phone.route(
        re.compile("/diary$"), lambda route: route.abort() if route.request.method == "GET" else route.continue_()
    )
    write(phone, 6)
    expect(phone.get_by_text("Your score has been saved.")).to_be_visible()
    expect(phone.get_by_text("You see it in your list when you open this page again.")).to_be_visible()


def test_a_sign_reaches_the_clinic_though_the_page_is_left_at_once(phone: Page, served: Served) -> None:
    """Who reads 'Call 999 now' calls, and looks at the page no more."""
    tick(phone)
    phone.get_by_role("button", name="Save").tap(no_wait_after=True)
    phone.goto("about:blank")
    until(lambda: len(open_alerts(served.state.store.get("p1").document)) == 1)


def test_a_sign_on_the_questions_says_whom_to_call_at_once_and_loses_no_question(phone: Page, served: Served) -> None:
    phone.goto(served.diary.replace("/diary", "/questions"))
    phone.locator("#questions").fill("May I drive?")
    tick(phone)
    phone.context.set_offline(True)
    phone.get_by_role("button", name="Save my questions").tap()
    expect(phone.locator("[data-call-words]")).to_contain_text("Call 999")
    expect(phone.locator("#questions")).to_have_value("May I drive?")
    phone.context.set_offline(False)
    until(lambda: bool(open_alerts(served.state.store.get("p1").document)))
    phone.get_by_role("button", name="Save my questions").tap()
    phone.wait_for_url("**/questions?saved*")
    assert served.clinic().questions == ("May I drive?",)


def test_a_clinic_that_fails_is_not_called_no_network(phone: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object) -> None:
        raise EngineError("locked")

    monkeypatch.setattr(Store, "change", locked)
    write(phone, 4)
    expect(phone.get_by_text("The clinic's computer does not answer now. Your entry is kept")).to_be_visible()


def test_a_page_that_is_not_the_clinics_has_kept_nothing(phone: Page) -> None:
    """A hotel's network answers every address with its own page."""
    phone.route(re.compile("/diary$"), lambda route: route.fulfill(status=200, body="<h1>Welcome to our hotel</h1>"))
    write(phone, 4)
    expect(phone.get_by_text(f"{_WAITING} score 4.")).to_be_visible()


def test_what_was_refused_stays_on_the_telephone_with_why(phone: Page, served: Served) -> None:
    hold(phone, {"id": "a", "action": served.diary, "body": "id=a&score=99&when=now&notes=after+the+stairs"})
    expect(phone.get_by_text("Not taken: score 99; after the stairs.")).to_be_visible()
    expect(phone.get_by_text("Enter your score as a number from 0 to 10")).to_be_visible()
    phone.reload()
    expect(phone.get_by_text("Not taken: score 99; after the stairs.")).to_be_visible()
    phone.get_by_role("button", name="Remove it from this telephone").tap()
    phone.reload()
    expect(phone.locator("[data-waiting]")).to_be_hidden()


def test_what_waits_is_sent_from_any_page_of_its_own_link_alone(phone: Page, served: Served) -> None:
    token, _ = served.state.links.make("p1", 30, "test")
    other = re.sub("/my/[^/]+/", f"/my/{token}/", served.diary)
    hold(phone, {"id": "b", "action": other, "body": "id=b&score=3&when=now"})
    expect(phone.locator("[data-waiting]")).to_be_hidden()
    assert served.clinic().diary == ()
    phone.goto(other.removesuffix("/diary"))
    expect(phone.get_by_text("Your saved entry has been sent.")).to_be_visible()
    assert [entry.id for entry in served.clinic().diary] == ["b"]


def test_typing_a_time_chooses_earlier(phone: Page) -> None:
    phone.get_by_text("Add more: when, where").tap()
    phone.locator("#felt-time").fill("07:10")
    expect(phone.locator("#when-earlier")).to_be_checked()


def test_the_sheet_left_open_tells_what_is_due_now(phone: Page, served: Served) -> None:
    block = {"blocks": [TODAY_BLOCK], "clinic": {"sheets": [SHEET]}}
    served.state.store.change("p1", lambda document: {**document, **block}, "test")
    phone.clock.install()
    phone.goto(served.diary.replace("/diary", "/block/0"))
    expect(phone.locator("#due-line")).to_have_text(": at 1 hour, 09:30")
    served.clock.move(hours=1, minutes=1)
    phone.clock.fast_forward(61 * 60_000)
    expect(phone.locator("#due-line")).to_have_text(": at 2 hours, 10:30")
    phone.context.set_offline(True)
    phone.wait_for_function("!navigator.onLine")  # or what is fetched next may still come through
    phone.clock.fast_forward(40 * 60_000)
    expect(phone.locator("#due-line")).to_have_text("")


def test_a_score_that_waited_for_a_sheet_that_is_gone_can_be_put_in_the_diary(phone: Page, served: Served) -> None:
    other = {**TODAY_BLOCK, "levels": ["L4/5"], "sides": ["left"]}
    blocks = {"blocks": [TODAY_BLOCK, other], "clinic": {"sheets": [SHEET, {**SHEET, "block": 1}]}}
    served.state.store.change("p1", lambda document: {**document, **blocks}, "test")
    phone.goto(served.diary.replace("/diary", "/block/0"))
    phone.context.set_offline(True)
    write(phone, 9)
    expect(phone.get_by_text(f"{_WAITING} score 9.")).to_be_visible()
    served.state.store.change("p1", lambda document: without_event(document, "blocks", 0), "test")
    phone.context.set_offline(False)
    expect(phone.get_by_text("Not taken: score 9")).to_be_visible(timeout=10_000)
    expect(phone.get_by_text("The clinic has changed this sheet or taken it away")).to_be_visible()
    assert "after" not in served.state.store.get("p1").document["blocks"][0]
    phone.get_by_role("button", name="Open it in the diary").tap()
    expect(phone.locator("#score-9")).to_be_checked()
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("Saved: 9")).to_be_visible()
    assert [entry.score for entry in served.clinic().diary] == [9]
    expect(phone.locator("[data-waiting]")).to_be_hidden()


def test_the_chosen_score_is_seen_where_colours_are_forced(phone: Page) -> None:
    phone.emulate_media(forced_colors="active")
    phone.get_by_role("radio", name="4", exact=True).tap()
    colour = "(label) => getComputedStyle(label).backgroundColor"
    chosen, other = (phone.locator(f"label[for=score-{n}]").evaluate(colour) for n in (4, 5))
    assert chosen != other


@pytest.mark.parametrize("large", ["", "?large=1"])
def test_the_diary_on_paper_is_as_wide_as_the_telephone(chromium: Browser, served: Served, large: str) -> None:
    from_a_shop = Wrote("e", 3, notes="https://www.example.org/" + "pain-and-how-to-live-with-it/" * 6)  # type: ignore[arg-type]
    served.state.store.change("p1", lambda held: add_entry(held, from_a_shop, served.state.now()), "test")
    page = chromium.new_page(viewport={"width": 320, "height": 640})
    page.goto(f"{served.diary}/print{large}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.close()
