"""Who may open a page, and whose form it is: the session, the role, the token of the form, a patient's link."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from secrets import token_bytes
from typing import Annotated, Any
from unicodedata import category
from urllib.parse import quote, urlsplit

from fastapi import Depends, Request

from facetwise.clinic.accounts.patient_links import Link
from facetwise.clinic.accounts.users import RefusedError, Role, Session, User, same
from facetwise.clinic.model.clinician_only import judgements
from facetwise.errors import FacetwiseError
from facetwise.web.frame.forms import SentForm
from facetwise.web.frame.rate_limits import LINK_ADDRESS, PATIENT_FORMS
from facetwise.web.frame.state import ClinicState

COOKIE = "facetwise"
_FIELDS = 2_000


class SignInFirstError(FacetwiseError):
    """A page that needs somebody signed in."""

    http_status = 401


class LinkEndedError(FacetwiseError):
    """A link that stood once, and does no longer."""

    http_status = 410


class NoLinkError(FacetwiseError):
    """A link that never was."""

    http_status = 404


@dataclass(frozen=True)
class LinkedPatient:
    """A patient by their own link. link: its public id, for the trail."""

    patient: str
    token: str
    link: str

    @property
    def who(self) -> str:
        """Who goes into the trail."""
        return f"patient:{self.link}"


def state_of(request: Request) -> ClinicState:
    """The running clinic."""
    state: ClinicState = request.app.state.clinic
    return state


def address_of(request: Request) -> str:
    """Where the request came from."""
    return request.client.host if request.client else "unknown"


def cookie_of(request: Request) -> str:
    """The name of the session's cookie: bound to this host where the connection is safe."""
    return f"__Host-{COOKIE}" if state_of(request).is_https else COOKIE


def session_of(request: Request) -> Session | None:
    """Who is signed in, looked up once a request."""
    if not hasattr(request.state, "session"):
        token = request.cookies.get(cookie_of(request), "")
        request.state.session = state_of(request).people.session(token)
    session: Session | None = request.state.session
    return session


def _needs(*roles: Role) -> Callable[[Request], User]:
    def person(request: Request) -> User:
        session = session_of(request)
        if session is None:
            raise SignInFirstError("Sign in first.")
        if session.person.role not in roles:
            state_of(request).people.note(session.person.sign_in, "refused", {"path": request.url.path[:200]})
            raise RefusedError(
                f"Your role ({session.person.role.value}) may not do this. Ask {' or '.join(r.value for r in roles)}."
            )
        return session.person

    return person


def refuse_judgement(request: Request, person: User, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Errors: RefusedError where somebody who is no clinician lifts a hold or a red flag, or judges a block."""
    found = judgements(before, after) if person.role is not Role.CLINICIAN else ()
    if found:
        state_of(request).people.note(
            person.sign_in, "refused", {"path": request.url.path[:200], "judgement": list(found)}
        )
        raise RefusedError(f"Only a clinician may say {' and '.join(found)}. Nothing was saved: leave that to one.")


async def _read(request: Request) -> SentForm:
    form = await request.form(max_files=0, max_fields=_FIELDS)
    values_by_name: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            value = "".join(letter for letter in value if letter in "\n\r\t" or category(letter) not in ("Cc", "Cs"))
            values_by_name.setdefault(name, []).append(value)
    request.state.version_sent = next(iter(values_by_name.get("version", ())), None)
    return SentForm({name: tuple(values) for name, values in values_by_name.items()})


async def _sent(request: Request, form: Annotated[SentForm, Depends(_read)]) -> SentForm:
    same_origin(request)
    session = session_of(request)
    if session is None:
        raise SignInFirstError("Sign in first.")
    if not same(unmasked(form.one("csrf")), session.csrf):
        state_of(request).people.note(session.person.sign_in, "form refused", {"path": request.url.path[:200]})
        raise RefusedError("This form is not yours, or is too old. Open the page again, then send it again.")
    return form


async def _sent_by_patient(request: Request, form: Annotated[SentForm, Depends(_read)]) -> SentForm:
    same_origin(request)
    return form


def same_origin(request: Request) -> None:
    """Errors: RefusedError for a form that another site's page sent."""
    origin = request.headers.get("origin")
    if origin is None:
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise RefusedError("This form came from another site. Open the page here, then send it again.")
        return
    sender, ours = urlsplit(origin), urlsplit(state_of(request).public_url)
    here = request.headers.get("host", "").lower()
    if sender.netloc.lower() not in (ours.netloc.lower(), here):
        raise RefusedError("This form came from another site. Open the page here, then send it again.")


def linked_patient(request: Request, token: str) -> LinkedPatient:
    """The patient of the link in the address. Errors: NoLinkError, LinkEndedError, TooManyError."""
    state, address = state_of(request), address_of(request)
    link = state.links.find(token)
    if link is None or not state.links.is_valid(link):  # one that stands opens, whoever guesses beside it
        state.limits.check(LINK_ADDRESS, "link", address)
        state.limits.count(LINK_ADDRESS, "link", address)
        about = {"from": address, **({"link": link.id} if link else {})}
        state.people.note("somebody", "link refused", about)
        _refuse_link(link)
    assert link is not None
    if request.method == "POST":
        state.limits.take(PATIENT_FORMS, "form", link.id)
    return LinkedPatient(link.patient, token, link.id)


def _refuse_link(link: Link | None) -> None:
    if link is None:
        raise NoLinkError("There is no such link. Check that it is whole, or ask the clinic for a new one.")
    raise LinkEndedError("This link has ended. Ask the clinic for a new one.")


def masked(csrf: str) -> str:
    """The token as a form carries it: other letters each time, so that compressing the page tells nothing of it."""
    mask, plain = token_bytes(len(csrf)), csrf.encode()
    return urlsafe_b64encode(mask + bytes(a ^ b for a, b in zip(mask, plain, strict=True))).decode()


def unmasked(text: str) -> str:
    """The token in what a form carried; '' for what is none."""
    try:
        raw = urlsafe_b64decode(text.encode())
        half = len(raw) // 2
        return bytes(a ^ b for a, b in zip(raw[:half], raw[half:], strict=True)).decode()
    except ValueError:
        return ""


def local_path(path: str) -> str:
    """A path of this clinic to go on to; the list for anything else."""
    whole = path.startswith("/") and not path.startswith(("//", "/\\")) and "\\" not in path
    return path if whole and path.isprintable() else "/"


def sign_in_path(request: Request) -> str:
    """Where to sign in, and come back from."""
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return f"/sign-in?next={quote(wanted)}" if request.method == "GET" else "/sign-in"


Reader = Annotated[User, Depends(_needs(*Role))]
Writer = Annotated[User, Depends(_needs(Role.COORDINATOR, Role.CLINICIAN, Role.ADMINISTRATOR))]
Clinician = Annotated[User, Depends(_needs(Role.CLINICIAN))]
Chooser = Annotated[User, Depends(_needs(Role.CLINICIAN, Role.ADMINISTRATOR))]
Administrator = Annotated[User, Depends(_needs(Role.ADMINISTRATOR))]
Sent = Annotated[SentForm, Depends(_sent)]
SentByPatient = Annotated[SentForm, Depends(_sent_by_patient)]
SentByAnybody = Annotated[SentForm, Depends(_sent_by_patient)]
Linked = Annotated[LinkedPatient, Depends(linked_patient)]
