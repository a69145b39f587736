"""The list of patients as rows of the database: written with each record, read by filter, search and page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from importlib.metadata import version

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, delete, func, insert, or_, select

from facetwise.clinic.pathway.status import NEVER, TELLING, listed
from facetwise.clinic.store.database import Database
from facetwise.clinic.store.patients import Stored
from facetwise.clinic.store.tables import PATHWAY, PATIENTS, SETTINGS
from facetwise.library import policy
from facetwise.record.parse import parsed

PAGE = 50
SORTS = ("first", "name", "day", "stage")
_BATCH = 500
NOTHING = "\ufffd"
"""What no name holds: a search for letters that cannot be printed."""
_RENEWED_BY = "list told by"


@dataclass(frozen=True)
class WorklistLine:
    """One line of the list. day: '' for none; overdue: due before today."""

    patient: str
    name: str
    rank: int
    stage: str
    step: str
    says: str
    holder: str
    day: str
    day_is: str
    overdue: bool
    flags: tuple[str, ...]
    policy: str
    outcome: str


@dataclass(frozen=True)
class Sought:
    """What of the list is asked for. Empty is everything. show: 'first' only alerts, red flags and holds; 'overdue'."""

    text: str = ""
    stage: str = ""
    holder: str = ""
    policy: str = ""
    show: str = ""
    sort: str = "first"
    page: int = 1


@dataclass(frozen=True)
class WorklistPage:
    """One page of the list, and how many there are in all."""

    lines: tuple[WorklistLine, ...]
    n: int
    page: int
    pages: int


_PLAIN = tuple(field.name for field in fields(WorklistLine) if field.name not in ("day", "overdue", "flags"))
"""The fields of a line that stand in a column of the same name."""


class PathwayList:
    """The list of one clinic. own_policy: asks which policy is the clinic's."""

    def __init__(self, database: Database, own_policy: Callable[[], str], today: Callable[[], date]) -> None:
        self._database = database
        self._own_policy = own_policy
        self._today = today
        self._library = version("facetwise")
        self._renewed: tuple[date, str] | None = None

    def also_write(self, connection: Connection, stored: Stored) -> None:
        """Write a patient's line in the transaction that saves the record."""
        self._write(connection, [stored])

    def _write(self, connection: Connection, every: list[Stored]) -> None:
        own, today = self._own_policy(), self._today()
        rows = []
        for stored in every:
            row = listed(stored.document, own, today)
            values = {**vars(row), **vars(row.next), "patient": stored.id, "name": row.name[:200]}
            values |= {"flags": json.dumps(row.flags), "day": row.next.day.isoformat(), "until": row.until.isoformat()}
            rows.append({column.name: values[column.name] for column in PATHWAY.columns})
        if rows:
            connection.execute(delete(PATHWAY).where(PATHWAY.c.patient.in_([stored.id for stored in every])))
            connection.execute(insert(PATHWAY), rows)

    def renew(self, everybody: bool = False) -> int:
        """How many lines were renewed: those whose day has come, or all of them."""
        today = self._today()
        stale = select(PATIENTS).outerjoin(PATHWAY, PATHWAY.c.patient == PATIENTS.c.id).order_by(PATIENTS.c.id)
        if not everybody:
            stale = stale.where(or_(PATHWAY.c.until <= today.isoformat(), PATHWAY.c.patient.is_(None)))
        renewed_n, last = 0, ""
        while True:
            with self._database.writing() as connection:
                rows = connection.execute(stale.where(PATIENTS.c.id > last).limit(_BATCH)).all()
                every = [Stored(row.id, row.version, parsed(row.record.encode(), row.id)) for row in rows]
                self._write(connection, every)
            renewed_n += len(every)
            if len(every) < _BATCH:
                return renewed_n
            last = every[-1].id

    def find(self, sought: Sought) -> WorklistPage:
        """One page of what is asked for."""
        self.fresh()
        wanted = _where(sought, self._today())
        with self._database.reading() as connection:
            n = connection.execute(select(func.count()).select_from(PATHWAY).where(wanted)).scalar_one()
            pages = max(1, -(-n // PAGE))
            page = min(max(1, sought.page), pages)
            rows = connection.execute(_ordered(sought).where(wanted).limit(PAGE).offset((page - 1) * PAGE))
            return WorklistPage(tuple(self._line(row) for row in rows), n, page, pages)

    def all(self, sought: Sought) -> Iterator[WorklistLine]:
        """All of what is asked for."""
        self.fresh()
        with self._database.reading() as connection:
            for row in connection.execute(_ordered(sought).where(_where(sought, self._today()))):
                yield self._line(row)

    def of(self, patient: str) -> WorklistLine | None:
        """The line of one patient."""
        self.fresh()
        with self._database.reading() as connection:
            row = connection.execute(select(PATHWAY).where(PATHWAY.c.patient == patient)).first()
        return self._line(row) if row else None

    def counts(self) -> dict[str, int]:
        """How many patients each stage holds, those who come first under 'first', those overdue under 'overdue'."""
        self.fresh()
        today = self._today()
        with self._database.reading() as connection:
            by_stage = connection.execute(select(PATHWAY.c.stage, func.count()).group_by(PATHWAY.c.stage))
            found = {stage: int(n) for stage, n in by_stage}
            for show in ("first", "overdue"):
                wanted = _where(Sought(show=show), today)
                found[show] = connection.execute(select(func.count()).select_from(PATHWAY).where(wanted)).scalar_one()
        return found

    def fresh(self) -> None:
        """Renew, once a day, the lines whose day has come; all of them under another policy, library or TELLING."""
        own = self._own_policy()
        version = (self._today(), f"{self._library} {TELLING} {policy(own).version} {own}")
        if self._renewed == version:
            return
        with self._database.reading() as connection:
            stored = connection.execute(select(SETTINGS.c.value).where(SETTINGS.c.name == _RENEWED_BY)).scalar()
        self.renew(everybody=stored != version[1])
        if stored != version[1]:
            with self._database.writing() as connection:
                connection.execute(delete(SETTINGS).where(SETTINGS.c.name == _RENEWED_BY))
                connection.execute(insert(SETTINGS).values(name=_RENEWED_BY, value=version[1]))
        self._renewed = version

    def _line(self, row: Row[tuple[object, ...]]) -> WorklistLine:
        day = "" if row.day == NEVER.isoformat() else row.day
        overdue = bool(day) and row.day_is == "due" and day < self._today().isoformat()
        plain = {name: getattr(row, name) for name in _PLAIN}
        return WorklistLine(**plain, day=day, overdue=overdue, flags=tuple(json.loads(row.flags)))


def _ordered(sought: Sought) -> Select[tuple[object, ...]]:
    order = {
        "name": (PATHWAY.c.name, PATHWAY.c.patient),
        "day": (PATHWAY.c.day, PATHWAY.c.name, PATHWAY.c.patient),
        "stage": (PATHWAY.c.stage, PATHWAY.c.rank, PATHWAY.c.day, PATHWAY.c.patient),
    }.get(sought.sort, (PATHWAY.c.rank, PATHWAY.c.day, PATHWAY.c.name, PATHWAY.c.patient))
    return select(PATHWAY).order_by(*order)


def _where(sought: Sought, today: date) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = [PATHWAY.c.rank >= 0]
    for column, value in (("stage", sought.stage), ("holder", sought.holder), ("policy", sought.policy)):
        if value:
            parts.append(PATHWAY.c[column] == value)
    words = ("".join(letter for letter in word if letter.isprintable()) or NOTHING for word in sought.text.split()[:8])
    parts += [PATHWAY.c.search.contains(word.lower(), autoescape=True) for word in words]
    if sought.show == "first":
        parts.append(PATHWAY.c.rank < 5)
    if sought.show == "overdue":
        parts += [PATHWAY.c.day_is == "due", PATHWAY.c.day < today.isoformat()]
    return and_(*parts)
