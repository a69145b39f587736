"""The denervation itself: what was done to each nerve, what is out of the ordinary, and the record's entry from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from facetwise.clinic.follow_up.alerts import AT_THE_PROCEDURE, raise_alert
from facetwise.clinic.follow_up.follow_up import on_new_day
from facetwise.clinic.model.clinic_record import Nerve, Procedure, clinic_of
from facetwise.clinic.model.list_references import places_of, put_in
from facetwise.clinic.model.nerves import Denervated, Extent, Treated, denervated, joints_of, region_of, supply
from facetwise.clinic.procedure.checklist import is_prepared, procedure_at
from facetwise.errors import InputError
from facetwise.guidance.safety import SAFETY_NOTES
from facetwise.language.citation import Cite
from facetwise.library import POLICIES
from facetwise.record.parse import part_of

ALLERGIC, WEAKNESS = "allergic reaction", "new weakness or numbness"
EVENTS = ("none seen", "faint", "bleeding", ALLERGIC, "pain that stopped it", WEAKNESS)
LOW_C, HIGH_C = 80, 90
LOW_S, HIGH_S = 60, 90
TECHNIQUE_FACTS = Cite(SAFETY_NOTES, "technique facts: 80 to 90 C for 60 to 90 seconds")


@dataclass(frozen=True)
class Caveat:
    """Something out of the ordinary, to be looked at once more. It refuses nothing. where: the nerve and side, or ''."""

    where: str
    says: str
    cite: Cite | None = None


def caveats(procedure: Procedure) -> tuple[Caveat, ...]:
    """What is out of the ordinary in a procedure as it is written down."""
    found_caveats = list(_of_technique(procedure))
    unsaid = [f"{nerve.nerve}, {nerve.side}" for nerve in procedure.nerves if nerve.lesion is None]
    if unsaid:
        found_caveats.append(Caveat("; ".join(unsaid), "Whether a lesion was made is not recorded."))
    for nerve in procedure.nerves:
        found_caveats += _of_nerve(nerve, procedure.technique)
    found, wanted, counting = extents(procedure), asked_for(procedure), counts(procedure)
    for item in found:
        if item.extent is Extent.PARTLY and (item.joint, item.side) in counting:
            missing = " and ".join(item.not_treated)
            found_caveats.append(
                Caveat(f"{item.joint}, {item.side}", f"Partly denervated: {missing} was not treated on that side.")
            )
    reached = {(item.joint, item.side) for item in found}
    for joint, side in wanted:
        if (joint, side) not in reached:
            found_caveats.append(Caveat(f"{joint}, {side}", "Asked for, and none of its nerves was treated."))
    return tuple(found_caveats)


def asked_for(procedure: Procedure) -> tuple[tuple[str, str], ...]:
    """The joints and sides that the rows were made for, in the order of the rows; none where nobody named any."""
    return tuple(dict.fromkeys((joint, nerve.side) for nerve in procedure.nerves for joint in nerve.joints or ()))


def counts(procedure: Procedure) -> frozenset[tuple[str, str]]:
    """The joints and sides whose omitted parts are reported: joints share nerves, and most were never meant.

    Where rows name joints, those alone; a nerve added by hand is held against the same joints on its own side. Where no
    row names any, a joint counts that a nerve was treated for and that no whole joint explains, or all of whose nerves
    were worked on.
    """
    named = {joint for nerve in procedure.nerves for joint in nerve.joints or ()}
    if named:
        by_hand = (
            (joint, nerve.side)
            for nerve in procedure.nerves
            if not nerve.joints and nerve.lesion is not False
            for joint in joints_of(nerve.nerve)
            if joint in named
        )
        return frozenset((*asked_for(procedure), *by_hand))
    found = extents(procedure)
    whole = {(nerve, item.side) for item in found if item.extent is Extent.WHOLE for nerve in item.treated}
    rows = {(nerve.nerve, nerve.side) for nerve in procedure.nerves}
    return frozenset(
        (item.joint, item.side)
        for item in found
        if any((nerve, item.side) not in whole for nerve in (*item.treated, *item.not_recorded))
        or all((nerve, item.side) in rows for nerve in supply(item.joint).nerves)
    )


def extents(procedure: Procedure) -> tuple[Denervated, ...]:
    """How far each joint is denervated on each side, by the nerves written down."""
    return denervated(Treated(nerve.nerve, nerve.side, nerve.lesion) for nerve in procedure.nerves)


def _of_technique(procedure: Procedure) -> Sequence[Caveat]:
    match procedure.technique:
        case "pulsed":
            takers = ", ".join(policy.id for policy in POLICIES.values() if "thermal" in _ids(policy.criteria))
            return [Caveat("", f"Pulsed radiofrequency: these policies take only a thermal technique: {takers}.")]
        case "cooled":
            says = (
                "Cooled radiofrequency: the usual range of temperature and time is that of the conventional technique."
            )
            return [Caveat("", says, TECHNIQUE_FACTS)]
        case None:
            return [Caveat("", "The technique is not recorded, so no code can be suggested for it.")]
        case _:
            return []


def _ids(criteria: Sequence[Any]) -> set[str]:
    return {criterion.id for criterion in criteria}


def _of_nerve(nerve: Nerve, technique: str | None) -> list[Caveat]:
    where = f"{nerve.nerve}, {nerve.side}"
    if not nerve.lesion:
        return []
    found = []
    if technique == "thermal":
        found += _outside(where, "temperature", nerve.temperature_c, LOW_C, HIGH_C, "C")
        found += _outside(where, "time", nerve.seconds, LOW_S, HIGH_S, "seconds")
    if nerve.motor_leg_or_arm:
        found.append(Caveat(where, "The leg or arm moved at the motor test, and a lesion is recorded here."))
    return found


def _outside(where: str, what: str, value: Decimal | None, low: int, high: int, unit: str) -> list[Caveat]:
    if value is None:
        return [Caveat(where, f"The {what} of the lesion is not recorded.")]
    if low <= value <= high:
        return []
    return [
        Caveat(where, f"The {what} is {plainly(value)} {unit}, outside the usual {low} to {high}.", TECHNIQUE_FACTS)
    ]


def plainly(value: Decimal) -> str:
    """A number without needless noughts."""
    return f"{value.normalize():f}"


def write_down(document: Mapping[str, Any], number: int, changes: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The record with a procedure as it was done, and its `denervations` in step with it.

    changes: fields of the procedure that replace what was there (nerves, events, technique, planned, ...). Its entry in
    `denervations` names the joints of which all nerves were treated, and keeps the relief that was read already. The
    usual looks move with its day. now: in the clinic's zone. Errors: InputError.
    """
    recorded = procedure_at(document, number)
    if is_prepared(recorded):
        raise InputError("This procedure was prepared but not begun. Go through its checklist first.")
    done = part_of(Procedure, {**vars(recorded), **changes}, "the procedure")
    day = done.planned
    if day is None or day > now.date():
        raise InputError("A procedure has the day on which it was done, and that is not in the future. Check the day.")
    entries = [_without_none(entry) for entry in _entries(done)]
    if entries and done.stopped:
        raise InputError(
            "This procedure is marked as stopped without a lesion. Take that mark back first, or check the lesions."
        )
    if entries:
        done = done.model_copy(update={"withdrawn": None})
    there = [place for place in places_of(recorded) if place < len(document.get("denervations") or ())]
    moved = on_new_day(document, there[0], day) if there else document
    clinic = clinic_of(moved)
    replaced = tuple(done if place == number else one for place, one in enumerate(clinic.procedures))
    changed = put_in(moved, clinic.model_copy(update={"procedures": replaced}), number, entries)
    return _with_consequences(changed, set(done.events) - set(recorded.events), now)


