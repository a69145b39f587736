"""Takes the pictures of the documents from the real commands: `make pictures`. None is made by hand."""

import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

OUT = Path("docs/pictures")
COMMAND = [sys.executable, "-m", "facetwise"]
PATIENT = "Elsie Waiting"  # ready for a first block


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("Chromium is missing. Install it: apt-get install chromium")
    OUT.mkdir(exist_ok=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        options = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=chromium, args=options)
        pages(browser, Path(folder))
        clinic(browser)
        browser.close()


def pages(browser: Browser, folder: Path) -> None:
    """The report and the decision that `facetwise demo` writes."""
    subprocess.run([*COMMAND, "demo", "--out", str(folder)], check=True, stdout=subprocess.DEVNULL)
    page = browser.new_page(viewport={"width": 850, "height": 612})
    for name in ("report", "decision"):
        page.goto((folder / f"{name}.html").as_uri())
        page.screenshot(path=OUT / f"{name}.png")
        if name == "report":
            page.locator("figure").first.screenshot(path=OUT / "report-flow.png")
    page.close()


def clinic(browser: Browser) -> None:
    """The list of patients and the page of one, as a clinician sees them."""
    with served() as (address, password):
        page = browser.new_page(viewport={"width": 1000, "height": 720})
        page.goto(address)
        page.get_by_label("Name").first.fill("clinician")
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()
        page.screenshot(path=OUT / "clinic.png")
        look_at(page, PATIENT)
        page.screenshot(path=OUT / "patient.png")
        page.close()


def look_at(page: Page, name: str) -> None:
    page.get_by_label("Name or number").first.fill(name)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=name).first.click()


@contextmanager
def served() -> Iterator[tuple[str, str]]:
    """The address of a demonstration clinic, and the clinician's password."""
    process = subprocess.Popen([*COMMAND, "serve", "--demo", "--port", "0"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        address = re.findall(r"http://\S+", process.stdout.readline())[0]
        yield address, process.stdout.readline().split("/")[-1].strip()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


if __name__ == "__main__":
    main()
