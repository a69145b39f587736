"""A clinic in the test's own process, whose clock the test moves, and a telephone that looks at a patient's pages."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import uvicorn
from playwright.sync_api import Browser, Page

from facetwise.clinic.model.clinic_record import Clinic, clinic_of
from facetwise.clinic.store.database import open_database
from facetwise.guidance.example_patient import example_patient
from facetwise.web.app import create_app
from facetwise.web.frame.state import ClinicState, clinic_state
from tests.browser.conftest import PHONE
from tests.web.conftest import Clock, quick_people


@dataclass(frozen=True)
class Served:
    """A clinic that listens, and the address of a patient's diary."""

    state: ClinicState
    clock: Clock
    diary: str

    def clinic(self) -> Clinic:
        """What is kept of the patient."""
        return clinic_of(self.state.store.get("p1").document)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    clock = Clock()
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    database = open_database(f"sqlite:///{tmp_path / 'clinic.db'}", clock.now)
    state = clinic_state(database, ZoneInfo("Europe/London"), address, people=quick_people)
    state.store.add({**example_patient(), "id": "p1"}, "test")
    token, _ = state.links.make("p1", 30, "test")
    server = uvicorn.Server(uvicorn.Config(create_app(state), log_level="error"))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    yield Served(state, clock, f"{address}/my/{token}/diary")
    server.should_exit = True
    thread.join(30)
    database.close()


@pytest.fixture
def phone(chromium: Browser, served: Served) -> Iterator[Page]:
    context = chromium.new_context(viewport=PHONE, has_touch=True)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(served.diary)
    yield page
    context.close()


def write(page: Page, score: int) -> None:
    """A score and Save."""
    page.get_by_role("radio", name=str(score), exact=True).tap()
    page.get_by_role("button", name="Save").tap()


def until(holds: Callable[[], bool]) -> None:
    """Wait until it holds. Errors: AssertionError after ten seconds."""
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end, "it never came to hold"
        time.sleep(0.05)
