"""Facetwise: executable guidance for radiofrequency denervation.

The function `decide` takes the name of the room of its evaluator here: import from the room by its full path
(`from facetwise.decide.decision import Decision`).
"""

import facetwise.decide  # noqa: F401  # loaded first, so that loading it later does not take the name back
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
