"""What the store promises: nothing lost, nothing changed unseen, the same on both databases."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from facetwise.clinic.store.audit_trail import TrailHead
from facetwise.clinic.store.json_diff import canonical
from facetwise.clinic.store.patients import ConflictError, Store, open_store
from facetwise.decide.decision import decide
from facetwise.errors import InputError, UsageError
from facetwise.guidance.example_patient import AS_OF, example_patient
from facetwise.library import POLICIES
from facetwise.record.parse import record_of
from tests.clinic.conftest import now


def tamper(url: str, *statements: str) -> None:
    """Change rows as somebody with the database in hand could: past the triggers."""
    engine = create_engine(url)
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER trail_no_update"))
            connection.execute(text("DROP TRIGGER trail_no_delete"))
        else:
            connection.execute(text("DROP TRIGGER trail_only_grows ON trail"))
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def test_a_record_comes_back_as_it_was_stored_and_decides_alike(store: Store) -> None:
    document: dict[str, Any] = example_patient()
    document["scores"][1]["value"] = 6.5
    store.add(document, "ann")
    held = store.get("example")
    assert json.loads(json.dumps(held.document, default=float)) == document
    given = record_of(document, "given")
    for policy in POLICIES.values():
        assert decide(held.record, policy, AS_OF).to_json() == decide(given, policy, AS_OF).to_json()


def test_a_later_save_of_an_older_version_is_refused_with_both_versions_and_nothing_is_lost(store: Store) -> None:
    first = store.add(example_patient(), "ann")
    theirs = store.save("example", {**first.document, "sex": "male"}, 1, "bob")
    with pytest.raises(ConflictError) as refused:
        store.save("example", {**first.document, "sex": "other"}, 1, "cat")
    assert refused.value.theirs == theirs and refused.value.yours["sex"] == "other"
    assert store.get("example") == theirs and store.faults() == ()


def test_a_save_that_changes_nothing_adds_nothing(store: Store) -> None:
    first = store.add(example_patient(), "ann")
    assert store.save("example", first.document, 1, "ann").version == 1
    assert store.head().number == 1


def test_what_is_no_record_is_refused_and_leaves_no_trace(store: Store) -> None:
    first = store.add(example_patient(), "ann")
    with pytest.raises(InputError, match="born is no date"):
        store.save("example", {**first.document, "born": "yesterday"}, 1, "ann")
    with pytest.raises(InputError, match="There is a record example already"):
        store.add(example_patient(), "ann")
    with pytest.raises(InputError, match="There is no record nobody"):
        store.get("nobody")
    assert store.head().number == 1 and store.faults() == ()


def test_many_writers_at_once_lose_nothing(url: str) -> None:
    """Eight writers of one patient: each save stands or is refused; the trail has one order."""
    store = open_store(url, now)
    store.add(example_patient(), "ann")
    stood = threading.Lock()
    saved = 0

    def write(who: int) -> None:
        nonlocal saved
        for _ in range(10):
            held = store.get("example")
            try:
                store.save(
                    "example", {**held.document, "clinic": {"phone": f"{who}-{held.version}"}}, held.version, str(who)
                )
            except ConflictError:
                continue
            with stood:
                saved += 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    assert saved > 0 and store.get("example").version == 1 + saved == store.head().number
    assert store.faults() == ()
    store.close()


def test_a_killed_writer_loses_nothing_that_was_acknowledged(url: str) -> None:
    store = open_store(url, now)
    store.add(example_patient(), "ann")
    for _ in range(3):
        command = [sys.executable, "-m", "tests.clinic.writer", url, "example"]
        writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert writer.stdout
        said = [writer.stdout.readline() for _ in range(5)]
        writer.kill()
        said += writer.stdout.read().splitlines()
        writer.wait()
        acknowledged = max(int(line) for line in said if line.strip())
        assert store.get("example").version >= acknowledged
        assert store.faults() == ()
    store.close()


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE trail SET who = 'nobody' WHERE number = 1", "entry 1 was changed"),
        ("UPDATE trail SET hash = 'x' WHERE number = 2", "entry 2 was changed"),
        ("DELETE FROM trail WHERE number = 2", "entry 2 is missing"),
        ("UPDATE patients SET record = '{}' WHERE id = 'example'", "the record example is not what the trail"),
        ("DELETE FROM patients WHERE id = 'example'", "the record example is gone"),
        ("INSERT INTO patients VALUES ('ghost', 1, '{}')", "the record ghost is not what the trail"),
    ],
)
def test_a_change_by_other_hands_is_seen(url: str, statement: str, told: str) -> None:
    store = open_store(url, now)
    for version in range(3):
        held = store.add(example_patient(), "ann") if version == 0 else store.get("example")
        store.save("example", {**held.document, "clinic": {"phone": str(version)}}, held.version, "ann")
    assert store.faults() == ()
    tamper(url, statement)
    assert any(told in fault for fault in store.faults())
    store.close()


def test_a_trail_cut_off_at_its_end_is_seen_by_a_head_that_was_kept(url: str) -> None:
    store = open_store(url, now)
    first = store.add(example_patient(), "ann")
    store.save("example", {**first.document, "sex": "male"}, 1, "bob")
    kept = store.head()
    before = canonical(first.document).replace("'", "''").replace(":", "\\:")
    tamper(
        url,
        "DELETE FROM trail WHERE number = 2",
        f"UPDATE patients SET version = 1, record = '{before}' WHERE id = 'example'",
    )
    assert store.faults() == ()
    assert store.faults((kept,)) == ("entry 2 was noted and is gone: the end was cut off",)
    assert store.faults((TrailHead(1, "0" * 64),)) == ("entry 1 is not the one that was noted",)
    store.close()


def test_the_database_itself_refuses_to_change_the_trail(url: str) -> None:
    store = open_store(url, now)
    store.add(example_patient(), "ann")
    engine = create_engine(url)
    for statement in ("UPDATE trail SET who = 'x'", "DELETE FROM trail"):
        with pytest.raises(Exception, match="can only be added to"), engine.begin() as connection:
            connection.execute(text(statement))
    engine.dispose()
    store.close()


@pytest.mark.parametrize("given", ["clinic.db", "mysql://x/y", "::"])
def test_another_url_is_refused(given: str) -> None:
    with pytest.raises(UsageError):
        open_store(given, now)
