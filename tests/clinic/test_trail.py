"""What the trail promises: small, whole, and leading to every version of a record that ever was."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import create_engine, insert, select, text

from facetwise.clinic.model.clinic_record import clinic_of
from facetwise.clinic.store.audit_trail import BEGINNING, Entry, entry_of
from facetwise.clinic.store.json_diff import canonical, changes_of, changes_text, hash_of
from facetwise.clinic.store.patients import ConflictError, Store, open_store
from facetwise.clinic.store.tables import TRAIL
from facetwise.guidance.example_patient import example_patient
from tests.clinic.conftest import now
from tests.clinic.test_store import tamper


def entry(n: int) -> dict[str, Any]:
    """The n-th entry of a diary. What was done is not always known."""
    known = {} if n % 3 else {"doing": f"walked to the shop and back, {n}"}
    felt = f"2026-11-20T{n % 24:02d}:00:00+00:00"
    return {
        "id": f"e{n:04d}",
        "felt_at": felt,
        "entered_at": felt,
        "score": n % 11 + (0.5 if n % 11 < 10 else 0),
        **known,
    }


def with_entry(n: int, place: int | None = None) -> Callable[[Any], dict[str, Any]]:
    """Writes an entry into the diary: at its end, or in a place of it."""

    def make(document: Any) -> dict[str, Any]:
        clinic = document.get("clinic") or {}
        diary = list(clinic.get("diary") or ())
        diary.insert(len(diary) if place is None else place, entry(n))
        return {**document, "clinic": {**clinic, "diary": diary}}

    return make


def without_entry(place: int) -> Callable[[Any], dict[str, Any]]:
    def make(document: Any) -> dict[str, Any]:
        diary = document["clinic"]["diary"]
        return {**document, "clinic": {**document["clinic"], "diary": [*diary[:place], *diary[place + 1 :]]}}

    return make


def rewrite(url: str, make: Callable[[list[Entry]], list[Entry]]) -> None:
    """Write the whole trail anew, each hash right, as somebody who can read this code could."""
    tamper(url)
    engine = create_engine(url)
    with engine.begin() as connection:
        entries = make([entry_of(row) for row in connection.execute(select(TRAIL).order_by(TRAIL.c.number)).mappings()])
        connection.execute(text("DELETE FROM trail"))
        previous = BEGINNING
        for number, held in enumerate(entries, 1):
            chained = replace(held, number=number, previous=previous)
            connection.execute(insert(TRAIL).values(**vars(chained), hash=chained.hash))
            previous = chained.hash
    engine.dispose()


def three_versions(url: str) -> Store:
    store = open_store(url, now)
    store.add({**example_patient(), "clinic": {"phone": "1"}}, "ann")
    for phone in ("2", "3"):
        held = store.get("example")
        store.save("example", {**held.document, "clinic": {"phone": phone}}, held.version, "ann")
    assert store.faults() == ()
    return store


def test_500_diary_entries_grow_the_trail_by_the_same_little_each(store: Store) -> None:
    """An entry of the trail is as large as what was written, however long the diary is."""
    store.add(example_patient(), "ann")
    for n in range(500):
        store.change("example", with_entry(n), "patient:x")
    sizes = [sum(len(str(held)) for held in vars(it).values()) for it in store.history("example")][::-1]
    assert max(sizes[1:]) < 700 and sum(sizes[1:]) < 500 * 600
    assert abs(sum(sizes[401:]) - sum(sizes[1:101])) < 100 * 10
    assert store.faults() == ()


def test_the_history_says_what_was_added_replaced_and_taken_away(store: Store) -> None:
    store.add({"id": "p", "sex": "male"}, "ann")
    store.change("p", lambda held: {**held, "sex": "female", "born": "1970-05-01"}, "bob")
    store.change("p", lambda held: {"id": "p", "sex": "female"}, "cat")
    told = [[(it.place, it.to_json()) for it in changes_of(held.changes)] for held in store.history("p")]
    assert told == [
        [(("born",), {"place": ["born"], "before": "1970-05-01"})],
        [
            (("born",), {"place": ["born"], "after": "1970-05-01"}),
            (("sex",), {"place": ["sex"], "before": "male", "after": "female"}),
        ],
        [((), {"place": [], "after": {"id": "p", "sex": "male"}})],
    ]
    hashes = [(held.before_hash, held.after_hash) for held in store.history("p")]
    assert hashes[2] == (None, hash_of('{"id":"p","sex":"male"}')) and hashes[0][0] == hashes[1][1]


def test_every_earlier_version_is_found_again_for_a_save_that_was_begun_on_it(store: Store) -> None:
    """Entries put at the end, into the middle and taken away meanwhile; none is lost, and the clinic's save stands."""
    seen = [store.add({**example_patient(), "clinic": {"phone": "0"}}, "ann")]
    makes = [with_entry(1), with_entry(2), with_entry(3, 0), with_entry(4, 1), without_entry(2), without_entry(0)]
    for make in makes:
        seen.append(store.change("example", make, "patient:x"))
    for n, read in enumerate(seen, 1):
        document = {**read.document, "clinic": {**read.document.get("clinic", {}), "phone": "0", "name": "Ann"}}
        late = store.save("example", document, read.version, "ann")
        held = clinic_of(late.document)
        assert [it.id for it in held.diary] == ["e0004", "e0002"] and held.name == "Ann", n
        store.save("example", seen[-1].document, late.version, "ann")
    assert store.faults() == ()


