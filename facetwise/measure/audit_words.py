"""What an audit takes for granted, and what is to be known of its data, in words."""

from __future__ import annotations

from collections.abc import Sequence

from facetwise.language.definition import Definition
from facetwise.measure.linked import Course, Cover

_OUTSIDE = (
    "Blocks and denervations done in outpatients, or paid for privately outside the NHS, are not in admitted care. "
    "Pain scores, relief and conservative care are in no hospital activity: criteria on them are unknown."
)
_UNIT = "A code does not tell a diagnostic block from an injection that was meant to treat: both are blocks here, of unknown kind."


def assumptions(of: Definition, cover: Cover, courses: Sequence[Course]) -> tuple[str, ...]:
    """What the answer rests on and the data do not show."""
    placeless = sum(done.region is None for course in courses for done in course.denervations)
    whole = " and ".join(sorted(cover.complete))
    return (
        f"Denervations are the spells that {of.id} counts; each is judged on the day of admission.",
        f"The data hold all {whole} within the covered dates." if whole else "The data hold no kind of event whole.",
        *(
            f"Other kinds of events ({kind}) may have been done without a trace in the data."
            for kind in ("blocks", "denervations")
            if kind not in cover.complete
        ),
        *(
            [f"The codes of {placeless:,} denervations name no region: held against others, they are taken as lumbar."]
            if placeless
            else []
        ),
    )


def notes(of: Definition, courses: Sequence[Course], cover: Cover, perhaps: int) -> tuple[str, ...]:
    """What is to be known of the data: what may be missing, and what looks wrong."""
    told = [_OUTSIDE, _UNIT]
    if perhaps:
        told.append(
            f"{perhaps:,} spells may be denervations and are not judged: {of.id} cannot tell for want of a value."
        )
    outside = sum(not cover.first <= one.day <= cover.last for course in courses for one in course.denervations)
    if outside:
        told.append(
            f"{outside:,} denervations lie outside the covered dates: they are judged, but the time to the next one is "
            "told of those inside only."
        )
    twice = sum(_is_in_two_places(course) for course in courses)
    if twice:
        told.append(
            f"{twice:,} patients were admitted by two providers on one day: their key may stand for more than one person."
        )
    return tuple(told)


def _is_in_two_places(course: Course) -> bool:
    places: dict[object, set[str]] = {}
    for one in (*course.denervations, *course.blocks, *course.fusions):
        if one.provider:
            places.setdefault(one.day, set()).add(one.provider)
    return any(len(providers) > 1 for providers in places.values())
