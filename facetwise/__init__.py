"""Facetwise: executable guidance for radiofrequency denervation.

The functions `audit`, `count` and `decide` have the names of rooms: import from a room by its full path
(`from facetwise.decide.decision import Decision`).
"""

# Loaded first, so that loading a room later does not take the function's name back.
import facetwise.audit
import facetwise.count
import facetwise.decide  # noqa: F401
from facetwise.api import audit, count, decide, diff, extract
from facetwise.errors import EngineError, FacetwiseError, InputError, PolicyError, UsageError

__all__ = [
    "EngineError",
    "FacetwiseError",
    "InputError",
    "PolicyError",
    "UsageError",
    "audit",
    "count",
    "decide",
    "diff",
    "extract",
]
