"""Where the documents and data made by others lie: beside the checkout, or where FACETWISE_SHARED says."""

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("FACETWISE_SHARED", Path(__file__).parents[2] / "shared"))
ABSENT = "the shared material is absent"


def shared(*parts: str) -> Path:
    """The path of a file made by others; the test is skipped, saying so, where it is absent."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(
            f"{'/'.join(parts)} is not in {SHARED} ({ABSENT}): set FACETWISE_SHARED to the folder that holds it"
        )
    return path
