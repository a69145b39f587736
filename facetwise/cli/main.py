"""Where the command begins: `facetwise` and `python -m facetwise`."""

import sys
import types
import warnings
from contextlib import suppress
from importlib import import_module

import pyarrow as pa


def without_pandas() -> None:
    """Let Arrow find no pandas: it would import it at the first array made, which costs a second and is never used here.

    Arrow looks once and remembers; a stand-in of version 0 is what it finds while it looks.
    """
    if "pandas" in sys.modules:
        return
    stand_in = types.ModuleType("pandas")
    stand_in.__version__ = "0"  # type: ignore[attr-defined]
    sys.modules["pandas"] = stand_in
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pa.array([0])
    finally:
        del sys.modules["pandas"]


def with_steady_memory() -> None:
    """Let Arrow keep the memory that one batch gave back for the next; measured, it asks the system a third as often."""
    with suppress(NotImplementedError):  # not built for every platform
        pa.set_memory_pool(pa.jemalloc_memory_pool())


def main() -> None:
    """Run the command line."""
    without_pandas()
    with_steady_memory()
    import_module("facetwise.cli.app").run()  # only now, after Arrow has looked for pandas
