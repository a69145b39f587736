"""`facetwise serve` itself: its options, how it stops, and what it answers while the database does not."""

from __future__ import annotations

import signal
import sqlite3
import stat
import time
from pathlib import Path

import httpx2
import pytest

from facetwise.errors import EngineError
from tests.browser.conftest import served
from tests.command import run as run_command
from tests.web.conftest import Clinic


def refused(*options: str) -> str:
    ran = run_command("serve", *options)
    assert ran.returncode != 0 and "Traceback" not in ran.stderr
    return " ".join(ran.stderr.split())


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--public-url", "https://"), "is not a web address without a path"),
        (("--public-url", "https://clinic.example/path"), "is not a web address without a path"),
        (("--public-url", "clinic.example"), "is not a web address without a path"),
        (("--host", ""), "--host is empty"),
        (("--host", "203.0.113.7"), "Cannot listen on 203.0.113.7"),
        (("--demo", "--host", "0.0.0.0"), "shows its passwords at the door"),
        (("--timezone", "Mars/Olympus"), "There is no time zone 'Mars/Olympus'"),
        (("--db", "mysql://x"), "does not speak mysql"),
        (("--db", "sqlite:////nowhere/at/all.db"), "Cannot open /nowhere/at/all.db"),
    ],
)
def test_an_option_that_cannot_be_is_refused_with_what_to_do(
    options: tuple[str, ...], says: str, tmp_path: Path
) -> None:
    assert says in refused("--port", "0", *options)


def test_a_taken_port_and_a_demo_among_other_patients_are_refused(tmp_path: Path) -> None:
    db = f"sqlite:///{tmp_path / 'clinic.db'}"
    with served("--demo", db=db) as running:
        port = running.address.rpartition(":")[2]
        assert f"Cannot listen on 127.0.0.1:{port}" in refused("--port", port, "--db", f"sqlite:///{tmp_path / 'b.db'}")
        assert "The database is not empty" in refused("--port", "0", "--demo", "--db", db)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_ends_well_and_takes_the_demo_away(how: signal.Signals, tmp_path: Path) -> None:
    with served("--demo") as running:
        folder = next(
            Path(line.split()[-1]).parent
            for line in Path(f"/proc/{running.process.pid}/maps").read_text().splitlines()
            if line.endswith("demo.db-shm")
        )
        running.process.send_signal(how)
        assert running.process.wait(30) == 0
    assert not folder.exists()


def test_the_file_of_a_clinic_is_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "clinic.db"
    with served(db=f"sqlite:///{file}"):
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("clinic.db*")}
    assert set(modes.values()) == {0o600}, modes


def test_while_somebody_holds_the_database_pages_open_and_nothing_of_the_inside_is_told(tmp_path: Path) -> None:
    """Noting that a link was used never refuses its page; a save that cannot be is said in words."""
    file = tmp_path / "clinic.db"
    with (
        served("--demo", db=f"sqlite:///{file}") as running,
        httpx2.Client(base_url=running.address, timeout=60) as client,
    ):
        sent = {"sign_in": "clinician", "password": running.passwords["clinician"]}
        assert client.post("/sign-in", data=sent).status_code == 303
        holder = sqlite3.connect(file, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        assert client.get("/patients/noel-ready").status_code == 200
        assert client.get("/health").json() == {"status": "ok"}
        assert time.monotonic() - began < 5
        refused_in = client.post("/sign-in", data=sent)
        assert refused_in.status_code == 503
        assert "sqlite" not in refused_in.text.lower() and "Nothing was saved" in refused_in.text
        holder.rollback()
        holder.close()


def test_with_the_database_gone_every_page_still_says_what_to_do(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = clinic.browser()
    clinic.state.store.database.close()

    def gone(*_: object) -> None:
        raise EngineError("The store failed: secret inside. Check the database.")

    for owner, name in ((type(clinic.state.people), "session"), (type(clinic.state.kept_settings), "get")):
        monkeypatch.setattr(owner, name, gone)
    monkeypatch.setattr(type(clinic.state.people), "is_empty", gone)
    monkeypatch.setattr(type(clinic.state.links), "find", gone)
    monkeypatch.setattr(type(clinic.state.store), "head", gone)
    for path in ("/", "/sign-in", "/nowhere", "/my/" + "x" * 43):
        answer = browser.get(path)
        assert answer.status_code in (404, 503) and "secret inside" not in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "Call 999" in browser.get("/my/" + "x" * 43).text
    assert browser.get("/health").status_code == 503
