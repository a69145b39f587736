"""Who may sign in, and the security log: for administrators. One's own password: for everybody."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from facetwise.clinic.accounts.users import Role, User
from facetwise.clinic.model.fields import Field, FieldKind
from facetwise.clinic.store.json_diff import changes_of
from facetwise.errors import FieldError, InputError
from facetwise.web.frame.access import Administrator, Reader, Sent, address_of, state_of
from facetwise.web.frame.change_text import places_of
from facetwise.web.frame.forms import Faults
from facetwise.web.frame.layout import back, page
from facetwise.web.frame.rate_limits import SIGN_IN_HERE

router = APIRouter()
_ROLE = Field("role", "Role", FieldKind.CHOICE, tuple(role.value for role in Role), "a role", empty="Choose a role")


@router.get("/people")
def people(request: Request, person: Administrator) -> Response:
    """Everybody, and the form for one more."""
    return _show(request, Faults(), {})


@router.post("/people")
def add(request: Request, person: Administrator, sent: Sent) -> Response:
    """Let somebody sign in."""
    faults = Faults()
    try:
        user = User(sent.one("sign_in").lower(), sent.one("name"), _role(sent.one("role")))
        state_of(request).people.add(user, sent.secret("password"), person.sign_in)
        return back("/people")
    except FieldError as error:
        faults.add(error.field, str(error))
    return _show(request, faults, {name: held for name, held in sent.values.items() if name != "password"}, 422)


@router.post("/people/{sign_in}")
def change(request: Request, sign_in: str, person: Administrator, sent: Sent) -> Response:
    """Change a role, or whether somebody may sign in; set a new password."""
    state, faults = state_of(request), Faults()
    user = next((one for one in state.people.all() if one.sign_in == sign_in), None)
    if user is None:
        raise InputError("There is no such person. Open the page again.")
    try:
        changed = User(sign_in, user.name, _role(sent.one("role")), not sent.has("blocked"))
        state.people.change(changed, person.sign_in, sent.secret("password"))
        return back("/people")
    except InputError as error:
        faults.add(f"role-{sign_in}", str(error))
    return _show(request, faults, {}, 422)


def _role(name: str) -> Role:
    if name not in {role.value for role in Role}:
        raise FieldError("role", "Choose a role from the list.")
    return Role(name)


def _show(request: Request, faults: Faults, values: dict[str, str], status: int = 200) -> Response:
    users = state_of(request).people.all()
    context = {"users": users, "roles": _ROLE.choices, "role_field": _ROLE}
    return page(request, "people.html", status, faults=faults, values=values, **context)


@router.get("/security")
def log(request: Request, person: Administrator) -> Response:
    """The latest entries of the trail that concern no record, and its head."""
    state = state_of(request)
    entries = [(entry, places_of(changes_of(entry.changes))) for entry in state.people.log()]
    return page(request, "security.html", entries=entries, head=state.store.head())


@router.get("/password")
def own(request: Request, person: Reader) -> Response:
    """The form for a new password of one's own."""
    return page(request, "password.html", faults=Faults())


@router.post("/password")
def change_own(request: Request, person: Reader, sent: Sent) -> Response:
    """Set it: whoever knows the old one. Every session ends."""
    state, faults = state_of(request), Faults()
    old, new = (sent.secret(name) for name in ("old", "password"))
    state.limits.check(SIGN_IN_HERE, "password", person.sign_in)
    if not state.people.check_password(person.sign_in, old):
        state.limits.count(SIGN_IN_HERE, "password", person.sign_in)
        state.people.note(person.sign_in, "password refused", {"from": address_of(request)})
        faults.add("old", "This is not your password. Try again")
    else:
        try:
            state.people.change(person, person.sign_in, new)
            return back("/sign-in")
        except InputError as error:
            faults.add("password", str(error))
    return page(request, "password.html", 422, faults=faults)
