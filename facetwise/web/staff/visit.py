"""One patient's page as somebody opens it, or sends a form of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response

from facetwise.clinic.accounts.users import Role, User
from facetwise.clinic.model.clinic_record import Clinic, clinic_of
from facetwise.clinic.store.patients import Stored
from facetwise.clinic.store.settings import Settings
from facetwise.web.frame.access import Clinician, Reader, Sent, Writer, state_of
from facetwise.web.frame.forms import Faults, SentForm, version_of
from facetwise.web.frame.layout import back, page
from facetwise.web.frame.state import ClinicState
from facetwise.web.staff.patient_header import Patient, patient_of


@dataclass(frozen=True)
class Visit:
    """A patient of the clinic, and who looks at the page. faults: what was wrong with a form that was sent."""

    request: Request
    person: User
    stored: Stored
    faults: Faults = field(default_factory=Faults)

    @property
    def state(self) -> ClinicState:
        return state_of(self.request)

    @cached_property
    def settings(self) -> Settings:
        return self.state.settings()

    @property
    def document(self) -> Mapping[str, Any]:
        return self.stored.document

    @cached_property
    def clinic(self) -> Clinic:
        return clinic_of(self.document)

    @cached_property
    def patient(self) -> Patient:
        return patient_of(self.stored, self.settings, self.today)

    @property
    def url(self) -> str:
        """The address of the patient's page."""
        return f"/patients/{quote(self.stored.id, safe='')}"

    @property
    def today(self) -> date:
        return self.state.today()

    @property
    def now(self) -> datetime:
        return self.state.now()

    @property
    def may_write(self) -> bool:
        return self.person.role is not Role.READER

    @property
    def may_judge(self) -> bool:
        return self.person.role is Role.CLINICIAN

    def page(self, template: str, status: int = 200, **context: Any) -> HTMLResponse:
        """A page about the patient. Context that is given replaces what every such page has."""
        shared = {
            "patient": context.get("patient") or self.patient,
            "faults": self.faults,
            "may_write": self.may_write,
            "may_judge": self.may_judge,
        }
        return page(self.request, template, status, **{**shared, **context})


@dataclass(frozen=True)
class SentVisit(Visit):
    """A form about a patient that somebody sent."""

    sent: SentForm = field(default_factory=lambda: SentForm({}))

    def save(self, document: Mapping[str, Any]) -> Stored:
        """The patient as saved over the version of the form. Errors: ConflictError, InputError."""
        return self.state.store.save(self.stored.id, document, version_of(self.sent), self.person.sign_in)

    def change(self, make: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Stored:
        """The patient with a change made to whatever is recorded by now. Errors: InputError."""
        return self.state.store.change(self.stored.id, make, self.person.sign_in)

    def saved(self, document: Mapping[str, Any], path: str) -> Response:
        """The way on to a page of the patient, once the record is saved. Errors: as `save`."""
        self.save(document)
        return back(f"{self.url}{path}")


def _opened(request: Request, patient: str, person: Reader) -> Visit:
    return Visit(request, person, state_of(request).store.get(patient))


def _editing(request: Request, patient: str, person: Writer) -> Visit:
    return Visit(request, person, state_of(request).store.get(patient))


def _sent(request: Request, patient: str, person: Writer, sent: Sent) -> SentVisit:
    return SentVisit(request, person, state_of(request).store.get(patient), sent=sent)


def _judged(request: Request, patient: str, person: Clinician, sent: Sent) -> SentVisit:
    return SentVisit(request, person, state_of(request).store.get(patient), sent=sent)


Opened = Annotated[Visit, Depends(_opened)]
"""A page that everybody of the clinic may open."""
Editing = Annotated[Visit, Depends(_editing)]
"""A page with a form, for those who may write."""
SentByWriter = Annotated[SentVisit, Depends(_sent)]
SentByClinician = Annotated[SentVisit, Depends(_judged)]
