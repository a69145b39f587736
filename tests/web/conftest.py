"""A clinic that runs, on each database that clinics use, and browsers that are signed in or not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx2
import pytest
from argon2 import PasswordHasher
from fastapi.testclient import TestClient

from facetwise.clinic.accounts.users import Role, User, Users
from facetwise.clinic.store.database import Database, open_database
from facetwise.web.app import create_app
from facetwise.web.frame.state import ClinicState, clinic_state
from tests.clinic.conftest import postgres, url

__all__ = ["postgres", "url"]
BASE = "http://127.0.0.1:8765"
PASSWORD = "three unlike words"
START = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
_FIELD = re.compile(r'name="(csrf|version)" value="([^"]*)"')


@dataclass
class Clock:
    """A clock that the test moves."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


def quick_people(database: Database) -> Users:
    """People whose passwords are hashed as little as Argon2 can: it is the pages that are looked at here."""
    return Users(database, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@dataclass
class Clinic:
    """A clinic and the browsers that look at it."""

    state: ClinicState
    clock: Clock
    browsers: list[TestClient] = field(default_factory=list)

    def browser(self) -> TestClient:
        """A browser that is nobody yet."""
        made = TestClient(create_app(self.state), base_url=BASE, follow_redirects=False, raise_server_exceptions=False)
        self.browsers.append(made)
        return made

    def as_(self, role: Role) -> Browser:
        """A browser in which somebody of that role is signed in."""
        if role.value not in {person.sign_in for person in self.state.people.all()}:
            self.state.people.add(User(role.value, f"The {role.value}", role), PASSWORD, "test")
        browser = self.browser()
        answer = browser.post("/sign-in", data={"sign_in": role.value, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return Browser(browser)

    def link(self, patient: str, days: int = 30) -> str:
        """The path of a patient's own pages."""
        token, _ = self.state.links.make(patient, days, "test")
        return f"/my/{token}"


@dataclass(frozen=True)
class Browser:
    """Somebody signed in, who opens pages and sends the forms on them."""

    client: TestClient

    def get(self, path: str) -> httpx2.Response:
        return self.client.get(path)

    def send(self, page: str, to: str, **fields: str | list[str]) -> httpx2.Response:
        """Open a page and send a form of it, with its hidden fields, to an address."""
        hidden = dict(_FIELD.findall(self.client.get(page).text))
        return self.client.post(to, data={**hidden, **fields})


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def clinic(url: str, clock: Clock) -> Iterator[Clinic]:
    database = open_database(url, clock.now)
    made = Clinic(clinic_state(database, ZoneInfo("Europe/London"), BASE, people=quick_people), clock)
    made.state.people.add(User("root", "Root", Role.ADMINISTRATOR), PASSWORD, "test")
    yield made
    for browser in made.browsers:
        browser.close()
    database.close()


@pytest.fixture
def clinician(clinic: Clinic) -> Browser:
    return clinic.as_(Role.CLINICIAN)


As = Callable[[Role], Browser]
