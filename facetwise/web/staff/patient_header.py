"""What the record's policies say, as pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from facetwise.clinic.model.clinic_record import Clinic, clinic_of
from facetwise.clinic.pathway.worklist import WorklistLine
from facetwise.clinic.procedure.checklist import unrecorded
from facetwise.clinic.store.patients import Stored
from facetwise.clinic.store.settings import Settings
from facetwise.decide.decision import Decision, Outcome, decide_as_of
from facetwise.decide.record_as_of import record_as_of
from facetwise.library import POLICIES, policy
from facetwise.record.record import Record

KINDS = {Outcome.MEETS: "met", Outcome.DOES_NOT_MEET: "not-met", Outcome.CANNOT_TELL: "unknown"}


@dataclass(frozen=True)
class Patient:
    """One patient as pages show them: governing is the decision of the policy that governs them."""

    id: str
    version: int
    record: Record
    clinic: Clinic
    governing: Decision
    beside: tuple[Decision, ...]

    @property
    def name(self) -> str:
        return self.clinic.name or self.id

    @property
    def age(self) -> int | None:
        """Completed years; None where the date of birth is not recorded."""
        born, today = self.record.born, self.governing.as_of
        return None if born is None else today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def patient_of(stored: Stored, settings: Settings, today: date, every: bool = False) -> Patient:
    """A patient with the answers of the governing policy and of those shown beside it, or of all."""
    record, clinic = stored.record, clinic_of(stored.document)
    governs = clinic.policy or settings.policy
    as_of = record_as_of(record, today)
    beside = [name for name in (POLICIES if every else settings.policies) if name != governs]
    return Patient(
        stored.id,
        stored.version,
        record,
        clinic,
        decide_as_of(as_of, policy(governs), stored.id),
        tuple(decide_as_of(as_of, policy(name), stored.id) for name in beside),
    )


def acts_of(line: WorklistLine | None, patient: Patient) -> tuple[tuple[str, str], ...]:
    """What the next step leads to: (words, address)."""
    base = f"/patients/{patient.id}"
    begun = unrecorded(patient.clinic, patient.governing.as_of)
    nerves = (("Record the nerves", f"{base}/procedures/{begun}"),) if begun is not None else ()
    steps = {
        "see-to-alert": (("See to the alert", f"{base}/alerts"),),
        "diagnostic-block": (("Record a block", f"{base}/blocks/new"), ("Book it", f"{base}/details#block_booked")),
        "second-diagnostic-block": (
            ("Record the second block", f"{base}/blocks/new"),
            ("Book it", f"{base}/details#block_booked"),
        ),
        "block-booked": (("Record the block", f"{base}/blocks/new"),),
        "record-block": (("Record the block", f"{base}/blocks/new"),),
        "await-scores": (("Open the block's sheet", f"{base}/blocks/{len(patient.record.blocks) - 1}"),),
        "ask-scores": (("Open the block's sheet", f"{base}/blocks/{len(patient.record.blocks) - 1}"),),
        "patient-decides": (("Details", f"{base}/details"),),
        "offer-denervation": (
            ("Prepare the procedure", f"{base}/procedures/new"),
            ("Book it", f"{base}/details#procedure_booked"),
        ),
        "repeat-denervation": (
            ("Prepare the procedure", f"{base}/procedures/new"),
            ("Book it", f"{base}/details#procedure_booked"),
        ),
        "procedure-booked": (("Go through the checklist", f"{base}/procedures/new"),),
        "record-procedure": (("Record the procedure", f"{base}/procedures/new"),),
        "follow-up": (("Follow-up", f"{base}/follow-up"),),
        "collect-evidence": (("Answer what is missing", "#missing"),),
        "specialist-assessment": (("Change the record", f"{base}/record"),),
        "conservative-care": (("Add conservative care", f"{base}/record"),),
        "resolve-hold": (("Change the record", f"{base}/record"), *nerves),
        "record-nerves": nerves,
    }
    return steps.get(line.step if line else patient.governing.next_step.id, ())
