"""Messages on standard error, and the letters that both streams can write."""

import io
import sys


def note(message: str) -> None:
    """Writes a message to standard error."""
    sys.stderr.write(message + "\n")


def use_utf8() -> None:
    """Lets both streams write any letter: UTF-8 to files and programs, escapes on a terminal that lacks it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")
