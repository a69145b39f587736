"""Pages: the environment that renders them, and where they are written."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from facetwise.errors import InputError


def environment(room: str) -> Environment:
    """Templates of a room: every value is escaped, and one that is not given is an error."""
    return Environment(
        loader=PackageLoader(f"facetwise.{room}", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def refuse_no_folder(out: Path) -> None:
    """Raise InputError where the folder to write into is not there."""
    if not out.parent.is_dir():
        raise InputError(f"{out} cannot be written: there is no folder {out.parent}. Make it, or name another.")


def write(out: Path, text: str) -> None:
    """Write a page. Errors: InputError."""
    try:
        out.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise InputError(f"{out} cannot be written: {error.strerror}. Use a folder you may write to.") from error
