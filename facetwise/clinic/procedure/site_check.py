"""Whether a procedure is where and when the request and the blocks would have it: a wrong side, level or day is said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import sha256

from facetwise.clinic.model.clinic_record import Procedure
from facetwise.clinic.model.dates_text import written
from facetwise.clinic.model.history import place_in_words
from facetwise.clinic.model.nerves import Extent, region_of
from facetwise.clinic.procedure.lesions import Caveat, asked_for, extents
from facetwise.record.record import Block, Record

Site = tuple[str, str]
"""A joint on a side."""


def elsewhere(record: Record, procedure: Procedure) -> tuple[Caveat, ...]:
    """What a procedure as it is written down has at another side or joint than the request, or than every block."""
    sites = _sites(procedure)
    sides = dict.fromkeys((*(side for _, side in sites), *(row.side for row in procedure.nerves if row.lesion)))
    return _differences(record, sites, tuple(sides), _known_on(procedure))


def too_early(record: Record, procedure: Procedure) -> tuple[Caveat, ...]:
    """Whether its day lies before the request, or before every block of the place: a month typed wrongly, perhaps.

    Only what was on record when it was begun counts; a request or a block that came later says nothing of it.
    """
    day, known = procedure.planned, _known_on(procedure)
    if day is None or known is None or procedure.started is None:
        return ()
    found = []
    request = record.request.date
    if request and day < request <= known:
        found.append(
            Caveat("", f"The day of the procedure is before the request of {written(request)}. Check the day.")
        )
    sites = _sites(procedure)
    there = [block for block in record.blocks if not sites or any(_could_be(block, *site) for site in sites)]
    first = min((block.date or date.min for block in there if not block.date or block.date <= known), default=None)
    if first and day < first:
        says = f"The day of the procedure is before every block of its place, the first on {written(first)}."
        found.append(Caveat("", f"{says} Check the day."))
    return tuple(found)


def _sites(procedure: Procedure) -> tuple[Site, ...]:
    treated = ((item.joint, item.side) for item in extents(procedure) if item.extent is Extent.WHOLE)
    return tuple(dict.fromkeys((*asked_for(procedure), *treated)))


def _known_on(procedure: Procedure) -> date | None:
    """The day whose record the procedure is compared with: a day typed too early must not hide the request."""
    if procedure.started is None or procedure.planned is None:
        return procedure.planned
    return max(procedure.planned, procedure.started.date())


def would_be_elsewhere(
    record: Record, joints: Iterable[str], sides: Iterable[str], day: date | None
) -> tuple[Caveat, ...]:
    """The same of a procedure that is about to begin."""
    chosen = tuple(sides)
    return _differences(record, tuple((joint, side) for joint in joints for side in chosen), chosen, day)


def meant(joints: Iterable[str], sides: Iterable[str], differences_found: Iterable[Caveat]) -> str:
    """What a person confirms who says that these joints and sides are meant, as a digest; '' where nothing differs.

    Another joint, side or difference makes another digest, so that a word given for one place is none for another.
    """
    differences = [f"{item.where}: {item.says}" for item in differences_found]
    if not differences:
        return ""
    return sha256("\n".join((*sorted(joints), *sorted(sides), *differences)).encode()).hexdigest()[:20]


def _differences(record: Record, sites: Sequence[Site], sides: Sequence[str], day: date | None) -> tuple[Caveat, ...]:
    return (*_from_request(record, sites, sides, day), *_from_blocks(record, sites, day))


def _from_request(record: Record, sites: Sequence[Site], sides: Sequence[str], day: date | None) -> Iterable[Caveat]:
    """What the request does not name. One that was made after the procedure says nothing of it."""
    request = record.request
    if day and request.date and request.date > day:
        return
    wanted = request.sides or ()
    for side in sides:
        if wanted and side not in wanted:
            yield Caveat(f"{side} side", f"The request is for the {' and the '.join(wanted)}.")
    for joint in dict.fromkeys(joint for joint, _ in sites):
        if request.levels and joint not in request.levels:
            yield Caveat(joint, f"The request is for {', '.join(request.levels)}.")
        elif not request.levels and request.region and region_of(joint) != request.region:
            yield Caveat(joint, f"The request is for the {request.region} region.")


def _from_blocks(record: Record, sites: Sequence[Site], day: date | None) -> Iterable[Caveat]:
    """Where no block was. A block without its side or level could have been anywhere."""
    before = [block for block in record.blocks if not (day and block.date and block.date > day)]
    for joint, side in sites:
        if before and not any(_could_be(block, joint, side) for block in before):
            recorded = "; ".join(dict.fromkeys(place_in_words(block) for block in before))
            yield Caveat(f"{joint}, {side}", f"No block on record was there. On record: {recorded}.")


def _could_be(block: Block, joint: str, side: str) -> bool:
    return (not block.levels or joint in block.levels) and (not block.sides or side in block.sides)
