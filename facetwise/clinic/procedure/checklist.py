"""Before a denervation: the checklist, what stands against starting, and how a clinician goes on nevertheless.

Nothing here clears anybody. A hold is cleared by a clinician, by name; whatever else stands against it is resolved, or
outweighed by a clinician in writing. What nobody asked stands against it too: not asked is not "no".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from facetwise.clinic.model.clinic_record import Checklist, Clinic, Nerve, Procedure, WentOn, clinic_of, with_clinic
from facetwise.clinic.model.dates_text import written
from facetwise.clinic.model.nerves import joints_of, nerves_of
from facetwise.decide.record_as_of import record_as_of
from facetwise.errors import InputError
from facetwise.guidance.safety import RED_FLAGS, SAFETY
from facetwise.language.citation import Cite
from facetwise.record.parse import part_of, record_of

_ALERT = "alert-"


class Against(Enum):
    """What kind of thing stands against starting."""

    RED_FLAG = "a red flag"
    HOLD = "a hold"
    NOT_ASKED = "not asked yet"
    CHECK = "the checklist"


@dataclass(frozen=True)
class Check:
    """One line of the checklist: the field, how it is asked, and what is wrong where the answer is not yes."""

    id: str
    ask: str
    wanting: str


CHECKS = (
    Check("consent", "Has consent been given, and written down?", "consent is not recorded"),
    Check(
        "identity_and_site",
        "Are the name, the date of birth, the joints and the side confirmed with the patient?",
        "name, joints and side are not confirmed with the patient",
    ),
    Check(
        "blood_thinners_asked",
        "Has somebody asked about blood thinners today?",
        "nobody asked about blood thinners today",
    ),
    Check("allergies_asked", "Has somebody asked about allergies today?", "nobody asked about allergies today"),
    Check("pregnancy_asked", "Has pregnancy been asked about, where it is possible?", "pregnancy was not asked about"),
    Check(
        "infection_asked", "Has somebody asked about fever and infection today?", "nobody asked about infection today"
    ),
    Check(
        "devices_asked",
        "Has somebody asked about pacemakers, defibrillators and stimulators today?",
        "nobody asked about implanted devices today",
    ),
    Check("escort", "Is there somebody to take the patient home?", "nobody is there to take the patient home"),
)


@dataclass(frozen=True)
class Obstacle:
    """One thing that stands against starting: the condition's or the check's id, in words, and where that is written."""

    id: str
    kind: Against
    says: str
    cite: Cite | None = None


class CannotStartError(InputError):
    """The procedure cannot start as things stand. obstacles: what stands against it."""

    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        numbered = " ".join(f"({number}) {item.says}" for number, item in enumerate(obstacles, 1))
        super().__init__(
            f"The procedure cannot start as things stand: {numbered} Resolve them, or have a clinician write why it goes on."
        )
        self.obstacles = tuple(obstacles)


def obstacles(document: Mapping[str, Any], checklist: Checklist, today: date) -> tuple[Obstacle, ...]:
    """Whatever stands against starting today, red flags first."""
    as_of = record_as_of(record_of(document, "the record"), today)
    cleared = set(checklist.cleared) if checklist.holds_cleared and checklist.by else set()
    flags, holds, unasked = _alerts(document), [], []
    for caution in (*RED_FLAGS, *SAFETY):
        answer = as_of.facts[f"conditions.{caution.id}"]
        if answer is None:
            unasked.append(Obstacle(caution.id, Against.NOT_ASKED, f"Not recorded: {caution.ask}", caution.cite))
        elif answer and caution in RED_FLAGS:
            flags.append(Obstacle(caution.id, Against.RED_FLAG, caution.says, caution.cite))
        elif answer and caution.id not in cleared:
            holds.append(Obstacle(caution.id, Against.HOLD, caution.says, caution.cite))
    wanting = [
        Obstacle(check.id, Against.CHECK, f"{check.wanting[0].upper()}{check.wanting[1:]}.")
        for check in CHECKS
        if getattr(checklist, check.id) is not True
    ]
    return (*flags, *holds, *wanting, *unasked)


def _alerts(document: Mapping[str, Any]) -> list[Obstacle]:
    """Warning signs that the patient ticked and nobody of the clinic has seen to."""
    return [
        Obstacle(
            f"{_ALERT}{alert.id}",
            Against.RED_FLAG,
            f"The patient ticked a warning sign on {written(alert.at.date())}, and nobody has seen to it: do that first.",
        )
        for alert in clinic_of(document).alerts
        if alert.seen_at is None
    ]


def holds(document: Mapping[str, Any], today: date) -> tuple[Obstacle, ...]:
    """The holds that the record has today, cleared or not: those that a clinician can clear by name."""
    return tuple(item for item in obstacles(document, Checklist(), today) if item.kind is Against.HOLD)


@dataclass(frozen=True)
class Begin:
    """What is given when a procedure is begun. why: the clinician's reason to go on despite what stands against it."""

    day: date
    joints: Sequence[str]
    sides: Sequence[str]
    technique: str | None = None
    operator: str | None = None
    guidance: str | None = None
    sedation: bool | None = None
    why: str = ""


