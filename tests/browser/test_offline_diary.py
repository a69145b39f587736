"""The diary on a telephone that loses its network, in Chromium: nothing is lost, nothing is kept twice."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from facetwise.clinic.follow_up.alerts import open_alerts
from facetwise.clinic.follow_up.diary import entry_timing
from facetwise.clinic.model.entry_timing import Timing
from tests.browser.telephone import Served, phone, served, until, write

__all__ = ["phone", "served"]
_KEPT = "There is no network. Your entry is kept on this telephone."


def test_an_entry_is_two_taps_with_a_network(phone: Page, served: Served) -> None:
    write(phone, 0)
    expect(phone.get_by_text("Saved: 0")).to_be_visible()
    assert [entry.score for entry in served.clinic().diary] == [0]


def test_entries_wait_without_a_network_and_are_sent_when_it_is_back(phone: Page, served: Served) -> None:
    """Each counts by when it was written, by the clinic's clock, whatever the telephone's says."""
    context: BrowserContext = phone.context
    context.set_offline(True)
    write(phone, 4)
    expect(phone.get_by_text(_KEPT)).to_be_visible()
    write(phone, 7)
    expect(phone.get_by_text("Not sent yet: scores 4, 7.")).to_be_visible()
    assert served.clinic().diary == ()
    served.clock.move(hours=2)
    context.set_offline(False)
    expect(phone.get_by_text("2 saved entries have been sent.")).to_be_visible(timeout=10_000)
    entries = served.clinic().diary
    assert [entry.score for entry in entries] == [4, 7]
    assert all(entry_timing(entry) is Timing.LIVE and entry.received_at for entry in entries)
    assert all((served.state.now() - entry.felt_at).total_seconds() > 7000 for entry in entries)
    phone.reload()
    expect(phone.locator("[data-waiting]")).to_be_hidden()


def test_an_entry_whose_answer_was_lost_is_sent_again_and_kept_once(phone: Page, served: Served) -> None:
    def lost(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch(max_redirects=0)
            route.abort()
        else:
            route.continue_()

    phone.route(re.compile("/diary"), lost)
    write(phone, 5)
    expect(phone.get_by_text(_KEPT)).to_be_visible()
    assert len(served.clinic().diary) == 1
    phone.unroute(re.compile("/diary"))
    phone.reload()
    expect(phone.get_by_text("Your saved entry has been sent.")).to_be_visible(timeout=10_000)
    assert len(served.clinic().diary) == 1


def test_a_sign_ticked_without_a_network_says_at_once_whom_to_call_and_tells_the_clinic_later(
    phone: Page, served: Served
) -> None:
    phone.context.set_offline(True)
    phone.get_by_text("Do you have a warning sign? Tick it here").tap()
    phone.locator("#signs").check()
    write(phone, 9)
    expect(phone.locator("[data-call-words]")).to_contain_text("Call 999 or go to A&E now.")
    expect(phone.locator("[data-call-words]")).to_be_in_viewport()
    expect(phone.get_by_text("The clinic could NOT be told. Call now")).to_be_visible()
    served.clock.move(hours=2)
    phone.context.set_offline(False)
    until(lambda: bool(served.clinic().diary))
    (alert,), (entry,) = open_alerts(served.state.store.get("p1").document), served.clinic().diary
    assert entry.score == 9 and alert.received_at == served.state.now()
    assert (served.state.now() - alert.at).total_seconds() > 7000, "it is of when it was ticked"
    expect(phone.get_by_text("The clinic has been told now. Do not wait")).to_be_visible()


def test_what_is_wrong_is_told_by_the_clinics_own_page(phone: Page, served: Served) -> None:
    phone.get_by_text("Add more: when, where").tap()
    phone.locator("#when-earlier").check()
    write(phone, 3)
    expect(phone.get_by_role("heading", name="There is a problem")).to_be_visible()
    assert phone.locator("#score-3").is_checked() and served.clinic().diary == ()
    phone.locator("#when").check()
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("Saved: 3")).to_be_visible()


def test_the_form_works_with_scripts_off(chromium: Browser, served: Served) -> None:
    context = chromium.new_context(java_script_enabled=False, has_touch=True)
    page = context.new_page()
    page.goto(served.diary)
    write(page, 6)
    expect(page.get_by_text("Saved: 6")).to_be_visible()
    context.close()
    assert [entry.score for entry in served.clinic().diary] == [6]
