"""Who may sign in, with which role, and who is signed in. Passwords by Argon2; sessions live in the database."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from secrets import token_urlsafe

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Row, delete, func, insert, select, update

from facetwise.clinic.store import audit_trail
from facetwise.clinic.store.database import Database
from facetwise.clinic.store.tables import PEOPLE, SESSIONS
from facetwise.errors import FacetwiseError, FieldError, InputError

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 200
LASTS_S, IDLE_S = 12 * 3600, 60 * 60
"""A session ends after a working day, or after an hour in which nothing was asked."""
_SEEN_S = 60  # noting each request would be a write each
_SIGN_IN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,79}")


class Role(Enum):
    """What a person may do: read; also write; also judge and clear; also look after people and settings."""

    READER = "reader"
    COORDINATOR = "coordinator"
    CLINICIAN = "clinician"
    ADMINISTRATOR = "administrator"


class RefusedError(FacetwiseError):
    """A sign-in or an action that is not allowed."""

    exit_code = 5
    http_status = 403


@dataclass(frozen=True)
class User:
    """Somebody who may sign in."""

    sign_in: str
    name: str
    role: Role
    active: bool = True


@dataclass(frozen=True)
class Session:
    """Somebody signed in. csrf: the token that every form carries."""

    person: User
    csrf: str


class Users:
    """The people of one clinic and their sessions."""

    def __init__(self, database: Database, hasher: PasswordHasher | None = None) -> None:
        self._database = database
        self._hasher = hasher or PasswordHasher()
        self._nobody = self._hasher.hash(token_urlsafe())  # so that an unknown name takes as long as a wrong password

    def is_empty(self) -> bool:
        """Whether the first administrator is still to be made."""
        with self._database.reading() as connection:
            return connection.execute(select(func.count()).select_from(PEOPLE)).scalar_one() == 0

    def all(self) -> list[User]:
        """Everybody, by name."""
        with self._database.reading() as connection:
            return [_person(row) for row in connection.execute(select(PEOPLE).order_by(PEOPLE.c.name))]

    def add_first(self, sign_in: str, name: str, password: str) -> User:
        """Make the first administrator. Errors: RefusedError once there is anybody; InputError."""
        return self._add(User(sign_in, name, Role.ADMINISTRATOR), password, sign_in, first=True)

    def add(self, person: User, password: str, by: str) -> User:
        """Let somebody sign in. Errors: InputError for a name that is taken or a password that is too short."""
        return self._add(person, password, by, first=False)

    def _add(self, person: User, password: str, by: str, first: bool) -> User:
        if not _SIGN_IN.fullmatch(person.sign_in):
            raise FieldError(
                "sign_in", "A sign-in name has 2 to 80 lower-case letters, digits or . _ @ -. Choose another."
            )
        if not person.name.strip() or len(person.name) > 200:
            raise FieldError(
                "name", "The name is missing, or longer than 200 characters. Enter it as it should appear on letters."
            )
        hashed = self._hasher.hash(_long_enough(password))
        with self._database.writing() as connection:
            sign_ins = connection.execute(select(PEOPLE.c.sign_in)).scalars().all()
            if first and sign_ins:
                raise RefusedError("There is an administrator already. Sign in, or ask them.")
            if person.sign_in in sign_ins:
                raise FieldError("sign_in", f"There is a {person.sign_in} already. Choose another sign-in name.")
            row = {"sign_in": person.sign_in, "name": person.name.strip(), "role": person.role.value}
            connection.execute(insert(PEOPLE).values(**row, password=hashed, active=True))
            self._note(connection, by, "person added", after=row)
        return person

    def change(self, person: User, by: str, password: str = "") -> None:
        """Change a name, a role, whether somebody may sign in, or the password. Ends that person's sessions.

        Errors: InputError, and where no administrator would be left.
        """
        row = {"name": person.name, "role": person.role.value, "active": person.active}
        hashed = {"password": self._hasher.hash(_long_enough(password))} if password else {}
        with self._database.writing() as connection:
            before = self._row(connection, person.sign_in)
            if before is None:
                raise InputError(f"There is no {person.sign_in}. Check the sign-in name.")
            changed = update(PEOPLE).where(PEOPLE.c.sign_in == person.sign_in)
            connection.execute(changed.values(**row, **hashed))
            admins = select(func.count()).where(PEOPLE.c.role == Role.ADMINISTRATOR.value, PEOPLE.c.active)
            if connection.execute(admins).scalar_one() == 0:
                raise InputError("Nobody would be left to manage people. Make another administrator first.")
            connection.execute(delete(SESSIONS).where(SESSIONS.c.sign_in == person.sign_in))
            was = {"name": before.name, "role": before.role, "active": before.active}
            did = "password changed" if hashed and was == row else "person changed"
            self._note(connection, by, did, {"sign_in": person.sign_in, **was}, {"sign_in": person.sign_in, **row})

    def sign_in(self, sign_in: str, password: str, address: str) -> tuple[str, Session]:
        """The cookie's token and the session. Errors: RefusedError, in the same words whatever was wrong."""
        with self._database.reading() as connection:
            row = self._row(connection, sign_in)
        good = self._verified(row.password if row else self._nobody, password[:LONGEST_PASSWORD])
        if row is None or not good or not row.active:
            self.note(_for_log(sign_in), "sign-in refused", {"from": address})
            raise RefusedError("The sign-in name or the password is not right. Try again, or ask the administrator.")
        token, csrf, at = token_urlsafe(32), token_urlsafe(32), self._seconds()
        with self._database.writing() as connection:
            connection.execute(delete(SESSIONS).where((SESSIONS.c.ends < at) | (SESSIONS.c.seen < at - IDLE_S)))
            values = {"sign_in": row.sign_in, "csrf": csrf, "seen": at, "ends": at + LASTS_S}
            connection.execute(insert(SESSIONS).values(token_hash=hashed(token), **values))
            if self._hasher.check_needs_rehash(row.password):
                renewed = update(PEOPLE).where(PEOPLE.c.sign_in == row.sign_in)
                connection.execute(renewed.values(password=self._hasher.hash(password)))
            self._note(connection, row.sign_in, "signed in", after={"from": address})
        return token, Session(_person(row), csrf)

    def check_password(self, sign_in: str, password: str) -> bool:
        """Whether this is that person's password."""
        with self._database.reading() as connection:
            row = self._row(connection, sign_in)
        return row is not None and self._verified(row.password, password[:LONGEST_PASSWORD])

    def session(self, token: str) -> Session | None:
        """Who a cookie belongs to; None when it is unknown, has ended, or the person may no longer sign in."""
        if not token or len(token) > 100:
            return None
        at = self._seconds()
        sought = (
            select(SESSIONS, PEOPLE)
            .join(PEOPLE, PEOPLE.c.sign_in == SESSIONS.c.sign_in)
            .where(SESSIONS.c.token_hash == hashed(token), SESSIONS.c.ends > at, PEOPLE.c.active)
        )
        with self._database.reading() as connection:
            row = connection.execute(sought).first()
        if row is None or row.seen < at - IDLE_S:
            return None
        if row.seen < at - _SEEN_S:
            with self._database.noting() as noting:
                if noting is not None:
                    noting.execute(update(SESSIONS).where(SESSIONS.c.token_hash == hashed(token)).values(seen=at))
        return Session(_person(row), row.csrf)

    def sign_out(self, token: str) -> None:
        """End a session."""
        with self._database.writing() as connection:
            row = connection.execute(select(SESSIONS.c.sign_in).where(SESSIONS.c.token_hash == hashed(token))).first()
            if row is not None:
                connection.execute(delete(SESSIONS).where(SESSIONS.c.token_hash == hashed(token)))
                self._note(connection, row.sign_in, "signed out")

    def note(self, who: str, did: str, about: Mapping[str, object] | None = None) -> None:
        """Write into the security log, which is the trail's entries that concern no record."""
        with self._database.writing() as connection:
            self._note(connection, who, did, after=about)

    def log(self, limit: int = 500) -> list[audit_trail.Entry]:
        """The security log, the latest first."""
        with self._database.reading() as connection:
            return audit_trail.notes(connection, limit)

    def _note(
        self,
        connection: Connection,
        who: str,
        did: str,
        before: Mapping[str, object] | None = None,
        after: Mapping[str, object] | None = None,
    ) -> None:
        audit_trail.note(connection, self._database.at(), who, did, before, after)

    def _row(self, connection: Connection, sign_in: str) -> Row[tuple[object, ...]] | None:
        return connection.execute(select(PEOPLE).where(PEOPLE.c.sign_in == sign_in)).first()

    def _verified(self, stored_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored_hash, password)
        except (VerificationError, InvalidHashError):
            return False

    def _seconds(self) -> int:
        return int(self._database.now().timestamp())


def hashed(token: str) -> str:
    """What is kept of a token: SHA-256, for tokens of 256 random bits need no slower one."""
    return sha256(token.encode()).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two tokens are the same, in a time that tells nothing."""
    return hmac.compare_digest(one.encode(), other.encode())


def _long_enough(password: str) -> str:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise FieldError(
            "password",
            f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters. Three unrelated words work well.",
        )
    return password


def _for_log(sign_in: str) -> str:
    """A name that somebody typed, fit for a log: it may be anything, a password even."""
    return sign_in if _SIGN_IN.fullmatch(sign_in) and len(sign_in) <= 40 else "somebody"


def _person(row: Row[tuple[object, ...]]) -> User:
    return User(row.sign_in, row.name, Role(row.role), row.active)
