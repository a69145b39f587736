"""What every page of one running clinic works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from facetwise.clinic.accounts.patient_links import Links
from facetwise.clinic.accounts.users import Users
from facetwise.clinic.pathway.worklist import PathwayList
from facetwise.clinic.store.database import Database
from facetwise.clinic.store.patients import Store
from facetwise.clinic.store.settings import KeptSettings, Settings
from facetwise.web.frame.rate_limits import Limits


@dataclass(frozen=True)
class ClinicState:
    """One clinic: where it is kept, who may come in, and what time it is there.

    public_url: as patients and staff reach it, without a slash at the end. sign_ins: of the demo, shown at the door.
    """

    store: Store
    people: Users
    links: Links
    kept_settings: KeptSettings
    pathway: PathwayList
    zone: ZoneInfo
    public_url: str
    sign_ins: tuple[tuple[str, str, str], ...] = ()
    limits: Limits = field(default_factory=Limits)

    @property
    def database(self) -> Database:
        return self.store.database

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def hosts(self) -> frozenset[str]:
        """The names under which it may be asked; any other is somebody else's page playing tricks with names."""
        return frozenset({urlsplit(self.public_url).hostname or "", "127.0.0.1", "localhost", "::1"})

    def now(self) -> datetime:
        """The time at the clinic."""
        return self.database.now().astimezone(self.zone)

    def today(self) -> date:
        """The day at the clinic."""
        return self.now().date()

    def settings(self) -> Settings:
        """What the clinic chose."""
        return self.kept_settings.get()


def clinic_state(
    database: Database,
    zone: ZoneInfo,
    public_url: str,
    sign_ins: tuple[tuple[str, str, str], ...] = (),
    people: Callable[[Database], Users] = Users,
) -> ClinicState:
    """A clinic on a database. people: how they are made, where not as usual."""
    settings = KeptSettings(database)
    pathway = PathwayList(database, lambda: settings.get().policy, lambda: database.now().astimezone(zone).date())
    return ClinicState(
        store=Store(database, pathway.also_write),
        people=people(database),
        links=Links(database),
        kept_settings=settings,
        pathway=pathway,
        zone=zone,
        public_url=public_url.rstrip("/"),
        sign_ins=sign_ins,
    )
