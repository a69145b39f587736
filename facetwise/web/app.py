"""The clinic's web application: its pages, and the response to each error."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Scope

from facetwise.clinic.store.patients import ConflictError
from facetwise.errors import EngineError, FacetwiseError
from facetwise.web.frame.access import SignInFirstError, cookie_of, sign_in_path
from facetwise.web.frame.layout import ASSETS, asset, page, page_without_store, templates
from facetwise.web.frame.security_headers import Guard
from facetwise.web.frame.state import ClinicState
from facetwise.web.patient import block_sheet_page, home_pages
from facetwise.web.staff import (
    block_page,
    conflict_page,
    details_page,
    diary_page,
    event_page,
    export_page,
    follow_up_page,
    information_page,
    letters_page,
    links_page,
    patient_page,
    procedure_page,
    record_page,
    settings_page,
    sign_in,
    users_page,
    worklist_page,
)

ROUTERS = (
    sign_in.router,
    block_page.router,
    diary_page.router,
    home_pages.router,
    block_sheet_page.router,
    worklist_page.router,
    event_page.router,
    export_page.router,
    details_page.router,
    record_page.router,  # before the next, whose address takes any name
    patient_page.router,
    information_page.router,
    letters_page.router,
    links_page.router,
    users_page.router,
    procedure_page.router,
    follow_up_page.router,
    settings_page.router,
)
_NO_STORE = "Nothing was saved. Wait a minute and try again; if it goes on, tell whoever looks after Facetwise."
_YEAR = "public, max-age=31536000, immutable"
_HEADINGS = {
    401: "Sign in first",
    403: "You may not do that",
    404: "There is no such page",
    405: "That cannot be done here",
    410: "This link has ended",
    413: "That is too large",
    422: "That could not be used",
    429: "Too many tries",
    503: "The clinic's database does not answer",
}


class _Assets(StaticFiles):
    """Files that never change under their address."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = _YEAR
        return response


def create_app(state: ClinicState) -> ASGIApp:
    """The application of one clinic. Errors: EngineError where the stylesheet was not fetched."""
    for needed in ("nhsuk.css", "htmx.js", "clinic.css", "clinic.js"):
        asset(needed)
    templates()
    app = FastAPI(title="Facetwise", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.clinic = state
    app.mount("/assets", _Assets(directory=ASSETS), name="assets")
    for router in ROUTERS:
        app.include_router(router)
    app.add_api_route("/health", _health, include_in_schema=False)
    app.add_exception_handler(FacetwiseError, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _not_found)
    app.add_exception_handler(Exception, _failed)
    app.add_middleware(GZipMiddleware, minimum_size=600, compresslevel=6)
    return Guard(app, hosts=state.hosts, https=state.is_https)  # around everything, failures too


def _health(request: Request) -> JSONResponse:
    """Whether the store answers."""
    state: ClinicState = request.app.state.clinic
    state.store.head()
    return JSONResponse({"status": "ok"})


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, FacetwiseError)
    if request.url.path == "/health":
        return JSONResponse({"status": "failed"}, 503)
    if isinstance(error, ConflictError):
        return conflict_page.show(request, error)
    if isinstance(error, SignInFirstError) and request.method == "GET":
        answer = RedirectResponse(sign_in_path(request), 303)
        answer.delete_cookie(cookie_of(request), path="/")
        return answer
    return _error(request, error.http_status, _NO_STORE if isinstance(error, EngineError) else str(error))


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    says = "Check the address." if error.status_code == 404 else "Go back, and try another way."
    return _error(request, error.status_code, says)


def _not_found(request: Request, _: Exception) -> Response:
    return _error(request, 404, "Check the address.")


def _failed(request: Request, _: Exception) -> Response:
    return _error(request, 500, "Nothing was saved. Try again; if it fails again, tell whoever looks after Facetwise.")


def _error(request: Request, status: int, says: str) -> Response:
    heading = _HEADINGS.get(status, "Something went wrong" if status >= 500 else "That could not be done")
    template = "my_error.html" if request.url.path.startswith("/my/") else "error.html"
    try:
        return page(request, template, status, heading=heading, says=says)
    except EngineError:
        return page_without_store(request, template, status, heading=heading, says=says)
