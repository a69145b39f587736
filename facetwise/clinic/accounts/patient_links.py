"""Personal links of patients: they expire, can be withdrawn, and the database holds only what a token hashes to."""

from __future__ import annotations

from dataclasses import dataclass
from secrets import token_hex, token_urlsafe

from sqlalchemy import Row, insert, select, update

from facetwise.clinic.accounts.users import hashed
from facetwise.clinic.store import audit_trail
from facetwise.clinic.store.database import Database
from facetwise.clinic.store.tables import LINKS
from facetwise.errors import InputError

DAYS = (7, 30, 90, 180, 400)
"""How long a link may stand; the longest covers the twelve months of follow-up."""
_DAY_S = 86_400
_USED_S = 3600


@dataclass(frozen=True)
class Link:
    """A link as the clinic sees it. made, ends, withdrawn, used: seconds since 1970, None where it never was."""

    id: str
    patient: str
    made: int
    made_by: str
    ends: int
    withdrawn: int | None
    used: int | None

    def is_valid(self, at: int) -> bool:
        """Whether it still opens the patient's pages."""
        return self.withdrawn is None and at < self.ends


class Links:
    """The links of one clinic's patients."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def make(self, patient: str, days: int, by: str) -> tuple[str, Link]:
        """A new token, shown this once, and its link. Errors: InputError for days that are no choice."""
        if days not in DAYS:
            raise InputError(f"A link lasts {', '.join(map(str, DAYS))} days. Choose one of them.")
        token, at = token_urlsafe(32), self._seconds()
        link = Link(token_hex(6), patient, at, by, at + days * _DAY_S, None, None)
        row = {"id": link.id, "patient": patient, "made": at, "made_by": by, "ends": link.ends}
        with self._database.writing() as connection:
            connection.execute(insert(LINKS).values(token_hash=hashed(token), **row))
            after = {"link": link.id, "for": patient, "days": days}
            audit_trail.note(connection, self._database.at(), by, "link made", after=after)
        return token, link

    def withdraw(self, patient: str, link: str, by: str) -> None:
        """End a link now."""
        with self._database.writing() as connection:
            ours = (LINKS.c.id == link) & (LINKS.c.patient == patient) & LINKS.c.withdrawn.is_(None)
            if connection.execute(update(LINKS).where(ours).values(withdrawn=self._seconds())).rowcount:
                after = {"link": link, "for": patient}
                audit_trail.note(connection, self._database.at(), by, "link withdrawn", after=after)

    def of(self, patient: str) -> list[Link]:
        """Every link of a patient, the latest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(LINKS).where(LINKS.c.patient == patient).order_by(LINKS.c.made.desc()))
            return [_link(row) for row in rows]

    def find(self, token: str) -> Link | None:
        """The link of a token, whether it still stands or not; None for one that never was."""
        if not 20 <= len(token) <= 100:
            return None
        with self._database.reading() as connection:
            row = connection.execute(select(LINKS).where(LINKS.c.token_hash == hashed(token))).first()
        if row is None:
            return None
        at = self._seconds()
        if row.used is None or row.used < at - _USED_S:
            with self._database.noting() as noting:
                if noting is not None:
                    noting.execute(update(LINKS).where(LINKS.c.id == row.id).values(used=at))
        return _link(row)

    def is_valid(self, link: Link) -> bool:
        """Whether it still opens the patient's pages."""
        return link.is_valid(self._seconds())

    def _seconds(self) -> int:
        return int(self._database.now().timestamp())


def _link(row: Row[tuple[object, ...]]) -> Link:
    return Link(row.id, row.patient, row.made, row.made_by, row.ends, row.withdrawn, row.used)
