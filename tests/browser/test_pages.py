"""Every page in every state: no violation of axe-core, no sideways scrolling, nothing loaded from outside."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import PHONE, SCREEN, Running, looking, served, sign_in
from tests.browser.walking import faults, kind_of, too_wide, walk

KINDS = {
    "/",
    "/patients/:",
    "/patients/:/record",
    "/patients/:/details",
    "/patients/:/policies",
    "/patients/:/history",
    "/patients/:/links",
    "/patients/new",
    "/settings",
}
LONG = "Extraordinarily-Long-Unbroken-Name" * 5
UNBROKEN = ("ExtraordinarilyLongUnbrokenName" * 7)[:200]


def patients_link(page: Page, running: Running, patient: str) -> str:
    """A patient's own link, made as the clinic makes it."""
    page.goto(f"{running.address}/patients/{patient}/links")
    page.click("main form button:has-text('Make a link')")
    found: str = page.inner_text(".fw-secret a")
    return found.removeprefix(running.address)


@pytest.mark.parametrize(("width", "each"), [(SCREEN, 1), (PHONE, 2)], ids=["screen", "phone"])
def test_no_page_has_a_fault_or_scrolls_sideways(
    chromium: Browser, demo: Running, width: dict[str, int], each: int
) -> None:
    """Walked from the list, as a clinician, at the width of a screen and of a telephone: so many pages of each kind."""
    found, kinds = [], set()
    with looking(chromium, width) as (_, page, wrong):
        sign_in(page, demo)
        for path in walk(page, demo.address, "/", 120, each):
            kinds.add(kind_of(path))
            found += [f"{path}: {fault}" for fault in faults(page)]
            found += [f"{path}: scrolls sideways"] if too_wide(page) else []
    assert not found, "\n".join(found)
    assert not wrong, wrong
    assert kinds >= KINDS, KINDS - kinds


@pytest.mark.parametrize(
    ("width", "patients"),
    [(SCREEN, ["fay-nowadays"]), (PHONE, ["fay-nowadays", "percy-soreham"])],
    ids=["screen", "phone"],
)
def test_no_page_of_a_patient_has_a_fault_or_scrolls_sideways(
    chromium: Browser, demo: Running, width: dict[str, int], patients: list[str]
) -> None:
    found = []
    with looking(chromium, width, phone=True) as (_, page, wrong):
        sign_in(page, demo)
        for patient in patients:
            start = patients_link(page, demo, patient)
            for path in walk(page, demo.address, start, 40):
                found += [f"{path}: {fault}" for fault in faults(page)]
                found += [f"{path}: scrolls sideways"] if too_wide(page) else []
                assert page.locator("text=Get help now").count() or page.locator("text=999").count(), path
    assert not found, "\n".join(found)
    assert not wrong, wrong


@pytest.mark.parametrize("own_demo", ["sqlite"], indirect=True)
def test_no_page_has_a_fault_where_its_form_was_refused_or_its_words_are_long(
    chromium: Browser, own_demo: Running
) -> None:
    """Every form sent with nonsense in every field, on a patient whose texts are as long as they may be."""
    found = []
    with looking(chromium, PHONE) as (_, page, _):
        sign_in(page, own_demo)
        page.goto(f"{own_demo.address}/patients/ben-halfasked/details")
        for name, words in (("name", UNBROKEN), ("phone", LONG), ("needs_note", LONG), ("plan_note", UNBROKEN)):
            page.fill(f"#{name}", words)
        page.click("main form button[type=submit], main form button.nhsuk-button")
        pages = [p for p in walk(page, own_demo.address, "/patients/ben-halfasked", 40) if "/my/" not in p]
        for path in pages:
            page.goto(own_demo.address + path)
            found += [f"{path}, long: {fault}" for fault in faults(page)]
            found += [f"{path}, long: scrolls sideways"] if too_wide(page) else []
            for number in range(page.locator("main form[method=post]").count()):
                page.goto(own_demo.address + path)
                page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true; })")
                form = page.locator("main form[method=post]").nth(number)
                for field in form.locator("input[type=text], input:not([type]), textarea").all():
                    if field.is_visible():
                        field.fill("nonsense")
                form.locator("button").last.click()
                page.wait_for_load_state()
                found += [f"{path}, form {number}: {fault}" for fault in faults(page)]
                found += [f"{path}, form {number}: scrolls sideways"] if too_wide(page) else []
    assert not found, "\n".join(found)


def test_printed_and_with_scripts_off_every_page_still_shows_itself(chromium: Browser, demo: Running) -> None:
    found = []
    with looking(chromium, SCREEN) as (_, page, _):
        sign_in(page, demo)
        page.emulate_media(media="print")
        for path in walk(page, demo.address, "/patients/gina-twice", 40, each=1):
            found += [f"{path}, printed: {fault}" for fault in faults(page)]
    with looking(chromium, SCREEN, scripts=False) as (_, page, wrong):
        sign_in(page, demo)
        for path in walk_without_scripts(page, demo):
            assert page.inner_text("h1"), path
        assert not wrong, wrong
    assert not found, "\n".join(found)


def walk_without_scripts(page: Page, running: Running) -> list[str]:
    """Where links lead, read from the text, for nothing runs in the page."""
    page.goto(f"{running.address}/patients/gina-twice")
    paths = dict.fromkeys(re.findall(r'href="(/patients/gina-twice/[a-z/-]+)"', page.content()))
    for path in paths:
        answer = page.goto(running.address + path)
        assert answer is not None and answer.status == 200, path
    return list(paths)


def test_an_empty_clinic_has_no_fault_from_its_door_on(chromium: Browser, tmp_path: Path) -> None:
    found = []
    with served(db=f"sqlite:///{tmp_path / 'empty.db'}") as running, looking(chromium, PHONE) as (_, page, wrong):
        page.goto(running.address)
        assert page.url.endswith("/first-administrator")
        found += faults(page)
        for name, value in (("name", "Ann"), ("sign_in", "ann"), ("password", "three unlike words")):
            page.fill(f"#{name}", value)
        page.fill("#again", "something else")
        page.click("main button")
        found += faults(page)
        page.fill("#password", "three unlike words")
        page.fill("#again", "three unlike words")
        page.click("main button")
        found += faults(page)
        page.fill("#sign_in", "ann")
        page.fill("#password", "three unlike words")
        page.click("main button")
        for path in walk(page, running.address, "/", 20):
            found += [f"{path}: {fault}" for fault in faults(page)]
            found += [f"{path}: scrolls sideways"] if too_wide(page) else []
    assert not found, "\n".join(found)
    assert [w for w in wrong if "422" not in w] == []


def test_a_first_visit_transfers_under_200_kb(chromium: Browser, demo: Running) -> None:
    """Counted by the browser: what came over the wire, headers and all, for the door and then the list."""
    with looking(chromium, SCREEN) as (context, page, _):
        network = context.new_cdp_session(page)
        network.send("Network.enable")
        sizes: list[float] = []
        network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        sign_in(page, demo)
        page.wait_for_load_state("networkidle")
    assert len(sizes) >= 5 and sum(sizes) < 200_000, sizes
