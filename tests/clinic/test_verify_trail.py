"""`facetwise verify-trail` from outside."""

from __future__ import annotations

from pathlib import Path

import pytest

from facetwise.clinic.store.patients import open_store
from facetwise.guidance.example_patient import example_patient
from tests.clinic.conftest import now
from tests.clinic.test_store import tamper
from tests.command import run as run_command


def run(*arguments: str) -> tuple[int, str, str]:
    done = run_command("verify-trail", *arguments)
    return done.returncode, done.stdout, done.stderr


def test_a_sound_trail_prints_its_head_and_a_changed_one_exits_5(url: str) -> None:
    store = open_store(url, now)
    store.add(example_patient(), "ann")
    head = store.head()
    store.close()
    assert run("--db", url) == (0, f"1 entries, none changed. Head: {head}\n", "")
    assert run("--db", url, "--head", str(head))[0] == 0
    tamper(url, "UPDATE trail SET who = 'nobody' WHERE number = 1")
    code, out, err = run("--db", url, "--head", str(head))
    assert code == 5 and out == "" and "entry 1 was changed" in err and "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--db", "sqlite:///nowhere.db"), 3, "There is no database nowhere.db"),
        (("--db", "clinic.db"), 2, "is not a database URL"),
        (("--head", "7"), 2, "is no head of a trail"),
        (("--db", "postgresql+psycopg://nobody@127.0.0.1:1/none"), 5, "The store failed"),
    ],
)
def test_wrong_use_is_refused_in_words(arguments: tuple[str, ...], code: int, told: str, tmp_path: Path) -> None:
    found, out, err = run(*arguments)
    assert (found, out) == (code, "") and told in err and "Traceback" not in err
