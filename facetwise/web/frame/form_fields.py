"""The fields of forms, drawn by the components once for each answer: a component is a function of what it is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from facetwise.clinic.pathway.missing_answers import Field
from facetwise.web.frame.forms import Faults

_KEPT = 8_192
Given = tuple[tuple[str, Any], ...]


class Drawn:
    """Draws fields with the macros of fields.html, which take 2 ms where this takes next to none."""

    def __init__(self, environment: Environment) -> None:
        macros: Any = environment.get_template("fields.html").module

        @lru_cache(_KEPT)
        def field(asked: Field, values: Given, faults: Given, patient: str) -> Markup:
            return Markup(macros.field(asked, _dict(values), Faults(dict(faults)), patient))

        @lru_cache(_KEPT)
        def macro(
            name: str, key: str, legend: str, before: Given, values: Given, faults: Given, after: Given
        ) -> Markup:
            given = (*(held for _, held in before), _dict(values), Faults(dict(faults)))
            return Markup(getattr(macros, name)(key, legend, *given, **_dict(after)))

        self._field, self._macro = field, macro

    def field(self, asked: Field, values: Mapping[str, Any], faults: Faults, patient: str) -> Markup:
        """A field of any kind with what is held or was typed."""
        return self._field(asked, _of(asked.id, values), _of(asked.id, faults.by_field), patient)

    def flag(self, key: str, legend: str, values: Mapping[str, Any], faults: Faults, **more: Any) -> Markup:
        """Yes, no or not known."""
        return self._drawn("flag", key, legend, (), values, faults, more)

    def day(self, key: str, legend: str, values: Mapping[str, Any], faults: Faults, **more: Any) -> Markup:
        """A day, a month and a year."""
        return self._drawn("day", key, legend, (), values, faults, more)

    def choose(
        self, key: str, label: str, choices: Sequence[str], values: Mapping[str, Any], faults: Faults, **more: Any
    ) -> Markup:
        """One of several, or not known."""
        return self._drawn("choose", key, label, (("choices", tuple(choices)),), values, faults, more)

    def ticks(self, key: str, legend: str, choices: Sequence[str], values: Mapping[str, Any], faults: Faults) -> Markup:
        """Any of several."""
        return self._drawn("ticks", key, legend, (("choices", tuple(choices)),), values, faults, {})

    def _drawn(
        self,
        name: str,
        key: str,
        legend: str,
        before: Given,
        values: Mapping[str, Any],
        faults: Faults,
        after: Mapping[str, Any],
    ) -> Markup:
        held = (_of(key, values), _of(key, faults.by_field))
        return self._macro(name, key, legend, before, *held, tuple(after.items()))


def _of(name: str, held: Mapping[str, Any]) -> Given:
    """What concerns one field, as something that can be a key."""
    return tuple(
        (key, tuple(value) if isinstance(value, list) else value)
        for key, value in held.items()
        if key == name or key.startswith(f"{name}-")
    )


def _dict(given: Given) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in given}
