"""Fifty people at once for a minute; and the same while the clinic is killed and started again ten times."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import httpx2
import pytest

from facetwise.clinic.accounts.patient_links import Links
from facetwise.clinic.accounts.users import Role, Users
from facetwise.clinic.accounts.users import User as ClinicUser
from facetwise.clinic.model.clinic_record import clinic_of
from facetwise.clinic.store.patients import open_store
from facetwise.clock import now
from facetwise.web.server import opened, with_demo
from tests.browser.conftest import empty_database
from tests.clinic.conftest import postgres
from tests.load.users import Seen, User

__all__ = ["postgres"]
USERS, SECONDS, KILLS = 50, 60, 10
PASSWORD = "three unlike words"


class Server:
    """The clinic as a process of its own, which can be killed and started again on the same port and database."""

    def __init__(self, db: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.db = db
        self.address = f"http://127.0.0.1:{self.port}"
        self.process = self.start()

    def start(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "facetwise", "serve", "--port", str(self.port), "--db", self.db]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        assert "Facetwise is at" in self.process.stdout.readline()
        return self.process

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


@pytest.fixture(params=["sqlite", "postgresql"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    url = empty_database(request.param, request, tmp_path)
    store = open_store(url, now)
    people, links = Users(store.database), Links(store.database)
    store.add_all(({"id": f"p{n}", "request": {"region": "lumbar"}} for n in range(USERS)), "test")
    for n in range(USERS):
        people.add(ClinicUser(f"user{n}", f"User {n}", Role.CLINICIAN if n else Role.ADMINISTRATOR), PASSWORD, "test")
    tokens = [links.make(f"p{n}", 30, "test")[0] for n in range(USERS)]
    store.close()
    (tmp_path / "tokens").write_text("\n".join(tokens), encoding="utf-8")
    yield url


async def everybody(
    address: str, tokens: list[str], seen: Seen, forgiving: bool, seconds: float, signed_in: asyncio.Event
) -> None:
    """Sign in fifty people, say so, then let them use the clinic."""
    clients = [httpx2.AsyncClient(base_url=address, timeout=20) for _ in tokens]
    try:
        for n, client in enumerate(clients):
            answer = await client.post("/sign-in", data={"sign_in": f"user{n}", "password": PASSWORD})
            assert answer.status_code == 303, answer.text
        signed_in.set()
        until = time.monotonic() + seconds
        users = [
            User(n, client, f"p{n}", f"/my/{token}", seen, forgiving, Random(n))
            for n, (client, token) in enumerate(zip(clients, tokens, strict=True))
        ]
        await asyncio.gather(*(user.use(until) for user in users))
    finally:
        for client in clients:
            await client.aclose()


def lost(db: str, seen: Seen) -> list[str]:
    """Acknowledged writes that are not there, and what is wrong with the trail."""
    store = open_store(db, now, existing=True)
    try:
        told: dict[str, str] = {}
        for n in range(USERS):
            told[f"p{n}"] = " ".join(entry.changes or "" for entry in store.history(f"p{n}"))
        missing = [f"{patient}: {phone}" for patient, phone in seen.details if f'"{phone}"' not in told[patient]]
        notes = {stored.id: {entry.notes for entry in clinic_of(stored.document).diary} for stored in store.all()}
        missing += [f"{patient}: {note}" for patient, note in seen.entries if note not in notes[patient]]
        return [*missing, *store.faults()]
    finally:
        store.close()


@pytest.mark.long
def test_fifty_people_at_once_meet_no_error_and_wait_under_300_ms(db: str, tmp_path: Path) -> None:
    """p95 of every answer of a minute, each person pausing a second between pages."""
    server, seen = Server(db), Seen()
    try:
        tokens = (tmp_path / "tokens").read_text(encoding="utf-8").split()
        asyncio.run(everybody(server.address, tokens, seen, False, SECONDS, asyncio.Event()))
    finally:
        ended = server.stop()
    by_kind = {what: Seen([pair for pair in seen.took if pair[0] == what]).p95_ms() for what, _ in seen.took}
    print(f"\n{len(seen.took):,} answers, p95 {seen.p95_ms():.0f} ms; by page {by_kind}")  # noqa: T201
    assert not seen.wrong, seen.wrong[:5]
    assert len(seen.took) > USERS * SECONDS / 3 and seen.details and seen.entries
    assert seen.p95_ms() < 300
    assert lost(db, seen) == []
    assert ended == 0


@pytest.mark.long
def test_killed_and_started_ten_times_the_clinic_loses_nothing_it_acknowledged(db: str, tmp_path: Path) -> None:
    server, seen = Server(db), Seen()
    tokens = (tmp_path / "tokens").read_text(encoding="utf-8").split()

    async def run() -> None:
        signed_in = asyncio.Event()
        users = asyncio.create_task(everybody(server.address, tokens, seen, True, SECONDS, signed_in))
        await signed_in.wait()
        for _ in range(KILLS):
            await asyncio.sleep(2.5)
            server.kill()
            await asyncio.to_thread(server.start)
        await users

    try:
        asyncio.run(run())
    finally:
        server.stop()
    print(f"\n{len(seen.took):,} answers, {len(seen.details) + len(seen.entries):,} writes acknowledged")  # noqa: T201
    assert len(seen.details) > 50 and len(seen.entries) > 50
    assert [one for one in seen.wrong if "500" in one or "signed out" in one] == []
    assert lost(db, seen) == []


@pytest.mark.long
def test_the_list_of_twenty_thousand_patients_is_quick_however_it_is_asked(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    """Every way of narrowing, sorting and paging answers in under 300 ms, as one person sees it."""
    url = empty_database(kind, request, tmp_path)
    state = opened(url, now, "Europe/London", "http://127.0.0.1:8765")
    state = with_demo(state, 20_000)
    _, name, password = state.sign_ins[0]
    state.store.close()
    server = Server(url)
    try:
        with httpx2.Client(base_url=server.address, timeout=60) as client:
            assert client.post("/sign-in", data={"sign_in": name, "password": password}).status_code == 303
            client.get("/")
            slow = {}
            for asked in ("", "text=an", "text=zzzz", "stage=block&sort=name", "show=overdue", "sort=day&page=300"):
                began = time.monotonic()
                answer = client.get(f"/?{asked}")
                slow[asked] = time.monotonic() - began
                assert answer.status_code == 200
            assert "20,000" in client.get("/").text
    finally:
        server.stop()
    print(f"\n{ {asked: round(seconds * 1000) for asked, seconds in slow.items()} } ms")  # noqa: T201
    assert max(slow.values()) < 0.3


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)
