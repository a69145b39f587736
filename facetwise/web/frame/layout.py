"""The frame of every page: templates, the way back after a form, and how days and times are written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import nhsuk_frontend_jinja
from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import ChainableUndefined, Environment
from markupsafe import Markup

from facetwise.clinic.store.settings import Settings
from facetwise.decide.summary import placed
from facetwise.errors import EngineError
from facetwise.information.content import red_flags
from facetwise.record.field_types import LEVELS
from facetwise.web.frame.access import masked, session_of, state_of
from facetwise.web.frame.form_fields import FieldRenderer
from facetwise.web.frame.template_loader import OnceLoader

HERE = Path(__file__).parents[1]
ASSETS = HERE / "assets"
_COMPONENTS = Path(nhsuk_frontend_jinja.__file__).parent / "templates"


@cache
def templates() -> Environment:
    """The templates of the clinic and of the components. Call it once before many ask at the same time."""
    environment = Environment(
        loader=OnceLoader([HERE / "templates", _COMPONENTS]),
        autoescape=True,
        undefined=ChainableUndefined,  # as the components' authors assume
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    environment.filters |= {
        "day": day_shown,
        "short_day": short_day,
        "moment": moment_shown,
        "placed": placed,
        "words": words,
        "at": datetime.fromisoformat,
    }
    environment.globals |= {"asset": asset, "warning_signs": red_flags(), "all_levels": LEVELS}
    environment.globals["draw"] = FieldRenderer(environment)  # last, for its macros see what is global by then
    return environment


def page(request: Request, template: str, status_code: int = 200, **context: Any) -> HTMLResponse:
    """A page in its frame, for whoever is signed in."""
    return HTMLResponse(rendered(request, template, **context), status_code)


def _typed_over(request: Request) -> Callable[[int], str]:
    """The version that a form was typed over, which it keeps when it is shown again.

    Not the newest, which somebody else may have saved meanwhile. A page whose form was saved, and is shown again all the
    same, gives `typed_over=str`.
    """
    sent: str | None = getattr(request.state, "version_sent", None)
    return lambda newest: str(newest) if sent is None else sent


def rendered(request: Request, template: str, **context: Any) -> str:
    """The same as text."""
    state, session = state_of(request), session_of(request)
    frame = _frame(request, state.settings())
    frame |= {"person": session.person if session else None, "csrf": _csrf_field(session.csrf if session else "")}
    return templates().get_template(template).render({**frame, **context})


def page_without_store(request: Request, template: str, status_code: int, **context: Any) -> HTMLResponse:
    """A page where the database may not answer: it knows neither who is signed in nor what the clinic chose."""
    frame = {**_frame(request, Settings()), "person": None, "csrf": _csrf_field("")}
    return HTMLResponse(templates().get_template(template).render({**frame, **context}), status_code)


def _frame(request: Request, settings: Settings) -> dict[str, Any]:
    state = state_of(request)
    return {
        "request": request,
        "clinic_settings": settings,
        "today": state.today(),
        "is_demo": bool(state.sign_ins),
        "typed_over": _typed_over(request),
        "path": request.url.path,
        "local": lambda moment: moment_shown(moment.astimezone(state.zone)),
    }


def back(url: str) -> RedirectResponse:
    """The way on after a form that was accepted."""
    return RedirectResponse(url, 303)


def table(text: str, name: str) -> Response:
    """A table of csv_text, as a file to be kept under that name."""
    held = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=held)


def _csrf_field(csrf: str) -> Callable[[], Markup]:
    def field() -> Markup:
        return Markup('<input type="hidden" name="csrf" value="{}">').format(masked(csrf)) if csrf else Markup("")

    return field


@cache
def asset(name: str) -> str:
    """The address of a file that pages load; it changes with the file, so that browsers may keep it for good."""
    for folder in (ASSETS, ASSETS / "built"):
        if (folder / name).is_file():
            held = sha256((folder / name).read_bytes()).hexdigest()[:12]
            return f"/assets/{folder.relative_to(ASSETS) / name}?v={held}"
    raise EngineError(f"The pages need {name}, which is not here. Run: make setup")


def day_shown(value: date | str | None) -> str:
    """'20 November 2026'; 'not recorded' for none."""
    if not value:
        return "not recorded"
    held = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{held.day} {held:%B %Y}"


def short_day(value: date | str) -> str:
    """'20 Nov 2026'."""
    held = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{held.day} {held:%b %Y}"


def moment_shown(value: datetime | str | None) -> str:
    """'20 November 2026, 14:30'; 'not recorded' for none."""
    if not value:
        return "not recorded"
    held = datetime.fromisoformat(value) if isinstance(value, str) else value
    return f"{day_shown(held.date())}, {held:%H:%M}"


def words(code: str) -> str:
    """'cauda equina signs' for cauda_equina_signs."""
    return code.replace("_", " ").replace("-", " ")
