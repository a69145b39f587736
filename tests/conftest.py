"""What every run of the tests says at its end."""

from __future__ import annotations

from typing import Any

from tests.shared import ABSENT


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how many tests were skipped for want of files made by others; nothing else shows that they were."""
    absent = sum(ABSENT in str(report.longrepr) for report in terminalreporter.stats.get("skipped", ()))
    if absent:
        tests = "1 test was" if absent == 1 else f"{absent:,} tests were"
        terminalreporter.write_line(
            f"{tests} skipped because the shared material is absent: set FACETWISE_SHARED to its folder", yellow=True
        )
