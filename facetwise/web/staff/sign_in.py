"""The door: signing in and out, and the first administrator of an empty clinic."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from facetwise.clinic.accounts.users import LASTS_S, RefusedError
from facetwise.errors import FieldError
from facetwise.web.frame.access import Sent, SentByAnybody, address_of, cookie_of, local_path, session_of, state_of
from facetwise.web.frame.forms import Faults, SentForm
from facetwise.web.frame.layout import back, page
from facetwise.web.frame.rate_limits import SIGN_IN_ADDRESS, SIGN_IN_HERE, SIGN_IN_NAME

router = APIRouter()


@router.get("/sign-in")
def door(request: Request, next: str = "/") -> Response:  # noqa: A002  # the name in the address
    """The form; an empty clinic asks for its administrator instead."""
    if state_of(request).people.is_empty():
        return back("/first-administrator")
    if session_of(request):
        return back(local_path(next))
    return _door(request, local_path(next), Faults(), {})


@router.post("/sign-in")
def sign_in(request: Request, sent: SentByAnybody) -> Response:
    """Sign in. A refusal never says which of the two was wrong."""
    state, address = state_of(request), address_of(request)
    name, password = sent.one("sign_in").lower(), sent.secret("password")
    limits = ((SIGN_IN_HERE, name, address), (SIGN_IN_NAME, name), (SIGN_IN_ADDRESS, address))
    for item, *key in limits:
        state.limits.check(item, "sign-in", *key)
    try:
        token, _ = state.people.sign_in(name, password, address)
    except RefusedError as error:
        for item, *key in limits:
            state.limits.count(item, "sign-in", *key)
        faults = Faults({"sign_in": str(error)})
        return _door(request, local_path(sent.one("next")), faults, sent.values, 403)
    answer = back(local_path(sent.one("next")))
    answer.set_cookie(
        cookie_of(request), token, max_age=LASTS_S, httponly=True, samesite="lax", secure=state.is_https, path="/"
    )
    return answer


def _door(request: Request, onward: str, faults: Faults, values: dict[str, str], status: int = 200) -> Response:
    sign_ins = state_of(request).sign_ins
    return page(request, "sign_in.html", status, onward=onward, faults=faults, values=values, sign_ins=sign_ins)


@router.post("/sign-out")
def sign_out(request: Request, sent: Sent) -> Response:
    """End the session."""
    state_of(request).people.sign_out(request.cookies.get(cookie_of(request), ""))
    answer = back("/sign-in")
    answer.delete_cookie(cookie_of(request), path="/")
    return answer


@router.get("/first-administrator")
def first(request: Request) -> Response:
    """The form that an empty clinic shows once."""
    if not state_of(request).people.is_empty():
        return back("/sign-in")
    return page(request, "first_administrator.html", faults=Faults(), values={})


@router.post("/first-administrator")
def make_first(request: Request, sent: SentByAnybody) -> Response:
    """Make the first administrator, once."""
    faults = Faults()
    password = sent.secret("password")
    if password != sent.secret("again"):
        faults.add("again", "The two passwords differ. Type the same one twice")
    if not faults:
        try:
            state_of(request).people.add_first(sent.one("sign_in").lower(), sent.one("name"), password)
            return back("/sign-in")
        except FieldError as error:
            faults.add(error.field, str(error))
    return page(request, "first_administrator.html", 422, faults=faults, values=_without_passwords(sent))


def _without_passwords(sent: SentForm) -> dict[str, str]:
    return {name: value for name, value in sent.values.items() if name not in ("password", "again")}
