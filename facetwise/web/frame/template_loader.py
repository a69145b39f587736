"""Templates that are made ready once, however many pages ask for them at the same moment."""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path
from threading import RLock
from typing import Any

from jinja2 import Environment, FileSystemLoader, Template


class OnceLoader(FileSystemLoader):
    """Reads templates from folders. Fifty first visits after a start would else make each template fifty times."""

    def __init__(self, folders: list[Path]) -> None:
        super().__init__(folders)
        self._ready: dict[str, Template] = {}
        self._one_at_a_time = RLock()

    def load(
        self,
        environment: Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - so Jinja calls it
    ) -> Template:
        """The template of that name. Errors: jinja2.TemplateNotFound."""
        with self._one_at_a_time:
            if name not in self._ready:
                self._ready[name] = super().load(environment, name, globals)
            return self._ready[name]
