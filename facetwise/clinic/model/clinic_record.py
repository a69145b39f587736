"""The `clinic` part of a record, beyond what policies ask: names, needs, sheets, nerves, diary, alerts.

`decide` never looks in here. Absent is unknown, as in the record. Times are of the clinic's place, with their offset.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from facetwise.record.field_types import Day, Flag, Many, OfTen, Percent, Positive, Text, fault
from facetwise.record.parse import part_of
from facetwise.record.record import Levels, Part, Side, Technique

_FIRST_YEAR, _LAST_YEAR = 1900, 2200


def moment(value: object) -> datetime:
    """A time with its offset, such as 2026-11-20T09:30:00+00:00."""
    try:
        time = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError as error:
        raise fault("moment", "is no time. Write it as 2026-11-20T09:30:00+00:00") from error
    if time.tzinfo is None:
        raise fault("moment", "has no offset. Write it as 2026-11-20T09:30:00+00:00")
    if not _FIRST_YEAR <= time.year <= _LAST_YEAR:  # at the ends of the calendar no other zone's time can be told
        raise fault("moment", f"is of a year before {_FIRST_YEAR} or after {_LAST_YEAR}. Check the year")
    return time


Moment = Annotated[datetime, BeforeValidator(moment), WithJsonSchema({"type": "string", "format": "date-time"})]
Who = Literal["patient", "staff"]
Need = Literal["large-print", "easy-read", "audio", "bsl", "interpreter", "email", "text-message", "carer", "hearing"]
Holder = Literal["patient", "clinician", "coordinator", "referrer"]
Stage = Literal["information", "work-up", "block", "preparation", "recovery", "follow-up", "repeat", "ended"]


class Reading(Part):
    """One score on a block's sheet: minutes after the block, when it was felt, when and by whom it was entered.

    received_at: when it reached the clinic, where it waited on a telephone without a network.
    """

    minutes: Positive
    score: OfTen
    felt_at: Moment | None = None
    entered_at: Moment
    received_at: Moment | None = None
    by: Who


class Sheet(Part):
    """The sheet of one block. block: its place in `blocks`; target: the pain that is scored; movement: what provokes it.

    id: lasting, whatever is corrected of the block and wherever its place moves (`marks.py`).
    """

    id: Text | None = None
    block: Annotated[int, Field(ge=0)]
    done_at: Moment | None = None
    target: Text | None = None
    movement: Text | None = None
    before_entered_at: Moment | None = None
    before_by: Who | None = None
    readings: Annotated[tuple[Reading, ...], Many] = ()
    medicines: Text | None = None
    nerves: Annotated[tuple[Text, ...], Many] = ()


class Nerve(Part):
    """One nerve that was worked on, on one side. lesion: whether one was made there; the lesion's settings follow."""

    nerve: Text
    side: Side
    joints: Levels | None = None
    sensory_volts: Positive | None = None
    sensory_felt: Flag | None = None
    motor_volts: Positive | None = None
    motor_leg_or_arm: Flag | None = None
    temperature_c: Positive | None = None
    seconds: Positive | None = None
    repositioned: Annotated[int, Field(ge=0, le=50)] | None = None
    anaesthetic: Text | None = None
    steroid: Text | None = None
    lesion: Flag | None = None


class Checklist(Part):
    """Before the procedure: each asked or not yet. holds_cleared is by a named person; cleared: which holds those were."""

    consent: Flag | None = None
    identity_and_site: Flag | None = None
    blood_thinners_asked: Flag | None = None
    escort: Flag | None = None
    allergies_asked: Flag | None = None
    pregnancy_asked: Flag | None = None
    infection_asked: Flag | None = None
    devices_asked: Flag | None = None
    holds_cleared: Flag | None = None
    cleared: Annotated[tuple[Text, ...], Many] = ()
    by: Text | None = None
    at: Moment | None = None


class WentOn(Part):
    """A clinician's written reason to go on despite what stood against it. despite: what that was, by its ids."""

    why: Text
    by: Text
    at: Moment
    despite: Annotated[tuple[Text, ...], Many] = ()


class Procedure(Part):
    """One denervation in detail. planned: its day.

    denervation: its place in `denervations` of the record, None while nothing is known to have been treated; also: the
    further places, where the joints of the two sides or of two regions differ and one entry could not say so.
    withdrawn: its denervation was taken off the record as a mistake; what was written down of it stays.
    stopped: it ended without a lesion, so that nothing is awaited from it.
    """

    denervation: Annotated[int, Field(ge=0)] | None = None
    also: Annotated[tuple[Annotated[int, Field(ge=0)], ...], Many] = ()
    planned: Day | None = None
    started: Moment | None = None
    went_on: WentOn | None = None
    technique: Technique | None = None
    checklist: Checklist = Checklist()
    operator: Text | None = None
    guidance: Literal["fluoroscopy", "ct", "ultrasound"] | None = None
    sedation: Flag | None = None
    nerves: Annotated[tuple[Nerve, ...], Many] = ()
    events: Annotated[tuple[Text, ...], Many] = ()
    opcs: Annotated[tuple[Text, ...], Many] = ()
    icd10: Annotated[tuple[Text, ...], Many] = ()
    admission_method: Text | None = None
    administrative_category: Text | None = None
    withdrawn: Flag | None = None
    stopped: Flag | None = None
    why_stopped: Text | None = None


