"""The fields of forms as HTML, rendered once for each answer: a component is a function of its arguments."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from facetwise.clinic.model.fields import Field
from facetwise.web.frame.forms import Faults

_CACHED = 8_192
_Items = tuple[tuple[str, Any], ...]


class FieldRenderer:
    """Renders fields by the macros of fields.html, which take 2 ms each, and keeps the result."""

    def __init__(self, environment: Environment) -> None:
        macros: Any = environment.get_template("fields.html").module

        @lru_cache(_CACHED)
        def render(field: Field, values: _Items, faults: _Items, patient: str) -> Markup:
            shown = {key: list(value) if isinstance(value, tuple) else value for key, value in values}
            return Markup(macros.field(field, shown, Faults(dict(faults)), patient))

        self._render = render

    def __call__(self, field: Field, values: Mapping[str, Any], faults: Faults, patient: str = "") -> Markup:
        """A field with its value, and what was wrong with it. patient: whose pages a link leads to."""
        return self._render(field, _of(field.id, values), _of(field.id, faults.by_field), patient)


def _of(name: str, values: Mapping[str, Any]) -> _Items:
    """What concerns one field, as a key of the cache."""
    return tuple(
        (key, tuple(value) if isinstance(value, list) else value)
        for key, value in values.items()
        if key == name or key.startswith(f"{name}-")
    )
