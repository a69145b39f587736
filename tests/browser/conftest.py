"""A running `facetwise serve --demo` on each database, and Debian's Chromium looking at it."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.clinic.conftest import postgres

__all__ = ["postgres"]
PHONE, SCREEN = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class Running:
    """A clinic that runs: its address, and the password of each role."""

    address: str
    passwords: dict[str, str]
    process: subprocess.Popen[str]
    db: str


@contextmanager
def served(*options: str, db: str = "") -> Iterator[Running]:
    """A clinic served as a user serves it, until the block ends."""
    command = [sys.executable, "-m", "facetwise", "serve", "--port", "0", *options, *(["--db", db] if db else [])]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    address = re.findall(r"http://\S+", process.stdout.readline())[0]
    passwords = {}
    if "--demo" in options:
        for _ in range(4):
            role, _, password = re.findall(r"as (\w+): (\w+) / (\S+)", process.stdout.readline())[0]
            passwords[role] = password
    try:
        yield Running(address, passwords, process, db)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        pytest.fail("Chromium is not here. Install it: apt-get install chromium (make test does).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(_QUIET))
        yield browser
        browser.close()


def empty_database(kind: str, request: pytest.FixtureRequest, folder: Path) -> str:
    """The URL of a database with nothing in it."""
    if kind == "sqlite":
        return f"sqlite:///{folder / f'{uuid4().hex}.db'}"
    template: str = request.getfixturevalue("postgres")
    name = f"b{uuid4().hex}"
    subprocess.run(["createdb", "-h", template.partition("host=")[2], "-U", "facetwise", name], check=True)
    return template.format(name=name)


@pytest.fixture(scope="session")
def demo() -> Iterator[Running]:
    """The demo as `make demo-clinic` leaves it, on SQLite."""
    with served("--demo") as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def own_demo(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Running]:
    """A demo of the test's own, which it may change, on each database."""
    with served("--demo", db=empty_database(request.param, request, tmp_path)) as running:
        yield running


@contextmanager
def looking(
    chromium: Browser, width: dict[str, int], scripts: bool = True, phone: bool = False
) -> Iterator[tuple[BrowserContext, Page, list[str]]]:
    """A new window, and what went wrong in it: messages of the console, and anything asked of another place."""
    context = chromium.new_context(viewport=width, java_script_enabled=scripts, has_touch=phone)  # type: ignore[arg-type]
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda m: wrong.append(f"{m.type}: {m.text}") if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda r: None if "//127.0.0.1:" in r.url or r.url[:5] == "data:" else wrong.append(r.url))
    try:
        yield context, page, wrong
    finally:
        context.close()


def sign_in(page: Page, running: Running, role: str = "clinician") -> None:
    """Sign in at the door."""
    page.goto(f"{running.address}/sign-in")
    page.fill("#sign_in", role)
    page.fill("#password", running.passwords[role])
    page.click("main button")
    page.wait_for_url(f"{running.address}/")
