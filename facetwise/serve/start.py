"""Where the command begins: `facetwise` and `python -m facetwise`."""

import sys
import types
import warnings
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


def main() -> None:
    """Run the command line."""
    without_pandas()
    import_module("facetwise.serve.cli").run()  # only now, after Arrow has looked for pandas
