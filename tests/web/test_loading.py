"""Templates after a start: many first visits at the same moment make each ready once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from jinja2 import Environment, FileSystemLoader, Template, TemplateNotFound

from facetwise.web.frame.template_loader import OnceLoader

_VISITS = 8


def test_a_template_is_made_ready_once_though_many_ask_at_the_same_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "page.html").write_text("{{ n }}" * 2_000, encoding="utf-8")
    made, together, real = [], Barrier(_VISITS), FileSystemLoader.load

    def load(self: FileSystemLoader, environment: Environment, name: str, *more: None) -> Template:
        made.append(name)
        return real(self, environment, name, *more)

    monkeypatch.setattr(FileSystemLoader, "load", load)
    environment = Environment(loader=OnceLoader([tmp_path]), autoescape=True)

    def visit(_: int) -> Template:
        together.wait()
        return environment.get_template("page.html")

    with ThreadPoolExecutor(_VISITS) as visits:
        pages = list(visits.map(visit, range(_VISITS)))
    assert made == ["page.html"]
    assert len(set(map(id, pages))) == 1


def test_a_template_that_is_not_there_is_said_each_time(tmp_path: Path) -> None:
    environment = Environment(loader=OnceLoader([tmp_path]), autoescape=True)
    for _ in range(2):
        with pytest.raises(TemplateNotFound):
            environment.get_template("none.html")
