"""Facetwise: executable guidance for radiofrequency denervation.

The functions `audit`, `count` and `decide` have the names of rooms: import from a room by its full path
(`from facetwise.decide.decision import Decision`). A function's room is loaded when it is first used.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from facetwise.errors import EngineError, FacetwiseError, InputError, PolicyError, UsageError

if TYPE_CHECKING:
    from facetwise.api import audit, count, decide, diff, extract

__version__ = "0.1.0"

__all__ = [
    "EngineError",
    "FacetwiseError",
    "InputError",
    "PolicyError",
    "UsageError",
    "__version__",
    "audit",
    "count",
    "decide",
    "diff",
    "extract",
]


class _ApiFunction:
    """A function of facetwise.api, loaded when first read.

    Importing a room of the same name assigns the room to this name; the function stays.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, package: ModuleType | None, owner: type) -> Any:
        if package is None:
            return self
        if self._name not in package.__dict__:
            package.__dict__[self._name] = getattr(import_module("facetwise.api"), self._name)
        return package.__dict__[self._name]

    def __set__(self, package: ModuleType, value: object) -> None:
        if not isinstance(value, ModuleType):
            package.__dict__[self._name] = value

    def __delete__(self, package: ModuleType) -> None:
        package.__dict__.pop(self._name, None)


class _Facetwise(ModuleType):
    """This package: its names beside the errors are functions that load themselves."""

    audit, count, decide, diff, extract = (_ApiFunction() for _ in range(5))

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *__all__})


sys.modules[__name__].__class__ = _Facetwise
