"""Every error, each with the exit code of the command line and the HTTP status of the services."""

from collections.abc import Iterable
from difflib import get_close_matches


class FacetwiseError(Exception):
    """Anything Facetwise refuses. The message says what was given, why it is refused and what to do."""

    exit_code = 5
    http_status = 500


class UsageError(FacetwiseError):
    """Wrong use: an unknown id, column, layout, format or dialect."""

    exit_code = 2
    http_status = 400


class InputError(FacetwiseError):
    """The input cannot be used: no such file, not the format it says, columns missing, keys that repeat."""

    exit_code = 3
    http_status = 422


class UnknownRecordError(InputError):
    """A patient's record that the store does not have."""

    http_status = 404


class FieldError(InputError):
    """A value that cannot be used. field: its name in the form that asked for it."""

    def __init__(self, field: str, says: str) -> None:
        super().__init__(says)
        self.field = field


class PolicyError(FacetwiseError):
    """A policy or definition that cannot mean what it says."""

    exit_code = 4
    http_status = 500


class EngineError(FacetwiseError):
    """An engine or a database failed."""

    exit_code = 5
    http_status = 503


def nearest(given: str, known: Iterable[str]) -> str:
    """' Did you mean X?' for the known name closest to `given`, or the list of known names when none is close."""
    names = sorted(known)
    folded = {name.lower(): name for name in names}
    close = get_close_matches(given.lower(), folded, n=1, cutoff=0.5)
    if close:
        return f" Did you mean '{folded[close[0]]}'?"
    return f" Known: {', '.join(names)}."
