"""Settings of Arrow for the command line: made once, before the first array."""

import sys
from contextlib import suppress
from typing import Any

import pyarrow as pa


class _WithoutPandas:
    """Finds no pandas, wherever it is installed."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError("No module named 'pandas'", name=name)


def set_up_arrow() -> None:
    """Keeps Arrow from importing pandas, and lets it reuse the memory of one batch for the next."""
    # Arrow imports pandas at its first array, where it is installed, and remembers whether it could. That costs up to a
    # second, and no command uses it.
    finders: list[Any] = sys.meta_path
    finders.insert(0, _WithoutPandas)
    try:
        pa.array([0])
    finally:
        finders.remove(_WithoutPandas)
    with suppress(NotImplementedError):  # jemalloc is not built for every platform
        pa.set_memory_pool(pa.jemalloc_memory_pool())  # measured: it asks the system a third as often
