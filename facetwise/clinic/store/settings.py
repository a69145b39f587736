"""What the clinic chose once for everybody: its policy, those shown beside it, its advice, how it is called."""

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
        self._held: tuple[datetime, Settings] | None = None

    def get(self) -> Settings:
        """What was chosen, or what stands without a choice. Another process's choice is seen after a few seconds."""
        at, held = self._database.now(), self._held
        if held is None or at - held[0] > _SEEN_AFTER:
            held = self._held = (at, self._read())
        return held[1]

    def _read(self) -> Settings:
        with self._database.reading() as connection:
            held = connection.execute(select(SETTINGS.c.value).where(SETTINGS.c.name == _NAME)).scalar()
        return _settings(held) if held else Settings()

    def put(self, settings: Settings, by: str) -> None:
        """Choose. Errors: as `Settings.checked`."""
        after = json.dumps(asdict(settings.checked()), sort_keys=True)
        with self._database.writing() as connection:
            before = connection.execute(select(SETTINGS.c.value).where(SETTINGS.c.name == _NAME)).scalar()
            if before is None:
                connection.execute(insert(SETTINGS).values(name=_NAME, value=after))
            else:
                connection.execute(update(SETTINGS).where(SETTINGS.c.name == _NAME).values(value=after))
            told = [json.loads(held) if held else None for held in (before, after)]
            audit_trail.note(connection, self._database.at(), by, "settings changed", *told)
        self._held = None


def _settings(held: str) -> Settings:
    given = json.loads(held)
    known = {field.name for field in fields(Settings)}
    made = {name: value for name, value in given.items() if name in known}
    made["policies"] = tuple(made.get("policies", Settings.policies))
    made["choices"] = tuple((name, option) for name, option in made.get("choices", ()))
    return Settings(**made)