@dataclass(frozen=True)
class Actor:
    """Who acts: the name that is kept, and whether this is a clinician."""

    name: str
    is_clinician: bool


def begin(
    document: Mapping[str, Any], plan: Begin, checklist: Mapping[str, bool | None], who: Actor, at: datetime
) -> dict[str, Any]:
    """The record with a procedure begun, one row for each nerve that serves the joints on each side.

    checklist: the answers by CHECKS' ids and `holds_cleared`; an answer that is None was not given. at: now, in the
    clinic's zone. A procedure that was prepared is the one that begins. Errors: CannotStartError, InputError.
    """
    if plan.day > at.date():
        raise InputError("A procedure begins on its day or is written up after it. The day given is still to come.")
    filled = _filled(document, checklist, who, at)
    against = obstacles(document, filled, at.date())
    why = plan.why.strip()
    if against and not why:
        raise CannotStartError(against)
    if against and not who.is_clinician:
        raise InputError("Only a clinician can go on despite what stands against it. Ask one to sign in and write why.")
    went_on = {"why": why, "by": who.name, "at": at, "despite": [item.id for item in against]} if against else None
    procedure = part_of(
        Procedure,
        {
            "planned": plan.day,
            "started": at,
            "went_on": went_on,
            "checklist": filled,
            "technique": plan.technique,
            "operator": plan.operator or None,
            "guidance": plan.guidance,
            "sedation": plan.sedation,
            "nerves": rows(plan.joints, plan.sides),
        },
        "the procedure",
    )
    return with_procedure(document, begun_at(document), procedure)


def despite_in_words(went_on: WentOn | None) -> str:
    """What a clinician's reason outweighed, in the words of the questions: 'not confirmed: consent; identity and site'."""
    ids = went_on.despite if went_on else ()
    lines = [check.id for check in CHECKS if check.id in ids]
    questions_by_id = {caution.id: caution.ask for caution in (*RED_FLAGS, *SAFETY)}
    parts = [f"not confirmed: {'; '.join(line.replace('_', ' ') for line in lines)}"] if lines else []
    if questions := [questions_by_id[one] for one in ids if one in questions_by_id]:
        parts.append(f"answered with yes or not asked: {' '.join(questions)}")
    if any(one.startswith(_ALERT) for one in ids):
        parts.append("a warning sign that the patient ticked and nobody had seen to")
    parts += [one for one in ids if one not in questions_by_id and one not in lines and not one.startswith(_ALERT)]
    return "; ".join(parts)


def cleared_in_words(checklist: Checklist) -> str:
    """The holds that a clinician cleared, each as the record says it, without what is to be done about it."""
    says = {caution.id: caution.says.partition(":")[0] for caution in SAFETY}
    return "; ".join(says.get(one, one) for one in checklist.cleared)


def begun_at(document: Mapping[str, Any]) -> int:
    """Where the next procedure to begin stands: the first that is only prepared, else after all the others."""
    procedures = clinic_of(document).procedures
    return next((place for place, held in enumerate(procedures) if is_prepared(held)), len(procedures))


def is_prepared(procedure: Procedure) -> bool:
    """Whether a procedure was only prepared: neither begun here nor on record as done, now or before."""
    over = procedure.withdrawn or procedure.stopped
    return procedure.started is None and procedure.denervation is None and not over


