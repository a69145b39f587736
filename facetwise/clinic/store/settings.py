"""The clinic's settings: its name, its policy, the policies shown beside it, its advice."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update

from facetwise.clinic.store import audit_trail
from facetwise.clinic.store.database import Database
from facetwise.clinic.store.tables import SETTINGS
from facetwise.errors import FieldError
from facetwise.information.positions import ClinicChoices
from facetwise.library import policy

_NAME = "clinic"
_LONGEST = 200
_SEEN_AFTER = timedelta(seconds=3)


@dataclass(frozen=True)
class Settings:
    """The clinic's choices. choices: (conflict, option) where the sources of the patients' text differ."""

    unit_name: str = "The pain clinic"
    unit_phone: str = ""
    policy: str = "nice-ng59"
    policies: tuple[str, ...] = ("nice-ng59", "ebi-2k-guidance", "hny-2025")
    choices: tuple[tuple[str, str], ...] = ()

    def checked(self) -> Settings:
        """Itself. Errors: FieldError for a name or a number; UsageError for a policy or an option that is not known."""
        for name in (self.policy, *self.policies):
            policy(name)
        ClinicChoices(self.choices)
        if not self.unit_name.strip() or len(self.unit_name) > _LONGEST or len(self.unit_phone) > _LONGEST:
            raise FieldError(
                "unit_name", f"The clinic's name is missing, or longer than {_LONGEST} characters. Make it shorter."
            )
        return self


class KeptSettings:
    """The settings in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._cached: tuple[datetime, Settings] | None = None

    def get(self) -> Settings:
        """What was chosen, or what stands without a choice. Another process's choice is seen after a few seconds."""
        at, cached = self._database.now(), self._cached
        if cached is None or at - cached[0] > _SEEN_AFTER:
            cached = self._cached = (at, self._read())
        return cached[1]

    def _read(self) -> Settings:
        with self._database.reading() as connection:
            value = connection.execute(select(SETTINGS.c.value).where(SETTINGS.c.name == _NAME)).scalar()
        return _settings(value) if value else Settings()

    def put(self, settings: Settings, by: str) -> None:
        """Choose. Errors: as `Settings.checked`."""
        after = json.dumps(asdict(settings.checked()), sort_keys=True)
        with self._database.writing() as connection:
            before = connection.execute(select(SETTINGS.c.value).where(SETTINGS.c.name == _NAME)).scalar()
            if before is None:
                connection.execute(insert(SETTINGS).values(name=_NAME, value=after))
            else:
                connection.execute(update(SETTINGS).where(SETTINGS.c.name == _NAME).values(value=after))
            before_and_after = [json.loads(text) if text else None for text in (before, after)]
            audit_trail.note(connection, self._database.at(), by, "settings changed", *before_and_after)
        self._cached = None


def _settings(text: str) -> Settings:
    stored = json.loads(text)
    known = {field.name for field in fields(Settings)}
    values = {name: value for name, value in stored.items() if name in known}
    values["policies"] = tuple(values.get("policies", Settings.policies))
    values["choices"] = tuple((name, option) for name, option in values.get("choices", ()))
    return Settings(**values)
