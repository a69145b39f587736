"""Facetwise: executable guidance for radiofrequency denervation."""

from facetwise.api import count, diff, extract
from facetwise.errors import EngineError, FacetwiseError, InputError, PolicyError, UsageError

__all__ = ["EngineError", "FacetwiseError", "InputError", "PolicyError", "UsageError", "count", "diff", "extract"]