def unrecorded(clinic: Clinic, today: date) -> int | None:
    """The place of the first procedure that was begun by today and of which no lesion is written down.

    None where there is none: one that was stopped or withdrawn awaits nothing.
    """
    begun = (
        (held.planned or held.started.date(), place)
        for place, held in enumerate(clinic.procedures)
        if held.started and not (held.withdrawn or held.stopped or has_lesions(held))
    )
    return min((one for one in begun if one[0] <= today), default=(None, None))[1]


def take_back(document: Mapping[str, Any], number: int) -> dict[str, Any]:
    """The record without a procedure that was begun by mistake. Errors: InputError once a lesion is written down."""
    _refuse_lesions(procedure_at(document, number), "taken back as begun by mistake")
    return with_procedure(document, number, None)


def stop(document: Mapping[str, Any], number: int, why: str) -> dict[str, Any]:
    """The record with a procedure that ended without a lesion, and why. Errors: InputError."""
    held = procedure_at(document, number)
    if is_prepared(held):
        raise InputError("This procedure was prepared but not begun. Take it back, or go through its checklist first.")
    _refuse_lesions(held, "stopped without a lesion")
    if not why.strip():
        raise InputError("Write why it was stopped, so that the next person need not ask.")
    return _with(document, number, stopped=True, why_stopped=why.strip())


def not_stopped(document: Mapping[str, Any], number: int) -> dict[str, Any]:
    """The record with that mark taken back. Errors: InputError."""
    return _with(document, number, stopped=None, why_stopped=None)


def _with(document: Mapping[str, Any], number: int, **changes: Any) -> dict[str, Any]:
    changed = part_of(Procedure, {**vars(procedure_at(document, number)), **changes}, "it")
    return with_procedure(document, number, changed)


def with_procedure(document: Mapping[str, Any], number: int, procedure: Procedure | None) -> dict[str, Any]:
    """The record with a procedure at a place of the clinic's list; without the one that is there for None."""
    clinic = clinic_of(document)
    one = () if procedure is None else (procedure,)
    procedures = (*clinic.procedures[:number], *one, *clinic.procedures[number + 1 :])
    return with_clinic(document, clinic.model_copy(update={"procedures": procedures}))


def has_lesions(procedure: Procedure) -> bool:
    """Whether a lesion is written down, or a denervation is on record from it."""
    return procedure.denervation is not None or any(nerve.lesion for nerve in procedure.nerves)


def _refuse_lesions(procedure: Procedure, what: str) -> None:
    if has_lesions(procedure):
        raise InputError(f"A lesion is written down, so this procedure cannot be {what}. Check the lesions first.")


def _filled(document: Mapping[str, Any], answers: Mapping[str, bool | None], who: Actor, at: datetime) -> Checklist:
    cleared = answers.get("holds_cleared")
    if cleared and not who.is_clinician:
        raise InputError("Holds are cleared by a clinician, by name. Ask one to sign in and clear them.")
    ids = [item.id for item in holds(document, at.date())] if cleared else []
    return part_of(Checklist, {**answers, "cleared": ids, "by": who.name, "at": at}, "the checklist")


def rows(joints: Sequence[str], sides: Sequence[str]) -> tuple[Nerve, ...]:
    """One row for each nerve on each side, none of them treated yet. Errors: InputError where none or no side is named."""
    if not joints:
        raise InputError("No joint is named. Choose at least one, such as L4/5.")
    if not sides:
        raise InputError("No side is named. Choose left, right or both.")
    return tuple(
        part_of(
            Nerve,
            {"nerve": nerve, "side": side, "joints": [joint for joint in joints_of(nerve) if joint in joints]},
            "the nerve",
        )
        for side in dict.fromkeys(sides)
        for nerve in nerves_of(joints)
    )


def procedure_at(document: Mapping[str, Any], number: int) -> Procedure:
    """The procedure at a place of the clinic's list. Errors: InputError where there is none."""
    procedures = clinic_of(document).procedures
    if not 0 <= number < len(procedures):
        raise InputError("There is no such procedure on this record. Go back to the patient and choose one.")
    return procedures[number]
