"""Tables of a TOML file read key by key; every fault names the file, the table, the key and what to write instead."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from importlib.resources.abc import Traversable
from typing import ParamSpec, TypeVar

from facetwise.errors import PolicyError, nearest

P = ParamSpec("P")
ValueT = TypeVar("ValueT")


class TomlTable:
    """One table: each key is read once by its type, and `finish` refuses the keys that nothing read.

    where: 'bupa.toml, statement B1', as faults name it.
    """

    def __init__(self, values: Mapping[str, object], where: str) -> None:
        self.where = where
        self._values = values
        self._read: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def text(self, key: str, default: str | None = None) -> str:
        """The text of that key; the default where the key is absent. Errors: PolicyError for no text, or an empty one."""
        value = self._value(key, default)
        if not isinstance(value, str) or (key in self._values and not value.strip()):
            raise self.fault(key, "is not a text. Write words in quotation marks.")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts of a list; none where the key is absent."""
        values = self._value(key, [])
        if not isinstance(values, list) or not all(isinstance(value, str) and value.strip() for value in values):
            raise self.fault(key, 'is not a list of texts. Write ["one", "two"].')
        return tuple(values)

    def flag(self, key: str) -> bool:
        """True or false; false where the key is absent."""
        value = self._value(key, False)
        if not isinstance(value, bool):
            raise self.fault(key, "is not true or false.")
        return value

    def choice(self, key: str, choices: Mapping[str, ValueT]) -> ValueT:
        """What the text of that key names. Errors: PolicyError, with the nearest known name."""
        return self._named(key, self.text(key), choices)

    def choices(self, key: str, choices: Mapping[str, ValueT]) -> tuple[ValueT, ...]:
        """What each text of a list names; none where the key is absent."""
        return tuple(self._named(key, name, choices) for name in self.texts(key))

    def tables(self, key: str) -> Iterator[TomlTable]:
        """Each table of a list, by its id or else its number; none where the key is absent."""
        values = self._value(key, [])
        if not isinstance(values, list):
            raise self.fault(key, f"is not a list of tables. Head each with [[{key}]].")
        for number, value in enumerate(values, 1):
            if not isinstance(value, dict):
                raise self.fault(key, f"is not a list of tables. Head each with [[{key}]].")
            yield TomlTable(value, f"{self.where}, {key} {value.get('id', number)}")

    def named_tables(self) -> Iterator[tuple[str, TomlTable]]:
        """Each table that no key read yet, with its name: [B1]."""
        for name in [key for key in self._values if key not in self._read]:
            value = self._value(name, None)
            if not isinstance(value, dict):
                raise self.fault(name, f"is not a table. Head it with [{name}].")
            yield name, TomlTable(value, f"{self.where}, {name}")

    def finish(self) -> None:
        """Nothing, once every key was read. Errors: PolicyError for a key that this table does not have."""
        for key in self._values:
            if key not in self._read:
                raise self.fault(key, "is not a key of this table." + nearest(key, self._read))

    def build(self, make: Callable[P, ValueT], *args: P.args, **kwargs: P.kwargs) -> ValueT:
        """What `make` returns for these values, once every key was read. Errors: PolicyError, naming the table."""
        self.finish()
        try:
            return make(*args, **kwargs)
        except PolicyError as error:
            raise PolicyError(f"{self.where}: {error}") from error

    def fault(self, key: str, why: str) -> PolicyError:
        """The error to raise about a key of this table."""
        return PolicyError(f"{self.where}: '{key}' {why}")

    def _value(self, key: str, default: object) -> object:
        self._read.add(key)
        if key in self._values:
            return self._values[key]
        if default is None:
            raise self.fault(key, "is missing.")
        return default

    def _named(self, key: str, name: str, choices: Mapping[str, ValueT]) -> ValueT:
        if name not in choices:
            raise self.fault(key, f"names '{name}', which is not known." + nearest(name, choices))
        return choices[name]


def read_toml(file: Traversable) -> TomlTable:
    """The top table of a TOML file. Errors: PolicyError where the file is not TOML, with the line."""
    try:
        return TomlTable(tomllib.loads(file.read_text(encoding="utf-8")), file.name)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"{file.name} is not TOML: {error}.") from error
