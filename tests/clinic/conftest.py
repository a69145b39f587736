"""A store on each database that clinics use: SQLite, and a PostgreSQL that the tests start themselves."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from facetwise.clinic.store.patients import Store, open_store

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL of the tests' own, over a socket in a folder that goes away with it."""
    found = [*sorted(Path("/usr/lib/postgresql").glob("*/bin")), *map(Path, os.environ.get("PATH", "").split(":"))]
    place = next((folder for folder in found if (folder / "initdb").exists()), None)
    if place is None:
        pytest.fail("PostgreSQL is not here. Install it: apt-get install postgresql (make setup does).")
    folder = Path(tempfile.mkdtemp(prefix="facetwise-pg-"))
    as_other = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_other:
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"

    def run(*command: str) -> None:
        subprocess.run([*as_other, *command], check=True, capture_output=True, cwd=folder)

    run(str(place / "initdb"), "-D", str(data), "-U", "facetwise", "--auth=trust", "--no-sync", "-E", "UTF8")
    options = f"-k {folder} -c listen_addresses= -c fsync=off"
    run(str(place / "pg_ctl"), "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start")
    try:
        yield f"postgresql+psycopg://facetwise@/{{name}}?host={folder}"
    finally:
        run(str(place / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, a new one for each test."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'clinic.db'}"
    template: str = request.getfixturevalue("postgres")
    name = f"t{uuid4().hex}"
    host = template.partition("host=")[2]
    subprocess.run(["createdb", "-h", host, "-U", "facetwise", name], check=True)
    return template.format(name=name)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = open_store(url, now)
    yield opened
    opened.close()
