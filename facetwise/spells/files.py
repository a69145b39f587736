"""From what a user names to files: one or more files, folders or globs, CSV (also .gz) or Parquet."""

from __future__ import annotations

import glob
from collections.abc import Sequence
from pathlib import Path

from facetwise.errors import InputError

ENDINGS = (".csv", ".csv.gz", ".parquet", ".txt", ".txt.gz", ".tsv", ".tsv.gz")


def expand(inputs: Sequence[str | Path]) -> tuple[Path, ...]:
    """The files that the inputs name, each once, folders and globs in the order of their names.

    Errors: InputError for what does not exist, a folder without activity files, a glob that matches nothing.
    """
    if not inputs:
        raise InputError("No input was given. Name a CSV or Parquet file, a folder or a glob.")
    found = [path for given in inputs for path in _one(str(given))]
    return tuple(dict.fromkeys(found))


def _one(given: str) -> list[Path]:
    path = Path(given)
    if path.is_dir():
        inside = sorted(child for child in path.rglob("*") if child.is_file() and _is_activity(child))
        if not inside:
            raise InputError(f"The folder {given} holds no activity file. Looked for {', '.join(ENDINGS)}.")
        return inside
    if path.is_file():
        return [path]
    matched = sorted(Path(name) for name in glob.glob(given, recursive=True) if Path(name).is_file())  # noqa: PTH207
    if not matched:
        raise InputError(
            f"There is no file {given}. Check the path, or quote a glob so that the shell leaves it alone."
        )
    return matched


def _is_activity(path: Path) -> bool:
    return path.name.lower().endswith(ENDINGS) and not path.name.startswith((".", "_"))
