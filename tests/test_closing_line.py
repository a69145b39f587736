"""What the tests say at their end."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests import shared as material
from tests.conftest import pytest_terminal_summary


def closing(*reasons: str) -> list[str]:
    """The lines that a run ends with whose tests were skipped for these reasons."""
    lines: list[str] = []
    skipped = [SimpleNamespace(longrepr=("file", 1, f"Skipped: {reason}")) for reason in reasons]
    pytest_terminal_summary(
        SimpleNamespace(stats={"skipped": skipped}, write_line=lambda line, **_: lines.append(line))
    )
    return lines


def test_the_closing_line_counts_the_tests_that_want_the_shared_material(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the reason that shared() itself gives; another reason is not counted."""
    monkeypatch.setattr(material, "SHARED", tmp_path)
    with pytest.raises(pytest.skip.Exception) as skipped:
        material.shared("data", "none.csv")
    reason = str(skipped.value)
    told = "skipped because the shared material is absent: set FACETWISE_SHARED to its folder"
    assert closing(reason, reason, "no terminal here") == [f"2 tests were {told}"]
    assert closing(reason) == [f"1 test was {told}"]
    assert closing("no terminal here") == closing() == []