@pytest.mark.parametrize("version", [0, -1, 9])
def test_a_save_of_a_version_that_never_was_is_refused(store: Store, version: int) -> None:
    store.add(example_patient(), "ann")
    with pytest.raises(ConflictError):
        store.save("example", {**example_patient(), "sex": "male"}, version, "bob")


def test_a_number_is_kept_one_way_and_its_other_spelling_is_no_change(store: Store) -> None:
    """7.0 is 7: the record that was hashed is the one that is read again."""
    document: dict[str, Any] = example_patient()
    document["scores"][0]["value"] = 7.0
    store.add(document, "ann")
    document["scores"][0]["value"] = 7
    assert store.save("example", document, 1, "ann").version == 1
    store.change("example", with_entry(1), "patient:x")
    assert store.faults() == ()


def test_changes_that_do_not_give_the_record_are_seen_even_if_every_hash_is_right(url: str) -> None:
    store = three_versions(url)

    def told_otherwise(entries: list[Entry]) -> list[Entry]:
        first = json.loads(entries[0].changes or "")
        first[0]["after"]["sex"] = "other"
        return [replace(entries[0], changes=canonical(first)), *entries[1:]]

    rewrite(url, told_otherwise)
    assert store.faults() == ("the record example is not what its changes give, one after the other",)
    store.close()


@pytest.mark.parametrize(
    "changes",
    [
        changes_text('{"clinic":{"phone":"7"}}', '{"clinic":{"phone":"2"}}'),
        '[{"place":["clinic","phone",0],"after":1}]',
        '[{"place":[[1]],"after":1}]',
        '[{"after":1}]',
        "[1]",
        "{",
        "7",
        "[" * 100_000,
    ],
)
def test_changes_that_cannot_be_made_are_seen(url: str, changes: str) -> None:
    """Whatever other hands wrote there, the check says where it stands and goes on."""
    store = three_versions(url)
    rewrite(url, lambda entries: [entries[0], replace(entries[1], changes=changes), entries[2]])
    assert store.faults() == ("entry 2 says changes that cannot be made in its record",)
    store.close()


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda it: [it[0], it[2], it[1]], "entry 2 does not follow what was last done to its record"),
        (lambda it: [it[0], it[2]], "entry 2 does not follow what was last done to its record"),
        (lambda it: it[1:], "entry 1 does not follow what was last done to its record"),
        (lambda it: it[:2], "the record example is not what the trail last says of it"),
        (lambda it: [*it[:2], replace(it[2], after_hash="0" * 64)], "the record example is not what the trail last"),
        (lambda it: [it[0], replace(it[1], before_hash=None), it[2]], "entry 2 does not follow what was last done"),
        (lambda it: [], "the record example is not what the trail last says of it"),
        (lambda it: [*it, replace(it[2], patient="ghost", version=1, before_hash=None)], "the record ghost is gone"),
    ],
)
def test_entries_reordered_missing_or_made_up_are_seen_even_if_every_hash_is_right(
    url: str, make: Callable[[list[Entry]], list[Entry]], told: str
) -> None:
    store = three_versions(url)
    rewrite(url, make)
    assert any(fault.startswith(told) for fault in store.faults()), store.faults()
    store.close()


def test_a_trail_written_anew_as_it_was_has_no_fault(url: str) -> None:
    """The forger of these tests adds no fault of its own."""
    store = three_versions(url)
    rewrite(url, lambda entries: entries)
    assert store.faults() == ()
    store.close()


@pytest.mark.parametrize("changes", ['[{"place":["sex"],"before":"x","after":"y"}]', "[]"])
def test_a_save_begun_on_a_version_that_the_trail_does_not_lead_to_is_a_conflict(url: str, changes: str) -> None:
    """A trail that hides what somebody saved meanwhile does not let it be written over."""
    store = three_versions(url)
    read = store.get("example")
    store.save("example", {**read.document, "sex": "male"}, read.version, "bob")
    rewrite(url, lambda it: [*it[:3], replace(it[3], changes=changes)])
    with pytest.raises(ConflictError):
        store.save("example", {**read.document, "sex": "other"}, read.version, "ann")
    store.close()


def test_the_check_of_a_clinic_that_goes_on_writing_finds_no_fault(url: str) -> None:
    """It looks at one moment, on both databases."""
    store = three_versions(url)
    with ThreadPoolExecutor(2) as pool:
        writing = pool.submit(lambda: [store.change("example", with_entry(n), "patient:x") for n in range(150)])
        checks = 0
        while not writing.done():
            assert store.faults() == ()
            checks += 1
        writing.result()
    assert checks > 2 and store.get("example").version == 153
    store.close()
