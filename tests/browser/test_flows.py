"""What a first-time user does, in Chromium, by keyboard alone."""

from __future__ import annotations

import time

from playwright.sync_api import Browser, Locator, Page

from tests.browser.conftest import PHONE, SCREEN, Running, looking

_MOST_TABS = 200
_THREE_MINUTES = 180


class Keys:
    """Somebody without a mouse: Tab until the thing wanted has the focus, then type."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, wanted: Locator) -> None:
        """Tab to something. Every stop on the way shows where the focus is."""
        for _ in range(_MOST_TABS):
            self.page.keyboard.press("Tab")
            if wanted.evaluate("wanted => document.activeElement === wanted"):
                assert self.page.evaluate(_SHOWS_FOCUS), "the focus cannot be seen"
                return
        raise AssertionError(f"no way by Tab to {wanted}")

    def type(self, selector: str, text: str) -> None:
        """Write into a field."""
        self.to(self.page.locator(selector))
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def press(self, wanted: Locator, key: str = "Enter") -> None:
        """Follow a link, or push a button, and wait for the page that comes."""
        self.to(wanted)
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def choose(self, selector: str, letter: str) -> None:
        """Choose of a list by the first letters of what it shows."""
        self.to(self.page.locator(selector))
        self.page.keyboard.type(letter)

    def radio(self, name: str, value: str) -> None:
        """Choose one of several buttons: Tab to the one that is chosen, then arrows."""
        group = self.page.locator(f'input[name="{name}"]')
        checked = self.page.locator(f'input[name="{name}"]:checked')
        self.to(checked if checked.count() else group.first)
        for _ in range(group.count()):
            if self.page.evaluate("document.activeElement.value") == value:
                self.page.keyboard.press("Space")
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no {value} in {name}")


_SHOWS_FOCUS = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  const label = one.labels && one.labels[0] ? getComputedStyle(one.labels[0], "::before") : null;
  return style.outlineStyle !== "none" || style.boxShadow !== "none" || (label && label.boxShadow !== "none");
}"""


def test_from_sign_in_to_a_recorded_block_response_and_a_changed_next_step_in_three_minutes(
    chromium: Browser, own_demo: Running
) -> None:
    """By keyboard alone, on each database."""
    began = time.monotonic()
    with looking(chromium, SCREEN) as (_, page, wrong):
        keys = Keys(page)
        page.goto(own_demo.address)
        keys.type("#sign_in", "clinician")
        keys.type("#password", own_demo.passwords["clinician"])
        keys.press(page.locator("main button"))
        keys.type("#text", "elsie")
        page.wait_for_selector("#list tbody tr:nth-child(1):last-child")
        keys.press(page.locator("a:has-text('Elsie Waiting')"))
        assert "A diagnostic medial branch block is the next step" in page.inner_text(".fw-next")
        keys.press(page.locator("a:has-text('Record a block')"))
        keys.choose("#kind", "medial")
        keys.type("#agent", "bupivacaine")
        keys.type("#volume_ml", "0.5")
        keys.radio("steroid", "no")
        keys.radio("sedation", "no")
        keys.type("#before", "7")
        keys.press(page.locator("button:has-text('Save the block')"))
        for minutes, score in (("15", "3"), ("30", "1"), ("60", "1"), ("120", "1"), ("180", "2")):
            keys.type(f"#score-{minutes}", score)
        keys.press(page.locator("button:has-text('Save the scores')"))
        assert "85.7 %" in page.inner_text("main")
        keys.radio("positive", "yes")
        keys.press(page.locator("button:has-text('Save the judgement')"))
        told = page.inner_text("main")
        assert "The policy is met: the clinician may offer the denervation." in told
        page.goto(f"{own_demo.address}/patients/elsie-waiting")
        assert "may offer the denervation" in page.inner_text(".fw-next")
        assert not wrong, wrong
    assert time.monotonic() - began < _THREE_MINUTES


def test_a_patient_keeps_the_diary_on_a_telephone_by_keyboard_alone(chromium: Browser, own_demo: Running) -> None:
    with looking(chromium, PHONE, phone=True) as (_, page, wrong):
        keys = Keys(page)
        page.goto(own_demo.address)
        keys.type("#sign_in", "coordinator")
        keys.type("#password", own_demo.passwords["coordinator"])
        keys.press(page.locator("main button"))
        page.goto(f"{own_demo.address}/patients/percy-soreham/links")
        keys.press(page.locator("button:has-text('Make a link')"))
        keys.press(page.locator(".fw-secret a"))
        keys.press(page.locator("main a:has-text('diary')").first)
        keys.radio("score", "4")
        keys.press(page.locator("main form button").last)
        assert page.locator("main").inner_text().count("4") >= 1
        assert not wrong, wrong


def test_a_ticked_warning_sign_stops_the_form_says_whom_to_call_and_is_first_on_the_list(
    chromium: Browser, own_demo: Running
) -> None:
    with looking(chromium, PHONE, phone=True) as (_, page, _wrong):
        page.goto(f"{own_demo.address}/sign-in")
        page.fill("#sign_in", "clinician")
        page.fill("#password", own_demo.passwords["clinician"])
        page.click("main button")
        page.goto(f"{own_demo.address}/patients/percy-soreham/links")
        page.click("button:has-text('Make a link')")
        link = page.inner_text(".fw-secret a")
        page.goto(f"{link}/help")
        page.locator("main input[type=checkbox]").first.check()
        page.locator("main form button").last.click()
        page.get_by_text("The clinic has been told.").first.wait_for()
        assert "999" in page.locator("[data-call-words]").inner_text()
        page.goto(f"{own_demo.address}/?text=percy")
        assert "Alert" in page.inner_text("#list")