def _with_consequences(document: dict[str, Any], new_events: set[str], now: datetime) -> dict[str, Any]:
    """The record with what follows from events that were not written down before.

    New weakness is an alert like one that the patient ticks, first on the list until somebody has seen to it.
    """
    if WEAKNESS in new_events:
        document = raise_alert(document, ("getting-weaker",), AT_THE_PROCEDURE, f"procedure-{now:%Y%m%d%H%M%S}", now)
    if ALLERGIC in new_events:
        document = {**document, "conditions": {**(document.get("conditions") or {}), "allergy": True}}
    return document


def _entries(done: Procedure) -> list[dict[str, Any]]:
    """The entries of `denervations` that say what was done: one, unless the sides or the regions differ.

    An entry says that each of its levels was treated on each of its sides, so unlike sides make two entries of one day,
    which are one session under every policy. Where no joint is whole, the levels are left unknown.
    """
    joints: dict[tuple[str, str], list[str]] = {}
    for item in extents(done):
        if item.extent is Extent.WHOLE:
            joints.setdefault((region_of(item.joint), item.side), []).append(item.joint)
    for nerve in done.nerves:
        if nerve.lesion:
            joints.setdefault((_region_of_nerve(nerve, joints), nerve.side), [])
    alike: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (region, side), levels in joints.items():
        alike.setdefault((region, tuple(levels)), []).append(side)
    return [
        {
            "date": done.planned.isoformat() if done.planned else None,
            "region": region,
            "levels": list(levels) or None,
            "sides": sorted(sides),
            "technique": done.technique,
        }
        for (region, levels), sides in sorted(alike.items())
    ]


def _region_of_nerve(nerve: Nerve, joints: Mapping[tuple[str, str], Sequence[str]]) -> str:
    """A region it serves that has a whole joint on its side, else that of the nerve's own name."""
    regions = [region_of(joint) for joint in joints_of(nerve.nerve)]
    named = region_of(nerve.nerve) if nerve.nerve[0] in "CTL" else regions[0]
    return next((region for region in regions if (region, nerve.side) in joints), named)


def _without_none(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if value is not None}
