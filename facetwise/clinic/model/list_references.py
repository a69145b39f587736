"""Where the clinic's part points into the record's lists: its places, moved along with what comes and goes.

A sheet names its block, a procedure and a planned look name their denervation, each by its place in the list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from facetwise.clinic.model.clinic_record import Clinic, FollowUp, Procedure, clinic_of, with_clinic
from facetwise.errors import InputError

_PLURALS = {"reading of relief": "readings of relief", "planned review": "planned reviews"}


def places_of(procedure: Procedure) -> tuple[int, ...]:
    """The places in `denervations` that a procedure points at, the first of them first."""
    return () if procedure.denervation is None else (procedure.denervation, *procedure.also)


def procedure_of(clinic: Clinic, denervation: int) -> int | None:
    """The position of the procedure that has the details of a denervation; None for none."""
    return next((at for at, held in enumerate(clinic.procedures) if denervation in places_of(held)), None)


def session_of(document: Mapping[str, Any], denervation: int) -> tuple[int, ...]:
    """The places in `denervations` that are one session with this one, itself among them."""
    there = len(document.get("denervations") or ())
    for procedure in clinic_of(document).procedures:
        places = tuple(place for place in places_of(procedure) if place < there)
        if denervation in places:
            return places
    return (denervation,)


def refuse_lost(document: Mapping[str, Any]) -> None:
    """Refuse a record whose clinic part points at what its lists do not hold. Errors: InputError."""
    pointed = list(_pointed(clinic_of(document)))
    for path, name, place in pointed:
        entries = document.get(name)
        if place >= (len(entries) if isinstance(entries, list) else 0):
            raise InputError(
                f"clinic.{path} points at {name}[{place}], and the record has none there. "
                f"Correct the number, which counts from 0, or add what is missing to {name}."
            )
    claimed = [place for path, _, place in pointed if path.startswith("procedures")]
    if len(set(claimed)) < len(claimed):
        raise InputError(
            "Two of clinic.procedures point at the same denervation. Give each its own place in denervations."
        )


def _pointed(clinic: Clinic) -> Iterator[tuple[str, str, int]]:
    """Each place that is pointed at: the path that does, the list and the place in it."""
    for number, sheet in enumerate(clinic.sheets):
        yield f"sheets[{number}].block", "blocks", sheet.block
    for number, procedure in enumerate(clinic.procedures):
        for place in places_of(procedure):
            yield f"procedures[{number}].denervation", "denervations", place
    for number, look in enumerate(clinic.follow_ups):
        yield f"follow_ups[{number}].denervation", "denervations", look.denervation


def put_in(
    document: Mapping[str, Any], clinic: Clinic, number: int, entries: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The record with the entries of one procedure in place of those it had, and every place moved along.

    A place that the list does not hold any more is let go. Relief that was read already stays with the new entries.
    Errors: InputError where there is relief and no entry to keep it.
    """
    old = list(document.get("denervations") or [])
    mine = tuple(place for place in places_of(clinic.procedures[number]) if place < len(old))
    relief = next((old[place]["relief"] for place in mine if old[place].get("relief")), None)
    if relief and not entries:
        raise InputError(
            "Relief was read after this denervation, so it cannot become one at which no lesion was made. "
            "Take those readings back first, or check the lesions."
        )
    start = sum(place not in mine for place in range(mine[0])) if mine else len(old)
    others = [place for place in range(len(old)) if place not in mine]
    moved = {place: at if at < start else at + len(entries) for at, place in enumerate(others)}
    rest = [old[place] for place in others]
    own = [{**entry, "relief": relief} if relief else dict(entry) for entry in entries]
    whole = {**document, "denervations": [*rest[:start], *own, *rest[start:]]}
    if not whole["denervations"] and "denervations" not in document:
        del whole["denervations"]
    places = tuple(range(start, start + len(entries)))
    procedures = tuple(
        procedure.model_copy(update={"denervation": places[0] if places else None, "also": places[1:]})
        if at == number
        else _moved(procedure, moved)
        for at, procedure in enumerate(clinic.procedures)
    )
    looks = _looks(clinic.follow_ups, mine, places, moved)
    return with_clinic(whole, clinic.model_copy(update={"procedures": procedures, "follow_ups": looks}))


def without_denervation(document: Mapping[str, Any], place: int) -> dict[str, Any]:
    """The record without one denervation, its readings and the looks planned at it.

    What was written down of the procedure stays, marked as withdrawn where it has no other denervation.
    """
    old = list(document.get("denervations") or [])
    rest = tuple(one for one in session_of(document, place) if one != place)
    moved = {one: one - (one > place) for one in range(len(old)) if one != place}
    clinic = clinic_of(document)
    changed = clinic.model_copy(
        update={
            "procedures": tuple(_moved(procedure, moved) for procedure in clinic.procedures),
            "follow_ups": _looks(clinic.follow_ups, (place,), tuple(moved[one] for one in rest), moved),
        }
    )
    return with_clinic({**document, "denervations": [*old[:place], *old[place + 1 :]]}, changed)


def _moved(procedure: Procedure, moved: Mapping[int, int]) -> Procedure:
    places = places_of(procedure)
    left = tuple(moved[place] for place in places if place in moved)
    update: dict[str, Any] = {"denervation": left[0] if left else None, "also": left[1:]}
    if places and not left:
        update["withdrawn"] = True
    return procedure.model_copy(update=update)


def _looks(
    looks: Sequence[FollowUp], gone: Sequence[int], instead: Sequence[int], moved: Mapping[int, int]
) -> tuple[FollowUp, ...]:
    """The looks with their places moved; those of the places that are gone go to what stands instead, or go too."""
    kept_looks = []
    for look in looks:
        if look.denervation not in gone:
            kept_looks.append(look.model_copy(update={"denervation": moved.get(look.denervation, look.denervation)}))
        elif instead:
            kept_looks.append(look.model_copy(update={"denervation": instead[0]}))
    return tuple(kept_looks)


def goes_with(document: Mapping[str, Any], name: str, place: int) -> str:
    """What goes, and what stays, when one event is taken off the record; '' where it is the event alone."""
    clinic = clinic_of(document)
    if name == "blocks":
        sheets = any(sheet.block == place and sheet.readings for sheet in clinic.sheets)
        return "Its score sheet goes with it." if sheets else ""
    if name != "denervations":
        return ""
    going: dict[str, int] = {}
    if session_of(document, place) == (place,):
        readings = len(document["denervations"][place].get("relief") or ())
        reviews = sum(look.denervation == place for look in clinic.follow_ups)
        going = {"reading of relief": readings, "planned review": reviews}
    parts = [f"{n} {what if n == 1 else _PLURALS[what]}" for what, n in going.items() if n]
    went = f"With it {'goes' if sum(going.values()) == 1 else 'go'} {' and '.join(parts)}." if parts else ""
    number = procedure_of(clinic, place)
    stays = f"What was written down of procedure {number + 1} stays." if number is not None else ""
    return " ".join(filter(None, (went, stays)))
