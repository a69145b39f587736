"""From what a user names to files: one or more files, folders or globs, CSV (also .gz) or Parquet."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from facetwise.errors import InputError, UsageError

TABLE = "table:"
_LOGS = ("_delta_log/*.json", ".hoodie/*", "metadata/*.metadata.json")  # of Delta Lake, Hudi and Iceberg
ENDINGS = (".csv", ".csv.gz", ".parquet", ".txt", ".txt.gz", ".tsv", ".tsv.gz")


def expand(inputs: Sequence[str | Path]) -> tuple[Path, ...]:
    """The files that the inputs name, each once, folders and globs in the order of their names.

    Errors: InputError for what does not exist, a folder without activity files, a glob that matches nothing.
    """
    if not inputs:
        raise InputError("No input was given. Name a CSV or Parquet file, a folder or a glob.")
    found = [path for given in inputs for path in _one(str(given))]
    for path in found:
        if any("\ud800" <= letter <= "\udfff" for letter in str(path)):  # bytes that Python could not decode
            raise InputError(f"The name of {path} is not UTF-8 text, which files are opened by. Rename it.")
    return tuple(dict.fromkeys(found))


def is_beyond(given: str | Path) -> bool:
    """Whether an input is none of this machine's files: a table of a catalogue, or a URL, which Spark opens."""
    return str(given).startswith(TABLE) or "://" in str(given)


def refuse_overwriting(inputs: Sequence[str | Path], outputs: Mapping[str, Path | None]) -> None:
    """Refuse an output that is one of the files that the inputs name, or another output, under whatever name.

    outputs: by the name of the option that gives them. Errors: UsageError; InputError as expand.
    """
    local = [given for given in inputs if not is_beyond(given)]
    files = expand(local) if local or not inputs else ()
    given = [(option, path) for option, path in outputs.items() if path is not None]
    for place, (option, path) in enumerate(given):
        if any(_is_same(path, file) for file in files):
            raise UsageError(f"{option} {path} is one of the inputs and would be overwritten. Name another file.")
        for before, other in given[:place]:
            if _is_same(path, other):
                raise UsageError(f"{option} {path} is the file of {before} too. Give them two names.")


def _is_same(one: Path, other: Path) -> bool:
    if one.exists() and other.exists():
        return one.samefile(other)  # hard links, and letters that a file system folds, among them
    return one.resolve() == other.resolve()


def _one(given: str) -> list[Path]:
    path = Path(given)
    if path.is_dir():
        inside = sorted(child for child in _inside(path) if child.is_file() and _is_activity(child))
        if not inside:
            raise InputError(f"The folder {given} holds no activity file. Looked for {', '.join(ENDINGS)}.")
        return inside
    if path.is_file():
        return [path]
    if path.exists():
        raise InputError(f"{given} is not a file, and is read more than once. Write it to a file first.")
    matched = sorted(Path(name) for name in glob.glob(given, recursive=True) if Path(name).is_file())  # noqa: PTH207
    if not matched and is_beyond(given):
        raise InputError(f"{given} is no file of this machine. Spark opens it: add --engine spark.")
    if not matched:
        raise InputError(
            f"There is no file {given}. Check the path, or quote a glob so that the shell leaves it alone."
        )
    return matched


def _inside(folder: Path) -> Iterator[Path]:
    """Everything in a folder and below.

    Errors: InputError where one cannot be looked into; its files would be missed. And where it is a table of files with a
    log: which of them stand, only the log tells.
    """

    def refuse(error: OSError) -> None:
        raise InputError(
            f"The folder {error.filename} cannot be read: {error.strerror}. Ask for access to it."
        ) from error

    for inside, _, names in os.walk(folder, onerror=refuse):
        log = next((log for log in _LOGS if next(Path(inside).glob(log), None)), None)
        if log is not None:
            raise InputError(
                f"The folder {inside} is a table that keeps a log ({Path(log).parent}): its files hold rows that were deleted since, too. "
                f"Read it through its catalogue: {TABLE}NAME --engine spark."
            )
        yield from (Path(inside, name) for name in names)


def _is_activity(path: Path) -> bool:
    return path.name.lower().endswith(ENDINGS) and not path.name.startswith((".", "_"))