class DiaryEntry(Part):
    """One entry of the diary; several a day are usual. id: made where it was written, so that no entry is kept twice.

    received_at: when it reached the clinic, where it waited on a telephone without a network.
    """

    id: Text
    felt_at: Moment
    entered_at: Moment
    received_at: Moment | None = None
    score: OfTen
    place: Text | None = None
    doing: Text | None = None
    medicines: Text | None = None
    notes: Text | None = None
    by: Who = "patient"


class Call(Part):
    """What somebody of the clinic did about an alert without closing it, such as a call that nobody took."""

    says: Text
    by: Text
    at: Moment


class Alert(Part):
    """A sign that the patient ticked. It stays first on the list until somebody of the clinic has seen to it.

    confirmed, ruled_out: the conditions of the record that a clinician found to be so, or not, when it was closed.
    received_at: when it reached the clinic, where it waited on a telephone without a network.
    """

    id: Text
    at: Moment
    received_at: Moment | None = None
    signs: Annotated[tuple[Text, ...], Many]
    where: Text
    seen_by: Text | None = None
    seen_at: Moment | None = None
    done: Text | None = None
    calls: Annotated[tuple[Call, ...], Many] = ()
    confirmed: Annotated[tuple[Text, ...], Many] = ()
    ruled_out: Annotated[tuple[Text, ...], Many] = ()


class FollowUp(Part):
    """One planned look at the result of a denervation. due: weeks or months after it, as a day."""

    id: Text
    denervation: Annotated[int, Field(ge=0)]
    due: Day
    name: Text
    done: Day | None = None
    note: Text | None = None
    percent: Percent | None = None


class Plan(Part):
    """What was agreed to come next beyond what the policies say, and who holds it.

    step: the step for which it was agreed; None is any, as in records from before that was kept.
    """

    holder: Holder | None = None
    note: Text | None = None
    due: Day | None = None
    step: Text | None = None
    ended: Flag | None = None
    why_ended: Text | None = None

    @property
    def is_made(self) -> bool:
        return bool(self.holder or self.note or self.due)

    def holds_for(self, step: str) -> bool:
        """Whether it was agreed for that step."""
        return self.step in (None, step)


class Clinic(Part):
    """The `clinic` part of a record."""

    name: Text | None = None
    hospital_number: Text | None = None
    phone: Text | None = None
    email: Text | None = None
    policy: Text | None = None
    """The policy that governs this patient, where it is not the clinic's own."""
    needs: Annotated[tuple[Need, ...], Many] = ()
    needs_note: Text | None = None
    needs_reviewed: Day | None = None
    drives: Flag | None = None
    sedation_planned: Flag | None = None
    informed: Day | None = None
    """The day on which information and choice were talked through."""
    choice: Literal["go-on", "not-now", "no"] | None = None
    block_booked: Day | None = None
    procedure_booked: Day | None = None
    plan: Plan = Plan()
    sheets: Annotated[tuple[Sheet, ...], Many] = ()
    procedures: Annotated[tuple[Procedure, ...], Many] = ()
    follow_ups: Annotated[tuple[FollowUp, ...], Many] = ()
    diary: Annotated[tuple[DiaryEntry, ...], Many] = ()
    alerts: Annotated[tuple[Alert, ...], Many] = ()
    questions: Annotated[tuple[Text, ...], Many] = ()
    """What the patient wants to ask."""

    def to_json(self) -> dict[str, Any]:
        """As it stands in a record: what is not known is left out."""
        plain: dict[str, Any] = _plain(self.model_dump(exclude_none=True, exclude_defaults=True, by_alias=True))
        return plain


def clinic_of(document: Mapping[str, Any]) -> Clinic:
    """The `clinic` part of a record as JSON. Errors: InputError that names every faulty path."""
    return part_of(Clinic, document.get("clinic") or {}, "the clinic part")


def with_clinic(document: Mapping[str, Any], clinic: Clinic) -> dict[str, Any]:
    """The record with that `clinic` part."""
    return {**document, "clinic": clinic.to_json()}


def _plain(value: Any) -> Any:
    match value:
        case datetime() | date():
            return value.isoformat()
        case dict():
            return {name: _plain(held) for name, held in value.items()}
        case list() | tuple():
            return [_plain(held) for held in value]
        case _:
            return value
