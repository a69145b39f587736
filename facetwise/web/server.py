"""Runs a clinic: opens or makes up its database and serves its application until it is stopped."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from secrets import token_hex
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import uvicorn

from facetwise.clinic.accounts.users import Role, User
from facetwise.clinic.demo.clinic import made_up_clinic
from facetwise.clinic.store.database import open_database
from facetwise.errors import EngineError, InputError, UsageError
from facetwise.web.app import create_app
from facetwise.web.frame.state import ClinicState, clinic_state

_STOP_S = 10
_DEMO_SEED = 1
_DEMO_PEOPLE = (
    (Role.CLINICIAN, "clinician", "Dr Ada Example"),
    (Role.COORDINATOR, "coordinator", "Cora Ordina"),
    (Role.READER, "reader", "Rita Reader"),
    (Role.ADMINISTRATOR, "administrator", "Adam Minister"),
)


def opened(db: str, now: Callable[[], datetime], timezone: str, public_url: str) -> ClinicState:
    """The clinic at a database. Errors: UsageError for a time zone or an address that is none."""
    parts = urlsplit(public_url)
    bare = parts.path in ("", "/") and not parts.query and not parts.fragment and "@" not in parts.netloc
    if parts.scheme not in ("http", "https") or not parts.hostname or not bare:
        raise UsageError(f"'{public_url}' is not a web address without a path. Write it as https://clinic.example.")
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise UsageError(f"There is no time zone '{timezone}'. Write it as Europe/London.") from error
    return clinic_state(open_database(db, now), zone, public_url)


def with_demo(state: ClinicState, patients_n: int) -> ClinicState:
    """The same clinic filled with made-up patients and people, whose sign-ins the door shows.

    Errors: InputError where the database holds anything: made-up patients never stand among others.
    """
    if not state.people.is_empty() or next(state.store.all(), None) is not None:
        raise InputError("The database is not empty. A demo needs one of its own: leave out --db.")
    sign_ins = []
    for role, sign_in, name in _DEMO_PEOPLE:
        password = f"demo-{token_hex(5)}"
        state.people.add(User(sign_in, name, role), password, "demo")
        sign_ins.append((role.value, sign_in, password))
    chosen = replace(state.settings(), unit_name="Made-up Pain Clinic", unit_phone="01632 960000")
    state.kept_settings.put(chosen, "demo")
    state.store.add_all(made_up_clinic(state.today(), _DEMO_SEED, patients_n, state.now()), "demo")
    return replace(state, sign_ins=tuple(sign_ins))


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens there. Errors: EngineError where the port is taken or the host is not this machine's."""
    if not host:
        raise UsageError("--host is empty, which would mean everywhere. Name an address of this machine.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # named, or answers wait for the network
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise EngineError(f"Cannot listen on {host}:{port}: {error.strerror}. Give another --port.") from error
    return listening


def run(state: ClinicState, listening: socket.socket, behind_proxy: bool, started: Callable[[], None]) -> None:
    """Serve until Ctrl-C or SIGTERM, then finish what is in hand. started: called once it answers."""
    state.pathway.fresh()
    config = uvicorn.Config(
        create_app(state),
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=behind_proxy,
        timeout_graceful_shutdown=_STOP_S,
    )

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            started()

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # raised once more when all is finished
    try:
        Server(config).run([listening])
    except KeyboardInterrupt:
        sys.exit(0)
    finally:
        state.store.close()
